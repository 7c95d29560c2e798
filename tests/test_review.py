"""The review page as a person uses it, in a real Chromium, from finding to new subtitles."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, BrowserContext, Dialog

from subtools.applying import apply_file
from subtools.core import (
    Alignment,
    Correction,
    Decision,
    EditBasis,
    Evidence,
    EvidenceKind,
    Source,
)
from subtools.formats.correction_pages import compose_correction_html
from subtools.formats.edits import parse_basis, parse_edits
from subtools.formats.words import compose_words, parse_words
from subtools.page import Files, MediaKind, MediaReference, compose_review
from subtools.reading import load_subtitles
from subtools.shifting import shift_alignment
from tests.browser import opened_browser
from tests.commands import assert_one_line_error, subtools
from tests.paging import Opened
from tests.reviewing import clip_alignment, clip_corrections, write_talk

pytestmark = pytest.mark.browser

LANDMARKS = 9  # that a file has besides
SOUND = MediaReference("./clip.opus", MediaKind.AUDIO, "clip.opus")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800})
    yield made
    made.close()


class Review(Opened):
    """The page, open."""

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def facts(self) -> str:
        return self.page.locator(".facts").text_content() or ""

    def count(self) -> str:
        return self.page.locator("#count").text_content() or ""

    def toast(self) -> str:
        return self.page.locator("#toast").text_content() or ""

    def rows(self) -> list[str]:
        return self.page.locator("#items .what").all_text_contents()

    def choose(self, text: str, nth: int = 0) -> None:
        self.page.locator("#items button", has_text=text).nth(nth).click()

    def current(self) -> str:
        return self.page.locator("#items [aria-current] .what").text_content() or ""

    def type(self, text: str) -> None:
        """Put ``text`` into the editor that is open, and keep it."""
        self.page.fill("textarea", text)
        self.press("Enter")

    def edits(self) -> list[dict[str, Any]]:
        """Download the edits and return them, without landmarks."""
        listed = json.loads(self.download())["edits"]
        return [edit for edit in listed if edit["kind"] != "landmark"]

    def changes(self) -> list[tuple[str, str, str]]:
        """Return kind, text before and after of each edit."""
        return [(edit["kind"], edit["before"], edit["after"]) for edit in self.edits()]

    def download(self, to: Path | None = None) -> str:
        with self.page.expect_download() as started:
            self.page.click("#download")
        path = to or Path(started.value.path())
        if to is not None:
            started.value.save_as(to)
        return path.read_text(encoding="utf-8")


def show(
    context: BrowserContext,
    folder: Path,
    alignment: Alignment | None = None,
    corrections: Sequence[Correction] | None = None,
    **options: Any,
) -> Review:
    """Open the clip's review from a file."""
    if not (folder / "words.json").exists():
        write_talk(folder)
    alignment = alignment or clip_alignment()
    found = clip_corrections(alignment) if corrections is None else corrections
    path = folder / "clip.review.html"
    page = compose_review(alignment, found, media=SOUND, **options)
    path.write_text(page, encoding="utf-8", newline="\n")
    return open_review(context, path)


def open_review(context: BrowserContext, path: Path) -> Review:
    opened = Review(context.new_page())
    page, address = opened.page, path.as_uri()
    page.on("console", lambda message: opened.complaints.append(message.text))
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    page.on("request", lambda request: opened.requests.append(request.url))
    page.goto(address)
    opened.wait("document.documentElement.dataset.ready")
    return opened


# --- the whole way


@pytest.mark.model
def test_from_a_finding_to_a_saved_edit_to_new_subtitles(
    context: BrowserContext, tmp_path: Path
) -> None:
    folder = write_talk(tmp_path)
    made = subtools(
        *("review", folder / "words.json", "-c", folder / "clip.corrections.json"),
        *("--media", folder / "clip.opus", "-o", folder / "clip.review.html"),
    )
    assert made.status == 0, made.stderr
    opened = open_review(context, folder / "clip.review.html")
    opened.choose("not in the text")
    opened.press("e")
    text = opened.page.locator("textarea").input_value()
    opened.type("對，" + text)
    opened.choose("國揚 → 國洋")
    opened.press("a")
    opened.choose("幣 → B")
    opened.press("2")
    opened.choose("依次 → 一次")
    opened.press("r")
    opened.press("v")
    opened.page.keyboard.insert_text("曾毅")
    opened.press("Enter")
    opened.download(folder / "clip.edits.json")
    assert opened.complaints == []

    done = subtools(
        *("apply", folder / "words.json", folder / "clip.edits.json"),
        *("-c", folder / "clip.corrections.json", "-a", folder / "clip.opus"),
        *("-o", folder / "edited", "--json"),
    )
    summary = json.loads(done.stdout)
    assert summary["unfit"] == []
    (srt,) = (folder / "edited").glob("*.srt")
    cues = load_subtitles(srt).cues
    shown = "".join(cue.text.replace("\n", "") for cue in cues)
    assert "國洋" in shown and "國揚" not in shown
    assert "依次" in shown and "一次" not in shown
    assert "多少比參數" in shown, "another reading"
    assert "Scaling Law" in shown and "Scanning" not in shown
    assert "對，" + text[:3] in shown
    assert "曾毅：" in shown and "曾老師：" not in shown
    cue = next(cue for cue in cues if "國洋" in cue.text)
    assert cue.start < 188.7 < cue.end
    again = apply_file(folder / "edited" / "words.json", folder / "clip.edits.json")
    assert (again.resolution.changes, again.resolution.names) == ((), {})
    assert again.resolution.unfit == ()


# --- what is shown


def test_it_asks_the_network_for_nothing_but_the_sound(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.press("a", "j", "r", "s")
    asked = {url for url in opened.requests if not url.startswith(("data:", "blob:"))}
    assert asked == {
        path.as_uri() for path in (tmp_path / "clip.review.html", tmp_path / "clip.opus")
    }
    assert opened.complaints == []


def test_what_is_safe_is_applied_proposals_are_open_and_the_unlikely_is_hidden(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    assert len(opened.rows()) == 12
    assert not any("代繼差" in row for row in opened.rows())
    opened.page.select_option("#show", "kept")
    assert opened.rows() == ["代際差 → 代繼差"]
    opened.page.select_option("#show", "applied")
    assert len([row for row in opened.rows() if row == "Scanning → Scaling"]) == 5
    opened.page.select_option("#show", "open")
    assert "依次 → 一次" in opened.rows()
    opened.page.select_option("#kind", "misheard?")
    assert opened.rows() == ["國揚 → 國洋 misheard?"]
    opened.page.select_option("#kind", "possible")
    assert len(opened.rows()) == 6 and "國揚 → 國洋 misheard?" in opened.rows()


def test_the_order_is_by_time_or_by_doubt(context: BrowserContext, tmp_path: Path) -> None:
    opened = show(context, tmp_path)
    times = opened.page.locator("#items time").all_text_contents()
    assert times == sorted(times, key=lambda clock: int(clock.replace(":", "")))
    opened.press("o")
    assert opened.rows()[0] == "國揚 → 國洋 misheard?"
    assert opened.rows()[-1] == "Scanning → Scaling"
    opened.press("o")
    assert opened.rows()[:5] == ["Scanning → Scaling"] * 5
    assert opened.rows()[-1].startswith("not in the text")
    opened.press("o")
    assert opened.page.locator("#order").input_value() == "time"


def test_before_and_after_stand_in_the_sentence_with_the_evidence(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.choose("依次 → 一次")
    here = opened.page.locator(".here")
    assert here.locator("del.own").text_content() == "依次"
    assert here.locator("ins.own").text_content() == "一次"
    assert "它的表現是呈一條" in (here.text_content() or "")
    reasons = opened.page.locator(".reasons li").all_inner_texts()
    assert [reason.split("\n") for reason in reasons] == [
        ["for", "it fits what is heard better than what is written"],
        ["a little against", "what is written makes better words"],
    ]
    evidence = opened.page.locator(".evidence li").all_text_contents()
    assert "for: sound “一次” fits what is heard better +2.1" in evidence[0]
    assert "against: frequency" in evidence[1]
    assert "possible 62 %" in opened.facts()
    row = opened.page.locator("#items [aria-current]")
    assert row.locator(".sure").text_content() == "possible"


def test_a_finding_and_a_correction_of_one_place_are_one_task(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.page.uncheck("#auto")
    assert [row for row in opened.rows() if "國揚" in row] == ["國揚 → 國洋 misheard?"]
    opened.choose("國揚 → 國洋")
    card = opened.page.locator("#card").inner_text()
    assert "Also found here: misheard?" in card and "heard here: guo yang" in card
    opened.page.locator("#card").focus()
    opened.wait("document.getElementById('media').readyState >= 2")
    opened.press("p")
    opened.wait("!document.getElementById('media').paused")
    assert opened.time() < 188.3, "from the beginning of the finding on"
    opened.press("p", "r")
    assert opened.count() == "1 of 7 done"
    assert [edit["kind"] for edit in opened.edits()] == ["reject"]


def test_the_command_counts_places_as_the_page_does(
    context: BrowserContext, tmp_path: Path
) -> None:
    folder = write_talk(tmp_path)
    page = folder / "clip.review.html"
    corrections = folder / "clip.corrections.json"
    made = subtools("review", folder / "words.json", "-c", corrections, "-o", page)
    opened = open_review(context, page)
    assert opened.count() == "0 of 7 done"
    assert "7 places to decide" in made.stderr


# --- what one hears


def test_a_key_plays_the_stretch_with_half_a_second_around_it(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.wait("document.getElementById('media').readyState >= 2")
    opened.page.uncheck("#auto")
    opened.choose("依次 → 一次")  # 92.779 to 93.12
    opened.page.locator("#card").focus()
    opened.press("p")
    opened.wait("!document.getElementById('media').paused")
    assert 92.2 < opened.time() < 93.7
    opened.wait("document.getElementById('media').paused")
    assert 93.55 < opened.time() < 93.9
    opened.press("l", "p")
    opened.wait("!document.getElementById('media').paused")
    opened.page.wait_for_timeout(2000)  # the stretch lasts 1.3 s: it goes round
    assert not opened.is_paused()
    assert 92.2 < opened.time() < 93.9
    opened.press(" ")
    assert opened.is_paused()


# --- what one decides


def test_decisions_by_keyboard_go_on_to_the_next_place_and_are_counted(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.page.select_option("#show", "open")
    opened.page.locator("#card").focus()
    before = opened.rows()
    assert opened.count() == "0 of 7 done"
    opened.press("a")
    assert opened.count().startswith(("1 of", "2 of"))
    assert opened.rows() == before[1:]
    assert opened.page.locator("#items [aria-current]").count() == 1
    opened.press("j", "k", "r")
    assert [edit["kind"] for edit in opened.edits()] == ["accept", "reject"]


def test_undo_and_redo_go_back_to_where_it_was_decided(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.choose("佔成 → 戰勝")
    opened.press("r")
    assert "幣" in (opened.page.locator("del.own").text_content() or "")
    opened.press("Control+z")
    assert opened.page.locator("del.own").text_content() == "佔成"
    assert "to do" in opened.facts()
    assert opened.edits() == []
    opened.press("U")
    assert "rejected" in opened.facts()
    opened.press("0")
    assert "to do" in opened.facts()
    opened.press("u", "u", "u")
    assert opened.toast() == "There is nothing to undo."


def test_an_applied_correction_can_be_rejected(context: BrowserContext, tmp_path: Path) -> None:
    opened = show(context, tmp_path)
    opened.choose("Scanning → Scaling")
    assert "applied" in opened.facts()
    opened.press("r")
    (edit,) = opened.edits()
    assert (edit["kind"], edit["before"], edit["after"]) == ("reject", "Scanning", "Scaling")
    assert edit["time"] == 67.7


@pytest.mark.parametrize(
    ("typed", "kind", "before", "after"),
    [
        ("它的表現是呈一條一次函數曲線，", "replace", "依次", "一次函數"),
        ("它的表現是呈一條一次曲線，", "accept", "依次", "一次"),
        ("它的表現是呈兩條一次曲線，", "edit", "一", "兩"),
        ("它的表現是呈一條依次曲線，嗯，", "edit", "線，", "線，嗯，"),
        ("它的表現是呈一條依次直線，", "edit", "曲", "直"),
    ],
)
def test_typed_text_becomes_the_least_edit(
    context: BrowserContext, tmp_path: Path, typed: str, kind: str, before: str, after: str
) -> None:
    opened = show(context, tmp_path)
    opened.choose("依次 → 一次")
    opened.press("e")
    assert opened.page.locator("textarea").input_value() == "它的表現是呈一條一次曲線，"
    opened.type(typed)
    edits = [edit for edit in opened.edits() if edit["after"] not in {"一次"} or kind == "accept"]
    found = [(edit["kind"], edit["before"], edit["after"]) for edit in edits]
    assert (kind, before, after) in found


def test_escape_leaves_the_text_and_keys_do_nothing_while_one_types(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.choose("依次 → 一次")
    opened.press("e")
    opened.page.keyboard.type("arju")
    opened.press("Escape")
    assert opened.page.locator("textarea").count() == 0
    assert opened.edits() == []
    opened.press("r")
    assert len(opened.edits()) == 1


# --- other readings of the same words


def standing(opened: Review) -> list[str]:
    """Return the readings that are marked as chosen, as a screen reader says them."""
    chosen = opened.page.locator('.readings [aria-pressed="true"]').all()
    return [button.inner_text().replace("\n", " ").split(" ", 1)[1] for button in chosen]


def test_one_of_several_readings_is_chosen_by_its_number_or_a_press(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.choose("幣 → B")
    names = ["Reading 1: B", "Reading 2: 比", "Reading 3: 億"]
    group = opened.page.get_by_role("group", name="What may have been said")
    first, _, third = (group.get_by_role("button", name=n, exact=True) for n in names)
    assert [first.text_content(), third.text_content()] == ["1Reading 1: B", "3Reading 3: 億"]
    assert standing(opened) == []
    third.click()
    assert opened.toast() == "Chosen: 億"
    assert "Scanning" in opened.current(), "it goes on"
    assert "幣 → 億" in opened.rows()
    opened.press("k")
    assert standing(opened) == ["Reading 3: 億"] and "another reading" in opened.facts()
    assert opened.changes() == [("replace", "幣", "億")]
    opened.press("1", "k")
    assert standing(opened) == ["Reading 1: B"] and "accepted" in opened.facts()
    assert opened.changes() == [("accept", "幣", "B")]
    opened.press("u")
    assert standing(opened) == ["Reading 3: 億"]
    opened.press("0")
    assert (standing(opened), opened.changes()) == ([], [])
    opened.press("4")
    assert opened.toast() == "There is no reading 4 here."
    opened.choose("依次 → 一次")
    opened.press("2")
    assert opened.toast() == "No other readings are known here."
    assert opened.changes() == [] and opened.complaints == []

    opened.choose("幣 → B")
    opened.press("2")
    text = opened.download(tmp_path / "clip.edits.json")
    applied = apply_file(tmp_path / "words.json", tmp_path / "clip.edits.json")
    assert "多少比參數" in applied.captions.alignment.transcript.body
    opened.page.click("#clear")
    opened.page.set_input_files("#load", tmp_path / "clip.edits.json")
    opened.wait("document.getElementById('toast').textContent.includes('1 edit loaded')")
    opened.choose("幣 → 比")
    assert standing(opened) == ["Reading 2: 比"]
    assert opened.download() == text
    opened.page.click("#clear")
    assert standing(opened) == []

    wider = {"kind": "edit", "time": None, "left": "多", "before": "少幣參", "right": "數"}
    content = {"format": "subtools-edits", "version": 1, "edits": [{**wider, "after": "少億參"}]}
    (tmp_path / "wider.json").write_text(json.dumps(content), encoding="utf-8")
    opened.page.set_input_files("#load", tmp_path / "wider.json")
    opened.page.locator('.readings [aria-pressed="true"]', has_text="億").wait_for()
    opened.press("2")
    assert opened.changes() == [("replace", "幣", "比")]


TYPED = {  # text: what it comes to, and which of the readings it is
    "而不是比自身多多少比參數的模型，": ([("replace", "幣", "比")], ["Reading 2: 比"]),
    "而不是比自己多多少億參數的模型，": (
        [("edit", "身", "己"), ("replace", "幣", "億")],
        ["Reading 3: 億"],
    ),
    "而不是比自身多多少筆參數的模型，": ([("replace", "幣", "筆")], []),
    "而不是比自身多好幾筆參數的模型，": ([("edit", "多少幣", "好幾筆")], []),
}


def test_what_is_typed_is_the_reading_that_it_equals_and_a_number_takes_its_place(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.choose("幣 → B")
    for typed, found in TYPED.items():
        opened.press("e")
        opened.page.locator("textarea").press("2")  # a character like others
        opened.type(typed)
        opened.choose("幣 → ")
        assert (opened.changes(), standing(opened)) == found
        opened.page.click("#clear")
    opened.press("u")
    assert standing(opened) == []
    opened.press("t")
    opened.page.locator(".context").click()
    opened.press("2")  # meant for the people there
    assert opened.changes() == TYPED[typed][0]
    opened.press("t", "Escape", "2")
    assert opened.toast() == "Chosen: 比, in place of your own edit"
    assert opened.changes() == [("replace", "幣", "比")]
    opened.press("u")
    assert opened.changes() == TYPED[typed][0]


def test_an_edit_far_from_a_safe_correction_leaves_it_alone(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.choose("not in the text")
    opened.press("e")
    text = opened.page.locator("textarea").input_value()
    assert "Scaling Law" in text  # as it is after the corrections
    opened.type(text.replace("首先", "首要"))
    edits = opened.edits()
    assert [(e["kind"], e["before"], e["after"]) for e in edits][-1] == ("edit", "先", "要")
    assert {e["kind"] for e in edits} == {"checked", "edit"}


def test_a_speaker_is_renamed_where_the_name_stands(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.choose("依次 → 一次")
    opened.page.locator(".facts button.name").click()
    opened.page.keyboard.insert_text("曾毅 <b>")
    opened.press("Enter")
    assert "曾毅 <b>" in opened.facts()
    (edit,) = opened.edits()
    assert (edit["kind"], edit["speaker"], edit["after"]) == ("speaker", "曾老師", "曾毅 <b>")
    assert edit["before"]
    opened.page.locator("#people summary").click()
    assert "曾毅 <b>" in opened.page.locator("#names").inner_text()


# --- what is kept


def test_unsaved_work_is_there_again_and_leaving_warns(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.choose("依次 → 一次")
    opened.press("a")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    opened.page.on("dialog", leave)
    opened.page.reload()
    opened.wait("document.documentElement.dataset.ready")
    assert asked == ["beforeunload"]
    assert opened.toast() == "Work that was not saved is here again: 1 edit."
    opened.choose("依次 → 一次")
    assert "accepted" in opened.facts()
    opened.download()
    opened.page.reload()
    opened.wait("document.documentElement.dataset.ready")
    assert asked == ["beforeunload"]  # what is saved can be left


def test_saved_work_is_there_again_too_until_one_starts_over(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path, files=Files("clip.edits.json"))
    files = opened.page.locator("#files p").first
    assert (files.text_content() or "").startswith("Will be saved as clip.edits.json.")
    opened.choose("依次 → 一次")
    opened.press("a")
    before = opened.edits()
    assert (files.text_content() or "").startswith("Saved as clip.edits.json.")
    opened.page.reload()
    opened.wait("document.documentElement.dataset.ready")
    assert opened.toast() == "What was saved is here again: 1 edit."
    assert opened.count() == "1 of 7 done"
    assert (files.text_content() or "").startswith("Saved as clip.edits.json.")
    assert opened.page.locator("#save").text_content() == "Save"
    assert opened.edits() == before
    opened.choose("佔成 → 戰勝")
    opened.press("r")
    assert (files.text_content() or "").startswith("Will be saved as clip.edits.json.")
    opened.page.click("#clear")
    opened.page.on("dialog", lambda dialog: dialog.accept())
    opened.page.reload()
    opened.wait("document.documentElement.dataset.ready")
    assert (opened.toast(), opened.count()) == ("", "0 of 7 done")


def test_the_file_says_which_corrections_were_shown(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path, files=Files(corrections="clip.corrections.json"))
    opened.press("a")
    assert parse_basis(opened.download()) == EditBasis("clip.corrections.json", 12, 5)
    without = show(context, tmp_path, corrections=[])
    assert parse_basis(without.download()) is None


def test_what_is_rejected_is_struck_and_the_text_is_not(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.choose("Scanning → Scaling")
    row = opened.page.locator("#items [aria-current] .what")
    assert row.locator("del").text_content() == "Scanning"
    opened.press("r", "u", "U")
    assert "rejected" in opened.facts()
    assert row.locator("del").all_text_contents() == ["Scaling"]
    here = opened.page.locator(".here")
    assert here.locator("del.own").all_text_contents() == ["Scaling"]
    assert here.locator("span.own").all_text_contents() == ["Scanning"]
    assert here.locator("ins.own").count() == 0


def test_the_button_says_what_it_does_with_a_finding(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    accept = opened.page.locator("#accept")
    opened.choose("not in the text")
    assert accept.text_content() == "Text is right"
    assert accept.get_attribute("title") == "Text is right (a)"
    opened.choose("依次 → 一次")
    assert accept.get_attribute("title") == "Accept (a)"


def test_the_help_is_shown_from_its_beginning_and_can_be_scrolled(
    browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 500})
    opened = show(context, tmp_path)
    opened.press("?")
    top, bottom, scrolled = opened.page.evaluate(
        "(() => { const help = document.getElementById('help');"
        "const box = help.getBoundingClientRect();"
        "return [box.top, box.bottom, help.scrollTop]; })()"
    )
    assert top >= 0 and bottom <= 500
    assert scrolled == 0
    opened.press("End")
    opened.wait("document.getElementById('help').scrollTop > 100")
    context.close()


def test_a_saved_file_is_loaded_again_by_choosing_or_dropping_it(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.choose("依次 → 一次")
    opened.press("a")
    opened.choose("佔成 → 戰勝")
    opened.press("e")
    opened.type(opened.page.locator("textarea").input_value().replace("戰勝", "勝過"))
    opened.choose("not in the text")
    opened.press("e")
    opened.type(opened.page.locator("textarea").input_value() + "對，")
    text = opened.download(tmp_path / "clip.edits.json")
    assert len(parse_edits(text)) == 4 + LANDMARKS
    again = show(context, tmp_path)
    again.page.set_input_files("#load", tmp_path / "clip.edits.json")
    again.wait("document.getElementById('toast').textContent.includes('4 edits loaded')")
    assert again.download() == text
    third = show(context, tmp_path)
    third.page.evaluate(
        """(text) => {
          const list = new DataTransfer();
          list.items.add(new File([text], "clip.edits.json"));
          dispatchEvent(new DragEvent("drop", { dataTransfer: list, bubbles: true }));
        }""",
        text,
    )
    third.wait("document.getElementById('toast').textContent.includes('4 edits loaded')")
    assert third.download() == text


def test_a_file_is_loaded_into_a_later_run_whose_times_have_moved(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.choose("依次 → 一次")
    opened.press("a")
    opened.download(tmp_path / "clip.edits.json")
    moved = shift_alignment(clip_alignment(), 75.0)
    corrections = [
        replace(c, span=c.span and c.span.shifted(75.0)) for c in clip_corrections(moved)
    ]
    again = show(context, tmp_path, moved, corrections)
    again.page.set_input_files("#load", tmp_path / "clip.edits.json")
    again.wait("document.getElementById('toast').textContent.includes('1 edit loaded')")
    assert [(e["kind"], e["time"]) for e in again.edits()] == [("accept", 167.8)]
    (tmp_path / "moved.json").write_text(compose_words(moved), encoding="utf-8")
    applied = apply_file(tmp_path / "moved.json", tmp_path / "clip.edits.json")
    assert applied.resolution.unfit == ()
    assert "一次曲線" in applied.captions.alignment.transcript.body


def test_what_does_not_fit_is_shown_and_stays_in_the_file(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    entry = {
        "kind": "edit",
        "time": 5.0,
        "left": "左",
        "before": "不在",
        "right": "右",
        "after": "<b>在",
    }
    content = {"format": "subtools-edits", "version": 1, "talk": "", "edits": [entry]}
    (tmp_path / "old.json").write_text(json.dumps(content), encoding="utf-8")
    opened.page.set_input_files("#load", tmp_path / "old.json")
    opened.page.locator("#loose").wait_for(state="visible")
    assert "不在" in opened.page.locator("#loose").inner_text()
    assert opened.edits() == [entry]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"format":"subtools-edits","version":1,"edits":[{"kind":"accept","before":{}}]}',
    ],
)
def test_a_file_that_is_none_changes_nothing(
    context: BrowserContext, tmp_path: Path, content: str
) -> None:
    opened = show(context, tmp_path)
    (tmp_path / "bad.json").write_text(content, encoding="utf-8")
    opened.page.set_input_files("#load", tmp_path / "bad.json")
    opened.wait("document.getElementById('toast').textContent !== ''")
    assert opened.edits() == []
    assert opened.complaints == []


def test_where_the_browser_can_write_files_it_writes_the_one_that_was_chosen(
    context: BrowserContext, tmp_path: Path
) -> None:
    context.add_init_script(
        """window.written = [];
        window.showSaveFilePicker = async (options) => {
          window.written.push(options.suggestedName);
          return { name: "mine.json", createWritable: async () => ({
            write: async (text) => window.written.push(text), close: async () => {} }) };
        };"""
    )
    opened = show(context, tmp_path)
    opened.press("a", "s")
    opened.wait("document.getElementById('toast').textContent === 'Saved: mine.json'")
    opened.press("r", "s")
    opened.wait("window.written.length === 3")  # asked once, written twice
    name, _, last = opened.page.evaluate("window.written")
    assert name == "talk.edits.json"
    assert len(parse_edits(last)) == 2 + LANDMARKS
    assert opened.page.locator("#save").text_content() == "Save"


# --- whatever stands in it

HOSTILE = "</script><script>document.title='broken'</script><img src=x onerror=alert(1)>"


def test_hostile_texts_are_shown_as_text(context: BrowserContext, tmp_path: Path) -> None:
    alignment = clip_alignment()
    words = list(alignment.transcript.words)
    words[3] = replace(words[3], text=HOSTILE, speaker=HOSTILE)
    transcript = replace(alignment.transcript.with_words(words), source=Source(title=HOSTILE))
    alignment = replace(alignment, transcript=transcript, findings=())
    first = alignment.transcript.body.index(HOSTILE)
    voices = (Evidence(EvidenceKind.LANGUAGE_MODEL, HOSTILE, 1.0),)
    place = (first, first + len(HOSTILE))
    correction = Correction(place, HOSTILE, HOSTILE * 2, Decision.PROPOSE, 0.5, voices)
    opened = show(context, tmp_path, alignment, [correction], title=HOSTILE)
    opened.press("a")
    opened.press("v", "Enter")
    assert opened.page.title().startswith("Review: </script>")
    assert opened.page.locator("img").count() == 0
    assert HOSTILE in (opened.page.locator(".context").text_content() or "")
    assert HOSTILE in (opened.page.locator(".evidence").text_content() or "")
    (edit,) = opened.edits()
    assert edit["before"] == HOSTILE
    assert opened.complaints == []


def test_what_the_page_saves_of_odd_characters_is_found_again(
    context: BrowserContext, tmp_path: Path
) -> None:
    alignment = clip_alignment()
    words = list(alignment.transcript.words)
    words[4] = replace(words[4], text="𠀀\u200b「😀」\u202e，")
    alignment = replace(alignment, transcript=alignment.transcript.with_words(words), findings=())
    first = alignment.transcript.body.index("𠀀")
    correction = Correction((first, first + 1), "𠀀", "𠀁", Decision.PROPOSE, 0.5)
    opened = show(context, tmp_path, alignment, [correction])
    opened.press("a")
    opened.download(tmp_path / "clip.edits.json")
    (tmp_path / "odd.json").write_text(compose_words(alignment), encoding="utf-8")
    applied = apply_file(tmp_path / "odd.json", tmp_path / "clip.edits.json")
    assert applied.resolution.unfit == ()
    assert "𠀁\u200b「😀" in applied.captions.alignment.transcript.body


def test_without_anything_to_review_it_says_so(context: BrowserContext, tmp_path: Path) -> None:
    opened = show(context, tmp_path, replace(clip_alignment(), findings=()), [])
    assert "There is nothing to review" in (opened.page.locator("#card").text_content() or "")
    opened.press("a", "r", "e", "j", "k", "p", "n", "0", "v")
    assert opened.complaints == []


# --- everybody


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_axe_finds_no_serious_fault(browser: Browser, tmp_path: Path, look: str) -> None:
    is_phone = look == "phone"
    context = browser.new_context(
        viewport={"width": 390, "height": 780} if is_phone else {"width": 1280, "height": 800},
        color_scheme="dark" if look == "dark" else "light",
        has_touch=is_phone,
        bypass_csp=True,  # axe is a script that the policy rightly forbids
    )
    opened = show(context, tmp_path)
    opened.page.add_script_tag(content=AXE_FILE_PATH.read_text(encoding="utf-8"))
    opened.page.locator("#people summary").evaluate("(summary) => summary.click()")
    opened.page.locator("#items button", has_text="幣 → B").evaluate("(row) => row.click()")
    opened.press("3", "k")
    for steps in ((), ("e",), ("Escape", "t"), ("Escape", "?")):
        opened.press(*steps)
        faults = opened.page.evaluate("() => axe.run()")["violations"]
        assert [f["id"] for f in faults if f["impact"] in {"serious", "critical"}] == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_of_corrections_can_be_read_without_a_script(
    browser: Browser, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, color_scheme=scheme, bypass_csp=True
    )
    alignment = clip_alignment()
    listed = compose_correction_html(
        clip_corrections(alignment), alignment.transcript.body, page="./clip.opus", language="zh"
    )
    (tmp_path / "list.html").write_text(listed, encoding="utf-8")
    page = context.new_page()
    page.goto((tmp_path / "list.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("article").count() == 11
    summary = page.locator("details").first
    assert not summary.locator("ul").is_visible()
    summary.locator("summary").click()
    assert summary.locator("ul").is_visible()
    page.add_script_tag(content=AXE_FILE_PATH.read_text(encoding="utf-8"))
    faults = page.evaluate("() => axe.run()")["violations"]
    assert [f["id"] for f in faults if f["impact"] in {"serious", "critical"}] == []
    context.close()


def test_on_a_phone_nothing_is_cut_off(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640}, has_touch=True)
    opened = show(context, tmp_path)
    page = opened.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.click("#show-list")
    opened.choose("佔成 → 戰勝")
    assert page.locator("del.own").text_content() == "佔成"
    page.click("#accept")
    page.click("#show-list")
    assert [edit["kind"] for edit in opened.edits()] == ["accept"]
    context.close()


# --- the command


def test_corrections_of_another_text_make_no_page(tmp_path: Path) -> None:
    folder = write_talk(tmp_path)
    data = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    del data["words"][0]
    (folder / "other.json").write_text(json.dumps(data), encoding="utf-8")
    done = subtools("review", folder / "other.json", "-c", folder / "clip.corrections.json")
    assert_one_line_error(done, "clip.corrections.json", "another text")
    assert list(folder.glob("*.html")) == []


@pytest.mark.parametrize("exists", [True, False])
def test_the_page_goes_into_a_folder_and_its_command_works_from_there(
    tmp_path: Path, exists: bool
) -> None:
    folder = write_talk(tmp_path)
    out = folder / "pages" / "out"
    if exists:
        out.mkdir(parents=True)
    done = subtools(
        *("review", folder / "words.json", "-c", folder / "clip.corrections.json"),
        *("--media", folder / "clip.opus", "-o", out),
    )
    assert done.status == 0, done.stderr
    page = (out / "clip.review.html").read_text(encoding="utf-8")
    assert (
        "subtools apply ../../words.json clip.edits.json "
        "--corrections ../../clip.corrections.json --audio ../../clip.opus -o edited"
    ) in page


# --- turns given to another speaker


def said_by(path: Path, name: str) -> str:
    words, _ = parse_words(path.read_text(encoding="utf-8"))
    return "".join(word.text for word in words.transcript.words if word.speaker == name)


def test_a_turn_is_given_to_another_speaker_and_comes_back_with_the_file(
    context: BrowserContext, tmp_path: Path
) -> None:
    folder = write_talk(tmp_path)
    opened = show(context, folder)
    opened.page.uncheck("#auto")
    opened.choose("佔成 → 戰勝")
    assert "曾老師" in opened.facts()
    opened.press("t")
    listed = opened.page.locator(".giver .buttons button").all_inner_texts()
    assert [text.split() for text in (listed[0], listed[2])] == [["1", "宋老師"], ["3", "曾老師"]]
    opened.press("1")
    assert "宋老師" in opened.facts() and opened.toast() == "宋老師 says this."
    opened.press("u")
    assert "曾老師" in opened.facts()
    opened.press("U")
    opened.page.select_option("#show", "turns")
    rows = opened.rows()
    opened.page.locator("#items button", has_text="東老師").last.click()
    opened.press("t", "Tab")
    opened.page.fill(".giver input", "新來的")
    opened.press("Enter")
    assert "新來的" in opened.facts()
    assert opened.page.locator("#people-count").text_content() == "5"
    assert len(opened.rows()) == len(rows)
    (first, second) = opened.edits()
    assert (first["kind"], first["speaker"], first["after"]) == ("turn", "曾老師", "宋老師")
    assert second["after"] == "新來的" and second["until"]["before"]

    opened.download(folder / "clip.edits.json")
    done = subtools(
        *("apply", folder / "words.json", folder / "clip.edits.json", "-o", folder / "edited")
    )
    assert done.status == 0, done.stderr
    assert "2 turns given to other speakers" in done.stderr
    words = folder / "edited" / "words.json"
    assert "能夠佔成自身幾倍的模型" in said_by(words, "宋老師")
    before = said_by(folder / "words.json", "東老師")
    assert said_by(words, "新來的") in before and said_by(words, "新來的")
    (srt,) = (folder / "edited").glob("*.srt")
    assert "新來的：" in srt.read_text(encoding="utf-8")

    opened.page.click("#clear")
    opened.page.set_input_files("#load", folder / "clip.edits.json")
    opened.wait("document.getElementById('people-count').textContent === '5'")
    assert opened.edits() == [first, second]
    assert opened.complaints == []


def test_from_a_line_on_the_rest_of_a_turn_is_somebody_elses(
    context: BrowserContext, tmp_path: Path
) -> None:
    folder = write_talk(tmp_path)
    opened = show(context, folder)
    opened.page.uncheck("#auto")
    opened.choose("佔成 → 戰勝")
    opened.press("T", "1")
    assert "宋老師" in opened.facts()
    opened.choose("依次 → 一次")
    assert "曾老師" in opened.facts(), "what he says before stays his"
    (edit,) = opened.edits()
    assert edit["before"] in "為什麼能夠佔成自身幾倍的模型，"
    assert "佔成" not in edit["before"], "a correction may change that"
    opened.download(folder / "clip.edits.json")
    applied = apply_file(folder / "words.json", folder / "clip.edits.json")
    assert applied.resolution.unfit == ()
    words = applied.captions.alignment.transcript.words
    host = "".join(word.text for word in words if word.speaker == "宋老師")
    teacher = "".join(word.text for word in words if word.speaker == "曾老師")
    assert "為什麼能夠佔成自身幾倍的模型" in host
    assert "為什麼能夠佔成" not in teacher and teacher
    later = folder / "later.json"
    later.write_text(compose_words(shift_alignment(clip_alignment(), 30.0)), encoding="utf-8")
    again = apply_file(later, folder / "clip.edits.json")
    assert again.resolution.unfit == ()
    assert [word.speaker for word in again.captions.alignment.transcript.words] == [
        word.speaker for word in words
    ]


def test_a_new_speaker_can_be_called_otherwise_and_the_choice_left(
    context: BrowserContext, tmp_path: Path
) -> None:
    opened = show(context, tmp_path)
    opened.page.uncheck("#auto")
    opened.choose("佔成 → 戰勝")
    opened.press("t", "Escape")
    assert opened.page.locator(".giver").count() == 0 and opened.edits() == []
    opened.press("t")
    opened.page.fill(".giver input", "甲")
    opened.press("Enter", "v")
    opened.page.keyboard.insert_text("乙")
    opened.press("Enter")
    (edit,) = opened.edits()
    assert edit["after"] == "乙"
    opened.page.select_option("#show", "decided")
    opened.choose("乙")
    opened.press("r")
    assert opened.edits() == []
