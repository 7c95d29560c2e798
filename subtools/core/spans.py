"""Stretches of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

Seconds = float


class Timed(Protocol):
    """Anything with an onset and an offset."""

    @property
    def start(self) -> Seconds:
        """Onset, in seconds."""

    @property
    def end(self) -> Seconds:
        """Offset, in seconds."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time.

    Attributes:
        start: Onset, in seconds.
        end: Offset, in seconds; never before ``start``.
    """

    start: Seconds
    end: Seconds

    def __post_init__(self) -> None:
        if not self.start <= self.end:  # also refuses NaN
            raise ValueError(f"a span cannot end before it starts: {self.start} .. {self.end}")

    @property
    def duration(self) -> Seconds:
        """Length, in seconds."""
        return self.end - self.start

    def shifted(self, offset: Seconds) -> Span:
        """Return this span moved later by ``offset`` seconds."""
        return Span(self.start + offset, self.end + offset)


def overlap(a: Timed, b: Timed) -> Seconds:
    """Return how long ``a`` and ``b`` sound together, in seconds.

    >>> overlap(Span(0.0, 2.0), Span(1.5, 3.0))
    0.5
    """
    return max(0.0, min(a.end, b.end) - max(a.start, b.start))
