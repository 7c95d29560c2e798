"""Blocks as arrays of states, many blocks side by side.

For every block, in one row: the phones of all readings of all words, one after the other,
then the *junctions*: junction j stands before word j, and one more after the last word.
Rows are padded to the same width; the last column can never be reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from subtools.alignment.blocks import Block
from subtools.alignment.prices import Prices

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where the states of one block stand in its row.

    Attributes:
        phones: The phone of each state.
        before: The state before each inside its word; ~j for the first phone of word j.
        branch_last: For every reading of every word, its last state.
        branches: For every word its first reading, and the number of readings.
        skip: What skipping all words before each junction costs.
        inside: What beginning or ending something else at each junction costs.
    """

    phones: Places
    before: Places
    branch_last: Places
    branches: Places
    skip: npt.NDArray[np.float32]
    inside: npt.NDArray[np.float32]

    @property
    def states(self) -> int:
        """Number of states of words."""
        return len(self.phones)

    @property
    def words(self) -> int:
        """Number of words."""
        return len(self.branches) - 1


def lay_out(block: Block, prices: Prices) -> Layout:
    """Return the states of ``block``."""
    readings = [reading for unit in block.units for reading in unit.readings]
    lengths = np.array([len(reading) for reading in readings], np.intp)
    counts = [len(unit.readings) for unit in block.units]
    ends = np.cumsum(lengths)
    before = np.arange(lengths.sum(), dtype=np.intp) - 1
    before[ends - lengths] = ~np.repeat(np.arange(len(counts)), counts)
    phones_per_word = [len(unit.readings[0]) for unit in block.units]
    begins_clause = [*(unit.begins_clause for unit in block.units), True]
    skip = list(accumulate(phones_per_word, initial=0))
    return Layout(
        phones=np.array([phone for reading in readings for phone in reading], np.intp),
        before=before,
        branch_last=ends - 1,
        branches=np.array(list(accumulate(counts, initial=0)), np.intp),
        skip=np.array(skip, np.float32) * np.float32(prices.skip_phone),
        inside=np.where(begins_clause, 0, prices.inside_clause).astype(np.float32),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """The states of several blocks, one row a block.

    Attributes:
        blocks: The blocks.
        layouts: The layout of each.
        states: Columns for states of words.
        junctions: Columns for junctions.
        phones: (blocks, states): the phone of each state.
        before: (blocks, states): flat place of what comes before each state.
        last: Flat place of the last state of each reading, of all blocks; one for each
            junction that follows no word.
        groups: Where in ``last`` the readings of the word before each junction begin.
        group: For each place in ``last``, the junction after it, counted through.
        skip: (blocks, junctions): what skipping all words before each junction costs.
        inside: (blocks, junctions): what beginning or ending something else there costs.
    """

    blocks: tuple[Block, ...]
    layouts: tuple[Layout, ...]
    states: int
    junctions: int
    phones: Places
    before: Places
    last: Places
    groups: Places
    group: Places
    skip: npt.NDArray[np.float32]
    inside: npt.NDArray[np.float32]

    @property
    def width(self) -> int:
        """Columns of a row."""
        return self.states + self.junctions + 1


def build_lattice(blocks: Sequence[Block], layouts: Sequence[Layout]) -> Lattice:
    """Return the states of ``blocks``."""
    states = max(layout.states for layout in layouts)
    junctions = max(layout.words for layout in layouts) + 1
    width = states + junctions + 1
    phones = np.zeros((len(blocks), states), np.intp)
    before = np.full((len(blocks), states), width - 1, np.intp)
    skip, inside = np.zeros((2, len(blocks), junctions), np.float32)
    last, counts = [], []
    for row, layout in enumerate(layouts):
        phones[row, : layout.states] = layout.phones
        # ~j is junction j
        places = np.where(layout.before < 0, states + ~layout.before, layout.before)
        before[row, : layout.states] = places
        skip[row, : layout.words + 1] = layout.skip
        inside[row, : layout.words + 1] = layout.inside
        skip[row, layout.words + 1 :] = layout.skip[-1]
        padding = junctions - layout.words - 1
        nothing = np.full(padding, width - 1)
        last.append(np.concatenate([[width - 1], layout.branch_last, nothing]) + row * width)
        counts += [1, *np.diff(layout.branches).tolist(), *[1] * padding]
    return Lattice(
        blocks=tuple(blocks),
        layouts=tuple(layouts),
        states=states,
        junctions=junctions,
        phones=phones,
        before=before + width * np.arange(len(blocks))[:, None],
        last=np.concatenate(last),
        groups=np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.intp),
        group=np.repeat(np.arange(len(counts)), counts),
        skip=skip,
        inside=inside,
    )
