"""A full disk at any write: other jobs are done, it is said what to do, a rerun loses nothing."""

from __future__ import annotations

import errno
import json
import operator
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from subtools.batch import (
    Ending,
    Event,
    Failure,
    FileJournal,
    Finished,
    FolderResults,
    Hashes,
    Job,
    Kind,
    Plain,
    Plan,
    Rules,
    State,
    Step,
    Task,
    Tools,
    Ways,
    do_task,
    open_workplace,
    read_journal,
    run_batch,
    running,
    save_report,
    working,
)
from subtools.batch.patience import Patience
from subtools.batch.shortage import explain_failure, has_space
from subtools.batch.work_on_sound import Bench, _save_array
from subtools.catalogue import open_catalogue
from subtools.catalogue.schema import _explained
from subtools.cli.batch_showing import report_batch
from subtools.download import FetchOptions
from subtools.errors import CatalogueError, FetchError, OutputError
from subtools.store import is_full
from tests.batch_stubs import Told, make_scheduler, plan_chain
from tests.batches import find_leftovers, read_library
from tests.full_disks import full_disk

JOBS = tuple(Job(f"talk-{number}", f"sound-{number}") for number in range(2))
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


@dataclass
class Here:
    """An engine in this process, one task at a time."""

    results: FolderResults
    waiting: list[Task] = field(default_factory=list)

    def has_room(self, _task: Task) -> bool:
        return not self.waiting

    def start(self, task: Task) -> None:
        self.waiting.append(task)

    def wait(self, _timeout: float) -> Sequence[Event]:
        tools = Tools(Ways(FetchOptions(), self.results.drafts))
        found = [do_task(task, self.results, tools, lambda *_: None) for task in self.waiting]
        self.waiting.clear()
        return found

    def close(self, *, now: bool = False) -> None:
        del now


class PlainPlanner:
    """Makes the same three steps for every job."""

    def __init__(self, library: Path, hashes: Hashes) -> None:
        del library
        hashes.known["something"] = "new"

    def plan(self, job: Job) -> Plan:
        return plan_chain(job)


def work(bench: Bench) -> dict[str, Plain]:
    """Write a text and an array, as steps do."""
    name = bench.step.address
    (bench.draft / "words.json").write_text(f"of {name}\n" * 9, encoding="utf-8")
    _save_array(bench.draft / "log_probs.npy", np.arange(5000.0))
    return {"samples": 16_000}


@pytest.fixture(autouse=True)
def plain_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "Planner", PlainPlanner)
    monkeypatch.setattr(working, "WORK", dict.fromkeys(Kind, work))
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)  # no power fails here


def run(library: Path, tries: int) -> tuple[Ending, ...]:
    """Return what becomes of the jobs, having written it down as the command does."""
    rules = Rules(tries=tries, pause=0.0, ahead=2)
    with open_workplace(library) as place:
        executor = Here(FolderResults(place.results, place.drafts))
        endings = run_batch(JOBS, place, executor, watcher=Told(), rules=rules)
    save_report(endings, library)
    return endings


def count_writes(library: Path) -> int:
    with full_disk(library.parent) as disk:
        run(library, tries=1)
    return disk.count


def check_explained(endings: Sequence[Ending], folder: Path) -> None:
    for ending in endings:
        if ending.failure is not None:
            assert ending.failure.is_full
            assert "the disk is full: " in ending.failure.error
            assert f"free in {folder}" in ending.failure.error
            assert "free some space" in ending.failure.error


def test_whichever_write_is_refused_only_its_job_fails_and_a_rerun_gives_the_same_bytes(
    tmp_path: Path,
) -> None:
    count = count_writes(tmp_path / "undisturbed" / "library")
    expected = read_library(tmp_path / "undisturbed" / "library")
    assert count > 100
    for number in range(count):
        library = tmp_path / f"{number}" / "library"
        library.parent.mkdir()
        tries = 1 + number % 2
        endings: tuple[Ending, ...] = ()
        with full_disk(library.parent, number.__eq__):
            try:
                endings = run(library, tries)
            except OutputError as error:  # before it begins, or the report
                assert is_full(error)
        check_explained(endings, library)
        states = [ending.state for ending in endings]
        assert len(states) - states.count(State.DONE) <= (1 if tries == 1 else 0), (number, endings)
        assert find_leftovers(library) == []
        assert {e.state for e in run(library, 1)} == {State.DONE}
        assert read_library(library) == expected
        assert find_leftovers(library) == []


def test_a_disk_that_stays_full_ends_the_run_with_what_to_do_and_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "has_space", lambda _folder: False)
    count = count_writes(tmp_path / "undisturbed" / "library")
    expected = read_library(tmp_path / "undisturbed" / "library")
    for number in range(0, count, 3):
        library = tmp_path / f"{number}" / "library"
        library.parent.mkdir()
        with full_disk(library.parent, partial(operator.le, number)):
            try:
                run(library, 2)
            except OutputError as error:
                assert is_full(error)
        assert [path for path in find_leftovers(library) if path.suffix != ".part"] == []
        assert {e.state for e in run(library, 1)} == {State.DONE}
        assert read_library(library) == expected
        assert find_leftovers(library) == []


# --- what is told apart, and what follows


def test_a_full_disk_is_known_by_whatever_it_comes_of() -> None:
    wrapped = FetchError("[Errno 28] No space left on device", url="https://example.org")
    wrapped.__cause__ = FULL
    assert is_full(wrapped)
    assert is_full(FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/x']"))
    assert not is_full(OSError(errno.EACCES, "no"))
    assert not is_full(FileNotFoundError(errno.ENOENT, "no such file"))


def test_a_failure_names_the_fuller_of_the_places_that_were_written_to(tmp_path: Path) -> None:
    drafts = tmp_path / "library" / ".subtools" / "runs" / "0123" / "gone"
    (tmp_path / "library").mkdir()
    found = explain_failure(Kind.DECODE, FULL, drafts)
    assert found is not None
    assert (found.may_pass, found.is_full) == (True, True)
    assert f"free in {tmp_path / 'library'} without what this step wrote" in found.error
    assert explain_failure(Kind.DECODE, OSError(errno.EFBIG, "large"), drafts) is None


def test_a_disk_where_nothing_can_be_written_has_no_space(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert has_space(tmp_path)

    def refuse(**_options: object) -> None:
        raise FULL

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert not has_space(tmp_path)


def test_an_array_is_written_as_numpy_writes_it(tmp_path: Path) -> None:
    for array in (np.arange(12.0).reshape(3, 4).T, np.zeros(0, np.float32), np.arange(3)):
        _save_array(tmp_path / "ours.npy", array)
        np.save(tmp_path / "numpy.npy", array)
        assert (tmp_path / "ours.npy").read_bytes() == (tmp_path / "numpy.npy").read_bytes()


FAILURE = Failure(Kind.DECODE, "the disk is full", may_pass=True, is_full=True)


def test_where_nothing_can_be_written_no_try_is_lost_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    patience = Patience(Rules(tries=2), partial(bool, 0))
    pauses = []
    while not isinstance(found := patience.judge("one", FAILURE, is_crash=False), Failure):
        pauses.append(found)
        now += found
    assert pauses[:3] == [5.0, 10.0, 10.0]
    assert sum(pauses) == pytest.approx(300.0, abs=10.0)
    assert patience.is_spent


def test_a_batch_ends_only_where_for_long_nothing_was_made_and_nothing_can_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    patience = Patience(Rules(tries=1, pause=0.0), partial(bool, 0))
    for step, passed, is_spent in (("a", 0, False), ("b", 59, False), ("c", 1, True)):
        now += passed
        assert patience.judge(step, FAILURE, is_crash=False) == FAILURE
        assert patience.is_spent is is_spent
    patience = Patience(Rules(tries=1), partial(bool, 1))  # there is room, but not for these
    for step in "abc":
        now += 100.0
        assert patience.judge(step, FAILURE, is_crash=False) == FAILURE
        assert not patience.is_spent


def test_while_a_step_waits_for_room_no_more_jobs_set_out(tmp_path: Path) -> None:
    refused: list[Task] = []

    def answer(task: Task) -> Finished | None:
        if task.step.kind is Kind.DECODE and not refused:
            refused.append(task)
            return Finished(task, failure=FAILURE)
        return None

    rules = Rules(tries=2, pause=0.3, ahead=2)
    scheduler, executor, _ = make_scheduler(tmp_path, answer, rules)
    assert {ending.state for ending in scheduler.run([*JOBS, Job("talk-2", "sound-2")])} == {
        State.DONE
    }
    tasks = [(task.job, task.step.kind) for task in executor.started]
    again = [k for k, task in enumerate(tasks) if task == (refused[0].job, Kind.DECODE)][1]
    assert tasks.index(("talk-2", Kind.FETCH)) > again
    assert tasks.index(("talk-1", Kind.OUTPUTS)) < again


def test_a_line_of_the_journal_that_was_cut_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text('{"event": "made", "addr', encoding="utf-8")
    journal = FileJournal(path)
    journal("made", number=1)
    with full_disk(tmp_path, (0).__eq__):
        journal("made", number=2)
    journal("made", number=3)
    journal.close()
    assert [event["number"] for event in read_journal(path)] == [1, 3]


def test_a_result_goes_also_where_there_is_no_room_for_another_name(tmp_path: Path) -> None:
    results, step = FolderResults(tmp_path / "results", tmp_path / "drafts"), Step(Kind.DECODE)
    with results.drafting(step) as draft:
        (draft / "audio.s16").write_bytes(b"00")
        folder = results.publish(step, draft, {}).folder
    with full_disk(tmp_path, lambda _number: True):
        results.drop(step)
    assert not folder.exists()
    assert results.find(step) is None


def test_a_summary_is_printed_though_the_report_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    endings = [
        Ending(JOBS[0], State.DONE, folder=tmp_path, made=3),
        Ending(JOBS[1], State.FAILED, FAILURE),
    ]
    with full_disk(tmp_path, lambda _number: True), pytest.raises(OutputError, match="full"):
        report_batch(endings, tmp_path, None, quiet=False, as_json=False)
    assert pauses  # it was tried again
    told = capsys.readouterr().err
    assert "2 jobs: 1 done, 1 failed" in told
    assert "the disk was full: free some space" in " ".join(told.split())
    with full_disk(tmp_path, lambda _number: True), pytest.raises(OutputError, match="full"):
        report_batch(endings, tmp_path, None, quiet=False, as_json=True)
    assert json.loads(capsys.readouterr().out)["counts"]["failed"] == 1


def test_a_library_of_talks_on_a_full_disk_says_so(tmp_path: Path) -> None:
    path = tmp_path / "talks.sqlite"
    with open_catalogue(path, write=True):
        pass
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA max_page_count = 1")  # no more than there are
        with (
            pytest.raises(CatalogueError, match=r"the disk is full \(free some space"),
            _explained(path),
        ):
            database.execute("CREATE TABLE more AS SELECT randomblob(1000000) AS blob")
