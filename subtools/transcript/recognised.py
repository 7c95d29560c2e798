"""Recognised words as a document of their own, for sound that has no transcript."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from subtools.core import HeardWord, Paragraph, Recognition, Seconds, Span, Transcript, Word
from subtools.lexicon import split_words
from subtools.phonetics import CHINESE, unify_script

Segment = tuple[HeardWord, ...]

SHORTEST_WORD = 0.02  # s; the time resolution of Whisper


def recognition_to_transcript(recognition: Recognition) -> Transcript:
    """Return the recognised text as a document whose words have their times.

    One paragraph for each segment of the recogniser. No two words overlap. Chinese is in
    one script throughout, that of most of what was recognised.
    """
    segments = recognition.segments
    if recognition.language in CHINESE:
        segments = _unify_script(segments)
    paragraphs: list[Paragraph] = []
    now = -math.inf
    for segment in segments:
        words = _retime(_split_segment(segment), now)
        if words:
            paragraphs.append(Paragraph(words))
            now = max(word.span.end for word in words if word.span)
    return Transcript(tuple(paragraphs))


def _unify_script(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    texts = unify_script(["".join(word.text for word in segment) for segment in segments])
    return tuple(_rewrite(segment, text) for segment, text in zip(segments, texts, strict=True))


def _rewrite(segment: Segment, text: str) -> Segment:
    """Return ``segment`` with its words cut from ``text``, which is as long as they are."""
    borders = accumulate((len(word.text) for word in segment), initial=0)
    pieces = (text[a:b] for a, b in pairwise(borders))
    return tuple(replace(word, text=piece) for word, piece in zip(segment, pieces, strict=True))


def _split_segment(segment: Sequence[HeardWord]) -> list[Word]:
    """Return the words of a segment in our sense: a character each in Han."""
    text = "".join(word.text for word in segment)
    owners = [word for word in segment for _ in word.text]
    times = [time for word in segment for time in _spread_evenly(word)]
    margin = len(text) - len(text.lstrip())
    pieces = split_words(text.strip())
    borders = accumulate(map(len, pieces), initial=margin)
    return [
        Word(text[a:b], _from_to(times[a], times[b - 1]), owners[a].probability)
        for a, b in pairwise(borders)
    ]


def _from_to(first: Span, last: Span) -> Span:
    """Return the time from one character to another; heard words may overlap."""
    return Span(first.start, max(first.start, last.end))


def _spread_evenly(word: HeardWord) -> list[Span]:
    """Return the time of each character of ``word``; spaces before it take none."""
    spoken = len(word.text.lstrip())
    step = (word.end - word.start) / max(1, spoken)
    lead = [Span(word.start, word.start)] * (len(word.text) - spoken)
    return lead + [Span(word.start + k * step, word.start + (k + 1) * step) for k in range(spoken)]


def _retime(words: Sequence[Word], earliest: Seconds) -> tuple[Word, ...]:
    """Return ``words`` that begin no earlier than ``earliest``, do not overlap, and last."""
    retimed = []
    for word in words:
        if word.span is not None:
            start = max(earliest, word.span.start)
            earliest = max(start + SHORTEST_WORD, word.span.end)
            retimed.append(replace(word, span=Span(start, earliest)))
    return tuple(retimed)
