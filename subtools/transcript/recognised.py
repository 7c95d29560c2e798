"""Recognised words as a document of their own, for sound that has no transcript."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

from subtools.core import HeardWord, Paragraph, Recognition, Seconds, Span, Transcript, Word
from subtools.lexicon import split_words
from subtools.phonetics import CHINESE, Script, convert_script, detect_script, unify_script

Segment = tuple[HeardWord, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """One recognised character, its time and how sure the recogniser was of its word."""

    text: str
    span: Span
    probability: float


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
    rewritten: list[Letter] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, first, last, start, end in matcher.get_opcodes():
        old, new = line[first:last], after[start:end]
        if len(old) == len(new):
            rewritten += [replace(letter, text=text) for letter, text in zip(old, new, strict=True)]
        else:
            around = old or line[max(0, first - 1) : first] or line[first : first + 1]
            rewritten += _share_time(around, new, is_new=not old)
    return rewritten


def _share_time(old: Sequence[Letter], text: str, *, is_new: bool) -> Iterator[Letter]:
    """Yield the characters of ``text`` evenly in the time of ``old`` (at its end, if new)."""
    whole = Span(old[0].span.start, max(old[0].span.start, old[-1].span.end))
    if is_new:
        whole = Span(whole.end, whole.end)
    step = whole.duration / max(1, len(text))
    for index, character in enumerate(text):
        start = whole.start + index * step
        yield Letter(character, Span(start, start + step), old[0].probability)


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
