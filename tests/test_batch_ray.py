"""Batches on a Ray cluster of a head and two nodes: what is lost costs no finished step."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from subtools.batch import Finished, Kind, RayExecutor, Setup, Step, Task, Ways, ray_engine
from subtools.batch.ray_engine import Needs, connect_cluster, declare_needs, explain_loss
from subtools.batch.ray_worker import StepWorker
from subtools.core import Audio
from subtools.download import FetchOptions
from subtools.errors import OutputError
from tests.batches import (
    count_made,
    count_wasted,
    cut_clip,
    find_leftovers,
    read_events,
    read_library,
    start_batch,
    write_manifest,
)
from tests.clusters import find_actors, open_cluster
from tests.commands import subtools

_GIGABYTE = 1 << 30


@pytest.mark.model
def test_a_killed_worker_costs_nothing_that_was_done_and_the_bytes_are_those_of_one_machine(
    clip_sound: Audio, clip_reference: Path, tmp_path: Path
) -> None:
    cuts = cut_clip(clip_sound.samples, clip_reference, tmp_path / "cuts", 3, seconds=6.0)
    manifest = write_manifest(tmp_path / "manifest.csv", cuts)
    here, there = tmp_path / "here", tmp_path / "there"
    done = subtools("batch", manifest, "-o", here, "--workers", "1")
    assert done.status == 0, done.stderr
    with open_cluster(nodes=2) as cluster:
        engine = ("--engine", "ray", "--address", cluster.address)
        run = start_batch(manifest, "-o", there, *engine, env=cluster.env)
        await_made(there, at_least=2)
        os.kill(next(pid for node in cluster.nodes for pid in find_actors(node)), signal.SIGKILL)
        assert run.wait(timeout=200) == 0
    assert read_library(there) == read_library(here)
    assert max(count_made(there).values()) == 1
    assert count_wasted(there) == 0
    assert find_leftovers(there) == []


def await_made(library: Path, *, at_least: int) -> None:
    """Wait until so many steps are made."""
    for _ in range(1200):
        if (library / ".subtools" / "journal.jsonl").exists():
            events = [event["event"] for event in read_events(library)]
            if events.count("made") >= at_least:
                return
        time.sleep(0.05)
    raise AssertionError("nothing goes on")


def test_a_cluster_that_is_not_there_is_told_with_what_to_do() -> None:
    with pytest.raises(OutputError, match=r"no Ray cluster at 127\.0\.0\.1:1") as caught:
        connect_cluster("127.0.0.1:1")
    assert "docs/cluster.md" in caught.value.hint


# --- which actor does a task, with a cluster that only keeps count


class StubMethod:
    """A method of an actor: it answers what it is told to, when it is told to."""

    def options(self, **_options: object) -> StubMethod:
        return self

    def remote(self, *_arguments: object) -> object:
        return object()


class StubActor:
    def __init__(self) -> None:
        self.do = StubMethod()
        self.tell = StubMethod()
        self.end = StubMethod()


class StubRay:
    """Makes actors and lets them go; what is in ``ready`` is answered."""

    def __init__(self) -> None:
        self.made: list[StubActor] = []
        self.killed: list[StubActor] = []
        self.ready: dict[object, Finished] = {}

    def remote(self, **_options: object) -> Callable[[type], Any]:
        return lambda _actor: self._as_class()

    def _as_class(self) -> Any:
        def make(_setup: Setup) -> StubActor:
            self.made.append(StubActor())
            return self.made[-1]

        return SimpleNamespace(remote=make)

    def wait(self, answers: list[object], **_options: object) -> tuple[list[object], list[object]]:
        there = [answer for answer in answers if answer in self.ready]
        return there, [answer for answer in answers if answer not in self.ready]

    def get(self, answer: object) -> Finished:
        return self.ready[answer]

    def kill(self, actor: StubActor) -> None:
        self.killed.append(actor)

    def nodes(self) -> list[dict[str, Any]]:
        return []


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> StubRay:
    stub = StubRay()
    monkeypatch.setattr(ray_engine, "connect_cluster", lambda _address: stub)
    return stub


@pytest.fixture
def executor(ray: StubRay, tmp_path: Path) -> RayExecutor:
    del ray  # it is what the executor connects to
    return RayExecutor(Setup(tmp_path, tmp_path, Ways(FetchOptions(), tmp_path)), workers=2)


def end(ray: StubRay, executor: RayExecutor, task: Task) -> None:
    worker = next(worker for worker in executor._there if worker.task is task)
    ray.ready[worker.answer] = Finished(task, {})
    assert list(executor.wait(0.0)) == [Finished(task, {})]


def test_an_actor_keeps_its_models_for_the_next_task(ray: StubRay, executor: RayExecutor) -> None:
    first, second = (Task(Step(Kind.ENCODE, {"n": n}), seconds=6.0) for n in range(2))
    executor.start(first)
    end(ray, executor, first)
    executor.start(second)
    assert (len(ray.made), ray.killed) == (1, [])


def test_an_idle_actor_that_does_not_suffice_makes_room(
    ray: StubRay, executor: RayExecutor
) -> None:
    first = Task(Step(Kind.ENCODE, {"threads": 1}))
    executor.start(first)
    end(ray, executor, first)
    executor.start(Task(Step(Kind.ENCODE, {"threads": 4})))
    assert ray.killed == ray.made[:1]


def test_a_task_whose_actor_finds_no_place_goes_to_an_idle_one(
    ray: StubRay, executor: RayExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (Task(Step(Kind.ENCODE, {"n": n}), seconds=6.0) for n in range(2))
    executor.start(first)
    executor.start(second)
    assert not executor.has_room(first)
    end(ray, executor, first)
    monkeypatch.setattr(ray_engine, "_STRANDED", -1.0)  # s; all that has not begun is late
    executor.wait(0.0)
    assert ray.killed == [ray.made[1]]
    assert [worker.task for worker in executor._there] == [second]


def test_an_actor_that_takes_too_long_where_it_has_a_place_is_ended(
    ray: StubRay, executor: RayExecutor
) -> None:
    task = Task(Step(Kind.ENCODE), seconds=6.0, limit=60.0)
    executor.start(task)
    worker = executor._there[0]
    worker.begun -= 61.0
    assert list(executor.wait(0.0)) == []  # it has waited for a place only
    worker.node, worker.placed = "a node", worker.begun
    (ended,) = executor.wait(0.0)
    assert isinstance(ended, Finished)
    assert ended.failure is not None
    assert "it took longer than 1:00 and was ended" in ended.failure.error
    assert ray.killed == ray.made
    assert executor.has_room(task)


@pytest.mark.parametrize(
    ("error", "is_node", "is_crash"),
    [
        ("The actor is dead because its worker process has died.", False, True),
        ("The actor died because its node has died. Node Id: 6c8d", False, False),
        ("The actor is unavailable: Connection reset by peer", True, False),
    ],
)
def test_a_lost_node_is_no_fault_of_the_step_and_a_dead_process_may_be(
    error: str, is_node: bool, is_crash: bool
) -> None:
    message = f"The actor died unexpectedly.\n\tpid: 1\n{error}"
    found = explain_loss(Task(Step(Kind.ALIGN)), message, 1.0, is_actor=True, is_node=is_node)
    assert found.failure is not None
    assert found.failure.error.endswith(f": {error}")
    assert (found.is_crash, found.failure.may_pass) == (is_crash, not is_crash)


# --- what an actor occupies


def test_an_actor_occupies_the_threads_of_its_step() -> None:
    task = Task(Step(Kind.ENCODE, {"threads": 3}), seconds=3600.0)
    assert declare_needs(task, process=_GIGABYTE).cpus == 3.0
    assert declare_needs(Task(Step(Kind.OUTPUTS))).cpus == 1.0


def test_four_actors_share_a_graphics_card_and_others_take_none() -> None:
    assert declare_needs(Task(Step(Kind.ENCODE, {"device": "cuda"}))).gpus == 0.25
    assert declare_needs(Task(Step(Kind.ENCODE, {"device": "cpu"}))).gpus == 0.0


def test_memory_is_the_process_and_what_the_length_of_the_sound_needs() -> None:
    short = declare_needs(Task(Step(Kind.ENCODE), seconds=6.0), process=_GIGABYTE).memory
    long = declare_needs(Task(Step(Kind.ENCODE), seconds=4 * 3600.0), process=_GIGABYTE).memory
    assert _GIGABYTE < short < long
    assert long >= _GIGABYTE + 4 * 300 * (1 << 20)


def test_a_fetch_occupies_no_core() -> None:
    assert declare_needs(Task(Step(Kind.FETCH))).cpus == 0.0


def test_an_actor_suffices_for_less_and_not_for_more() -> None:
    large = Needs(2.0, 0.25, 4 * _GIGABYTE)
    assert large.suffice_for(Needs(1.0, 0.0, _GIGABYTE))
    assert not large.suffice_for(Needs(4.0, 0.0, _GIGABYTE))
    assert not large.suffice_for(Needs(2.0, 1.0, _GIGABYTE))
    assert not large.suffice_for(Needs(2.0, 0.25, 8 * _GIGABYTE))


# --- a node that is not like the others


def test_a_node_with_another_version_refuses_the_step(tmp_path: Path) -> None:
    worker = StepWorker(Setup(tmp_path, tmp_path, Ways(FetchOptions(), tmp_path)))
    found = worker.do(Task(Step(Kind.ENCODE, {"version numpy": "0.0.1"})))
    assert found.failure is not None
    assert "and not 0.0.1" in found.failure.error
    assert found.failure.may_pass  # on another node


def test_a_node_that_does_not_see_the_library_says_so_and_makes_no_folder(tmp_path: Path) -> None:
    gone = tmp_path / "not mounted"
    worker = StepWorker(Setup(gone, gone / "drafts", Ways(FetchOptions(), gone)))
    found = worker.do(Task(Step(Kind.ENCODE)))
    assert found.failure is not None
    assert "is not on this node" in found.failure.error
    assert not gone.exists()
