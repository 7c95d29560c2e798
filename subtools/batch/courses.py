"""Jobs on their way: what is there, what is missing; and how a batch goes about failures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from subtools.batch.values import Done, Ending, Job, Plan, Step
from subtools.core import Seconds


def no_limit(_sound: Seconds | None) -> Seconds | None:
    """Let a step take as long as it likes."""
    return None


@dataclass(frozen=True, slots=True)
class Rules:
    """How a batch goes about failures, and how far it looks ahead.

    Attributes:
        tries: How often a step is tried whose failure may pass.
        pause: Seconds before it is tried again; each further pause is twice as long.
        longest_pause: Seconds.
        max_failures: Failed jobs after which no more are begun; None: never.
        ahead: Jobs on their way at once; those that wait for nothing are fetched meanwhile.
        keep: Whether decoded sounds and posteriors are kept when their jobs are done.
        limit: Says how long a step may take, by the length of its sound, if that is known; in
            seconds, None: as long as it likes.
    """

    tries: int = 5
    pause: Seconds = 5.0
    longest_pause: Seconds = 300.0
    max_failures: int | None = None
    ahead: int = 8
    keep: bool = False
    limit: Callable[[Seconds | None], Seconds | None] = no_limit


class Watcher(Protocol):
    """Told how a batch goes."""

    def moved(self, job: str, stage: str, done: float, total: float) -> None:
        """A step of ``job`` has come further."""

    def ended(self, ending: Ending) -> None:
        """A job has ended."""

    def note(self, text: str) -> None:
        """Something a person should know."""


@dataclass(slots=True)
class Course:
    """A job on its way.

    Attributes:
        number: Its place among the jobs.
        plan: Its steps.
        steps: The same by address.
        done: Results that are there.
        made: Steps this run made for it.
        missing: Steps that are needed and not there; None: to be found out.
    """

    number: int
    plan: Plan
    steps: Mapping[str, Step]
    done: dict[str, Done] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    missing: list[Step] | None = None

    def samples(self) -> int | None:
        """Return how long its sound is, if that is known."""
        for done in self.done.values():
            samples = done.facts.get("samples")
            if isinstance(samples, int):
                return samples
        return None


def sound_of(job: Job) -> tuple[object, ...]:
    """Return what tells which sound a job wants: jobs with the same may share its samples."""
    return (job.source, job.part, job.document if not job.source else None)
