"""Pieces of speech to voices: which embeddings are of the same person.

Agglomerative clustering with average linkage, on cosines from which the noise of short pieces
is taken out, so that 1 is expected of two pieces of one voice whatever their length. The tree
is cut from its root down. How alike different people are depends on the recording (a telephone
makes all voices alike), and so does how alike the pieces of one are (noise makes them less so):
two branches are two people if they are clearly less alike than the pieces within each of them,
seen from how alike the surely different voices of this recording are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.core import ANY_NUMBER, Seconds, SpeakerCount

# A piece of d seconds is its voice plus noise whose variance is _FLOOR + _NOISE / d, in units
# of the voice's: fitted to 22 real voices, whose pieces of 1, 1.5, 2 and 4 s have cosines of
# 0.44, 0.54, 0.61 and 0.74 in the median (CAM++).
_NOISE, _FLOOR = 1.2, 0.05

# Two branches are one voice if they are as alike as this share of the way from different voices
# to one voice in this recording. Chosen on conversations put together from 22 real voices, some
# of them over a telephone line, and left as it was on 16 others.
SHARE = 0.7
LEAST_ALIKE = 0.35  # below which they are two in any case
_STRANGERS = 0.05  # likeness of different voices in clean recordings ...
_STRANGERS_WEIGHT = 1.0  # ... which counts as much as so many branches of this one
_SURELY_TWO = 0.4  # likeness below which two branches are different people everywhere
LEAST_VOICE: Seconds = 2.5  # less is not enough to tell a new voice from a noisy piece
NO_VOICE = -1
_USUAL = 1.0  # likeness within a voice, where there are too few pieces to see it
_USUAL_WEIGHT = 3.0  # pairs of pieces that this expectation counts for
_MOST_PAIRS = 50.0  # pairs after which more say nothing new

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Voiced:
    """Embeddings with the length of the pieces that they are of.

    Attributes:
        embeddings: (pieces, dimensions), unit length.
        durations: (pieces,), in seconds.
    """

    embeddings: npt.NDArray[np.float32]
    durations: npt.NDArray[np.float64]

    def __len__(self) -> int:
        """Return how many pieces there are."""
        return len(self.durations)

    def scaled(self) -> _Floats:
        """Return the embeddings so long that those of one voice have a product of 1."""
        noise = _FLOOR + _NOISE / np.maximum(self.durations, 0.3)
        return np.asarray(self.embeddings * np.sqrt(1.0 + noise)[:, np.newaxis], np.float64)


@dataclass(frozen=True, slots=True)
class _Branch:
    """A node of the tree.

    Attributes:
        members: Indices of its pieces.
        halves: The two branches it was joined from; None for a single piece.
        likeness: Average likeness of the pieces of one half to those of the other.
        within: Average likeness of its own pieces.
        duration: Of its pieces together, in seconds.
    """

    members: npt.NDArray[np.int_]
    halves: tuple[int, int] | None
    likeness: float
    within: float
    duration: Seconds


def cluster_voices(voiced: Voiced, count: SpeakerCount = ANY_NUMBER) -> tuple[int, ...]:
    """Return the cluster of each piece, numbered from 0 in order of their first pieces.

    What is too little to be a voice of its own is in cluster ``NO_VOICE``, unless there
    is nothing else.

    Args:
        voiced: What to cluster; memory and time grow with the square of its number.
        count: How many clusters there may be.
    """
    if not len(voiced):
        return ()
    tree = _grow_tree(voiced)
    kept = _cut_tree(tree, count)
    voices = [branch for branch in kept if tree[branch].duration >= LEAST_VOICE]
    voices = voices or [max(kept, key=lambda branch: tree[branch].duration)]
    labels = np.full(len(voiced), NO_VOICE)
    for number, branch in enumerate(sorted(voices, key=lambda k: int(tree[k].members.min()))):
        labels[tree[branch].members] = number
    return tuple(labels.tolist())


def _grow_tree(voiced: Voiced) -> list[_Branch]:
    """Return all branches, single pieces first, the root last."""
    scaled, weights = voiced.scaled(), voiced.durations
    short = scaled.astype(np.float32)  # half the memory; a likeness is good to two digits
    pairs = _join_nearest(short @ short.T, weights)
    tree = [_Branch(np.array([k]), None, 1.0, _USUAL, float(d)) for k, d in enumerate(weights)]
    for left, right, likeness in pairs:
        members = np.concatenate((tree[left].members, tree[right].members))
        within = likeness_within(scaled[members], weights[members])
        duration = tree[left].duration + tree[right].duration
        tree.append(_Branch(members, (left, right), likeness, within, duration))
    return tree


def _join_nearest(
    alike: npt.NDArray[np.float32], weights: _Floats
) -> Iterator[tuple[int, int, float]]:
    """Yield the branches to join, and their likeness, by chains of nearest neighbours.

    ``alike`` is used up.

    New branches are numbered from the number of pieces on. Averages are reducible, so the
    tree is that of always joining the nearest two (F. Murtagh, 1983).
    """
    count = len(alike)
    weights, names = weights.copy(), list(range(count))
    np.fill_diagonal(alike, -np.inf)
    chain: list[int] = []
    for joined in range(count - 1):
        if not chain:
            chain = [next(k for k in range(count) if names[k] >= 0)]
        while True:
            last = chain[-1]
            nearest = int(alike[last].argmax())
            if len(chain) > 1 and alike[last, nearest] <= alike[last, chain[-2]]:
                break
            chain.append(nearest)
        right, left = chain.pop(), chain.pop()
        yield names[left], names[right], float(alike[left, right])
        whole = weights[left] + weights[right]
        row = (alike[left] * weights[left] + alike[right] * weights[right]) / whole
        row[left] = row[right] = -np.inf
        alike[left], alike[:, left] = row, row
        alike[right], alike[:, right] = -np.inf, -np.inf
        weights[left], names[left], names[right] = whole, count + joined, -1


def likeness_within(scaled: _Floats, weights: _Floats) -> float:
    """Return the average likeness of all pairs, drawn to ``_USUAL`` where they are few."""
    if len(weights) < 2:
        return _USUAL
    both = weights @ weights
    pairs = weights.sum() ** 2 - both
    total = float(((weights @ scaled) ** 2).sum() - (weights**2) @ (scaled**2).sum(axis=1))
    number = min(_MOST_PAIRS, len(weights) * (len(weights) - 1) / 2)
    return float((total / pairs * number + _USUAL * _USUAL_WEIGHT) / (number + _USUAL_WEIGHT))


def _cut_tree(tree: Sequence[_Branch], count: SpeakerCount) -> list[int]:
    """Return the branches that are one voice each, or too little to be a voice."""
    strangers = _likeness_of_strangers(tree)
    kept = [len(tree) - 1]
    while True:
        voices = sum(tree[branch].duration >= LEAST_VOICE for branch in kept)
        may_grow = count.most is None or voices < count.most
        splits = [
            (_distance(tree, branch, strangers), branch)
            for branch in kept
            if tree[branch].halves and (may_grow or not _is_pair(tree, branch))
        ]
        splits = [split for split in splits if split[0] > 0]
        if not splits and voices < count.least:
            splits = _forced_splits(tree, kept, strangers)
        if not splits:
            return kept
        branch = max(splits)[1]
        kept.remove(branch)
        kept.extend(tree[branch].halves or ())


def _forced_splits(
    tree: Sequence[_Branch], kept: Sequence[int], strangers: float
) -> list[tuple[float, int]]:
    """Return which branches hold two voices at all, and how unlike these are."""
    splits = []
    for branch in kept:
        pair: int | None = branch
        while pair is not None and not _is_pair(tree, pair):
            pair = max(tree[pair].halves or (), key=lambda k: tree[k].duration, default=None)
        if pair is not None:
            splits.append((_distance(tree, pair, strangers), branch))
    return splits


def _is_pair(tree: Sequence[_Branch], branch: int) -> bool:
    """Tell whether both halves of ``branch`` are enough to be a voice."""
    halves = tree[branch].halves or ()
    return bool(halves) and all(tree[half].duration >= LEAST_VOICE for half in halves)


def _likeness_of_strangers(tree: Sequence[_Branch]) -> float:
    """Return how alike different voices are in this recording."""
    seen = [
        tree[branch].likeness
        for branch in range(len(tree))
        if _is_pair(tree, branch) and tree[branch].likeness < _SURELY_TWO
    ]
    return (_STRANGERS * _STRANGERS_WEIGHT + sum(seen)) / (_STRANGERS_WEIGHT + len(seen))


def _distance(tree: Sequence[_Branch], branch: int, strangers: float) -> float:
    """Return by how much the halves of ``branch`` are too unlike to be one voice."""
    left, right = (tree[half] for half in tree[branch].halves or ())
    within = (left.within + right.within) / 2
    needed = max(LEAST_ALIKE, strangers + SHARE * (within - strangers))
    return needed - tree[branch].likeness
