"""Words that agree with the sound by chance, where text and sound are different ones.

Where other words are spoken than are written, a syllable here and there is the same, and
the best path takes it. Such words would have wrong times and tear apart what belongs
together. They are told from others by what is around them: text that is not spoken and
speech that is not written, both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import numpy.typing as npt

from subtools.alignment.path import UNSPOKEN, Path

FAIR = 2.0  # nats by which the frames of a word may miss their phone for it to speak for itself
MOST = 1.0  # what a phone that is spoken says for its place
MISSING = 2.0  # what a phone that is missing, on either side, says against it
CHANGE = 4.0  # what going over from matching to not matching, or back, costs: two syllables
SHORTEST = 30.0  # frames of text and of speech that do not match: a syllable and a half


@dataclass(frozen=True, slots=True)
class _Item:
    """A word, or a stretch of speech without text.

    Attributes:
        word: The word; None for speech.
        value: What it says for text and sound belonging together here.
        text: Frames that the word would need, if it is not spoken.
        speech: Frames without text.
    """

    word: int | None
    value: float
    text: float = 0.0
    speech: float = 0.0


def drop_chance_words(
    path: Path, likelihood: npt.NDArray[np.float32], needs: Sequence[float], phone: float
) -> Path:
    """Return ``path`` without the words that agree by chance; their frames become filler.

    Args:
        path: The best path.
        likelihood: (words,): how well each word fits, in nats, 0 at best.
        needs: How many frames each word usually takes.
        phone: How many frames a phone usually takes.
    """
    items = list(_list_items(path, likelihood, needs, phone))
    dropped: list[int] = []
    for is_off, group in groupby(zip(_find_off(items), items, strict=True), key=lambda p: p[0]):
        zone = [item for _, item in group]
        if is_off and min(sum(i.text for i in zone), sum(i.speech for i in zone)) >= SHORTEST:
            dropped += [i.word for i in zone if i.word is not None and path.spoken[i.word]]
    return _without(path, dropped) if dropped else path


def _list_items(
    path: Path, likelihood: npt.NDArray[np.float32], needs: Sequence[float], phone: float
) -> Iterator[_Item]:
    """Yield words and fillers in the order of the path."""
    fillers = path.fillers.tolist()
    place = 0
    for word, first in enumerate(path.word_first.tolist()):
        while first != UNSPOKEN and place < len(fillers) and fillers[place][0] < first:
            length = fillers[place][1] - fillers[place][0]
            yield _Item(None, -MISSING * length / phone, speech=length)
            place += 1
        if first == UNSPOKEN:
            yield _Item(word, -MISSING * needs[word] / phone, text=needs[word])
        else:
            fit = float(np.clip(likelihood[word] + FAIR, -MOST, MOST))
            yield _Item(word, fit * (path.offsets[word + 1] - path.offsets[word]))
    for begin, end in fillers[place:]:
        yield _Item(None, -MISSING * (end - begin) / phone, speech=end - begin)


def _find_off(items: Sequence[_Item]) -> list[bool]:
    """Return for each item whether text and sound do not belong together there."""
    fits, off = 0.0, -CHANGE
    changed: list[tuple[bool, bool]] = []  # whether each state came from the other one
    for item in items:
        changed.append((off - CHANGE > fits, fits - CHANGE > off))
        fits, off = max(fits, off - CHANGE) + item.value, max(off, fits - CHANGE)
    is_off = off - CHANGE > fits
    found = []
    for to_fits, to_off in reversed(changed):
        found.append(is_off)
        is_off = (not is_off) if (to_off if is_off else to_fits) else is_off
    return found[::-1]


def _without(path: Path, dropped: Sequence[int]) -> Path:
    """Return ``path`` with the words ``dropped`` as speech without text."""
    reading = path.reading.copy()
    reading[dropped] = UNSPOKEN
    lengths = np.diff(path.offsets)
    kept = np.repeat(reading != UNSPOKEN, lengths)
    lengths[reading == UNSPOKEN] = 0
    freed = np.stack([path.word_first[dropped], path.word_last[dropped]], axis=1)
    fillers = np.concatenate([path.fillers, freed])
    return replace(
        path,
        reading=reading,
        phones=path.phones[kept],
        first=path.first[kept],
        last=path.last[kept],
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        fillers=fillers[fillers[:, 0].argsort()],
    )
