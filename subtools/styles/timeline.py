"""Cues in the order of time, changed only for the better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from subtools.core import Cue, CueRules, Rule
from subtools.styles.checking import check_cue, check_gap, extend_reach
from subtools.styles.clock import Instant, milliseconds

Faults = Counter[Rule]


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


class Timeline:
    """Cues shown in one place, in the order of time.

    What a cue breaks depends on itself and on when all before it are over, so a change is
    judged by the few cues that it reaches.
    """

    def __init__(self, entries: Sequence[Entry], rules: CueRules) -> None:
        self.rules = rules
        self.entries = list(entries)
        self._reaches: list[Instant | None] = []  # when all before each are over
        self._extend_reaches(0)

    def __len__(self) -> int:
        return len(self.entries)

    def cue(self, index: int) -> Cue:
        """Return the cue at ``index``."""
        return self.entries[index].cue

    def faults(self, index: int) -> Faults:
        """Return how often the cue at ``index`` breaks each rule."""
        return self._count([self.cue(index)], self._reaches[index])

    def judge(self, first: int, last: int, cues: Sequence[Cue]) -> Outcome | None:
        """Return what ``cues`` in the place of those from ``first`` to before ``last`` would do.

        None if it would break a rule more often, or the order.
        """
        if not self._is_ordered(first, last, cues):
            return None
        old_cues = [entry.cue for entry in self.entries[first:last]]
        reach = self._reaches[first] if first < len(self) else None
        old, new = self._count(old_cues, reach), self._count(cues, reach)
        before, after = reach, reach
        for cue in old_cues:
            before = extend_reach(before, cue, self.rules)
        for cue in cues:
            after = extend_reach(after, cue, self.rules)
        for index in range(last, len(self)):
            if before == after:
                break
            old.update(fault.rule for fault in check_gap(before, self.cue(index), self.rules))
            new.update(fault.rule for fault in check_gap(after, self.cue(index), self.rules))
            before = extend_reach(before, self.cue(index), self.rules)
            after = extend_reach(after, self.cue(index), self.rules)
        if any(new[rule] > old[rule] for rule in new):
            return None
        solved = tuple(rule for rule in Rule if new[rule] < old[rule])
        return Outcome(new.total() - old.total(), solved, not new.total())

    def replace(self, first: int, last: int, entries: Sequence[Entry]) -> int:
        """Put ``entries`` in the place of others; return the index after all it reaches."""
        grown = len(entries) - (last - first)
        self.entries[first:last] = entries
        self._reaches[first:last] = [None] * len(entries)
        return self._extend_reaches(first, at_least=last + grown)

    def _count(self, cues: Sequence[Cue], reach: Instant | None) -> Faults:
        faults: Faults = Counter()
        for cue in cues:
            faults.update(fault.rule for fault in check_cue(cue, self.rules))
            faults.update(fault.rule for fault in check_gap(reach, cue, self.rules))
            reach = extend_reach(reach, cue, self.rules)
        return faults

    def _is_ordered(self, first: int, last: int, cues: Sequence[Cue]) -> bool:
        around = [entry.cue for entry in self.entries[max(0, first - 1) : first]]
        around += [*cues, *(entry.cue for entry in self.entries[last : last + 1])]
        starts = [milliseconds(cue.start) for cue in around]
        return starts == sorted(starts)

    def _extend_reaches(self, first: int, at_least: int | None = None) -> int:
        """Set the reaches from ``first`` on, until they are as before."""
        index = first
        reach: Instant | None = None
        if first > 0:
            before = self.cue(first - 1)
            reach = extend_reach(self._reaches[first - 1], before, self.rules)
        while index < len(self):
            if index < len(self._reaches):
                is_known = at_least is not None and index >= at_least
                if is_known and self._reaches[index] == reach:
                    break
                self._reaches[index] = reach
            else:
                self._reaches.append(reach)
            reach = extend_reach(reach, self.cue(index), self.rules)
            index += 1
        return index
