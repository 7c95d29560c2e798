"""`subtools text`, run as a user runs it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from subtools.core import Alignment, Source, Topic
from subtools.formats.words import compose_words
from tests.commands import assert_one_line_error, subtools
from tests.lectures import Line, talk

LINES: tuple[Line, ...] = (
    ("主持人", "呃，我們請曾老師先說，", 0.0),
    ("曾老師", "好的，我我覺得GPT-3。5的效果很好，", 0.5),
)


@pytest.fixture
def words(tmp_path: Path) -> Path:
    source = Source(title="圓桌", bvid="BV1zE421N7UJ")
    transcript = replace(talk(*LINES * 12), source=source)
    alignment = Alignment(transcript, (), "zh", "phones", topics=(Topic("效果", 0.0, 99.0),))
    path = tmp_path / "words.json"
    path.write_text(compose_words(alignment), encoding="utf-8")
    return path


def test_markdown_goes_to_stdout(words: Path) -> None:
    done = subtools("text", words)
    assert done.status == 0, done
    assert done.stdout.startswith("# 圓桌\n")
    assert "## 效果" in done.stdout
    assert "&t=0)" in done.stdout or "?t=0)" in done.stdout
    assert "呃，我們請曾老師先說。\n" in done.stdout
    assert "好的，我我覺得GPT-3.5的效果很好。\n" in done.stdout


def test_the_edition_to_read_is_another_file(words: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert subtools("text", words, "-o", out, "--format", "md,html,docx,txt").status == 0
    done = subtools("text", words, "-o", out, "--reading", "--json")
    assert done.status == 0, done
    assert json.loads(done.stdout)["files"] == [str(out / "words.reading.md")]
    names = ["words.docx", "words.html", "words.md", "words.reading.md", "words.txt"]
    assert sorted(path.name for path in out.iterdir()) == names
    assert "\n我們請曾老師先說。\n" in (out / "words.reading.md").read_text("utf-8")
    assert "呃，我們請曾老師先說。" in (out / "words.html").read_text("utf-8")
    paragraphs = docx.Document(str(out / "words.docx")).paragraphs
    assert "呃，我們請曾老師先說。" in [paragraph.text for paragraph in paragraphs]


def test_the_summary_says_whether_anything_was_left_out(words: Path, tmp_path: Path) -> None:
    done = subtools("text", words, "-o", tmp_path / "a.md", "--reading")
    assert "24 words left out" in done.stderr
    plain = Alignment(talk(("主持人", "我們請曾老師先說，", 0.0)), (), "zh", "phones")
    words.write_text(compose_words(plain), encoding="utf-8")
    places: tuple[tuple[str | Path, ...], ...] = (("-o", tmp_path / "b.md"), ())
    for where in places:
        done = subtools("text", words, "--reading", *where)
        assert "no hesitations found: nothing was left out" in done.stderr
        assert "hesitations" not in done.stdout
    assert "hesitations" not in subtools("text", words, "-o", tmp_path / "c.md").stderr
    asked = subtools("text", words, "-o", tmp_path / "d.md", "--reading", "--json")
    assert json.loads(asked.stdout)["left_out"] == 0


def test_a_folder_may_have_any_name_if_it_is_there(words: Path, tmp_path: Path) -> None:
    (tmp_path / "v1.2").mkdir()
    assert subtools("text", words, "-o", tmp_path / "v1.2").status == 0
    assert (tmp_path / "v1.2" / "words.md").exists()


def test_a_file_says_its_format_and_options_are_kept(words: Path, tmp_path: Path) -> None:
    target = tmp_path / "talk.txt"
    options = ("--script", "cn", "--spacing", "space", "--punctuation", "keep")
    done = subtools("text", words, "-o", target, *options, "--title", "題目")
    assert done.status == 0, done
    text = target.read_text("utf-8")
    assert text.startswith("题目\n")
    assert "我我觉得 GPT-3。5 的效果很好，" in text


def test_a_recognition_of_the_same_sound_is_heard(words: Path) -> None:
    done = subtools("text", words, "--heard", words)
    assert done.status == 0, done


def test_nothing_is_overwritten_without_force(words: Path, tmp_path: Path) -> None:
    target = tmp_path / "talk.md"
    target.write_text("mine", encoding="utf-8")
    assert_one_line_error(subtools("text", words, "-o", target), "exists already", "--force")
    assert target.read_text("utf-8") == "mine"
    assert subtools("text", words, "-o", target, "--force").status == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--format", "pdf"), "known: md, html, docx, txt"),
        (("--format", "docx"), "say where"),
        (("--format", "md,txt"), "say where"),
        (("-o", "a.txt", "--format", "md"), "give a folder"),
        (("--numbers", "roman"), "digits"),
        (("-o", "a.pdf"), "known: md, html, docx, txt"),
        (("-o", "a.pdf", "--format", "md"), "make it first"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    words: Path, arguments: tuple[str, ...], says: str
) -> None:
    done = subtools("text", words, *arguments)
    assert done.status == 2, done
    assert says in " ".join(done.stderr.split())


def test_a_file_that_is_no_words_json_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "words.json"
    path.write_text("{}", encoding="utf-8")
    assert_one_line_error(subtools("text", path), "words.json")
    document = tmp_path / "clip.txt"
    document.write_text("大家好。", encoding="utf-8")
    says = "this is not a words.json (subtools align and subtools caption write one)"
    assert_one_line_error(subtools("text", document), says)


def test_a_wrong_choice_names_the_right_ones_in_plain_words(words: Path) -> None:
    told = " ".join(subtools("text", words, "--punctuation", "foo").stderr.replace("│", "").split())
    assert "'foo' is not one of 'auto', 'keep', 'restore'" in told
    assert "Value error" not in told


def test_help_has_examples() -> None:
    done = subtools("text", "--help")
    assert "subtools text out/words.json --reading" in " ".join(done.stdout.split())
