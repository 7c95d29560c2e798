"""Subtitles for long talks: a transcript and its sound become timed, checked subtitles.

>>> import subtools
>>> words = subtools.split_words("大模型")
>>> [word for word in words]
['大', '模', '型']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from subtools.core import (
    Alignment,
    Cue,
    CueRules,
    Finding,
    FindingKind,
    Paragraph,
    Source,
    Span,
    Transcript,
    Word,
)
from subtools.errors import (
    AlignmentError,
    DocumentError,
    FetchError,
    MediaError,
    MismatchError,
    ModelError,
    OutputError,
    SubtoolsError,
)
from subtools.lexicon import split_words

if TYPE_CHECKING:  # what takes a while to import is so when it is asked for
    from subtools.cues import segment_cues
    from subtools.download import Fetched, FetchOptions
    from subtools.pipeline import Captions, Settings, caption
    from subtools.reading import load_cues, load_document
    from subtools.talks import Talk, TextChoice, caption_talk, fetch_files, fetch_talk

__all__ = [
    "Alignment",
    "AlignmentError",
    "Captions",
    "Cue",
    "CueRules",
    "DocumentError",
    "FetchError",
    "FetchOptions",
    "Fetched",
    "Finding",
    "FindingKind",
    "MediaError",
    "MismatchError",
    "ModelError",
    "OutputError",
    "Paragraph",
    "Settings",
    "Source",
    "Span",
    "SubtoolsError",
    "Talk",
    "TextChoice",
    "Transcript",
    "Word",
    "caption",
    "caption_talk",
    "fetch_files",
    "fetch_talk",
    "load_cues",
    "load_document",
    "segment_cues",
    "split_words",
]

_HOMES = {
    "Captions": "pipeline",
    "FetchOptions": "download",
    "Fetched": "download",
    "Settings": "pipeline",
    "Talk": "talks",
    "TextChoice": "talks",
    "caption": "pipeline",
    "caption_talk": "talks",
    "fetch_files": "talks",
    "fetch_talk": "talks",
    "load_cues": "reading",
    "load_document": "reading",
    "segment_cues": "cues",
}


if not TYPE_CHECKING:  # a type checker knows the names from above, and no other

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
