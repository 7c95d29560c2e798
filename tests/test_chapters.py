"""Topics as chapters: each form as those read it who are to read it, and files of chapters read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from subtools.core import Source, Topic
from subtools.errors import DocumentError
from subtools.formats import vtt
from subtools.formats.chapter_files import parse_chapters
from subtools.formats.chapters import (
    CHAPTER_FORMATS,
    LEAST_CHAPTERS,
    SHORTEST,
    compose_contents,
    compose_ffmetadata,
    compose_list,
    compose_podcast,
    compose_vtt,
)
from subtools.lexicon import clean_name
from subtools.outline import chapter_format, load_chapters
from tests.browser import opened_browser, served_folder
from tests.videos import chapters_of, make_video, run_ffmpeg

HOSTILE = (
    "a=b; #c \\ d",
    "</script><img src=x onerror=alert(1)>",
    "[link](javascript:alert(1)) `x` *b* _i_ | & <b>",
    "line\nbreak\r\n\n00:00:01.000 --> 00:00:09.000",
    "NOTE --> STYLE",
    "\u202eevil\u2066 \u0000 zero\u200bwidth",
    "[CHAPTER]",
    "大模型：數據「瓶頸」",
    "   ",
)
TOPICS = tuple(Topic(title, 20.0 * k + 0.5, 20.0 * k + 20.5) for k, title in enumerate(HOSTILE))
BILIBILI = Source(bvid="BV1zE421N7UJ", part=8, title='圓桌 "一"')
SHOWN = tuple(clean_name(title) or "-" for title in HOSTILE)

titles = st.text(max_size=30)


@st.composite
def chapter_lists(draw: st.DrawFn) -> tuple[Topic, ...]:
    lengths = draw(st.lists(st.integers(1, 4_000_000), min_size=1, max_size=12))
    start, found = draw(st.integers(0, 100_000)), []
    for length in lengths:
        found.append(Topic(draw(titles), start / 1000, (start + length) / 1000))
        start += length
    return tuple(found)


# --- sites


def read_clock(text: str) -> int:
    seconds = 0
    for part in text.split(":"):
        seconds = 60 * seconds + int(part)
    return seconds


@given(chapter_lists())
def test_a_list_keeps_the_rules_of_the_sites(topics: tuple[Topic, ...]) -> None:
    try:
        lines = compose_list(topics).splitlines()
    except DocumentError:
        assert sum(topic.end - topic.start >= SHORTEST for topic in topics) < LEAST_CHAPTERS
        return
    starts = [read_clock(line.split(" ", 1)[0]) for line in lines]
    assert starts[0] == 0
    assert len(starts) >= LEAST_CHAPTERS
    assert all(b - a >= SHORTEST for a, b in pairwise(starts))
    assert all(re.fullmatch(r"(?:\d+:)?\d{1,2}:\d{2} \S.*", line) for line in lines)


def test_a_chapter_that_is_too_short_joins_the_one_before() -> None:
    times = (12.6, 90.0, 95.0, 300.0, 400.0)
    topics = [Topic(t, a, b) for t, a, b in zip("甲乙丙丁", times, times[1:], strict=False)]
    assert compose_list(topics) == "0:00 甲\n1:35 丙\n5:00 丁\n"


def test_where_there_are_hours_all_times_have_them() -> None:
    topics = [Topic("a", 0, 60), Topic("b", 60, 3700), Topic("c", 3700, 4000)]
    assert compose_list(topics) == "0:00:00 a\n0:01:00 b\n1:01:40 c\n"


def test_too_few_chapters_are_refused_with_what_to_do() -> None:
    with pytest.raises(DocumentError, match="2 chapters of 10 s and more") as caught:
        compose_list([Topic("a", 0, 60), Topic("b", 60, 120), Topic("c", 120, 125)])
    assert "--topics" in str(caught.value)


# --- players


@given(chapter_lists())
def test_webvtt_reads_back(topics: tuple[Topic, ...]) -> None:
    cues = vtt.parse(compose_vtt(topics)).cues
    assert [cue.text for cue in cues] == [clean_name(t.title) or "-" for t in topics]
    times = [time for topic in topics for time in (topic.start, topic.end)]
    assert [time for cue in cues for time in (cue.start, cue.end)] == pytest.approx(times, abs=6e-4)


PAGE = """<!doctype html><video><track default kind="chapters" src="talk.vtt"></video>
<script>document.querySelector("track").track.mode = "hidden"</script>"""
CUES = """[...document.querySelector("track").track.cues].map((cue) =>
  [cue.startTime, cue.endTime, cue.getCueAsHTML().textContent])"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


@pytest.mark.browser
def test_chromium_loads_webvtt_as_chapters(page: Page, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "talk.vtt").write_text(compose_vtt(TOPICS), encoding="utf-8")
    with served_folder(tmp_path) as address:
        page.goto(f"{address}/index.html")
        page.wait_for_function('document.querySelector("track").readyState >= 2')
        assert page.evaluate('document.querySelector("track").track.kind') == "chapters"
        found: list[list[Any]] = page.evaluate(CUES)
    assert [tuple(cue) for cue in found] == [
        (topic.start, topic.end, shown) for topic, shown in zip(TOPICS, SHOWN, strict=True)
    ]


# --- podcasts


@given(chapter_lists())
def test_podcast_chapters_are_json_with_times_in_seconds(topics: tuple[Topic, ...]) -> None:
    made = json.loads(compose_podcast(topics, BILIBILI))
    assert made["version"] == "1.2.0"
    assert [c["startTime"] for c in made["chapters"]] == pytest.approx([t.start for t in topics])
    assert all(c["startTime"] <= c["endTime"] for c in made["chapters"])
    assert all(c["title"] for c in made["chapters"])


def test_podcast_chapters_link_to_the_moment() -> None:
    (chapter,) = json.loads(compose_podcast([Topic("數據", 754.9, 800)], BILIBILI))["chapters"]
    assert chapter["url"] == "https://www.bilibili.com/video/BV1zE421N7UJ?p=8&t=754"
    (plain,) = json.loads(compose_podcast([Topic("數據", 754.9, 800)]))["chapters"]
    assert plain == {"startTime": 754.9, "endTime": 800.0, "title": "數據"}


# --- ffmpeg


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_video(tmp_path_factory.mktemp("video") / "talk.mkv", seconds=200, size="64x36")


def test_ffmpeg_reads_ffmetadata_with_every_title_as_it_is(video: Path, tmp_path: Path) -> None:
    facts, target = tmp_path / "talk.ffmetadata", tmp_path / "out.mkv"
    facts.write_text(compose_ffmetadata(TOPICS), encoding="utf-8")
    inputs = ("-i", video, "-f", "ffmetadata", "-i", facts)
    run_ffmpeg(*inputs, "-map_chapters", "1", "-c", "copy", target)
    assert chapters_of(target) == [
        (topic.start, topic.end, shown) for topic, shown in zip(TOPICS, SHOWN, strict=True)
    ]


@given(chapter_lists())
def test_ffmetadata_reads_back(topics: tuple[Topic, ...]) -> None:
    found = parse_chapters(compose_ffmetadata(topics)) or ()
    assert [topic.title for topic in found] == [clean_name(t.title) or "-" for t in topics]
    assert [t.start for t in found] == pytest.approx([t.start for t in topics])


# --- contents


def test_contents_link_where_the_page_is_known_and_escape_what_markdown_would_read() -> None:
    lines = compose_contents(TOPICS, BILIBILI).splitlines()
    link = "https://www.bilibili.com/video/BV1zE421N7UJ?p=8&t=20"
    assert lines[1] == f"- [0:20]({link}) \\</script\\>\\<img src=x onerror=alert(1)\\>"
    assert lines[2].endswith(r"\[link\](javascript:alert(1)) \`x\` \*b\* \_i\_ \| \& \<b\>")
    assert len(lines) == len(TOPICS)
    assert compose_contents([Topic("數據", 61, 99)]) == "- 1:01 數據\n"


def test_an_address_cannot_end_its_link() -> None:
    source = Source(url='https://example.org/a)b (c) <d> "e"?x=1')
    (line,) = compose_contents([Topic("數據", 61, 99)], source).splitlines()
    match = re.fullmatch(r"- \[1:01\]\(([^()<>\s\"]+)\) 數據", line)
    assert match is not None
    assert match[1].startswith("https://example.org/a%29b%20%28c%29%20%3Cd%3E")


# --- names of forms


@pytest.mark.parametrize(
    ("name", "form"),
    [
        *((known.name, known.name) for known in CHAPTER_FORMATS),
        *((f"talk{known.suffix}", known.name) for known in CHAPTER_FORMATS),
        *(("talk.VTT", "vtt"), ("x.json", "podcast"), ("x.md", "markdown"), ("x.txt", "list")),
    ],
)
def test_a_form_goes_by_its_name_or_a_files(name: str, form: str) -> None:
    assert chapter_format(name).name == form


def test_no_form_has_an_unknown_name() -> None:
    with pytest.raises(DocumentError, match=r"no form of chapters is called 'talk.xyz'"):
        chapter_format("talk.xyz")


# --- files of chapters


@pytest.mark.parametrize("known", CHAPTER_FORMATS[:-1], ids=lambda known: known.name)
def test_every_form_but_markdown_is_read_again(known: Any, tmp_path: Path) -> None:
    topics = [Topic("開場", 0, 20), Topic("a = b; c", 20, 61), Topic("#3", 61, 90)]
    path = tmp_path / f"talk{known.suffix}"
    path.write_text(known.compose(topics, Source()), encoding="utf-8")
    found = load_chapters(path)
    assert [(topic.title, topic.start) for topic in found] == [(t.title, t.start) for t in topics]


@given(st.text(max_size=200))
def test_whatever_is_in_a_file_it_is_read_or_refused(text: str) -> None:
    for head in ("", ";FFMETADATA1\n[CHAPTER]\n", '{"chapters": [', "{", "0:00 a\n"):
        try:
            found = parse_chapters(head + text)
        except DocumentError:
            continue
        assert found is None or all(a.end == b.start for a, b in pairwise(found))


@pytest.mark.parametrize(
    "text",
    [
        ";FFMETADATA1\n[CHAPTER]\nTITLE=x\n",
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/0\nSTART=0\nEND=1\n",
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=-5\nEND=1\n",
        ";FFMETADATA1\ntitle=x\n",
        '{"chapters": [{"startTime": "soon"}]}',
        '{"chapters": [{"startTime": 1e999}]}',
        '{"chapters": {"startTime": 1}}',
        '{"chapters": []}',
        "{" * 20_000,
    ],
)
def test_a_broken_file_of_chapters_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        parse_chapters(text)


def test_a_title_that_goes_on_in_ffmetadata_becomes_one_line() -> None:
    text = (
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=9\ntitle=a\\\nb \\= \\\\\n[STREAM]\n"
    )
    assert parse_chapters(text) == (Topic("a b = \\", 0.0, 9.0),)
