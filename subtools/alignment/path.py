"""From readings and posteriors to the frames of every word."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.alignment.anchors import find_pins
from subtools.alignment.blocks import NO_FRAME, Block, cut_blocks
from subtools.alignment.hearing import Hearing, hear, speech_stretches
from subtools.alignment.lattice import Layout, build_lattice, lay_out
from subtools.alignment.prices import Prices
from subtools.alignment.spelling import Script, spell_script
from subtools.alignment.traceback import Filler, Spoken, trace_block
from subtools.alignment.viterbi import gather, search

UNSPOKEN = -1
LARGEST_BATCH = 8_000_000  # frames x columns searched at a time; some 5 bytes each
MOST_BLOCKS = 64  # searched side by side: more do not fit into the cache of a core


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Which frames each word takes, and which nothing explains.

    Attributes:
        reading: (words,): which of its readings was spoken; ``UNSPOKEN`` where none was.
        phones: The phones spoken, as numbers, of all words one after the other.
        first: First frame of each of these phones.
        last: Frame after the last one of each.
        offsets: (words + 1,): where the phones of each word begin in these arrays.
        fillers: (stretches, 2): first frame, and frame after the last one, of speech that
            no word explains; in order.
    """

    reading: npt.NDArray[np.int16]
    phones: npt.NDArray[np.uint8]
    first: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]
    fillers: npt.NDArray[np.int32]

    @property
    def spoken(self) -> npt.NDArray[np.bool_]:
        """(words,): whether each word is spoken."""
        return np.not_equal(self.reading, UNSPOKEN)

    @property
    def word_first(self) -> npt.NDArray[np.int32]:
        """(words,): first frame of each word; ``UNSPOKEN`` where it is not spoken."""
        found = np.full(len(self.reading), UNSPOKEN, np.int32)
        found[self.spoken] = self.first[self.offsets[:-1][self.spoken]]
        return found

    @property
    def word_last(self) -> npt.NDArray[np.int32]:
        """(words,): frame after the last one of each word; ``UNSPOKEN`` likewise."""
        found = np.full(len(self.reading), UNSPOKEN, np.int32)
        found[self.spoken] = self.last[self.offsets[1:][self.spoken] - 1]
        return found


def find_times(
    readings: Sequence[Sequence[Sequence[str]]],
    log_probs: npt.NDArray[np.floating],
    *,
    clause_starts: Collection[int] = (),
    prices: Prices | None = None,
    bias: npt.NDArray[np.floating] | None = None,
) -> Path:
    """Return which frames of a sound each word of a text takes.

    Args:
        readings: For every word the ways to say it, likeliest first, in phones; none where
            nothing can be spoken.
        log_probs: (frames, phones) as ``core.Posteriors`` has them.
        clause_starts: The words that clauses begin with, if known: there, other text or
            other speech is likelier to begin and end.
        prices: What a path pays for what does not match.
        bias: (phones,): added to all log-probabilities of words, in nats; to divide by
            prior probabilities, for instance.

    Raises:
        ValueError: If something in a reading is no phone, or a column is missing.
    """
    script = spell_script(readings, clause_starts)
    return trace_path(script, hear(log_probs), log_probs, prices, bias)


def trace_path(
    script: Script,
    hearing: Hearing,
    log_probs: npt.NDArray[np.floating],
    prices: Prices | None = None,
    bias: npt.NDArray[np.floating] | None = None,
) -> Path:
    """Return the same for what is spelled and heard already."""
    prices = prices or Prices()
    added = np.zeros(log_probs.shape[1], np.float32) if bias is None else bias.astype(np.float32)
    blocks = tuple(cut_blocks(script, find_pins(script, hearing), hearing))
    layouts = [lay_out(block, prices) for block in blocks]
    tracks = _Tracks(script, hearing, prices)
    for batch in _batches(blocks, layouts):
        lattice = build_lattice([blocks[k] for k in batch], [layouts[k] for k in batch])
        steps = search(lattice, gather(lattice, log_probs, hearing, prices, added), prices)
        for row, block in enumerate(lattice.blocks):
            tracks.add(block, trace_block(lattice, steps, row))
    return tracks.path()


def _batches(blocks: Sequence[Block], layouts: Sequence[Layout]) -> Iterator[list[int]]:
    """Yield which blocks are searched together: those of about the same size."""
    batch: list[int] = []
    widest = 0
    order = sorted(range(len(blocks)), key=lambda k: (len(blocks[k].frames), layouts[k].states))
    for index in order:
        wider = max(widest, layouts[index].states + layouts[index].words)
        size = len(blocks[index].frames) * wider * (len(batch) + 1)
        if batch and (size > LARGEST_BATCH or len(batch) >= MOST_BLOCKS):
            yield batch
            batch, wider = [], layouts[index].states + layouts[index].words
        batch.append(index)
        widest = wider
    if batch:
        yield batch


class _Tracks:
    """Collects what the blocks say."""

    def __init__(self, script: Script, hearing: Hearing, prices: Prices) -> None:
        self.script, self.hearing, self.prices = script, hearing, prices
        self.reading = np.full(len(script), UNSPOKEN, np.int16)
        self.starts: dict[int, dict[int, int]] = {}
        self.ends: dict[int, int] = {}
        self.fillers: list[tuple[int, int]] = []
        self.searched = np.zeros(len(hearing.silence), bool)

    def add(self, block: Block, found: Sequence[Spoken | Filler]) -> None:
        """Take note of what a block says."""
        if found or not block.starts_inside:
            self.searched[block.frames[block.frames != NO_FRAME]] = True
        for item in found:
            if isinstance(item, Filler):
                self.fillers.extend(_real_stretches(block.frames[item.first : item.last]))
            else:
                self._add_word(block, item)

    def _add_word(self, block: Block, spoken: Spoken) -> None:
        unit = block.units[spoken.unit]
        starts = self.starts.setdefault(unit.word, {})
        continues = spoken.unit == 0 and block.starts_inside
        for phone, start in enumerate(spoken.starts, start=unit.first):
            if phone > unit.first or not continues:
                starts[phone] = int(block.frames[start])
        self.reading[unit.word] = spoken.reading
        end = int(block.frames[spoken.end - 1]) + 1
        self.ends[unit.word] = max(end, self.ends.get(unit.word, 0))

    def path(self) -> Path:
        """Return all of it."""
        phones: list[int] = []
        first: list[int] = []
        last: list[int] = []
        offsets = np.zeros(len(self.script) + 1, np.int64)
        for word, reading in enumerate(self.reading.tolist()):
            if reading != UNSPOKEN:
                starts = [start for _, start in sorted(self.starts[word].items())]
                phones += self.script.readings[word][reading]
                first += starts
                last += [*starts[1:], self.ends[word]]
            offsets[word + 1] = len(phones)
        return Path(
            reading=self.reading,
            phones=np.array(phones, np.uint8),
            first=np.array(first, np.int32),
            last=np.array(last, np.int32),
            offsets=offsets,
            fillers=self._all_fillers(),
        )

    def _all_fillers(self) -> npt.NDArray[np.int32]:
        """Return the stretches found, and speech where nothing was sought."""
        price = self.prices.filler_frame
        unsearched = speech_stretches(self.hearing, ~self.searched, price, self.prices.filler_open)
        stretches = sorted([*self.fillers, *unsearched])
        return np.array(stretches, np.int32).reshape(-1, 2)


def _real_stretches(frames: npt.NDArray[np.int32]) -> Iterator[tuple[int, int]]:
    """Yield first frame and frame after the last one of each run of neighbours in ``frames``."""
    for piece in np.split(frames, np.flatnonzero(frames == NO_FRAME)):
        real = piece[piece != NO_FRAME]
        if len(real):
            yield int(real[0]), int(real[-1]) + 1
