"""The parts of the page that are the same for every reader, as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from subtools.core import Alignment, Finding, Seconds, Source, Topic, Turn
from subtools.page.marking import DOUBT, GUESS, UNTIMED, Reasons, cut_runs, explain_words
from subtools.page.media import MediaReference
from subtools.page.passages import Passage
from subtools.page.texts import attribute, isolate, label, tag_language, write
from subtools.timecode import compose_clock, to_milliseconds, to_seconds

COLOURS = 12  # in page.css; more speakers than that share them
_SITES = {"bilibili.com": "Bilibili", "youtube.com": "YouTube", "youtu.be": "YouTube"}
_LEGEND = {
    DOUBT: "the time may be wrong",
    GUESS: "timed between their neighbours",
    UNTIMED: "not found in the sound, no time",
}


@dataclass(frozen=True, slots=True)
class Talk:
    """What a page shows.

    Attributes:
        alignment: The talk.
        passages: Its paragraphs.
        speakers: Names, in the order of their colours.
        turns: Who speaks when.
        title: Heading.
        page: Address of the talk on its site, if there is one.
        duration: Its last known time, in seconds.
    """

    alignment: Alignment
    passages: tuple[Passage, ...]
    speakers: tuple[str, ...]
    turns: tuple[Turn, ...]
    title: str
    page: str | None
    duration: Seconds

    @property
    def language(self) -> str:
        """Tag of the transcript's language and script."""
        return tag_language(self.alignment.transcript.body, self.alignment.language)


def render_talk(talk: Talk, media: MediaReference | None) -> dict[str, str]:
    """Return the HTML for each place of the template."""
    findings = talk.alignment.findings
    return {
        "title": label(talk.title),
        "heading": isolate(talk.title, tag_language(talk.title, talk.alignment.language)),
        "origin": _render_origin(talk),
        "media": _render_media(media),
        "kind": media.kind.value if media else "none",
        "topics": "\n".join(map(_render_topic, talk.alignment.topics)),
        "speakers": "\n".join(_render_speakers(talk)),
        "findings": "\n".join(map(_render_finding, findings)),
        "topic_count": str(len(talk.alignment.topics)),
        "speaker_count": str(len(talk.speakers)),
        "finding_count": str(len(findings)),
        "transcript": "\n".join(_render_transcript(talk)) or "<p>There are no words.</p>",
        "legend": _render_legend(talk),
        "site": _name_site(talk.page),
        "page": label(talk.page or ""),
    }


def _render_origin(talk: Talk) -> str:
    """Return where the talk comes from, unless the heading says it already."""
    source = talk.alignment.transcript.source
    parts = [isolate(text) for text in _origin_parts(source) if text != talk.title]
    if talk.page is not None:
        link = f'<a href="{label(talk.page)}" target="_blank" rel="noopener noreferrer">'
        parts.append(f"{link}{_name_site(talk.page)}</a>")
    return " · ".join(parts)


def _origin_parts(source: Source) -> Iterator[str]:
    if source.title:
        yield source.title
    if source.part:
        yield f"P{source.part}"
    if source.uploader:
        yield source.uploader


def _name_site(page: str | None) -> str:
    """Return what people call the site; its host, if that is all that is known."""
    host = (urlsplit(page).hostname or "" if page else "").removeprefix("www.")
    known = (name for end, name in _SITES.items() if host == end or host.endswith(f".{end}"))
    return next(known, label(host))


def _render_media(media: MediaReference | None) -> str:
    if media is None:
        return ""
    tag = media.kind.value
    known = attribute("src", media.link) + attribute("data-name", media.name)
    return f'<{tag} id="media"{known} preload="metadata" playsinline></{tag}>'


def _render_topic(topic: Topic) -> str:
    clock = compose_clock(topic.start)
    return f"<li>{_moment(topic.start, f'<time>{clock}</time> {isolate(topic.title)}')}</li>"


def _render_speakers(talk: Talk) -> Iterator[str]:
    for number, speaker in enumerate(talk.speakers):
        total = sum(turn.end - turn.start for turn in talk.turns if turn.speaker == speaker)
        yield (
            f'<li class="s{number % COLOURS}"><span class="swatch"></span>{isolate(speaker)}'
            f" <span class=share>{compose_clock(total)}</span></li>"
        )


def _render_finding(finding: Finding) -> str:
    place = "–"
    if finding.span is not None:
        place = _moment(finding.span.start, f"<time>{compose_clock(finding.span.start)}</time>")
    text = f"<q>{isolate(finding.text)}</q>" if finding.text.strip() else ""
    return (
        f"<li>{place} <strong>{write(finding.kind.value)}</strong> {text}"
        f'<span class="why">{isolate(finding.reason)}</span></li>'
    )


def _render_transcript(talk: Talk) -> Iterator[str]:
    reasons = explain_words(talk.alignment)
    language, before = talk.language, None
    for number, passage in enumerate(talk.passages):
        for topic in passage.topics:
            yield f'<h3 class="topic">{isolate(talk.alignment.topics[topic].title)}</h3>'
        if passage.topics or number == 0 or passage.speaker != before:
            yield from _render_speaker(talk, passage)
        yield _render_passage(talk, passage, number, language, reasons)
        before = passage.speaker


def _render_speaker(talk: Talk, passage: Passage) -> Iterator[str]:
    if passage.speaker is not None:
        tag = "h4" if talk.alignment.topics else "h3"  # no level of headings is left out
        colour = _colour(talk, passage)
        yield f'<{tag} class="speaker {colour}">{isolate(passage.speaker)}</{tag}>'


def _render_passage(
    talk: Talk, passage: Passage, number: int, language: str, reasons: Reasons
) -> str:
    start = passage.start
    stamp = '<span class="moment">–</span>'
    if start is not None:
        stamp = _moment(start, f"<time>{compose_clock(start)}</time>")
    words = "".join(_render_runs(passage, reasons))
    colour = _colour(talk, passage)
    return (
        f'<div class="passage {colour}" id="p{number}">{stamp}'
        f'<p dir="auto"{attribute("lang", language)}>{words}</p></div>'
    )


def _render_runs(passage: Passage, reasons: Reasons) -> Iterator[str]:
    for run in cut_runs(passage.words, passage.first, reasons):
        if run.grade:
            reason = attribute("title", run.reason)
            yield f'<span class="{run.grade}"{reason}>{write(run.text)}</span>'
        else:
            yield write(run.text)


def _render_legend(talk: Talk) -> str:
    """Return what the marks mean that there are, or nothing."""
    runs = cut_runs(talk.alignment.transcript.words, 0, {})
    grades = {run.grade for run in runs}
    marks = [
        f'<span><span class="{grade}">words</span> {meaning}</span>'
        for grade, meaning in _LEGEND.items()
        if grade in grades
    ]
    return f'<p class="legend">{" ".join(marks)}</p>' if marks else ""


def _colour(talk: Talk, passage: Passage) -> str:
    if passage.speaker is None:
        return "unknown"
    return f"s{talk.speakers.index(passage.speaker) % COLOURS}"


def _moment(seconds: Seconds, content: str) -> str:
    """Return a link to a moment; the script lets it play there."""
    exact = f"{to_seconds(to_milliseconds(seconds)):.3f}".rstrip("0").rstrip(".")
    return f'<a class="moment" href="#t={exact}" data-time="{exact}">{content}</a>'
