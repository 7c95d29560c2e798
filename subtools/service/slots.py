"""The threads that work: each brings one job after another to its end, by the batch's engine.

A thread has its own scheduler and worker process, so that a job can be ended without the
others, and one that comes later need not wait for those before it to be over.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from subtools.batch import (
    Device,
    Ending,
    FileJournal,
    FolderResults,
    Hashes,
    Job,
    Kind,
    LocalExecutor,
    Plan,
    Planner,
    Publisher,
    Rules,
    Scheduler,
    Setup,
    State,
    Step,
    Task,
    Ways,
    Workplace,
)
from subtools.batch.reasons import Recorder
from subtools.core import Seconds
from subtools.errors import OutputError, SubtoolsError
from subtools.service.asking import make_job
from subtools.service.desk import Desk
from subtools.service.records import SOURCE
from subtools.service.values import Stand, Ticket

_LARGE = (Kind.DECODE, Kind.ENCODE)  # made again in minutes
_RULES = Rules(tries=4, ahead=1, keep=True)  # what is large is removed here: other jobs may need it
_DRAWN_OUT: Seconds = 30.0  # for a thread whose process has been killed
_STARTING = threading.Lock()  # LocalExecutor changes the environment while it starts a process


@dataclass(slots=True)
class Uses:
    """Which steps the running jobs are made of, so that no job removes what another takes."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    held: dict[str, frozenset[str]] = field(default_factory=dict)

    def free(self, address: str) -> bool:
        """Return whether no running job has the step at ``address``; for who has the lock."""
        return all(address not in addresses for addresses in self.held.values())


class Slots:
    """So many threads that work.

    Args:
        desk: Gives them jobs.
        workplace: Where they work.
        ways: How they reach what is outside.
        count: How many.
        memory: Bytes for all of them; None: no limit.
        device: What heavy steps run on.
        note: Told what a person at the terminal should know.
    """

    def __init__(
        self,
        desk: Desk,
        workplace: Workplace,
        ways: Ways,
        *,
        count: int,
        memory: int | None = None,
        device: Device = Device(),  # noqa: B008 - frozen
        note: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self._desk = desk
        self._workplace = workplace
        self._results = FolderResults(workplace.results, workplace.drafts)
        self._setup = Setup(workplace.results, workplace.drafts, ways)
        self._memory = None if memory is None else memory // count
        self._device = device
        self._note = note
        self._uses = Uses()
        self._threads = [
            threading.Thread(target=self._work, name=f"slot-{k}", daemon=True) for k in range(count)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def join(self, seconds: Seconds) -> bool:
        """Return whether all threads came to an end within ``seconds``."""
        share = seconds / len(self._threads)
        for thread in self._threads:
            thread.join(share)
        return not any(thread.is_alive() for thread in self._threads)

    def forget(self, ticket: Ticket) -> None:
        """Remove the results of the steps of a job that no other job has."""
        recorder = Recorder(self._workplace.jobs)
        with suppress(OutputError):
            saved = {step.address: step for step in recorder.load(ticket.name).steps}
            for other in self._desk.list():
                with suppress(OutputError):
                    for step in recorder.load(other.name).steps:
                        saved.pop(step.address, None)
            steps = [Step(Kind(one.kind), one.settings, one.inputs) for one in saved.values()]
            with self._uses.lock:
                for own in steps:
                    if self._uses.free(own.address):
                        self._results.drop(own)

    def _work(self) -> None:
        executor = _SharedExecutor(self._setup, workers=1, memory=self._memory)
        journal = FileJournal(self._workplace.journal)
        try:
            while ticket := self._desk.take():
                self._bring_to_end(ticket, executor, journal)
        finally:
            executor.close(now=self._desk.urgency > 1)
            journal.close()

    def _bring_to_end(self, ticket: Ticket, executor: LocalExecutor, journal: FileJournal) -> None:
        try:
            changes = self._do(ticket, executor, journal)
        except (SubtoolsError, OSError) as error:
            changes = {"stand": Stand.FAILED, "error": " ".join(str(error).split())}
        except Exception as error:  # noqa: BLE001 - a fault of ours in one job must not end the service
            what = f"this is a fault of subtools: {type(error).__name__}: {error}"
            changes = {"stand": Stand.FAILED, "error": " ".join(what.split())}
        if "error" in changes:  # who asks the service knows nothing of its folders
            own = self._workplace.library / ticket.name / SOURCE
            changes["error"] = _hide(changes["error"], own, self._workplace.library)
        with self._uses.lock:
            self._uses.held.pop(ticket.id, None)
        self._desk.finish(ticket, **changes)
        if changes["stand"] is Stand.FAILED:
            self._note(f"{ticket.name}: {changes['error']}")

    def _do(self, ticket: Ticket, executor: LocalExecutor, journal: FileJournal) -> dict[str, Any]:
        """Return what becomes of ``ticket``."""
        library = self._workplace.library
        hashes = Hashes.load(self._workplace.hashes)
        planner = Planner(library, hashes)
        job = make_job(ticket.cells, library / ticket.name, ticket.name, self._device)
        record = Recorder(self._workplace.jobs)
        plans: list[Plan] = []

        def plan(one: Job) -> Plan:
            made = planner.plan(one)
            with self._uses.lock:
                self._uses.held[ticket.id] = frozenset(step.address for step in made.steps)
            # Kept from now on, so that what is made for it is found when the job is deleted.
            record(made, Ending(one, State.NOT_REACHED))
            self._desk.move(ticket, steps=tuple(step.kind.value for step in made.steps))
            plans.append(made)
            return made

        scheduler = Scheduler(
            plan=plan,
            publish=Publisher(library, self._workplace.published).publish,
            executor=executor,
            results=self._results,
            rules=_RULES,
            journal=_Telling(self._desk, ticket, journal),
            watcher=_Watcher(self._desk, ticket),
            stopping=lambda: self._desk.stopping(ticket),
            record=record,
        )
        (ending,) = scheduler.run([job])
        if self._desk.stopping(ticket) > 1:
            executor.close(now=True)  # it starts anew with the next job
        hashes.save()
        if ending.state is State.DONE:
            self._drop(plans, ticket, journal)
        return _changes(ending)

    def _drop(self, plans: Iterable[Plan], ticket: Ticket, journal: FileJournal) -> None:
        """Remove what is large, if no running job takes it."""
        with self._uses.lock:
            self._uses.held.pop(ticket.id, None)
            for plan in plans:
                for step in plan.steps:
                    is_there = self._results.find(step) is not None
                    if step.kind in _LARGE and is_there and self._uses.free(step.address):
                        self._results.drop(step)
                        journal("dropped", job=ticket.name, step=step.kind, address=step.address)


class _SharedExecutor(LocalExecutor):
    """Worker processes that are started one at a time, whichever thread starts them."""

    def start(self, task: Task) -> None:
        """Begin ``task``."""
        with _STARTING:
            super().start(task)


@dataclass(frozen=True, slots=True)
class _Telling:
    """A journal that tells the desk which steps are done."""

    desk: Desk
    ticket: Ticket
    journal: FileJournal

    def __call__(self, event: str, /, **facts: Any) -> None:
        """Take note of ``event``."""
        self.journal(event, **facts)
        if event in {"made", "found"}:
            finished = self.desk.course(self.ticket).finished | {str(facts["step"].value)}
            self.desk.move(self.ticket, finished=finished, done=0.0, total=0.0, note="")


@dataclass(frozen=True, slots=True)
class _Watcher:
    """Tells the desk how far a job is."""

    desk: Desk
    ticket: Ticket

    def moved(self, job: str, stage: str, done: float, total: float) -> None:
        """A step of ``job`` has come further."""
        del job
        self.desk.move(self.ticket, stage=stage, done=done, total=total)

    def ended(self, ending: Ending) -> None:
        """A job has ended; what became of it is told when its files are in their place."""

    def note(self, text: str) -> None:
        """Something a person should know."""
        self.desk.move(self.ticket, note=text)


def _hide(text: str, *folders: Path) -> str:
    """Return ``text`` with files named as seen from ``folders``."""
    for folder in folders:
        text = text.replace(f"{folder}{os.sep}", "")
    return text


def _changes(ending: Ending) -> dict[str, Any]:
    if ending.state is State.NOT_REACHED:
        return {"stand": Stand.WAITING}
    if ending.failure is not None:
        step = f"{ending.failure.kind.value}: " if ending.failure.kind else ""
        return {"stand": Stand.FAILED, "error": f"{step}{ending.failure.error}"}
    folder = ending.folder
    sizes = {name: (folder / name).stat().st_size for name in ending.files} if folder else {}
    return {"stand": Stand.DONE, "files": sizes, "seconds": ending.seconds, "error": ""}
