"""Whether the marks of a document were set with care."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from subtools.prose.tokens import Token

# A written Chinese sentence has 20 to 40 characters, an English one 15 to 25 words; a speaker's
# run-on may have twice that. What is longer in the median was not ended by a person.
LONGEST_SENTENCE = 70  # characters, in the median
LONGEST_LATIN_SENTENCE = 55  # words
SPARSEST_MARKS = 45  # words a mark, on average; a careful text has one in 8 to 12
SHORTEST_TEXT = 120  # words; less says nothing about habits
# Stops every hundred characters lie evenly: the middle half of their distances within a third.
_EVEN_SPREAD = 0.35
_LONGEST_BARE = 13  # words; a clause may be so long and have no mark inside
_LEAST_EVEN = 6  # distances


class MarksKind(StrEnum):
    """How the marks of a document came about."""

    CAREFUL = "careful"  # by somebody, or something, that knows where sentences end
    MECHANICAL = "mechanical"  # clauses are parted, but a full stop means nothing
    MISSING = "missing"  # there are hardly any


def detect_marks(tokens: Sequence[Token]) -> MarksKind:
    """Return what the statistics of the marks say about a text.

    A short text counts as careful, as it shows no habits.
    """
    count = len(tokens)
    marks = sum(bool(token.mark) for token in tokens)
    if marks * SPARSEST_MARKS < count and count >= (SPARSEST_MARKS if marks else _LONGEST_BARE):
        return MarksKind.MISSING
    if count < SHORTEST_TEXT:
        return MarksKind.CAREFUL
    lengths = sorted(_sentence_lengths(tokens))
    median = lengths[len(lengths) // 2]
    is_spaceless = 2 * sum(token.is_han for token in tokens) > count
    longest = LONGEST_SENTENCE if is_spaceless else LONGEST_LATIN_SENTENCE
    if median > longest or (2 * median > longest and _is_even(lengths, median)):
        return MarksKind.MECHANICAL
    return MarksKind.CAREFUL


def _sentence_lengths(tokens: Sequence[Token]) -> list[int]:
    lengths, last = [], 0
    for place, token in enumerate(tokens, start=1):
        if token.is_end or place == len(tokens):
            lengths.append(place - last)
            last = place
    return lengths


def _is_even(lengths: Sequence[int], median: int) -> bool:
    """Tell whether sentences are all about as long, as no speaker's are."""
    quarter = len(lengths) // 4
    spread = lengths[-1 - quarter] - lengths[quarter]
    return len(lengths) >= _LEAST_EVEN and spread < _EVEN_SPREAD * median
