"""Steps of the search back into words and times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from subtools.alignment.lattice import Lattice
from subtools.alignment.viterbi import IMPOSSIBLE, Steps


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word, or the part of it in a block, as the best path has it.

    Attributes:
        unit: Which unit of the block.
        reading: Which reading of it.
        starts: First step of each phone, in steps of the block.
        end: Step after its last one.
    """

    unit: int
    reading: int
    starts: tuple[int, ...]
    end: int


@dataclass(frozen=True, slots=True)
class Filler:
    """Speech without text, as the best path has it.

    Attributes:
        first: First step.
        last: Step after its last one.
        unit: The unit before which it stands.
    """

    first: int
    last: int
    unit: int


def trace_block(lattice: Lattice, steps: Steps, row: int) -> tuple[Spoken | Filler, ...]:
    """Return what the best path through block ``row`` says, in order; nothing if there is none."""
    if steps.score[row] <= IMPOSSIBLE:
        return ()
    return tuple(_Trace(lattice, steps, row).follow())[::-1]


class _Trace:
    """Follows one path back."""

    def __init__(self, lattice: Lattice, steps: Steps, row: int) -> None:
        self.row, self.layout = row, lattice.layouts[row]
        self.block = lattice.blocks[row]
        self.entered = steps.entered[:, row]
        self.from_word, self.skipped = steps.from_word[:, row], steps.skipped[:, row]
        self.skip_begins = steps.skip_begins[:, row]
        self.filler, self.filler_kept = steps.filler[:, row], steps.filler_kept[:, row]
        first = int(lattice.groups[row * lattice.junctions]) + 1
        self.best_reading = steps.best_reading[:, first : first + len(self.layout.branch_last)]
        self.before = self.layout.before.tolist()

    def follow(self) -> Iterator[Spoken | Filler]:
        """Yield what is spoken, the last first."""
        now, junction = len(self.block.frames) - 1, self.layout.words
        if self.block.ends_inside:
            word = self._follow_word(now, junction - 1, 0)
            yield word
            now, junction = word.starts[0] - 1, junction - 1
        while now >= 0:
            if self.from_word[now, junction]:
                word = self._follow_word(now, junction - 1, self._reading(now, junction - 1))
                yield word
                now, junction = word.starts[0] - 1, junction - 1
                continue
            if self.skipped[now, junction]:
                junction -= 1
                while not self.skip_begins[now, junction]:
                    junction -= 1
            if self.filler[now, junction]:
                filler = self._follow_filler(now, junction)
                yield filler
                now = filler.first - 1
            else:
                now -= 1

    def _reading(self, now: int, unit: int) -> int:
        first, last = self.layout.branches[unit : unit + 2]
        return int(self.best_reading[now, first:last].argmax())

    def _follow_word(self, now: int, unit: int, reading: int) -> Spoken:
        state = int(self.layout.branch_last[self.layout.branches[unit] + reading])
        starts, end = [], now + 1
        while state >= 0:
            while now > 0 and not self.entered[now, state]:
                now -= 1
            # A phone that the block begins in was never entered.
            start = now - 1 if now > 0 else 0
            starts.append(start)
            now, state = start - 1, self.before[state]
        return Spoken(unit, reading, tuple(starts[::-1]), end)

    def _follow_filler(self, now: int, junction: int) -> Filler:
        last = now + 1
        while self.filler_kept[now, junction]:
            now -= 1
        return Filler(now, last, junction)
