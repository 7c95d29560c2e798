"""A talk to passages: a few clauses of one speaker, 10 to 20 seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from subtools.core import Seconds, Word
from subtools.lexicon import ends_clause

SHORTEST, LONGEST = 10.0, 20.0  # seconds; what is found is looked at this much around
_FEWEST, _MOST = 50, 110  # words, where times are missing or people talk very fast
_LONGEST_GAP = 30.0  # seconds of silence that no passage goes over
_UNTIMED = 0xFFFF
_TICKS = 100  # a second; what comes later than 655 s after the first word counts as untimed
_TICK_TYPE = np.dtype("<u2")


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive words of one speaker.

    Attributes:
        first: Number of its first word in the talk.
        last: Number of the word after its last.
        speaker: Who speaks, if known.
    """

    first: int
    last: int
    speaker: str | None


def cut_passages(words: Sequence[Word]) -> Iterator[Passage]:
    """Yield the passages of a talk, in order; every word is in one."""
    first = 0
    for index in range(1, len(words) + 1):
        if index == len(words) or _ends_before(words, first, index):
            yield Passage(first, index, words[first].speaker)
            first = index


def compose_times(words: Sequence[Word]) -> tuple[Seconds | None, bytes]:
    """Return when the words of a passage begin: the first of all, and the rest from there.

    >>> from subtools.core import Span
    >>> start, times = compose_times([Word("a"), Word("b", Span(3.0, 3.2)), Word("c")])
    >>> parse_times(start, times)
    (None, 3.0, None)
    """
    known = [word.span.start for word in words if word.span]
    if not known:
        return None, b""
    earliest = min(known)
    ticks = [_UNTIMED if w.span is None else _tick(w.span.start - earliest) for w in words]
    return earliest, np.array(ticks, _TICK_TYPE).tobytes()


def parse_times(start: Seconds | None, times: bytes) -> tuple[Seconds | None, ...]:
    """Return what ``compose_times`` was given."""
    if start is None:
        return ()
    ticks = np.frombuffer(times, _TICK_TYPE).tolist()
    return tuple(None if tick == _UNTIMED else round(start + tick / _TICKS, 3) for tick in ticks)


def nearest_time(times: Sequence[Seconds | None], place: int) -> tuple[Seconds | None, bool]:
    """Return when the word at ``place`` begins, and whether that is its own time.

    A word without a time has that of the nearest one before it, or else after it.
    """
    if place < len(times) and times[place] is not None:
        return times[place], True
    before = [time for time in times[:place] if time is not None]
    after = [time for time in times[place:] if time is not None]
    return (before[-1] if before else after[0] if after else None), False


def _tick(seconds: Seconds) -> int:
    return min(_UNTIMED, round(seconds * _TICKS))


def _ends_before(words: Sequence[Word], first: int, index: int) -> bool:
    """Tell whether the passage from ``first`` on ends before the word at ``index``."""
    word = words[index]
    if word.speaker != words[first].speaker:
        return True
    count, lasted = index - first, _lasted(words, first, index)
    if count >= _MOST or lasted >= LONGEST or _has_gap(words, index):
        return True
    is_long = count >= _FEWEST or lasted >= SHORTEST
    return is_long and ends_clause(words[index - 1].text, word.text)


def _lasted(words: Sequence[Word], first: int, index: int) -> Seconds:
    begun, ended = words[first].span, words[index].span
    return ended.start - begun.start if begun and ended else 0.0


def _has_gap(words: Sequence[Word], index: int) -> bool:
    before, after = words[index - 1].span, words[index].span
    return before is not None and after is not None and after.start - before.end > _LONGEST_GAP
