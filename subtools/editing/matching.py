"""Which cues of one language belong to which of another.

The two are seldom cut alike: a sentence of one language may be three cues of the other. So
cues are put into groups that follow one another in both files. Groups are chosen over the
whole files at once, by dynamic programming: as much as possible of the time in which two
cues are on together is time of cues in one group, and groups stay short enough to be read
and bridge no pauses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, product

from subtools.core import Cue, Seconds, overlap

# Cues of either language in a group; more than three only if the other has a single one.
_STEPS = (
    *((1, 0), (0, 1)),
    *((few, many) for few, many in product(range(1, 4), repeat=2)),
    *((1, many) for many in range(4, 7)),
    *((many, 1) for many in range(4, 7)),
)
# Costs, against 1 for a second in which two cues of different groups are on together.
_TOO_LONG = 0.5  # a second beyond LONGEST, or beyond the longest of its cues
_TOO_MANY = 0.3  # a line of one language beyond MOST_LINES
_JOINED = 0.05  # a cue joined to another of its language: nothing is joined for nothing
_PAUSE = 2.0  # a second of silence between two such
LONGEST: Seconds = 7.0  # Netflix: longest cue
MOST_LINES = 2
_LEAST_SHARED = 0.3  # of the time of the language that is on for less; else it is chance
_NEAR: Seconds = 10.0  # a cue is compared with others as if it lasted no longer
_MOST_COMPARED = 30  # states of one language for each of the other: time stays linear

_State = tuple[int, int]
_Ways = Mapping[_State, tuple[float, _State]]


@dataclass(frozen=True, slots=True)
class Group:
    """Cues of two languages that are said at the same time.

    Attributes:
        first: Those of the first language, by onset; may be none if ``second`` has one.
        second: Those of the second.
    """

    first: tuple[Cue, ...]
    second: tuple[Cue, ...]


def match_cues(first: Sequence[Cue], second: Sequence[Cue]) -> tuple[Group, ...]:
    """Return the cues of both in groups, every one in one group.

    Args:
        first: By onset.
        second: By onset.

    >>> early, late = Cue(0, 2, ("早",)), Cue(2, 4, ("安",))
    >>> groups = match_cues([early, late], [Cue(0, 4, ("Good morning",))])
    >>> [(len(group.first), len(group.second)) for group in groups]
    [(2, 1)]
    """
    ways = _find_ways(first, second)
    states = [(len(first), len(second))]
    while states[-1] != (0, 0):
        states.append(ways[states[-1]][1])
    borders = pairwise(reversed(states))
    return tuple(Group(tuple(first[a:c]), tuple(second[b:d])) for (a, b), (c, d) in borders)


def _find_ways(first: Sequence[Cue], second: Sequence[Cue]) -> _Ways:
    """Return the cheapest way to each state: what it costs, and the state before the last step.

    A state is how many cues of either language are in groups already.
    """
    bands = list(_find_bands(first, second))
    ways: dict[_State, tuple[float, _State]] = {(0, 0): (0.0, (0, 0))}
    for done, band in enumerate(bands):
        for other in band:
            if (done, other) not in ways:
                continue
            cost = ways[done, other][0]
            for more, others in _STEPS:
                after = (done + more, other + others)
                if after[0] > len(first) or after[1] not in bands[after[0]]:
                    continue
                price = _price(first[done : after[0]], second[other : after[1]])
                if price is not None and (after not in ways or cost + price < ways[after][0]):
                    ways[after] = (cost + price, (done, other))
    return ways


def _find_bands(first: Sequence[Cue], second: Sequence[Cue]) -> Iterator[range]:
    """Yield how many cues of ``second`` may be done when so and so many of ``first`` are.

    Those that are over before the last done one begins are done, those that begin when the
    next one is over are not.
    """
    starts = [cue.start for cue in second]
    ends = list(accumulate((_near_end(cue) for cue in second), max))
    lows = [0, *(bisect_right(ends, cue.start) for cue in first)]
    highs = [*(bisect_left(starts, _near_end(cue)) for cue in first), len(second)]
    for index, (low, high) in enumerate(zip(lows, highs, strict=True)):
        if index == len(first):
            yield range(low, high + 1)
        else:
            needed = lows[index + 1]
            yield range(low, max(low, needed, min(high, low + _MOST_COMPARED)) + 1)


def _near_end(cue: Cue) -> Seconds:
    return min(cue.end, cue.start + _NEAR)


def _price(first: Sequence[Cue], second: Sequence[Cue]) -> float | None:
    """Return what it costs to make one group of these; None if they are none."""
    if not first or not second:
        return 0.0
    shared = _shared_time(first, second)
    if shared is None or _has_voices(first) or _has_voices(second):
        return None
    return (
        _TOO_LONG * _excess_time(first, second)
        + sum(_price_side(cues) for cues in (first, second))
        - shared
    )


def _shared_time(first: Sequence[Cue], second: Sequence[Cue]) -> Seconds | None:
    """Return how long cues of both are on together; None if some of them do not belong here."""
    times = [[overlap(cue, other) for other in second] for cue in first]
    if not all(map(any, times)) or not all(map(any, zip(*times, strict=True))):
        return None
    shared = sum(map(sum, times))
    shown = min(sum(cue.end - cue.start for cue in cues) for cues in (first, second))
    return shared if shared >= _LEAST_SHARED * shown else None


def _has_voices(cues: Sequence[Cue]) -> bool:
    """Tell whether more than one person speaks."""
    return len({cue.speaker for cue in cues if cue.speaker}) > 1


def _excess_time(first: Sequence[Cue], second: Sequence[Cue]) -> Seconds:
    cues = (*first, *second)
    allowed = max(LONGEST, *(cue.end - cue.start for cue in cues))
    whole = max(cue.end for cue in cues) - min(cue.start for cue in cues)
    return max(0.0, whole - allowed)


def _price_side(cues: Sequence[Cue]) -> float:
    """Return what it costs to join cues of one language."""
    if len(cues) == 1:
        return 0.0
    lines = sum(len(cue.lines) for cue in cues)
    allowed = max(MOST_LINES, *(len(cue.lines) for cue in cues))
    pauses = sum(max(0.0, later.start - cue.end) for cue, later in pairwise(cues))
    return _TOO_MANY * max(0, lines - allowed) + _PAUSE * pauses + _JOINED * (len(cues) - 1)
