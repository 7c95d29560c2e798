"""What a format is: how cues become text and back, and what it can hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from subtools.core import Cue, Subtitles
from subtools.formats.speakers import SpeakerStyle


class Feature(StrEnum):
    """What subtitles may have and a format may be unable to hold, in words for a list of losses."""

    TIMES = "times"
    LINES = "line breaks"
    SPEAKER = "speakers"  # in a place of their own: whoever reads it back knows them from text
    VOICES = "several speakers in one cue"
    MARKUP = "italics and other tags"
    SETTINGS = "places on the screen"
    IDENTIFIER = "names of cues"
    WORDS = "times of words"  # where they are asked for
    CONFIDENCE = "confidence and its reason"
    BLOCKS = "comments, styles and headers"
    OVERLAPS = "cues shown at the same time"


class Compose(Protocol):
    """Turns subtitles into text."""

    def __call__(
        self,
        subtitles: Subtitles,
        /,
        *,
        style: SpeakerStyle | None = None,
        word_times: bool = False,
    ) -> str:
        """Return ``subtitles`` as text.

        Args:
            subtitles: What to write.
            style: How speakers are named; None: as is usual in the format.
            word_times: Whether the times of words are written, where the format has a
                place for them and they are known.

        Raises:
            DocumentError: If the format cannot hold them.
        """


@dataclass(frozen=True, slots=True)
class Format:
    """How subtitles are written as text, and read back.

    Attributes:
        name: Short name.
        suffixes: Suffixes of its files, lower case with the dot; the usual one first.
        title: What people call it.
        parse: Text to subtitles, mended where that is safe, with remarks on it; raises
            ``DocumentError`` for what it is not. None where it holds too little to be read.
        compose: Subtitles to text; None where the format is only read.
        recognise: Whether a text of unknown format is in this one.
        holds: What it can hold.
        list_unwritten: What of a cue it cannot hold although it holds the like, in words.
    """

    name: str
    suffixes: tuple[str, ...]
    title: str
    parse: Callable[[str], Subtitles] | None = None
    compose: Compose | None = None
    recognise: Callable[[str], bool] = lambda _text: False
    holds: frozenset[Feature] = frozenset()
    list_unwritten: Callable[[Cue], Iterable[str]] = lambda _cue: ()
