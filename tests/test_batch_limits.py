"""A step that hangs is ended with all that it has started, and costs no other job."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer

from subtools.batch import (
    Event,
    Finished,
    FolderResults,
    Job,
    Kind,
    LocalExecutor,
    Rules,
    Setup,
    Step,
    Task,
    Ways,
    parse_duration,
    usual_limit,
)
from subtools.batch.killing import find_descendants, kill_family
from subtools.cli.batching import _read_limit
from subtools.download import FetchOptions
from subtools.errors import DocumentError
from tests.batch_stubs import make_scheduler

# Starts a program that sleeps in a session of its own, and then sleeps itself.
SLEEPER = """
import subprocess, sys, time
from pathlib import Path

def load(options):
    def align(transcript, audio, /, *, language, progress=None):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"],
                                 start_new_session=True)
        Path(__file__).with_name("child").write_text(str(child.pid))
        time.sleep(600)
    return align
"""
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")


@pytest.fixture
def sleeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where an aligner says which process it has started, before it hangs."""
    folder = tmp_path / "plug-in"
    info = folder / "sleeper-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "sleeper.py").write_text(SLEEPER)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sleeper\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[subtools.aligners]\nsleeper = sleeper:load\n")
    monkeypatch.syspath_prepend(str(folder))  # a spawned process gets the same
    return folder / "child"


@pytest.fixture
def results(tmp_path: Path) -> FolderResults:
    return FolderResults(tmp_path / "results", tmp_path / "drafts")


def plan_task(results: FolderResults, folder: Path, aligner: str) -> Task:
    """Return the alignment of a document with a sound that is decoded already."""
    decode = Step(Kind.DECODE)
    with results.drafting(decode) as draft:
        (draft / "audio.s16").write_bytes(bytes(2 * 160_000))
        results.publish(decode, draft, {"samples": 160_000})
    document = folder / "text.txt"
    document.write_text("大家好，我們今天談大模型。", encoding="utf-8")
    settings = {"aligner": aligner, "model_name": "base"}
    step = Step(Kind.ALIGN, settings, {"sound": decode.address}, {"document": str(document)})
    return Task(step, {"sound": decode}, "talk", 10.0, limit=100.0)


def await_end(executor: LocalExecutor) -> Finished:
    for _ in range(600):
        found: Sequence[Event] = executor.wait(0.1)
        ended = [event for event in found if isinstance(event, Finished)]
        if ended:
            return ended[0]
    raise AssertionError("nothing ends")


def is_alive(pid: int) -> bool:
    """Return whether a process runs; one that nobody has asked for its status does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return False


def await_death(*pids: int) -> None:
    for _ in range(600):
        if not any(map(is_alive, pids)):
            return
        time.sleep(0.01)
    raise AssertionError("it lives on")


def test_a_step_that_hangs_is_ended_with_its_children_and_its_worker_is_replaced(
    sleeper: Path, results: FolderResults, tmp_path: Path
) -> None:
    setup = Setup(results.root, results.drafts, Ways(FetchOptions(), tmp_path))
    executor = LocalExecutor(setup, workers=1)
    task = plan_task(results, tmp_path, "sleeper")
    try:
        executor.start(task)
        while not (sleeper.exists() and sleeper.read_text()):
            assert executor.wait(0.05) == []
        worker, child = executor._there[0], int(sleeper.read_text())
        pid = worker.process.pid
        assert pid is not None
        assert is_alive(child)
        worker.begun -= 101.0
        ended = await_end(executor)
        assert ended.failure is not None
        assert not (ended.is_crash or ended.failure.may_pass)
        assert "it took longer than 1:40 and was ended" in ended.failure.error
        assert "--step-timeout 200s" in ended.failure.error
        await_death(pid, child)
        assert list(results.drafts.iterdir()) == []
        executor.start(plan_task(results, tmp_path, "none of ours"))
        assert "none of ours" in str(await_end(executor).failure)
        assert executor._there[0].process.pid != pid
    finally:
        executor.close(now=True)


def test_a_process_is_ended_with_those_below_it() -> None:
    code = "import subprocess, time; subprocess.Popen(['sleep', '600']); time.sleep(600)"
    root = subprocess.Popen([sys.executable, "-c", code])
    while not (below := find_descendants(root.pid)):
        time.sleep(0.01)
    kill_family(root.pid)
    assert root.wait() != 0
    await_death(*below)
    assert find_descendants(os.getpid()).count(root.pid) == 0


def test_each_task_is_told_its_limit_by_the_length_of_its_sound(tmp_path: Path) -> None:
    def limit(sound: float | None) -> float:
        return 7.0 if sound is None else 10.0 * sound

    scheduler, executor, _ = make_scheduler(tmp_path, rules=Rules(limit=limit))
    scheduler.run([Job("a", "sound")])
    assert [task.limit for task in executor.started] == [7.0, 10.0, 10.0]
    scheduler, executor, _ = make_scheduler(tmp_path)
    scheduler.run([Job("b", "other")])
    assert {task.limit for task in executor.started} == {None}


def test_a_usual_step_has_hours() -> None:
    assert usual_limit(60.0) > 7200.0
    assert usual_limit(None) == 12 * 3600.0


@pytest.mark.parametrize("text", ["", "5", "h", "0m", "-1h", "1d"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="is no time"):
        parse_duration(text)


@pytest.mark.parametrize(("text", "expected"), [("30m", 1800.0), ("no", None), (None, 43_200.0)])
def test_an_option_says_how_long_a_step_may_take(text: str | None, expected: float | None) -> None:
    assert _read_limit(text)(3600.0) == expected


def test_a_time_that_is_none_is_an_argument_that_is_wrong() -> None:
    with pytest.raises(typer.BadParameter, match="is no time"):
        _read_limit("soon")
