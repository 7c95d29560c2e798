"""The text as numbered phones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.phonetics import PHONE_INDEX

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """The words of a text with the phones that each may be spoken as.

    Attributes:
        readings: For every word its readings, likeliest first, as numbers of phones; none
            where nothing can be spoken.
        phones: The likeliest reading of all words, one after the other.
        words: The word of each of these phones.
        first: For every word the place of its first phone, and the number of phones.
        begins_clause: For every word, whether a clause begins with it.
    """

    readings: tuple[tuple[Ids, ...], ...]
    phones: npt.NDArray[np.uint8]
    words: npt.NDArray[np.int32]
    first: npt.NDArray[np.int64]
    begins_clause: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.readings)

    def part(self, words: range) -> Script:
        """Return the script of ``words`` alone."""
        first, last = self.first[words.start], self.first[words.stop]
        return Script(
            readings=self.readings[words.start : words.stop],
            phones=self.phones[first:last],
            words=self.words[first:last] - np.int32(words.start),
            first=self.first[words.start : words.stop + 1] - first,
            begins_clause=self.begins_clause[words.start : words.stop],
        )


def spell_script(
    readings: Sequence[Sequence[Sequence[str]]], clause_starts: Collection[int] = ()
) -> Script:
    """Return the readings of all words as numbers; equal readings of a word only once.

    Args:
        readings: For every word the ways to say it, likeliest first, in phones.
        clause_starts: The words that clauses begin with.

    Raises:
        ValueError: If something in it is no phone.
    """
    numbered = tuple(_number_word(word) for word in readings)
    likeliest = [word[0] if word else () for word in numbered]
    begins_clause = np.zeros(len(numbered), np.bool_)
    begins_clause[list(clause_starts)] = True
    lengths = [len(phones) for phones in likeliest]
    return Script(
        readings=numbered,
        phones=np.array([phone for phones in likeliest for phone in phones], np.uint8),
        words=np.repeat(np.arange(len(numbered), dtype=np.int32), lengths),
        first=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
        begins_clause=begins_clause,
    )


def _number_word(readings: Sequence[Sequence[str]]) -> tuple[Ids, ...]:
    try:
        numbered = (tuple(PHONE_INDEX[phone] for phone in reading) for reading in readings)
        return tuple(dict.fromkeys(reading for reading in numbered if reading))
    except KeyError as error:
        raise ValueError(f"no phone: {error.args[0]!r}") from error
