"""Onsets after a pause, read off the sound's level.

The classifier's frames are 10 ms long and its idea of where silence ends is a little late
when the first consonant is soft. The level of the sound has no such doubts: after a pause
the onset is where it rises clearly above what was there before.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from subtools.core import FRAME

PAUSE = 3  # frames; a shorter gap is the closure of a stop
BACKGROUND = 50  # frames of the pause that say how loud the background is
QUIET = 20  # percentile of the pause's level taken for the background
EARLIER, LATER = 10, 6  # frames around the classifier's onset in which the true one is
CLEAR = 10.0  # dB from the background to the loudest frame of the onset; else it is masked
RISE = 6.0  # dB above the background at least; double the amplitude
SHARE = 0.15  # of the way from the background to the loudest frame, in dB
# dB below the speech of the talk: in a silent studio, breath and the tails of filters rise
# above nothing at all long before a word, but nobody hears them.
INAUDIBLE = 40.0
_ONSET = 15  # frames in which a syllable reaches its loudest


def snap_onsets(
    first: npt.NDArray[np.int32], last: npt.NDArray[np.int32], level: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """Return the onset of each word, in seconds.

    Args:
        first: First frame of each word, in order of time.
        last: Frame after the last one of each.
        level: Level of each frame, in dB.

    An onset that no pause precedes, or whose rise is masked by noise, stays at its frame.
    Times are never before the end of the word before.
    """
    onsets = first.astype(np.float64) * FRAME
    least = _speech_level(first, last, level) - INAUDIBLE
    before = np.concatenate([[0], last[:-1]]) if len(last) else last
    for index in np.flatnonzero(first - before >= PAUSE):
        found = _rise(level, int(before[index]), int(first[index]), least)
        if found is not None:
            latest = (int(last[index]) - 1) * FRAME
            onsets[index] = np.clip(found, int(before[index]) * FRAME, latest)
    return onsets


def _speech_level(
    first: npt.NDArray[np.int32], last: npt.NDArray[np.int32], level: npt.NDArray[np.float32]
) -> float:
    """Return the level of the loudest frame of a word, in dB: the median of all words."""
    loudest = [level[a:b].max() for a, b in zip(first, last, strict=True) if a < b <= len(level)]
    return float(np.median(loudest)) if loudest else 0.0


def _rise(level: npt.NDArray[np.float32], earliest: int, onset: int, least: float) -> float | None:
    """Return when, around the frame ``onset``, the level rises out of the pause, in seconds."""
    background, loudest = _range(level, earliest, onset)
    if loudest - background < CLEAR:
        return None
    threshold = background + max(RISE, SHARE * (loudest - background))
    if least < loudest - RISE:  # not where a word is whispered
        threshold = max(threshold, least)
    lowest = max(earliest, onset - EARLIER)
    loud = level[lowest : onset + LATER + 1] >= threshold
    rising = np.flatnonzero(loud[onset - lowest :])
    if not len(rising):
        return None
    frame = onset - lowest + int(rising[0])
    while frame > 0 and loud[frame - 1]:
        frame -= 1
    return _crossing(level, lowest + frame, threshold)


def _range(level: npt.NDArray[np.float32], earliest: int, onset: int) -> tuple[float, float]:
    """Return the level of the background before ``onset`` and of the syllable after it."""
    pause = level[max(earliest, onset - BACKGROUND) : max(earliest + 1, onset - 2)]
    syllable = level[onset : onset + _ONSET]
    if not len(pause) or not len(syllable):
        return 0.0, 0.0
    return float(np.percentile(pause, QUIET)), float(syllable.max())


def _crossing(level: npt.NDArray[np.float32], frame: int, threshold: float) -> float:
    """Return when the level, taken at the frames' centres, crosses the threshold."""
    if frame == 0 or level[frame - 1] >= threshold:
        return frame * FRAME
    below, above = float(level[frame - 1]), float(level[frame])
    share = (threshold - below) / (above - below)
    return max(0.0, (frame - 0.5 + share) * FRAME)
