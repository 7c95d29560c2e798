"""The timeline of speakers: what it shows, that it is safe, and how a browser draws it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from subtools.core import Finding, FindingKind, NameBasis, Quote, Span, Speaker, Turn, Word
from subtools.errors import OutputError
from subtools.lexicon import columns, split_words
from subtools.plots import TIMELINE_SUFFIXES, compose_timeline
from subtools.plots.timeline_drawing import shorten
from subtools.plots.timeline_rows import FIRST_WORDS, arrange_timeline, find_shared, join_spans
from tests.browser import opened_browser

SVG = "{http://www.w3.org/2000/svg}"
TURNS = (
    Turn("宋老師", 0.0, 30.0, 0.97),
    Turn("觀眾 1", 29.0, 32.0, 0.4),
    Turn("曾老師", 32.0, 92.0),
    Turn("宋老師", 60.0, 61.0, 0.9),
)
SPEAKERS = (
    Speaker("宋老師", "SPEAKER_00", NameBasis.GIVEN, 1.0),
    Speaker(
        "曾老師",
        "SPEAKER_02",
        NameBasis.SAID,
        0.93,
        (Quote("那曾老師先說吧", "hands over", Span(28.0, 29.0)), Quote("謝謝曾老師", "thanks")),
    ),
    Speaker("觀眾 1", "SPEAKER_01", NameBasis.ROLE, 0.7),
)
FINDINGS = (
    Finding(FindingKind.DOUBTFUL_SPEAKER, "其實", "as near to 宋老師", Span(40.0, 50.0)),
    Finding(FindingKind.MISHEARD, "別的", "not about speakers", Span(2.0, 3.0)),
)


def spoken(text: str, start: float, speaker: str | None) -> tuple[Word, ...]:
    return tuple(
        Word(word, Span(start + 0.2 * k, start + 0.2 * k + 0.2), 0.9, speaker)
        for k, word in enumerate(split_words(text))
    )


WORDS = (
    *spoken("大家好，歡迎各位。", 0.1, "宋老師"),
    *spoken("請問", 29.0, "觀眾 1"),
    *spoken("我覺得這個問題其實可以從兩個方面來看，第一個是資料，第二個是模型。", 31.9, "曾老師"),
    *spoken("對。", 60.0, "宋老師"),
)


def talk(suffix: str = ".html", **changes: Any) -> str:
    known: dict[str, Any] = {"title": "panel", "findings": FINDINGS, "words": WORDS} | changes
    return compose_timeline(TURNS, SPEAKERS, 100.0, suffix=suffix, **known)


def drawing(page: str) -> ET.Element:
    """Return the chart of a page; parsing it shows that it is well-formed."""
    [chart] = re.findall(r'<svg class="chart".*?</svg>', page, re.DOTALL)
    return ET.fromstring(chart)  # our own output, and it declares no entities


def titles(page: str) -> list[str]:
    return [title.text or "" for title in drawing(page).iter("title")]


def table(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the table under ``heading``."""
    [rows] = re.findall(rf"{heading}.*?<tbody>(.*?)</tbody>", page, re.DOTALL)
    return [re.findall(r"<bdi>(.*?)</bdi>", row, re.DOTALL) for row in rows.split("</tr>")[:-1]]


# --- what it shows


def test_each_speaker_has_a_row_with_share_turns_and_what_the_name_rests_on() -> None:
    page = talk()
    names = re.findall(r'class="name">([^<]*)<', page)
    details = re.findall(r'class="small">([^<]*·[^<]*)<', page)
    assert names == ["宋老師", "曾老師", "觀眾 1", "several at once"]
    assert details == [
        "33 % · 2 turns · given 1.00",
        "64 % · 1 turn · said 0.93",
        "3 % · 1 turn · role 0.70",
        "2 % of the time · 2 ×",
    ]


def test_the_table_says_the_same_to_those_who_cannot_see_the_drawing() -> None:
    page = talk()
    assert table(page, "Who speaks how much") == [
        ["宋老師", "given", "1.00", "SPEAKER_00", "0:31", "33 %", "2"],
        ["曾老師", "said", "0.93", "SPEAKER_02", "1:00", "64 %", "1"],
        ["觀眾 1", "role", "0.70", "SPEAKER_01", "0:03", "3 %", "1"],
    ]
    assert [row[2] for row in table(page, "All turns")] == ["宋老師", "觀眾 1", "曾老師", "宋老師"]
    assert 'role="img" aria-label="3 speakers, 4 turns in 1:40"' in page


def test_a_turn_tells_when_how_long_how_sure_and_its_first_words() -> None:
    found = titles(talk())
    assert (
        "宋老師\n00:00:00.000 – 00:00:30.000\n30.0 s\nconfidence 0.97\n“大家好，歡迎各位。”"
        in found
    )
    assert found[2].endswith("“我覺得這個問題其實可以從兩個方面來看，第…”")


def test_words_without_a_speaker_count_for_whoever_speaks() -> None:
    [first, *_] = titles(talk(words=spoken("大家好。", 0.1, None)))
    assert first.endswith("“大家好。”")


def test_doubtful_turns_and_parts_of_turns_are_hatched() -> None:
    page = talk()
    doubted = [rect for rect in drawing(page).iter("rect") if rect.get("class") == "doubt"]
    scale = 10.0  # points a second, 1000 for 100 s
    places = [(float(rect.get("x", "")), float(rect.get("width", ""))) for rect in doubted]
    assert places == [(40 * scale, 10 * scale), (29 * scale, 3 * scale)]
    assert any("not sure who speaks: as near to 宋老師" in title for title in titles(page))
    assert any("not sure who speaks: confidence 0.40" in title for title in titles(page))
    assert table(page, "Not sure who speaks") == [
        ["00:00:40.000 – 00:00:50.000", "其實", "as near to 宋老師"]
    ]
    assert "not about speakers" not in page


def test_where_several_speak_at_once_is_a_row_of_its_own() -> None:
    together = [title for title in titles(talk()) if title.startswith("several at once")]
    assert together == [
        "several at once\n00:00:29.000 – 00:00:30.000\n1.0 s",
        "several at once\n00:01:00.000 – 00:01:01.000\n1.0 s",
    ]
    alone = compose_timeline(TURNS[:1], SPEAKERS, 100.0, title="panel")
    assert "several at once" not in alone


def test_the_quotes_that_give_a_name_are_listed() -> None:
    assert table(talk(), "What their names rest on") == [
        ["曾老師", "00:00:28.000", "“那曾老師先說吧”", "hands over"],
        ["曾老師", "–", "“謝謝曾老師”", "thanks"],
    ]
    assert "No name rests on what is said" in compose_timeline(TURNS, (), 100.0, title="x")


def test_a_name_that_rests_on_a_voice_alone_quotes_nothing() -> None:
    quote = Quote("", "sounds like 王磊 in the voice library")
    known = Speaker("王磊", "SPEAKER_00", NameBasis.LIBRARY, 0.9, (quote,))
    page = compose_timeline(TURNS, (known,), 100.0, title="x")
    assert table(page, "What their names rest on") == [["王磊", "–", "–", quote.reason]]


def test_voices_that_are_no_known_speaker_have_rows_too() -> None:
    page = compose_timeline(TURNS, SPEAKERS[:1], 100.0, title="panel")
    assert [row[0] for row in table(page, "Who speaks how much")] == ["宋老師", "觀眾 1", "曾老師"]


def test_a_long_name_is_cut_in_the_drawing_and_whole_in_the_table() -> None:
    name = "一個名字很長的人" * 9
    page = compose_timeline([Turn(name, 0, 1)], (), 1.0, title="x")
    assert f'class="name">{shorten(name)}<' in page
    assert table(page, "Who speaks how much")[0][0] == name


@pytest.mark.parametrize("duration", [0.0, 0.5, 30.0, 4020.0, 36_000.0])
def test_ticks_of_any_length_of_talk_do_not_collide(duration: float) -> None:
    page = compose_timeline([Turn("A", 0, duration)], (), duration, title="x")
    chart = drawing(page)
    ticks = [float(text.get("x", "")) for text in chart.iter("text")]
    assert all(after - before > 50 for before, after in pairwise(ticks))
    assert max(ticks, default=0.0) <= float(chart.get("width", ""))


@pytest.mark.parametrize("duration", [30.1, 905.0, 4016.0, 36_001.0])
def test_the_time_of_a_tick_ends_before_the_drawing(duration: float) -> None:
    chart = drawing(compose_timeline([Turn("A", 0, duration)], (), duration, title="x"))
    *_, last = chart.iter("text")
    room = float(chart.get("width", "")) - float(last.get("x", ""))
    assert room >= 6 * len(last.text or "")  # a figure of 11 points is 6.1 wide in Arial


def test_an_hour_fits_a_wide_screen_and_the_shortest_turn_can_be_seen() -> None:
    chart = drawing(compose_timeline([Turn("A", 1800.0, 1800.2)], (), 3600.0, title="x"))
    [bar] = [rect for group in chart.iter("g") for rect in group.iter("rect")]
    assert float(chart.get("width", "")) == 1200
    assert float(bar.get("width", "")) >= 1


def test_a_talk_without_turns_is_an_empty_picture() -> None:
    for suffix in TIMELINE_SUFFIXES:
        page = compose_timeline([], [], 0.0, title="nothing", suffix=suffix)
        assert "0 speakers, 0 turns in 0:00" in page


# --- the arithmetic


turns_of_talks = st.lists(
    st.builds(
        lambda name, start, length, sure: Turn(name, start, start + length, sure),
        st.sampled_from("甲乙丙丁"),
        st.integers(0, 60).map(lambda n: n / 2),
        st.integers(0, 20).map(lambda n: n / 2),
        st.none() | st.floats(0, 1),
    ),
    max_size=20,
)


@given(turns_of_talks)
def test_shares_add_up_and_nobody_speaks_twice_at_once(turns: list[Turn]) -> None:
    timeline = arrange_timeline(turns, (), 10.0, title="x")
    assert sum(row.share for row in timeline.rows) == pytest.approx(
        1.0 if any(turn.end > turn.start for turn in turns) else 0.0
    )
    assert sum(len(row.bars) for row in timeline.rows) == len(turns)
    assert all(row.seconds <= timeline.duration for row in timeline.rows)
    assert timeline.duration == max([10.0, *(turn.end for turn in turns)])


@given(turns_of_talks)
def test_several_speak_where_and_only_where_turns_of_two_people_overlap(turns: list[Turn]) -> None:
    timeline = arrange_timeline(turns, (), 50.0, title="x")
    for middle in (k / 2 + 0.25 for k in range(100)):  # all borders lie on half seconds
        speaking = {turn.speaker for turn in turns if turn.start < middle < turn.end}
        shared = any(span.start < middle < span.end for span in timeline.together)
        assert shared == (len(speaking) > 1)
    assert all(a.end <= b.start for a, b in pairwise(timeline.together))


def test_stretches_that_only_touch_are_no_overlap() -> None:
    assert list(find_shared([[Span(0, 2)], [Span(2, 4)]])) == []
    assert join_spans([Span(0, 2), Span(2, 4)]) == [Span(0, 4)]


@given(turns_of_talks, st.text("大模型 abc，。", max_size=80))
def test_no_turn_shows_more_than_its_first_words(turns: list[Turn], text: str) -> None:
    words = spoken(text, 0.0, None)
    timeline = arrange_timeline(turns, (), 50.0, title="x", words=words)
    for row in timeline.rows:
        for bar in row.bars:
            assert columns(bar.said) <= FIRST_WORDS + 1
            assert bar.said.removesuffix("…") in text


# --- that it is safe


class Outside(HTMLParser):
    """Collects what a page would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "link", "iframe", "object", "base", "form", "image", "img", "a"}:
            self.found.append(tag)
        self.found += [
            f"{tag} {name}"
            for name, _ in attrs
            if name.startswith("on") or name in {"href", "src", "xlink:href"}
        ]


hostile = st.text(st.characters(), max_size=30) | st.sampled_from(
    [
        "</title><script>alert(1)</script>",
        "</style><img src=x onerror=alert(1)>",
        '" onload="x',
        "{title}",
        "]]>",
        "\x00\x1b[2J",
        "\u202e大",
        "\ud800",
    ]
)


@given(hostile, hostile, hostile)
def test_no_text_can_break_out_of_the_picture(name: str, text: str, title: str) -> None:
    quote = Quote(text, text, Span(0, 1))
    speaker = Speaker(name, text, NameBasis.SAID, 0.5, (quote,))
    doubt = Finding(FindingKind.DOUBTFUL_SPEAKER, text, text, Span(0.5, 1))
    for suffix in TIMELINE_SUFFIXES:
        page = compose_timeline(
            *([Turn(name, 0, 2)], [speaker], 3.0),
            title=title,
            findings=[doubt],
            words=[Word(text, Span(0, 1), 0.9, name)],
            suffix=suffix,
        )
        page.encode()
        parser = Outside()
        parser.feed(page)
        assert parser.found == []
        if suffix == ".svg":
            ET.fromstring(page)
        else:
            drawing(page)


@given(turns_of_talks)
def test_any_turns_can_be_drawn_and_the_same_give_the_same(turns: Sequence[Turn]) -> None:
    for suffix in TIMELINE_SUFFIXES:
        page = compose_timeline(turns, (), 5.0, title="x", suffix=suffix)
        assert page == compose_timeline(turns, (), 5.0, title="x", suffix=suffix)


def test_the_svg_stands_alone() -> None:
    picture = ET.fromstring(talk(".SVG"))
    assert picture.tag == f"{SVG}svg"
    assert picture.get("role") == "img"
    texts = [text.text for text in picture.iter(f"{SVG}text")]
    assert {"panel", "宋老師", "several at once"} <= set(texts)
    assert len([g for g in picture.iter(f"{SVG}g") if "turn" in g.get("class", "")]) == 4


@pytest.mark.parametrize("suffix", [".png", ".pdf", ""])
def test_other_pictures_are_refused_with_what_to_do(suffix: str) -> None:
    with pytest.raises(OutputError, match=r"\.html or \.svg, not .*in a browser"):
        talk(suffix)


# --- as a browser draws it


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 390, "height": 844})  # a phone
    yield opened
    opened.close()


def show(page: Page, folder: Path, suffix: str = ".html") -> list[str]:
    """Open the timeline; return what the browser complained of or fetched."""
    path = folder / f"speakers{suffix}"
    path.write_text(talk(suffix), encoding="utf-8")
    noticed: list[str] = []
    page.on("console", lambda message: noticed.append(message.text))
    page.on("request", lambda request: noticed.append(request.url))
    page.goto(path.as_uri())
    return [url for url in noticed if not url.startswith(path.as_uri())]


@pytest.mark.browser
def test_a_browser_draws_turns_where_they_are_and_fetches_nothing(
    page: Page, tmp_path: Path
) -> None:
    assert show(page, tmp_path) == []
    chart = page.locator("svg.chart").bounding_box()
    bar = page.locator("g.turn.c1 rect").first.bounding_box()  # 曾老師, 32 .. 92 of 100 s
    assert chart is not None
    assert bar is not None
    assert (bar["x"] - chart["x"]) / chart["width"] == pytest.approx(0.32, abs=0.002)
    assert bar["width"] / chart["width"] == pytest.approx(0.6, abs=0.002)


@pytest.mark.browser
def test_on_a_phone_the_chart_scrolls_the_names_stay_and_the_page_does_not_move(
    page: Page, tmp_path: Path
) -> None:
    show(page, tmp_path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    before = page.locator("svg.names").bounding_box()
    page.locator(".scroll").evaluate("node => node.scrollLeft = 300")
    assert page.locator(".scroll").evaluate("node => node.scrollLeft") == 300
    assert page.locator("svg.names").bounding_box() == before
    assert before is not None
    assert before["width"] < 390 / 2


@pytest.mark.browser
@pytest.mark.parametrize("suffix", TIMELINE_SUFFIXES)
def test_dark_mode_has_light_ink(page: Page, tmp_path: Path, suffix: str) -> None:
    page.emulate_media(color_scheme="dark")
    assert show(page, tmp_path, suffix) == []
    ink = page.locator("text.name").first.evaluate("node => getComputedStyle(node).fill")
    assert sum(map(int, re.findall(r"\d+", ink)[:3])) / 3 > 180
