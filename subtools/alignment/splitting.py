"""Clauses that are left out beside clauses that are said otherwise.

Where several clauses in a row do not match, and something is said in their place, it may be
said in the place of one of them only; the others are not spoken at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from subtools.alignment.hearing import Hearing
from subtools.alignment.spelling import Script
from subtools.matching import equal_positions

Stretch = tuple[int, int]

# Share of its phones that text finds in other speech by chance, and a misheard clause surpasses.
CHANCE = 0.3
MISFIT = 0.3  # what a phone too many or too few, by the time there is, weighs against one equal
MOST_PARTS = 6  # clauses or stretches; what is longer is a passage that moved, or was rewritten
LEFT_OVER = 0.07  # what a phone that is left out of both weighs


def match_in_gap(
    words: range,
    speech: Sequence[Stretch],
    needs: npt.NDArray[np.float64],
    script: Script,
    hearing: Hearing,
) -> tuple[range, range]:
    """Return which of ``words`` and which of ``speech`` stand in each other's place.

    Args:
        words: What is left out of the text: consecutive words.
        speech: What is said in the same place.
        needs: How many frames each word of the text usually takes.
        script: The phones of the text.
        hearing: What is heard.

    Returns:
        Consecutive whole clauses (as words) and consecutive stretches (as places in
        ``speech``), those that fit best; none of either if nothing fits.
    """
    starts = [words.start, *(w for w in words[1:] if script.begins_clause[w]), words.stop]
    is_simple = not words or not speech or (len(starts) == 2 and len(speech) == 1)
    if is_simple or max(len(starts), len(speech)) > MOST_PARTS:
        return words, range(len(speech))
    equal = _count_equal(words, speech, script, hearing)
    phones = np.diff(script.first[words.start : words.stop + 1])
    length = _sums(needs[words.start : words.stop])
    room = _sums(np.array([last - first for first, last in speech], np.float64))
    chance = _sums(CHANCE * phones)
    phone = max(1.0, length[-1] / max(1, phones.sum()))

    def fit(choice: tuple[tuple[int, int], tuple[int, int]]) -> float:
        (a, b), (c, d) = choice
        a, b = a - words.start, b - words.start
        misfit = abs(length[b] - length[a] - room[d] + room[c]) / phone
        gain = equal[a:b, c:d].sum() - chance[b] + chance[a]
        outside = (length[-1] - length[b] + length[a] + room[-1] - room[d] + room[c]) / phone
        return float(gain - MISFIT * misfit - LEFT_OVER * outside)

    nothing = ((words.start, words.start), (0, 0))
    places = range(len(speech) + 1)
    choices = product(combinations(starts, 2), combinations(places, 2))
    best = max([*choices, nothing], key=fit)
    return range(*best[0]), range(*best[1])


def _sums(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(values)])


def _count_equal(
    words: range, speech: Sequence[Stretch], script: Script, hearing: Hearing
) -> npt.NDArray[np.float64]:
    """Return how many phones of each word are heard in each stretch, in order."""
    first, last = script.first[words.start], script.first[words.stop]
    heard = [hearing.part(stretch).phones for stretch in speech]
    owners = np.repeat(np.arange(len(speech)), [len(phones) for phones in heard])
    places = equal_positions(script.phones[first:last].tolist(), np.concatenate(heard).tolist())
    counts = np.zeros((len(words), len(speech)))
    for written, said in places.items():
        counts[script.words[first + written] - words.start, owners[said]] += 1
    return counts
