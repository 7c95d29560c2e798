"""Whether the words of a document are what is said in a sound at their times."""

from __future__ import annotations

import statistics
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from subtools.cleaning.comparing import LONGEST_STRETCH, MOST_WAYS
from subtools.cleaning.fitting import Stretch, fit_words
from subtools.cleaning.values import Page
from subtools.phonetics import read_words

CLAUSES = 40  # looked at, and up to twice as many, spread over the document
FEWEST_CLAUSES = 3  # fewer say nothing
FEWEST_PHONES = 8  # of a clause
LONGEST_PART = 25  # words of a clause; in a text without marks no clause is short enough


def measure_misfit(page: Page, log_probs: npt.NDArray[np.floating]) -> float | None:
    """Return how much of the sound the words leave unexplained, in nats a phone.

    It is the median of clauses, so that passages that were not said do not count. Of fifteen
    documents it was 0.0 to 1.1, with the sound of another one 35 and more.

    Args:
        page: A document in the time of the sound.
        log_probs: (frames, phones) of the sound.

    Returns:
        None where too few clauses have times and known sounds.
    """
    frames = len(log_probs)
    stretches = [
        stretch
        for clause in pairwise(page.clauses)
        for first in range(*clause, LONGEST_PART)
        if (stretch := _stretch(page, range(first, min(first + LONGEST_PART, clause[1])), frames))
    ]
    chosen = stretches[:: max(1, len(stretches) // CLAUSES)]
    if len(chosen) < FEWEST_CLAUSES:
        return None
    scores = fit_words(chosen, log_probs)
    return statistics.median(
        score.unexplained / _count_phones(stretch)
        for stretch, score in zip(chosen, scores, strict=True)
    )


def _stretch(page: Page, words: range, frames: int) -> Stretch | None:
    place = page.frames(words)
    if place is None or place[1] > frames or place[1] - place[0] > LONGEST_STRETCH:
        return None
    readings = read_words([page.words[k].text for k in words])
    ways = tuple(tuple(reading[:MOST_WAYS]) for reading in readings)
    stretch = Stretch(*place, ways, range(len(ways)))
    return stretch if _count_phones(stretch) >= FEWEST_PHONES else None


def _count_phones(stretch: Stretch) -> int:
    return sum(len(ways[0]) for ways in stretch.words if ways)
