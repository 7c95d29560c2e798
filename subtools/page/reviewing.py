"""Corrections and findings as one HTML file in which a person decides about them."""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from subtools.core import (
    Alignment,
    Correction,
    Decision,
    Finding,
    FindingKind,
    Seconds,
    Source,
    Span,
    Turn,
    Word,
    explain_all,
    format_score,
    judge_score,
)
from subtools.lexicon import clause_ranges
from subtools.page.inlining import REVIEW, compose_json, fill_page
from subtools.page.joining import join_findings
from subtools.page.media import MediaReference
from subtools.page.texts import attribute, isolate, label, tag_language
from subtools.timecode import to_milliseconds

CORRECTION = "correction"
# How much a finding needs a person: what changes the text most comes first.
_DOUBTS = {
    FindingKind.MISHEARD: 0.9,
    FindingKind.NOT_IN_TEXT: 0.8,
    FindingKind.LOW_CONFIDENCE: 0.7,
    FindingKind.NOT_IN_AUDIO: 0.6,
    FindingKind.OUT_OF_ORDER: 0.5,
    FindingKind.DOUBTFUL_SPEAKER: 0.4,
    FindingKind.OVERLAPPING_SPEECH: 0.2,
}
_LEAST_DOUBT = 0.1
_SAMPLE = 20  # characters of what somebody says, by which they are found again


@dataclass(frozen=True, slots=True)
class Files:
    """The files a review is of, as the user named them.

    Attributes:
        edits: What the page saves.
        command: What makes the edits, to be shown; empty where that is not known.
        corrections: What the corrections are called; it is written into the edits.
    """

    edits: str = "talk.edits.json"
    command: str = ""
    corrections: str = ""


def compose_review(
    alignment: Alignment,
    corrections: Sequence[Correction] = (),
    *,
    media: MediaReference | None = None,
    title: str | None = None,
    files: Files = Files(),
) -> str:
    """Return a page on which a person decides about corrections and findings.

    It is whole in itself and sends nothing to anybody; what is decided is saved as a file.

    Args:
        alignment: The document before any of the corrections.
        corrections: Of this document.
        media: The file that is played; None: none, or one that is chosen in the page.
        title: Heading; None: what the talk's source says.
        files: What the page is to call its files.

    Raises:
        ValueError: If a correction is of another text.
    """
    source = alignment.transcript.source
    heading = title or source.part_title or source.title or "Talk"
    values = {
        "title": label(f"Review: {heading}"),
        "heading": isolate(heading, tag_language(heading, alignment.language)),
        "media": _render_media(media),
        "tag": label(tag_language(alignment.transcript.body, alignment.language)),
        "data": compose_json(_collect(alignment, corrections, heading, files, media)),
    }
    return fill_page(values, media, REVIEW)


def _render_media(media: MediaReference | None) -> str:
    if media is None:
        return '<audio id="media" preload="metadata"></audio>'
    known = attribute("src", media.link) + attribute("data-name", media.name)
    return f'<{media.kind.value} id="media"{known} preload="auto" playsinline></{media.kind.value}>'


def _collect(
    alignment: Alignment,
    corrections: Sequence[Correction],
    heading: str,
    files: Files,
    media: MediaReference | None,
) -> dict[str, object]:
    text = _Text(alignment)
    items = [_correction(text, number, c) for number, c in enumerate(corrections)]
    joined = join_findings(alignment.findings, corrections)
    items += [
        _finding(text, number, finding, joined.get(number))
        for number, finding in enumerate(alignment.findings)
    ]
    return {
        "talk": heading,
        "key": _key(alignment.transcript.source, heading, media),
        "file": files.edits,
        "command": files.command,
        "corrections": _note(corrections, files.corrections),
        "body": alignment.transcript.body,
        "clauses": [number for clause in text.clauses for number in clause],
        "speakers": list(_speakers(text, corrections)),
        "items": items,
    }


def _note(corrections: Sequence[Correction], name: str) -> dict[str, object] | None:
    """Return what the edits say of the corrections that they were made with."""
    if not corrections:
        return None
    applied = sum(found.decision is Decision.APPLY for found in corrections)
    return {"name": name, "count": len(corrections), "applied": applied}


def _key(source: Source, heading: str, media: MediaReference | None) -> str:
    """Return what work is kept under: the same for every page of one talk."""
    known = (source.bvid, source.url, source.part, source.title, heading, media and media.name)
    return hashlib.sha256(repr(known).encode("utf-8", "backslashreplace")).hexdigest()[:16]


class _Text:
    """The words of a document by their characters."""

    def __init__(self, alignment: Alignment) -> None:
        self.alignment = alignment
        self.words = alignment.transcript.words
        self.body = alignment.transcript.body
        self.starts = list(accumulate((len(word.text) for word in self.words), initial=0))
        said = (word.speaker for word in self.words if word.speaker)
        known = (speaker.name for speaker in alignment.speakers)
        self.names = list(dict.fromkeys([*known, *said]))
        self.clauses = list(self._cut())

    def _cut(self) -> Iterator[tuple[int, int, int, int, int]]:
        """Yield first and last character, times in ms (-1: unknown) and speaker of each clause."""
        place = 0
        for paragraph in self.alignment.transcript.paragraphs:
            for clause in clause_ranges([word.text for word in paragraph.words]):
                words = paragraph.words[clause.start : clause.stop]
                first, last = place + clause.start, place + clause.stop
                span = _span_of(words)
                times = (-1, -1) if span is None else _times(span)
                name = words[0].speaker
                speaker = -1 if name is None else self.names.index(name)
                yield (self.starts[first], self.starts[last], *times, speaker)
            place += len(paragraph.words)

    def span_at(self, offsets: tuple[int, int]) -> Span | None:
        """Return when some characters are spoken."""
        first = max(0, bisect_right(self.starts, offsets[0]) - 1)
        last = bisect_left(self.starts, max(offsets[1], offsets[0] + 1))
        return _span_of(self.words[first:last])

    def offset_at(self, time: Seconds) -> int:
        """Return where the first word stands that is spoken after ``time``."""
        for place, word in enumerate(self.words):
            if word.span is not None and word.span.start >= time:
                return self.starts[place]
        return self.starts[-1]


def _span_of(words: Sequence[Word]) -> Span | None:
    spans = [word.span for word in words if word.span is not None]
    return Span(spans[0].start, max(spans[0].start, spans[-1].end)) if spans else None


def _times(span: Span) -> tuple[int, int]:
    return to_milliseconds(span.start), to_milliseconds(span.end)


def _correction(text: _Text, number: int, correction: Correction) -> dict[str, Any]:
    first, last = correction.offsets
    if text.body[first:last] != correction.before:
        raise ValueError(f"{correction.before!r} does not stand at {first}")
    return {
        "id": f"c{number}",
        "type": CORRECTION,
        "kind": CORRECTION,
        "decision": correction.decision.value,
        "score": round(correction.score, 3),
        "sure": judge_score(correction.score).value,
        "percent": format_score(correction.score),
        "why": explain_all(correction.evidence),
        "doubt": round(1 - abs(2 * correction.score - 1), 4),
        "after": correction.after,
        "held": correction.held_back,
        "alternatives": list(_alternatives(correction)),
        "evidence": [
            [
                voice.kind.value,
                voice.reason,
                round(voice.weight, 2) if _is_known(voice.weight) else 0,
            ]
            for voice in correction.evidence
        ],
        **_place(text, correction.offsets, correction.span),
    }


def _alternatives(correction: Correction) -> Iterator[str]:
    """Yield the other readings, each once; what is written or proposed is none."""
    known = {correction.before, correction.after}
    for reading in correction.alternatives:
        if reading not in known:
            known.add(reading)
            yield reading


def _is_known(weight: float) -> bool:
    return math.isfinite(weight)


def _finding(text: _Text, number: int, finding: Finding, host: int | None) -> dict[str, Any]:
    offsets = finding.offsets
    if offsets is None:
        place = text.offset_at(finding.span.start) if finding.span else 0
        offsets = (place, place)
    is_heard = finding.kind is FindingKind.NOT_IN_TEXT
    return {
        "id": f"f{number}",
        "type": "finding",
        "kind": finding.kind.value,
        "doubt": _DOUBTS.get(finding.kind, _LEAST_DOUBT),
        "reason": finding.reason,
        "heard": finding.text if is_heard else "",
        "host": None if host is None else f"c{host}",
        **_place(text, offsets, finding.span),
    }


def _place(text: _Text, offsets: tuple[int, int], span: Span | None) -> dict[str, Any]:
    span = span or text.span_at(offsets)
    start, end = (None, None) if span is None else _times(span)
    return {"first": offsets[0], "last": offsets[1], "start": start, "end": end}


def _speakers(text: _Text, corrections: Sequence[Correction]) -> Iterator[dict[str, Any]]:
    """Yield who speaks, with a sample of their voice and words by which they are found again."""
    turns = text.alignment.turns
    for name in text.names:
        own = [turn for turn in turns if turn.speaker == name]
        seconds = sum(turn.end - turn.start for turn in own)
        first, last, span = _sample(text, name, own, corrections)
        yield {
            "name": name,
            "seconds": round(seconds),
            "first": first,
            "last": last,
            "sample": None if span is None else _times(span),
        }


def _sample(
    text: _Text, name: str, turns: Sequence[Turn], corrections: Sequence[Correction]
) -> tuple[int, int, Span | None]:
    """Return the characters of something that a person says in one breath, and when.

    What corrections may change is avoided: it would not be found again afterwards.
    """
    longest = max(turns, key=lambda turn: turn.end - turn.start, default=None)
    best: tuple[int, int] = (0, 0)
    for first, last, *_, speaker in text.clauses:
        if speaker < 0 or text.names[speaker] != name:
            continue
        span = text.span_at((first, last))
        inside = longest is None or (span and longest.start <= span.start <= longest.end)
        is_sure = not any(c.offsets[0] < last and first < c.offsets[1] for c in corrections)
        if inside and is_sure and last - first > best[1] - best[0]:
            best = first, last
    first, last = best[0], min(best[1], best[0] + _SAMPLE)
    return first, last, text.span_at((first, last)) if last > first else None
