"""What an engine is: it takes tasks, and tells what became of them.

This machine's worker processes are one (`local`); a cluster is another. The scheduler knows
neither: it asks for room, gives tasks, and waits for events.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from subtools.batch.values import Failure, Kind, Plain, Step
from subtools.core import Seconds
from subtools.timecode import compose_clock


@dataclass(frozen=True, slots=True)
class Task:
    """A step that can be done now.

    Attributes:
        step: The step.
        inputs: The steps whose results it takes, all of them there, by what they are to it.
        job: Name of the job it is done for, for people.
        seconds: Length of the sound, if known, for an estimate of memory.
        limit: How long it may take, in seconds; None: as long as it likes.
    """

    step: Step
    inputs: Mapping[str, Step] = field(default_factory=dict)
    job: str = ""
    seconds: Seconds | None = None
    limit: Seconds | None = None

    def is_late(self, begun: Seconds) -> bool:
        """Return whether it has taken too long, by the clock that ``begun`` is of: monotonic."""
        return self.limit is not None and time.monotonic() - begun > self.limit


@dataclass(frozen=True, slots=True)
class Moved:
    """A task has come further.

    Attributes:
        task: The task.
        stage: What it is at.
        done: How much of it is done, of ``total``.
        total: In any unit; 0: nobody knows.
    """

    task: Task
    stage: str
    done: float
    total: float


@dataclass(frozen=True, slots=True)
class Finished:
    """A task has ended.

    Attributes:
        task: The task.
        facts: Facts of its result; None if there is none.
        failure: Why there is none.
        is_crash: Whether the process that did it ended, and not the task.
        seconds: How long it took.
        cpu: Seconds of processor time, its programs included.
        peak: Most memory of the process meanwhile, in bytes; 0: unknown.
    """

    task: Task
    facts: Mapping[str, Plain] | None = None
    failure: Failure | None = None
    is_crash: bool = False
    seconds: Seconds = 0.0
    cpu: Seconds = 0.0
    peak: int = 0


Event = Moved | Finished


class Executor(Protocol):
    """Anything that can do tasks."""

    def has_room(self, task: Task) -> bool:
        """Return whether ``task`` could begin now."""

    def start(self, task: Task) -> None:
        """Begin ``task``; there must be room for it."""

    def wait(self, timeout: Seconds) -> Sequence[Event]:
        """Return what has happened, as soon as something has; nothing after ``timeout``."""

    def close(self, *, now: bool = False) -> None:
        """Let go of everything; ``now``: without waiting for tasks that are being done."""


def end_late(task: Task) -> Finished:
    """Return that ``task`` was ended as it took too long, and what to do."""
    limit = task.limit or 0.0
    hint = "see whether the file plays to its end"
    if task.step.kind is Kind.FETCH:
        hint = "see whether the address plays in a browser"
    more = f"--step-timeout {2 * limit:.0f}s gives it more time"
    error = f"it took longer than {compose_clock(limit)} and was ended ({hint}; {more})"
    return Finished(task, failure=Failure(task.step.kind, error), seconds=limit)
