"""Subtitles for long talks: a transcript and its sound become timed, checked subtitles.

>>> import subtools
>>> words = subtools.split_words("大模型")
>>> [word for word in words]
['大', '模', '型']
"""

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
from subtools.cues import segment_cues
from subtools.download import Fetched, FetchOptions
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
