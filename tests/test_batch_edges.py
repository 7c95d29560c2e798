"""What a batch meets in the wild: lists of other files, odd names, changes that hardly show."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from subtools.batch import (
    Done,
    Ending,
    Failure,
    FolderResults,
    Hashes,
    Job,
    Kind,
    Plain,
    Plan,
    Planner,
    Row,
    Rules,
    State,
    Step,
    Task,
    Tools,
    Ways,
    compose_report,
    do_task,
    make_jobs,
    open_workplace,
    pair_given,
    recipes,
    run_step,
    working,
    workplace,
)
from subtools.batch.reasons import Recorder
from subtools.batch.results import LostError
from subtools.batch.work_on_sound import Bench
from subtools.cli.batch_plans import _find_job
from subtools.cli.batching import usual_job
from subtools.core import no_progress
from subtools.download import FetchOptions
from subtools.errors import DocumentError, MediaError, OutputError
from subtools.media import find_ffmpeg
from subtools.presenting import refer_to
from tests.batch_stubs import make_scheduler, plan_chain
from tests.commands import write_wav


def planner_of(folder: Path) -> Planner:
    known = {"base": "sha256:0123", "large": "sha256:4567"}
    return Planner(folder / "library", Hashes(), known)


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    return Tools(Ways(FetchOptions(), tmp_path))


@pytest.fixture
def results(tmp_path: Path) -> FolderResults:
    return FolderResults(tmp_path / "results", tmp_path / "drafts")


# --- lists of other files


@pytest.mark.parametrize("name", ["list.m3u8", "talk.ffconcat"])
def test_a_list_of_other_files_shows_nobody_what_is_in_them(
    tmp_path: Path, results: FolderResults, tools: Tools, name: str
) -> None:
    secret = tmp_path / "secret.mp3"
    tone = ["-f", "lavfi", "-i", "sine=duration=2"]
    subprocess.run([find_ffmpeg(), "-v", "error", *tone, secret], check=True)
    lists = {
        "list.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{secret}\n#EXT-X-ENDLIST\n",
        "talk.ffconcat": f"ffconcat version 1.0\nfile {secret.name}\n",
    }
    (tmp_path / name).write_text(lists[name])
    decode = planner_of(tmp_path).plan(Job("a", str(tmp_path / name))).steps[0]
    with pytest.raises(MediaError, match="list of other files"):
        run_step(decode, {}, results, tools)
    assert results.find(decode) is None


# --- changes that hardly show


def test_a_change_that_leaves_length_and_time_of_a_file_is_noticed(tmp_path: Path) -> None:
    path, hashes = tmp_path / "a.txt", Hashes()
    path.write_text("one")
    os.utime(path, (1e9, 1e9))
    first = hashes.hash(path, DocumentError)
    time.sleep(0.02)  # longer than the file system's clock step
    path.write_text("two")
    os.utime(path, (1e9, 1e9))
    assert hashes.hash(path, DocumentError) != first


def test_another_vocabulary_beside_the_same_weights_is_another_model(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json"):
        (folder / name).write_text("{}")
    (tmp_path / "a.wav").write_bytes(b"sound")
    job = Job("a", str(tmp_path / "a.wav"), model=str(folder))
    before = planner_of(tmp_path).plan(job)
    assert planner_of(tmp_path).plan(job) == before
    (folder / "vocabulary.json").write_text('{"other": 1}')
    after = planner_of(tmp_path).plan(job)
    assert {s.kind for s in after.steps if s in before.steps} == {Kind.DECODE}
    assert after.goal.settings["model"] == before.goal.settings["model"]  # caption says the same


def test_another_ffmpeg_on_the_path_decodes_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.wav").write_bytes(b"sound")
    job = Job("a", str(tmp_path / "a.wav"))
    before = planner_of(tmp_path).plan(job).steps[0]
    program = tmp_path / "bin" / "ffmpeg"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho ffmpeg version 0.5.1-old Copyright\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    recipes._versions.cache_clear()
    after = planner_of(tmp_path).plan(job).steps[0]
    recipes._versions.cache_clear()
    assert after.settings["version ffmpeg"] == "0.5.1-old"
    assert after.address != before.address


def test_other_code_of_a_checkout_makes_all_anew_but_what_was_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job("a", "BV1xx411c7mD")
    before = planner_of(tmp_path).plan(job).steps
    monkeypatch.setattr(recipes, "find_checkout", lambda: "0123456789ab")
    recipes._versions.cache_clear()
    after = planner_of(tmp_path).plan(job).steps
    recipes._versions.cache_clear()
    assert [step.kind for step in after if step in before] == [Kind.FETCH]
    assert after[-1].settings["version checkout"] == "0123456789ab"


def test_code_is_known_by_its_modules_and_pages_and_their_names(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.py").write_text("x = 1\n")
    (tmp_path / "b.py").write_text("y = 2\n")
    first = recipes.hash_code(tmp_path)
    (tmp_path / "notes.txt").write_text("no code")
    assert recipes.hash_code(tmp_path) == first
    (tmp_path / "inner" / "a.py").rename(tmp_path / "inner" / "c.py")
    renamed = recipes.hash_code(tmp_path)
    (tmp_path / "b.py").write_text("y = 3\n")
    changed = recipes.hash_code(tmp_path)
    (tmp_path / "inner" / "page.js").write_text("let z;")
    assert len({first, renamed, changed, recipes.hash_code(tmp_path)}) == 4


def test_the_same_bytes_under_another_suffix_are_read_anew(tmp_path: Path) -> None:
    """``[00:01.00]`` is a time in lyrics, and words in a text."""
    (tmp_path / "a.wav").write_bytes(b"sound")
    plans = []
    for name in ("a.txt", "a.lrc", "b.lrc"):
        (tmp_path / name).write_text("{x}\n[00:01.00]大家好，我們談大模型。\n", encoding="utf-8")
        plans.append(
            planner_of(tmp_path).plan(Job("a", str(tmp_path / "a.wav"), document=tmp_path / name))
        )
    text, lyrics, same = (
        [step.address for step in plan.steps if step.kind is Kind.ALIGN] for plan in plans
    )
    assert lyrics == same != text


def test_other_weights_of_the_classifier_are_another_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.wav").write_bytes(b"sound")
    (tmp_path / "a.txt").write_text("大家好，我們談大模型。", encoding="utf-8")
    job = Job("a", str(tmp_path / "a.wav"), document=tmp_path / "a.txt")
    before = planner_of(tmp_path).plan(job)
    monkeypatch.setattr(recipes, "hash_shipped", lambda package: f"other {package}")
    recipes._versions.cache_clear()
    after = planner_of(tmp_path).plan(job)
    recipes._versions.cache_clear()
    assert {step.kind for step in after.steps if step in before.steps} == {Kind.DECODE}
    monkeypatch.undo()
    assert recipes.hash_shipped("subtools.voices") != recipes.hash_shipped("subtools.acoustics")


def test_what_chooses_the_kernels_of_a_processor_is_part_of_what_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.wav").write_bytes(b"sound")
    job = Job("a", str(tmp_path / "a.wav"))
    before = planner_of(tmp_path).plan(job)
    monkeypatch.setenv("CT2_FORCE_CPU_ISA", "GENERIC")
    after = planner_of(tmp_path).plan(job)
    assert {step.kind for step in after.steps if step in before.steps} == {Kind.DECODE}


# --- results that are not seen


class Moody:
    """Results that nobody sees, or about which nobody answers, for a while."""

    def __init__(self, results: FolderResults, *, asked: range, error: OutputError | None) -> None:
        self._results = results
        self._asked = asked
        self._error = error
        self._count = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._results, name)

    def find(self, step: Step) -> Done | None:
        self._count += 1
        if self._count not in self._asked:
            return self._results.find(step)
        if self._error is not None:
            raise self._error
        return None


@pytest.mark.parametrize("error", [None, LostError("the store of results does not answer")])
@pytest.mark.parametrize("start", range(1, 12))
def test_results_that_are_not_seen_for_a_while_cost_no_job(
    tmp_path: Path, results: FolderResults, error: OutputError | None, start: int
) -> None:
    scheduler, _, _ = make_scheduler(tmp_path)
    scheduler._results = Moody(results, asked=range(start, start + 3), error=error)
    endings = scheduler.run([Job("a", "sound"), Job("b", "other")])
    assert [ending.state for ending in endings] == [State.DONE, State.DONE]


@pytest.mark.parametrize("error", [None, LostError("the store of results does not answer")])
def test_results_that_are_never_seen_end_the_job_and_not_the_run(
    tmp_path: Path, results: FolderResults, error: OutputError | None
) -> None:
    scheduler, executor, _ = make_scheduler(tmp_path, rules=Rules(tries=3, pause=0.001))
    scheduler._results = Moody(results, asked=range(1, 10**6), error=error)
    endings = scheduler.run([Job("a", "sound"), Job("b", "other")])
    assert [ending.state for ending in endings] == [State.FAILED, State.FAILED]
    assert len(executor.started) <= 2 * 3


# --- odd names


def test_a_fault_in_the_plan_of_one_job_costs_no_other(tmp_path: Path) -> None:
    def plan(job: Job) -> Plan:
        if job.name == "b":
            raise ValueError("embedded null byte")
        return plan_chain(job)

    scheduler, _, _ = make_scheduler(tmp_path, plan=plan)
    endings = scheduler.run([Job(name, name) for name in "abc"])
    assert [ending.state for ending in endings] == [State.DONE, State.FAILED, State.DONE]
    assert endings[1].failure is not None
    assert endings[1].failure.error == "this is a fault of subtools: ValueError: embedded null byte"


@pytest.mark.parametrize("name", ["y" * 300 + ".m4a", "a\0b.m4a"])
def test_a_name_that_no_file_can_have_is_that_of_a_missing_one(tmp_path: Path, name: str) -> None:
    row = Row(3, {"source": name})
    manifest = make_jobs([row], tmp_path, Job("", ""))
    assert [(one.line, one.is_missing) for one in manifest.mistakes] == [(3, True)]
    with pytest.raises(MediaError):
        planner_of(tmp_path).plan(manifest.jobs[0])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have names of text only")
def test_a_name_that_is_no_utf_8_is_read_as_chinese_archives_have_it(tmp_path: Path) -> None:
    sound, text = (os.fsdecode("演讲".encode("gb18030")) + suffix for suffix in (".wav", ".txt"))
    (tmp_path / sound).write_bytes(b"sound")
    (tmp_path / text).write_text("大家好，我們談大模型。", encoding="utf-8")
    (job,) = make_jobs(
        pair_given([str(tmp_path / sound), str(tmp_path / text)]), tmp_path, Job("", "")
    ).jobs
    assert (job.name, job.document) == ("演讲", tmp_path / text)
    recorder = Recorder(tmp_path / "jobs")
    recorder(planner_of(tmp_path).plan(job), Ending(job, State.NOT_REACHED))
    assert recorder.load("演讲").job == job
    report = compose_report([Ending(job, State.NOT_REACHED)], tmp_path)
    assert json.loads(report.encode())["jobs"][0]["source"] == sound


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have names of text only")
def test_a_page_names_a_sound_whose_name_is_no_text(tmp_path: Path) -> None:
    sound = tmp_path / os.fsdecode("演讲.wav".encode("gb18030"))
    write_wav(sound, np.zeros(16_000, np.int16))
    reference = refer_to(sound, tmp_path)
    assert (reference.link, reference.name.encode()[-4:]) == ("./%D1%DD%BD%B2.wav", b".wav")


def test_what_went_wrong_is_told_alike_whenever_it_does(
    results: FolderResults, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_too_long_a_name(bench: Bench) -> dict[str, Plain]:
        (bench.draft / f"{'x' * 300}.srt").write_text("")
        return {}

    monkeypatch.setattr(working, "WORK", {Kind.OUTPUTS: write_too_long_a_name})
    task = Task(Step(Kind.OUTPUTS))
    failures = {do_task(task, results, tools, no_progress).failure for _ in range(2)}
    said = f"{'x' * 300}.srt: cannot be written: the name is too long (give a shorter one)"
    assert failures == {Failure(Kind.OUTPUTS, said)}


@pytest.mark.parametrize("name", ["report.json", "Report.JSON", "report-1-of-2.json"])
def test_no_job_is_called_as_the_report_is(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.wav").write_bytes(b"sound")
    rows = [Row(1, {"source": f"{name}.wav"}), Row(2, {"source": "x.wav", "name": name})]
    manifest = make_jobs(rows, tmp_path, Job("", ""))
    assert [job.name for job in manifest.jobs] == [name.replace(".", "_")]
    assert [mistake.line for mistake in manifest.mistakes] == [2]


def test_why_sees_that_a_line_says_something_no_more(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"sound")
    (tmp_path / "library" / ".subtools").mkdir(parents=True)
    defaults = replace(usual_job(), topics=3)  # as an option of the command
    before = make_jobs([Row(1, {"source": "a.wav", "style": "bbc"})], tmp_path, defaults).jobs[0]
    table = tmp_path / "m.csv"
    table.write_text("source,style\na.wav,\n")
    after = _find_job("a", table, before)
    assert (before.style, after.style, after.topics) == ("bbc", "plain", 3)


# --- several runs


@pytest.mark.parametrize(("first", "second"), [("", "1/2"), ("1/2", "")])
def test_a_whole_batch_and_a_part_are_not_at_work_at_once(
    tmp_path: Path, first: str, second: str
) -> None:
    with (
        open_workplace(tmp_path, first),
        pytest.raises(OutputError, match="another batch"),
        open_workplace(tmp_path, second),
    ):
        pass
    with open_workplace(tmp_path, second):
        pass


def test_a_folder_that_another_run_took_for_a_dead_ones_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = workplace._take
    cleared: list[Path] = []

    def take_late(file: Any, *, is_shared: bool) -> bool:
        if not cleared:
            cleared.append(Path(file.name).parent)
            shutil.rmtree(cleared[0])  # as a run does that has held the lock for a moment
        return take(file, is_shared=is_shared)

    monkeypatch.setattr(workplace, "_take", take_late)
    with workplace.private_folder(tmp_path / "runs") as folder:
        assert folder.is_dir()
        assert folder not in cleared
