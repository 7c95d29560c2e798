"""How long cues are on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from subtools.core import Cue, CueRules, Seconds
from subtools.lexicon import columns, is_spaceless, split_words, word_core

_NEARLY = 1e-6  # of a frame; sums of floats
READABLE = 18.0  # columns a second; Netflix: 9 Han characters, about as many of Latin script


def reading_time(columns_read: int, words_read: int, rules: CueRules) -> Seconds:
    """Return how long it takes to read a text, in seconds.

    Args:
        columns_read: Its columns.
        words_read: Its words in scripts with spaces.
        rules: How fast people are to read.

    >>> reading_time(36, 0, CueRules()), reading_time(36, 9, CueRules(max_words_per_minute=180))
    (2.0, 3.0)
    """
    by_columns = columns_read / (rules.max_speed or READABLE)
    by_words = 60 * words_read / (rules.max_words_per_minute or math.inf)
    return max(by_columns, by_words)


def best_end(
    start: Seconds, spoken: Seconds, reading: Seconds, following: Seconds, rules: CueRules
) -> Seconds:
    """Return when a cue should end.

    It stays on for ``rules.hold`` after its words, for ``rules.min_duration``, and until
    it can be read, but not into the next one, nor until shortly before it: a gap shorter
    than ``rules.closed_gap``, or than it is held, flickers.

    Args:
        start: When it begins.
        spoken: When its words are over.
        reading: How long it takes to read it.
        following: When the next one begins.
        rules: How long cues are on.

    >>> best_end(0.0, 1.0, 2.5, 10.0, CueRules()), best_end(0.0, 1.0, 2.5, 2.0, CueRules())
    (2.5, 2.0)
    """
    needed = start + max(rules.min_duration, reading)
    end = max(min(spoken + rules.hold, start + rules.max_duration), spoken, needed)
    limit = following - rules.min_gap
    if end > limit or following - end < max(rules.closed_gap, rules.hold):
        end = limit
    return max(start, _on_frame(end, limit, rules))


def _on_frame(end: Seconds, limit: Seconds, rules: CueRules) -> Seconds:
    """Return the frame after ``end``, or the one before it if that is after ``limit``."""
    rate = rules.frame_rate
    if rate is None or end == float("inf"):
        return end
    frame = math.ceil(end * rate - _NEARLY)
    return (frame if frame <= limit * rate + _NEARLY else frame - 1) / rate


def place_cues(cues: Iterable[Cue], rules: CueRules) -> tuple[Cue, ...]:
    """Return ``cues`` in time: none begins before the one before it could be seen.

    In time with their words they mostly do. Where two people speak at once, a cue waits
    until the one before has been on for ``min_duration`` and could be read, or until its
    words are over; it lasts as long as it did, and keeps its place in the text.
    """
    return tuple(_hold(list(_follow_on(cues, rules)), rules))


def _follow_on(cues: Iterable[Cue], rules: CueRules) -> Iterator[Cue]:
    free = 0.0
    rounding = 0.5 / rules.frame_rate if rules.frame_rate else 0.0  # of an onset put on a frame
    for cue in cues:
        moved = cue
        if free - cue.start > rounding + _NEARLY:
            start = _on_frame(free, math.inf, rules)
            moved = replace(cue, start=start, end=start + cue.end - cue.start)
        needed = max(rules.min_duration, sum(map(columns, cue.lines)) / READABLE)
        free = max(free, min(moved.end, moved.start + needed))
        yield moved


def _hold(cues: Sequence[Cue], rules: CueRules) -> Iterator[Cue]:
    followings = [after.start for _, after in pairwise(cues)] + [float("inf")]
    for cue, following in zip(cues, followings, strict=False):
        end = best_end(cue.start, cue.end, _reading_time(cue, rules), following, rules)
        yield replace(cue, end=end)


def _reading_time(cue: Cue, rules: CueRules) -> Seconds:
    cores = [word_core(word) for line in cue.lines for word in split_words(line)]
    spaced = sum(bool(core) and not is_spaceless(core) for core in cores)
    return reading_time(sum(map(columns, cue.lines)), spaced, rules)
