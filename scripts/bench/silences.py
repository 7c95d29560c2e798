"""Recordings without a truth: clause onsets against the ends of silences."""

from __future__ import annotations

import numpy as np

from subtools.core import SAMPLE_RATE, Alignment, Audio, Seconds, Span, Transcript
from subtools.lexicon import clause_ranges
from subtools.metrics import BoundaryScore, score_boundaries

_FRAME = SAMPLE_RATE // 100  # samples; 10 ms
_SMOOTHED = 3  # frames
_QUIET = 0.35  # of the range between the 5th and the 95th percentile of the level
_SHORTEST = 20  # frames; a silence lasts at least 0.2 s
NEAR_SILENCE: Seconds = 0.6  # a clause farther from any silence does not begin after one
_FLOOR = 1e-10  # mean square; -100 dB


def score_against_silence(alignment: Alignment, audio: Audio) -> BoundaryScore:
    """Return how far clauses are from the end of the silence before them.

    A clause whose found onset lies within ``NEAR_SILENCE`` of such an end counts, with the
    difference; nothing is known about the others.
    """
    ends = silence_ends(audio)
    true: list[Seconds] = []
    found: list[Seconds] = []
    for onset in clause_starts(alignment.transcript):
        distance, end = min(((abs(end - onset), end) for end in ends), default=(np.inf, 0.0))
        if distance <= NEAR_SILENCE:
            true.append(end)
            found.append(onset)
    return score_boundaries(true, found)


def silence_ends(audio: Audio) -> tuple[Seconds, ...]:
    """Return when silences end, in seconds.

    A frame is silent if its level (mean square in dB, smoothed) lies below the floor (5th
    percentile) + 0.35 x (95th - 5th percentile).
    """
    levels = frame_levels(audio)
    if not len(levels):
        return ()
    low, high = np.percentile(levels, [5, 95])
    silent = levels < low + _QUIET * (high - low)
    borders = np.flatnonzero(np.diff(np.concatenate([[False], silent, [False]]).astype(np.int8)))
    runs = borders.reshape(-1, 2)
    long = runs[(runs[:, 1] - runs[:, 0] >= _SHORTEST) & (runs[:, 1] < len(levels))]
    return tuple(float(last) * _FRAME / SAMPLE_RATE for last in long[:, 1])


def frame_levels(audio: Audio) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the level of each 10 ms in dB, smoothed over three frames."""
    count = len(audio.samples) // _FRAME
    if not count:
        return np.zeros(0)
    samples = audio.slice(Span(0.0, audio.duration))[: count * _FRAME].reshape(count, _FRAME)
    levels = 10 * np.log10(np.maximum(np.mean(samples.astype(np.float64) ** 2, axis=1), _FLOOR))
    padded = np.pad(levels, _SMOOTHED // 2, mode="edge")
    return np.convolve(padded, np.ones(_SMOOTHED) / _SMOOTHED, mode="valid")


def clause_starts(transcript: Transcript) -> tuple[Seconds, ...]:
    """Return the onsets of the clauses that have one."""
    starts = []
    for paragraph in transcript.paragraphs:
        for clause in clause_ranges([word.text for word in paragraph.words]):
            span = paragraph.words[clause.start].span
            if span is not None:
                starts.append(span.start)
    return tuple(starts)
