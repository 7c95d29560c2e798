"""How long cues are on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from subtools.core import Cue, CueRules, Seconds
from subtools.lexicon import columns

_NEARLY = 1e-6  # of a frame; sums of floats
READABLE = 18.0  # columns a second; Netflix: 9 Han characters, about as many of Latin script


def best_end(
    start: Seconds, spoken: Seconds, width: int, following: Seconds, rules: CueRules
) -> Seconds:
    """Return when a cue should end.

    It stays on for ``rules.hold`` after its words, for ``rules.min_duration``, and until
    it can be read, but not into the next one, nor until shortly before it: a short gap
    flickers.

    Args:
        start: When it begins.
        spoken: When its words are over.
        width: Columns that are to be read.
        following: When the next one begins.
        rules: How long cues are on.

    >>> round(best_end(0.0, 1.0, 40, 10.0, CueRules()), 3)  # 40 columns take 2.2 s
    2.222
    """
    needed = start + max(rules.min_duration, width / (rules.max_speed or READABLE))
    end = max(min(spoken + rules.hold, start + rules.max_duration), spoken, needed)
    limit = following - rules.min_gap
    if end > limit or following - end < rules.closed_gap:
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
    for cue in cues:
        late = max(0.0, free - cue.start)
        moved = replace(cue, start=free, end=free + cue.end - cue.start) if late else cue
        needed = max(rules.min_duration, _width(cue) / READABLE)
        free = max(free, min(moved.end, moved.start + needed))
        yield moved


def _hold(cues: Sequence[Cue], rules: CueRules) -> Iterator[Cue]:
    followings = [after.start for _, after in pairwise(cues)] + [float("inf")]
    for cue, following in zip(cues, followings, strict=False):
        end = best_end(cue.start, cue.end, _width(cue), following, rules)
        yield replace(cue, end=end)


def _width(cue: Cue) -> int:
    return sum(map(columns, cue.lines))
