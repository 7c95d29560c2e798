"""What the scheduler decides, with an engine that does nothing or fails as it is told."""

from __future__ import annotations

import time
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtools.batch import Failure, Finished, FolderResults, Job, Kind, Plan, Rules, State, Task
from subtools.errors import MediaError
from tests.batch_stubs import Answer, fails, make_scheduler, plan_chain

QUICK = Rules(pause=0.001)


def jobs(count: int) -> list[Job]:
    return [Job(f"talk-{number}", f"sound-{number}") for number in range(count)]


def only(kind: Kind, answer: Answer) -> Answer:
    return lambda task: answer(task) if task.step.kind is kind else None


def of_job(name: str, answer: Answer) -> Answer:
    return lambda task: answer(task) if task.job == name else None


def test_every_job_goes_through_its_steps_in_order(tmp_path: Path) -> None:
    scheduler, executor, told = make_scheduler(tmp_path)
    endings = scheduler.run(jobs(3))
    assert [ending.state for ending in endings] == [State.DONE] * 3
    for job in jobs(3):
        kinds = [task.step.kind for task in executor.started if task.job == job.name]
        assert kinds == [Kind.FETCH, Kind.DECODE, Kind.OUTPUTS]
    assert {ending.job.name for ending in told.endings} == {job.name for job in jobs(3)}


def test_nothing_is_done_again_that_is_there(tmp_path: Path) -> None:
    make_scheduler(tmp_path)[0].run(jobs(3))
    scheduler, executor, _ = make_scheduler(tmp_path)
    endings = scheduler.run(jobs(4))
    assert {task.job for task in executor.started} == {"talk-3"}
    assert [ending.made for ending in endings] == [0, 0, 0, 3]


def test_only_what_a_change_concerns_is_done_again(tmp_path: Path) -> None:
    kept = Rules(pause=0.001, keep=True)
    make_scheduler(tmp_path, rules=kept)[0].run([Job("a", "sound", style="plain")])
    scheduler, executor, _ = make_scheduler(tmp_path, rules=kept)
    scheduler.run([Job("a", "sound", style="bbc")])
    assert [task.step.kind for task in executor.started] == [Kind.OUTPUTS]


def test_large_results_go_when_no_job_wants_them_any_more(tmp_path: Path) -> None:
    scheduler, executor, _ = make_scheduler(tmp_path)
    scheduler.run([Job("a", "same", style="plain"), Job("b", "same", style="bbc")])
    assert Counter(task.step.kind for task in executor.started) == {
        Kind.FETCH: 1,
        Kind.DECODE: 1,
        Kind.OUTPUTS: 2,
    }
    assert not list((tmp_path / "results" / "decode").rglob("result.json"))
    assert list((tmp_path / "results" / "fetch").rglob("result.json"))


def test_a_failure_keeps_no_other_job(tmp_path: Path) -> None:
    answer = of_job("talk-1", only(Kind.DECODE, fails("it is damaged")))
    scheduler, executor, _ = make_scheduler(tmp_path, answer)
    endings = scheduler.run(jobs(4))
    assert [e.state.value for e in endings] == ["done", "failed", "done", "done"]
    assert endings[1].failure == Failure(Kind.DECODE, "it is damaged")
    assert sum(task.job == "talk-1" for task in executor.started) == 2  # it was tried once


def test_a_job_without_a_plan_fails_and_says_why(tmp_path: Path) -> None:
    def plan(job: Job) -> Plan:
        if job.name == "talk-0":
            raise MediaError("no such file", path="gone.wav", hint="check the name")
        return plan_chain(job)

    endings = make_scheduler(tmp_path, plan=plan)[0].run(jobs(2))
    assert endings[0].failure == Failure(None, "gone.wav: no such file (check the name)")
    assert endings[1].state is State.DONE


def test_what_may_pass_is_tried_again_and_then_goes_well(tmp_path: Path) -> None:
    left = Counter({"talk-0": 2})

    def answer(task: Task) -> Finished | None:
        if task.step.kind is Kind.FETCH and left[task.job] > 0:
            left[task.job] -= 1
            return fails("HTTP 503", may_pass=True)(task)
        return None

    scheduler, executor, told = make_scheduler(tmp_path, answer, QUICK)
    assert scheduler.run(jobs(2))[0].state is State.DONE
    assert [task.step.kind for task in executor.started if task.job == "talk-0"][:3] == [
        Kind.FETCH
    ] * 3
    assert len(told.notes) == 2


def test_what_never_passes_is_given_up_after_so_many_tries(tmp_path: Path) -> None:
    answer = of_job("talk-0", fails("HTTP 412", may_pass=True))
    scheduler, executor, _ = make_scheduler(tmp_path, answer, Rules(tries=3, pause=0.001))
    endings = scheduler.run(jobs(3))
    assert [e.state.value for e in endings] == ["failed", "done", "done"]
    assert sum(task.job == "talk-0" for task in executor.started) == 3


def test_pauses_grow(tmp_path: Path) -> None:
    noted: list[tuple[float, str]] = []

    def journal(event: str, /, **facts: Any) -> None:
        if event == "begun":
            noted.append((time.monotonic(), facts["job"]))

    answer = of_job("talk-0", fails("HTTP 429", may_pass=True))
    rules = Rules(tries=4, pause=0.05, ahead=2)
    make_scheduler(tmp_path, answer, rules, journal=journal)[0].run(jobs(2))
    tries = [at for at, job in noted if job == "talk-0"]
    gaps = [b - a for a, b in pairwise(tries)]
    assert [gap >= pause for gap, pause in zip(gaps, (0.05, 0.1, 0.2), strict=True)] == [True] * 3


def test_a_crash_is_tried_once_more_and_then_called_poison(tmp_path: Path) -> None:
    answer = of_job("talk-1", only(Kind.DECODE, fails("its process crashed", is_crash=True)))
    scheduler, executor, _ = make_scheduler(tmp_path, answer)
    endings = scheduler.run(jobs(3))
    assert [e.state.value for e in endings] == ["done", "poisoned", "done"]
    assert endings[1].failure is not None
    assert "its process crashed" in endings[1].failure.error
    decodes = [t for t in executor.started if t.job == "talk-1" and t.step.kind is Kind.DECODE]
    assert len(decodes) == 2


def test_a_crash_that_does_not_come_back_costs_nothing(tmp_path: Path) -> None:
    crashes = [fails("killed", is_crash=True)]
    scheduler, _, _ = make_scheduler(
        tmp_path, lambda task: crashes.pop()(task) if crashes else None
    )
    assert [e.state for e in scheduler.run(jobs(2))] == [State.DONE] * 2


def test_after_too_many_failures_no_more_jobs_are_begun(tmp_path: Path) -> None:
    rules = Rules(pause=0.001, max_failures=2, ahead=1)
    scheduler, _, _ = make_scheduler(tmp_path, fails("bad"), rules)
    endings = scheduler.run(jobs(6))
    assert Counter(e.state for e in endings) == {State.FAILED: 2, State.NOT_REACHED: 4}


def test_a_step_of_two_jobs_that_fails_fails_both(tmp_path: Path) -> None:
    scheduler, executor, _ = make_scheduler(tmp_path, only(Kind.FETCH, fails("gone")))
    endings = scheduler.run([Job("a", "same"), Job("b", "same", style="bbc")])
    assert [e.state for e in endings] == [State.FAILED] * 2
    assert len(executor.started) == 1


def test_ctrl_c_once_lets_the_running_steps_end_and_begins_no_others(tmp_path: Path) -> None:
    seen: list[Task] = []

    def answer(task: Task) -> None:
        seen.append(task)

    scheduler, executor, _ = make_scheduler(tmp_path, answer, stopping=lambda: int(len(seen) > 2))
    endings = scheduler.run(jobs(9))
    assert len(executor.started) - len(seen) == 0
    assert State.NOT_REACHED in {e.state for e in endings}
    assert len(endings) == 9


def test_ctrl_c_twice_waits_for_nothing(tmp_path: Path) -> None:
    scheduler, executor, _ = make_scheduler(tmp_path, stopping=lambda: 2)
    assert {e.state for e in scheduler.run(jobs(2))} == {State.NOT_REACHED}
    assert executor.started == []


def test_a_result_that_is_gone_when_it_is_wanted_is_made_again(tmp_path: Path) -> None:
    lost: list[str] = []

    def answer(task: Task) -> Finished | None:
        if task.step.kind is Kind.OUTPUTS and not lost:
            lost.append(task.job)
            results = FolderResults(tmp_path / "results", tmp_path / "drafts")
            results.drop(task.inputs["words"])
            return fails("the result of decode is gone", may_pass=True)(task)
        return None

    scheduler, executor, _ = make_scheduler(tmp_path, answer)
    assert scheduler.run(jobs(1))[0].state is State.DONE
    kinds = [task.step.kind for task in executor.started]
    assert kinds == [Kind.FETCH, Kind.DECODE, Kind.OUTPUTS, Kind.DECODE, Kind.OUTPUTS]


@given(
    troubles=st.lists(st.sampled_from(["", "bad", "passes", "crash", "poison"]), max_size=12),
    room=st.integers(1, 4),
    ahead=st.integers(1, 6),
)
@settings(max_examples=40, deadline=None)
def test_whatever_goes_wrong_each_job_ends_as_it_must(
    tmp_path_factory: pytest.TempPathFactory, troubles: list[str], room: int, ahead: int
) -> None:
    expected = {
        "": "done",
        "bad": "failed",
        "passes": "done",
        "crash": "done",
        "poison": "poisoned",
    }
    kinds = {f"talk-{number}": trouble for number, trouble in enumerate(troubles)}
    tries: Counter[str] = Counter()

    def answer(task: Task) -> Finished | None:
        if task.step.kind is not Kind.DECODE:
            return None
        tries[task.job] += 1
        trouble = kinds[task.job]
        if trouble == "bad":
            return fails("bad")(task)
        if trouble == "passes" and tries[task.job] < 3:
            return fails("busy", may_pass=True)(task)
        if trouble == "poison" or (trouble == "crash" and tries[task.job] < 2):
            return fails("crashed", is_crash=True)(task)
        return None

    folder = tmp_path_factory.mktemp("batch")
    rules = Rules(pause=0.0, ahead=ahead)
    scheduler, executor, _ = make_scheduler(folder, answer, rules)
    executor.room = room
    endings = scheduler.run(jobs(len(troubles)))
    assert [e.state.value for e in endings] == [expected[trouble] for trouble in troubles]
    assert executor.most <= room
