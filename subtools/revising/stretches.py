"""Which parts of a changed document are aligned anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from subtools.core import Paragraph, Seconds, Span, Transcript, Word
from subtools.lexicon import clause_ranges
from subtools.revising.changes import Offsets

CONTEXT = 3  # clauses on either side that are listened to as well, so that the path has hold
MARGIN = 2.0  # s around them, of which the words before and after take their part
LEAST: Seconds = 0.1  # of sound; less holds no word


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a document that is aligned anew.

    Attributes:
        words: All its words.
        changed: Those of its clauses that were changed, in order: these get new times.
        span: Where it is spoken.
    """

    words: range
    changed: tuple[range, ...]
    span: Span


def find_stretches(
    transcript: Transcript, changed: Sequence[Offsets], duration: Seconds, *, context: int = CONTEXT
) -> tuple[Stretch, ...]:
    """Return what has to be aligned anew for ``changed`` characters, in order."""
    words = transcript.words
    clauses = list(_clauses(transcript))
    touched = sorted(set(_with_guessed(words, clauses, set(_touched(words, clauses, changed)))))
    groups: list[list[int]] = []
    for clause in touched:
        if groups and clause - groups[-1][-1] <= 2 * context:
            groups[-1].append(clause)
        else:
            groups.append([clause])
    found = (_stretch(words, clauses, group, duration, context) for group in groups)
    return tuple(stretch for stretch in found if stretch.span.duration >= LEAST)


def _clauses(transcript: Transcript) -> Iterator[range]:
    first = 0
    for paragraph in transcript.paragraphs:
        for clause in clause_ranges([word.text for word in paragraph.words]):
            yield range(first + clause.start, first + clause.stop)
        first += len(paragraph.words)


def _touched(
    words: Sequence[Word], clauses: Sequence[range], changed: Sequence[Offsets]
) -> Iterator[int]:
    """Yield the numbers of the clauses with changed characters, or that one was taken out of."""
    starts = list(accumulate((len(word.text) for word in words), initial=0))
    for number, clause in enumerate(clauses):
        begin, end = starts[clause.start], starts[clause.stop]
        if any(
            (first < end and begin < last) or (first == last and begin <= first <= end)
            for first, last in changed
        ):
            yield number


def _with_guessed(
    words: Sequence[Word], clauses: Sequence[range], touched: set[int]
) -> Iterator[int]:
    """Yield ``touched`` and the clauses beside them that begin or end at guessed times."""
    for number in touched:
        yield number
        if number and words[clauses[number].start - 1].confidence is None:
            yield number - 1
        if number + 1 < len(clauses) and words[clauses[number].stop].confidence is None:
            yield number + 1


def _stretch(
    words: Sequence[Word],
    clauses: Sequence[range],
    changed: Sequence[int],
    duration: Seconds,
    context: int,
) -> Stretch:
    first = clauses[max(0, changed[0] - context)].start
    last = clauses[min(len(clauses) - 1, changed[-1] + context)].stop
    span = _listen_span(words, range(first, last), duration)
    return Stretch(range(first, last), tuple(clauses[k] for k in changed), span)


def _listen_span(words: Sequence[Word], inner: range, duration: Seconds) -> Span:
    """Return where ``inner`` is spoken: between the timed words around it, near its own."""
    start = next((w.span.end for w in reversed(words[: inner.start]) if w.span), 0.0)
    end = next((w.span.start for w in words[inner.stop :] if w.span), duration)
    head, tail = words[inner.start].span, words[inner.stop - 1].span
    if head is not None and head.start >= start:
        start = max(start, head.start - MARGIN)
    if tail is not None and tail.end <= end:
        end = min(end, tail.end + MARGIN)
    return Span(start, max(start, min(end, duration)))


def cut_words(transcript: Transcript, words: range) -> Transcript:
    """Return a part of a document, in its paragraphs."""
    paragraphs, first = [], 0
    for paragraph in transcript.paragraphs:
        inner = paragraph.words[max(0, words.start - first) : max(0, words.stop - first)]
        if inner:
            paragraphs.append(Paragraph(inner))
        first += len(paragraph.words)
    return Transcript(tuple(paragraphs), transcript.source)
