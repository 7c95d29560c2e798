"""The table of word sequences that ships, and what it says about a word after two others.

Chinese words, Simplified, in sequences of up to three, with back-off (S. Katz, Estimation of
Probabilities from Sparse Data, 1987; as ARPA files have it). ``SOURCES.md`` says whose it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
import numpy.typing as npt

_FILE = "zh.npz"  # made by scripts/make_ngrams.py
STEP = 0.08  # nats; the file keeps probabilities in such steps
NO_WORD = -1  # in place of a word: nothing is known of what came before
UNKNOWN = -16.0  # nats; a character that the table does not have

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Context = tuple[int, int]  # the two words before, the nearer one last


@dataclass(frozen=True)
class Ngrams:
    """Words and how likely they follow each other; all costs in steps of ``STEP`` nats.

    Attributes:
        words: All words, the likeliest first.
        sounds: How each is read: syllables of toneless pinyin, a space between them.
        costs: (words,) of a word by itself.
        backoffs: (words,) of a word after which the next one was never seen.
        pairs: Sorted: first word x number of words + second word.
        pair_costs: (pairs,) of the second word.
        pair_backoffs: (pairs,) of a pair after which the next word was never seen.
        triples: Sorted: place of the first two among the pairs x number of words + third.
        triple_costs: (triples,) of the third word.
    """

    words: tuple[str, ...]
    sounds: tuple[str, ...]
    costs: Bytes
    backoffs: Bytes
    pairs: Places
    pair_costs: Bytes
    pair_backoffs: Bytes
    triples: Places
    triple_costs: Bytes

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Which word each is."""
        return {word: place for place, word in enumerate(self.words)}

    @cached_property
    def longest(self) -> int:
        """Return of how many characters the longest word is."""
        return max(map(len, self.words))

    @cached_property
    def _known(self) -> dict[tuple[int, int, int], float]:
        return {}

    def likelihood(self, word: int, before: Context) -> float:
        """Return the log-probability of ``word`` after two others, in nats."""
        key = (*before, word)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = -STEP * self._cost(word, before)
        return found

    def _cost(self, word: int, before: Context) -> int:
        second, first = before[1], before[0]
        if second == NO_WORD:
            return int(self.costs[word])
        spent = 0
        if first != NO_WORD:
            pair = _find(self.pairs, first * len(self.words) + second)
            if pair is not None:
                triple = _find(self.triples, pair * len(self.words) + word)
                if triple is not None:
                    return int(self.triple_costs[triple])
                spent = int(self.pair_backoffs[pair])
        pair = _find(self.pairs, second * len(self.words) + word)
        if pair is not None:
            return spent + int(self.pair_costs[pair])
        return spent + int(self.backoffs[second]) + int(self.costs[word])


def _find(keys: Places, key: int) -> int | None:
    place = int(keys.searchsorted(key))
    return place if place < len(keys) and keys[place] == key else None


@cache
def load_ngrams() -> Ngrams:
    """Return the table that ships; it is read once."""
    with files(__package__).joinpath(_FILE).open("rb") as file, np.load(file) as table:
        return Ngrams(
            words=tuple(_lines(table["words"])),
            sounds=tuple(_lines(table["sounds"])),
            costs=table["costs"],
            backoffs=table["backoffs"],
            pairs=_keys(table["pair_steps"]),
            pair_costs=table["pair_costs"],
            pair_backoffs=table["pair_backoffs"],
            triples=_keys(table["triple_steps"]),
            triple_costs=table["triple_costs"],
        )


def _lines(encoded: Bytes) -> Iterator[str]:
    yield from encoded.tobytes().decode("utf-8").split("\n")


def _keys(steps: npt.NDArray[np.uint64]) -> Places:
    return np.cumsum(steps.astype(np.int64))
