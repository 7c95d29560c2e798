"""An engine that does nothing, or fails as it is told: for what the scheduler decides."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from subtools.batch import (
    Ending,
    Event,
    Failure,
    Finished,
    FolderResults,
    Job,
    Kind,
    Plan,
    Rules,
    Scheduler,
    Step,
    Task,
)
from subtools.batch.journal import Journal, no_journal

Answer = Callable[[Task], Finished | None]


def goes_well(_task: Task) -> Finished | None:
    return None


@dataclass
class StubExecutor:
    """Ends each task at once, in its own way.

    Attributes:
        results: Where it puts results, each a file of a few bytes.
        answer: What becomes of a task; None: it goes well.
        room: How many tasks at a time.
        started: What it was given, in order.
    """

    results: FolderResults
    answer: Answer = goes_well
    room: int = 2
    started: list[Task] = field(default_factory=list)
    waiting: deque[Task] = field(default_factory=deque)
    most: int = 0
    closed: list[bool] = field(default_factory=list)

    def has_room(self, task: Task) -> bool:
        del task
        return len(self.waiting) < self.room

    def start(self, task: Task) -> None:
        self.started.append(task)
        self.waiting.append(task)
        self.most = max(self.most, len(self.waiting))

    def wait(self, timeout: float) -> Sequence[Event]:
        del timeout
        if not self.waiting:
            return ()
        task = self.waiting.popleft()
        return (self.answer(task) or self.make(task),)

    def make(self, task: Task) -> Finished:
        if self.results.find(task.step) is None:
            with self.results.drafting(task.step) as draft:
                (draft / "words.json").write_text(task.step.address)
                self.results.publish(task.step, draft, {"samples": 16_000, "seconds": 1.0})
        return Finished(task, {"samples": 16_000})

    def close(self, *, now: bool = False) -> None:
        self.closed.append(now)


@dataclass
class Told:
    """Remembers what a watcher was told."""

    endings: list[Ending] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def moved(self, job: str, stage: str, done: float, total: float) -> None:
        pass

    def ended(self, ending: Ending) -> None:
        self.endings.append(ending)

    def note(self, text: str) -> None:
        self.notes.append(text)


def plan_chain(job: Job) -> Plan:
    """Return three steps: a sound, what is made of it, and the outputs of this job."""
    fetch = Step(Kind.FETCH, {"address": job.source})
    decode = Step(Kind.DECODE, {}, {"fetch": fetch.address})
    outputs = Step(Kind.OUTPUTS, {"style": job.style}, {"words": decode.address})
    return Plan(job, (fetch, decode, outputs))


def fails(text: str, *, may_pass: bool = False, is_crash: bool = False) -> Answer:
    def answer(task: Task) -> Finished:
        failure = Failure(task.step.kind, text, may_pass)
        return Finished(task, failure=failure, is_crash=is_crash)

    return answer


def make_scheduler(
    folder: Path,
    answer: Answer = goes_well,
    rules: Rules = Rules(pause=0.001),  # noqa: B008 - frozen
    *,
    plan: Callable[[Job], Plan] = plan_chain,
    journal: Journal = no_journal,
    stopping: Callable[[], int] = lambda: 0,
) -> tuple[Scheduler, StubExecutor, Told]:
    results = FolderResults(folder / "results", folder / "drafts")
    executor, told = StubExecutor(results, answer), Told()
    scheduler = Scheduler(
        plan=plan,
        publish=lambda job, _done: folder / job.name,
        executor=executor,
        results=results,
        rules=rules,
        journal=journal,
        watcher=told,
        stopping=stopping,
    )
    return scheduler, executor, told
