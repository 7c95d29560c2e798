"""Regions whose pieces have voices to turns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from subtools.core import Seconds, Span, Turn, overlap
from subtools.speakers.regions import Region

LONGEST_PAUSE: Seconds = 0.5  # within a turn; a longer one ends it
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
    spoken = sorted(_fill_regions(regions, shares), key=lambda s: (s.voice, s.span.start))
    turns = [
        (voice, turn)
        for voice, own in groupby(spoken, key=lambda share: share.voice)
        for turn in _join(own)
    ]
    turns.sort(key=lambda item: (item[1].start, item[1].end))
    names: dict[int, str] = {}
    for voice, _ in turns:
        names.setdefault(voice, f"SPEAKER_{len(names):02d}")
    return tuple(Turn(names[voice], t.start, t.end, t.confidence) for voice, t in turns)


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


def _join(shares: Iterable[Share]) -> Iterator[Turn]:
    """Yield the turns of one voice: its shares, joined over short pauses."""
    turn: list[Share] = []
    end = 0.0
    for share in shares:
        if turn and share.span.start - end >= LONGEST_PAUSE:
            yield _to_turn(turn, end)
            turn = []
        end = max(end, share.span.end) if turn else share.span.end
        turn.append(share)
    if turn:
        yield _to_turn(turn, end)


def _to_turn(shares: Sequence[Share], end: Seconds) -> Turn:
    total = sum(share.span.duration for share in shares) or 1.0
    mean = sum(share.confidence * share.span.duration for share in shares) / total
    return Turn("", shares[0].span.start, end, round(mean, 3))


def overlapping(turns: Sequence[Turn]) -> tuple[Span, ...]:
    """Return where two or more people speak at once, in order."""
    spans: list[Span] = []
    for index, turn in enumerate(turns):
        for other in turns[index + 1 :]:
            if other.start >= turn.end:
                break
            if other.speaker != turn.speaker and overlap(turn, other) > 0:
                spans.append(Span(other.start, min(turn.end, other.end)))
    return tuple(sorted(spans))
