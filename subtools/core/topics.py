"""What a talk is about, in order."""

from __future__ import annotations

from dataclasses import dataclass

from subtools.core.spans import Seconds


@dataclass(frozen=True, slots=True)
class Topic:
    """A stretch of a talk that is about one thing.

    Attributes:
        title: What it is about, in words that are spoken there (or given by the user).
        start: Where it begins, in seconds.
        end: Where the next one begins, or the talk is over; never before ``start``.
        reason: Why it begins there, in words.
        confidence: How sure it is that something new begins there, 0..1; None if nobody
            can say.
    """

    title: str
    start: Seconds
    end: Seconds
    reason: str = ""
    confidence: float | None = None

    def __post_init__(self) -> None:
        if not self.start <= self.end:
            raise ValueError(f"a topic cannot end before it starts: {self.start} .. {self.end}")
