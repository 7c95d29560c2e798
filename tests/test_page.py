"""The page as a reader uses it, in a real Chromium: from files and over HTTP, with real sound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, BrowserContext, Page

from subtools.core import Alignment, FindingKind, Source, Span, Topic, Transcript
from subtools.page import MediaKind, MediaReference
from tests.browser import opened_browser, served_folder
from tests.paging import (
    BVID,
    LINES,
    Opened,
    change,
    finding,
    open_page,
    talk,
    with_topics,
    write_page,
)

pytestmark = pytest.mark.browser

HOSTILE = (
    "</script><script>document.title='broken'</script>",
    '"><img src=x onerror="document.title=\'broken\'">',
    "\u202eסדר הפוך <b>fett</b> \u2028 \u2029 \x00 {{data}} <!--",
    "'; alert(1); //",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800})
    yield made
    made.close()


def show(
    context: BrowserContext, folder: Path, alignment: Alignment | None = None, fragment: str = ""
) -> Opened:
    """Open a talk with its sound from a file."""
    path = write_page(folder, alignment or long_talk())
    return open_page(context, path.as_uri() + fragment)


def long_talk() -> Alignment:
    """Return a talk of three minutes that is higher than any window."""
    return with_topics(talk(times=9), 0.0, 30.0, 90.0)


def middle(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] // 2, box["y"] + box["height"] // 2


def comes_in_sight(page: Page, selector: str) -> bool:
    """Tell whether an element is between the bar and the player, once scrolling is over."""
    dock = page.locator(".dock").bounding_box()
    assert dock is not None
    for _ in range(20):
        if 52 < middle(page, selector)[1] < dock["y"]:
            return True
        page.wait_for_timeout(100)
    return False


# --- it opens and plays


def test_from_a_file_it_asks_for_the_sound_and_nothing_else(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    assert opened.requests == [(tmp_path / "clip.opus").as_uri()]
    assert opened.complaints == []
    assert opened.page.locator("h1").text_content() == "圓桌討論"


def test_over_http_it_plays_and_seeks_though_the_server_knows_no_ranges(
    context: BrowserContext, tmp_path: Path
) -> None:
    write_page(tmp_path, long_talk())
    with served_folder(tmp_path) as server:
        opened = open_page(context, f"{server}/talk.html")
        opened.wait("Number.isFinite(document.getElementById('media').duration)")
        opened.page.locator("#topics a.moment").nth(2).click()
        opened.wait("document.getElementById('media').currentTime > 90.2")
        assert set(opened.requests) == {f"{server}/clip.opus"}
        assert opened.complaints == []


def test_it_plays_the_sound_and_the_spoken_word_is_lit(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.page.click("#play")
    opened.wait("document.getElementById('media').currentTime > 1")
    assert not opened.is_paused()
    lit = opened.page.locator(".now").get_attribute("data-word")
    assert lit is not None
    assert abs(int(lit) - opened.time() / 0.25) <= 2
    assert "current" in (opened.page.locator(".passage").first.get_attribute("class") or "")
    opened.page.click("#play")
    assert opened.is_paused()


def test_it_follows_until_the_reader_scrolls_and_again_when_asked(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path, fragment="#t=100")
    page = opened.page
    assert comes_in_sight(page, ".now")
    page.keyboard.press("k")
    page.mouse.move(800, 400)
    page.mouse.wheel(0, -3000)
    page.locator("#follow").wait_for(state="visible")
    opened.wait("document.getElementById('media').currentTime > 101")
    opened.wait("scrollY === 0")
    page.click("#follow")
    assert comes_in_sight(page, ".now")
    assert not page.locator("#follow").is_visible()


def test_while_it_plays_the_text_moves_with_it(context: BrowserContext, tmp_path: Path) -> None:
    opened = show(context, tmp_path)
    page = opened.page
    page.evaluate("document.getElementById('media').playbackRate = 8")
    page.keyboard.press("k")
    opened.wait("scrollY > 100")
    assert comes_in_sight(page, ".now")
    assert not page.locator("#follow").is_visible()


def test_the_current_topic_stays_visible_in_a_long_list(
    context: BrowserContext, tmp_path: Path
) -> None:
    alignment = with_topics(talk(times=9), *(float(n) for n in range(0, 148, 4)))
    opened = show(context, tmp_path, alignment, fragment="#t=141")
    link = opened.page.locator("#topics a[aria-current]")
    assert link.get_attribute("data-time") == "140"
    assert comes_in_sight(opened.page, "#topics a[aria-current]")


# --- every way to a moment


def test_a_click_on_any_word_plays_it(context: BrowserContext, tmp_path: Path) -> None:
    opened = show(context, tmp_path)
    opened.page.locator(".w", has_text="Law").first.click()
    place = int(opened.page.locator(".w", has_text="Law").first.get_attribute("data-word") or 0)
    opened.wait(f"document.getElementById('media').currentTime >= {place * 0.25}")
    assert opened.time() < place * 0.25 + 1
    assert not opened.is_paused()


def test_selecting_text_is_no_click(context: BrowserContext, tmp_path: Path) -> None:
    opened = show(context, tmp_path)
    page = opened.page
    x, y = middle(page, "#p1 .w:nth-of-type(2)")
    page.mouse.move(int(x), int(y))  # Chromium begins no selection between two pixels
    page.mouse.down()
    page.mouse.move(int(x) + 100, int(y), steps=5)
    page.mouse.up()
    assert page.evaluate("String(getSelection()).length") > 2
    assert opened.time() == 0


def test_topics_times_and_findings_lead_to_their_moments(
    context: BrowserContext, tmp_path: Path
) -> None:
    alignment = replace(
        long_talk(), findings=(finding(FindingKind.MISHEARD, Span(70.5, 71.0), (40, 42)),)
    )
    opened = show(context, tmp_path, alignment)
    page = opened.page
    page.locator("#findings summary").click()
    for selector, time in [
        ("#topics a.moment >> nth=1", 30.0),
        ("#p2 > a.moment", 9.25),
        ("#findings a.moment", 70.5),
        ("#chapters span >> nth=2", 90.0),
    ]:
        page.locator(selector).click()
        opened.wait(f"Math.abs(document.getElementById('media').currentTime - {time}) < 2")
        assert opened.time() >= time - 0.01
        assert comes_in_sight(page, ".now")


def test_the_timeline_seeks_by_click_drag_and_keys(context: BrowserContext, tmp_path: Path) -> None:
    opened = show(context, tmp_path)
    page = opened.page
    box = page.locator("#timeline").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 5)
    page.mouse.down()
    assert opened.time() == pytest.approx(226.05 / 4, abs=0.5)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5, steps=4)
    page.mouse.up()
    assert opened.time() == pytest.approx(226.05 / 2, abs=0.5)
    slider = page.get_by_role("slider", name="Position")
    assert slider.get_attribute("aria-valuenow") == "113"
    assert slider.get_attribute("aria-valuemax") == "226"
    assert "話題3" in (slider.get_attribute("aria-valuetext") or "")
    slider.focus()
    for key, time in [("PageDown", 53.0), ("ArrowUp", 58.0), ("ArrowLeft", 53.0), ("Home", 0.0)]:
        page.keyboard.press(key)
        assert opened.time() == pytest.approx(time, abs=0.5)


def test_keys_are_those_of_other_players(context: BrowserContext, tmp_path: Path) -> None:
    opened = show(context, tmp_path)
    page = opened.page
    for key, time in [
        *(("l", 10), ("l", 20), ("j", 10), ("ArrowRight", 15), ("ArrowLeft", 10)),
        *(("5", 113.03), ("0", 0), ("End", 226.05), ("Home", 0)),
    ]:
        page.keyboard.press(key)
        assert opened.time() == pytest.approx(time, abs=0.3), key
    page.keyboard.press("Space")
    assert not opened.is_paused()
    page.keyboard.press("k")
    assert opened.is_paused()
    page.keyboard.press("m")
    assert page.evaluate("document.getElementById('media').muted") is True
    page.keyboard.press(">")
    page.keyboard.press(">")
    page.keyboard.press("<")
    assert page.evaluate("document.getElementById('media').playbackRate") == 1.25
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    assert page.evaluate("document.activeElement.closest('#topics') !== null")


def test_keys_type_while_one_types(context: BrowserContext, tmp_path: Path) -> None:
    opened = show(context, tmp_path)
    page = opened.page
    page.keyboard.press("/")
    page.keyboard.type("jkl 5?m")
    assert page.locator("#query").input_value() == "jkl 5?m"
    assert opened.time() == 0
    assert opened.is_paused()
    page.keyboard.press("Escape")
    assert page.locator("#query").input_value() == ""


def test_keys_of_one_letter_can_be_switched_off(context: BrowserContext, tmp_path: Path) -> None:
    opened = show(context, tmp_path)
    opened.page.keyboard.press("?")
    opened.page.uncheck("#keys")
    opened.page.keyboard.press("Escape")
    opened.page.keyboard.press("l")
    assert opened.time() == 0
    opened.page.keyboard.press("ArrowRight")
    assert opened.time() == pytest.approx(5)


@pytest.mark.parametrize(
    ("fragment", "time"),
    [("#t=75.2", 75.2), ("#t=1:15", 75.0), ("#t=0:01:15.5", 75.5), ("#t=75,80", 75.0)],
)
def test_a_link_to_a_moment_opens_there(
    context: BrowserContext, tmp_path: Path, fragment: str, time: float
) -> None:
    opened = show(context, tmp_path, fragment=fragment)
    opened.wait("document.getElementById('media').currentTime > 1")
    assert opened.time() == pytest.approx(time, abs=0.01)
    assert opened.is_paused()
    assert comes_in_sight(opened.page, ".now")


@pytest.mark.parametrize("fragment", ["#t=", "#t=abc", "#transcript", "#t=1e9", "#t=-5", "#%00"])
def test_other_fragments_are_no_moments(
    context: BrowserContext, tmp_path: Path, fragment: str
) -> None:
    opened = show(context, tmp_path, fragment=fragment)
    assert opened.time() == 0
    assert opened.complaints == []


def test_a_link_to_this_moment_is_copied_and_opens_there(browser: Browser, tmp_path: Path) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    context = browser.new_context(permissions=permissions)
    opened = show(context, tmp_path, fragment="#t=42.5")
    opened.page.get_by_role("button", name="Copy a link to this moment").click()
    opened.page.get_by_text("Copied: link to 0:42").wait_for()
    copied = opened.page.evaluate("() => navigator.clipboard.readText()")
    assert copied == (tmp_path / "talk.html").as_uri() + "#t=42.5"
    context.close()


def test_a_link_is_copied_where_the_clipboard_is_closed(
    context: BrowserContext, tmp_path: Path
) -> None:
    context.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    opened = show(context, tmp_path, fragment="#t=42.5")
    opened.page.keyboard.press("c")
    opened.page.get_by_text("Copied: link to 0:42").wait_for()
    opened.page.keyboard.press("/")
    opened.page.keyboard.press("Control+v")
    assert opened.page.locator("#query").input_value().endswith("#t=42.5")


# --- without a file


def test_without_a_file_words_and_times_open_the_talks_page_there(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = open_page(context, write_page(tmp_path, long_talk(), media=None).as_uri())
    page = opened.page
    stamp = page.locator("#p2 > a.moment")
    assert stamp.get_attribute("href") == f"https://www.bilibili.com/video/{BVID}?p=8&t=9"
    assert stamp.get_attribute("target") == "_blank"
    assert "noopener" in (stamp.get_attribute("rel") or "")
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    with context.expect_page() as found:
        page.locator("#p1 .w").nth(2).click()
    found.value.wait_for_timeout(300)  # there is no network here, only the wish for it
    assert asked == [f"https://www.bilibili.com/video/{BVID}?p=8&t=5"]
    assert found.value.evaluate("window.opener === null")
    page.locator("#topics a.moment").nth(1).click()
    opened.expect_time("0:30")
    link = page.get_by_role("link", name="Open on Bilibili")
    assert link.get_attribute("href") == f"https://www.bilibili.com/video/{BVID}?p=8&t=30"
    assert len(context.pages) == 2


def test_a_file_that_is_missing_or_broken_is_told_of_and_does_without(
    context: BrowserContext, tmp_path: Path
) -> None:
    (tmp_path / "clip.opus").write_bytes(b"no sound")
    path = write_page(
        tmp_path, long_talk(), MediaReference("./no.opus", MediaKind.AUDIO, "no.opus")
    )
    opened = open_page(context, path.as_uri())
    opened.page.get_by_text("no.opus is not beside this page").wait_for()
    assert opened.page.get_by_role("link", name="Open on Bilibili").is_visible()
    opened.page.keyboard.press("l")
    opened.expect_time("0:10")


def test_a_file_can_be_chosen_by_hand(context: BrowserContext, tmp_path: Path) -> None:
    opened = open_page(context, write_page(tmp_path, long_talk(), media=None).as_uri())
    clip = Path(__file__).parent / "data" / "clip" / "clip.opus"
    opened.page.locator("#choose input").set_input_files(clip)
    opened.wait("document.querySelector('.screen audio')?.readyState >= 1")
    opened.page.locator("#p1 .w").nth(2).click()
    opened.wait("document.querySelector('.screen audio').currentTime > 5.5")
    assert len(context.pages) == 1
    assert opened.complaints == []


def test_without_file_and_page_it_can_still_be_read_and_searched(
    context: BrowserContext, tmp_path: Path
) -> None:
    alignment = talk(times=3, source=Source(title="Talk"))
    opened = open_page(context, write_page(tmp_path, alignment, media=None).as_uri())
    assert opened.page.get_by_role("button", name="Open on").is_disabled()
    opened.page.locator("#p1 .w").nth(2).click()
    opened.expect_time("0:05")
    assert len(context.pages) == 1
    assert opened.search("推理") == "1 of 3"


# --- search


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("數據", "1 of 3, 1 by sound"),  # 樹聚 sounds alike
        ("数据", "1 of 3, 1 by sound"),
        ("合成数据", "1 of 2"),
        ("hecheng shuju", "1 of 2, by pinyin"),
        ("hechengshuju", "1 of 2, by pinyin"),
        ("hé chéng shù jù", "1 of 2, by pinyin"),
        ("hecheng shuj", "1 of 2, by pinyin"),
        ("hecen suju", "1 of 2, by pinyin"),
        ("束具", "1 of 3, by sound"),  # characters that the talk does not have
        ("scaling law", "1 of 1"),
        ("SCALING-LAW", "1 of 1"),
        ("cafe", "1 of 1"),
        ("用合成數據做了", "1 of 1"),
        ("Law還沒有", "1 of 1"),
        ("各位嘉賓合成", "1 of 1"),  # a comma between them
        ("calinglaw", "no match"),
        ("nothing", "no match"),
        ("[.*", "no match"),
        ("nananananananananananananananananananananananana.", "no match"),
        ("angangangangangangangangangangangangangangangx", "no match"),
        ("", ""),
    ],
)
def test_search_finds(context: BrowserContext, tmp_path: Path, query: str, said: str) -> None:
    opened = open_page(context, write_page(tmp_path, talk(), media=None).as_uri())
    assert opened.search(query) == said
    assert opened.complaints == []


def test_matches_are_stepped_through_and_shown(context: BrowserContext, tmp_path: Path) -> None:
    opened = show(context, tmp_path)
    page = opened.page
    assert opened.search("Scaling") == "1 of 9"
    for key, place in [("Enter", 2), ("Enter", 3), ("Shift+Enter", 2)]:
        page.keyboard.press(key)
        assert page.locator("#count").text_content() == f"{place} of 9"
    page.get_by_role("button", name="Next match").click()
    page.locator("h1").click()
    page.keyboard.press("n")
    assert page.locator("#count").text_content() == "4 of 9"
    page.keyboard.press("N")
    page.keyboard.press("N")
    page.keyboard.press("N")
    page.keyboard.press("N")
    assert page.locator("#count").text_content() == "9 of 9"
    assert page.locator(".hit.at").text_content() == "Scaling"
    assert comes_in_sight(page, ".hit.at")
    assert opened.time() == 0


def test_what_only_sounds_alike_is_marked_so(context: BrowserContext, tmp_path: Path) -> None:
    opened = open_page(context, write_page(tmp_path, talk(), media=None).as_uri())
    opened.search("数据")
    assert "".join(opened.page.locator(".hit:not(.alike)").all_text_contents()) == "數據數據"
    assert "".join(opened.page.locator(".hit.alike").all_text_contents()) == "樹聚"


# --- what is doubtful


def test_doubtful_and_untimed_words_are_marked_with_a_reason(
    context: BrowserContext, tmp_path: Path
) -> None:
    alignment = change(talk(), 3, confidence=0.31)
    alignment = change(alignment, 5, confidence=None)
    alignment = change(alignment, 9, span=None, confidence=None)
    alignment = replace(
        alignment, findings=(finding(FindingKind.NOT_IN_AUDIO, Span(2, 3), (10, 11), "合"),)
    )
    opened = open_page(context, write_page(tmp_path, alignment, media=None).as_uri())
    marks = {
        grade: (mark.text_content(), mark.get_attribute("title"))
        for grade in ("doubt", "guess", "untimed")
        for mark in [opened.page.locator(f".passage .{grade}")]
    }
    assert marks == {
        "doubt": ("想", "low confidence: the time may be wrong (31% sure)"),
        "guess": ("各", "timed between its neighbours"),
        "untimed": ("合", "not in the audio: heard here: wu"),
    }
    opened.page.locator(".passage .untimed").click()
    opened.expect_time("0:00")
    legend = opened.page.locator(".legend").text_content() or ""
    assert "words timed between their neighbours" in legend
    assert "not found in the sound" in (opened.page.locator(".legend").text_content() or "")


# --- hostile and odd talks


def test_hostile_titles_names_and_texts_are_only_text(
    context: BrowserContext, tmp_path: Path
) -> None:
    lines = tuple((text, f"{text}好") for text in HOSTILE)
    alignment = talk(*lines, source=Source(title=HOSTILE[1], uploader=HOSTILE[2], url=HOSTILE[0]))
    alignment = replace(
        alignment,
        topics=tuple(Topic(text, n, n + 1) for n, text in enumerate(HOSTILE)),
        findings=tuple(
            replace(
                finding(FindingKind.MISHEARD, Span(n, n + 1), (n, n + 3)), text=text, reason=text
            )
            for n, text in enumerate(HOSTILE)
        ),
    )
    opened = show(context, tmp_path, alignment)
    page = opened.page
    assert page.locator("h1").text_content() == HOSTILE[1]
    names = page.locator("#speakers bdi").all_text_contents()
    assert names[:2] == [*HOSTILE[:2]]
    assert names[2] == HOSTILE[2].replace("\x00", "\ufffd")
    page.locator("#p1 .w").first.click()
    page.hover("#timeline")
    opened.search(HOSTILE[1])
    assert page.title() != "broken"
    assert page.locator("img, main script, #contents script").count() == 0
    assert opened.requests == [(tmp_path / "clip.opus").as_uri()]
    assert opened.complaints == []


@pytest.mark.parametrize(
    "alignment",
    [
        Alignment(Transcript(()), (), "zh", "phones"),
        talk((None, "沒有人知道誰在說話。")),
        talk(("宋老師", "只有一個人說話。"), times=40),
        talk(*((f"觀眾 {n}", "十二個人說話。") for n in range(12)), times=3),
        talk((None, "an English talk has English words, and nobody is named."), times=5),
        replace(
            talk(),
            transcript=Transcript(
                talk()
                .transcript.with_words(
                    [replace(word, span=None, confidence=None) for word in talk().transcript.words]
                )
                .paragraphs
            ),
        ),
    ],
    ids=["empty", "nobody", "one", "twelve", "english", "untimed"],
)
def test_odd_talks_are_shown_whole(
    context: BrowserContext, tmp_path: Path, alignment: Alignment
) -> None:
    opened = show(context, tmp_path, alignment)
    shown = opened.page.locator(".passage p").all_text_contents()
    assert "".join(shown) == alignment.transcript.body
    opened.page.keyboard.press("k")
    opened.page.keyboard.press("l")
    opened.search("說話")
    assert opened.complaints == []


def test_three_hours_open_with_few_elements_and_jump_anywhere(
    context: BrowserContext, tmp_path: Path
) -> None:
    alignment = with_topics(talk(times=600), *(float(n) for n in range(0, 9_000, 300)))
    words = alignment.transcript.words
    opened = open_page(context, write_page(tmp_path, alignment, media=None).as_uri())
    count = opened.page.evaluate("document.querySelectorAll('.w').length")
    assert len(words) > 39_000
    assert 0 < count < 2_000
    opened.page.evaluate("location.hash = '#t=9000.1'")
    opened.wait("document.querySelector('.now')?.dataset.word == '36000'")
    assert comes_in_sight(opened.page, ".now")
    assert opened.page.evaluate("document.querySelectorAll('.w').length") < 3_000


# --- looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desktop", "phone"])
def test_axe_finds_no_serious_fault(
    browser: Browser, tmp_path: Path, scheme: str, size: tuple[int, int]
) -> None:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # axe is a script that the policy rightly forbids
    )
    alignment = replace(
        change(change(long_talk(), 3, confidence=0.2), 9, span=None, confidence=None),
        findings=(finding(FindingKind.MISHEARD, Span(2, 3), (10, 12)),),
    )
    opened = show(context, tmp_path, alignment, fragment="#t=10")
    opened.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    opened.search("數據")
    opened.page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8") + "; void 0")
    for prepare in ("void 0", "openContents?.()", "document.getElementById('help').showModal()"):
        if prepare.startswith("openContents"):
            opened.page.keyboard.press("Escape")
            opened.page.locator("h1").click()
            opened.page.keyboard.press("t")
        else:
            opened.page.evaluate(prepare)
        faults = opened.page.evaluate("() => axe.run()")["violations"]
        serious = [
            (fault["id"], node["html"], node["failureSummary"])
            for fault in faults
            for node in fault["nodes"]
        ]
        assert serious == []
    context.close()


def test_on_a_phone_nothing_is_wider_than_the_window_and_topics_open_above(
    browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 700}, has_touch=True)
    opened = show(context, tmp_path)
    page = opened.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for button in page.locator(".dock button:visible, .bar button:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
    assert not page.locator("#contents").is_visible()
    page.get_by_role("button", name="Topics and more").tap()
    page.locator("#topics a.moment").nth(1).tap()
    opened.wait("document.getElementById('media').currentTime > 30")
    assert not page.locator("#contents").is_visible()
    assert comes_in_sight(page, ".now")
    context.close()


def test_dark_and_light_follow_the_system_until_the_reader_chooses(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    page = opened.page

    def ground() -> int:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)[:3])) // 3

    assert ground() > 200
    page.emulate_media(color_scheme="dark")
    assert ground() < 60
    page.get_by_role("button", name="Dark or light").click()
    assert ground() > 200
    page.reload()
    assert ground() > 200


def test_forbidden_storage_is_no_obstacle(context: BrowserContext, tmp_path: Path) -> None:
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})"
    )
    opened = show(context, tmp_path)
    opened.page.get_by_role("button", name="Dark or light").click()
    assert opened.page.locator("html").get_attribute("data-theme") == "dark"
    assert opened.complaints == []


def test_print_has_all_text_and_times_and_no_player(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    page = opened.page
    page.emulate_media(media="print")
    for hidden in (".dock", ".bar", "#contents", "#follow"):
        assert not page.locator(hidden).is_visible()
    last = page.locator(".passage").last
    assert last.evaluate("node => getComputedStyle(node).contentVisibility") == "visible"
    assert page.locator(".passage > .moment time").last.is_visible()
    assert "".join(page.locator(".passage p").all_inner_texts()) == long_talk().transcript.body
    assert page.pdf(format="A4").count(b"/Type /Page\n") >= 3


def test_a_video_is_shown_beside_the_text(context: BrowserContext, small_video: Path) -> None:
    reference = MediaReference(f"./{small_video.name}", MediaKind.VIDEO, small_video.name)
    path = write_page(small_video.parent, talk(*LINES), reference)
    opened = open_page(context, path.as_uri())
    opened.wait("document.getElementById('media').readyState >= 1")
    box = opened.page.locator("video").bounding_box()
    assert box is not None
    assert box["width"] > 200
    opened.page.click("video")
    opened.wait("document.getElementById('media').currentTime > 0.3")
    assert opened.page.get_by_role("button", name="Full screen").is_visible()
    assert opened.complaints == []


@pytest.fixture(scope="module")
def small_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import subprocess

    from subtools.media import find_ffmpeg

    path = tmp_path_factory.mktemp("video") / "5% of #1?.webm"
    picture = ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=10:duration=4"]
    command = [str(find_ffmpeg()), "-v", "error", *picture, "-c:v", "libvpx", str(path)]
    subprocess.run(command, check=True)
    return path.rename(path.with_name("picture.webm"))
