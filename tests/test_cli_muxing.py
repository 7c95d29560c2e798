"""`subtools mux` and `subtools burn`, run as a user runs them."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from subtools.core import Cue
from tests.commands import assert_one_line_error, environment, subtools
from tests.subtitling import ass, srt, vtt
from tests.videos import (
    changed,
    make_video,
    picture_at,
    run_ffmpeg,
    shown_cues,
    subtitle_text,
    subtitle_tracks,
)

TALK = (
    Cue(0.5, 1.5, ("大家好，歡迎各位。", "「大模型」 & AI"), "王老師"),
    Cue(1.5, 2.0, ("Hello!",), "Ann"),
    Cue(2.5, 3.5, ("請嘉賓先說",), "Ann"),
)
LABELLED = [
    (0.5, 1.5, "王老師：大家好，歡迎各位。\n「大模型」 & AI"),
    (1.5, 2.0, "Ann: Hello!"),
    (2.5, 3.5, "請嘉賓先說"),
]
FAST = ("--preset", "ultrafast")
HOSTILE = (
    "it's: [a], b;c=d",
    "100%d %s \\N 'x'",
    "-i",
    "--force",
    '"quoted" {brace} $HOME `x`',
    "line\nbreak",
    "讲座 🎬",
    "a\\:b\\'c",
    "http:__x|y",
)


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("video") / "talk.mp4")


@pytest.fixture
def subtitles(tmp_path: Path) -> Path:
    path = tmp_path / "talk.zh-Hant.srt"
    path.write_text(srt.compose(TALK), encoding="utf-8")
    return path


def only(folder: Path, *names: str) -> bool:
    """Tell whether nothing but ``names`` lies in ``folder``."""
    return {path.name for path in folder.iterdir()} == set(names)


# --- mux


def test_language_and_title_are_those_of_the_file_name(
    video: Path, subtitles: Path, tmp_path: Path
) -> None:
    english = tmp_path / "talk.en.vtt"
    english.write_text(vtt.compose(TALK), encoding="utf-8")
    done = subtools("mux", video, subtitles, english, "-o", tmp_path / "out.mkv", "--json")
    assert done.status == 0, done
    assert json.loads(done.stdout) == {
        "output": str(tmp_path / "out.mkv"),
        "subtitles": [
            {"file": str(subtitles), "language": "zho", "title": "繁體中文"},
            {"file": str(english), "language": "eng", "title": "English"},
        ],
    }
    found = subtitle_tracks(tmp_path / "out.mkv")
    assert [(t.codec, t.language, t.title, t.is_default) for t in found] == [
        ("subrip", "zho", "繁體中文", True),
        ("webvtt", "eng", "English", False),
    ]


def test_languages_and_titles_can_be_given(video: Path, subtitles: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    done = subtools(
        *("mux", video, subtitles, subtitles, "-o", target, "--no-default", "--language", "ja"),
        *("--language", "zh-Hans", "--title", "It's: [one], 100%"),
    )
    assert (done.status, done.stdout) == (0, f"{target}\n"), done
    found = subtitle_tracks(target)
    assert [(t.language, t.title) for t in found] == [
        ("jpn", "It's: [one], 100%"),
        ("zho", "简体中文"),
    ]
    assert not any(t.is_default for t in found)


@pytest.mark.parametrize(  # ASS in Matroska stays as it is: its speakers have colours
    ("kind", "suffix"),
    [("srt", ".mp4"), ("vtt", ".mp4"), ("ass", ".mp4"), ("srt", ".mkv"), ("vtt", ".mkv")],
)
def test_who_speaks_can_be_read(video: Path, kind: str, suffix: str, tmp_path: Path) -> None:
    compose = {"srt": srt.compose, "vtt": vtt.compose, "ass": ass.compose}[kind]
    source, target = tmp_path / f"talk.{kind}", tmp_path / f"out{suffix}"
    source.write_text(compose(TALK), encoding="utf-8")
    assert subtools("mux", video, source, "-o", target).status == 0
    assert shown_cues(target) == LABELLED


def test_speakers_can_be_left_out(video: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "talk.vtt", tmp_path / "out.mkv"
    source.write_text(vtt.compose(TALK), encoding="utf-8")
    assert subtools("mux", video, source, "-o", target, "--speaker-style", "none").status == 0
    assert [text for *_, text in shown_cues(target)] == [cue.text for cue in TALK]


def test_tags_of_subrip_stay_tags_in_webm(tmp_path: Path) -> None:
    codecs = ("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus")
    video = make_video(tmp_path / "v.webm", codecs=codecs)
    source, target = tmp_path / "talk.srt", tmp_path / "out.webm"
    text = r'{\an8}<i>好</i> <font color="red">a & b</font> < c'
    source.write_text(f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n", encoding="utf-8")
    assert subtools("mux", video, source, "-o", target).status == 0
    written = subtitle_text(target, kind="webvtt", copy=True)
    assert "line:0\n<i>好</i> <c.red>a &amp; b</c> &lt; c" in written


def test_cues_that_overlap_are_both_seen_in_mp4(video: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "talk.srt", tmp_path / "out.mp4"
    cues = (Cue(0.5, 2.5, ("一",)), Cue(1, 2, ("二",)), Cue(1.5, 3, ("三",)))
    source.write_text(srt.compose(cues), encoding="utf-8")
    assert subtools("mux", video, source, "-o", target).status == 0
    assert shown_cues(target) == [
        (0.5, 1.0, "一"),
        (1.0, 1.5, "一\n二"),
        (1.5, 2.0, "一\n二\n三"),
        (2.0, 2.5, "一\n三"),
        (2.5, 3.0, "三"),
    ]


def test_subtitles_in_an_old_encoding_are_read(video: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "talk.srt", tmp_path / "out.mkv"
    source.write_bytes(srt.compose(TALK).replace("\n", "\r\n").encode("big5"))
    assert subtools("mux", video, source, "-o", target).status == 0
    assert shown_cues(target) == LABELLED


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_taken_for_anything_else(
    video: Path, subtitles: Path, name: str, tmp_path: Path
) -> None:
    folder = tmp_path / f"folder {name}"
    folder.mkdir()
    picture, words = folder / f"{name}.mp4", folder / f"{name}.srt"
    picture.write_bytes(video.read_bytes())
    words.write_bytes(subtitles.read_bytes())
    muxed, burned = folder / f"{name} muxed.mp4", folder / f"{name} burned.mp4"
    assert subtools("mux", "-o", muxed, "--", picture, words).status == 0
    assert shown_cues(muxed) == LABELLED
    assert subtools("burn", *FAST, "-o", burned, "--", picture, words).status == 0
    assert changed(picture_at(burned, 1), picture_at(video, 1))[120:].any()
    assert only(folder, picture.name, words.name, muxed.name, burned.name)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_names_that_are_no_text_are_taken_as_they_are(video: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "b\udcff.mp4", tmp_path / "c\udcfe.mp4"
    source.write_bytes(video.read_bytes())
    (tmp_path / "d\udcff.srt").write_text(srt.compose(TALK), encoding="utf-8")
    assert subtools("mux", source, tmp_path / "d\udcff.srt", "-o", target).status == 0
    assert shown_cues(target.rename(tmp_path / "plain.mp4")) == LABELLED


def test_wrong_arguments_are_told(video: Path, subtitles: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.mkv"
    for options in (("-l", "zh", "-l", "en"), ("-l", "zzzz"), ("--title", "a", "--title", "b")):
        assert subtools("mux", video, subtitles, "-o", target, *options).status == 2
    assert subtools("burn", video, subtitles, "-o", target, "--preset", "quick").status == 2
    assert subtools("burn", video, subtitles, "-o", target, "--crf", "60").status == 2
    assert not target.exists()


@pytest.mark.parametrize("command", ["mux", "burn"])
def test_nothing_is_written_over(
    command: str, video: Path, subtitles: Path, tmp_path: Path
) -> None:
    target, copy = tmp_path / "out.mp4", tmp_path / "copy.mp4"
    target.write_bytes(b"mine")
    copy.write_bytes(video.read_bytes())
    done = subtools(command, video, subtitles, "-o", target)
    assert_one_line_error(done, "out.mp4: the file exists already", "--force")
    done = subtools(command, copy, subtitles, "-o", copy, "--force")
    assert_one_line_error(done, "copy.mp4: this file is read")
    done = subtools(command, video, subtitles, "--audio", copy, "-o", copy, "--force")
    assert_one_line_error(done, "copy.mp4: this file is read")
    assert target.read_bytes() == b"mine"
    assert copy.read_bytes() == video.read_bytes()
    assert subtools(command, video, subtitles, "-o", target, "--force", *("--quiet",)).status == 0


def test_what_was_mended_is_said_and_what_is_put_in_is_mended(video: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "talk.srt", tmp_path / "out.mkv"
    source.write_text("00:00:01.5 -> 00:00:02\n好\0\n", encoding="utf-8")
    done = subtools("mux", video, source, "-o", target)
    assert done.status == 0
    assert "talk.srt: line 1: a cue without a number" in done.stderr
    assert "talk.srt: line 2: NUL characters left out (1)" in done.stderr
    assert "00:00:01,500 --> 00:00:02,000\n好\n" in subtitle_text(target, kind="srt", copy=True)


@pytest.mark.parametrize("command", ["mux", "burn"])
def test_subtitles_that_cannot_be_read_are_an_error(
    command: str, video: Path, tmp_path: Path
) -> None:
    target, words = tmp_path / "out.mp4", tmp_path / "bad.srt"
    words.write_text("1\n00:xx:01 --> 00:00:xx,000\nhi\n", encoding="utf-8")
    assert_one_line_error(subtools(command, video, words, "-o", target), "bad.srt:2: ")
    words.write_text("1\n00:00:01,000 --> 00:00:02,000\n\n", encoding="utf-8")
    assert_one_line_error(subtools(command, video, words, "-o", target), "no subtitles in it")
    assert_one_line_error(subtools(command, video, tmp_path / "no.srt", "-o", target), "no such")
    assert_one_line_error(subtools(command, words, words, "-o", target), "there are no subtitles")
    assert not target.exists()


# --- burn


def test_words_of_speakers_are_burned_in(video: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "talk.vtt", tmp_path / "out.mp4"
    source.write_text(vtt.compose(TALK), encoding="utf-8")
    done = subtools("burn", video, source, "-o", target, *FAST, "--json")
    assert done.status == 0, done
    assert json.loads(done.stdout)["output"] == str(target)
    assert json.loads(done.stdout)["font"]
    named = columns_drawn(target, video, 1)
    assert (
        subtools("burn", video, source, "-fo", target, *FAST, "--speaker-style", "none").status == 0
    )
    assert len(columns_drawn(target, video, 1)) < 0.9 * len(named)
    assert not changed(picture_at(target, 2.2), picture_at(video, 2.2))[120:].any()


def columns_drawn(path: Path, video: Path, seconds: float) -> list[int]:
    found = changed(picture_at(path, seconds), picture_at(video, seconds))[120:]
    return [int(column) for column in np.flatnonzero(found.any(axis=0))]


def test_shapes_and_places_of_subrip_are_kept(video: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "talk.srt", tmp_path / "out.mp4"
    text = "{\\an8}<b>大家</b><font color=red>好</font>"
    source.write_text(f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n", encoding="utf-8")
    assert subtools("burn", video, source, "-o", target, *FAST).status == 0
    drawn = changed(picture_at(target, 1.5), picture_at(video, 1.5))
    assert drawn[:40].any()
    assert not drawn[120:].any()


def test_a_character_that_no_font_has_is_an_error(video: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "talk.srt", tmp_path / "out.mp4"
    source.write_text("1\n00:00:01,000 --> 00:00:02,000\n大\U0010fffd\n", encoding="utf-8")
    assert_one_line_error(subtools("burn", video, source, "-o", target), "U+10FFFD")
    assert only(tmp_path, source.name)
    assert subtools("burn", video, source, "-o", target, *FAST, "--allow-missing").status == 0


# --- whole or not at all


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_is_interrupted_leaves_nothing(
    number: int, status: int, subtitles: Path, tmp_path: Path
) -> None:
    video = make_video(tmp_path / "long.mp4", seconds=120, size="1280x720")
    work, out = tmp_path / "work", tmp_path / "out"
    work.mkdir()
    command = [sys.executable, "-m", "subtools", "burn", video, subtitles, "-o", out / "o.mp4"]
    process = subprocess.Popen(
        [*map(str, command), "--preset", "veryslow", "--quiet"],
        env=environment({"TMPDIR": str(work)}),
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not (out.exists() and any(path.stat().st_size for path in out.iterdir())):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == status
    assert only(out)
    assert only(work)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits there")
@pytest.mark.parametrize("command", ["mux", "burn"])
def test_a_file_that_grows_too_large_is_an_error_and_vanishes(
    command: str, subtitles: Path, tmp_path: Path
) -> None:
    video, out = make_video(tmp_path / "v.mkv", seconds=20), tmp_path / "out"
    limited = "import resource, runpy, sys; sys.argv = ['subtools', *sys.argv[1:]]; "
    limited += "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)); "
    limited += "runpy.run_module('subtools', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", limited, command, video, subtitles, "-o", out / "o.mkv"],
        env=environment({}),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1, done
    assert "cannot be written: file too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert only(out)


def test_a_video_that_was_cut_off_is_an_error(video: Path, subtitles: Path, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.mp4", tmp_path / "cut.mp4"
    run_ffmpeg("-i", video, "-c", "copy", "-movflags", "+faststart", whole)
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 5])
    for command in ("mux", "burn"):
        done = subtools(command, cut, subtitles, "-o", tmp_path / "out.mp4")
        assert_one_line_error(done, "cut.mp4: its video ends after", "download or copy it again")
    assert only(tmp_path, whole.name, cut.name, subtitles.name)
