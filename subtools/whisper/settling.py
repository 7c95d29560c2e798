"""Recognised words moved to where the speech is."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

import numpy as np

from subtools.core import HeardWord, Seconds, Span

LARGEST_LAG = 0.4  # s; a word border farther from a pause has nothing to do with it
FEWEST_PAUSES = 5  # pauses from which the lag of the word times is estimated

Segment = tuple[HeardWord, ...]


def settle_times(segments: Sequence[Segment], speech: Sequence[Span]) -> tuple[Segment, ...]:
    """Return ``segments`` with their words moved to where the speech is.

    Word times from cross-attention run early by a lag that depends on model and voice,
    and they swallow the pauses. The lag is measured in this very recording, at its
    pauses: where speech stops is known from the detector, and a word should end there.
    Then no word reaches into a pause, and the first word after one begins where the
    speech does.
    """
    if not speech:
        return tuple(segments)
    pauses = [Span(a.end, b.start) for a, b in pairwise(speech) if a.end < b.start]
    lag = estimate_lag([word for segment in segments for word in segment], pauses)
    silences = [Span(-math.inf, speech[0].start), *pauses, Span(speech[-1].end, math.inf)]
    settled = [tuple(_settle(word, lag, silences) for word in segment) for segment in segments]
    return tuple(_end_before_next(list(_resume_with_speech(settled, speech))))


def estimate_lag(words: Sequence[HeardWord], pauses: Sequence[Span]) -> Seconds:
    """Return how early the words' times are, in the median over ``pauses``, in seconds.

    0 where there are too few pauses to tell.
    """
    ends = np.sort([word.end for word in words])
    if not len(ends):
        return 0.0
    nearest = [float(ends[np.abs(ends - pause.start).argmin()]) for pause in pauses]
    lags = [pause.start - end for pause, end in zip(pauses, nearest, strict=True)]
    usable = [lag for lag in lags if abs(lag) <= LARGEST_LAG]
    return median(usable) if len(usable) >= FEWEST_PAUSES else 0.0


def _settle(word: HeardWord, lag: Seconds, pauses: Sequence[Span]) -> HeardWord:
    """Return ``word`` later by ``lag``, and on one side only of each pause."""
    start, end = max(0.0, word.start + lag), max(0.0, word.end + lag)
    first = bisect_right(pauses, start, key=lambda pause: pause.end)
    for pause in pauses[first:]:
        if pause.start >= end:
            break
        if end - max(start, pause.end) >= pause.start - start:  # the longer part is the word
            start = min(end, max(start, pause.end))
        else:
            end = max(start, pause.start)
    return replace(word, start=start, end=end)


def _end_before_next(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Yield ``segments`` in which a word ends where the next one begins, at the latest."""
    starts = [word.start for segment in segments for word in segment][1:]
    upcoming = iter([*starts, math.inf])
    for segment in segments:
        yield tuple(
            replace(word, end=max(word.start, min(word.end, next(upcoming)))) for word in segment
        )


def _resume_with_speech(segments: Sequence[Segment], speech: Sequence[Span]) -> Iterator[Segment]:
    """Yield ``segments`` in which the first word of each stretch of speech begins with it."""
    free_from = 0.0
    for segment in segments:
        words = []
        for word in segment:
            words.append(_resume(word, free_from, speech))
            free_from = max(free_from, word.end)
        yield tuple(words)


def _resume(word: HeardWord, free_from: Seconds, speech: Sequence[Span]) -> HeardWord:
    """Return ``word``, from the onset of its stretch of speech on if no word is before it there.

    Unless it comes much later: then something was said there that was not recognised.
    """
    index = bisect_right(speech, word.start, key=lambda span: span.start) - 1
    if index < 0:
        return word
    span = speech[index]
    is_first = free_from <= span.start and word.start < span.end
    is_near = word.start - span.start <= LARGEST_LAG
    return replace(word, start=span.start) if is_first and is_near else word
