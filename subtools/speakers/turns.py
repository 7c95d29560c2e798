"""Regions whose pieces have voices to turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from subtools.core import Seconds, Span, Turn
from subtools.spans import join_turns
from subtools.speakers.regions import Region

_REACH: Seconds = 10.0  # how far a region without a voice of its own looks along its track


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a region that one voice speaks.

    Attributes:
        region: Index of the region.
        span: Where.
        voice: Whose, by number.
        confidence: How sure, 0..1.
    """

    region: int
    span: Span
    voice: int
    confidence: float


def compose_turns(regions: Sequence[Region], shares: Sequence[Share]) -> tuple[Turn, ...]:
    """Return the turns of all voices, by onset; the speakers are called ``SPEAKER_00`` and so on.

    They are numbered by their first turn. What several regions share belongs to all of
    them. A region without a share takes the voice of the nearest region of its track.
    """
    parts = [
        Turn(str(share.voice), share.span.start, share.span.end, round(share.confidence, 3))
        for share in _fill_regions(regions, shares)
    ]
    turns = join_turns(parts)
    names: dict[str, str] = {}
    for turn in turns:
        names.setdefault(turn.speaker, f"SPEAKER_{len(names):02d}")
    return tuple(replace(turn, speaker=names[turn.speaker]) for turn in turns)


def _fill_regions(regions: Sequence[Region], shares: Sequence[Share]) -> Iterator[Share]:
    """Yield shares that cover all of every region that has or finds a voice."""
    own = {index: list(group) for index, group in groupby(shares, key=lambda s: s.region)}
    for index, region in enumerate(regions):
        parts = own.get(index) or _ask_neighbours(regions, index, own)
        borders = [region.start, *(part.span.start for part in parts[1:]), region.end]
        for part, start, end in zip(parts, borders, borders[1:], strict=False):
            yield Share(index, Span(start, end), part.voice, part.confidence)


def _ask_neighbours(
    regions: Sequence[Region], index: int, own: dict[int, list[Share]]
) -> list[Share]:
    """Return the share of the nearest region of the same track, if it is near."""
    region, near = regions[index], []
    for other, parts in own.items():
        distance = _distance(regions[other], region)
        if regions[other].track == region.track and distance <= _REACH:
            part = parts[-1] if regions[other].start < region.start else parts[0]
            near.append((distance, other, part))
    return [min(near, key=lambda item: item[:2])[2]] if near else []


def _distance(a: Region, b: Region) -> Seconds:
    return max(a.start - b.end, b.start - a.end, 0.0)
