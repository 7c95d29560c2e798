"""The registry of subtitle formats: which suffix is read and written by what.

A new format is one module with ``compose`` and, where it can be read, ``parse``,
and one line in ``FORMATS``. Formats turn text into cues and back; they touch no files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from subtools.core import Cue
from subtools.errors import DocumentError
from subtools.formats import ass, srt, text, vtt
from subtools.formats.speakers import SpeakerStyle

__all__ = ["FORMATS", "Compose", "Format", "SpeakerStyle", "format_for"]


class Compose(Protocol):
    """Turns cues into text."""

    def __call__(self, cues: Sequence[Cue], /, *, style: SpeakerStyle | None = None) -> str:
        """Return ``cues`` as text; without a ``style`` speakers are named as is usual there.

        Raises:
            DocumentError: If the format cannot hold them.
        """


@dataclass(frozen=True, slots=True)
class Format:
    """How cues are written as text, and read back.

    Attributes:
        name: Short name.
        suffixes: Suffixes of its files, lower case with the dot; the usual one first.
        parse: Text to cues; None where the format holds too little to be read.
        compose: Cues to text; None where the format is only read.
    """

    name: str
    suffixes: tuple[str, ...]
    parse: Callable[[str], tuple[Cue, ...]] | None = None
    compose: Compose | None = None


FORMATS: tuple[Format, ...] = (
    Format("srt", (".srt",), parse=srt.parse, compose=srt.compose),
    Format("vtt", (".vtt",), parse=vtt.parse, compose=vtt.compose),
    Format("ass", (".ass",), parse=ass.parse, compose=ass.compose),
    Format("text", (".txt",), compose=text.compose),
)


def format_for(path_or_suffix: str) -> Format:
    """Return the format of a file name or a suffix, upper or lower case.

    >>> format_for("talk.zh.SRT").name, format_for(".vtt").name, format_for("txt").name
    ('srt', 'vtt', 'text')

    Raises:
        DocumentError: If no format has that suffix.
    """
    suffix = "." + path_or_suffix.lower().rpartition(".")[2]
    for known in FORMATS:
        if suffix in known.suffixes:
            return known
    suffixes = ", ".join(suffix for known in FORMATS for suffix in known.suffixes)
    raise DocumentError(
        "no subtitle format has this suffix", hint=f"known: {suffixes}", path=path_or_suffix
    )
