"""How fast a page opens, scrolls and searches in a real Chromium.

    python -m scripts.bench.pages out/words.json --words 60000

repeats the talk until it has so many words, and prints one table. Needs the packages of
the ``dev`` extra and a Chromium on the PATH (or in ``SUBTOOLS_CHROMIUM``).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import CDPSession, Page

from subtools.core import Alignment, Paragraph, Span, Topic, Transcript, Turn, Word
from subtools.formats.words import parse_words
from subtools.page import compose_page
from tests.browser import opened_browser

TOPIC = 420.0  # seconds; about as long as one of a panel lasts
QUERIES = ("數據", "数据", "hecheng shuju", "nothing of the sort")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure a page in a real browser.")
    parser.add_argument("words", type=Path, help="words.json of a talk")
    parser.add_argument("--words", dest="count", type=int, default=60_000, help="how many words")
    arguments = parser.parse_args()
    alignment, _ = parse_words(arguments.words.read_text(encoding="utf-8"))
    for name, value in measure(lengthen(alignment, arguments.count)).items():
        print(f"| {name} | {value} |")


def lengthen(alignment: Alignment, count: int) -> Alignment:
    """Return the talk said again and again until it has ``count`` words, with topics."""
    length = max(word.span.end for word in alignment.transcript.words if word.span)
    paragraphs: list[Paragraph] = []
    turns: list[Turn] = []
    while sum(len(paragraph.words) for paragraph in paragraphs) < count:
        offset = length * (len(paragraphs) // len(alignment.transcript.paragraphs))
        paragraphs += [
            Paragraph(tuple(moved(paragraph.words, offset)))
            for paragraph in alignment.transcript.paragraphs
        ]
        turns += [
            replace(turn, start=turn.start + offset, end=turn.end + offset)
            for turn in alignment.turns
        ]
    total = length * (len(paragraphs) // len(alignment.transcript.paragraphs))
    topics = tuple(
        Topic(f"第{number + 1}題", number * TOPIC, (number + 1) * TOPIC)
        for number in range(int(total / TOPIC))
    )
    transcript = Transcript(tuple(paragraphs), alignment.transcript.source)
    return replace(alignment, transcript=transcript, turns=tuple(turns), topics=topics, findings=())


def moved(words: tuple[Word, ...], offset: float) -> Iterator[Word]:
    """Yield ``words`` said ``offset`` seconds later."""
    for word in words:
        span = word.span and Span(word.span.start + offset, word.span.end + offset)
        yield replace(word, span=span)


def measure(alignment: Alignment) -> dict[str, str]:
    """Return what was measured, in words."""
    before = time.perf_counter()
    text = compose_page(alignment)
    hours = max(word.span.end for word in alignment.transcript.words if word.span) / 3600
    rows = {
        "words, hours": f"{len(alignment.transcript.words):,}, {hours:.1f}",
        "composed in": f"{time.perf_counter() - before:.1f} s",
        "size": f"{len(text.encode()) / 1e6:.2f} MB",
    }
    with tempfile.TemporaryDirectory() as folder, opened_browser() as browser:
        path = Path(folder) / "page.html"
        path.write_text(text, encoding="utf-8")
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto("about:blank")
        page.goto(path.as_uri())
        return (
            rows | dict(time_opening(page)) | dict(time_scrolling(page)) | dict(time_search(page))
        )


def time_opening(page: Page) -> Iterator[tuple[str, str]]:
    """Yield when the page was drawn, and when it answered."""
    page.wait_for_function("() => document.documentElement.dataset.ready")
    drawn = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
    ready = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    yield "first drawn after", f"{drawn:.0f} ms"
    yield "ready (scripts done) after", f"{ready:.0f} ms"
    yield "elements when opened", f"{page.evaluate(ELEMENTS):,}"


def time_scrolling(page: Page) -> Iterator[tuple[str, str]]:
    """Yield how long frames last while the page is scrolled through, and at far jumps."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = busy(session)
    frames = sorted(page.evaluate(SCROLL))
    spent = {name: (value - before[name]) / len(frames) for name, value in busy(session).items()}
    yield "frames while scrolling 120 px each", f"{len(frames)}"
    for name, value in spent.items():
        yield f"{name} a frame, mean", f"{value * 1000:.1f} ms"
    for share in (0.5, 0.95, 0.99):
        yield f"frame, {share:.0%} below", f"{frames[int(share * (len(frames) - 1))]:.0f} ms"
    yield "longest frame", f"{frames[-1]:.0f} ms"
    jumps = page.evaluate(JUMPS)
    yield "far jump by link, longest of 10", f"{max(jumps):.0f} ms"
    yield "elements afterwards", f"{page.evaluate(ELEMENTS):,}"


def busy(session: CDPSession) -> dict[str, float]:
    """Return what the page's main thread has spent so far, in seconds of processor time."""
    answer = session.send("Performance.getMetrics")
    metrics = {item["name"]: item["value"] for item in answer["metrics"]}
    names = {"TaskDuration": "main thread", "ScriptDuration": "scripts", "LayoutDuration": "layout"}
    return {name: metrics[key] for key, name in names.items()}


def time_search(page: Page) -> Iterator[tuple[str, str]]:
    """Yield how long searches last, the first with its preparation."""
    for query in QUERIES:
        page.fill("#query", "")
        page.wait_for_timeout(300)
        page.fill("#query", query)
        before = page.evaluate("performance.now()")
        page.wait_for_function("() => document.getElementById('count').textContent !== ''")
        after = page.evaluate("performance.now()")
        found = page.locator("#count").text_content()
        yield f"search {query}, 120 ms wait included", f"{after - before:.0f} ms ({found})"


ELEMENTS = "document.getElementsByTagName('*').length"
SCROLL = """async () => {
  const lasted = [];
  let before = performance.now();
  for (let step = 0; step < 300; step++) {
    scrollBy(0, 120);
    await new Promise(requestAnimationFrame);
    lasted.push(performance.now() - before);
    before = performance.now();
  }
  return lasted;
}"""
JUMPS = """async () => {
  const lasted = [];
  for (let step = 0; step < 10; step++) {
    const before = performance.now();
    location.hash = `#t=${((step * 7) % 10) * 1000 + 500}`;
    await new Promise((done) => setTimeout(done, 0));
    await new Promise(requestAnimationFrame);
    lasted.push(performance.now() - before);
    await new Promise((done) => setTimeout(done, 200));
  }
  return lasted;
}"""


if __name__ == "__main__":
    main()
