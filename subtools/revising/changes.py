"""Other text for stretches of a text, and where everything else is afterwards."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from subtools.matching import equal_positions

Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """Other text for a stretch of a text.

    Attributes:
        offsets: The characters [first, last) that are replaced; none, where text is put in.
        after: What stands there afterwards; empty where it is taken out.
    """

    offsets: Offsets
    after: str

    def __post_init__(self) -> None:
        if not 0 <= self.offsets[0] <= self.offsets[1]:
            raise ValueError(f"not a stretch of characters: {self.offsets}")


def sort_changes(changes: Sequence[Change], length: int) -> tuple[Change, ...]:
    """Return ``changes`` in the order of the text.

    Raises:
        ValueError: If two overlap or are put in at one place, or one is not inside the
            ``length`` characters of the text.
    """
    ordered = tuple(sorted(changes, key=lambda change: change.offsets))
    for before, after in pairwise(ordered):
        if before.offsets[1] > after.offsets[0] or before.offsets == after.offsets:
            raise ValueError(f"changes overlap: {before.offsets} and {after.offsets}")
    if ordered and ordered[-1].offsets[1] > length:
        raise ValueError(f"{ordered[-1].offsets} is outside the {length} characters there are")
    return ordered


def revise_text(text: str, changes: Sequence[Change]) -> str:
    """Return ``text`` with ``changes`` made.

    Raises:
        ValueError: As ``sort_changes`` does.

    >>> revise_text("看到GDP4", [Change((2, 6), "GPT-4"), Change((0, 0), "我們")])
    '我們看到GPT-4'
    """
    pieces, now = [], 0
    for change in sort_changes(changes, len(text)):
        pieces += [text[now : change.offsets[0]], change.after]
        now = change.offsets[1]
    return "".join([*pieces, text[now:]])


def changed_ranges(changes: Sequence[Change]) -> tuple[Offsets, ...]:
    """Return where the new texts of ``changes`` stand in the revised text, in its order.

    >>> changed_ranges([Change((2, 6), "GPT-4"), Change((0, 0), "我們")])
    ((0, 2), (4, 9))
    """
    ordered = sorted(changes, key=lambda change: change.offsets)
    starts = (c.offsets[0] + g for c, g in zip(ordered, _growths(ordered), strict=False))
    return tuple((start, start + len(c.after)) for start, c in zip(starts, ordered, strict=True))


def move_range(offsets: Offsets, changes: Sequence[Change]) -> Offsets:
    """Return where the characters ``offsets`` stand in the revised text.

    What replaces a part of them is counted in, what is put in at their ends is not.

    Args:
        offsets: [first, last) in the text before.
        changes: In the order of the text.

    >>> move_range((1, 5), [Change((0, 2), "abc"), Change((5, 5), "!")])
    (0, 6)
    """
    growths = list(_growths(changes))
    first, last = offsets
    # The changes before `first`: those that end there or earlier.
    k = bisect_right(changes, first, key=lambda change: change.offsets[1])
    inside = k < len(changes) and changes[k].offsets[0] < first
    start = (changes[k].offsets[0] if inside else first) + growths[k]
    # The changes before `last`: those that begin earlier.
    m = bisect_left(changes, last, key=lambda change: change.offsets[0])
    cut = m > 0 and changes[m - 1].offsets[1] > last
    end = (changes[m - 1].offsets[1] if cut else last) + growths[m]
    return start, max(start, end)


def _growths(changes: Sequence[Change]) -> Iterator[int]:
    """Yield how much longer the text has become before each change, and at the end."""
    grown = (len(c.after) - (c.offsets[1] - c.offsets[0]) for c in changes)
    return accumulate(grown, initial=0)


def find_origins(text: str, changes: Sequence[Change]) -> list[int | None]:
    """Return for each character of the revised text where it stood before; None for new ones.

    Characters that a change replaces by themselves are old ones.

    Args:
        text: The text before.
        changes: In the order of the text.

    >>> find_origins("GDP4", [Change((0, 4), "GPT-4")])
    [0, None, None, None, 3]
    """
    origins: list[int | None] = []
    now = 0
    for change in changes:
        first, last = change.offsets
        origins += range(now, first)
        same = equal_positions(text[first:last], change.after)
        place = {new: first + old for old, new in same.items()}
        origins += [place.get(k) for k in range(len(change.after))]
        now = last
    return [*origins, *range(now, len(text))]
