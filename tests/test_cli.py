"""The command line as a user meets it: real processes, the real model, real files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from subtools.cli.summaries import summarise
from subtools.core import Alignment, Audio, Paragraph, Provenance, Span, Transcript, Word
from subtools.pipeline import Captions
from subtools.transcript import parse_document
from tests.commands import Outcome, assert_one_line_error, environment, subtools, write_wav
from tests.subtitling import srt, vtt


@pytest.fixture(scope="module")
def clip_out(
    clip_document: Path, clip_audio: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The results of `subtools caption` on the clip."""
    folder = tmp_path_factory.mktemp("captioned") / "out"
    done = subtools("caption", clip_document, "--audio", clip_audio, "--output-dir", folder)
    assert done.status == 0, done.stderr
    assert [Path(line).name for line in done.stdout.splitlines()] == [
        "clip.srt",
        "clip.vtt",
        "clip.chapters.vtt",
        "clip.html",
        "words.json",
    ]
    return folder


@pytest.mark.model
def test_chapters_and_a_page_lie_beside_the_subtitles(clip_out: Path, clip_audio: Path) -> None:
    data = json.loads((clip_out / "words.json").read_text(encoding="utf-8"))
    chapters = vtt.parse((clip_out / "clip.chapters.vtt").read_text(encoding="utf-8"))
    assert [cue.text for cue in chapters] == [topic["title"] for topic in data["topics"]]
    page = (clip_out / "clip.html").read_text(encoding="utf-8")
    assert clip_audio.name in page
    assert all(topic["title"] in page for topic in data["topics"])


@pytest.mark.model
def test_the_subtitles_are_the_document_character_for_character(
    clip_out: Path, clip_document: Path
) -> None:
    body = parse_document(clip_document.read_text(encoding="utf-8")).body
    findings = json.loads((clip_out / "words.json").read_text(encoding="utf-8"))["findings"]
    assert not [f for f in findings if f["kind"] == "not in the audio"]
    shown = vtt.parse((clip_out / "clip.vtt").read_text(encoding="utf-8"))
    assert "".join("".join(cue.text.split()) for cue in shown) == "".join(body.split())
    before = [None, *(cue.speaker for cue in shown)]
    named = [
        cue.text if cue.speaker == last else f"{cue.speaker}：{cue.text}"
        for last, cue in zip(before, shown, strict=False)
    ]
    cues = srt.parse((clip_out / "clip.srt").read_text(encoding="utf-8"))
    assert [cue.text for cue in cues] == named


@pytest.mark.model
def test_clauses_of_the_clip_are_timed_to_a_few_hundredths_of_a_second(
    clip_out: Path, clip_reference: Path
) -> None:
    clauses = score_clauses(clip_out / "words.json", clip_reference)
    assert clauses["missing"] == 0
    assert clauses["median"] <= 0.02
    assert clauses["within"]["0.1"] >= 0.95
    assert clauses["within"]["0.5"] == 1.0


def score_clauses(words: Path, reference: Path) -> dict[str, Any]:
    scored = subtools("score", words, reference, "--json")
    clauses: dict[str, Any] = json.loads(scored.stdout)["clause onsets"]
    return clauses


@pytest.mark.model
def test_chinese_is_aligned_by_its_sounds_and_says_so(clip_out: Path) -> None:
    result = json.loads((clip_out / "words.json").read_text("utf-8"))
    assert (result["aligner"], result["language"]) == ("phones", "zh")
    assert result["provenance"]["model"].startswith("base sha256:")


@pytest.mark.model
def test_only_what_the_transcript_got_wrong_is_found_wrong(clip_out: Path) -> None:
    result = json.loads((clip_out / "words.json").read_text("utf-8"))
    kinds = {finding["kind"] for finding in result["findings"]}
    assert kinds <= {"misheard?", "not in the text"}
    wrong = {finding["text"].strip() for finding in result["findings"] if finding["offsets"]}
    assert wrong <= {"Scanning"}  # they say "scaling law"
    rated = [word["confidence"] for word in result["words"] if word["confidence"] is not None]
    assert len(rated) >= 0.99 * len(result["words"])
    assert sum(rated) / len(rated) > 0.95


@pytest.mark.model
def test_by_recognition_every_clause_of_the_clip_is_timed_within_half_a_second(
    clip_document: Path, clip_audio: Path, clip_reference: Path, tmp_path: Path
) -> None:
    arguments: list[str | Path] = ["align", clip_document, "-a", clip_audio, "-o", tmp_path]
    done = subtools(*arguments, "--aligner", "recognition", "--json")
    summary = json.loads(done.stdout)
    assert (summary["aligner"], summary["untimed"]) == ("recognition", 0)
    clauses = score_clauses(tmp_path / "words.json", clip_reference)
    assert clauses["missing"] == 0
    assert clauses["median"] <= 0.20
    assert clauses["within"]["0.5"] >= 0.95


@pytest.mark.model
def test_cues_of_the_clip_last_long_enough_where_there_is_room(clip_out: Path) -> None:
    cues = srt.parse((clip_out / "clip.srt").read_text(encoding="utf-8"))
    for cue, following in pairwise(cues):
        assert cue.end <= following.start
        assert len(cue.lines) <= 2
        assert cue.end - cue.start >= 5 / 6 - 0.001 or following.start - cue.end < 0.002


@pytest.mark.model
def test_a_second_run_does_not_overwrite_and_force_does_the_same_again(
    clip_out: Path, clip_document: Path, clip_audio: Path
) -> None:
    arguments: list[str | Path] = [
        "caption",
        clip_document,
        "--audio",
        clip_audio,
        "--output-dir",
        clip_out,
    ]
    assert_one_line_error(subtools(*arguments), "exists", "--force")
    before = {path.name: path.read_bytes() for path in clip_out.iterdir()}
    done = subtools(*arguments, "--force", "--json")
    assert done.status == 0
    assert json.loads(done.stdout)["untimed"] == 0
    assert {path.name: path.read_bytes() for path in clip_out.iterdir()} == before


@pytest.mark.model
def test_results_convert_into_each_other(clip_out: Path, tmp_path: Path) -> None:
    assert subtools("convert", clip_out / "words.json", tmp_path / "a.srt").status == 0
    assert subtools("convert", tmp_path / "a.srt", tmp_path / "b.vtt").status == 0
    printed = subtools("convert", tmp_path / "b.vtt", "-", "--to", "srt")
    assert printed.stdout == (clip_out / "clip.srt").read_text(encoding="utf-8")


@pytest.mark.model
def test_sound_without_a_document_is_captioned_with_what_is_heard(
    clip_sound: Audio, tmp_path: Path
) -> None:
    samples = clip_sound.samples[12 * 16_000 : 36 * 16_000]
    talk = write_wav(tmp_path / "talk.wav", samples)
    done = subtools("caption", "--audio", talk, "-o", tmp_path, "--language", "zh", "--quiet")
    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    cues = srt.parse((tmp_path / "talk.srt").read_text(encoding="utf-8"))
    assert len(cues) >= 3
    assert "模型" in "".join(cue.text for cue in cues)
    text = subtools("transcribe", talk, "-o", tmp_path / "text", "--language", "zh")
    assert text.status == 0
    assert "模型" in (tmp_path / "text" / "talk.txt").read_text(encoding="utf-8")


@pytest.mark.model
def test_an_offset_moves_all_times_and_reports_what_falls_off(
    clip_sound: Audio, tmp_path: Path
) -> None:
    samples = clip_sound.samples[12 * 16_000 : 27 * 16_000]
    talk = write_wav(tmp_path / "talk.wav", samples)
    document = tmp_path / "talk.txt"
    document.write_text(
        "首先我想問各位嘉賓，因為各位都是做大模型的，那麼大模型的能力呢，我們也看到它", "utf-8"
    )
    arguments: list[str | Path] = ["align", document, "--audio", talk, "--json"]
    plain = subtools(*arguments, "-o", tmp_path / "plain")
    later = subtools(*arguments, "-o", tmp_path / "later", "--offset", "1.5")
    earlier = subtools(*arguments, "-o", tmp_path / "earlier", "--offset", "-5")
    assert [plain.status, later.status, earlier.status] == [0, 0, 0], earlier.stderr
    starts = [
        [
            word["start"]
            for word in json.loads((tmp_path / name / "words.json").read_text("utf-8"))["words"]
        ]
        for name in ("plain", "later", "earlier")
    ]
    assert [round(s + 1.5, 3) for s in starts[0]] == pytest.approx(starts[1], abs=0.0011)
    assert starts[2][0] is None
    assert starts[2][-1] == pytest.approx(starts[0][-1] - 5, abs=0.0011)
    kinds = [finding["kind"] for finding in json.loads(earlier.stdout)["findings"]]
    assert "outside the video" in kinds


@pytest.mark.model
@pytest.mark.parametrize(("aligner", "has_posteriors"), [("phones", True), ("recognition", False)])
def test_a_stretch_is_drawn_as_a_page_beside_the_words(
    aligner: str, has_posteriors: bool, clip_sound: Audio, tmp_path: Path
) -> None:
    talk = write_wav(tmp_path / "talk.wav", clip_sound.samples[12 * 16_000 : 27 * 16_000])
    document = tmp_path / "talk.txt"
    document.write_text(
        "首先我想問各位嘉賓，因為各位都是做大模型的，那麼大模型的能力呢，我們也看到它", "utf-8"
    )
    picture = tmp_path / "why.html"
    arguments: list[str | Path] = ["align", document, "-a", talk, "-o", tmp_path / "out"]
    arguments += ["--aligner", aligner, "--json"]
    done = subtools(*arguments, "--plot", picture, "--plot-span", "0:01-0:04.5")
    assert done.status == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["aligner"] == aligner
    assert [Path(name).name for name in summary["files"]] == ["words.json", "why.html"]
    assert "00:00:01.000 – 00:00:04.500" in picture.read_text("utf-8")
    assert f"aligned by {aligner}, language zh" in picture.read_text("utf-8")
    assert ('class="phone"' in picture.read_text("utf-8")) == has_posteriors
    provenance = json.loads((tmp_path / "out" / "words.json").read_text("utf-8"))["provenance"]
    assert provenance["settings"]["aligner"] == aligner


@pytest.mark.model
@pytest.mark.parametrize("aligner", ["phones", "recognition"])
def test_clauses_nobody_spoke_are_left_out_or_kept_on_demand(
    aligner: str, clip_sound: Audio, tmp_path: Path
) -> None:
    talk = write_wav(tmp_path / "talk.wav", clip_sound.samples[12 * 16_000 : 27 * 16_000])
    text = "首先我想問各位嘉賓，昨天晚上我們一家人去河邊散步，"
    text += "因為各位都是做大模型的，那麼大模型的能力呢，"
    document = tmp_path / "talk.txt"
    document.write_text(text, "utf-8")
    arguments: list[str | Path] = ["caption", document, "-a", talk, "--aligner", aligner]
    plain = subtools(*arguments, "-o", tmp_path / "plain", "--json")
    kept = subtools(*arguments, "-o", tmp_path / "kept", "--keep-untimed")
    assert [plain.status, kept.status] == [0, 0], kept.stderr
    assert json.loads(plain.stdout)["cues_without_time"] == 0
    assert "散步" not in (tmp_path / "plain" / "talk.srt").read_text("utf-8")
    cues = vtt.parse((tmp_path / "kept" / "talk.vtt").read_text("utf-8"))
    assert "".join("".join(cue.text.split()) for cue in cues) == text
    assert "NOTE no time known" in (tmp_path / "kept" / "talk.vtt").read_text("utf-8")
    assert "because no time is known" in kept.stderr
    assert "findings: 1 not in the audio" in kept.stderr


def test_an_unknown_aligner_lists_those_there_are(
    clip_document: Path, clip_audio: Path, tmp_path: Path
) -> None:
    outcome = subtools("align", clip_document, "-a", clip_audio, "-o", tmp_path, "--aligner", "x")
    assert_one_line_error(outcome, "no aligner 'x'", "auto, phones, recognition")
    assert not list(tmp_path.iterdir())


def test_japanese_is_never_read_as_chinese(clip_audio: Path, tmp_path: Path) -> None:
    document = tmp_path / "talk.txt"
    document.write_text("今日は大規模言語モデルについて話したいと思います。", "utf-8")
    outcome = subtools("align", document, "-a", clip_audio, "-o", tmp_path, "--aligner", "phones")
    assert_one_line_error(outcome, "phones", "--aligner recognition")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--plot", "why.png"], ".html"),
        (["--plot-span", "0:01-0:02"], "--plot FILE.html"),
        (["--plot", "why.html", "--plot-span", "soon"], "12:30-12:40"),
        (["--plot", "why.html", "--plot-span", "0:02-0:01"], "12:30-12:40"),
        (["--plot", "why.html", "--plot-span", "0:02-0:02"], "no time"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_a_wrong_argument(
    arguments: list[str], message: str
) -> None:
    outcome = subtools("align", "a.txt", "--audio", "a.wav", *arguments)
    assert outcome.status == 2, outcome
    assert message in outcome.stderr


def test_help_of_every_command_shows_an_example() -> None:
    for command in ("caption", "align", "transcribe", "convert", "score", "diarize", "name"):
        shown = subtools(command, "--help")
        assert shown.status == 0
        assert f"subtools {command}" in shown.stdout
        assert "Example" in shown.stdout


def test_wrong_arguments_have_status_two() -> None:
    assert subtools("caption", "--nonsense").status == 2
    assert subtools("caption").status == 2
    assert subtools("convert").status == 2


@pytest.mark.parametrize("offset", ["nan", "inf", "1e400"])
def test_an_offset_that_is_no_time_is_refused_at_once(offset: str) -> None:
    outcome = subtools("caption", "a.txt", "--audio", "a.wav", "--offset", offset)
    assert outcome.status == 2
    assert "number of seconds" in outcome.stderr


def test_what_is_read_is_never_written_over(clip_audio: Path, tmp_path: Path) -> None:
    old = tmp_path / "clip.srt"
    old.write_text("1\n00:00:01,000 --> 00:00:02,000\n大家好。\n", "utf-8")
    before = old.read_bytes()
    outcome = subtools("caption", old, "-a", clip_audio, "-o", tmp_path, "--force")
    assert_one_line_error(outcome, "clip.srt", "written over")
    assert_one_line_error(subtools("convert", old, old, "--force"), "written over")
    assert old.read_bytes() == before


def test_names_and_texts_cannot_steer_the_terminal(tmp_path: Path) -> None:
    outcome = subtools("convert", tmp_path / "\x1b]0;owned\x07.srt", tmp_path / "a.vtt")
    assert_one_line_error(outcome, "no such file")
    assert "\x1b" not in outcome.stderr
    assert "\x07" not in outcome.stderr


def test_chinese_is_printed_whatever_the_locale(tmp_path: Path) -> None:
    source, target = tmp_path / "你好.srt", tmp_path / "再見.vtt"
    source.write_text("1\n00:00:01,000 --> 00:00:02,000\n大家好。\n", "utf-8")
    outcome = subtools("convert", source, target, env={"PYTHONIOENCODING": "cp1252"})
    assert outcome.status == 0, outcome.stderr
    assert "再見.vtt" in outcome.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full on this system")
def test_output_that_nobody_takes_is_an_error_in_one_line(tmp_path: Path) -> None:
    source = tmp_path / "a.srt"
    source.write_text("1\n00:00:01,000 --> 00:00:02,000\n大家好。\n", "utf-8")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "subtools", "convert", str(source), "-", "--to", "vtt"],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a Windows file name is always text")
def test_a_file_name_that_is_no_text_is_no_obstacle(clip_sound: Audio, tmp_path: Path) -> None:
    talk = tmp_path / os.fsdecode(b"bad\xff\xfename.wav")
    write_wav(talk, clip_sound.samples[12 * 16_000 : 27 * 16_000])
    outcome = subtools("transcribe", talk, "-o", tmp_path / "out", "--language", "zh")
    assert outcome.status == 0, outcome.stderr
    words = json.loads((tmp_path / "out" / "words.json").read_text("utf-8"))
    assert words["provenance"]["inputs"]["audio"]["name"] == r"bad\udcff\udcfename.wav"


def test_shell_completion_is_offered() -> None:
    shown = subtools(
        "--show-completion", "bash", env={"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    )
    assert shown.status == 0
    assert "subtools" in shown.stdout


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"# Title - P8\xef\xbc\x9apart - someone - BV1zE421N7UJ\n\n", "no text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "image"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    ],
)
def test_a_document_without_text_is_refused(
    content: bytes, part: str, clip_audio: Path, tmp_path: Path
) -> None:
    document = tmp_path / "talk.txt"
    document.write_bytes(content)
    outcome = subtools("caption", document, "--audio", clip_audio, "-o", tmp_path / "out")
    assert_one_line_error(outcome, "talk.txt", part)
    assert not (tmp_path / "out").exists()


def test_a_missing_document_is_refused(clip_audio: Path, tmp_path: Path) -> None:
    outcome = subtools("caption", tmp_path / "none.txt", "--audio", clip_audio, "-o", tmp_path)
    assert_one_line_error(outcome, "none.txt", "no such file")
    assert not list(tmp_path.iterdir())


@pytest.mark.model
def test_an_offset_that_leaves_nothing_is_refused(clip_sound: Audio, tmp_path: Path) -> None:
    talk = write_wav(tmp_path / "talk.wav", clip_sound.samples[12 * 16_000 : 27 * 16_000])
    outcome = subtools("caption", "-a", talk, "-o", tmp_path / "out", "--offset", "-100")
    assert_one_line_error(outcome, "nothing is spoken after the video starts")
    assert not (tmp_path / "out").exists()


def test_sound_far_too_short_for_the_text_is_refused(
    clip_sound: Audio, clip_document: Path, tmp_path: Path
) -> None:
    samples = clip_sound.samples[: 22 * 16_000]
    short = write_wav(tmp_path / "short.wav", samples)
    outcome = subtools("caption", clip_document, "--audio", short, "-o", tmp_path / "out")
    assert_one_line_error(outcome, "nobody speaks that fast", "--partial")
    assert not (tmp_path / "out").exists()


@pytest.mark.model
@pytest.mark.parametrize(
    ("aligner", "language"),
    [("phones", "'en'"), ("recognition", "'zh'")],  # that of the text, that of the sound
)
def test_a_text_of_another_language_is_refused(
    aligner: str, language: str, clip_audio: Path, tmp_path: Path
) -> None:
    document = tmp_path / "other.txt"
    document.write_text(
        "The weather in the mountains changed quickly that afternoon. "
        "We packed our tents, put out the fire and walked back to the village. " * 4,
        "utf-8",
    )
    arguments: list[str | Path] = ["caption", document, "--audio", clip_audio, "--aligner", aligner]
    outcome = subtools(*arguments, "-o", tmp_path / "out")
    assert_one_line_error(outcome, "of the text was heard", language)
    assert not (tmp_path / "out").exists()


@pytest.mark.model
def test_silence_and_noise_are_refused(clip_document: Path, tmp_path: Path) -> None:
    silence = write_wav(tmp_path / "silence.wav", np.zeros(60 * 16_000))
    noise = np.random.default_rng(1).normal(0, 300, 60 * 16_000)
    hiss = write_wav(tmp_path / "noise.wav", noise)
    assert_one_line_error(
        subtools("caption", clip_document, "-a", silence, "-o", tmp_path / "o"), "silence.wav"
    )
    assert_one_line_error(
        subtools("caption", clip_document, "-a", hiss, "-o", tmp_path / "o"), "nobody speaks"
    )


def test_a_file_that_is_no_sound_is_refused(clip_document: Path, tmp_path: Path) -> None:
    outcome = subtools("caption", clip_document, "--audio", clip_document, "-o", tmp_path)
    assert_one_line_error(outcome, "clip.doc.txt")


def test_an_output_folder_below_a_file_is_refused_before_any_work(
    clip_document: Path, clip_audio: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    outcome = subtools("caption", clip_document, "-a", clip_audio, "-o", tmp_path / "file" / "out")
    assert_one_line_error(outcome, "file")


def test_a_folder_is_no_document_and_no_sound(
    clip_document: Path, clip_audio: Path, tmp_path: Path
) -> None:
    arguments: list[str | Path] = ["-o", tmp_path / "out"]
    document = subtools("caption", tmp_path, "--audio", clip_audio, *arguments)
    assert_one_line_error(document, tmp_path.name, "readable text file")
    sound = subtools("caption", clip_document, "--audio", tmp_path, *arguments)
    assert_one_line_error(sound, tmp_path.name, "one media file")
    assert not (tmp_path / "out").exists()


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
from subtools.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such limit on Windows")
def test_a_full_disk_is_an_error_in_one_line_and_leaves_nothing(
    clip_document: Path, clip_audio: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    arguments = ["caption", clip_document, "--audio", clip_audio, "-o", tmp_path / "out"]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env=environment({"TMPDIR": str(work)}),
    )
    assert_one_line_error(Outcome(done.returncode, done.stdout, done.stderr), "TMPDIR")
    assert not (tmp_path / "out").exists()
    assert not list(work.iterdir())


def test_an_unknown_language_names_some_that_are_known(
    clip_document: Path, clip_audio: Path, tmp_path: Path
) -> None:
    outcome = subtools(
        "caption", clip_document, "-a", clip_audio, "-o", tmp_path, "--language", "xx"
    )
    assert_one_line_error(outcome, "unknown language 'xx'", "zh")


@pytest.mark.skipif(sys.platform == "win32", reason="signals reach a child another way there")
@pytest.mark.model
@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_leaves_nothing_behind(
    sent: signal.Signals, status: int, clip_document: Path, clip_audio: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    process = start(["caption", clip_document, "--audio", clip_audio, "-o", tmp_path / "out"], work)
    wait_for(lambda: any(work.rglob("*.s16")))  # decoded: listening is next
    time.sleep(1.0)
    process.send_signal(sent)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == status, stderr
    assert "Traceback" not in stderr
    assert not (tmp_path / "out").exists()
    assert not list(work.iterdir())


def start(arguments: Sequence[str | Path], work: Path) -> subprocess.Popen[str]:
    """Start the command with ``work`` as the system's place for temporary files."""
    return subprocess.Popen(
        [sys.executable, "-m", "subtools", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment({"TMPDIR": str(work)}),
    )


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until ``condition()`` holds, at most a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_summary_counts_words_that_are_likelier_wrong_than_right() -> None:
    spans = [Span(k, k + 0.5) for k in range(4)]
    rated = (0.9, 0.3, None, 0.5)
    words = tuple(Word("好", span, c) for span, c in zip(spans, rated, strict=True))
    alignment = Alignment(Transcript((Paragraph(words),)), (), "zh", "phones")
    summary = summarise(Captions(alignment, (), Provenance(), 4.0), [])
    assert summary["doubtful"] == 1
    assert summary["heard"] == 3
