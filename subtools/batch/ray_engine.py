"""A Ray cluster: actors that keep their models, placed by Ray where there is room for them.

Ray decides on which node an actor runs, waits for nodes, and notices when one is lost. What
goes through it is small: tasks, facts, how far they are. Results go to the shared folder or
to the object store of the batch.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from subtools.batch.costs import MEGABYTE, WORKER, estimate_memory
from subtools.batch.devices import SHARED_BY
from subtools.batch.executing import Event, Finished, Moved, Task, end_late
from subtools.batch.local import SINGLE_THREADED
from subtools.batch.ray_worker import StepWorker
from subtools.batch.results import clear_drafts
from subtools.batch.values import Failure, Kind
from subtools.batch.worker import Setup
from subtools.core import Seconds
from subtools.errors import OutputError

LOCAL = "local"
_OBJECTS = 100 * MEGABYTE  # object store of a cluster of our own; hardly anything goes there
_STEP = 256 * MEGABYTE  # memory is asked for in such steps, so that actors suit the next task, too
_FETCH_MEMORY = 200 * MEGABYTE
_TELLING = "telling"  # thread of an actor beside the one that works
_LOOK_AGAIN: Seconds = 10.0  # after which it is asked how large the cluster is
_STRANDED: Seconds = 20.0  # in which an actor that has a place begins to answer
# Of an actor that was put on a node before Ray knew that it is lost; it says so in words only.
_NODE_LOST = "its node has died"
_CLIENT = "ray://"
_HINT = "docs/cluster.md says how one is started; `--address local` starts one for this run"
_PATIENCE: Seconds = 10.0  # for somebody who listens
_LONGEST = 400  # characters of what Ray says about a loss
_FAREWELL: Seconds = 5.0  # for an actor that ends what it has started
_ASK_AGAIN: Seconds = 1.0  # after which it is asked how far a task is


@dataclass(frozen=True, slots=True)
class Needs:
    """What an actor occupies of its node.

    Attributes:
        cpus: Cores.
        gpus: Graphics cards; a quarter: four share one.
        memory: Bytes.
    """

    cpus: float
    gpus: float
    memory: int

    def suffice_for(self, other: Needs) -> bool:
        """Return whether who has these can do what needs ``other``."""
        mine, theirs = (self.cpus, self.gpus, self.memory), (other.cpus, other.gpus, other.memory)
        return all(a >= b for a, b in zip(mine, theirs, strict=True))


def declare_needs(task: Task, process: int = WORKER) -> Needs:
    """Return what ``task`` occupies, by its step.

    Args:
        task: The task.
        process: Bytes that a process needs, whatever it is at.
    """
    if task.step.kind is Kind.FETCH:
        return Needs(0.0, 0.0, _FETCH_MEMORY)
    settings = task.step.settings
    memory = process + estimate_memory(task.step.kind, task.seconds)
    is_on_card = settings.get("device") == "cuda"
    return Needs(
        cpus=float(str(settings.get("threads", 1))),
        gpus=1 / SHARED_BY if is_on_card else 0.0,
        memory=-(-memory // _STEP) * _STEP,
    )


@dataclass(slots=True)
class _Worker:
    """An actor and what it is at."""

    actor: Any
    needs: Needs
    fetches: bool
    task: Task | None = None
    answer: Any = None
    begun: Seconds = 0.0
    placed: Seconds = 0.0
    telling: Any = None
    told: Moved | None = None
    asked: Seconds = 0.0
    node: str = ""


class RayExecutor:
    """Actors of a Ray cluster.

    Args:
        setup: What they are started with.
        address: ``auto``, ``ray://host:10001``, ``host:6379``; ``local``: a cluster of this run's
            own, on this machine.
        workers: How many may compute; None: as many as the cluster has room for.
        fetchers: How many may fetch.
        process: Bytes that each of them needs, whatever it is at.
        threads: Cores that most tasks need, to tell how many the cluster has room for.

    Raises:
        OutputError: If there is no such cluster, or Ray is not installed.
    """

    def __init__(
        self,
        setup: Setup,
        *,
        address: str = "auto",
        workers: int | None = None,
        fetchers: int = 1,
        process: int = WORKER,
        threads: int = 1,
    ) -> None:
        self.setup = setup
        self.workers = workers
        self.fetchers = fetchers
        self.process = process
        self.threads = threads
        self._ray = connect_cluster(address)
        self._there: list[_Worker] = []
        self._room = 1
        self._looked: Seconds | None = None

    def has_room(self, task: Task) -> bool:
        """Return whether ``task`` could begin now; where, is Ray's to decide."""
        fetches = task.step.kind is Kind.FETCH
        busy = sum(worker.task is not None for worker in self._there if worker.fetches is fetches)
        return busy < (self.fetchers if fetches else self.count_workers())

    def count_workers(self) -> int:
        """Return how many actors may compute at a time, as large as the cluster is now."""
        if self.workers is not None:
            return self.workers
        now = time.monotonic()
        if self._looked is None or now - self._looked > _LOOK_AGAIN:
            self._looked = now
            nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
            self._room = max(1, count_places(nodes, self.threads, self.process))
        return self._room

    def start(self, task: Task) -> None:
        """Give ``task`` to a free actor that suffices for it, or to a new one."""
        worker = self._free(declare_needs(task, self.process), task.step.kind is Kind.FETCH)
        worker.task, worker.begun, worker.told = task, time.monotonic(), None
        worker.answer = worker.actor.do.remote(task)

    def wait(self, timeout: Seconds) -> Sequence[Event]:
        """Return what the actors tell, or that one is gone."""
        self._move_stranded()
        busy = {worker.answer: worker for worker in self._there if worker.task is not None}
        if not busy:
            time.sleep(timeout)
            return ()
        self._ray.wait(list(busy), num_returns=1, timeout=timeout)
        ready, others = self._ray.wait(list(busy), num_returns=len(busy), timeout=0)
        ended = [self._hear(busy[answer]) for answer in ready]
        moved = [event for answer in others for event in self._ask(busy[answer])]
        late = [event for answer in others for event in self._end_late(busy[answer])]
        return [*moved, *ended, *late]

    def close(self, *, now: bool = False) -> None:
        """Let the actors go, and leave the cluster; drafts that ``now`` cuts off are nobody's."""
        del now  # when it is not set, no task is being done
        for worker in list(self._there):
            self._let_go(worker)
        self._ray.shutdown()

    def _move_stranded(self) -> None:
        """Give tasks to idle actors that others cannot begin.

        When a node is lost, a new actor may wait for the very core that an idle one occupies.
        """
        late = time.monotonic() - _STRANDED
        for worker in list(self._there):
            task = worker.task
            is_stranded = task is not None and not worker.node and worker.begun < late
            others = [w for w in self._there if w.task is None and w.fetches is worker.fetches]
            if task is not None and is_stranded and others:
                self._let_go(worker)
                self.start(task)

    def _free(self, needs: Needs, fetches: bool) -> _Worker:
        idle = [w for w in self._there if w.task is None and w.fetches is fetches]
        fitting = [worker for worker in idle if worker.needs.suffice_for(needs)]
        if fitting:
            return min(fitting, key=lambda w: (w.needs.gpus, w.needs.memory, w.needs.cpus))
        if idle:  # what it occupies may be what the new one needs
            self._let_go(idle[0])
        worker = _Worker(self._spawn(needs), needs, fetches)
        self._there.append(worker)
        return worker

    def _spawn(self, needs: Needs) -> Any:
        make_actor = self._ray.remote(
            num_cpus=needs.cpus,
            num_gpus=needs.gpus,
            memory=needs.memory,
            max_restarts=0,  # a new actor instead: the step that killed this one is looked at
            concurrency_groups={_TELLING: 1},
        )
        return make_actor(StepWorker).remote(self.setup)

    def _let_go(self, worker: _Worker) -> None:
        self._there.remove(worker)
        self._ray.kill(worker.actor)

    def _hear(self, worker: _Worker) -> Finished:
        """Return what the actor answers; that it is gone, if it is."""
        from ray.exceptions import ActorUnavailableError, RayActorError, RayError

        task = worker.task
        assert task is not None  # noqa: S101 - who has an answer has a task
        worker.task = None
        try:
            finished: Finished = self._ray.get(worker.answer)
        except RayError as error:
            self._let_go(worker)
            self._looked = None  # the cluster may be smaller now
            seconds = time.monotonic() - worker.begun
            return explain_loss(
                task,
                str(error),
                seconds,
                is_actor=isinstance(error, RayActorError),
                is_node=isinstance(error, ActorUnavailableError) or self._has_lost_node(worker),
            )
        return finished

    def _ask(self, worker: _Worker) -> Iterator[Moved]:
        """Yield how far the actor is, if it has told; ask it again now and then."""
        from ray.exceptions import RayError

        if worker.telling is not None and self._ray.wait([worker.telling], timeout=0)[0]:
            answer, worker.telling = worker.telling, None
            try:
                node, moved = self._ray.get(answer)
            except RayError:  # that it is gone will be heard from its answer
                return
            if not worker.node:
                worker.node, worker.placed = node, time.monotonic()
            if moved is not None and moved != worker.told and moved.task == worker.task:
                worker.told = moved
                yield moved
        now = time.monotonic()
        if worker.telling is None and now - worker.asked >= _ASK_AGAIN:
            worker.asked = now
            worker.telling = worker.actor.tell.options(concurrency_group=_TELLING).remote()

    def _end_late(self, worker: _Worker) -> Iterator[Finished]:
        """End the actor if it has been at its task for too long, and yield that."""
        task = worker.task
        if task is None or not worker.node or not task.is_late(max(worker.begun, worker.placed)):
            return
        ending = worker.actor.end.options(concurrency_group=_TELLING).remote()
        self._ray.wait([ending], timeout=_FAREWELL)
        self._let_go(worker)
        clear_drafts(self.setup.drafts, task.step)
        yield end_late(task)

    def _has_lost_node(self, worker: _Worker) -> bool:
        alive = {node["NodeID"] for node in self._ray.nodes() if node["Alive"]}
        return bool(worker.node) and worker.node not in alive


def count_places(nodes: Sequence[Mapping[str, float]], threads: int, process: int) -> int:
    """Return how many processes of so many threads and bytes have room on ``nodes``.

    >>> count_places([{"CPU": 4, "memory": 3e9}, {"CPU": 1, "memory": 9e9}, {}], 1, 10**9)
    4
    """
    return sum(
        int(min(node.get("CPU", 0) // threads, node.get("memory", 0) // process)) for node in nodes
    )


def connect_cluster(address: str) -> Any:
    """Return Ray, connected to the cluster at ``address``.

    Raises:
        OutputError: If there is no such cluster, or Ray is not installed.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing is reported to anybody
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # quiets a notice
    is_own = address == LOCAL
    if is_own and "RAY_AUTH_MODE" not in os.environ:  # else Ray writes one into the home
        os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=secrets.token_hex(32))
    _refuse_silence(address)
    try:
        import ray
    except ImportError as error:
        hint = "pip install 'subtools[ray]'"
        raise OutputError("Ray is not installed", hint=hint) from error
    try:
        with _same_signals():
            ray.init(
                address=address,
                runtime_env={"env_vars": dict.fromkeys(SINGLE_THREADED, "1")},
                log_to_driver=False,
                logging_level=logging.ERROR,
                include_dashboard=False if is_own else None,
                object_store_memory=_OBJECTS if is_own else None,
            )
    except (ConnectionError, RuntimeError, ValueError) as error:
        what = " ".join(str(error).split())
        raise OutputError(f"no Ray cluster at {address}: {what}", hint=_HINT) from error
    return ray


def _refuse_silence(address: str) -> None:
    """Refuse an address where nobody listens, for which Ray would wait for minutes.

    Raises:
        OutputError: If so.
    """
    host, colon, port = address.removeprefix(_CLIENT).rpartition(":")
    if not colon or not port.isdecimal():
        return
    try:
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()
    except OSError as error:
        raise OutputError(f"no Ray cluster at {address}: {error}", hint=_HINT) from error


@contextmanager
def _same_signals() -> Iterator[None]:
    """Keep what Ctrl-C and a request to end do: Ray sets its own."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def explain_loss(
    task: Task, error: str, seconds: Seconds, *, is_actor: bool, is_node: bool
) -> Finished:
    """Return what became of a task whose actor did not answer."""
    told = [line for line in error.splitlines() if not line.startswith("\t")]  # not its numbers
    reason = " ".join(" ".join(told[-max(1, len(told) - 1) :]).split())[:_LONGEST]
    if (
        is_node or _NODE_LOST in error
    ):  # no fault of the step: it may be tried as often as what the network does
        failure = Failure(task.step.kind, f"its node was lost: {reason}", may_pass=True)
    else:
        failure = Failure(task.step.kind, f"its process ended: {reason}")
    return Finished(
        task, failure=failure, is_crash=is_actor and not failure.may_pass, seconds=seconds
    )
