"""Voices known from elsewhere: which speakers of this recording are they."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
import numpy.typing as npt

from subtools.core import Seconds, Span, Turn
from subtools.speakers.embedding import EmbedSpans

ENOUGH: Seconds = 60.0  # of speech for a voiceprint; more changes nothing
_PIECE: Seconds = 4.0
_LEAST: Seconds = 1.0
# Cosine at which two voiceprints are as likely one voice as two, and how sharply that turns.
# Of 37 real voices, different ones are up to 0.52 alike, halves of one 0.80 in 19 of 20 cases;
# synthetic voices are up to 0.66 alike, and other days and microphones make one voice less so.
_EVEN, _SHARPNESS = 0.65, 20.0
_MOST_SURE = 0.99
_SURE = 0.5  # probability from which a voice is called by its name

Voiceprint = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Known:
    """A name from the voice library.

    Attributes:
        name: Whose voice it is.
        confidence: How sure, 0..1.
        likeness: Cosine of the two voiceprints.
    """

    name: str
    confidence: float
    likeness: float


def learn_voiceprints(turns: Sequence[Turn], embed: EmbedSpans) -> dict[str, Voiceprint]:
    """Return the voiceprint of each speaker, unit length, from where nobody else speaks.

    Who is never heard alone for a second has none.

    Args:
        turns: Who speaks when, by onset.
        embed: Gives the embeddings of spans of the sound.
    """
    spans = {name: _choose(spans_alone(turns, name)) for name in {turn.speaker for turn in turns}}
    return {name: _learn(spans[name], embed) for name in sorted(spans) if spans[name]}


def learn_voiceprint(spans: Sequence[Span], embed: EmbedSpans) -> Voiceprint | None:
    """Return the voiceprint of the one person who speaks in ``spans``; None if they are brief."""
    chosen = _choose(spans)
    return _learn(chosen, embed) if chosen else None


def average_voiceprints(
    voiceprints: Sequence[Voiceprint], weights: Sequence[float] | None = None
) -> Voiceprint:
    """Return the mean of voiceprints of one person, unit length.

    Args:
        voiceprints: One or more.
        weights: How much each counts; None: all the same.
    """
    mean = np.average(np.asarray(voiceprints, np.float64), axis=0, weights=weights)
    return np.asarray(mean / np.linalg.norm(mean), np.float32)


def recognise_voices(
    voiceprints: Mapping[str, Voiceprint], library: Mapping[str, Voiceprint]
) -> dict[str, Known]:
    """Return which speakers are known voices, each name for the one that is most like it.

    Args:
        voiceprints: Of the speakers of a recording, by label.
        library: Of known people, by name.
    """
    pairs = sorted(
        (
            (float(found @ known), label, name)
            for label, found in voiceprints.items()
            for name, known in library.items()
        ),
        reverse=True,
    )
    recognised: dict[str, Known] = {}
    for likeness, label, name in pairs:
        confidence = min(_MOST_SURE, 1.0 / (1.0 + exp(-_SHARPNESS * (likeness - _EVEN))))
        taken = name in {known.name for known in recognised.values()}
        if confidence >= _SURE and label not in recognised and not taken:
            recognised[label] = Known(name, round(confidence, 3), round(likeness, 3))
    return recognised


def spans_alone(turns: Sequence[Turn], speaker: str) -> list[Span]:
    """Return where ``speaker`` speaks and nobody else does."""
    others = [turn for turn in turns if turn.speaker != speaker]
    spans = []
    for turn in turns:
        if turn.speaker != speaker:
            continue
        now = turn.start
        for other in others:
            if other.end > now and other.start < turn.end:
                spans.append(Span(now, max(now, other.start)))
                now = max(now, other.end)
        spans.append(Span(now, max(now, turn.end)))
    return spans


def _choose(spans: Sequence[Span]) -> list[Span]:
    """Return pieces of the longest spans, ``ENOUGH`` together."""
    chosen: list[Span] = []
    total = 0.0
    for span in sorted(spans, key=lambda span: -span.duration):
        start = span.start
        while span.end - start >= _LEAST and total < ENOUGH:
            chosen.append(Span(start, min(start + _PIECE, span.end)))
            total += chosen[-1].duration
            start = chosen[-1].end
    return chosen


def _learn(spans: Sequence[Span], embed: EmbedSpans) -> Voiceprint:
    return average_voiceprints(list(embed(spans)), [span.duration for span in spans])
