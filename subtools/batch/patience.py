"""What is tried again and when, what is given up, and when a machine is past all trying."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from subtools.batch.courses import Rules
from subtools.batch.values import Failure
from subtools.core import Seconds

_CRASHES = 2  # of the process, from which on a step is poison
_PATIENCE = 60  # first pauses that a step waits for room, five minutes as a rule: somebody may look
_LOOK_AGAIN: Seconds = 10.0  # at most, for room on the disk
_DOUBLINGS = 20
_HOPELESS: Seconds = 60.0  # in which nothing was made as the disk is full: nothing will be


@dataclass(slots=True)
class Patience:
    """Remembers what went wrong.

    Attributes:
        rules: How failures are gone about.
        has_space: Tells whether anything can be written.
        is_spent: Whether the disk is so full that no more is to be begun.
    """

    rules: Rules
    has_space: Callable[[], bool] = lambda: True
    is_spent: bool = False
    _until: dict[str, Seconds] = field(default_factory=dict)
    _tries: Counter[str] = field(default_factory=Counter)
    _looks: Counter[str] = field(default_factory=Counter)  # for room
    _crashes: Counter[str] = field(default_factory=Counter)
    _short: set[str] = field(default_factory=set)  # steps that wait for room on the disk
    _refused: dict[str, Seconds] = field(default_factory=dict)  # since when it does
    _full: Seconds | None = None  # since when there is none at all, and nothing was made

    def is_waiting(self, address: str) -> bool:
        """Return whether a step is not to be tried yet."""
        return self._until.get(address, 0.0) > time.monotonic()

    def is_short(self) -> bool:
        """Return whether a step waits for room on the disk: nothing is fetched ahead then."""
        return any(map(self.is_waiting, self._short))

    def pause(self) -> Seconds | None:
        """Return how long it is until something may be tried again; None: nothing waits."""
        now = time.monotonic()
        return min((until - now for until in self._until.values() if until > now), default=None)

    def note_made(self, address: str) -> None:
        """Take note that a step is made."""
        self._until.pop(address, None)
        self._short.discard(address)
        self._refused.pop(address, None)
        self._full = None

    def judge(self, address: str, failure: Failure, *, is_crash: bool) -> Failure | Seconds:
        """Return after how long a step that failed is tried again, or its failure for good."""
        if is_crash:
            return self._judge_crash(address, failure)
        if failure.is_full and not self.has_space():
            return self._judge_full(address, failure)
        self._tries[address] += 1
        if not failure.may_pass or self._tries[address] >= self.rules.tries:
            return failure
        self._short |= {address} if failure.is_full else set()
        return self._wait(address, self._tries[address], self.rules.longest_pause)

    def _judge_full(self, address: str, failure: Failure) -> Failure | Seconds:
        """Wait for room: nobody's try is lost as long as the disk takes nothing from anybody."""
        now = time.monotonic()
        self._full = now if self._full is None else self._full
        since = self._refused.setdefault(address, now)
        if now - since >= min(_PATIENCE * self.rules.pause, self.rules.longest_pause):
            self.is_spent = now - self._full >= _HOPELESS
            return failure
        self._short.add(address)
        self._looks[address] += 1
        return self._wait(address, self._looks[address], _LOOK_AGAIN)

    def _wait(self, address: str, number: int, longest: Seconds) -> Seconds:
        pause = min(self.rules.pause * (1 << min(number - 1, _DOUBLINGS)), longest)
        self._until[address] = time.monotonic() + pause
        return pause

    def _judge_crash(self, address: str, failure: Failure) -> Failure | Seconds:
        self._crashes[address] += 1
        if self._crashes[address] < _CRASHES:
            return 0.0
        error = f"poisoned: {failure.error}, {_CRASHES} times"
        return replace(failure, error=error, is_poison=True)
