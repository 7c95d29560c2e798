"""What subtitles do against the rules of a style."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from subtools.core.spans import Seconds


class Rule(StrEnum):
    """What a style asks of subtitles; the value is its name in reports."""

    ORDER = "order"  # cues stand in the order in which they begin
    OVERLAP = "overlap"
    GAP = "gap"  # none too short, none that flickers
    MIN_DURATION = "min-duration"
    MAX_DURATION = "max-duration"
    READING_SPEED = "reading-speed"
    WORDS_PER_MINUTE = "words-per-minute"
    LINE_LENGTH = "line-length"
    LINE_COUNT = "line-count"
    EMPTY = "empty"
    PUNCTUATION = "punctuation"
    FRAMES = "frames"  # times lie on the frames of the style
    DASHES = "dashes"  # where two speak in a cue, each has one


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a cue breaks.

    Attributes:
        cue: Which one, from 1 in the order of the file.
        start: When it begins, in seconds.
        rule: The rule.
        measured: What was found, in ``unit``; None where it cannot be said in a number.
        limit: What is allowed, in ``unit``; None where that is no number.
        unit: What both are counted in; empty where there is nothing to count.
        message: All of it in words.
        text: The text of the cue, on one line.
    """

    cue: int
    start: Seconds
    rule: Rule
    measured: float | None
    limit: float | None
    unit: str
    message: str
    text: str
