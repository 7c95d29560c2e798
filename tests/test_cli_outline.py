"""`subtools topics`, `subtools chapters` and `subtools mux --chapters`, run as a user runs them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from subtools.core import Alignment, Cue, Source, Transcript
from subtools.formats.words import compose_words, parse_words
from tests.commands import assert_one_line_error, subtools
from tests.lectures import interview, talk
from tests.subtitling import srt
from tests.videos import chapters_of, make_video

BILIBILI = Source(bvid="BV1zE421N7UJ", part=8)


def write_words(path: Path, transcript: Transcript) -> Path:
    alignment = Alignment(replace(transcript, source=BILIBILI), (), "zh", "phones")
    path.write_text(compose_words(alignment), encoding="utf-8")
    return path


@pytest.fixture
def words(tmp_path: Path) -> Path:
    return write_words(tmp_path / "words.json", interview(("reactors", "bees", "glass"), answers=4))


# --- topics


def test_topics_are_shown(words: Path) -> None:
    done = subtools("topics", words)
    assert done.status == 0, done
    assert "核電廠的反應爐為什麼要用水來冷卻" in done.stdout
    assert "0:01" in done.stdout


def test_topics_are_written_into_a_words_json_in_which_nothing_else_changes(
    words: Path, tmp_path: Path
) -> None:
    done = subtools("topics", words, "-o", tmp_path / "out")
    assert done.status == 0, done
    before, after = (
        parse_words(path.read_text("utf-8"))[0] for path in (words, tmp_path / "out" / "words.json")
    )
    assert len(after.topics) == 3
    assert replace(after, topics=()) == before


def test_topics_as_json_have_links(words: Path) -> None:
    done = subtools("topics", words, "--json")
    listed = json.loads(done.stdout)
    assert listed["files"] == []
    assert [set(topic) for topic in listed["topics"]] == [
        {"title", "start", "end", "confidence", "reason", "link"}
    ] * 3
    assert listed["topics"][0]["link"] == "https://www.bilibili.com/video/BV1zE421N7UJ?p=8&t=1"


def test_as_many_topics_as_asked_for(words: Path) -> None:
    listed = json.loads(subtools("topics", words, "--topics", "2", "--json").stdout)
    assert len(listed["topics"]) == 2


def test_given_topics_are_located(words: Path, tmp_path: Path) -> None:
    titles = tmp_path / "titles.txt"
    titles.write_text("核電\n蜜蜂跳舞 | 下一個問題，蜜蜂\n", encoding="utf-8")
    done = subtools("topics", words, "--topics-from", titles, "--json")
    assert [t["title"] for t in json.loads(done.stdout)["topics"]] == ["核電", "蜜蜂跳舞"]


def test_topics_in_two_ways_are_too_many(words: Path, tmp_path: Path) -> None:
    titles = tmp_path / "titles.txt"
    titles.write_text("核電\n", encoding="utf-8")
    done = subtools("topics", words, "--topics", "2", "--topics-from", titles)
    assert done.status == 2
    assert "Traceback" not in done.stderr


def test_what_is_read_is_never_written_over(words: Path, tmp_path: Path) -> None:
    before = words.read_bytes()
    done = subtools("topics", words, "-o", tmp_path)
    assert_one_line_error(done)
    assert words.read_bytes() == before


def test_a_talk_without_times_is_refused(tmp_path: Path) -> None:
    path = write_words(tmp_path / "words.json", talk(("王老師", "大家好。", 0.0), timed=False))
    assert_one_line_error(subtools("topics", path), "nothing is said in it at a known time")


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '{"format": "subtools-words"}'])
def test_a_file_that_is_no_words_json_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "words.json"
    path.write_text(text, encoding="utf-8")
    assert_one_line_error(subtools("topics", path))


# --- chapters


def test_chapters_are_printed_as_sites_take_them(words: Path) -> None:
    done = subtools("chapters", words)
    assert done.status == 0, done
    first, *others = done.stdout.splitlines()
    assert first == "0:00 核電廠的反應爐為什麼要用水來冷卻"
    assert len(others) == 2


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("talk.chapters.vtt", "WEBVTT"),
        ("talk.chapters.json", "{"),
        ("talk.ffmetadata", ";FFMETADATA1\n[CHAPTER]"),
        ("talk.contents.md", "- [0:01](https://www.bilibili.com/video/BV1zE421N7UJ?p=8&t=1) "),
        ("talk.txt", "0:00 "),
    ],
)
def test_the_form_is_what_the_name_says(
    words: Path, name: str, beginning: str, tmp_path: Path
) -> None:
    done = subtools("chapters", words, "-o", tmp_path / name)
    assert done.status == 0, done
    assert (tmp_path / name).read_text("utf-8").startswith(beginning)
    assert_one_line_error(subtools("chapters", words, "-o", tmp_path / name), "exists already")


def test_chapters_are_the_topics_that_the_file_has(words: Path, tmp_path: Path) -> None:
    titles = tmp_path / "titles.txt"
    titles.write_text("核電\n蜜蜂跳舞\n沙子\n", encoding="utf-8")
    subtools("topics", words, "--topics-from", titles, "-o", tmp_path / "out")
    done = subtools("chapters", tmp_path / "out" / "words.json")
    assert [line.split(" ", 1)[1] for line in done.stdout.splitlines()] == [
        "核電",
        "蜜蜂跳舞",
        "沙子",
    ]


def test_an_unknown_form_is_refused(words: Path) -> None:
    assert_one_line_error(subtools("chapters", words, "--to", "xml"), "known: vtt, list")


# --- mux


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("video") / "talk.mp4")


@pytest.fixture
def subtitles(tmp_path: Path) -> Path:
    path = tmp_path / "talk.srt"
    path.write_text(srt.compose([Cue(0.5, 1.5, ("大家好",))]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c.txt", "0:00 開場\n0:01.5 a=b; #c\n"),
        ("c.vtt", "WEBVTT\n\n00:00.000 --> 00:01.500\n開場\n\n00:01.500 --> 00:04.000\na=b; #c\n"),
        (
            "c.json",
            '{"chapters": [{"startTime": 0, "title": "開場"}, '
            '{"startTime": 1.5, "title": "a=b; #c"}]}',
        ),
        (
            "c.ffmetadata",
            ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/10\nSTART=0\nEND=15\ntitle=開場\n"
            "[CHAPTER]\nTIMEBASE=1/10\nSTART=15\nEND=40\ntitle=a\\=b\\; \\#c\n",
        ),
    ],
)
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_chapters_of_every_form_go_beside_the_subtitles(
    name: str, text: str, suffix: str, video: Path, subtitles: Path, tmp_path: Path
) -> None:
    chapters = tmp_path / name
    chapters.write_text(text, encoding="utf-8")
    target = tmp_path / f"out{suffix}"
    done = subtools("mux", video, subtitles, "--chapters", chapters, "-o", target)
    assert done.status == 0, done
    found = chapters_of(target)
    assert [title for *_, title in found] == ["開場", "a=b; #c"]
    assert [start for start, *_ in found] == pytest.approx([0, 1.5], abs=0.05)


def test_the_topics_of_a_words_json_go_beside_the_subtitles(
    words: Path, video: Path, subtitles: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out.mkv"
    done = subtools("mux", video, subtitles, "--chapters", words, "-o", target)
    assert done.status == 0, done
    assert chapters_of(target)[0][2] == "核電廠的反應爐為什麼要用水來冷卻"


def test_a_file_without_chapters_is_refused(video: Path, subtitles: Path, tmp_path: Path) -> None:
    chapters = tmp_path / "c.ffmetadata"
    chapters.write_text(";FFMETADATA1\ntitle=x\n", encoding="utf-8")
    target = tmp_path / "out.mkv"
    done = subtools("mux", video, subtitles, "--chapters", chapters, "-o", target)
    assert_one_line_error(done, "c.ffmetadata", "there are no chapters in it")
    assert not target.exists()
