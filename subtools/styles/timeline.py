"""Cues in the order of time, changed only for the better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from subtools.core import Cue, CueRules, Rule, Seconds
from subtools.styles.checking import check_cue, check_gap, later_end
from subtools.styles.clock import Instant, milliseconds, read_instant

_FRAME = 1000 / 24  # ms; putting a cue on frames may cost it one


@dataclass(frozen=True, slots=True)
class Entry:
    """A cue of a timeline.

    Attributes:
        cue: The cue.
        origins: The cues of the file that it is made of, by their indexes from 0.
    """

    cue: Cue
    origins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change would do.

    Attributes:
        total: How many violations there would be more; a good change has fewer.
        solved: Rules that would be broken less often.
        is_clean: Whether nothing that it reaches would break a rule.
    """

    total: int
    solved: tuple[Rule, ...]
    is_clean: bool


@dataclass(frozen=True, slots=True)
class _Measured:
    """When a cue is on, what it breaks by itself, and how far it is on too briefly (ms)."""

    start: Instant
    end: Instant
    broken: tuple[Rule, ...]
    lacking: float


class Timeline:
    """Cues shown in one place, in the order of time.

    What a cue breaks depends on itself and on when all before it are over, so a change is
    judged by the few cues that it reaches.
    """

    def __init__(self, entries: Sequence[Entry], rules: CueRules) -> None:
        self.rules = rules
        self.entries = list(entries)
        self._known: dict[tuple[tuple[str, ...], Seconds, Seconds], _Measured] = {}
        self._reaches: list[Instant | None] = []  # when all before each are over
        self._extend_reaches(0, 0)

    def __len__(self) -> int:
        return len(self.entries)

    def cue(self, index: int) -> Cue:
        """Return the cue at ``index``."""
        return self.entries[index].cue

    def broken(self, index: int) -> frozenset[Rule]:
        """Return the rules that the cue at ``index`` breaks."""
        return frozenset(self._list_broken([self.cue(index)], self._reaches[index])[0])

    def judge(self, first: int, last: int, cues: Sequence[Cue]) -> Outcome | None:
        """Return what ``cues`` in the place of those from ``first`` to before ``last`` would do.

        None if it would break a rule more often, or the order, or make a flash, or nothing,
        of a cue that is on too briefly as it is.
        """
        old_cues = [entry.cue for entry in self.entries[first:last]]
        if not self._is_ordered(first, last, cues) or self._is_flash(old_cues, cues):
            return None
        reach = self._reaches[first] if first < len(self) else None
        old, before = self._list_broken(old_cues, reach)
        new, after = self._list_broken(cues, reach)
        index = last
        while before != after and index < len(self):
            measured = self._measure(self.cue(index))
            old += [fault.rule for fault in check_gap(before, measured.start, self.rules)]
            new += [fault.rule for fault in check_gap(after, measured.start, self.rules)]
            before, after = later_end(before, measured.end), later_end(after, measured.end)
            index += 1
        return _compare(old, new)

    def replace(self, first: int, last: int, entries: Sequence[Entry]) -> int:
        """Put ``entries`` in the place of others; return the index after all that it reaches."""
        self.entries[first:last] = entries
        self._reaches[first:last] = [None] * len(entries)
        return self._extend_reaches(first, first + len(entries))

    def _measure(self, cue: Cue) -> _Measured:
        key = (cue.lines, cue.start, cue.end)
        measured = self._known.get(key)
        if measured is None:
            start, end = (read_instant(time, self.rules) for time in (cue.start, cue.end))
            broken = tuple(fault.rule for fault in check_cue(cue, self.rules))
            lacking = max(0.0, self.rules.min_duration * 1000 - (end.at - start.at))
            measured = _Measured(start, end, broken, lacking)
            self._known[key] = measured
        return measured

    def _list_broken(
        self, cues: Sequence[Cue], reach: Instant | None
    ) -> tuple[list[Rule], Instant | None]:
        """Return the rules that ``cues`` break after ``reach``, and when they are over."""
        broken: list[Rule] = []
        for measured in map(self._measure, cues):
            broken += measured.broken
            broken += [fault.rule for fault in check_gap(reach, measured.start, self.rules)]
            reach = later_end(reach, measured.end)
        return broken, reach

    def _is_ordered(self, first: int, last: int, cues: Sequence[Cue]) -> bool:
        around = [entry.cue for entry in self.entries[max(0, first - 1) : first]]
        around += [*cues, *(entry.cue for entry in self.entries[last : last + 1])]
        starts = [milliseconds(cue.start) for cue in around]
        return starts == sorted(starts)

    def _is_flash(self, old: Sequence[Cue], new: Sequence[Cue]) -> bool:
        before, after = ([self._measure(cue) for cue in cues] for cues in (old, new))
        lacked, lacking = (sum(cue.lacking for cue in cues) for cues in (before, after))
        unseen, more = (sum(cue.end.at <= cue.start.at for cue in cues) for cues in (before, after))
        return lacking > lacked + _FRAME or more > unseen

    def _extend_reaches(self, first: int, known: int) -> int:
        """Set the reaches from ``first`` on; those from ``known`` on until one is as before."""
        reach: Instant | None = None
        if first > 0:
            reach = later_end(self._reaches[first - 1], self._measure(self.cue(first - 1)).end)
        for index in range(first, len(self)):
            if index >= len(self._reaches):
                self._reaches.append(reach)
            elif index >= known and index > first and self._reaches[index] == reach:
                return index
            else:
                self._reaches[index] = reach
            reach = later_end(reach, self._measure(self.cue(index)).end)
        return len(self)


def _compare(old: Sequence[Rule], new: Sequence[Rule]) -> Outcome | None:
    counts, now = Counter(old), Counter(new)
    if len(new) > len(old) or any(now[rule] > counts[rule] for rule in now):
        return None
    solved = tuple(rule for rule in Rule if now[rule] < counts[rule])
    return Outcome(len(new) - len(old), solved, not new)
