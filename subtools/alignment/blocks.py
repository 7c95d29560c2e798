"""The work cut into blocks that can be decided one by one.

Between two pins lies a block: some words and some frames. Where there is far more sound
than its words can need, only the sound next to the pins is searched; where there are more
words than can be searched, only the words and the sound next to the pins. The rest is
speech without text and text without speech.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from subtools.alignment.anchors import Pin, find_densest
from subtools.alignment.hearing import Hearing
from subtools.alignment.spelling import Ids, Script

SLOWEST = 40  # frames per phone: words said as slowly as this stay in reach of their pin
REACH = 1500  # frames, in addition: a pause, or a sentence that the text lacks
FASTEST = 5  # frames per phone: no more words than this are sought next to a pin
EDGE = 3000  # frames next to a pin, where a block is too large to search
LARGEST = 20_000_000  # frames x phones: two and a half minutes; about 100 MB
NO_FRAME = -1  # stands between frames that are not neighbours: no word may go on here


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A word in a block, or the part of it on this side of a pin.

    Attributes:
        word: The word.
        readings: Its readings.
        first: Number of phones of the word that lie before this part.
        begins_clause: Whether a clause begins with it.
    """

    word: int
    readings: tuple[Ids, ...]
    first: int = 0
    begins_clause: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Words and frames that belong to each other, or not.

    Attributes:
        units: The words; the first and the last one may be parts of pinned words.
        frames: The frames, in order; ``NO_FRAME`` between frames that are no neighbours.
        starts_inside: Whether the first frame lies in the first phone.
        ends_inside: Whether the last frame lies in the last phone.
    """

    units: tuple[Unit, ...]
    frames: npt.NDArray[np.int32]
    starts_inside: bool
    ends_inside: bool


def cut_blocks(script: Script, pins: Sequence[Pin], hearing: Hearing) -> Iterator[Block]:
    """Yield the blocks between ``pins``, in order of time.

    Without any pin, in a long sound, only the part most like the text is searched.
    """
    frames = len(hearing.silence)
    reach = len(script.phones) * SLOWEST + REACH
    if not pins and frames > 2 * max(reach, EDGE):
        middle = find_densest(script, hearing)
        near = range(max(0, middle - reach), min(frames, middle + reach))
        yield from _cut_region(script, (None, None), range(len(script)), near)
        return
    for head, tail in pairwise((None, *pins, None)):
        start = head.frame if head else 0
        end = tail.frame if tail else frames
        words = range(head.word + 1 if head else 0, tail.word if tail else len(script))
        yield from _cut_region(script, (head, tail), words, range(start, end))


def _cut_region(
    script: Script, pins: tuple[Pin | None, Pin | None], words: range, frames: range
) -> Iterator[Block]:
    head, tail = pins
    phones = int(script.first[words.stop] - script.first[words.start])
    if not frames or not (phones or head or tail):
        return
    reach = phones * SLOWEST + REACH
    kept = min(len(frames), reach * ((head is not None) + (tail is not None) or 1))
    if kept * phones <= LARGEST or (head is None and tail is None and kept <= 2 * EDGE):
        yield _block(script, pins, words, _within_reach(pins, frames, reach))
        return
    if head:
        near = words[: _count_words(script, words)]
        yield _block(script, (head, None), near, _array(frames[:EDGE]))
    if tail:
        far = words[len(words) - _count_words(script, words, from_end=True) :]
        yield _block(script, (None, tail), far, _array(frames[-EDGE:]))


def _within_reach(
    pins: tuple[Pin | None, Pin | None], frames: range, reach: int
) -> npt.NDArray[np.int32]:
    """Return the frames near the pins, all of them if there are none."""
    head, tail = pins
    near = (head is not None) * reach, (tail is not None) * reach
    if not any(near) or sum(near) >= len(frames):
        return _array(frames)
    first = _array(frames[: near[0]])
    last = _array(frames[len(frames) - near[1] :])
    if not len(first) or not len(last):
        return np.concatenate([first, last])
    return np.concatenate([first, [np.int32(NO_FRAME)], last])


def _array(frames: range) -> npt.NDArray[np.int32]:
    return np.arange(frames.start, frames.stop, dtype=np.int32)


def _count_words(script: Script, words: range, *, from_end: bool = False) -> int:
    """Return how many words, from one end, could be spoken in ``EDGE`` frames."""
    first = script.first[words.start : words.stop + 1]
    phones = first[-1] - first[::-1] if from_end else first - first[0]
    return min(len(words), int(np.searchsorted(phones, EDGE // FASTEST, "right")))


def _block(
    script: Script,
    pins: tuple[Pin | None, Pin | None],
    words: range,
    frames: npt.NDArray[np.int32],
) -> Block:
    head, tail = pins
    units = [
        Unit(word, script.readings[word], begins_clause=bool(script.begins_clause[word]))
        for word in words
        if script.readings[word]
    ]
    if head:
        units.insert(0, Unit(head.word, (script.readings[head.word][0][head.phone :],), head.phone))
    if tail:
        part = script.readings[tail.word][0][: tail.phone + 1]
        begins_clause = bool(script.begins_clause[tail.word])
        units.append(Unit(tail.word, (part,), begins_clause=begins_clause))
    return Block(tuple(units), frames, head is not None, tail is not None)
