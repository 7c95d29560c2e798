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
from itertools import groupby

import numpy as np
import numpy.typing as npt

from subtools.core import Seconds, Span, Transcript, Turn, Word, overlap
from subtools.lexicon import clause_ranges
from subtools.speakers.turns import LONGEST_PAUSE

# In words that would have to be somebody else's: what a change of speaker costs.
_CHANGE_AT_BORDER = 0.3
_CHANGE_INSIDE = 2.5
_NEAR: Seconds = 0.5  # a word outside of all turns is of the nearest, if it is so near
_WORDLESS: Seconds = 0.4  # shorter speech without a word is a breath, or the edge of a word

_Floats = npt.NDArray[np.float64]


def assign_words(transcript: Transcript, turns: Sequence[Turn]) -> Transcript:
    """Return ``transcript`` with the speaker of each word.

    Words of a clause in which no word has a time have no speaker.

    Args:
        transcript: Words with their times.
        turns: Who speaks when, by onset.
    """
    names = list(dict.fromkeys(turn.speaker for turn in turns))
    texts = [word.text for word in transcript.words]
    clauses = [
        range(first + clause.start, first + clause.stop)
        for first, words in _paragraphs(transcript)
        for clause in clause_ranges(words)
    ]
    heard = [clause for clause in clauses if any(transcript.words[k].span for k in clause)]
    speakers: list[str | None] = [None] * len(texts)
    if names and heard:
        shares = _shares([transcript.words[k] for clause in heard for k in clause], turns, names)
        costs = [cost for clause in heard for cost in _change_costs(len(clause))]
        indices = [k for clause in heard for k in clause]
        for index, choice in zip(indices, _find_path(shares, costs), strict=True):
            speakers[index] = names[choice]
    pairs = zip(transcript.words, speakers, strict=True)
    return transcript.with_words([replace(word, speaker=speaker) for word, speaker in pairs])


def fit_turns(turns: Sequence[Turn], words: Iterable[Word]) -> tuple[Turn, ...]:
    """Return turns that begin and end with their words, and those of speech without words.

    Args:
        turns: Who speaks when in the sound, by onset.
        words: With their speakers.
    """
    by_words = list(turns_of_words(words))
    wordless = [
        part
        for turn in turns
        for rest in _outside(turn, [own for own in by_words if own.speaker == turn.speaker])
        for part in _outside(rest, list(_taken(rest, by_words, turns)))
    ]
    confident = [replace(turn, confidence=_rate(turn, turns)) for turn in by_words]
    ordered = sorted([*confident, *wordless], key=lambda turn: (turn.speaker, turn.start))
    joined = [
        turn
        for _, own in groupby(ordered, key=lambda turn: turn.speaker)
        for turn in _join(list(own))
    ]
    return tuple(sorted(joined, key=lambda turn: (turn.start, turn.end)))


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
    longest = max(turn.end - turn.start for turn in turns)
    for index, word in enumerate(words):
        if word.span is None:
            continue
        near = Span(max(0.0, word.span.start - _NEAR), word.span.end + _NEAR)
        first = bisect_left(turns, near.start - longest, key=lambda turn: turn.start)
        last = bisect_left(turns, near.end, key=lambda turn: turn.start)
        for turn in turns[first:last]:
            share = _share(word.span, turn)
            shares[index, numbers[turn.speaker]] = max(shares[index, numbers[turn.speaker]], share)
    return shares


def _share(span: Span, turn: Turn) -> float:
    """Return how much of ``span`` lies in ``turn``; a little for one that is only near."""
    within = overlap(span, turn)
    if within or not span.duration:
        return within / span.duration if span.duration else float(turn.start <= span.start)
    distance = max(turn.start - span.end, span.start - turn.end)
    return max(0.0, 0.5 * (1.0 - distance / _NEAR))


def _find_path(shares: _Floats, costs: Sequence[float]) -> list[int]:
    """Return the speaker of each word such that shares less costs are greatest (Viterbi)."""
    best, origins = shares[0], []
    for row, cost in zip(shares[1:], costs[1:], strict=True):
        winner = int(best.argmax())
        stays = best >= best[winner] - cost
        origins.append(np.where(stays, np.arange(len(best)), winner))
        best = np.where(stays, best, best[winner] - cost) + row
    path = [int(best.argmax())]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return path[::-1]


def turns_of_words(words: Iterable[Word]) -> Iterator[Turn]:
    """Yield a turn for each run of timed words of one speaker without a long pause."""
    run: list[Span] = []
    speaker: str | None = None
    for word in words:
        if word.span is None or word.speaker is None:
            continue
        pause = word.span.start - run[-1].end if run else 0.0
        if run and (word.speaker != speaker or pause >= LONGEST_PAUSE):
            yield Turn(speaker or "", run[0].start, run[-1].end)
            run = []
        run.append(word.span)
        speaker = word.speaker
    if run:
        yield Turn(speaker or "", run[0].start, run[-1].end)


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
    total = turn.end - turn.start
    if not shares or not total:
        return None
    return round(sum(shared * (rated or 0.0) for shared, rated in shares) / total, 3)


def _join(turns: Sequence[Turn]) -> Iterator[Turn]:
    """Yield the turns of one speaker, joined over short pauses."""
    joined = turns[0]
    for turn in turns[1:]:
        if turn.start - joined.end < LONGEST_PAUSE:
            joined = _merge(joined, turn)
        else:
            yield joined
            joined = turn
    yield joined


def _merge(a: Turn, b: Turn) -> Turn:
    lengths = [(t.end - t.start, t.confidence) for t in (a, b) if t.confidence is not None]
    total = sum(length for length, _ in lengths)
    mean = sum(length * (rated or 0.0) for length, rated in lengths) / total if total else None
    return Turn(a.speaker, a.start, max(a.end, b.end), None if mean is None else round(mean, 3))
