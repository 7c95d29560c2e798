"""Where a sound holds given words, whatever is written there.

Every pattern, a string of phones, is searched at every second frame: it may begin anywhere,
each of its phones lasts two frames at least, and they cost what the phone is less likely than
the likeliest one. Many stretches of the sound are searched side by side, so that an hour and
thousands of patterns take seconds, in memory that does not grow with the hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.phonetics import PHONE_INDEX

FLOOR = 7.0  # nats; the most that a frame can cost: a sure classifier is wrong now and then
MOST_COST = 2.5  # nats a phone of a pattern; chance costs 5 and more, a speaker's slip less
STEP = 2  # frames looked at together
LONGEST = 150  # steps; a term of some fifteen syllables
LANES = 8  # stretches searched side by side
CHUNK = 128  # steps converted at a time
_NEVER = np.float32(-1e9)

Floats = npt.NDArray[np.float32]
Frames = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Spotted:
    """A pattern heard.

    Attributes:
        pattern: Which, counted from 0.
        first: Its first frame.
        last: The frame after its last one.
        cost: What it costs more than the likeliest phones, in nats a phone.
    """

    pattern: int
    first: int
    last: int
    cost: float


def spot_patterns(
    patterns: Sequence[Sequence[str]], log_probs: npt.NDArray[np.floating]
) -> tuple[Spotted, ...]:
    """Return where each of ``patterns`` is heard, by time; the best of those that overlap.

    Args:
        patterns: Phones of ``phonetics.PHONES``; none of them empty.
        log_probs: (frames, phones) as ``core.Posteriors`` has them.
    """
    if not patterns or len(log_probs) < STEP:
        return ()
    found = _Search(patterns, log_probs).run()
    return tuple(sorted(_best(found), key=lambda hit: (hit.first, hit.last, hit.pattern)))


class _Search:
    """The scores while they are computed; one lane a stretch of the sound."""

    def __init__(
        self, patterns: Sequence[Sequence[str]], log_probs: npt.NDArray[np.floating]
    ) -> None:
        self.log_probs = log_probs
        self.steps = len(log_probs) // STEP
        self.lengths = np.array([len(pattern) for pattern in patterns])
        ids = [PHONE_INDEX[phone] for pattern in patterns for phone in pattern]
        self.phones = np.array(ids, np.intp)
        self.ends = np.cumsum(self.lengths) - 1
        self.starts = np.concatenate([[0], self.ends[:-1] + 1])
        self.limits = (-MOST_COST * self.lengths).astype(np.float32)
        self.stride = max(LONGEST, -(-self.steps // LANES))
        self.origins = np.arange(0, max(1, self.steps), self.stride)
        shape = len(self.origins), len(ids)
        self.score: Floats = np.full(shape, _NEVER, np.float32)
        self.begun: Frames = np.zeros(shape, np.int32)
        self.entering, self.since = np.empty_like(self.score), np.empty_like(self.begun)
        self.better = np.empty(shape, np.bool_)

    def run(self) -> Iterator[Spotted]:
        """Yield everything that is heard; what overlaps is not sorted out yet."""
        steps = min(self.stride + LONGEST, self.steps)
        for chunk in range(0, steps, CHUNK):
            costs = self._costs(chunk, min(CHUNK, steps - chunk))
            for offset in range(costs.shape[1]):
                self._step(costs[:, offset], self.origins + chunk + offset)
                yield from self._hits(chunk + offset)

    def _costs(self, chunk: int, length: int) -> Floats:
        """Return (lanes, steps, phones): how much likelier the likeliest phone is, negative."""
        steps = self.origins[:, None] + chunk + np.arange(length)
        inside = steps < self.steps
        first = np.minimum(steps, self.steps - 1) * STEP
        costs = np.zeros((*steps.shape, self.log_probs.shape[1]), np.float32)
        for frame in range(STEP):
            some = self.log_probs[first + frame].astype(np.float32)
            some -= some.max(axis=2, keepdims=True)
            costs += np.maximum(some, -FLOOR) / STEP
        costs[~inside] = -1e6
        return costs

    def _step(self, costs: Floats, steps: npt.NDArray[np.intp]) -> None:
        score, begun = self.score, self.begun
        self.entering[:, 1:] = score[:, :-1]
        self.entering[:, self.starts] = 0.0
        self.since[:, 1:] = begun[:, :-1]
        self.since[:, self.starts] = steps[:, None]
        np.greater(self.entering, score, out=self.better)
        np.copyto(score, self.entering, where=self.better)
        np.copyto(begun, self.since, where=self.better)
        np.take(costs, self.phones, axis=1, out=self.entering)
        score += self.entering

    def _hits(self, step: int) -> Iterator[Spotted]:
        ends = self.score[:, self.ends]
        lanes, patterns = np.nonzero(ends > self.limits)
        for lane, pattern in zip(lanes.tolist(), patterns.tolist(), strict=True):
            first = int(self.begun[lane, self.ends[pattern]])
            # What begins in the next lane's stretch is found there.
            if first < self.origins[lane] + self.stride:
                cost = -float(ends[lane, pattern]) / float(self.lengths[pattern])
                last = int(self.origins[lane]) + step + 1
                yield Spotted(pattern, first * STEP, last * STEP, cost)


def _best(found: Iterator[Spotted]) -> Iterator[Spotted]:
    """Yield the cheapest of those of the same pattern that overlap."""
    by_pattern: dict[int, list[Spotted]] = {}
    for hit in found:
        hits = by_pattern.setdefault(hit.pattern, [])
        if hits and hits[-1].first == hit.first:  # the same, a frame longer
            if hit.cost <= hits[-1].cost:
                hits[-1] = hit
        else:
            hits.append(hit)
    for hits in by_pattern.values():
        kept: list[Spotted] = []
        for hit in sorted(hits, key=lambda hit: (hit.cost, hit.first)):
            if all(hit.first >= other.last or hit.last <= other.first for other in kept):
                kept.append(hit)
        yield from kept
