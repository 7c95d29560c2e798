"""Recognised words as a document of their own, for sound that has no transcript."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

from subtools.core import HeardWord, Paragraph, Recognition, Seconds, Span, Transcript, Word
from subtools.lexicon import split_words
from subtools.phonetics import (
    CHINESE,
    Script,
    convert_script,
    detect_script,
    simplify,
    unify_script,
)

Segment = tuple[HeardWord, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """One recognised character, its time and how sure the recogniser was of its word."""

    text: str
    span: Span
    probability: float


LEAST_SHARED = 2  # characters in a row that a text and its other wording have in common
SHORTEST_WORD = 0.02  # s; the time resolution of Whisper


def recognition_to_transcript(recognition: Recognition, script: Script | None = None) -> Transcript:
    """Return the recognised text as a document whose words have their times.

    One paragraph for each segment of the recogniser. No two words overlap. Chinese is in
    one script throughout.

    Args:
        recognition: The words.
        script: How Chinese is written; None: as most of what was recognised is.
    """
    segments = recognition.segments
    if recognition.language in CHINESE:
        segments = _unify_script(segments)
    lettered = [_spell_out(segment) for segment in segments]
    if script is not None:
        source = detect_script("".join(letter.text for line in lettered for letter in line))
        lettered = [_rewrite_letters(line, script, source) for line in lettered]
    paragraphs: list[Paragraph] = []
    now = -math.inf
    for line in lettered:
        words = _retime(_join_letters(line), now)
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


def _spell_out(segment: Segment) -> list[Letter]:
    """Return each character of ``segment`` with its time and probability."""
    return [
        Letter(character, time, word.probability)
        for word in segment
        for character, time in zip(word.text, _spread_evenly(word), strict=True)
    ]


def _rewrite_letters(line: list[Letter], script: Script, source: Script | None) -> list[Letter]:
    """Return ``line`` in ``script``; where its length changes, the time is shared out anew."""
    before = "".join(letter.text for letter in line)
    after = convert_script(before, script, source)
    if len(before) == len(after):
        return [replace(letter, text=text) for letter, text in zip(line, after, strict=True)]
    rewritten: list[Letter] = []
    for old, new in _match(before, after):
        if old.stop - old.start == new.stop - new.start:
            pairs = zip(line[old], after[new], strict=True)
            rewritten += [replace(letter, text=text) for letter, text in pairs]
        else:
            rewritten += _share_time(line[old], after[new])
    return rewritten


def _match(before: str, after: str) -> Iterator[tuple[slice, slice]]:
    """Yield what of ``before`` became what of ``after``, other words as a whole.

    鼠标 is 滑鼠: that they share a character does not make it the same.
    """
    matcher = SequenceMatcher(None, simplify(before), simplify(after), autojunk=False)
    first = start = 0
    for a, b, size in matcher.get_matching_blocks():
        if size < LEAST_SHARED and a + size < len(before):
            continue
        if (first, start) != (a, b):
            yield slice(first, a), slice(start, b)
        if size:
            yield slice(a, a + size), slice(b, b + size)
        first, start = a + size, b + size


def _share_time(old: Sequence[Letter], text: str) -> Iterator[Letter]:
    """Yield the characters of ``text`` evenly in the time of ``old``."""
    if not old or not text:
        return
    start = old[0].span.start
    step = max(0.0, old[-1].span.end - start) / len(text)
    for index, character in enumerate(text):
        span = Span(start + index * step, start + (index + 1) * step)
        yield Letter(character, span, old[0].probability)


def _join_letters(line: Sequence[Letter]) -> list[Word]:
    """Return the words of a segment in our sense: a character each in Han."""
    text = "".join(letter.text for letter in line)
    margin = len(text) - len(text.lstrip())
    pieces = split_words(text.strip())
    borders = accumulate(map(len, pieces), initial=margin)
    return [
        Word(text[a:b], _from_to(line[a].span, line[b - 1].span), line[a].probability)
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
