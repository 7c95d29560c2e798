"""A text to look for names in."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to look for names in.

    Attributes:
        text: As written.
        folded: In Simplified characters, offset for offset.
        borders: Where another voice begins: no name goes across.
    """

    text: str
    folded: str
    borders: Sequence[int] = ()

    def is_cut(self, first: int, last: int) -> bool:
        """Tell whether another voice begins inside [first, last)."""
        place = bisect_right(self.borders, first)
        return place < len(self.borders) and self.borders[place] < last
