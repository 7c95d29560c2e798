"""An alignment moved in time, for sound that does not start with its video."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby

from subtools.core import Alignment, Finding, FindingKind, Seconds, Span, Speaker, Topic, Turn, Word
from subtools.timecode import compose_clock, parse_timecode

# The times that aligners put into a reason, as ``timecode.compose_clock`` writes them.
_CLOCK = re.compile(r"\d{1,4}(?::[0-5]\d){1,2}(?![\d:])")
_HEARD = re.compile(rf"\bheard (?:at {_CLOCK.pattern}|from {_CLOCK.pattern} to {_CLOCK.pattern})")


def shift_alignment(alignment: Alignment, offset: Seconds) -> Alignment:
    """Return ``alignment`` later by ``offset`` seconds, without times before 0.

    Words that begin before 0 lose their time and are reported; findings keep the part
    of their time from 0 on. A time inside a reason moves by whole seconds.
    """
    if offset:
        words = [replace(w, span=_shift(w.span, offset)) for w in alignment.transcript.words]
        findings = tuple(_shift_finding(finding, offset) for finding in alignment.findings)
        moved = alignment.transcript.with_words(words)
        alignment = replace(
            alignment,
            transcript=moved,
            findings=findings,
            turns=tuple(_shift_turns(alignment.turns, offset)),
            topics=tuple(_shift_topics(alignment.topics, offset)),
            speakers=tuple(_shift_quotes(speaker, offset) for speaker in alignment.speakers),
        )
    return _drop_before_start(alignment)


def _shift(span: Span | None, offset: Seconds) -> Span | None:
    return None if span is None else span.shifted(offset)


def _shift_topics(topics: Sequence[Topic], offset: Seconds) -> Iterator[Topic]:
    """Yield what of ``topics`` is after 0."""
    for topic in topics:
        if topic.end + offset > 0:
            yield replace(topic, start=max(0.0, topic.start + offset), end=topic.end + offset)


def _shift_turns(turns: Sequence[Turn], offset: Seconds) -> Iterator[Turn]:
    """Yield what of ``turns`` is after 0."""
    for turn in turns:
        if turn.end + offset > 0:
            yield replace(turn, start=max(0.0, turn.start + offset), end=turn.end + offset)


def _shift_quotes(speaker: Speaker, offset: Seconds) -> Speaker:
    moved = [replace(q, span=_clip(_shift(q.span, offset))) for q in speaker.quotes]
    return replace(speaker, quotes=tuple(moved))


def _shift_finding(finding: Finding, offset: Seconds) -> Finding:
    reason = _HEARD.sub(lambda match: _shift_clocks(match.group(), offset), finding.reason)
    return replace(finding, span=_shift(finding.span, offset), reason=reason)


def _shift_clocks(text: str, offset: Seconds) -> str:
    return _CLOCK.sub(lambda match: _shift_clock(match.group(), offset), text)


def _shift_clock(clock: str, offset: Seconds) -> str:
    minutes, _, seconds = clock.rpartition(":")
    hours, _, minutes = minutes.rpartition(":")
    shown = parse_timecode(f"{hours or 0}:{minutes}:{seconds}")
    return compose_clock(shown + round(offset))


def _drop_before_start(alignment: Alignment) -> Alignment:
    """Return ``alignment`` without times before 0; words that begin there are reported."""
    before = alignment.transcript.words
    words = [_drop_early(word) for word in before]
    findings = (
        *_report_outside(before, words),
        *(replace(f, span=_clip(f.span)) for f in alignment.findings),
    )
    return replace(alignment, transcript=alignment.transcript.with_words(words), findings=findings)


def _drop_early(word: Word) -> Word:
    is_early = word.span is not None and word.span.start < 0
    return replace(word, span=None, confidence=None) if is_early else word


def _clip(span: Span | None) -> Span | None:
    """Return the part of ``span`` from 0 on; None if there is none."""
    if span is None or span.end < 0:
        return None
    return Span(max(0.0, span.start), span.end)


def _report_outside(before: Sequence[Word], after: Sequence[Word]) -> Iterator[Finding]:
    """Yield a finding for each run of words that lost their times."""
    offsets = list(accumulate((len(word.text) for word in before), initial=0))
    pairs = zip(before, after, strict=True)
    lost = [old.span is not None and new.span is None for old, new in pairs]
    for is_lost, group in groupby(range(len(lost)), key=lambda index: lost[index]):
        if is_lost:
            run = list(group)
            text = "".join(before[index].text for index in run)
            reason = "spoken before the video starts"
            place = (offsets[run[0]], offsets[run[-1] + 1])
            yield Finding(FindingKind.OUTSIDE_VIDEO, text, reason, offsets=place)
