"""The best lines for the words of a cue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from subtools.core import Balance, CueRules
from subtools.cues.layout import Layout

OVER = 1e6  # a line too long, which players break as they like: worse than any other fault
_ANOTHER = 0.9  # another line: it covers more of the picture
_BREAK = 2.0  # of what it costs to break there: both sides are seen at once
_UNEVEN = 1.0  # for all of a line's length
_KEPT_SPACE = 50.0  # a space that a break would have taken away, where every column counts
_TOP_HEAVY = 0.3  # the same, where the lower line should be longer and is not


@dataclass(frozen=True, slots=True)
class Lines:
    """How the words of a cue are broken into lines.

    Attributes:
        cost: How bad that is.
        breaks: The places where lines after the first begin.
    """

    cost: float
    breaks: tuple[int, ...] = ()


class LineBreaker(Protocol):
    """Finds the best lines for the words between two places."""

    def __call__(self, first: int, last: int, /, *, is_narrow: bool = False) -> Lines:
        """Return the lines between the places with these indices."""


def line_breaker(layout: Layout, places: Sequence[int], rules: CueRules) -> LineBreaker:
    """Return what finds the best lines for the words between two of ``places``, by index.

    One line if it fits, else as few as do: those that break where a reader can rest and
    are about as long; or, if they are to be narrow, that break at spaces, which are then not
    to be read. Exact for any number of lines.
    """

    def break_lines(first: int, last: int, *, is_narrow: bool = False) -> Lines:
        start, end = places[first], places[last]
        room = layout.rooms[start]
        width = layout.width(start, end)
        fewest = -(-(width + room) // rules.max_columns)
        if fewest <= 1 or last - first < 2 or rules.max_lines == 1:
            return Lines(_over(width + room, rules))
        most = min(rules.max_lines, last - first)
        options = (
            best_lines(first, last, count, (width + room) / count, room, is_narrow)
            for count in range(min(max(2, fewest), most), most + 1)
        )
        return min(options, key=lambda lines: lines.cost)

    @cache
    def best_lines(
        first: int, last: int, count: int, even: float, room: int, is_narrow: bool
    ) -> Lines:
        start, end = places[first], places[last]
        if count == 1:
            return Lines(_line_cost(layout.width(start, end), even, rules))
        best = Lines(float("inf"))
        for middle in range(first + 1, last - count + 2):
            place = places[middle]
            width = layout.width(start, place) + room
            if width > rules.max_columns and best.breaks:
                break
            left = layout.width(place, end)
            if left > (count - 1) * rules.max_columns and middle <= last - count:
                continue  # what is left would not fit; further on it may
            cost = _line_cost(width, even, rules) + _ANOTHER + _BREAK * layout.breaks[place]
            if rules.balance is Balance.LOWER:
                cost += _TOP_HEAVY * max(0.0, width - even) / rules.max_columns
            if is_narrow:
                cost += _KEPT_SPACE * (1 - layout.trimmed[place - 1])
            if cost < best.cost:
                rest = best_lines(middle, last, count - 1, even, 0, is_narrow)
                if cost + rest.cost < best.cost:
                    best = Lines(cost + rest.cost, (place, *rest.breaks))
        return best

    return break_lines


def _line_cost(width: int, even: float, rules: CueRules) -> float:
    return _over(width, rules) + _UNEVEN * abs(width - even) / rules.max_columns / 2


def _over(width: int, rules: CueRules) -> float:
    over = width - rules.max_columns
    return OVER + over if over > 0 else 0.0
