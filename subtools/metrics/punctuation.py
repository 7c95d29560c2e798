"""Where sentences end, against a text whose marks are known."""

from __future__ import annotations

from dataclasses import dataclass

from subtools.matching import pair_symbols
from subtools.phonetics import simplify

_ENDS = "。．！？.!?…"


@dataclass(frozen=True, slots=True)
class EndScore:
    """How well the ends of sentences are found.

    Attributes:
        hits: Ends that are true.
        found: Ends in the text.
        true: Ends in the reference.
    """

    hits: int
    found: int
    true: int

    @property
    def precision(self) -> float:
        """Share of the ends that are true; 1 where there are none."""
        return self.hits / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the true ends that are there; 1 where there are none."""
        return self.hits / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both; 1 where there is nothing to find and nothing found."""
        both = self.found + self.true
        return 2 * self.hits / both if both else 1.0

    def __add__(self, other: EndScore) -> EndScore:
        """Return the score of both texts together."""
        return EndScore(self.hits + other.hits, self.found + other.found, self.true + other.true)


def score_sentence_ends(reference: str, hypothesis: str) -> EndScore:
    """Return how well ``hypothesis`` ends its sentences.

    The end of the whole does not count: nobody misses it. Where the words differ, an end
    counts after the character that stands for the one in the reference.

    >>> score_sentence_ends("好的。那么，3.5呢？没有。", "好的。那么。3.5呢，没有。")
    EndScore(hits=1, found=2, true=2)
    """
    symbols, ends = _read(reference)
    written, found = _read(hypothesis)
    place = {int(j): int(i) for i, j in pair_symbols(symbols, written)}
    hits = {place[end] for end in found if end in place} & ends
    return EndScore(len(hits), len(found), len(ends))


def _read(text: str) -> tuple[str, set[int]]:
    """Return letters and digits, and which of them end a sentence, but for the last."""
    folded = simplify(text.casefold())
    symbols, ends = "", set()
    for k, character in enumerate(folded):
        if character.isalnum():
            symbols += character
        elif character in _ENDS and symbols and not _is_inside(folded, k):
            ends.add(len(symbols) - 1)
    return symbols, ends - {len(symbols) - 1}


def _is_inside(text: str, place: int) -> bool:
    """Tell whether a Latin mark stands in a number or a name (3.5, Node.js)."""
    following = text[place + 1 : place + 2]
    return text[place] in ".!?" and following.isascii() and following.isalnum()
