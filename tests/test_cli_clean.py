"""`subtools clean`, run as a user runs it, and a recogniser asked for its opinion."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from subtools.cli.cleaning import print_cleaning, summarise_cleaning
from subtools.core import (
    SAMPLE_RATE,
    Alignment,
    Audio,
    Correction,
    Decision,
    Glossary,
    Paragraph,
    Posteriors,
    Provenance,
    Span,
    Term,
    Transcript,
    Word,
)
from subtools.correcting import Cleaned, clean_file, remembering
from subtools.formats.corrections import parse_corrections
from subtools.formats.words import parse_words
from subtools.keeping import KeptWork
from subtools.models import bundled_model
from subtools.whisper import load_judge
from tests.commands import assert_one_line_error, subtools, write_wav

LENGTH = 35  # s of the clip: GPT-3, GPT-3。5, GPT-4
TEXT = (
    "首先我想問各位嘉賓，因為各位都是做大模型的，那麼大模型的能力呢，我們也看到它呈現出"
    "非常明顯的代際差，比如說我們看到GPT-3，GPT-3。5，GPT-4，以及我們非常期待的未來的GPT-5。"
)


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory, clip_sound: Audio) -> tuple[Path, Path]:
    """The beginning of the clip and its words.json."""
    folder = tmp_path_factory.mktemp("clean")
    sound = write_wav(folder / "talk.wav", clip_sound.samples[: LENGTH * SAMPLE_RATE])
    document = folder / "talk.txt"
    document.write_text(TEXT, encoding="utf-8")
    done = subtools("align", document, "--audio", sound, "-o", folder, "--quiet")
    assert done.status == 0, done
    return sound, folder / "words.json"


def test_clean_writes_corrections_and_the_clean_text(
    talk: tuple[Path, Path], tmp_path: Path
) -> None:
    sound, words = talk
    out = tmp_path / "out"
    options = ("-o", out, "--no-recogniser", "--reading", "--json")
    done = subtools("clean", words, "--audio", sound, *options)
    assert done.status == 0, done
    summary = json.loads(done.stdout)
    assert sorted(Path(name).name for name in summary["files"]) == [
        "talk.clean.txt",
        "talk.clean.words.json",
        "talk.corrections.html",
        "talk.corrections.json",
        "talk.corrections.md",
        "talk.reading.md",
    ]
    edition = (out / "talk.reading.md").read_text("utf-8")
    assert "我們看到GPT-3，GPT-3.5，GPT-4" in edition
    corrections = parse_corrections((out / "talk.corrections.json").read_text("utf-8"))
    made = [c for c in corrections if c.decision is Decision.APPLY]
    assert [(c.before, c.after) for c in made] == [("3。5", "3.5")]
    assert TEXT[slice(*made[0].offsets)] == "3。5"
    assert (out / "talk.clean.txt").read_text("utf-8").strip() == TEXT.replace("3。5", "3.5")
    clean, _ = parse_words((out / "talk.clean.words.json").read_text("utf-8"))
    fixed = next(word for word in clean.transcript.words if "3.5" in word.text)
    assert fixed.confidence is not None, "found in the sound again"
    assert summary["applied"] == 1


def test_other_readings_are_printed_and_in_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    paragraph = Paragraph((Word("畢業", Span(62.0, 63.0), 0.9), Word("了", None, None)))
    before = Alignment(Transcript((paragraph,)), (), "zh", "phones")
    corrections = (
        Correction(
            (0, 2), "畢業", "閉源", Decision.APPLY, 0.95, (), Span(62.0, 63.0), ("比率", "")
        ),
        Correction((2, 3), "了", "樂", Decision.PROPOSE, 0.5, held_back="nobody heard it"),
    )
    cleaned = Cleaned(before, corrections, before, Provenance(), 70.0)
    print_cleaning(cleaned)
    assert "    1:02  畢業 -> 閉源 (or 比率, –)\n" in capsys.readouterr().out
    listed = summarise_cleaning(cleaned)["corrections"]
    assert [one["alternatives"] for one in listed] == [["比率", ""], []]
    assert [one["held_back"] for one in listed] == ["", "nobody heard it"]


def test_a_result_is_not_overwritten_and_no_input_ever_is(
    talk: tuple[Path, Path], tmp_path: Path
) -> None:
    sound, words = talk
    (tmp_path / "talk.clean.txt").write_text("mine", encoding="utf-8")
    done = subtools("clean", words, "--audio", sound, "-o", tmp_path, "--no-recogniser")
    assert_one_line_error(done, "talk.clean.txt")
    assert (tmp_path / "talk.clean.txt").read_text("utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["talk.clean.txt"]


def test_words_of_another_sound_are_refused(
    talk: tuple[Path, Path], clip_sound: Audio, tmp_path: Path
) -> None:
    _, words = talk
    begin = 13 * SAMPLE_RATE
    other = write_wav(tmp_path / "short.wav", clip_sound.samples[begin : begin + SAMPLE_RATE])
    done = subtools("clean", words, "--audio", other, "-o", tmp_path, "--no-recogniser")
    assert done.status == 1
    assert_one_line_error(done, "go on after the end of the sound")


def test_words_of_another_talk_are_refused_though_they_are_not_too_long(
    talk: tuple[Path, Path], clip_sound: Audio, tmp_path: Path
) -> None:
    _, words = talk
    begin = 100 * SAMPLE_RATE
    samples = clip_sound.samples[begin : begin + LENGTH * SAMPLE_RATE]
    other = write_wav(tmp_path / "other.wav", samples)
    done = subtools("clean", words, "--audio", other, "-o", tmp_path / "out", "--no-recogniser")
    assert_one_line_error(done, "not what is said in this sound", "align them")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["hearsay", "person"])
def test_evidence_that_does_not_exist_cannot_be_left_out(
    talk: tuple[Path, Path], kind: str
) -> None:
    sound, words = talk
    done = subtools("clean", words, "--audio", sound, "--without", kind)
    assert done.status == 2
    told = " ".join(done.stderr.replace("│", "").split())
    assert f"there is no kind of evidence '{kind}'; there are sound, recogniser" in told
    assert "glossary, consistency, frequency ╰" in told


def test_of_two_options_that_exclude_each_other_both_are_named(talk: tuple[Path, Path]) -> None:
    sound, words = talk
    done = subtools("clean", words, "--audio", sound, "--no-glossary", "--glossary", words)
    assert done.status == 2
    assert "--no-glossary: give this or --glossary, not both" in done.stderr


def test_a_recogniser_finds_what_is_said_likelier_than_something_else(clip_sound: Audio) -> None:
    judge = load_judge(bundled_model())
    said, other = "首先我想问各位嘉宾", "首先我像闻各位家兵"
    scores = judge(clip_sound.slice(Span(12.4, 15.2)), [said, other, said], language="zh")
    assert scores[0] > scores[1] + 5
    assert scores[0] == pytest.approx(scores[2], abs=1e-3)


@pytest.mark.model
def test_subtitles_of_the_clean_text_come_with_the_lists_of_corrections(
    talk: tuple[Path, Path], tmp_path: Path
) -> None:
    sound, _ = talk
    document = tmp_path / "document.txt"
    document.write_text(TEXT, encoding="utf-8")
    done = subtools(
        *("caption", document, "--audio", sound, "--text", "clean", "--no-speakers"),
        *("--formats", "srt", "-o", tmp_path / "out"),
    )
    assert done.status == 0, done.stderr
    assert "the text is the document with what is safe put right" in done.stderr
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == {
        *("talk.srt", "words.json"),
        *("talk.corrections.json", "talk.corrections.md", "talk.corrections.html"),
    }
    assert "GPT-3.5" in (out / "talk.srt").read_text("utf-8")
    assert "~~3。5~~ **3\\.5**" in (out / "talk.corrections.md").read_text("utf-8")
    page = (out / "talk.corrections.html").read_text("utf-8")
    link = re.search(r'href="([^"]+)#t=\d+" rel="noreferrer" title="Listen"', page)
    assert link is not None and (out / link[1]).resolve() == sound.resolve()


# --- what was heard is kept


ALIEN = "GTP-3"  # a term that is said nowhere, but sounds so


def clean(talk: tuple[Path, Path], folder: Path, *terms: str, stop: int | None = None) -> Cleaned:
    """Clean the talk with what is kept in ``folder``; stop at a passage that is compared."""

    def progress(stage: str, done: float, _total: float) -> None:
        if stop is not None and stage == "comparing" and done >= stop:
            raise KeyboardInterrupt

    sound, words = talk
    glossary = Glossary(tuple(Term(name, ()) for name in terms))
    keep = KeptWork(folder, sound.name)
    return clean_file(words, sound, glossary=glossary, keep=keep, progress=progress)


def refuse(*_arguments: Any, **_options: Any) -> Any:
    raise AssertionError("this was heard before")


@pytest.mark.model
def test_what_was_heard_is_not_heard_again_and_the_result_is_the_same(
    talk: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound, words = talk
    with pytest.raises(KeyboardInterrupt):
        clean(talk, tmp_path / "kept", "GPT-4", stop=1)
    assert len(list((tmp_path / "kept").glob("*/*.part"))) > 3, "what was heard until then"
    went_on = clean(talk, tmp_path / "kept", "GPT-4")
    anew = clean_file(words, sound, glossary=Glossary((Term("GPT-4", ()),)))
    assert went_on == anew
    monkeypatch.setattr("subtools.whisper.listening.Listener.hear", refuse)
    monkeypatch.setattr(remembering, "load_classifier", refuse)
    clean(talk, tmp_path / "kept", "GPT-4", ALIEN)  # asks about what the new term may be
    monkeypatch.setattr(remembering, "load_judge", refuse)
    assert clean(talk, tmp_path / "kept", "GPT-4") == anew


def test_posteriors_come_back_to_the_last_bit() -> None:
    random = np.random.default_rng(3)
    posteriors = Posteriors(
        random.normal(size=(40, 100)).astype(np.float16),
        random.random(40).astype(np.float16),
        random.normal(size=40).astype(np.float32),
    )
    again = remembering.parse_posteriors(remembering.compose_posteriors(posteriors))
    for name in ("log_probs", "two_voices", "level"):
        old, new = getattr(posteriors, name), getattr(again, name)
        assert (old.dtype, old.shape, old.tobytes()) == (new.dtype, new.shape, new.tobytes())


def test_what_was_heard_is_listed_and_cleared(talk: tuple[Path, Path], tmp_path: Path) -> None:
    sound, words = talk
    models = Path(json.loads(subtools("cache", "list", "--json").stdout)[-1]["files"][0]).parent
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "models").symlink_to(models, target_is_directory=True)
    env = {"SUBTOOLS_CACHE": str(cache)}
    arguments = (
        *("clean", words, "--audio", sound, "--no-recogniser", "--force", "-o", tmp_path),
        *("--no-glossary", "--without", "frequency"),
    )
    assert "heard before" not in subtools(*arguments, env=env).stderr
    assert "heard before: 1 of 1 parts" in subtools(*arguments, env=env).stderr
    listed = json.loads(subtools("cache", "list", "--json", env=env).stdout)
    assert [(one["kind"], one["title"]) for one in listed][:1] == [("heard", "talk.wav")]
    assert subtools("cache", "clear", "--heard", env=env).status == 0
    assert list((cache / "heard").iterdir()) == []
