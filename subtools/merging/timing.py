"""Times for words: of those that were heard, and of those in short gaps between them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from subtools.core import Seconds, Span, Word
from subtools.merging.pairing import Pairing
from subtools.merging.spelling import PHONE, Indices, Talk

HEARD_WORD = 0.5  # share of a word's phones that must agree for it to count as heard
SHORTEST_WORD = 0.001  # s; below what subtitles can show, a heard word has no time of its own
WORD_PAUSE = 0.4  # s; nobody pauses so long inside a word
SHORT_RUN = 0.65  # s: three syllables, as much as a recogniser swallows in fluent speech
LONGEST_GAP = 8.0  # s across which times are interpolated at the most
LEAST_ROOM, MOST_ROOM = 0.4, 2.0  # time there is, over the time the words usually take
SHORTEST_SPEECH = 0.1  # s; less of a stretch of speech is the edge of a heard word


@dataclass(frozen=True, slots=True)
class Filling:
    """Words that got their times from the speech between heard words.

    Attributes:
        run: The words.
        spans: The speech they share, in order; at least one span.
        heard: The phones heard there, none of which they agree with; may be empty.
    """

    run: range
    spans: tuple[Span, ...]
    heard: slice

    @property
    def span(self) -> Span:
        """From the first to the last of their speech."""
        return Span(self.spans[0].start, self.spans[-1].end)


def time_heard_words(talk: Talk, pairing: Pairing) -> tuple[Word, ...]:
    """Return all words; those that were heard have their time and confidence."""
    return tuple(_time_word(talk, pairing, index) for index in range(len(talk.words)))


def fill_gaps(
    talk: Talk, pairing: Pairing, words: Sequence[Word]
) -> tuple[tuple[Word, ...], tuple[Filling, ...]]:
    """Return ``words`` with times in short gaps too, and how the longer gaps were filled.

    A run of words that were not heard shares the speech in its place, if there is about
    as much of it as the words need. If there is none, up to three syllables at the edge
    of a heard stretch of the same clause share the time of their neighbour. All others
    stay without a time.
    """
    timed = list(words)
    fillings = []
    for run in untimed_runs(words):
        spans, heard = _find_speech(talk, pairing, words, run)
        if spans and _fits(talk.usual_duration(run), spans):
            fillings.append(Filling(run, spans, heard))
            _spread(talk, timed, run, spans)
        else:
            _squeeze_edges(talk, timed, run)
    return tuple(timed), tuple(fillings)


def untimed_runs(words: Sequence[Word]) -> Iterator[range]:
    """Yield the index ranges of consecutive words without a time."""
    for is_untimed, group in groupby(range(len(words)), key=lambda k: words[k].span is None):
        if is_untimed:
            indices = list(group)
            yield range(indices[0], indices[-1] + 1)


def gap_around(talk: Talk, words: Sequence[Word], run: range) -> Span:
    """Return the time between the timed words around ``run``."""
    before = words[run.start - 1].span if run.start else None
    after = words[run.stop].span if run.stop < len(words) else None
    start = before.end if before else 0.0
    end_of_speech = talk.speech[-1].end if talk.speech else 0.0
    return Span(start, max(start, after.start if after else end_of_speech))


def _time_word(talk: Talk, pairing: Pairing, index: int) -> Word:
    phones = talk.written.of(range(index, index + 1))
    partners = _spoken_together(talk, pairing.partner[phones][pairing.agrees[phones]])
    agreement = len(partners) / max(1, phones.stop - phones.start)
    if agreement < HEARD_WORD:
        return talk.words[index]
    start, end = float(talk.onset[partners[0]]), float(talk.offset[partners[-1]])
    if end - start < SHORTEST_WORD:
        return talk.words[index]
    confidence = round(agreement * (1 + _probability(talk, partners)) / 2, 3)
    return replace(talk.words[index], span=Span(start, end), confidence=confidence)


def _spoken_together(talk: Talk, heard_phones: Indices) -> Indices:
    """Return most of ``heard_phones``: the largest part without a pause in it."""
    pauses = talk.onset[heard_phones[1:]] - talk.offset[heard_phones[:-1]] > WORD_PAUSE
    parts = np.split(heard_phones, np.flatnonzero(pauses) + 1)
    return max(parts, key=len)


def _probability(talk: Talk, heard_phones: Indices) -> float:
    """Return the recogniser's own estimate for the words of ``heard_phones``."""
    owners = np.searchsorted(talk.heard.first, heard_phones, side="right") - 1
    return float(np.mean([talk.heard_words[owner].probability for owner in owners]))


def _find_speech(
    talk: Talk, pairing: Pairing, words: Sequence[Word], run: range
) -> tuple[tuple[Span, ...], slice]:
    """Return the speech where ``run`` would have been spoken, and the phones heard there."""
    before = _partners_of_word(talk, pairing, run.start - 1)
    after = _partners_of_word(talk, pairing, run.stop)
    first = int(before[-1]) + 1 if len(before) else 0
    last = max(first, int(after[0]) if len(after) else len(talk.onset))
    if last > first and talk.offset[last - 1] > talk.onset[first]:
        span = Span(float(talk.onset[first]), float(talk.offset[last - 1]))
        return (span,), slice(first, last)
    return _speech_in(talk.speech, gap_around(talk, words, run)), slice(first, last)


def _partners_of_word(talk: Talk, pairing: Pairing, index: int) -> Indices:
    if not 0 <= index < len(talk.words):
        return np.zeros(0, np.int64)
    return pairing.partners(talk.written.of(range(index, index + 1)))


def _speech_in(speech: Sequence[Span], gap: Span) -> tuple[Span, ...]:
    """Return the stretches of speech inside ``gap``, without the edges of the words around it."""
    first = bisect_right(speech, gap.start, key=lambda span: span.end)
    last = bisect_left(speech, gap.end, key=lambda span: span.start)
    inside = (Span(max(gap.start, s.start), min(gap.end, s.end)) for s in speech[first:last])
    return tuple(span for span in inside if span.duration >= SHORTEST_SPEECH)


def _fits(usual: Seconds, spans: Sequence[Span]) -> bool:
    """Tell whether there is about as much speech as words need, and in one place."""
    spoken = sum(span.duration for span in spans)
    is_near = spans[-1].end - spans[0].start <= LONGEST_GAP
    return is_near and 0 < LEAST_ROOM * usual <= spoken <= MOST_ROOM * usual


def _spread(talk: Talk, words: list[Word], run: range, spans: Sequence[Span]) -> None:
    """Share the speech of ``spans`` among the words of ``run``, by how long they usually take."""
    weights = [talk.usual_duration(range(index, index + 1)) or PHONE for index in run]
    shares = np.cumsum([0, *weights]) / sum(weights)
    spoken = np.cumsum([0, *(span.duration for span in spans)])
    inner = np.repeat(spoken[1:-1], 2)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    borders = np.interp(shares * spoken[-1], [0.0, *inner, spoken[-1]], edges)
    for index, start, end in zip(run, borders, borders[1:], strict=False):
        words[index] = replace(words[index], span=Span(float(start), float(end)))


def _squeeze_edges(talk: Talk, words: list[Word], run: range) -> None:
    """Let short parts of ``run`` share the time of the heard word beside them.

    Only within their clause: such words were swallowed in fluent speech.
    """
    for piece in _split_at_clauses(talk, run):
        host = _neighbour_in_clause(talk, words, piece)
        if host is None or talk.usual_duration(piece) > SHORT_RUN:
            continue
        span = words[host].span
        if span is not None:
            _spread(talk, words, range(min(host, piece.start), max(host + 1, piece.stop)), [span])


def _split_at_clauses(talk: Talk, run: range) -> Iterator[range]:
    start = run.start
    while start < run.stop:
        stop = min(run.stop, talk.clause_of[start].stop)
        yield range(start, stop)
        start = stop


def _neighbour_in_clause(talk: Talk, words: Sequence[Word], piece: range) -> int | None:
    """Return the timed word next to ``piece`` in the same clause, the earlier first."""
    clause = talk.clause_of[piece.start]
    for index in (piece.start - 1, piece.stop):
        if index in clause and words[index].span is not None:
            return index
    return None
