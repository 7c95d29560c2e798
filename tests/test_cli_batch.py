"""Batches on the command line: real processes, the real model, jobs that go wrong."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from subtools.batch import Counts, Ending, Job, State, parse_manifest
from subtools.cleaned import CLEAN_SUFFIXES
from subtools.cli.batch_showing import refuse_mistakes, tell_ending
from subtools.core import Audio
from subtools.errors import DocumentError
from subtools.media import find_ffmpeg
from tests.batches import (
    Cut,
    count_made,
    count_wasted,
    cut_clip,
    find_leftovers,
    kill_group,
    read_events,
    read_library,
    start_batch,
    write_manifest,
)
from tests.bilibili import (
    CONFERENCE,
    FOR_EVER,
    TALK,
    Faults,
    Line,
    Site,
    Subtitle,
    emulated_bilibili,
)
from tests.commands import assert_one_line_error, environment, subtools, write_wav

POISON = """
import os, signal
from subtools.core import Alignment, Span

def load(options):
    def align(transcript, audio, /, *, language, progress=None):
        os.kill(os.getpid(), signal.SIGSEGV)
    return align
"""
_LARGEST = 2 << 20  # bytes of a file: the whole clip decoded has 7 MB, a cut 0.2
_GOES_WELL = "good"


@pytest.fixture(scope="module")
def cuts(
    clip_sound: Audio, clip_reference: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Cut, ...]:
    folder = tmp_path_factory.mktemp("cuts")
    return cut_clip(clip_sound.samples, clip_reference, folder, 3, seconds=6.0)


@pytest.fixture
def manifest(cuts: tuple[Cut, ...], tmp_path: Path) -> Path:
    return write_manifest(tmp_path / "manifest.csv", cuts[:1])


# --- what comes out


@pytest.mark.model
def test_a_job_gives_the_bytes_that_caption_and_clean_give(
    cuts: tuple[Cut, ...], manifest: Path, tmp_path: Path
) -> None:
    library, alone = tmp_path / "library", tmp_path / "alone"
    done = subtools("batch", manifest, "-o", library, "--workers", "1", "--keep", "--clean")
    assert done.status == 0, done.stderr
    assert "1 job: 1 done" in done.stderr
    document = cuts[0].sound.with_suffix(".txt")
    options = ("--threads", "1", "--no-known-voices", "--language", "zh")
    target = alone / "cut-000"
    captioned = subtools(
        "caption", document, "--audio", cuts[0].sound, "-o", target, *options, "-q"
    )
    assert captioned.status == 0, captioned.stderr
    spoken = ("--audio", cuts[0].sound, "--threads", "1")
    cleaned = subtools("clean", target / "words.json", *spoken, "-o", target, "-q")
    assert cleaned.status == 0, cleaned.stderr
    made = read_library(library)
    assert "cut-000/cut-000.corrections.json" in made
    report = json.loads(made.pop("report.json"))
    words = json.loads((library / "cut-000" / "words.json").read_text(encoding="utf-8"))
    expected = {
        "words": len(words["words"]),
        "untimed": sum(word["start"] is None for word in words["words"]),
        "findings": len(words["findings"]),
    }
    for counted in (report, report["jobs"][0]):
        assert {name: counted[name] for name in expected} == expected
    assert f"of sound; {expected['words']} words" in done.stderr
    assert made == read_library(alone)
    why(library, document)


def why(library: Path, document: Path) -> None:
    """Look at what a change of the document would mean; it is put back."""
    kept = subtools("why", "cut-000", "-o", library)
    assert kept.status == 0, kept.stderr
    assert {line.partition(": ")[2] for line in kept.stdout.splitlines()} == {"kept"}
    text = document.read_text(encoding="utf-8")
    document.write_text(text.replace("，", "。", 1), encoding="utf-8")
    changed = subtools("why", "cut-000", "-o", library, "--json")
    document.write_text(text, encoding="utf-8")
    verdicts = {one["step"]: (one["verdict"], one["changes"]) for one in json.loads(changed.stdout)}
    assert verdicts["encode"] == ("kept", [])
    verdict, changes = verdicts["align"]
    assert verdict == "to be done again"
    assert changes[0].startswith("the document has changed (")
    assert "align has changed" in verdicts["diarize"][1]
    manifest = library.parent / "other.csv"
    manifest.write_text(f"source,document,style\n{document.with_suffix('.wav')},{document},bbc\n")
    styled = subtools("why", "cut-000", "-o", library, "--manifest", manifest)
    assert "outputs: to be done again: " in styled.stdout
    assert 'style is "bbc", not "plain"' in styled.stdout


@pytest.mark.model
def test_jobs_are_cleaned_with_their_glossaries_and_a_rerun_makes_nothing(
    cuts: tuple[Cut, ...], tmp_path: Path
) -> None:
    (tmp_path / "terms.yaml").write_text("terms:\n  - 智源大会\n", encoding="utf-8")
    text = cuts[1].sound.with_suffix(".txt")
    text.write_text(cuts[1].text, encoding="utf-8")
    manifest = tmp_path / "m.csv"
    manifest.write_text(
        "source,document,language,speakers,topics,outputs,glossary,clean\n"
        f"{cuts[0].sound},,zh,no,no,srt,terms.yaml,yes\n"
        f"{cuts[1].sound},{text},zh,no,no,srt,terms.yaml,yes\n"
    )
    one, two = tmp_path / "one", tmp_path / "two"
    done = subtools("batch", manifest, "-o", one, "--workers", "2")
    assert done.status == 0, done.stderr
    made = [event["step"] for event in read_events(one) if event["event"] == "made"]
    assert Counter(made)["clean"] == Counter(made)["recognise"] == Counter(made)["encode"] == 2
    names = {path.name.partition(".")[2] for path in (one / "cut-001").iterdir()}
    assert names == {"json", "srt", *(suffix.lstrip(".") for suffix in CLEAN_SUFFIXES)}
    run = start_batch(manifest, "-o", two, "--workers", "1")
    await_events(two, "made", 5)
    kill_group(run)
    again = subtools("batch", manifest, "-o", two, "--workers", "1")
    assert again.status == 0, again.stderr
    assert read_library(two) == read_library(one)
    assert max(count_made(two).values()) == 1
    (tmp_path / "terms.yaml").write_text("terms:\n  - 智源\n", encoding="utf-8")
    told = subtools("why", "cut-001", "-o", one).stdout
    assert "clean: to be done again: the glossary has changed (" in told
    assert "align: not needed" in told or "align: kept" in told


# --- what goes wrong


@pytest.fixture(scope="module")
def refusing_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("authority")
    with emulated_bilibili(folder, faults=Faults(http_412=FOR_EVER)) as site:
        yield site


@pytest.fixture
def poison(tmp_path: Path) -> Path:
    """A folder for PYTHONPATH with an aligner that crashes the process."""
    folder = tmp_path / "plug-in"
    info = folder / "poison-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "poison.py").write_text(POISON)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: poison\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[subtools.aligners]\npoison = poison:load\n")
    return folder


@pytest.mark.model
def test_each_failure_is_explained_and_every_other_job_is_done(
    cuts: tuple[Cut, ...],
    clip_sound: Audio,
    refusing_site: Site,
    poison: Path,
    tmp_path: Path,
) -> None:
    text = tmp_path / "text.txt"
    text.write_text(cuts[0].text, encoding="utf-8")
    (tmp_path / "corrupt.wav").write_bytes(b"RIFF" + bytes(range(256)) * 40)
    write_wav(tmp_path / "large.wav", clip_sound.samples)
    lines = [
        "name,source,document,language,aligner",
        f"{_GOES_WELL},{cuts[0].sound},text.txt,zh,",
        f"no-text,{cuts[0].sound},nix.txt,zh,",
        "corrupt,corrupt.wav,text.txt,zh,",
        "full,large.wav,text.txt,zh,",
        f"poisoned,{cuts[1].sound},text.txt,zh,poison",
        f"refused,{CONFERENCE.bvid}?p=8,text.txt,zh,",
    ]
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("\n".join(lines), encoding="utf-8")
    library = tmp_path / "library"
    options = ("--workers", "1", "--tries", "2", "--pause", "0.01")
    env = {**refusing_site.environment, "PYTHONPATH": str(poison)}
    done = subprocess.run(
        [sys.executable, "-m", "subtools", "batch", manifest, "-o", library, *options],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        env=environment(env),
        preexec_fn=limit_files,
    )
    assert done.returncode == 1, done.stderr
    report = json.loads((library / "report.json").read_text(encoding="utf-8"))
    jobs = {job["name"]: (job["state"], job["step"], job["error"]) for job in report["jobs"]}
    assert jobs[_GOES_WELL] == ("done", None, None)
    expected = {
        "no-text": ("failed", None, "nix.txt: no such file"),
        "corrupt": ("failed", "decode", "corrupt.wav: "),
        "full": ("failed", "decode", "cannot be written"),
        "poisoned": ("poisoned", "align", "its process crashed (SIGSEGV), 2 times"),
        "refused": ("failed", "fetch", "HTTP 412"),
    }
    for name, (state, step, words) in expected.items():
        assert jobs[name][:2] == (state, step), jobs[name]
        assert words in jobs[name][2]
        assert name in done.stderr
    assert "manifest.csv:3: document: there is no file" in done.stderr
    assert (library / _GOES_WELL / "words.json").exists()
    assert find_leftovers(library) == []


def limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST, _LARGEST))


def test_a_manifest_with_mistakes_begins_nothing(tmp_path: Path) -> None:
    manifest = tmp_path / "m.csv"
    manifest.write_text("source,lang\nBV1zE421N7UJ,zh\nBV1zE421N7UJ,\n,\nx.wav,xx\n")
    done = subtools("batch", manifest, "-o", tmp_path / "library")
    assert done.status == 1
    told = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert told[0].startswith(f"error: {manifest}:1: there is no column `lang`")
    assert "1 mistake, so nothing was begun" in told[-1]
    assert not (tmp_path / "library").exists()


def test_a_check_counts_missing_files_as_mistakes_and_a_run_does_not(tmp_path: Path) -> None:
    manifest = parse_manifest("source\nnix.wav\n", tmp_path / "m.csv", Job("", ""))
    refuse_mistakes(manifest, ["m.csv"], is_check=False)
    with pytest.raises(DocumentError, match="1 mistake, so nothing was begun"):
        refuse_mistakes(manifest, ["m.csv"], is_check=True)


def test_a_job_that_was_not_begun_is_known_from_the_manifest(tmp_path: Path) -> None:
    write_wav(tmp_path / "first.wav", np.zeros(16_000, np.float32))
    (tmp_path / "first.txt").write_text("大家好。", encoding="utf-8")
    manifest, library = tmp_path / "m.csv", tmp_path / "library"
    manifest.write_text("source,document\nfirst.wav,first.txt\n")
    (library / ".subtools").mkdir(parents=True)
    assert_one_line_error(subtools("why", "first", "-o", library), "--manifest")
    told = subtools("why", "first", "-o", library, "--manifest", manifest)
    assert told.status == 0, told.stderr
    assert "align: to be done" in told.stdout.splitlines()


def test_a_summary_tells_how_much_of_the_text_came_out() -> None:
    ending = Ending(Job("a", "a.wav"), State.DONE, seconds=61.0, counts=Counts(2310, 12, 1), made=3)
    told = "done, 1:01 of sound; 2310 words, 12 without a time, 1 finding"
    assert tell_ending(ending) == told
    assert tell_ending(replace(ending, counts=Counts(40), made=0)).endswith("of sound; 40 words")
    assert tell_ending(replace(ending, counts=None)) == "done, 1:01 of sound"


# --- Ctrl-C


@pytest.mark.model
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_stops_and_the_same_command_goes_on(
    cuts: tuple[Cut, ...], tmp_path: Path, times: int
) -> None:
    manifest, library = write_manifest(tmp_path / "m.csv", cuts[:1]), tmp_path / "library"
    run = start_batch(manifest, "-o", library, "--workers", "1")
    await_events(library, "made", 1)
    for _ in range(times):
        os.kill(run.pid, signal.SIGINT)
        time.sleep(0.3)
    assert run.wait(timeout=120) == 130
    begun, made = count_events(library, "begun"), count_events(library, "made")
    assert begun - made == (0 if times == 1 else 1)
    report = json.loads((library / "report.json").read_text(encoding="utf-8"))
    assert report["counts"]["not reached"] == 1
    assert find_leftovers(library) == []
    if times > 1:
        done = subtools("batch", manifest, "-o", library, "--workers", "1", "-q")
        assert done.status == 0, done.stderr
        assert count_wasted(library) == 0


def await_events(library: Path, event: str, count: int) -> None:
    for _ in range(1200):
        if (library / ".subtools" / "journal.jsonl").exists() and count_events(
            library, event
        ) >= count:
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing is {event}")


def count_events(library: Path, event: str) -> int:
    return sum(found["event"] == event for found in read_events(library))


# --- a whole collection


def test_a_collection_becomes_a_manifest_with_its_documents(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    header = f"# 大會 - P8：圆桌讨论 - 智源社区 - {CONFERENCE.bvid}\n\n首先。\n"
    (texts / "whatever.txt").write_text(header, encoding="utf-8")
    (texts / "03 主题报告二.txt").write_text("大家好。\n", encoding="utf-8")
    (texts / "紅燒肉.txt").write_text("今天做菜。\n", encoding="utf-8")
    with emulated_bilibili(tmp_path) as site:
        env = {**site.environment, "SUBTOOLS_CACHE": str(tmp_path / "cache")}
        output = tmp_path / "m.csv"
        done = subtools("plan", CONFERENCE.bvid, "--documents", texts, "-o", output, env=env)
    assert done.status == 0, done.stderr
    rows = [line.split(",") for line in output.read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["source", "part", "document", "title", "duration", "note"]
    assert len(rows) == 13
    assert rows[8][:3] == [CONFERENCE.bvid, "8", "texts/whatever.txt"]
    assert rows[3][:3] == [CONFERENCE.bvid, "3", "texts/03 主题报告二.txt"]
    assert [row[2] for row in rows if row[2].startswith("texts/")] == [rows[3][2], rows[8][2]]
    assert "紅燒肉.txt: it is of none of the parts" in done.stderr
    assert subtools("batch", output, "-o", tmp_path / "library", "--check").status == 0


# --- by address


@pytest.mark.model
def test_a_talk_is_fetched_once_and_the_text_of_its_site_is_tried(
    cuts: tuple[Cut, ...], tmp_path: Path
) -> None:
    sound = tmp_path / "talk.opus"
    command = [find_ffmpeg(), "-v", "error", "-i", str(cuts[0].sound), "-b:a", "64k", str(sound)]
    subprocess.run(command, check=True)
    line = Line(0.2, 5.8, cuts[0].text)
    page = replace(
        TALK.pages[0],
        sound=sound,
        duration=6,
        subtitles=(Subtitle("ai-zh", "中文（自动生成）", (line,)),),
    )
    manifest, library = tmp_path / "m.csv", tmp_path / "library"
    head, options = "source,speakers,topics", ("--workers", "1", "--tries", "1")
    manifest.write_text(f"{head}\n{TALK.bvid},no,no\n")
    with emulated_bilibili(tmp_path, videos=(replace(TALK, pages=(page,)),)) as site:
        env = {**site.environment, "SUBTOOLS_CACHE": str(tmp_path / "cache")}
        done = subtools("batch", manifest, "-o", library, *options, env=env)
        assert done.status == 0, done.stderr
        asked = len(site.requests)
        manifest.write_text(f"{head},outputs\n{TALK.bvid},no,no,srt\n")
        again = subtools("batch", manifest, "-o", library, *options, env=env)
        assert again.status == 0, again.stderr
        assert len(site.requests) == asked
    (folder,) = (path for path in library.iterdir() if path.name == TALK.bvid)
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    assert words["provenance"]["settings"]["text"].startswith("subtitle of the site (ai-zh")
    assert words["source"]["bvid"] == TALK.bvid
    assert sorted(path.suffix for path in folder.iterdir()) == [".json", ".srt"]
    made = [event["step"] for event in read_events(library) if event["event"] == "made"]
    expected = ["fetch", "decode", "encode", "site", "recognise", "align", "topics", "outputs"]
    assert made == [*expected, "outputs"]
