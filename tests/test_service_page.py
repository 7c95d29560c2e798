"""The page to drop talks on, in a real Chromium: by mouse, by keyboard, small and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, BrowserContext, Page, expect

from subtools.service import Policy
from subtools.service.values import Stand
from tests.browser import opened_browser
from tests.serving import SMALL, SOUND, TOKEN, Served, serving

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror=document.title='broken'>.wav"
TALK = '<link rel="icon" href="data:,"><h1>the page</h1>'  # as the real one, it asks for no icon
DROP = """([name, type, text, transcript]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], name, {type}));
  files.items.add(new File([transcript], "talk.txt", {type: "text/plain"}));
  document.getElementById("drop").dispatchEvent(
    new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: files}));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as running:
        yield running


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800})
    yield made
    made.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "library") as running:
        yield running


def visit(context: BrowserContext, served: Served) -> tuple[Page, list[str]]:
    """Open the page; the list gets what its console says."""
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(served.address)
    expect(page.get_by_role("heading", name="Talks")).to_be_visible()
    return page, complaints


def test_a_talk_that_is_dropped_is_sent_and_its_results_are_linked(
    context: BrowserContext, served: Served
) -> None:
    page, complaints = visit(context, served)
    page.evaluate(DROP, ["talk.wav", "audio/wav", "RIFF", "大家好。"])
    page.get_by_role("button", name="Make subtitles").click()
    talk = page.get_by_role("listitem").filter(has_text="talk.wav")
    expect(talk).to_contain_text("waiting")
    ticket = served.desk.take()
    assert ticket is not None
    assert set(ticket.cells) >= {"source", "document"}
    served.desk.move(ticket, steps=("decode", "align"), stage="decode", done=1.0, total=2.0)
    expect(talk).to_contain_text("25 %, decode")
    assert talk.get_by_role("progressbar").get_attribute("value") == "0.25"
    (served.library / ticket.name / "talk.html").write_text(TALK, encoding="utf-8")
    served.desk.finish(ticket, stand=Stand.DONE, files={"talk.html": len(TALK), "talk.srt": 2})
    talk.get_by_role("link", name="Listen and read").click()
    expect(page.get_by_role("heading", name="the page")).to_be_visible()
    assert complaints == []


def test_all_of_it_works_by_keyboard(context: BrowserContext, served: Served) -> None:
    page, _ = visit(context, served)
    reached: list[str] = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    wanted = ["media", "address", "document", "transcript", "SUMMARY", "send"]
    assert reached[: len(wanted)] == wanted
    page.locator("#address").focus()
    page.keyboard.type("BV1zE421N7UJ")
    page.keyboard.press("Enter")
    talk = page.get_by_role("listitem").filter(has_text="BV1zE421N7UJ")
    expect(talk).to_contain_text("waiting")
    talk.get_by_role("button", name="Cancel").focus()
    page.keyboard.press("Enter")
    expect(talk).to_contain_text("cancelled")
    page.once("dialog", lambda dialog: dialog.accept())
    talk.get_by_role("button", name="Delete").focus()
    page.keyboard.press("Space")
    expect(talk).to_have_count(0)
    assert served.desk.list() == ()


def test_mistakes_are_said_before_anything_is_sent_and_refusals_after(
    context: BrowserContext, served: Served
) -> None:
    page, _ = visit(context, served)
    send = page.get_by_role("button", name="Make subtitles")
    send.click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Choose a sound or video")
    page.set_input_files(
        "#media", {"name": "a.wav", "mimeType": "audio/wav", "buffer": bytes(SMALL.media + 1)}
    )
    send.click()
    expect(alert).to_contain_text("too large")
    page.set_input_files("#media", [])
    page.locator("#address").fill("http://192.168.1.1/a.mp3")
    send.click()
    expect(alert).to_contain_text("addresses of the local network are refused")
    assert served.desk.list() == ()


def test_names_are_text_whatever_they_say(context: BrowserContext, served: Served) -> None:
    served.desk.records.incoming.joinpath("a" * 32).mkdir()
    served.desk.submit("a" * 32, "talk", HOSTILE, {"source": "media/talk.wav"})
    ticket = served.desk.take()
    assert ticket is not None
    served.desk.finish(ticket, stand=Stand.FAILED, error=HOSTILE)
    page, complaints = visit(context, served)
    expect(page.get_by_role("heading", name=HOSTILE)).to_be_visible()
    assert page.title() == "subtools"
    assert complaints == []


def test_a_person_logs_in_with_the_token(context: BrowserContext, tmp_path: Path) -> None:
    with serving(tmp_path / "library", policy=Policy(token=TOKEN)) as served:
        page = context.new_page()
        page.goto(served.address)
        page.get_by_label("Token").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("That is not the token")
        assert find_faults(page) == []
        page.get_by_label("Token").fill(TOKEN)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", name="Talks")).to_be_visible()


def test_without_our_script_the_form_still_sends(browser: Browser, served: Served) -> None:
    made = browser.new_context(java_script_enabled=False)
    page = made.new_page()
    page.goto(served.address)
    page.locator("#address").fill("BV1zE421N7UJ")
    page.get_by_role("button", name="Make subtitles").click()
    page.wait_for_url(served.address + "/")
    assert len(served.desk.list()) == 1
    made.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_and_a_phone_has_room(
    browser: Browser, served: Served, scheme: str
) -> None:
    for stand in (Stand.DONE, Stand.FAILED):
        served.ask(files={"media": ("talk" * 30 + ".wav", SOUND)})
        ticket = served.desk.take()
        assert ticket is not None
        served.desk.finish(ticket, stand=stand, files={"talk.html": 1}, error="x" * 200)
    served.ask()
    made = browser.new_context(
        viewport={"width": 360, "height": 700},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,  # axe is a script that the policy rightly forbids
    )
    page, _ = visit(made, served)
    page.get_by_text("Settings").click()
    expect(page.get_by_role("listitem")).to_have_count(3)
    assert find_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(23, 24, 27)" if scheme == "dark" else "rgb(251, 250, 247)")
    made.close()


def find_faults(page: Page) -> list[str]:
    """Return what axe-core finds that is serious."""
    page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8") + "; void 0")
    faults = page.evaluate("() => axe.run()")["violations"]
    return [
        f"{fault['id']}: {node['html']}"
        for fault in faults
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]
