"""The everyday tools as people use them: processes, files, pipes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from subtools.cli import load_commands
from tests.commands import Outcome, assert_one_line_error, environment, subtools, write_wav

APP = load_commands(["scale", "shift", "trim"])
SRT = (
    "1\n00:00:01,000 --> 00:00:02,000\n<i>Hello</i> there\n\n"
    "2\n00:00:03,000 --> 00:00:05,500\n鼠标里面的软件\n第二行\n"
)
TIMES = "00:00:01,000 --> 00:00:02,000", "00:00:03,000 --> 00:00:05,500"


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.srt"
    path.write_text(SRT, encoding="utf-8")
    return path


def pipe(data: str | bytes, *commands: list[str | Path]) -> Outcome:
    """Run ``commands`` as one pipe and return its end: the last one's status, all of stderr."""
    running: list[subprocess.Popen[bytes]] = []
    for command in commands:
        process = subprocess.Popen(
            [sys.executable, "-m", "subtools", *map(str, command)],
            stdin=running[-1].stdout if running else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment({}),
        )
        if running and running[-1].stdout:
            running[-1].stdout.close()
        running.append(process)
    first = running[0].stdin
    assert first is not None
    first.write(data.encode() if isinstance(data, str) else data)
    first.close()
    running[0].stdin = None
    out, err = running[-1].communicate(timeout=120)
    errors = [process.stderr.read() for process in running[:-1] if process.stderr]
    for process in running:
        process.wait(timeout=60)
        if process.stderr:
            process.stderr.close()
    return Outcome(running[-1].returncode, out.decode(), b"".join([*errors, err]).decode())


def timings(text: str) -> list[str]:
    return [line for line in text.splitlines() if "-->" in line]


# --- pipes


def test_a_shift_and_a_conversion_are_one_pipe(talk: Path, tmp_path: Path) -> None:
    target = tmp_path / "talk.vtt"
    done = pipe("", ["shift", talk, "2.5", "-o", "-"], ["convert", "-", target])
    assert done.status == 0, done.stderr
    assert target.read_text("utf-8").splitlines()[:4] == [
        "WEBVTT",
        "",
        "00:00:03.500 --> 00:00:04.500",
        "<i>Hello</i> there",
    ]


def test_three_tools_in_a_pipe_from_stdin_to_stdout() -> None:
    done = pipe(
        SRT,
        ["shift", "-", "10"],
        ["scale", "-", "--factor", "2"],
        ["trim", "-", "--span", "20-"],
    )
    assert done.status == 0, done.stderr
    assert timings(done.stdout) == [
        "00:00:02,000 --> 00:00:04,000",
        "00:00:06,000 --> 00:00:11,000",
    ]


def test_the_format_of_stdin_is_found_and_kept() -> None:
    vtt = "WEBVTT\n\nintro\n00:01.000 --> 00:02.000 line:0\n<v Ann>Hi\n"
    done = pipe(vtt, ["shift", "-", "-0:00.5"])
    assert done.status == 0, done.stderr
    assert done.stdout.startswith("WEBVTT")
    assert "intro\n00:00:00.500 --> 00:00:01.500 line:0\n<v Ann>Hi" in done.stdout


def test_stdin_in_another_encoding_is_read() -> None:
    done = pipe(("\r\n".join(SRT.splitlines())).encode("gb18030"), ["convert", "-", "--to", "vtt"])
    assert done.status == 0, done.stderr
    assert "鼠标里面的软件" in done.stdout


def test_a_reader_that_goes_away_gets_no_traceback(talk: Path) -> None:
    many = "\n\n".join(f"{n}\n{TIMES[0]}\nline {n}" for n in range(5_000))
    talk.write_text(many, encoding="utf-8")
    # Unbuffered, Python takes what a pipe took of a text for all of it.
    buffered = {k: v for k, v in environment({}).items() if k != "PYTHONUNBUFFERED"}
    process = subprocess.Popen(
        [sys.executable, "-m", "subtools", "shift", str(talk), "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=buffered,
    )
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(timeout=120) == 1
    assert "Traceback" not in errors
    assert "Exception" not in errors


def test_what_is_no_subtitle_is_an_error_that_names_stdin() -> None:
    assert_one_line_error(pipe("hi\n", ["shift", "-", "1"]), "standard input", "format")
    assert_one_line_error(pipe("", ["shift", "-", "1"]), "standard input")


# --- arguments


@pytest.mark.parametrize(
    "arguments", [["-1.5"], ["--", "-1.5"], ["-0:01.5"], ["-0:00:01,5"], ["-1.5", "-o", "-"]]
)
def test_a_negative_offset_is_an_offset(talk: Path, arguments: list[str]) -> None:
    done = CliRunner().invoke(APP, ["shift", str(talk), *arguments])
    assert done.exit_code == 0, done.output
    assert timings(done.stdout) == [
        "00:00:00,000 --> 00:00:00,500",
        "00:00:01,500 --> 00:00:04,000",
    ]
    assert "1 cue cut off at 0" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["shift", "1:99"], "not a time"),
        (["shift", "--spam"], "not a time"),
        (["shift", "nan"], "not a time"),
        (["shift", "1", "--span", "5-3"], "the end is not after the start"),
        (["shift", "1", "--json"], "say where the subtitles go"),
        (["trim"], "--span"),
        (["trim", "--span", "x"], "not a stretch of time"),
        (["scale"], "both frame rates"),
        (["scale", "--from-fps", "25"], "two frame rates"),
        (["scale", "--from-fps", "0", "--to-fps", "25"], "not a frame rate"),
        (["scale", "--factor", "-2"], "cannot be multiplied"),
        (["scale", "--at", "1=2"], "two points"),
        (["scale", "--at", "1"], "two times"),
        (["scale", "--at", "1=2", "--at", "2=1"], "later"),
        (["split"], "--every"),
        (["split", "--at", "2", "--at", "1"], "in order"),
        (["split", "--every", "0"], "longer than no time"),
        (["concat"], "how long the parts are"),
        (["concat", "--lengths", "1 2 3"], "1 parts need"),
        (["bilingual"], "SECOND"),
        (["resync"], "--audio"),
        (["convert", "--script", "xx"], "--script"),
    ],
)
def test_wrong_arguments_say_what_is_wrong(
    talk: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    command, *rest = arguments
    done = CliRunner().invoke(APP, [command, str(talk), *rest], env={"COLUMNS": "200"})
    assert done.exit_code == 2, done.output
    assert message in " ".join(done.output.replace("│", " ").split())
    assert [path.name for path in tmp_path.iterdir()] == ["talk.srt"]


def test_stdin_cannot_be_two_files() -> None:
    done = subtools("bilingual", "-", "-")
    assert done.status == 2
    assert "once only" in done.stderr


def test_help_of_every_tool_shows_an_example() -> None:
    for command in ("shift", "scale", "trim", "split", "concat", "bilingual", "resync"):
        shown = CliRunner().invoke(APP, [command, "--help"])
        assert shown.exit_code == 0
        assert f"subtools {command}" in shown.output
        assert "Examples" in shown.output


# --- files


def test_nothing_is_written_over_without_being_asked(talk: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.srt"
    target.write_text("mine", "utf-8")
    assert_one_line_error(subtools("shift", talk, "1", "-o", target), "exists already")
    assert target.read_text("utf-8") == "mine"
    assert_one_line_error(subtools("shift", talk, "1", "-o", talk, "--force"), "written over")
    done = subtools("shift", talk, "1", "-o", target, "--force", "--json")
    assert json.loads(done.stdout) == {
        "output": str(target),
        "format": "srt",
        "cues": 2,
        "remarks": [],
        "losses": [],
    }


def test_unknown_formats_and_missing_files_are_errors(talk: Path, tmp_path: Path) -> None:
    assert_one_line_error(subtools("shift", talk, "1", "--to", "xyz"), "suffix")
    assert_one_line_error(subtools("shift", talk, "1", "-o", tmp_path / "a.xyz"), "suffix")
    assert_one_line_error(subtools("shift", tmp_path / "no.srt", "1"), "no such file")


def test_a_shift_that_leaves_nothing_is_an_error(talk: Path) -> None:
    assert_one_line_error(subtools("shift", talk, "-1:00"), "none of the 2 cues is left")


def test_what_would_be_lost_is_said_or_with_strict_an_error(talk: Path, tmp_path: Path) -> None:
    done = subtools("shift", talk, "-2", "-o", tmp_path / "a.srt")
    assert done.status == 0
    assert 'left out, would end before 0: 00:00:01.000 "Hello there"' in done.stderr
    strict = subtools("shift", talk, "-2", "-o", tmp_path / "b.srt", "--strict")
    assert_one_line_error(strict, "left out", "--strict")
    assert not (tmp_path / "b.srt").exists()
    quiet = subtools("shift", talk, "-2", "--quiet")
    assert (quiet.status, quiet.stderr) == (0, "")


def test_a_conversion_says_what_the_format_has_no_place_for(talk: Path, tmp_path: Path) -> None:
    source = tmp_path / "a.vtt"
    source.write_text("WEBVTT\n\na\n00:01.000 --> 00:02.000 line:0\n<v Ann>Hi\n", "utf-8")
    done = subtools("convert", source, tmp_path / "a.srt")
    assert done.status == 0
    assert "lost in SubRip: speakers (1 cue)" in done.stderr
    assert "lost in SubRip: names of cues (1 cue)" in done.stderr
    strict = subtools("convert", source, tmp_path / "b.srt", "--strict")
    assert_one_line_error(strict, "speakers (1 cue)", "--strict")
    assert not (tmp_path / "b.srt").exists()
    assert subtools("convert", talk, tmp_path / "b.vtt", "--strict").status == 0


def test_what_was_mended_is_said(tmp_path: Path) -> None:
    source = tmp_path / "a.srt"
    source.write_text("1\n00:00:01.000 --> 00:00:02.0\nHi\n", "utf-8")
    done = subtools("convert", source, tmp_path / "a.vtt")
    assert done.status == 0, done.stderr
    assert "note: " in done.stderr
    assert "a.srt: line 2: " in done.stderr


def test_a_script_is_another_wording_too(talk: Path) -> None:
    done = subtools("convert", talk, "--script", "tw")
    assert done.status == 0, done.stderr
    assert "滑鼠裡面的軟體" in done.stdout
    assert timings(done.stdout) == [*TIMES]
    both = pipe(done.stdout, ["convert", "-", "--script", "cn"])
    assert "鼠标里面的软件" in both.stdout


def test_frame_rates_are_taken_for_what_they_mean(talk: Path) -> None:
    done = subtools("scale", talk, "--from-fps", "23.976", "--to-fps", "25")
    assert timings(done.stdout)[0] == "00:00:00,959 --> 00:00:01,918"
    again = pipe(done.stdout, ["scale", "-", "--from-fps", "25", "--to-fps", "23.976"])
    assert timings(again.stdout)[1] == TIMES[1]


def test_two_points_stretch_the_file(talk: Path) -> None:
    done = subtools("scale", talk, "--at", "0:01=0:02.5", "--at", "0:03=0:04.5")
    assert timings(done.stdout)[0] == "00:00:02,500 --> 00:00:03,500"


# --- parts


def test_parts_are_files_and_joined_they_are_the_whole(talk: Path, tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    done = subtools("split", talk, "--at", "1.5", "--at", "0:04", "-o", parts, "--json")
    assert done.status == 0, done.stderr
    listed = json.loads(done.stdout)["parts"]
    assert [(Path(p["file"]).name, p["start"], p["cues"]) for p in listed] == [
        ("talk.1.srt", 0.0, 1),
        ("talk.2.srt", 1.5, 2),
        ("talk.3.srt", 4.0, 1),
    ]
    assert_one_line_error(subtools("split", talk, "--at", "2", "-o", parts), "exists already")
    files = [part["file"] for part in listed]
    whole = subtools("concat", *files, "--lengths", "0:01.5 2.5")
    assert whole.stdout == talk.read_text("utf-8")


def test_parts_of_a_length_and_of_chapters(talk: Path, tmp_path: Path) -> None:
    every = subtools("split", talk, "--every", "2", "-o", tmp_path / "every")
    assert [Path(line).name for line in every.stdout.splitlines()] == [
        f"talk.{n}.srt" for n in (1, 2, 3)
    ]
    chapters = tmp_path / "chapters.txt"
    chapters.write_text("0:00 Intro\n0:02.5 Talk\n", "utf-8")
    by_chapter = subtools(
        "split", talk, "--chapters", chapters, "-o", tmp_path / "c", "--keep-times", "--to", "vtt"
    )
    assert by_chapter.status == 0, by_chapter.stderr
    second = (tmp_path / "c" / "talk.2.vtt").read_text("utf-8")
    assert timings(second) == ["00:00:03.000 --> 00:00:05.500"]


def test_lengths_come_from_the_parts_themselves(talk: Path, tmp_path: Path) -> None:
    import numpy as np

    sound = write_wav(tmp_path / "1.wav", np.zeros(16_000 * 8 + 4000))
    done = subtools("concat", talk, talk, "--media", sound)
    assert done.status == 0, done.stderr
    assert timings(done.stdout)[2] == "00:00:09,250 --> 00:00:10,250"
    assert_one_line_error(subtools("concat", talk, talk, "--media", talk), "talk.srt")


def test_a_gap_has_to_be_asked_for(talk: Path) -> None:
    done = subtools("concat", talk, talk, "--gap", "1")
    assert timings(done.stdout)[2] == "00:00:07,500 --> 00:00:08,500"


# --- languages


def test_two_languages_are_one_file(talk: Path, tmp_path: Path) -> None:
    other = tmp_path / "talk.en.vtt"
    other.write_text("WEBVTT\n\n00:03.000 --> 00:05.500\nSoftware\n", "utf-8")
    done = subtools("bilingual", talk, other)
    assert done.status == 0, done.stderr
    assert done.stdout.endswith("\n鼠标里面的软件\n第二行\nSoftware\n")
    above = subtools("bilingual", talk, other, "--order", "second", "--to", "vtt")
    assert above.stdout.endswith("\nSoftware\n鼠标里面的软件\n第二行\n") or (
        "Software\n鼠标里面的软件\n第二行" in above.stdout
    )


# --- resync


@pytest.mark.model
def test_old_subtitles_in_new_time_go_on_in_a_pipe(
    clip_audio: Path, clip_document: Path, tmp_path: Path
) -> None:
    lines = [p for p in clip_document.read_text("utf-8").splitlines()[1:] if p.strip()]
    clauses = [text for line in lines for text in line.replace("。", "，").split("，") if text]
    old = "\n\n".join(
        f"{n}\n00:{n:02d}:00,000 --> 00:{n:02d}:02,000\n{text}"
        for n, text in enumerate(clauses[:40], start=1)
    )
    done = pipe(
        old,
        ["resync", "-", "--audio", clip_audio, "--partial"],
        ["convert", "-", "--to", "vtt"],
    )
    assert done.status == 0, done.stderr
    found = timings(done.stdout)
    assert len(found) == 40
    assert found[0].startswith("00:00:12.")
    assert found == sorted(found)
    assert "40 of 40 cues heard" in done.stderr
    (tmp_path / "old.srt").write_text(old, "utf-8")
    refused = subtools("resync", tmp_path / "old.srt", "-a", clip_audio, "-o", tmp_path / "old.srt")
    assert_one_line_error(refused, "exists already")


def test_json_of_a_kind_stays_of_that_kind(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"body":[{"from":1,"to":2,"content":"x"}]}')
    moved = subtools("shift", tmp_path / "a.json", "1", "-o", tmp_path / "b.json")
    assert moved.status == 0
    assert '{"from":2.0,"to":3.0,"location":2,"content":"x"}' in (tmp_path / "b.json").read_text()
    (tmp_path / "a.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nx\n")
    unclear = subtools("convert", tmp_path / "a.srt", tmp_path / "c.json")
    assert_one_line_error(unclear, "several formats are JSON")
