"""Talks for tests of the page: words spoken evenly, and the page opened in a browser."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from subtools.core import (
    Alignment,
    Finding,
    FindingKind,
    Paragraph,
    Source,
    Span,
    Topic,
    Transcript,
    Word,
)
from subtools.lexicon import split_words
from subtools.page import MediaKind, MediaReference, compose_page

CLIP = Path(__file__).resolve().parent / "data" / "clip" / "clip.opus"
BVID = "BV1zE421N7UJ"
PACE = 0.25  # seconds a word
SOUND = MediaReference("./clip.opus", MediaKind.AUDIO, "clip.opus")
SOURCE = Source(title="智源大會", part=8, part_title="圓桌討論", uploader="智源社區", bvid=BVID)
LINES = (
    ("宋老師", "首先我想問各位嘉賓，合成數據到底有沒有用？"),
    ("趙老師", "我覺得Scaling Law還沒有到頭，推理的成本會下降。"),
    ("曾老師", "非常感謝，我們用合成數據做了很多嘗試。"),
    ("趙老師", "這個樹聚很重要，Café裡也說過。"),
)


def talk(*lines: tuple[str | None, str], times: int = 1, source: Source = SOURCE) -> Alignment:
    """Return a talk of (speaker, text), said so many times, a word every quarter of a second."""
    paragraphs: list[Paragraph] = []
    now = 0.0
    for speaker, text in (lines or LINES) * times:
        words = split_words(text)
        spans = [Span(now + PACE * n, now + PACE * (n + 1)) for n in range(len(words))]
        pairs = zip(words, spans, strict=True)
        paragraphs.append(Paragraph(tuple(Word(w, span, 0.9, speaker) for w, span in pairs)))
        now += PACE * len(words)
    return Alignment(Transcript(tuple(paragraphs), source), (), "zh", "phones")


def with_topics(alignment: Alignment, *starts: float) -> Alignment:
    ends = [*starts[1:], alignment.transcript.words[-1].span.end]  # type: ignore[union-attr]
    topics = [
        Topic(f"話題{n + 1}", start, end)
        for n, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    return replace(alignment, topics=tuple(topics))


def change(alignment: Alignment, place: int, **changes: object) -> Alignment:
    """Return the talk with another word at ``place``."""
    words = list(alignment.transcript.words)
    words[place] = replace(words[place], **changes)  # type: ignore[arg-type]
    return replace(alignment, transcript=alignment.transcript.with_words(words))


def finding(
    kind: FindingKind, span: Span | None, offsets: tuple[int, int] | None, text: str = "合成"
) -> Finding:
    return Finding(kind, text, "heard here: wu", span, offsets)


@dataclass
class Opened:
    """A page in a browser, and what it did.

    Attributes:
        page: The page.
        requests: Addresses it asked for, itself left out.
        complaints: What the console says, and errors nobody caught.
    """

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def time(self) -> float:
        return float(self.page.evaluate("document.getElementById('media')?.currentTime ?? -1"))

    def is_paused(self) -> bool:
        return bool(self.page.evaluate("document.getElementById('media').paused"))

    def lit(self) -> str:
        return "".join(self.page.locator(".now").all_text_contents())

    def expect_time(self, text: str) -> None:
        """Wait until ``text`` is shown as the time; it is drawn with the next frame."""
        expect(self.page.locator("#now")).to_have_text(text)

    def wait(self, condition: str) -> None:
        """Wait until ``condition``, JavaScript, holds."""
        self.page.wait_for_function(f"() => ({condition})", timeout=10_000)

    def search(self, query: str) -> str:
        """Search and return what is said about the matches."""
        self.page.fill("#query", query)
        self.page.wait_for_timeout(250)
        return self.page.locator("#count").text_content() or ""


def write_page(folder: Path, alignment: Alignment, media: MediaReference | None = SOUND) -> Path:
    path = folder / "talk.html"
    path.write_text(compose_page(alignment, media=media), encoding="utf-8", newline="\n")
    if media is not None and not (folder / "clip.opus").exists():
        shutil.copy(CLIP, folder / "clip.opus")
    return path


def open_page(context: BrowserContext, address: str) -> Opened:
    """Open a page and wait until its script is done and the sound is known."""
    opened = Opened(context.new_page())
    page, base = opened.page, address.partition("#")[0]

    def note(url: str) -> None:
        if not url.startswith((base, "data:", "blob:")):  # itself, and what needs no network
            opened.requests.append(url)

    page.on("console", lambda message: opened.complaints.append(message.text))
    page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    page.on("request", lambda request: note(request.url))
    page.goto(address)
    opened.wait("document.documentElement.dataset.ready")
    if page.locator("#media[src$='clip.opus']").count():
        opened.wait("document.getElementById('media').readyState >= 1")
    return opened
