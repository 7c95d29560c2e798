"""The picture of a stretch: what it shows, that it is safe, and how a browser draws it."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from subtools.core import (
    FRAME,
    SAMPLE_RATE,
    Alignment,
    Audio,
    Finding,
    FindingKind,
    Paragraph,
    Posteriors,
    Span,
    Transcript,
    Word,
)
from subtools.errors import AlignmentError
from subtools.phonetics import PHONE_INDEX, PHONES
from subtools.plots import LONGEST, PlotRequest, Stretch, compose_plot, cut_stretch
from tests.browser import opened_browser

SPOKEN = (
    *(("大", "d a"), ("模", "m o"), ("型", "x ing"), ("的", "d e")),
    *(("能", "n eng"), ("力，", "l i"), ("GPT-", "JH IY P IY T IY"), ("4 ", "s ih")),
    *(("very ", "V EH R IY"), ("good。", "G UH D")),
)
PHONE = 0.08  # s
ONSET = 1.0  # s; silence before the first word


def talk() -> tuple[tuple[Word, ...], Posteriors, Audio]:
    """Return a made-up talk: its words, posteriors and sound, 4 s."""
    rng = np.random.default_rng(4)
    chances = np.full((400, len(PHONES)), 1e-4)
    chances[:, PHONE_INDEX["sil"]] = 1.0
    samples = rng.normal(0, 30, 4 * SAMPLE_RATE)
    words, now = [], ONSET
    for index, (text, phones) in enumerate(SPOKEN):
        start = now
        for phone in phones.split():
            frames = slice(round(now / FRAME), round((now + PHONE) / FRAME))
            chances[frames, PHONE_INDEX["sil"]] = 0.02
            chances[frames, PHONE_INDEX[phone]] = 0.9
            chances[frames, PHONE_INDEX["ang"]] = 0.12
            now += PHONE
        part = slice(round(start * SAMPLE_RATE), round(now * SAMPLE_RATE))
        samples[part] = rng.normal(0, 3000 * (1 + index % 3), part.stop - part.start)
        words.append(Word(text, Span(start, now), index / 9 if index != 4 else None, "王"))
    log_probs = np.log(chances / chances.sum(axis=1, keepdims=True)).astype(np.float16)
    voices = np.linspace(0, 1, 400).astype(np.float16)
    posteriors = Posteriors(log_probs, voices, np.full(400, -40, np.float32))
    return tuple(words), posteriors, Audio(samples.clip(-32768, 32767).astype(np.int16))


WORDS, POSTERIORS, SOUND = talk()
FINDINGS = (
    Finding(FindingKind.MISHEARD, "GPT-", "heard here: 'BB地'", Span(1.96, 2.44), (6, 10)),
    Finding(FindingKind.NOT_IN_AUDIO, "謝謝", "not heard in this place", Span(3.2, 3.4)),
)
ALIGNMENT = Alignment(Transcript((Paragraph(WORDS),)), FINDINGS, "zh", "phones")
WHOLE = cut_stretch(ALIGNMENT, SOUND, POSTERIORS, PlotRequest(Span(0, 4)))


# --- what is cut out


def test_without_a_wish_the_picture_begins_shortly_before_the_first_finding() -> None:
    long = Audio(np.zeros(600 * SAMPLE_RATE, np.int16))
    late = replace(FINDINGS[0], span=Span(100.0, 101.0))
    stretch = cut_stretch(replace(ALIGNMENT, findings=(late,)), long, None, PlotRequest())
    assert stretch.span == Span(98.0, 128.0)


def test_without_findings_it_begins_shortly_before_the_first_word() -> None:
    long = Audio(np.zeros(600 * SAMPLE_RATE, np.int16))
    later = tuple(replace(w, span=w.span.shifted(50)) for w in WORDS if w.span)
    alignment = Alignment(Transcript((Paragraph(later),)), (), "zh", "phones")
    assert cut_stretch(alignment, long, None, PlotRequest()).span == Span(49.0, 79.0)


def test_a_short_sound_is_shown_whole() -> None:
    stretch = cut_stretch(ALIGNMENT, SOUND, POSTERIORS, PlotRequest())
    assert stretch.span == Span(0.0, 4.0)
    assert stretch.words == WORDS


def test_only_what_sounds_in_the_stretch_is_in_it() -> None:
    stretch = cut_stretch(ALIGNMENT, SOUND, POSTERIORS, PlotRequest(Span(1.1, 1.4)))
    assert "".join(word.text for word in stretch.words) == "大模型"
    assert stretch.findings == ()
    assert len(stretch.samples) == round(0.3 * SAMPLE_RATE)
    assert stretch.posteriors is not None
    assert stretch.posteriors.log_probs.shape == (30, len(PHONES))


def test_shifted_words_are_shown_over_the_sound_they_were_found_in() -> None:
    moved = tuple(replace(w, span=w.span.shifted(10)) for w in WORDS if w.span)
    later = replace(ALIGNMENT, transcript=Transcript((Paragraph(moved),)), findings=())
    wanted = PlotRequest(Span(11, 12))
    shifted = cut_stretch(later, SOUND, POSTERIORS, wanted, offset=10.0)
    plain = cut_stretch(ALIGNMENT, SOUND, POSTERIORS, PlotRequest(Span(1, 2)))
    assert shifted.span == Span(11, 12)
    assert [w.text for w in shifted.words] == [w.text for w in plain.words]
    assert np.array_equal(shifted.samples, plain.samples)


@pytest.mark.parametrize(
    ("span", "message"),
    [(Span(5.0, 9.0), "ends at 0:04"), (Span(0.0, LONGEST + 1), "too long")],
)
def test_a_stretch_that_cannot_be_drawn_is_refused(span: Span, message: str) -> None:
    with pytest.raises(AlignmentError, match=message):
        cut_stretch(ALIGNMENT, SOUND, POSTERIORS, PlotRequest(span))


# --- what the page holds


class Outside(HTMLParser):
    """Collects what a page would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "link", "iframe", "object", "base", "form"}:
            self.found.append(tag)
        for name, value in attrs:
            is_fetched = name in {"href", "src", "xlink:href"}
            if name.startswith("on") or (is_fetched and not (value or "").startswith("data:")):
                self.found.append(f"{tag} {name}")


def drawing(page: str) -> ET.Element:
    """Return the chart; parsing it shows that it is well-formed."""
    [chart] = re.findall(r'<svg class="chart".*?</svg>', page, re.DOTALL)
    return ET.fromstring(chart)  # our own output, and it declares no entities


def test_the_page_shows_every_word_with_its_numbers() -> None:
    titles = [title.text or "" for title in drawing(compose_plot(WHOLE)).iter("title")]
    for word in WORDS:
        assert any(title.startswith(f"“{word.text.strip()}”\n") for title in titles)
    assert "“大”\n00:00:01.000 – 00:00:01.160\n160 ms\nconfidence: 0.00\nspeaker: 王" in titles
    assert any("confidence: time between its neighbours" in title for title in titles)


def test_only_classes_that_are_likely_somewhere_have_a_row() -> None:
    page = compose_plot(WHOLE)
    names = re.findall(r'class="phone">([^<]+)<', page)
    assert names[0] == "two voices"
    used = {phone for _, phones in SPOKEN for phone in phones.split()} | {"sil"}
    assert names[1:] == [phone for phone in PHONES if phone in used]


def test_a_run_of_frames_shows_its_probability() -> None:
    titles = [title.text for title in drawing(compose_plot(WHOLE)).iter("title")]
    assert "x\n00:00:01.320 – 00:00:01.400\nprobability 0.86, at most 0.86" in titles


def test_the_picture_of_the_posteriors_is_a_png_of_their_probabilities() -> None:
    [encoded] = re.findall(r'href="data:image/png;base64,([^"]+)"', compose_plot(WHOLE))
    picture = base64.b64decode(encoded)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = (int.from_bytes(picture[k : k + 4], "big") for k in (16, 20))
    start = picture.index(b"IDAT")
    length = int.from_bytes(picture[start - 4 : start], "big")
    lines = np.frombuffer(zlib.decompress(picture[start + 4 : start + 4 + length]), np.uint8)
    rows = lines.reshape(height, width + 1)[:, 1:]
    assert width == 400
    assert rows[1, :50].min() >= 250  # silence
    assert rows[0, -1] == 255  # two voices


def test_findings_are_in_the_drawing_and_in_a_table() -> None:
    page = compose_plot(WHOLE)
    for finding in FINDINGS:
        assert page.count(finding.kind.value) >= 3
    assert "heard here: &#x27;BB地&#x27;" in page


def test_without_posteriors_the_page_says_so() -> None:
    page = compose_plot(replace(WHOLE, posteriors=None))
    assert "no posteriors" in page
    assert "<image" not in page


HOSTILE = st.text(st.characters(), max_size=30) | st.sampled_from(
    [
        "</title><script>alert(1)</script>",
        '" onload="x',
        "{title}",
        "\x00\x1b[2J",
        "\u202e大",
        "\ud800",
    ]
)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_can_break_out_of_the_page(text: str, reason: str, speaker: str) -> None:
    word = replace(WORDS[0], text=text, speaker=speaker)
    finding = replace(FINDINGS[0], text=text, reason=reason)
    stretch = replace(WHOLE, words=(word,), findings=(finding,), caption=reason)
    page = compose_plot(stretch)
    page.encode()
    parser = Outside()
    parser.feed(page)
    assert parser.found == []
    drawing(page)


@given(st.floats(0, 3.9), st.floats(0.01, 4), st.sampled_from([None, POSTERIORS]), st.floats(-3, 3))
def test_any_stretch_can_be_drawn(
    start: float, length: float, posteriors: Posteriors | None, offset: float
) -> None:
    span = Span(max(0.0, start + offset), max(0.0, start + offset) + length)
    try:
        stretch = cut_stretch(ALIGNMENT, SOUND, posteriors, PlotRequest(span), offset=offset)
    except AlignmentError:
        assert span.start >= 4 + offset
        return
    drawing(compose_plot(stretch))


def test_the_same_stretch_gives_the_same_page() -> None:
    assert compose_plot(WHOLE) == compose_plot(WHOLE)


def test_numbers_that_are_none_do_no_harm() -> None:
    logs = POSTERIORS.log_probs.copy()
    logs[10] = np.nan
    logs[11] = -np.inf
    broken = replace(POSTERIORS, log_probs=logs)
    drawing(compose_plot(replace(WHOLE, posteriors=broken)))


# --- as a browser draws it


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1000, "height": 900})
    yield opened
    opened.close()


def show(page: Page, stretch: Stretch, folder: Path) -> list[str]:
    """Open the picture of ``stretch``; return what the browser complained of or fetched."""
    path = folder / "why.html"
    path.write_text(compose_plot(stretch), encoding="utf-8")
    noticed: list[str] = []
    page.on("console", lambda message: noticed.append(message.text))
    page.on("request", lambda request: noticed.append(request.url))
    page.goto(path.as_uri())
    return [url for url in noticed if not url.startswith(("data:", path.as_uri()))]


@pytest.mark.browser
def test_a_browser_draws_words_where_they_sound_and_fetches_nothing(
    page: Page, tmp_path: Path
) -> None:
    assert show(page, WHOLE, tmp_path) == []
    chart = page.locator("svg.chart").bounding_box()
    word = page.locator("g.word rect").first.bounding_box()
    assert chart is not None
    assert word is not None
    assert (word["x"] - chart["x"]) / chart["width"] == pytest.approx(1.0 / 4.0, abs=0.002)
    assert word["width"] / chart["width"] == pytest.approx(0.16 / 4.0, abs=0.002)
    assert page.locator("image").evaluate("node => node.getBBox().width") > 1000


@pytest.mark.browser
def test_the_names_stay_in_sight_when_the_chart_is_scrolled(page: Page, tmp_path: Path) -> None:
    show(page, WHOLE, tmp_path)
    before = page.locator("svg.names").bounding_box()
    page.locator(".scroll").evaluate("node => node.scrollLeft = 150")
    after = page.locator("svg.names").bounding_box()
    assert before == after


@pytest.mark.browser
def test_dark_mode_has_light_ink(page: Page, tmp_path: Path) -> None:
    page.emulate_media(color_scheme="dark")
    show(page, WHOLE, tmp_path)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    ink = page.locator("text").first.evaluate("node => getComputedStyle(node).fill")
    assert brightness(ground) < 60 < 180 < brightness(ink)


def brightness(color: str) -> float:
    """Return the mean of red, green and blue of a computed colour."""
    return sum(map(int, re.findall(r"\d+", color)[:3])) / 3
