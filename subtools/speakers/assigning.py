"""Every piece to one of the voices that were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
import numpy.typing as npt

from subtools.core import Seconds
from subtools.speakers.clustering import Voiced, likeness_within
from subtools.speakers.pieces import Piece

# Natural logarithms of odds. A piece of two seconds is told from a voice that is 0.3 less like
# it with odds of 400 to 1; to go over to another voice without a pause costs 50 to 1.
_SHARPNESS = 20.0  # for each unit of likeness, for a piece of _FULL or more
_FULL: Seconds = 2.0
_CHANGE = 3.0
_CHANGE_FADES: Seconds = 0.5  # of pause, after which the next piece may as well be another's

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
) -> tuple[tuple[int, ...], _Floats]:
    """Return the voice of each piece, and the odds of all: (pieces, voices).

    Args:
        pieces: In order of regions and of time.
        voiced: Their embeddings.
        labels: What is known of the voice of each piece, ``NO_VOICE`` where it is not.
    """
    odds = _compute_odds(voiced, labels)
    assigned = np.zeros(len(pieces), int)
    order = sorted(range(len(pieces)), key=lambda k: (pieces[k].track, pieces[k].span.start))
    for _, track in groupby(order, key=lambda k: pieces[k].track):
        indices = list(track)
        assigned[indices] = _find_path(odds[indices], _change_costs([pieces[k] for k in indices]))
    return tuple(assigned.tolist()), odds


def _compute_odds(voiced: Voiced, labels: Sequence[int]) -> _Floats:
    """Return the logarithm of the odds of each voice; no piece is a witness for itself."""
    voices = learn_voices(voiced, labels)
    likeness = voices.likeness(voiced)
    scaled, weights = voiced.scaled(), voiced.durations
    known = np.asarray(labels)
    for number in range(len(voices.means)):
        own = np.flatnonzero(known == number)
        if len(own) < 2:
            continue
        total = weights[own].sum()
        products = scaled[own] @ voices.means[number] * total
        itself = weights[own] * (scaled[own] ** 2).sum(axis=1)
        without = (products - itself) / (total - weights[own])
        likeness[own, number] = without / voices.within[number]
    sharpness = _SHARPNESS * np.minimum(1.0, weights / _FULL)
    return np.asarray(likeness * sharpness[:, np.newaxis])


def _change_costs(pieces: Sequence[Piece]) -> _Floats:
    """Return the cost of going over to another voice before each piece but the first."""
    gaps = [max(0.0, after.span.start - before.span.end) for before, after in pairwise(pieces)]
    return np.asarray(_CHANGE * np.exp(-np.array(gaps) / _CHANGE_FADES))


def _find_path(odds: _Floats, costs: _Floats) -> npt.NDArray[np.int_]:
    """Return the likeliest voice of each piece in a row (Viterbi)."""
    best, came_from = odds[0], []
    for row, cost in zip(odds[1:], costs, strict=True):
        winner = int(best.argmax())
        stays = best >= best[winner] - cost
        came_from.append(np.where(stays, np.arange(len(best)), winner))
        best = np.where(stays, best, best[winner] - cost) + row
    path = [int(best.argmax())]
    for origins in reversed(came_from):
        path.append(int(origins[path[-1]]))
    return np.array(path[::-1])
