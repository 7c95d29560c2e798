"""What a viewer would notice of cues: length, reading speed, width, gaps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import Any

from subtools.core import Cue, Seconds
from subtools.lexicon import columns
from subtools.metrics.summary import finite, percentiles

SHORTEST = 5 / 6  # s; 20 frames at 24 frames a second (Netflix Timed Text Style Guide)
SMALLEST_GAP = 2 / 25  # s; 2 frames at 25 frames a second (the same)
_ROUNDING = 0.0005  # s; subtitle files hold whole milliseconds


@dataclass(frozen=True, slots=True)
class CueStatistics:
    """What a viewer would notice of cues; NaN where there is nothing to measure.

    Attributes:
        count: Number of cues.
        total_duration: Sum of the cues' durations, in seconds.
        median_duration: In seconds.
        min_duration: In seconds.
        max_duration: In seconds.
        short: Cues on screen for less than ``SHORTEST``.
        median_speed: Reading speed in characters a second, spaces not counted; like the
            next two, of the cues that have a duration.
        p95_speed: Speed that 95 % of them do not exceed, interpolated linearly.
        max_speed: Speed of the fastest.
        widest_line: Columns of the widest line; a Han character takes two.
        most_lines: Lines of the highest cue.
        overlaps: Cues that appear before an earlier one has gone.
        small_gaps: Gaps between cues below ``SMALLEST_GAP``, none at all included.
    """

    count: int
    total_duration: Seconds
    median_duration: Seconds
    min_duration: Seconds
    max_duration: Seconds
    short: int
    median_speed: float
    p95_speed: float
    max_speed: float
    widest_line: int
    most_lines: int
    overlaps: int
    small_gaps: int

    @property
    def short_share(self) -> float:
        """Share of the cues that are on screen for less than ``SHORTEST``."""
        return self.short / self.count if self.count else math.nan

    def as_dict(self) -> dict[str, Any]:
        """Return the statistics as plain data for JSON, None for NaN."""
        plain: dict[str, Any] = finite(asdict(self) | {"short_share": self.short_share})
        return plain


def cue_statistics(cues: Sequence[Cue]) -> CueStatistics:
    """Return what a viewer would notice of ``cues``, in any order.

    >>> statistics = cue_statistics([Cue(0.0, 2.0, ("大家好",)), Cue(2.0, 2.5, ("謝謝", "你"))])
    >>> statistics.median_duration, statistics.short, statistics.max_speed
    (1.25, 1, 6.0)
    """
    durations = [cue.end - cue.start for cue in cues]
    speeds = [_count_characters(cue) / (cue.end - cue.start) for cue in cues if cue.end > cue.start]
    gaps = _gaps(cues)
    shortest, median, longest = percentiles(durations, 0, 50, 100)
    median_speed, p95_speed, max_speed = percentiles(speeds, 50, 95, 100)
    return CueStatistics(
        count=len(cues),
        total_duration=math.fsum(durations),
        median_duration=median,
        min_duration=shortest,
        max_duration=longest,
        short=sum(duration < SHORTEST - _ROUNDING for duration in durations),
        median_speed=median_speed,
        p95_speed=p95_speed,
        max_speed=max_speed,
        widest_line=max((columns(line) for cue in cues for line in cue.lines), default=0),
        most_lines=max((len(cue.lines) for cue in cues), default=0),
        overlaps=sum(gap < -_ROUNDING for gap in gaps),
        small_gaps=sum(-_ROUNDING <= gap < SMALLEST_GAP - _ROUNDING for gap in gaps),
    )


def _count_characters(cue: Cue) -> int:
    return sum(not character.isspace() for character in cue.text)


def _gaps(cues: Sequence[Cue]) -> list[Seconds]:
    """Return how long nothing shows before each next cue; below 0 where cues overlap."""
    ordered = sorted(cues, key=lambda cue: (cue.start, cue.end))
    gone = accumulate((cue.end for cue in ordered), max)
    return [cue.start - end for end, cue in zip(gone, ordered[1:], strict=False)]
