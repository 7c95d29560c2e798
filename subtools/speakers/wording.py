"""Turns to words, and words back to turns.

Turns found in the sound are good to about a tenth of a second, the times of words to a
hundredth, and people hand over at the end of a clause. So a word is whose turn it lies in,
unless a change would then fall inside a clause with little to show for it; and turns begin
and end with the words that are in them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from subtools.core import Seconds, Span, Transcript, Turn, Word, overlap
from subtools.lexicon import clause_ranges
from subtools.spans import INNER_PAUSE, join_turns
from subtools.speakers.paths import find_path

# In words that would have to be somebody else's: what a change of speaker costs.
_CHANGE_AT_BORDER = 0.3
_CHANGE_INSIDE = 2.5
_NEAR: Seconds = 0.5  # a word outside of all turns is of the nearest, if it is so near
_WORDLESS: Seconds = 0.4  # shorter speech without a word is a breath, or the edge of a word

_Floats = npt.NDArray[np.float64]


def assign_words(transcript: Transcript, turns: Sequence[Turn]) -> Transcript:
    """Return ``transcript`` with the speaker of each word.

    Words of a clause that lies in no turn, nor near one, have no speaker; no more do those
    of a clause in which no word has a time.

    Args:
        transcript: Words with their times.
        turns: Who speaks when, by onset.
    """
    names = list(dict.fromkeys(turn.speaker for turn in turns))
    words = transcript.words
    clauses = [
        range(first + clause.start, first + clause.stop)
        for first, texts in _paragraphs(transcript)
        for clause in clause_ranges(texts)
    ]
    speakers: list[str | None] = [None] * len(words)
    shares = _shares(words, turns, names)
    heard = [clause for clause in clauses if shares[clause.start : clause.stop].any()]
    if heard:
        indices = [k for clause in heard for k in clause]
        costs = [cost for clause in heard for cost in _change_costs(len(clause))]
        for index, choice in zip(indices, find_path(shares[indices], costs), strict=True):
            speakers[index] = names[choice]
    pairs = zip(words, speakers, strict=True)
    return transcript.with_words([replace(word, speaker=speaker) for word, speaker in pairs])


def fit_turns(turns: Sequence[Turn], words: Iterable[Word]) -> tuple[Turn, ...]:
    """Return turns that begin and end with their words, and those of speech without words.

    Args:
        turns: Who speaks when in the sound, by onset.
        words: With their speakers.
    """
    by_words = sorted(turns_of_words(words), key=lambda turn: turn.start)
    wordless = [
        part
        for turn in turns
        for rest in _outside(turn, [own for own in by_words if own.speaker == turn.speaker])
        for part in _outside(rest, list(_taken(rest, by_words, turns)))
    ]
    confident = [replace(turn, confidence=_rate(turn, turns)) for turn in by_words]
    return join_turns([*confident, *wordless])


def _paragraphs(transcript: Transcript) -> Iterator[tuple[int, list[str]]]:
    """Yield the index of each paragraph's first word, and its words."""
    first = 0
    for paragraph in transcript.paragraphs:
        yield first, [word.text for word in paragraph.words]
        first += len(paragraph.words)


def _change_costs(length: int) -> list[float]:
    """Return the cost of a change before each word of a clause."""
    return [_CHANGE_AT_BORDER, *[_CHANGE_INSIDE] * (length - 1)]


def _shares(words: Sequence[Word], turns: Sequence[Turn], names: Sequence[str]) -> _Floats:
    """Return how much of each word lies in turns of each speaker, 0..1: (words, speakers)."""
    shares = np.zeros((len(words), len(names)))
    numbers = {name: number for number, name in enumerate(names)}
    longest = max((turn.end - turn.start for turn in turns), default=0.0)
    for index, word in enumerate(words):
        if word.span is None:
            continue
        near = Span(max(0.0, word.span.start - _NEAR), word.span.end + _NEAR)
        first = bisect_left(turns, near.start - longest, key=lambda turn: turn.start)
        last = bisect_left(turns, near.end, key=lambda turn: turn.start)
        for measure in (_share_within, _share_near):  # what is only near counts if nothing else
            for turn in turns[first:last]:
                number, share = numbers[turn.speaker], measure(word.span, turn)
                shares[index, number] = max(shares[index, number], share)
            if shares[index].any():
                break
    return shares


def _share_within(span: Span, turn: Turn) -> float:
    """Return how much of ``span`` lies in ``turn``."""
    if not span.duration:
        return float(turn.start <= span.start < turn.end)
    return overlap(span, turn) / span.duration


def _share_near(span: Span, turn: Turn) -> float:
    """Return a little for a turn that is near ``span``, the more the nearer."""
    distance = max(turn.start - span.end, span.start - turn.end, 0.0)
    return max(0.0, 0.5 * (1.0 - distance / _NEAR))


def turns_of_words(words: Iterable[Word]) -> Iterator[Turn]:
    """Yield a turn for each run of timed words of one speaker without a long pause."""
    run: list[Span] = []
    speaker: str | None = None
    for word in words:
        if word.span is None or word.speaker is None:
            continue
        pause = word.span.start - run[-1].end if run else 0.0
        goes_back = bool(run) and word.span.start < run[-1].start
        if run and (word.speaker != speaker or pause >= INNER_PAUSE or goes_back):
            yield _to_turn(speaker or "", run)
            run = []
        run.append(word.span)
        speaker = word.speaker
    if run:
        yield _to_turn(speaker or "", run)


def _to_turn(speaker: str, spans: Sequence[Span]) -> Turn:
    return Turn(speaker, spans[0].start, max(span.end for span in spans))


def _outside(turn: Turn, others: Sequence[Turn]) -> Iterator[Turn]:
    """Yield what ``others`` leave of ``turn``, if it is more than a breath."""
    now = turn.start
    for other in others:
        if other.end <= turn.start or other.start >= turn.end:
            continue
        if other.start - now >= _WORDLESS:
            yield replace(turn, start=now, end=other.start)
        now = max(now, other.end)
    if turn.end - now >= _WORDLESS:
        yield replace(turn, start=now)


def _taken(turn: Turn, by_words: Sequence[Turn], turns: Sequence[Turn]) -> Iterator[Turn]:
    """Yield the words of others in ``turn`` whose own voices are not heard beside it.

    One voice was heard there, and the words say that it is somebody else's.
    """
    for said in by_words:
        shared = overlap(turn, said)
        if shared and said.speaker != turn.speaker:
            inside = Span(max(said.start, turn.start), min(said.end, turn.end))
            beside = sum(overlap(inside, own) for own in turns if own.speaker == said.speaker)
            if beside < shared / 2:
                yield said


def _rate(turn: Turn, found: Sequence[Turn]) -> float | None:
    """Return the confidence of the turns of the same speaker that ``turn`` lies in."""
    shares = [
        (overlap(turn, other), other.confidence)
        for other in found
        if other.speaker == turn.speaker and other.confidence is not None
    ]
    total = max(turn.end - turn.start, sum(shared for shared, _ in shares))
    if not shares or not total:
        return None
    return round(sum(shared * (rated or 0.0) for shared, rated in shares) / total, 3)
