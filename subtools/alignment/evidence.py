"""How well the sound of its frames speaks for every word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.alignment.hearing import CHUNK, NO_SPEECH, Hearing
from subtools.alignment.path import Path

Floats = npt.NDArray[np.float32]

FLOOR = -9.0  # nats; the least that a frame says against its phone
MOVED = 5  # frames by which an onset is moved to see whether it could lie elsewhere
ENOUGH = 20  # spoken phones of a class from which its own usual length is known
USUAL = 9.0  # frames of a phone, where nothing is known: 180 ms a syllable
NEIGHBOURS = 4  # words on either side that make up the context


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What speaks for each word at its place; (words,), NaN where a word is not spoken.

    Attributes:
        likelihood: Mean over its frames of the log-probability of its phone over that of
            the likeliest class, in nats; 0 at best.
        weakest: The same over the phone that fits worst.
        agreement: Share of the frames in which its phone is the likeliest class.
        pace: Natural logarithm of how long it lasts over how long its phones usually do.
        onset_margin: What moving its onset by ``MOVED`` frames would cost at least, in
            nats; little where the border to what is before it is blurred.
        context: Mean likelihood of the words around it, up to ``NEIGHBOURS`` on each side
            and itself; words that are not spoken count as the floor.
    """

    likelihood: Floats
    weakest: Floats
    agreement: Floats
    pace: Floats
    onset_margin: Floats
    context: Floats


def weigh_words(path: Path, log_probs: npt.NDArray[np.floating], hearing: Hearing) -> Evidence:
    """Return what speaks for each word of ``path``."""
    likelihood = _rate_frames(path, log_probs, hearing)
    per_phone = _mean(likelihood, path.first, path.last)
    wins = _mean((likelihood >= 0).astype(np.float32), path.first, path.last)
    lengths = (path.last - path.first).astype(np.float32)
    usual = usual_lengths(path)[path.phones]
    words = np.repeat(np.arange(len(path.reading)), np.diff(path.offsets))
    total = _per_word(path, lengths, words)
    per_word = _per_word(path, per_phone * lengths, words) / total
    weakest = np.full(len(path.reading), np.nan, np.float32)
    spoken = np.flatnonzero(path.spoken)
    if len(spoken):
        weakest[spoken] = np.minimum.reduceat(per_phone, path.offsets[spoken])
    return Evidence(
        likelihood=per_word,
        weakest=weakest,
        agreement=_per_word(path, wins * lengths, words) / total,
        pace=np.log(total / _per_word(path, usual, words)),
        onset_margin=_weigh_onsets(path, log_probs, hearing),
        context=_average_around(per_word),
    )


def usual_lengths(path: Path) -> Floats:
    """Return for every class how many frames it usually lasts in this talk."""
    lengths = (path.last - path.first).astype(np.float32)
    usual = float(np.median(lengths)) if len(lengths) >= ENOUGH else USUAL
    found = np.full(256, usual, np.float32)
    for phone in np.unique(path.phones):
        mine = lengths[path.phones == phone]
        if len(mine) >= ENOUGH:
            found[phone] = np.median(mine)
    return found


def _rate_frames(path: Path, log_probs: npt.NDArray[np.floating], hearing: Hearing) -> Floats:
    """Return for every frame of a word the log-ratio of its phone; 0 for all others."""
    rated = np.zeros(len(log_probs), np.float32)
    phone = np.full(len(log_probs), NO_SPEECH[0], np.intp)
    spoken = np.zeros(len(log_probs), np.bool_)
    for label, first, last in zip(path.phones, path.first, path.last, strict=True):
        phone[first:last] = label
        spoken[first:last] = True
    best = np.maximum(hearing.silence, hearing.speech)
    for start in range(0, len(log_probs), CHUNK):
        some = slice(start, start + CHUNK)
        mine = np.take_along_axis(log_probs[some], phone[some, None], 1)[:, 0]
        rated[some] = np.clip(mine.astype(np.float32) - best[some], FLOOR, 0)
    rated[~spoken] = 0
    return rated


def _mean(values: Floats, first: npt.NDArray[np.int32], last: npt.NDArray[np.int32]) -> Floats:
    """Return the mean of ``values`` over each stretch."""
    sums = np.concatenate([[0], np.cumsum(values, dtype=np.float64)])
    means: Floats = ((sums[last] - sums[first]) / (last - first)).astype(np.float32)
    return means


def _per_word(path: Path, values: Floats, words: npt.NDArray[np.intp]) -> Floats:
    """Return the sum of ``values`` of the phones of each word."""
    sums = np.bincount(words, values, len(path.reading)).astype(np.float32)
    sums[~path.spoken] = np.nan
    return sums


def _weigh_onsets(path: Path, log_probs: npt.NDArray[np.floating], hearing: Hearing) -> Floats:
    margin = np.full(len(path.reading), np.nan, np.float32)
    spoken = np.flatnonzero(path.spoken)
    starts = path.offsets[spoken]
    onset, phone = path.first[starts], path.phones[starts].astype(np.intp)
    before = np.concatenate([[-1], path.last[starts[1:] - 1]]) if len(starts) else onset
    previous = path.phones[starts - 1].astype(np.intp)  # wrong for the first; not used there
    touches = before == onset
    costs = np.zeros((2, len(spoken)), np.float32)
    for step in range(-MOVED, MOVED):
        frame = np.clip(onset + step, 0, max(0, len(log_probs) - 1))
        gap = np.maximum(hearing.silence, hearing.speech - 1)[frame]
        mine = np.maximum(log_probs[frame, phone].astype(np.float32), FLOOR)
        other = np.where(touches, np.maximum(log_probs[frame, previous], FLOOR), gap)
        costs[int(step >= 0)] += (mine - other) * (1 if step >= 0 else -1)
    margin[spoken] = costs.min(0)
    return margin


def _average_around(values: Floats) -> Floats:
    """Return the mean of each value and its neighbours; NaN counts as the floor."""
    known = np.where(np.isnan(values), FLOOR, values)
    sums = np.concatenate([[0], np.cumsum(known, dtype=np.float64)])
    index = np.arange(len(values))
    first = np.maximum(0, index - NEIGHBOURS)
    last = np.minimum(len(values), index + NEIGHBOURS + 1)
    around: Floats = ((sums[last] - sums[first]) / (last - first)).astype(np.float32)
    around[np.isnan(values)] = np.nan
    return around
