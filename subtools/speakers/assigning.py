"""Every piece to one of the voices that were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import exp

import numpy as np
import numpy.typing as npt

from subtools.core import Seconds
from subtools.speakers.clustering import Voiced, likeness_within
from subtools.speakers.paths import find_path
from subtools.speakers.pieces import Piece

# Natural logarithms of odds. A piece of two seconds is told from a voice that is 0.3 less like
# it with odds of 400 to 1; to go over to another voice without a pause costs 50 to 1.
_SHARPNESS = 20.0  # for each unit of likeness, for a piece of _FULL or more
_FULL: Seconds = 2.0
_CHANGE = 3.0
_CHANGE_FADES: Seconds = 0.5  # of pause, after which the next piece may as well be another's

# Logistic regression of "the voice is right" on the odds against the next likeliest voice and on
# the likeness to its own, for 1,992 pieces of 15 conversations, 97.8 % of them right.
_MARGIN_WEIGHT, _LIKENESS_WEIGHT, _OFFSET = 0.39, 3.0, 1.18

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Voices:
    """What each voice sounds like.

    Attributes:
        means: (voices, dimensions): weighted means of their scaled embeddings.
        within: (voices,): how alike the pieces of each are.
    """

    means: _Floats
    within: _Floats

    def likeness(self, voiced: Voiced) -> _Floats:
        """Return how like each voice each piece is, 1 if it is that one: (pieces, voices)."""
        return np.asarray(voiced.scaled() @ self.means.T / self.within)


def learn_voices(voiced: Voiced, labels: Sequence[int]) -> Voices:
    """Return the voices that the pieces labelled 0, 1, ... make."""
    scaled, weights = voiced.scaled(), voiced.durations
    numbers = range(max(labels) + 1)
    members = [np.flatnonzero(np.asarray(labels) == number) for number in numbers]
    means = [weights[own] @ scaled[own] / weights[own].sum() for own in members]
    within = [likeness_within(scaled[own], weights[own]) for own in members]
    return Voices(np.array(means), np.array(within))


def assign_pieces(
    pieces: Sequence[Piece], voiced: Voiced, labels: Sequence[int]
) -> tuple[int, ...]:
    """Return the voice of each piece.

    Args:
        pieces: In order of regions and of time.
        voiced: Their embeddings.
        labels: What is known of the voice of each piece, ``NO_VOICE`` where it is not.
    """
    odds = likeness_to_voices(voiced, labels) * sharpness(voiced)[:, np.newaxis]
    assigned = np.zeros(len(pieces), int)
    order = sorted(range(len(pieces)), key=lambda k: (pieces[k].track, pieces[k].span.start))
    for _, track in groupby(order, key=lambda k: pieces[k].track):
        indices = list(track)
        assigned[indices] = find_path(odds[indices], _change_costs([pieces[k] for k in indices]))
    return tuple(assigned.tolist())


def likeness_to_voices(voiced: Voiced, labels: Sequence[int]) -> _Floats:
    """Return how like each voice each piece is: (pieces, voices).

    No piece is a witness for itself, unless it is the only one of its voice.
    """
    voices = learn_voices(voiced, labels)
    likeness = voices.likeness(voiced)
    scaled, weights = voiced.scaled(), voiced.durations
    for number in range(len(voices.means)):
        own = np.flatnonzero(np.asarray(labels) == number)
        if len(own) < 2:
            continue
        total = weights[own].sum()
        products = scaled[own] @ voices.means[number] * total
        itself = weights[own] * (scaled[own] ** 2).sum(axis=1)
        without = (products - itself) / (total - weights[own])
        likeness[own, number] = without / voices.within[number]
    return likeness


def sharpness(voiced: Voiced) -> _Floats:
    """Return how much likeness says of each piece: its odds for each unit of likeness."""
    return np.asarray(_SHARPNESS * np.minimum(1.0, voiced.durations / _FULL))


def rate_pieces(voiced: Voiced, likeness: _Floats, assigned: Sequence[int]) -> _Floats:
    """Return how sure it is that each piece is of its voice and of no other, 0..1.

    Args:
        voiced: The pieces.
        likeness: Of each piece to each voice.
        assigned: The voice of each.
    """
    rows = np.arange(len(assigned))
    own = likeness[rows, list(assigned)]
    others = likeness.copy()
    others[rows, list(assigned)] = -np.inf
    margin = np.clip((own - others.max(axis=1)) * sharpness(voiced), -20.0, 20.0)
    logit = _MARGIN_WEIGHT * margin + _LIKENESS_WEIGHT * np.clip(own, 0.0, 1.0) - _OFFSET
    return np.asarray(1.0 / (1.0 + np.exp(-logit)))


def _change_costs(pieces: Sequence[Piece]) -> list[float]:
    """Return the cost of going over to another voice before each piece."""
    gaps = [max(0.0, after.span.start - before.span.end) for before, after in pairwise(pieces)]
    return [0.0, *(_CHANGE * exp(-gap / _CHANGE_FADES) for gap in gaps)]
