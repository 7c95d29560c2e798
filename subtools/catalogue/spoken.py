"""English as it is heard: the words of the library that sound like those asked for.

Recognisers cut sounds into other words than were meant (*embedding*, *in bedding*), so a
row of words is compared by its phones, wherever the borders between words are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import combinations, pairwise

from subtools.catalogue.vocabulary import CONSONANTS, word_symbol
from subtools.phonetics.nearness import consonant_skeleton, phones_edits

Phones = tuple[str, ...]
Edge = tuple[float, str]  # edits, and the word that these phones may be

_MOST_PHONES = 20  # of a row; longer ones are compared word by word only
_LEAST_PHONES = 4  # shorter ones are like too much
_MOST_WORDS = 3  # that a row is cut into
_LONGEST_WORD = 12  # phones
_LEAST_EDITS, _MOST_EDITS = 0.75, 0.4  # that a stretch may have: in all, and a phone
_MOST_EDGES = 12  # words that one stretch may be, the nearest ones


def find_spoken(
    connection: sqlite3.Connection, phones: Phones, farthest: float
) -> tuple[tuple[str, ...], ...]:
    """Return the rows of words (as code points) that sound like ``phones``, best first.

    Args:
        connection: The library.
        phones: What is meant, in ARPABET.
        farthest: Edits a phone, as ``phones_distance`` counts them.
    """
    if not _LEAST_PHONES <= len(phones) <= _MOST_PHONES:
        return ()
    budget = farthest * len(phones)
    find = partial(_find_edges, connection, {}, {}, phones, budget)
    found: dict[tuple[str, ...], float] = {}
    for cuts in _segmentations(len(phones)):
        for cost, row in _rows([find(a, b) for a, b in pairwise(cuts)], budget):
            found[row] = min(cost, found.get(row, cost))
    return tuple(sorted(found, key=lambda row: (found[row], row)))


def _segmentations(length: int) -> Iterator[tuple[int, ...]]:
    """Yield the ways to cut so many phones into a few words."""
    for words in range(1, _MOST_WORDS + 1):
        for inner in combinations(range(1, length), words - 1):
            yield (0, *inner, length)


def _rows(
    stretches: Sequence[Sequence[Edge]], budget: float
) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Yield the rows of one word a stretch that cost no more than ``budget``."""
    if not stretches:
        yield 0.0, ()
        return
    for cost, symbol in stretches[0]:
        if cost <= budget:
            for rest, row in _rows(stretches[1:], budget - cost):
                yield cost + rest, (symbol, *row)


def _find_edges(
    connection: sqlite3.Connection,
    edges: dict[tuple[int, int], list[Edge]],
    words: dict[str, list[tuple[str, Phones]]],
    phones: Phones,
    budget: float,
    first: int,
    last: int,
) -> list[Edge]:
    """Return what ``phones[first:last]`` may be, the nearest first; known ones from ``edges``."""
    if (first, last) not in edges:
        said = phones[first:last]
        variants = _variants(consonant_skeleton(said))
        most = min(budget, max(_LEAST_EDITS, _MOST_EDITS * len(said)))
        near = [
            (phones_edits(said, other, most), symbol)
            for variant in (variants if len(said) <= _LONGEST_WORD else ())
            for symbol, other in _words_of(connection, words, variant)
        ]
        edges[first, last] = sorted(edge for edge in near if edge[0] <= most)[:_MOST_EDGES]
    return edges[first, last]


@cache
def _variants(skeleton: str) -> frozenset[str]:
    """Return consonants with one of them less, or one more."""
    places = range(len(skeleton) + 1)
    fewer = {skeleton[:k] + skeleton[k + 1 :] for k in places}  # at the end, all of them
    return frozenset(fewer | {skeleton[:k] + c + skeleton[k:] for k in places for c in CONSONANTS})


def _words_of(
    connection: sqlite3.Connection, words: dict[str, list[tuple[str, Phones]]], skeleton: str
) -> list[tuple[str, Phones]]:
    if skeleton not in words:
        statement = "SELECT id, phones FROM words WHERE skeleton = ? AND phones != ''"
        rows = connection.execute(statement, (skeleton,))
        words[skeleton] = [(word_symbol(number), tuple(said.split())) for number, said in rows]
    return words[skeleton]
