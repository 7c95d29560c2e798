"""Places where text and sound surely belong together.

The phones that the classifier hears, one after the other, are aligned with those of the
text. Inside long equal runs, a heard phone pins a phone of the text to a frame: the middle
of the phone, so that no border is decided here. A run counts only if it is long, or if
other runs near it are at the same distance from the text: a phrase that is said twice and
written once may fit in the wrong place, but then its neighbours do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.alignment.hearing import Hearing
from subtools.alignment.spelling import Script
from subtools.matching import equal_runs

SHORTEST_RUN = 3  # phones; shorter runs are chance
TRUSTED_RUN = 20  # phones: ten syllables in a row; a run needs no other support then
SUPPORT = 6  # phones that agree near a shorter run, at the same distance from the text
NEAR = 40  # phones before and after a run
SAME_DISTANCE = 8  # phones
# Phones that must agree on both sides of a pin; the weaker ones only where the stronger
# ones lie too far from each other.
STRENGTHS = (5, 3, 2)
STRONGEST = 12  # phones on both sides, beyond which more of them do not count
BLOCK_FRAMES = (800, 1600)  # the strongest pin so many frames after the last one is taken
FAR = 2400  # frames between two pins, from which weaker ones are welcome
SHORTEST_PINNED = 3  # frames of a phone that can hold a pin
LONGEST_WORD = 12  # phones; pins in longer words (numbers) would leave many states between


@dataclass(frozen=True, slots=True)
class Pin:
    """A phone of the text that sounds in a frame.

    Attributes:
        frame: The frame.
        word: The word.
        phone: Which phone of the word's likeliest reading, from 0.
    """

    frame: int
    word: int
    phone: int


@dataclass(frozen=True, slots=True, eq=False)
class _Candidates:
    """Pins that may be chosen, in order of time.

    Attributes:
        frame: The frame of each.
        place: The place of each in the phones of the text.
        strength: How many phones agree on both sides of each.
    """

    frame: npt.NDArray[np.int32]
    place: npt.NDArray[np.int32]
    strength: npt.NDArray[np.int32]


def find_pins(script: Script, hearing: Hearing) -> tuple[Pin, ...]:
    """Return pins in order of time and text, no two in the same word."""
    runs = equal_runs(script.phones.tolist(), hearing.phones.tolist(), SHORTEST_RUN)
    candidates = _list_candidates(script, hearing, runs[_are_supported(runs)])
    frames = len(hearing.silence)
    chosen: list[int] = []
    for strength in STRENGTHS:
        chosen = list(_choose(candidates, chosen, strength, frames))
    return tuple(_pin(script, candidates, index) for index in chosen)


def find_densest(script: Script, hearing: Hearing) -> int:
    """Return the frame around which most stretches of ``SHORTEST_RUN`` phones of the text are."""
    text, heard = script.phones.tobytes(), hearing.phones.tobytes()
    known = {text[k : k + SHORTEST_RUN] for k in range(len(text) - SHORTEST_RUN + 1)}
    places = range(len(heard) - SHORTEST_RUN + 1)
    shared = np.array([heard[k : k + SHORTEST_RUN] in known for k in places], np.float32)
    if not shared.any():
        return 0
    density = np.convolve(shared, np.ones(min(len(text), len(shared))), "same")
    return int(hearing.first[int(density.argmax())])


def _are_supported(runs: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Tell for each run whether it is long, or in line with its neighbours."""
    starts, distance, lengths = runs[:, 0], runs[:, 1] - runs[:, 0], runs[:, 2]
    supported = lengths >= TRUSTED_RUN
    firsts = np.searchsorted(starts, starts - NEAR)
    lasts = np.searchsorted(starts, starts + lengths + NEAR)
    for index in np.flatnonzero(~supported):
        near = slice(firsts[index], lasts[index])
        in_line = np.abs(distance[near] - distance[index]) <= SAME_DISTANCE
        supported[index] = lengths[near][in_line].sum() - lengths[index] >= SUPPORT
    return supported


def _list_candidates(script: Script, hearing: Hearing, runs: npt.NDArray[np.int32]) -> _Candidates:
    """Return every phone inside the runs that is long enough to hold a pin."""
    lengths = runs[:, 2]
    inside = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    place = np.repeat(runs[:, 0], lengths) + inside
    heard = np.repeat(runs[:, 1], lengths) + inside
    to_end = np.repeat(lengths, lengths) - 1 - inside
    strength = np.minimum(np.minimum(inside, to_end), STRONGEST).astype(np.int32)
    first, last = hearing.first[heard], hearing.last[heard]
    words = script.words[place]
    fits = script.first[words + 1] - script.first[words] <= LONGEST_WORD
    good = (strength >= min(STRENGTHS)) & (last - first >= SHORTEST_PINNED) & fits
    return _Candidates(((first + last) // 2)[good], place[good].astype(np.int32), strength[good])


def _choose(
    candidates: _Candidates, chosen: Sequence[int], strength: int, frames: int
) -> Iterator[int]:
    """Yield ``chosen`` and more candidates where those lie too far from each other."""
    done = -1
    for index in (*chosen, len(candidates.frame)):
        start = int(candidates.frame[done]) if done >= 0 else 0
        end = int(candidates.frame[index]) if index < len(candidates.frame) else frames
        if not chosen or end - start > FAR:
            yield from _walk(candidates, range(done + 1, index), (start, end), strength)
        if index < len(candidates.frame):
            yield index
        done = index


def _walk(
    candidates: _Candidates, among: range, frames: tuple[int, int], strength: int
) -> Iterator[int]:
    """Yield the strongest candidates, one every ``BLOCK_FRAMES`` or later."""
    nearest, farthest = BLOCK_FRAMES
    strong = np.flatnonzero(candidates.strength[among.start : among.stop] >= strength)
    strong += among.start
    now, end = frames
    strong = strong[candidates.frame[strong] < end - nearest // 2]
    times = candidates.frame[strong]
    while True:
        first = int(np.searchsorted(times, now + nearest))
        if first >= len(times):
            return
        last = max(first + 1, int(np.searchsorted(times, now + farthest)))
        best = strong[first + int(candidates.strength[strong[first:last]].argmax())]
        yield int(best)
        now = int(candidates.frame[best])


def _pin(script: Script, candidates: _Candidates, index: int) -> Pin:
    place = int(candidates.place[index])
    word = int(script.words[place])
    return Pin(int(candidates.frame[index]), word, place - int(script.first[word]))
