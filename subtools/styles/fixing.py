"""Subtitles repaired as far as that can be done without changing what is said."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from subtools.core import Block, Cue, CueRules, Rule, Seconds, Subtitles, Violation
from subtools.styles.checking import check_subtitles, split_tracks
from subtools.styles.clock import milliseconds
from subtools.styles.joining import merged_cues, split_cue
from subtools.styles.repairs import other_ends, other_gaps, other_lines, other_starts, with_lines
from subtools.styles.telling import tell_change
from subtools.styles.texts import is_blank
from subtools.styles.timeline import Entry, Outcome, Timeline

_BETWEEN = frozenset({Rule.GAP, Rule.OVERLAP, Rule.FRAMES})
_TOGETHER = frozenset(
    {Rule.MIN_DURATION, Rule.READING_SPEED, Rule.WORDS_PER_MINUTE, Rule.GAP, Rule.OVERLAP}
)
_APART = frozenset({Rule.LINE_LENGTH, Rule.LINE_COUNT, Rule.MAX_DURATION})
_LOOKED_BACK = 20  # cues; an overlap with an earlier one is that cue's fault


@dataclass(frozen=True, slots=True)
class Change:
    """What a repair did to a cue.

    Attributes:
        cue: Which one, from 1 in the order of the file as it was.
        start: When it began, in seconds.
        rules: What it breaks no longer, or less often, it or those next to it.
        before: The cue as it was: times and text.
        after: What has become of it; empty if it is gone.
        message: What was done, in words.
    """

    cue: int
    start: Seconds
    rules: tuple[Rule, ...]
    before: str
    after: str
    message: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """Subtitles after repair.

    Attributes:
        subtitles: The cues as they are now.
        changes: What was done, in the order of the file.
        remaining: What is still broken.
    """

    subtitles: Subtitles
    changes: tuple[Change, ...]
    remaining: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class _Repair:
    """A change that could be made: ``cues`` for those from ``first`` to before ``last``."""

    first: int
    last: int
    cues: tuple[Cue, ...]


def fix_subtitles(subtitles: Subtitles, rules: CueRules) -> Fixed:
    """Return ``subtitles`` with as few violations of ``rules`` as careful repairs leave.

    Cues are put in order, ended earlier where they overlap, held longer into free room,
    put on frames, their lines typeset and broken anew; neighbours become one, and a cue
    whose words have times becomes two, where that solves something. Words never change,
    and no onset moves but to the next frame. A repair is made only if it breaks no rule
    more often than before and fewer in all, so that doing it again changes nothing.

    >>> cues = (Cue(0.0, 2.0, ("Hi,",)), Cue(1.5, 3.5, ("there",)))
    >>> [cue.end for cue in fix_subtitles(Subtitles(cues), CueRules()).subtitles.cues]
    [1.5, 3.5]
    """
    cues = subtitles.cues
    changes: list[Change] = list(_tell_moves(cues))
    tracks = []
    for indexes in split_tracks(cues):
        entries = [Entry(cues[index], (index,)) for index in indexes]
        timeline = Timeline(entries, rules)
        changes += _repair_all(timeline, cues)
        tracks.append(timeline.entries)
    if not changes:
        return Fixed(subtitles, (), check_subtitles(subtitles, rules))
    merged = _merge_tracks(tracks)
    whole = replace(
        subtitles,
        cues=tuple(entry.cue for entry in merged),
        blocks=tuple(_move_blocks(subtitles.blocks, merged)),
    )
    ordered = sorted(changes, key=lambda change: change.cue)
    return Fixed(whole, tuple(ordered), check_subtitles(whole, rules))


def _tell_moves(cues: Sequence[Cue]) -> Iterator[Change]:
    """Yield a change for each cue that begins before the one that stands before it."""
    for index, (before, cue) in enumerate(pairwise(cues), start=1):
        if milliseconds(cue.start) < milliseconds(before.start):
            message = "put in its place in time"
            shown = tell_change([cue], [cue])
            yield Change(index + 1, cue.start, (Rule.ORDER,), shown.before, shown.after, message)


def _merge_tracks(tracks: Iterable[Sequence[Entry]]) -> list[Entry]:
    """Return the entries of all tracks in the order of time; else in that of the file."""
    keyed = []
    for track in tracks:
        place, keys = 0, []
        for entry in track:
            place = max(place, *entry.origins)
            keys.append(((milliseconds(entry.cue.start), place), entry))
        keyed.append(keys)
    return [entry for _, entry in heapq.merge(*keyed, key=lambda pair: pair[0])]


def _move_blocks(blocks: Sequence[Block], entries: Sequence[Entry]) -> Iterator[Block]:
    """Yield ``blocks`` after as many cues as are left of those before them."""
    firsts = sorted(min(entry.origins) for entry in entries)
    for block in blocks:
        yield replace(block, position=bisect_left(firsts, block.position))


# --- repairs


def _repair_all(timeline: Timeline, cues: Sequence[Cue]) -> list[Change]:
    """Repair ``timeline`` until nothing more can be done; return what was done."""
    changes: list[Change] = []
    while True:
        made = _repair_once(timeline, cues, range(len(timeline)))
        if not made:
            return changes
        changes += made


def _repair_once(timeline: Timeline, cues: Sequence[Cue], places: Iterable[int]) -> list[Change]:
    """Repair what can be at ``places`` and near what was repaired; return what was done."""
    changes: list[Change] = []
    while waiting := sorted(places):
        touched: set[int] = set()
        grown = 0  # how many cues there are more than when this began
        for place in waiting:
            index = place + grown
            found = _find_repair(timeline, index) if 0 <= index < len(timeline) else None
            if found is None:
                continue
            repair, outcome = found
            change, reached = _make(timeline, repair, outcome, cues)
            changes.append(change)
            more = len(repair.cues) - (repair.last - repair.first)
            grown += more
            touched = {near + more if near >= repair.last else near for near in touched}
            touched |= set(range(repair.first - 1, reached + 1))
        places = touched
    return changes


def _make(
    timeline: Timeline, repair: _Repair, outcome: Outcome, cues: Sequence[Cue]
) -> tuple[Change, int]:
    """Make ``repair``; return what was done, and the place after all that it reaches."""
    old = timeline.entries[repair.first : repair.last]
    new = _assign_origins(repair.cues, old)
    reached = timeline.replace(repair.first, repair.last, new)
    told = tell_change([entry.cue for entry in old], repair.cues)
    pairs = zip(old, (*new, *[None] * len(old)), strict=False)
    changed = next((entry for entry, now in pairs if entry != now), old[0])
    cue = changed.origins[0]
    change = Change(
        *(cue + 1, cues[cue].start, outcome.solved), told.before, told.after, told.message
    )
    return change, reached


def _assign_origins(cues: Sequence[Cue], old: Sequence[Entry]) -> list[Entry]:
    if len(cues) == len(old):
        return [Entry(cue, entry.origins) for cue, entry in zip(cues, old, strict=True)]
    origins = tuple(sorted(origin for entry in old for origin in entry.origins))
    return [Entry(cue, origins) for cue in cues]


def _find_repair(timeline: Timeline, index: int) -> tuple[_Repair, Outcome] | None:
    """Return the best repair of the cue at ``index``, of the simplest kind that helps."""
    broken = timeline.broken(index)
    if not broken:
        return None
    for repairs in _list_kinds(timeline, index, broken):
        best = _choose(timeline, repairs)
        if best is not None:
            return best
    return None


def _choose(timeline: Timeline, repairs: Iterable[_Repair]) -> tuple[_Repair, Outcome] | None:
    """Return the repair that solves most; the first of several."""
    best: tuple[_Repair, Outcome] | None = None
    for repair in repairs:
        outcome = timeline.judge(repair.first, repair.last, repair.cues)
        if outcome is None or outcome.total >= 0:
            continue
        if best is None or outcome.total < best[1].total:
            best = (repair, outcome)
        if outcome.is_clean:
            break
    return best


def _list_kinds(
    timeline: Timeline, index: int, broken: frozenset[Rule]
) -> Iterator[Iterable[_Repair]]:
    """Yield what could be done, from the least to the most."""
    if is_blank(timeline.cue(index).lines):
        yield (_Repair(index, index + 1, ()),)
    if broken & _BETWEEN:
        for start in other_starts(timeline.cue(index), timeline.rules):
            yield _move(timeline, index, start)
    else:
        yield _reshape(timeline, index)
    if Rule.OVERLAP in broken:
        yield _end_earlier(timeline, index)
    if broken & _APART:
        yield _part(timeline, index)
    if broken & _TOGETHER:
        yield _unite(timeline, index)


def _reshape(timeline: Timeline, index: int) -> Iterator[_Repair]:
    """Yield the cue at ``index`` with other lines and other ends."""
    following = _following(timeline, index + 1)
    for shaped in _other_texts(timeline.cue(index), timeline.rules):
        for end in other_ends(shaped, following, timeline.rules):
            yield _Repair(index, index + 1, (replace(shaped, end=end),))


def _move(timeline: Timeline, index: int, start: Seconds) -> Iterator[_Repair]:
    """Yield the cue at ``index`` from ``start`` on, and the one before it ended anew."""
    rules, following = timeline.rules, _following(timeline, index + 1)
    for shaped in _other_texts(timeline.cue(index), rules):
        moved = replace(shaped, start=start, end=max(start, shaped.end))
        ends = [replace(moved, end=end) for end in other_ends(moved, following, rules)]
        yield from (_Repair(index, index + 1, (timed,)) for timed in ends)
        if index:
            before = timeline.cue(index - 1)
            gaps = [replace(before, end=end) for end in other_gaps(before, start, rules)]
            for closed, timed in product(gaps, ends):
                yield _Repair(index - 1, index + 1, (closed, timed))


def _other_texts(cue: Cue, rules: CueRules) -> list[Cue]:
    return [with_lines(cue, lines) for lines in other_lines(cue, rules)]


def _part(timeline: Timeline, index: int) -> Iterator[_Repair]:
    """Yield the cue at ``index`` in two."""
    for parts in split_cue(timeline.cue(index), timeline.rules):
        yield from _with_ends(timeline, index, index + 1, parts)


def _unite(timeline: Timeline, index: int) -> Iterator[_Repair]:
    """Yield the cue at ``index`` in one with the next, or with the one before."""
    for first in (index, index - 1):
        if 0 <= first < len(timeline) - 1:
            pair = timeline.cue(first), timeline.cue(first + 1)
            for merged in merged_cues(*pair, timeline.rules):
                yield from _with_ends(timeline, first, first + 2, (merged,))


def _end_earlier(timeline: Timeline, index: int) -> Iterator[_Repair]:
    """Yield the cues before ``index`` that are still on then, ended before it begins."""
    cue = timeline.cue(index)
    for first in range(index - 2, max(-1, index - 2 - _LOOKED_BACK), -1):
        earlier = timeline.cue(first)
        if earlier.end > cue.start:
            others = tuple(entry.cue for entry in timeline.entries[first + 1 : index])
            for end in other_gaps(earlier, cue.start, timeline.rules):
                yield _Repair(first, index, (replace(earlier, end=end), *others))


def _with_ends(
    timeline: Timeline, first: int, last: int, cues: tuple[Cue, ...]
) -> Iterator[_Repair]:
    """Yield ``cues`` in the place of others, the last one ended in every way it could."""
    *others, cue = cues
    for end in other_ends(cue, _following(timeline, last), timeline.rules):
        yield _Repair(first, last, (*others, replace(cue, end=end)))


def _following(timeline: Timeline, index: int) -> Seconds | None:
    return timeline.cue(index).start if index < len(timeline) else None
