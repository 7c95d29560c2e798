"""This machine: worker processes, and one more that fetches while they compute."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from subtools.batch.costs import WORKER, estimate_memory
from subtools.batch.executing import Event, Finished, Task, end_late
from subtools.batch.killing import kill_family
from subtools.batch.results import clear_drafts
from subtools.batch.values import Failure, Kind
from subtools.batch.worker import Setup, serve_tasks
from subtools.core import Seconds

_PATIENCE: Seconds = 5.0  # for a process that was asked to end
# A matrix product split over threads may differ in its last digit; and workers that all use
# all cores wait for each other.
SINGLE_THREADED = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


@dataclass(slots=True)
class _Worker:
    """A process, what it is at, and how to talk to it."""

    process: BaseProcess
    connection: Connection
    lifeline: Connection
    fetches: bool
    task: Task | None = None
    begun: Seconds = 0.0


class LocalExecutor:
    """Processes of this machine.

    Attributes:
        setup: What they are started with.
        workers: How many may compute.
        fetchers: How many may fetch.
        memory: Bytes that all of them may need together, by estimate; None: no limit.
        process: Bytes that each of them needs, whatever it is at.
        cards: Graphics cards that they share, one each; 0: leave that to the system.
    """

    def __init__(
        self,
        setup: Setup,
        *,
        workers: int,
        fetchers: int = 1,
        memory: int | None = None,
        process: int = WORKER,
        cards: int = 0,
    ) -> None:
        self.setup = setup
        self.workers = workers
        self.fetchers = fetchers
        self.memory = memory
        self.process = process
        self.cards = cards
        self._spawned = 0
        self._there: list[_Worker] = []

    def has_room(self, task: Task) -> bool:
        """Return whether a process is free for ``task``, and its memory there.

        A step that is larger than all the memory there may be begins when no other is at work.
        """
        fetches = task.step.kind is Kind.FETCH
        same = [worker for worker in self._there if worker.fetches is fetches]
        busy = [worker for worker in same if worker.task]
        if len(busy) >= (self.fetchers if fetches else self.workers):
            return False
        return fetches or not busy or self._fits(task)

    def start(self, task: Task) -> None:
        """Give ``task`` to a free process, started if need be."""
        worker = self._free(fetches=task.step.kind is Kind.FETCH)
        worker.task, worker.begun = task, time.monotonic()
        with suppress(OSError):  # that it is dead will be noticed when it is waited for
            worker.connection.send(task)

    def wait(self, timeout: Seconds) -> Sequence[Event]:
        """Return what the processes tell, that one is gone, or took too long and was ended."""
        busy = [worker for worker in self._there if worker.task is not None]
        ready = set(wait([worker.connection for worker in busy], timeout))
        events = [event for worker in busy if worker.connection in ready for event in _hear(worker)]
        events += [event for worker in busy for event in _end_late(worker)]
        for event in events:
            if isinstance(event, Finished) and event.failure is not None:
                clear_drafts(self.setup.drafts, event.task.step)
        return events

    def close(self, *, now: bool = False) -> None:
        """End the processes; ``now``: in the middle of what they are at."""
        for worker in self._there:
            if now:
                _kill(worker)
            worker.connection.close()
            worker.lifeline.close() if now else None
        for worker in self._there:
            worker.process.join(_PATIENCE)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.lifeline.close()
        self._there.clear()

    def _fits(self, task: Task) -> bool:
        if self.memory is None:
            return True
        running = [w.task for w in self._there if w.task is not None and not w.fetches]
        needs = sum(estimate_memory(one.step.kind, one.seconds) for one in (*running, task))
        return self.process * (len(running) + 1) + needs <= self.memory

    def _free(self, *, fetches: bool) -> _Worker:
        self._there = [worker for worker in self._there if _is_usable(worker)]
        for worker in self._there:
            if worker.task is None and worker.fetches is fetches:
                return worker
        worker = self._spawn(fetches=fetches)
        self._there.append(worker)
        return worker

    def _spawn(self, *, fetches: bool) -> _Worker:
        context = multiprocessing.get_context("spawn")  # models have threads, which forks lose
        ours, theirs = context.Pipe()
        end, lifeline = context.Pipe(duplex=False)
        process = context.Process(target=serve_tasks, args=(theirs, end, self.setup), daemon=True)
        card = {"CUDA_VISIBLE_DEVICES": str(self._spawned % self.cards)} if self.cards > 1 else {}
        self._spawned += 1
        with _environment({**dict.fromkeys(SINGLE_THREADED, "1"), **card}):
            process.start()
        theirs.close()
        end.close()
        return _Worker(process, ours, lifeline, fetches)


def _is_usable(worker: _Worker) -> bool:
    return worker.task is not None or worker.process.is_alive()


def _hear(worker: _Worker) -> Iterator[Event]:
    """Yield what ``worker`` has told; that it is gone, if it is."""
    try:
        while worker.task is not None and worker.connection.poll():
            event = worker.connection.recv()
            if isinstance(event, Finished):
                worker.task = None
            yield event
    except (EOFError, OSError):
        task = worker.task
        worker.process.join(_PATIENCE)
        worker.process.kill()
        worker.process.join()
        worker.task = None
        if task is not None:
            error = _describe_death(worker.process.exitcode)
            yield Finished(task, failure=Failure(task.step.kind, error), is_crash=True)


def _end_late(worker: _Worker) -> Iterator[Event]:
    """End ``worker`` if it has been at its task for too long, and yield that."""
    task = worker.task
    if task is not None and task.is_late(worker.begun):
        _kill(worker)
        worker.process.join()
        worker.task = None
        yield end_late(task)


def _kill(worker: _Worker) -> None:
    """End a process at once, and what it has started."""
    if worker.process.pid is not None and worker.process.is_alive():
        kill_family(worker.process.pid)
    worker.process.kill()


def _describe_death(status: int | None) -> str:
    if status is None or status >= 0:
        return f"its process ended with status {status}"
    name = signal.Signals(-status).name if -status in set(signal.Signals) else str(-status)
    if name == "SIGKILL":
        return f"its process was killed ({name}); often there was too little memory (--memory)"
    return f"its process crashed ({name})"


@contextmanager
def _environment(changed: Mapping[str, str]) -> Iterator[None]:
    """Let processes that are started now have other variables."""
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
