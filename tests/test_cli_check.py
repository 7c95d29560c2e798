"""`subtools check`, run as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import assert_one_line_error, environment, subtools

BAD = """1
00:00:01,000 --> 00:00:03,500
大家好,歡迎來到今天的討論，我們談一談。

2
00:00:03,200 --> 00:00:05,200
好。
"""
GOOD = """1
00:00:01,000 --> 00:00:03,000
Hello.
"""


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.srt"
    path.write_text(BAD, encoding="utf-8")
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.srt"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_clean_file_is_said_to_be_so(good: Path) -> None:
    done = subtools("check", good)
    assert done.status == 0, done
    assert done.stdout == f"{good}: 1 cues, plain: nothing\n"


def test_violations_are_listed_with_cue_time_rule_and_text(bad: Path) -> None:
    done = subtools("check", bad, "--style", "netflix-zh-hant")
    assert done.status == 1, done
    lines = done.stdout.splitlines()
    what = "overlap: begins 0.300 s before another cue ends: 好。"
    assert f"{bad}: cue 2 at 00:00:03.200: {what}" in lines
    assert lines[-1].startswith(f"{bad}: 2 cues, netflix-zh-hant: ")
    assert bad.read_text(encoding="utf-8") == BAD


def test_json_holds_all_of_it(bad: Path) -> None:
    done = subtools("check", bad, "-s", "netflix-zh-hant", "--json")
    (file,) = json.loads(done.stdout)["files"]
    overlap = next(found for found in file["violations"] if found["rule"] == "overlap")
    assert overlap == {
        "cue": 2,
        "start": 3.2,
        "rule": "overlap",
        "measured": 0.3,
        "limit": 0,
        "unit": "s",
        "message": "begins 0.300 s before another cue ends",
        "text": "好。",
    }
    assert (file["file"], file["cues"], file["changes"], file["output"]) == (str(bad), 2, [], None)


def test_annotations_have_file_line_and_escapes(tmp_path: Path) -> None:
    path = tmp_path / "a,b.srt"
    path.write_text(GOOD + "\n2\n00:00:04,000 --> 00:00:04,100\n50% off\n", encoding="utf-8")
    done = subtools("check", path, "--github")
    escaped = str(path).replace(",", "%2C")
    assert done.stdout == (
        f"::error file={escaped},line=6,title=min-duration::cue 2 at 00:00:04.000: "
        "on for 0.100 s, less than 5/6 s: 50%25 off\n"
    )


def test_a_repair_goes_beside_the_file_and_says_what_it_did(bad: Path) -> None:
    done = subtools("check", bad, "-s", "netflix-zh-hant", "--fix")
    target = bad.with_name("bad.fixed.srt")
    assert done.status == 0, done
    assert bad.read_text(encoding="utf-8") == BAD
    assert target.read_text(encoding="utf-8") == (
        "1\n00:00:01,000 --> 00:00:03,125\n大家好，歡迎來到今天的討論\n我們談一談\n\n"
        "2\n00:00:03,208 --> 00:00:05,208\n好\n"
    )
    assert "→ 00:00:01.000" in done.stdout
    assert subtools("check", target, "-s", "netflix-zh-hant").status == 0
    again = subtools("check", bad, "-s", "netflix-zh-hant", "--fix")
    assert_one_line_error(again, "--force")  # nothing is overwritten unasked


def test_a_repair_in_place_writes_over_the_file(bad: Path) -> None:
    assert subtools("check", bad, "-s", "netflix-zh-hant", "--fix", "--in-place").status == 0
    text = bad.read_text(encoding="utf-8")
    assert text != BAD
    assert subtools("check", bad, "-s", "netflix-zh-hant", "--fix", "--in-place").status == 0
    assert bad.read_text(encoding="utf-8") == text


def test_a_repair_can_be_piped() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "subtools", "check", "-", "--fix", "--style", "bbc"],
        input=BAD.encode(),
        capture_output=True,
        timeout=300,
        env=environment({}),
    )
    assert done.stdout.decode().startswith("1\n00:00:01,000 --> 00:00:03,200\n")
    assert b"standard input: cue 1" in done.stderr


def test_what_is_left_has_its_own_status(tmp_path: Path) -> None:
    path = tmp_path / "fast.srt"
    path.write_text(BAD.replace("03,200", "01,200"), encoding="utf-8")
    assert subtools("check", path, "-s", "netflix-zh-hant", "--fix").status == 1


def test_a_style_from_a_file_and_another_frame_rate(good: Path, tmp_path: Path) -> None:
    style = tmp_path / "house.toml"
    style.write_text('extends = "netflix-en"\nmax_columns = 5', encoding="utf-8")
    done = subtools("check", good, "-s", style, "--frame-rate", "25", "--json")
    (file,) = json.loads(done.stdout)["files"]
    assert [found["rule"] for found in file["violations"]] == ["line-length"]


def test_styles_are_listed_with_their_sources() -> None:
    done = subtools("check", "--list-styles")
    assert done.status == 0
    assert "netflix-zh-hans\n  line: 32 columns (16 full-width characters), 2 lines" in done.stdout
    assert "bbc.co.uk" in done.stdout
    assert set(json.loads(subtools("check", "--list-styles", "--json").stdout)) >= {"bbc", "plain"}


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("x.srt", "-o", "y.srt"),
        ("x.srt", "--in-place"),
        ("x.srt", "y.srt", "--fix", "-o", "z.srt"),
        ("x.srt", "--fix", "--in-place", "-o", "z.srt"),
        ("x.srt", "--json", "--github"),
        ("x.srt", "--frame-rate", "0"),
        ("-", "--fix", "--json"),
    ],
)
def test_wrong_arguments_have_their_own_status(arguments: tuple[str, ...]) -> None:
    assert subtools("check", *arguments).status == 2


def test_what_cannot_be_read_is_an_error(tmp_path: Path, good: Path) -> None:
    assert_one_line_error(subtools("check", tmp_path / "none.srt"), "no such file")
    assert_one_line_error(subtools("check", good, "-s", "netflix"), "no style is called")
