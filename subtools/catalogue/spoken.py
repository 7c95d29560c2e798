"""English as it is heard: the words of the library that sound like those asked for.

Recognisers cut sounds into other words than were meant (*embedding*, *in bedding*), so a
row of words is compared by its phones, wherever the borders between words are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, pairwise

from subtools.catalogue.vocabulary import word_symbol
from subtools.phonetics.nearness import OUTLINE, outline_phones, phones_edits

Phones = tuple[str, ...]
Row = tuple[str, ...]  # code points of words
Edge = tuple[float, str]  # edits, and the word that these phones may be

FARTHEST = 0.25  # edits a phone: what still sounds similar
MOST_PHONES = 14  # of a row; the words of longer ones are compared one by one
_LEAST_PHONES = 3  # shorter words are like too many
_FEW_PHONES, _FEW_FARTHEST = 4, 0.1  # below so many, only what is hardly told apart
_MOST_WORDS = 3  # that a row is cut into
_LONGEST_WORD = 12  # phones
_LEAST_EDITS, _MOST_EDITS = 0.75, 0.4  # that a stretch may have: in all, and a phone
_MOST_ALIKE = 60  # words of one outline, the most usual ones
_MOST_EDGES = 30  # words that one stretch may be, the nearest ones
_MOST_COMPARED = 5_000  # pairs of words in a search: some 40 ms in a large vocabulary


@dataclass(slots=True)
class Hearing:
    """The words of a library as they sound, remembered for as long as one search takes.

    Attributes:
        connection: The library.
        words: Words by their outline.
        rows: What was found for a row of phones, and its edits.
        compared: How many pairs of words were compared.
    """

    connection: sqlite3.Connection
    words: dict[str, list[tuple[str, Phones]]] = field(default_factory=dict)
    rows: dict[Phones, dict[Row, float]] = field(default_factory=dict)
    compared: int = 0

    def forget(self) -> None:
        """Begin a new search: another run may have added words."""
        self.words.clear()
        self.rows.clear()
        self.compared = 0

    def find(self, phones: Phones, farthest: float) -> tuple[Row, ...]:
        """Return the rows of words (as code points) that sound like ``phones``, best first.

        In a very large vocabulary, single words are looked through before rows of several.

        Args:
            phones: What is meant, in ARPABET.
            farthest: Edits a phone, as ``phones_distance`` counts them; at most ``FARTHEST``.
        """
        if len(phones) < _LEAST_PHONES:
            return ()
        if phones not in self.rows:
            self.rows[phones] = self._find_all(phones, FARTHEST * len(phones))
        found = self.rows[phones]
        most = min(farthest, _FEW_FARTHEST) if len(phones) < _FEW_PHONES else farthest
        near = (row for row, edits in found.items() if edits <= most * len(phones))
        return tuple(sorted(near, key=lambda row: (found[row], row)))

    def _find_all(self, phones: Phones, budget: float) -> dict[Row, float]:
        found: dict[Row, float] = {
            (symbol,): edits for edits, symbol in self._find_edges(phones, budget)
        }
        if not _FEW_PHONES <= len(phones) <= MOST_PHONES:
            return found

        @cache
        def find(first: int, last: int) -> tuple[Edge, ...]:
            said = phones[first:last]
            most = min(budget, max(_LEAST_EDITS, _MOST_EDITS * len(said)))
            short = said if len(said) <= _LONGEST_WORD else ()
            return tuple(self._find_edges(short, most)[:_MOST_EDGES])

        for cuts in _segmentations(len(phones)):
            for cost, row in _rows([find(a, b) for a, b in pairwise(cuts)], budget):
                found[row] = min(cost, found.get(row, cost))
        return found

    def _find_edges(self, said: Phones, most: float) -> list[Edge]:
        """Return the words that ``said`` may be, the nearest first."""
        edges: list[Edge] = []
        for variant in _variants(outline_phones(said)) if said else ():
            for symbol, other in self._words_of(variant):
                if self.compared >= _MOST_COMPARED:
                    return sorted(edges)
                self.compared += 1
                if (edits := phones_edits(said, other, most)) <= most:
                    edges.append((edits, symbol))
        return sorted(edges)

    def _words_of(self, outline: str) -> list[tuple[str, Phones]]:
        if outline not in self.words:
            statement = """SELECT id, phones FROM words WHERE outline = ? AND phones != ''
                ORDER BY uses DESC, id LIMIT ?"""
            rows = self.connection.execute(statement, (outline, _MOST_ALIKE))
            self.words[outline] = [(word_symbol(n), tuple(said.split())) for n, said in rows]
        return self.words[outline]


def _segmentations(length: int) -> Iterator[tuple[int, ...]]:
    """Yield the ways to cut so many phones into a few words."""
    for words in range(2, _MOST_WORDS + 1):
        for inner in combinations(range(1, length), words - 1):
            yield (0, *inner, length)


def _rows(stretches: Sequence[Sequence[Edge]], budget: float) -> Iterator[tuple[float, Row]]:
    """Yield the rows of one word a stretch that cost no more than ``budget``."""
    if not stretches:
        yield 0.0, ()
        return
    for cost, symbol in stretches[0]:
        if cost <= budget:
            for rest, row in _rows(stretches[1:], budget - cost):
                yield cost + rest, (symbol, *row)


@cache
def _variants(outline: str) -> tuple[str, ...]:
    """Return an outline and those that differ in one sound, itself first."""
    cuts = [(outline[:k], outline[k:]) for k in range(len(outline) + 1)]
    shorter = [before + after[1:] for before, after in cuts if after]
    longer = [before + c + after for before, after in cuts for c in OUTLINE]
    other = [before + c + after[1:] for before, after in cuts if after for c in OUTLINE]
    found = dict.fromkeys((outline, *shorter, *longer, *other))
    return tuple(variant for variant in found if variant and "AA" not in variant)
