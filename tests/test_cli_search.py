"""`subtools index` and `subtools search`, as a user runs them."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from subtools.core import Input, Provenance, Source
from subtools.indexing import talk_key
from tests.commands import Outcome, assert_one_line_error, environment, subtools
from tests.talks_to_find import write_words

PANEL = Source("大会", 8, "圆桌", "社区", "BV1zE421N7UJ")


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment with a data folder of its own."""
    return {"SUBTOOLS_DATA_DIR": str(tmp_path / "data"), "SUBTOOLS_CACHE": str(tmp_path / "cache")}


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    return write_talks(tmp_path / "talks")


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a library that is only read."""
    folder = tmp_path_factory.mktemp("indexed")
    env = {"SUBTOOLS_DATA_DIR": str(folder / "data"), "SUBTOOLS_CACHE": str(folder / "cache")}
    assert subtools("index", write_talks(folder / "talks"), "--quiet", env=env).stderr == ""
    return env


def write_talks(folder: Path) -> Path:
    """Write two talks: one of a video, one with its sound beside it."""
    first = ("宋老師", "推理的成本很高。合成數據有用，Scanning Law也有用。")
    write_words(folder / "a" / "words.json", first, ("趙老師", "畢業模型很多。"), source=PANEL)
    write_words(folder / "b" / "words.json", ("Ann", "推理就是推理。"), audio="talk.m4a")
    (folder / "b" / "talk.m4a").write_bytes(b"sound")
    (folder / "b" / "other.json").write_text("{}")
    return folder


def read(outcome: Outcome) -> Any:
    assert outcome.status == 0, outcome
    return json.loads(outcome.stdout)


def search(home: dict[str, str], *arguments: str) -> list[dict[str, Any]]:
    moments: list[dict[str, Any]] = read(subtools("search", *arguments, "--json", env=home))[
        "moments"
    ]
    return moments


def test_talks_are_indexed_found_listed_and_taken_out(
    talks: Path, home: dict[str, str], tmp_path: Path
) -> None:
    report = read(subtools("index", talks, "--json", env=home))
    assert [Path(path).parent.name for path in report["added"]] == ["a", "b"]
    again = subtools("index", talks, env=home)
    assert "2 unchanged" in again.stderr

    (first, *_) = search(home, "合成数据")
    assert first["video"] == "BV1zE421N7UJ_p8"
    assert first["title"] == "大会 · 圆桌"
    assert first["speaker"] == "宋老師"
    assert first["matched"] == ["合成數據"]
    assert first["match"] == "as written"
    assert first["start"] == 2.75
    assert first["link"] == "https://www.bilibili.com/video/BV1zE421N7UJ?p=8&t=2"
    assert first["path"] == str(talks / "a" / "words.json")
    (local,) = search(home, "就是推理")
    assert local["link"] == f"{talks / 'b' / 'talk.m4a'}#t=1"

    listed = read(subtools("index", "--list", "--json", env=home))
    assert [talk["title"] for talk in listed] == ["talk", "大会 · 圆桌"]
    assert listed[1]["speakers"] == ["宋老師", "趙老師"]
    assert read(subtools("index", "--remove", "圆桌", "--json", env=home)) == {
        "removed": ["BV1zE421N7UJ_p8"]
    }
    assert search(home, "合成数据") == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "talks"]
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["library.sqlite"]


def test_a_person_sees_title_time_speaker_words_and_link(indexed: dict[str, str]) -> None:
    shown = subtools("search", "scaling law", env=indexed)
    assert shown.stdout.splitlines() == [
        "大会 · 圆桌  0:04  宋老師  (the same sounds)",
        "  推理的成本很高。合成數據有用，[Scanning Law]也有用。畢業模型很多。",
        "  https://www.bilibili.com/video/BV1zE421N7UJ?p=8&t=4",
    ]
    nothing = subtools("search", "不存在的話", env=indexed)
    assert (nothing.status, nothing.stdout) == (0, "")
    assert "nothing was found" in nothing.stderr


def test_a_search_can_be_limited(indexed: dict[str, str]) -> None:
    assert len(search(indexed, "推理")) == 2
    assert [m["speaker"] for m in search(indexed, "推理", "--speaker", "宋老师")] == ["宋老師"]
    assert [m["title"] for m in search(indexed, "推理", "--video", "b/words.json")] == ["talk"]
    assert search(indexed, "推理", "--until", "2020-01-01") == []
    assert len(search(indexed, "推理", "--since", "2020-01-01")) == 2
    assert len(search(indexed, "推理", "--limit", "1")) == 1
    assert search(indexed, "閉源模型", "--exact") == []
    assert [m["matched"] for m in search(indexed, "閉源模型")] == [["畢業模型"]]
    assert [m["speaker"] for m in search(indexed, "推理", "-成本")] == ["Ann"]
    assert [m["speaker"] for m in search(indexed, "hecheng", "shuju")] == ["宋老師"]
    assert_one_line_error(
        subtools("search", "推理", "--speaker", "誰", env=indexed), "nobody", "宋老師"
    )
    assert subtools("search", "推理", "--since", "yesterday", env=indexed).status == 2


def test_a_glossary_adds_names(indexed: dict[str, str], tmp_path: Path) -> None:
    glossary = tmp_path / "terms.yaml"
    glossary.write_text("推断: [推理]\n", encoding="utf-8")
    assert len(search(indexed, "推断", "--glossary", str(glossary))) == 2
    plain = tmp_path / "terms.txt"
    plain.write_text("推断 = 推理\n", encoding="utf-8")
    assert len(search(indexed, "推断", "--glossary", str(plain))) == 2
    glossary.write_text("推断: [[推理]]\n", encoding="utf-8")
    outcome = subtools("search", "推断", "--glossary", glossary, env=indexed)
    assert_one_line_error(outcome, "terms.yaml:1", "a name must be text")


@pytest.mark.parametrize("asked", ["'; DROP TABLE talks -- NEAR(推理 \"", "", "推" * 9999])
def test_any_question_is_answered(indexed: dict[str, str], asked: str) -> None:
    outcome = subtools("search", "--json", "--", asked, env=indexed)
    assert outcome.status == 0, outcome
    assert json.loads(outcome.stdout)["query"] == asked


def test_the_first_moment_is_opened_in_the_page_beside_it_or_at_its_link(
    talks: Path, home: dict[str, str], tmp_path: Path
) -> None:
    subtools("index", talks, env=home)
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {opened}\n')
    browser.chmod(0o755)
    env = {**home, "BROWSER": f"{browser} %s"}
    subtools("search", "合成數據", "--open", env=env)
    subtools("search", "就是推理", "--open", env=env)
    (talks / "b" / "talk.html").write_text("<html></html>")
    subtools("search", "就是推理", "--open", env=env)
    assert opened.read_text().splitlines() == [
        "https://www.bilibili.com/video/BV1zE421N7UJ?p=8&t=2",
        (talks / "b" / "talk.m4a").as_uri() + "#t=1",
        (talks / "b" / "talk.html").as_uri() + "#t=1",
    ]


def test_what_is_gone_is_pruned_only_if_asked_and_only_there(
    talks: Path, home: dict[str, str], tmp_path: Path
) -> None:
    elsewhere = write_words(tmp_path / "else" / "words.json", ("Bo", "推理在別處"))
    subtools("index", talks, elsewhere, env=home)
    (talks / "b" / "words.json").unlink()
    elsewhere.unlink()
    subtools("index", talks, env=home)
    assert len(search(home, "推理")) == 3
    report = read(subtools("index", talks, "--prune", "--json", env=home))
    assert [key[:7] for key in report["removed"]] == ["sha256:"]
    assert {m["speaker"] for m in search(home, "推理")} == {"宋老師", "Bo"}


def test_a_changed_file_is_indexed_anew(talks: Path, home: dict[str, str]) -> None:
    subtools("index", talks, env=home)
    write_words(talks / "a" / "words.json", ("宋老師", "換了內容。"), source=PANEL)
    report = read(subtools("index", talks, "--json", env=home))
    assert (len(report["replaced"]), report["unchanged"]) == (1, 1)
    assert [m["speaker"] for m in search(home, "推理")] == ["Ann"]


def test_a_damaged_file_is_told_of_and_the_others_are_indexed(
    talks: Path, home: dict[str, str]
) -> None:
    (talks / "a" / "broken").mkdir()
    (talks / "a" / "broken" / "words.json").write_text('{"format": "subtools-words", "version": 1')
    (talks / "z").mkdir()
    (talks / "z" / "words.json").write_bytes(b"\xff\x00" * 50)
    outcome = subtools("index", talks, talks / "missing.json", "--json", env=home)
    assert outcome.status == 1
    report = json.loads(outcome.stdout)
    assert len(report["added"]) == 2
    failed = {Path(f["path"]).relative_to(talks).as_posix(): f["error"] for f in report["failures"]}
    assert set(failed) == {"a/broken/words.json", "z/words.json", "missing.json"}
    assert all("words.json" in error or "missing" in error for error in failed.values())
    shown = subtools("index", talks, env=home)
    assert shown.status == 1
    assert sum(line.startswith("error: ") for line in shown.stderr.splitlines()) == 2


def test_another_library_is_used_if_one_is_named(
    talks: Path, home: dict[str, str], tmp_path: Path
) -> None:
    library = tmp_path / "mine.sqlite"
    subtools("index", talks, "--library", library, env=home)
    assert not (tmp_path / "data").exists()
    assert len(search(home, "推理", "--library", str(library))) == 2
    assert_one_line_error(subtools("search", "推理", env=home), "no library yet", "subtools index")


def test_wrong_arguments_are_told(talks: Path, home: dict[str, str]) -> None:
    assert subtools("index", env=home).status == 2
    assert subtools("index", talks, "--list", env=home).status == 2
    assert subtools("search", env=home).status == 2
    subtools("index", talks, env=home)
    assert_one_line_error(subtools("index", "--remove", "nobody", env=home), "no talk", "nobody")
    assert_one_line_error(subtools("index", "--remove", "words", env=home), "several talks")


def test_a_run_that_is_killed_loses_nothing_and_the_next_one_goes_on(
    tmp_path: Path, home: dict[str, str]
) -> None:
    folder, library = tmp_path / "talks", tmp_path / "data" / "library.sqlite"
    for number in range(12):
        text = "，".join(f"第{number}講的第{k}句說推理" for k in range(300))
        write_words(folder / f"{number:02}" / "words.json", ("甲", text), audio=f"{number}.m4a")
    command = [sys.executable, "-m", "subtools", "index", str(folder), "--quiet"]
    for least in (1, 4):
        with subprocess.Popen(command, env=environment(home), stderr=subprocess.PIPE) as running:
            wait_for(lambda: count_talks(library) >= least)  # noqa: B023 - used at once
            os.kill(running.pid, signal.SIGKILL)
            running.wait(timeout=60)
        done = count_talks(library)
        assert done >= least
        with sqlite3.connect(library) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            connection.execute("INSERT INTO tokens (tokens) VALUES ('integrity-check')")
            orphans = "SELECT count(*) FROM passages WHERE talk NOT IN (SELECT id FROM talks)"
            assert connection.execute(orphans).fetchone() == (0,)
    report = read(subtools("index", folder, "--json", env=home))
    assert len(report["added"]) + report["unchanged"] == 12
    assert report["unchanged"] >= 4
    assert len({m["video"] for m in search(home, "推理", "--limit", "1000")}) == 12
    assert read(subtools("index", folder, "--json", env=home))["unchanged"] == 12


def test_two_runs_at_once_do_the_work_once(tmp_path: Path, home: dict[str, str]) -> None:
    folder = tmp_path / "talks"
    for number in range(8):
        text = "，".join(f"第{number}講的第{k}句說推理" for k in range(60))
        write_words(folder / f"{number}" / "words.json", ("甲", text), audio=f"{number}.m4a")
    command = [sys.executable, "-m", "subtools", "index", str(folder), "--json"]
    runs = [
        subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE) for _ in range(2)
    ]
    outputs = [run.communicate(timeout=300)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    reports = [json.loads(output) for output in outputs]
    assert sum(len(report["added"]) for report in reports) == 8
    assert all(not report["replaced"] and not report["failures"] for report in reports)
    assert len(read(subtools("index", "--list", "--json", env=home))) == 8


def test_the_day_of_publication_is_taken_from_what_was_fetched(
    talks: Path, home: dict[str, str]
) -> None:
    sound = {"name": "a.m4a", "size": 1, "sha256": "0" * 64}
    metadata = {
        "format": "subtools fetch", "version": 1, "key": "BV1zE421N7UJ_p8", "url": "u",
        "site": "BiliBili", "id": "BV1zE421N7UJ", "title": "t", "part": 8, "sound": sound,
        "upload_date": "2024-06-20", "tags": [], "chapters": [], "video": None,
        "subtitles": [], "danmaku": None, "notes": [],
    }  # fmt: skip
    (talks / "a" / "BV1zE421N7UJ_p8.json").write_text(json.dumps(metadata))
    subtools("index", talks, env=home)
    listed = read(subtools("index", "--list", "--json", env=home))
    assert {talk["title"]: talk["published"] for talk in listed} == {
        "talk": None,
        "大会 · 圆桌": "2024-06-20",
    }


def test_a_talk_is_known_by_its_video_then_its_sound_then_its_file() -> None:
    path = Path("/d/words.json")
    provenance = Provenance({"audio": Input("a.m4a", "12ab")})
    assert talk_key(PANEL, provenance, path) == "BV1zE421N7UJ_p8"
    assert talk_key(Source(bvid="BV1"), provenance, path) == "BV1"
    assert talk_key(Source(url="https://x/v"), provenance, path) == "https://x/v"
    assert talk_key(Source(), provenance, path) == "sha256:12ab"
    assert talk_key(Source(), Provenance(), path) == str(path)


def count_talks(library: Path) -> int:
    """Return how many talks are in the library, as another process sees it."""
    try:
        with sqlite3.connect(f"{library.as_uri()}?mode=ro", uri=True, timeout=60) as connection:
            (count,) = connection.execute("SELECT count(*) FROM talks").fetchone()
            return int(count)
    except sqlite3.OperationalError:
        return 0


def wait_for(condition: Any) -> None:
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it never happened")
