"""Words as one sequence of phones, and how long they take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from subtools.core import HeardWord, Seconds, Word
from subtools.lexicon import is_spaceless, word_core
from subtools.phonetics import Phones

PHONE = 0.1  # s; Mandarin has 4 to 6 syllables of two phones a second
LETTER = 0.065  # s; English has about 15 letters a second
LETTER_NAME = 0.2  # s; a capital that is spelled out is a syllable

Indices = npt.NDArray[np.int64]
Times = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spelling:
    """Words as one sequence of phones: word k has ``phones[first[k]:first[k + 1]]``."""

    phones: tuple[str, ...]
    first: Indices

    def of(self, words: range) -> slice:
        """Return where the phones of consecutive ``words`` stand."""
        return slice(int(self.first[words.start]), int(self.first[words.stop]))

    def count(self, words: range) -> int:
        """Return how many phones consecutive ``words`` have."""
        return int(self.first[words.stop] - self.first[words.start])


def spell_words(phones_by_word: Sequence[Phones]) -> Spelling:
    """Return the words' phones as one sequence."""
    first = np.fromiter(accumulate(map(len, phones_by_word), initial=0), np.int64)
    return Spelling(tuple(p for phones in phones_by_word for p in phones), first)


def usual_durations(words: Sequence[Word], written: Spelling) -> Times:
    """Return how long each word usually takes, in seconds."""
    phone = np.array([_phone_duration(word.text) for word in words], np.float64)
    return np.asarray(np.diff(written.first) * phone)


def _phone_duration(word: str) -> Seconds:
    """Return how long a phone of ``word`` usually takes."""
    core = word_core(word)
    if is_spaceless(core) or core[:1].isdigit():
        return PHONE
    return LETTER_NAME if core.isupper() else LETTER


def phone_times(words: Sequence[HeardWord], heard: Spelling) -> tuple[Times, Times]:
    """Return onset and offset of each heard phone; a word's phones share its time evenly."""
    counts = np.diff(heard.first)
    index = np.arange(len(heard.phones)) - np.repeat(heard.first[:-1], counts)
    start = np.repeat([word.start for word in words], counts)
    length = np.repeat([word.end - word.start for word in words], counts)
    share = length / np.repeat(np.maximum(counts, 1), counts)
    onset = np.maximum.accumulate(start + index * share) if len(index) else start
    return onset, np.maximum(onset, start + (index + 1) * share)
