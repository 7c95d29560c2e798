"""What of the text is not in the sound, and what of the sound not in the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from subtools.alignment.hearing import Hearing
from subtools.alignment.path import Path
from subtools.alignment.spelling import Script
from subtools.alignment.splitting import match_in_gap

Stretch = tuple[int, int]  # first frame, and frame after the last one

SHORTEST_FILLER = 30  # frames: more than a syllable; less is a breath, or a slip of the search
ONE_PASSAGE = 200  # frames of silence inside a passage without text; a speaker thinks
LEAST_ROOM, MOST_ROOM = 0.4, 2.5  # speech there is, over what the words usually take
LONGEST_REPLACED = 500.0  # frames: two clauses; times shared out over more would be invented


class Kind(Enum):
    """What does not match."""

    UNSPOKEN = auto()  # words, and not enough speech in their place
    UNWRITTEN = auto()  # speech, and no words in its place
    REPLACED = auto()  # words, and about as much of another speech in their place


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Words, or speech, or both, that the best path leaves out in one place.

    Attributes:
        kind: What it is.
        words: The words; none if it is ``UNWRITTEN``.
        speech: The stretches of speech in their place, in order; none if ``UNSPOKEN``.
        window: From the end of the word before to the beginning of the word after.
        need: How many frames the words usually take.
    """

    kind: Kind
    words: range
    speech: tuple[Stretch, ...]
    window: Stretch
    need: float

    @property
    def span(self) -> Stretch:
        """From the first to the last frame of the speech, or the window if there is none."""
        return (self.speech[0][0], self.speech[-1][1]) if self.speech else self.window


def find_gaps(path: Path, needs: Sequence[float], frames: int) -> tuple[Mismatch, ...]:
    """Return what does not match, in order of text and time, not told apart yet.

    Args:
        path: The best path.
        needs: How many frames each word usually takes.
        frames: Length of the sound.
    """
    return tuple(_gaps(path, needs, frames))


def tell_kinds(
    gaps: Sequence[Mismatch],
    is_moved: npt.NDArray[np.bool_],
    needs: Sequence[float],
    script: Script,
    hearing: Hearing,
) -> tuple[Mismatch, ...]:
    """Return what each of ``gaps`` is: text, speech, or one in the place of the other.

    Args:
        gaps: What does not match.
        is_moved: For each gap, whether its text is heard elsewhere, or its speech is
            written elsewhere.
        needs: How many frames each word usually takes.
        script: The phones of the text.
        hearing: What is heard.
    """
    found: list[Mismatch] = []
    weights = np.array(needs)
    for gap, whole in zip(gaps, is_moved, strict=True):
        words, places = gap.words, range(len(gap.speech))
        if not whole:
            words, places = match_in_gap(words, gap.speech, weights, script, hearing)
        before = range(gap.words.start, words.start), range(places.start)
        after = range(words.stop, gap.words.stop), range(places.stop, len(gap.speech))
        found.extend(_apart(_part(gap, *before, needs)))
        found.extend(_tell_kind(_part(gap, words, places, needs)))
        found.extend(_apart(_part(gap, *after, needs)))
    return tuple(found)


def _part(gap: Mismatch, words: range, places: range, needs: Sequence[float]) -> Mismatch:
    """Return the part of a gap with these words and these stretches of speech."""
    speech = gap.speech[places.start : places.stop]
    return replace(gap, words=words, speech=speech, need=sum(needs[word] for word in words))


def share_frames(mismatch: Mismatch, needs: Sequence[float]) -> Iterator[tuple[int, float, float]]:
    """Yield (word, first frame, last frame): the speech, shared in proportion to ``needs``."""
    weights = np.array([needs[word] for word in mismatch.words])
    if not mismatch.speech or not weights.sum():
        return
    lengths = np.array([last - first for first, last in mismatch.speech])
    spent = np.concatenate([[0], np.cumsum(lengths)])
    starts = np.array([first for first, _ in mismatch.speech])
    borders = np.concatenate([[0], np.cumsum(weights)]) / weights.sum() * spent[-1]
    for word, begin, end in zip(mismatch.words, borders, borders[1:], strict=False):
        if end > begin:
            first = int(np.clip(np.searchsorted(spent, begin, "right") - 1, 0, len(starts) - 1))
            last = int(np.clip(np.searchsorted(spent, end, "left") - 1, 0, len(starts) - 1))
            start = float(starts[first] + begin - spent[first])
            yield word, start, float(starts[last] + end - spent[last])


def _gaps(path: Path, needs: Sequence[float], frames: int) -> Iterator[Mismatch]:
    """Yield everything between two words that are spoken one after the other."""
    spoken = np.flatnonzero(path.spoken)
    first, last = path.word_first[spoken], path.word_last[spoken]
    words = [-1, *spoken.tolist(), len(path.reading)]
    ends, starts = [0, *last.tolist()], [*first.tolist(), frames]
    fillers = path.fillers.tolist()
    place = 0
    for (before, after), end, start in zip(pairwise(words), ends, starts, strict=True):
        speech = []
        while place < len(fillers) and fillers[place][0] < start:
            speech.append((fillers[place][0], fillers[place][1]))
            place += 1
        left_out = range(before + 1, after)
        if left_out or speech:
            need = sum(needs[word] for word in left_out)
            yield Mismatch(Kind.UNSPOKEN, left_out, tuple(speech), (end, start), need)


def _tell_kind(gap: Mismatch) -> Iterator[Mismatch]:
    """Yield what a gap is: text, speech, or one in the place of the other."""
    room = _amount(gap.speech) / gap.need if gap.need else 0.0
    if LEAST_ROOM <= room <= MOST_ROOM and gap.need <= LONGEST_REPLACED:
        yield replace(gap, kind=Kind.REPLACED)
    else:
        yield from _apart(gap)


def _apart(gap: Mismatch) -> Iterator[Mismatch]:
    """Yield the words of a gap as not spoken, and its speech as not written."""
    if gap.words:
        yield replace(gap, speech=())
    for passage in _passages(gap.speech):
        if _amount(passage) >= SHORTEST_FILLER:
            nothing = range(gap.words.start, gap.words.start)
            yield Mismatch(Kind.UNWRITTEN, nothing, passage, gap.window, 0.0)


def _passages(speech: Sequence[Stretch]) -> Iterator[tuple[Stretch, ...]]:
    """Yield the stretches, those with little silence between together."""
    passage: list[Stretch] = []
    for stretch in speech:
        if passage and stretch[0] - passage[-1][1] > ONE_PASSAGE:
            yield tuple(passage)
            passage = []
        passage.append(stretch)
    if passage:
        yield tuple(passage)


def _amount(speech: Sequence[Stretch]) -> int:
    return sum(last - first for first, last in speech)


def covered(speech: Sequence[Stretch], by: npt.NDArray[np.bool_]) -> float:
    """Return the share of the frames of ``speech`` that are marked in ``by``."""
    return sum(int(by[first:last].sum()) for first, last in speech) / max(1, _amount(speech))
