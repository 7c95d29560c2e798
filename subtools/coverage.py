"""What is said against what is written: speech that no word covers.

Two witnesses say where someone speaks. The speech detector hears every voice, but takes
songs, laughter and some music for speech; the phone classifier knows music and applause, and
hears the short and quiet words that the detector passes over. Where one of them hears a
voice and the other hears phones too, somebody speaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from subtools.core import (
    FRAME,
    Dropped,
    Finding,
    FindingKind,
    Posteriors,
    Seconds,
    Span,
    Timed,
    overlap,
)
from subtools.phonetics import NOISE, PHONE_INDEX, SILENCE
from subtools.spans import LEAST_UNWRITTEN, UNRECOGNISED, limit_word, speech_within, wordless_speech

CLOSURE: Seconds = 0.25  # s; the classifier is silent in stops and between words that are not
SHORTEST: Seconds = 0.1  # s; less than any syllable
UNSPOKEN = 0.5  # probability of silence and noise together from which nobody speaks
LOUDEST = 95  # percentile of the level of what sounds like phones
FAINTEST = 40.0  # dB below that; a far seat in a hall is 20 below the microphone's owner
MISSED: Seconds = 0.4  # s of phones that the detector passed over: two syllables
VOICED_SHARE = 0.15  # of a stretch of the detector's; with fewer phones in it, it is music
LONGEST: Seconds = 28.0  # s; what a window of the recogniser takes
_BLOCK = 100_000  # frames looked at together, so that three hours cost no memory


def find_voiced(posteriors: Posteriors) -> tuple[Span, ...]:
    """Return where phones are likelier than silence and noise, and loud enough, in order.

    In digital silence and in hiss by itself the classifier hears phones now and then; what is
    far below the loudest speech of the recording is none.
    """
    frames = len(posteriors.log_probs)
    is_voiced = np.zeros(frames + 2, np.int8)
    unspoken = [PHONE_INDEX[SILENCE], PHONE_INDEX[NOISE]]
    for first in range(0, frames, _BLOCK):
        block = posteriors.log_probs[first : first + _BLOCK, unspoken].astype(np.float32)
        is_voiced[first + 1 : first + 1 + len(block)] = np.exp(block).sum(axis=1) < UNSPOKEN
    if is_voiced.any():
        loudest = np.percentile(posteriors.level[is_voiced[1:-1] == 1], LOUDEST)
        is_voiced[1:-1] *= posteriors.level > loudest - FAINTEST
    steps = np.diff(is_voiced)
    onsets, offsets = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    runs = zip(onsets.tolist(), offsets.tolist(), strict=True)
    joined = _join((Span(a * FRAME, b * FRAME) for a, b in runs), CLOSURE)
    return tuple(span for span in joined if span.duration >= SHORTEST)


def combine_speech(detected: Sequence[Span], voiced: Sequence[Span]) -> tuple[Span, ...]:
    """Return where someone speaks, by detector and classifier, none longer than a window.

    Args:
        detected: By the speech detector, in order.
        voiced: Where phones are heard, in order.

    >>> combine_speech([Span(0.0, 2.0), Span(5.0, 9.0)], [Span(0.1, 1.8), Span(3.0, 4.0)])
    (Span(start=0.0, end=2.0), Span(start=3.0, end=4.0))
    """
    spoken = [
        span for span in detected if speech_within(span, voiced) >= VOICED_SHARE * span.duration
    ]
    missed = [
        Span(gap.start, gap.end)
        for span in voiced
        for gap in _outside(span, spoken)
        if gap.duration >= MISSED
    ]
    return tuple(part for span in sorted([*spoken, *missed]) for part in _parts(span))


def audit_coverage(
    words: Iterable[Timed], voiced: Sequence[Span], dropped: Sequence[Dropped] = ()
) -> tuple[Finding, ...]:
    """Return a finding for each stretch of speech that is not written, in order of time.

    A word covers no more time than its syllables take: what a recogniser left out hides
    behind words that it stretched.

    Args:
        words: What is written, with times, in any order.
        voiced: Where phones are heard, in order.
        dropped: What was written there and is not believed.

    >>> audit_coverage([Span(0, 1), Span(3, 4)], [Span(0, 4)])[0].span
    Span(start=1, end=3)
    """
    if not voiced:
        return ()
    whole = Span(voiced[0].start, voiced[-1].end)
    gaps = wordless_speech(whole, map(limit_word, words), voiced, LEAST_UNWRITTEN)
    return tuple(
        Finding(FindingKind.NOT_IN_TEXT, "", _explain(spoken, dropped), spoken)
        for gap in gaps
        if (spoken := _spoken_part(gap, voiced))
    )


def _spoken_part(gap: Span, voiced: Sequence[Span]) -> Span | None:
    """Return ``gap`` from the first phone in it to the last."""
    inside = [span for span in voiced if overlap(span, gap)]
    if not inside:
        return None
    return Span(max(gap.start, inside[0].start), min(gap.end, inside[-1].end))


def _explain(span: Span, dropped: Sequence[Dropped]) -> str:
    """Return why nothing is written in ``span``, in words."""
    here = [one for one in dropped if overlap(one.span, span)]
    if not here:
        return UNRECOGNISED
    return f"{UNRECOGNISED}; dropped was {here[0].text.strip()!r}: {here[0].reason}"


def _join(spans: Iterable[Span], gap: Seconds) -> Iterator[Span]:
    """Yield ``spans``, those closer than ``gap`` joined."""
    now: Span | None = None
    for span in spans:
        if now is not None and span.start - now.end < gap:
            now = Span(now.start, span.end)
        else:
            if now is not None:
                yield now
            now = span
    if now is not None:
        yield now


def _outside(span: Span, spoken: Sequence[Span]) -> Iterator[Span]:
    """Yield what of ``span`` none of ``spoken`` covers."""
    now = span.start
    for other in spoken:
        if other.end <= now:
            continue
        if other.start >= span.end:
            break
        if other.start > now:
            yield Span(now, other.start)
        now = other.end
    if now < span.end:
        yield Span(now, span.end)


def _parts(span: Span) -> Iterator[Span]:
    """Yield ``span`` in equal parts that a window takes."""
    count = int(-(-span.duration // LONGEST))
    step = span.duration / count
    for index in range(count):
        end = span.end if index == count - 1 else span.start + (index + 1) * step
        yield Span(span.start + index * step, end)
