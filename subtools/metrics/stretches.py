"""Which stretch of what was said stands at a stretch of a document.

Both are compared as ``folding`` leaves them. Where they differ, a cheapest alignment may
run in several ways; each of them is taken for possible.

Source: R. A. Wagner, M. J. Fischer, The string-to-string correction problem (1974).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from subtools.metrics.folding import Token, fold_spoken, fold_tokens

Table = list[list[int]]


@dataclass(frozen=True)
class Passage:
    """A passage of a document and what was said there.

    Attributes:
        written: As in the document.
        spoken: As said.
    """

    written: str
    spoken: str

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """What is written, in words and characters."""
        return fold_tokens(self.written)

    @cached_property
    def folded(self) -> str:
        """What is compared of ``written``."""
        return "".join(token.folded for token in self.tokens)

    @cached_property
    def true(self) -> str:
        """What is compared of ``spoken``."""
        return fold_spoken(self.spoken)

    @cached_property
    def edits(self) -> int:
        """How many edits ``written`` is from ``spoken``."""
        return self._forward[-1][-1]

    def widen(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch [start, end) of ``written`` and the rest of its outer words.

        >>> Passage("用GPT 4吧", "").widen(2, 3)
        (1, 4)
        """
        touched = [t for t in self.tokens if t.start < end and start < t.end]
        inside = [t for t in self.tokens if t.start < start < t.end] if start == end else touched
        return (
            min([start, *(t.start for t in inside)]),
            max([end, *(t.end for t in inside)]),
        )

    def is_said(self, start: int, end: int, text: str) -> bool:
        """Tell whether ``text`` is what was said at [start, end) of ``written``.

        Words of which only a part is replaced are compared whole, and those that it makes.

        >>> Passage("有4個", "有四萬個").is_said(2, 2, "万")
        True
        >>> clause = Passage("這個幣參數", "這個B參數")
        >>> clause.is_said(2, 3, "b"), clause.is_said(2, 5, "B级參數"), clause.is_said(0, 1, "这")
        (True, False, True)
        """
        tokens = fold_tokens(self.written[:start] + text + self.written[end:])
        grown = len(text) - (end - start)
        a, b = self.widen(*_reach(start, end, grown, tokens))
        proposed = "".join(t.folded for t in tokens if a <= t.start and t.end <= b + grown)
        first, last = self._folded_place(a), self._folded_place(b)
        inner = self.folded[first:last]
        length = len(proposed)
        for j in self._starts(first):
            k = j + length
            if self.true[j:k] != proposed or not {j, k} <= self._borders:
                continue
            within = _table(inner, self.true[j:k])[-1][-1]
            if self._forward[first][j] + within + self._backward[last][k] == self.edits:
                return True
        return False

    def _folded_place(self, place: int) -> int:
        return sum(len(token.folded) for token in self.tokens if token.end <= place)

    def _starts(self, row: int) -> list[int]:
        pairs = zip(self._forward[row], self._backward[row], strict=True)
        return [j for j, (before, after) in enumerate(pairs) if before + after == self.edits]

    @cached_property
    def _borders(self) -> frozenset[int]:
        """Where words of what was said begin and end, in what is compared."""
        lengths = (len(token.folded) for token in fold_tokens(self.spoken))
        return frozenset(accumulate(lengths, initial=0))

    @cached_property
    def _forward(self) -> Table:
        return _table(self.folded, self.true)

    @cached_property
    def _backward(self) -> Table:
        reversed_table = _table(self.folded[::-1], self.true[::-1])
        return [row[::-1] for row in reversed_table[::-1]]


def _reach(start: int, end: int, grown: int, tokens: Sequence[Token]) -> tuple[int, int]:
    """Return the stretch [start, end) with what is one word with what is put in its place.

    Args:
        start: Its first character.
        end: The character after it.
        grown: By how many characters the text gets longer.
        tokens: Of the text then.
    """
    stop = end + grown
    made = [token for token in tokens if token.start < stop and start < token.end]
    left = min([start, *(token.start for token in made)])
    right = max([stop, *(token.end for token in made)])
    return left, right - grown


def _table(a: Sequence[str], b: Sequence[str]) -> Table:
    """Return the edits between every beginning of ``a`` and of ``b``."""
    rows = [list(range(len(b) + 1))]
    for i, symbol in enumerate(a, start=1):
        row, above = [i], rows[-1]
        for j, other in enumerate(b):
            row.append(min(above[j] + (symbol != other), above[j + 1] + 1, row[j] + 1))
        rows.append(row)
    return rows
