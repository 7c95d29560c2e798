"""The best path through each of several blocks.

Per frame, a path is in a phone of a word (two frames at least), in silence or in speech
without text at a junction. From a junction it goes into the word after it, or skips any
number of words. NumPy does one step for all blocks at once; what it takes per block is
little enough that an hour takes seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.alignment.blocks import NO_FRAME
from subtools.alignment.hearing import Hearing
from subtools.alignment.lattice import Lattice
from subtools.alignment.prices import Prices

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

UNREACHABLE = np.float32(-1e9)
IMPOSSIBLE = np.float32(-1e6)  # a phone where no frame is
CHUNK = 64  # frames whose log-probabilities are gathered at a time


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """How the best path came to every state; one row a frame, then one a block.

    Attributes:
        entered: Whether a state was entered two frames ago, rather than kept.
        best_reading: Whether a reading ends with the best score of its word, flat as
            ``Lattice.last`` is.
        from_word: Whether a junction is reached from the word before it.
        skipped: Whether it is, otherwise, reached by skipping words.
        skip_begins: Whether what is skipped before a later junction begins here.
        filler: Whether a gap is speech, rather than silence.
        filler_kept: Whether such speech went on, rather than began.
        score: (blocks,): score of the best whole path.
    """

    entered: Bools
    best_reading: Bools
    from_word: Bools
    skipped: Bools
    skip_begins: Bools
    filler: Bools
    filler_kept: Bools
    score: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Emissions:
    """What the frames of the blocks say; padded with frames that say nothing.

    Attributes:
        log_probs: (frames, phones) of the whole sound.
        bias: (phones,): added to them.
        frames: (frames, blocks): which frame; ``NO_FRAME`` where there is none.
        silence: (frames, blocks): score of silence.
        filler: (frames, blocks): score of speech without text.
        floor: The least score of a phone.
    """

    log_probs: npt.NDArray[np.floating]
    bias: Floats
    frames: npt.NDArray[np.int32]
    silence: Floats
    filler: Floats
    floor: np.float32

    def phones(self, start: int) -> Floats:
        """Return (frames, blocks, phones) from frame ``start`` on, ``CHUNK`` at most."""
        frames = self.frames[start : start + CHUNK]
        scores = self.log_probs[frames].astype(np.float32)
        scores += self.bias
        np.maximum(scores, self.floor, out=scores)
        scores[frames == NO_FRAME] = IMPOSSIBLE
        return scores


def gather(
    lattice: Lattice,
    log_probs: npt.NDArray[np.floating],
    hearing: Hearing,
    prices: Prices,
    bias: Floats,
) -> Emissions:
    """Return what the frames of the blocks of ``lattice`` say."""
    length = max(len(block.frames) for block in lattice.blocks)
    frames = np.full((length, len(lattice.blocks)), NO_FRAME, np.int32)
    for row, block in enumerate(lattice.blocks):
        frames[: len(block.frames), row] = block.frames
    floor = np.float32(-prices.floor)
    silence = np.maximum(hearing.silence, floor)[frames]
    filler = np.maximum(hearing.speech, floor)[frames] - np.float32(prices.filler_frame)
    silence[frames == NO_FRAME] = filler[frames == NO_FRAME] = 0
    return Emissions(log_probs, bias, frames, silence, filler, floor)


def search(lattice: Lattice, emissions: Emissions, prices: Prices) -> Steps:
    """Return how the best paths came to be."""
    search = _Search(lattice, emissions, prices)
    for frame in range(len(emissions.frames)):
        search.step(frame)
    return search.steps


class _Search:
    """The scores while they are computed: three rows of frames, turn by turn."""

    def __init__(self, lattice: Lattice, emissions: Emissions, prices: Prices) -> None:
        self.lattice, self.emissions = lattice, emissions
        self.filler_open = lattice.inside + np.float32(prices.filler_open)
        self.skip_from = lattice.skip - lattice.inside
        self.skip_to = (lattice.skip + lattice.inside + np.float32(prices.skip_open))[:, 1:]
        blocks, states, junctions = len(lattice.blocks), lattice.states, lattice.junctions
        self.steps = _empty_steps(lattice, len(emissions.frames))
        self.rows = np.full((3, blocks, lattice.width), UNREACHABLE, np.float32)
        self.starts = np.array([block.starts_inside for block in lattice.blocks])
        self.rows[2, ~self.starts, states] = 0  # before the first frame: at junction 0
        self.filler = np.full((blocks, junctions), UNREACHABLE, np.float32)
        self.scores = np.zeros((2, blocks, states), np.float32)  # of the phones, two frames
        self.flat_phones = lattice.phones + np.arange(blocks)[:, None] * _columns(emissions)
        self.enter = np.empty((blocks, states), np.float32)
        self.exits, self.exits_again = np.empty((2, len(lattice.last)), np.float32)
        self.ends = np.array([len(block.frames) for block in lattice.blocks]) - 1
        self.chunk = np.empty((0, 0, 0), np.float32)

    def step(self, frame: int) -> None:
        """Compute the scores of one frame."""
        if frame % CHUNK == 0:
            self.chunk = self.emissions.phones(frame)
        # Rows go round: that of frame -1 is 2, as that of frame 2 will be.
        now, last, before = (self.rows[(frame - back) % 3] for back in range(3))
        self._step_words(frame, now, last, before)
        self._step_junctions(frame, now, last)
        for row in np.flatnonzero(self.ends == frame):
            self._finish(int(row), now)

    def _step_words(self, frame: int, now: Floats, last: Floats, before: Floats) -> None:
        states, enter = self.lattice.states, self.enter
        heard, heard_before = self.scores[frame % 2], self.scores[(frame - 1) % 2]
        np.take(self.chunk[frame % CHUNK], self.flat_phones, out=heard, mode="clip")
        np.take(before, self.lattice.before, out=enter, mode="clip")
        enter += heard_before
        enter += heard
        stay = np.add(last[:, :states], heard, out=now[:, :states])
        np.greater(enter, stay, out=self.steps.entered[frame])
        np.maximum(enter, stay, out=stay)
        if frame == 0:
            now[self.starts, 0] = heard[self.starts, 0]

    def _step_junctions(self, frame: int, now: Floats, last: Floats) -> None:
        lattice, steps, filler = self.lattice, self.steps, self.filler
        columns = slice(lattice.states, lattice.states + lattice.junctions)
        exits = np.take(now, lattice.last, out=self.exits, mode="clip")
        best_exits = np.maximum.reduceat(exits, lattice.groups)
        again = np.take(best_exits, lattice.group, out=self.exits_again, mode="clip")
        np.equal(exits, again, out=steps.best_reading[frame])
        words = best_exits.reshape(filler.shape)
        silence = last[:, columns] + self.emissions.silence[frame][:, None]
        begun = last[:, columns] - self.filler_open
        np.greater_equal(filler, begun, out=steps.filler_kept[frame])
        np.maximum(filler, begun, out=filler)
        filler += self.emissions.filler[frame][:, None]
        np.greater(filler, silence, out=steps.filler[frame])
        gap = np.maximum(filler, silence, out=silence)
        reach = gap + self.skip_from
        best = np.maximum.accumulate(reach, axis=1)
        np.equal(reach, best, out=steps.skip_begins[frame])
        skipped = best[:, :-1] - self.skip_to
        np.greater(skipped, gap[:, 1:], out=steps.skipped[frame][:, 1:])
        np.maximum(gap[:, 1:], skipped, out=gap[:, 1:])
        np.greater_equal(words, gap, out=steps.from_word[frame])
        np.maximum(words, gap, out=now[:, columns])

    def _finish(self, row: int, now: Floats) -> None:
        """Take note of the score at the end of a block."""
        layout, block = self.lattice.layouts[row], self.lattice.blocks[row]
        end = layout.states - 1 if block.ends_inside else self.lattice.states + layout.words
        self.steps.score[row] = now[row, end]


def _columns(emissions: Emissions) -> int:
    return int(emissions.log_probs.shape[1])


def _empty_steps(lattice: Lattice, frames: int) -> Steps:
    def marks(columns: int) -> Bools:
        return np.zeros((frames, len(lattice.blocks), columns), np.bool_)

    return Steps(
        entered=marks(lattice.states),
        best_reading=np.zeros((frames, len(lattice.last)), np.bool_),
        from_word=marks(lattice.junctions),
        skipped=marks(lattice.junctions),
        skip_begins=marks(lattice.junctions),
        filler=marks(lattice.junctions),
        filler_kept=marks(lattice.junctions),
        score=np.full(len(lattice.blocks), UNREACHABLE, np.float32),
    )
