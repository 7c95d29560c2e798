"""Regions to pieces: short enough to hold one voice, long enough to know it by."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from subtools.core import SHORTEST_VOICE, Seconds, Span
from subtools.speakers.regions import Region

LONGEST: Seconds = 2.0  # of a piece; a change of speaker is rarely less than that apart
_NEAR: Seconds = 0.5  # how far an even cut is moved to a border that is known


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a region in which nobody else is heard.

    Attributes:
        region: Index of its region.
        track: Track of its region.
        span: Where it is.
    """

    region: int
    track: int
    span: Span


def cut_pieces(regions: Sequence[Region], borders: Sequence[Seconds] = ()) -> tuple[Piece, ...]:
    """Return the pieces of ``regions``, in order of their regions and of time.

    What several regions share is in no piece, nor is what is too short to hear a voice in.

    Args:
        regions: By onset.
        borders: Where a speaker is likelier to change than elsewhere, such as the ends of
            clauses; in order.
    """
    longest = max((region.end - region.start for region in regions), default=0.0)
    return tuple(
        Piece(index, region.track, span)
        for index, region in enumerate(regions)
        for alone in _exclusive_spans(regions, index, longest)
        for span in _cut(alone, borders)
        if span.duration >= SHORTEST_VOICE
    )


def _exclusive_spans(regions: Sequence[Region], index: int, longest: Seconds) -> Iterator[Span]:
    """Yield the parts of a region that no other shares."""
    now = regions[index].start
    for other in _sharing(regions, index, longest):
        if other.start > now:
            yield Span(now, other.start)
        now = max(now, other.end)
    if now < regions[index].end:
        yield Span(now, regions[index].end)


def _sharing(regions: Sequence[Region], index: int, longest: Seconds) -> Iterator[Region]:
    """Yield the other regions that overlap one, by onset; none lasts longer than ``longest``."""
    region = regions[index]
    first = bisect_left(regions, region.start - longest, key=lambda other: other.start)
    last = bisect_left(regions, region.end, key=lambda other: other.start)
    for other in range(first, last):
        if other != index and regions[other].end > region.start:
            yield regions[other]


def _cut(span: Span, borders: Sequence[Seconds]) -> Iterator[Span]:
    """Yield parts of ``span`` of ``LONGEST`` at most, cut evenly or at ``borders`` near that."""
    count = ceil(span.duration / LONGEST - 1e-9)
    even = [span.start + span.duration * k / count for k in range(1, count)]
    near = bisect_right(borders, span.start), bisect_left(borders, span.end)
    known = borders[near[0] : near[1]]
    cuts = [span.start, *(_nearest(cut, known) for cut in even), span.end]
    for start, end in pairwise(cuts):
        yield Span(start, end)


def _nearest(cut: Seconds, borders: Sequence[Seconds]) -> Seconds:
    nearest = min(borders, key=lambda border: abs(border - cut), default=cut)
    return nearest if abs(nearest - cut) <= _NEAR else cut
