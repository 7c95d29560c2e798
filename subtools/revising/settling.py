"""New times for a stretch of a document put beside the old ones around it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from subtools.core import Alignment, Finding, FindingKind, Span, Word, overlap
from subtools.revising.alignments import by_time
from subtools.revising.changes import Offsets
from subtools.revising.stretches import Stretch

_ABOUT_WORDS = {
    *(FindingKind.NOT_IN_AUDIO, FindingKind.MISHEARD),
    *(FindingKind.LOW_CONFIDENCE, FindingKind.OUT_OF_ORDER),
}
_SHARED = "; it is timed between its neighbours"


def settle_stretch(alignment: Alignment, stretch: Stretch, found: Alignment) -> Alignment:
    """Return ``alignment`` with the times and findings of a stretch where it was changed.

    Args:
        alignment: The whole document.
        stretch: Which part of it was aligned anew.
        found: That part, in the time of the whole sound.
    """
    words = list(alignment.transcript.words)
    for clause in stretch.changed:
        first, last = (place - stretch.words.start for place in (clause.start, clause.stop))
        words[clause.start : clause.stop] = _settle(
            words, clause, found.transcript.words[first:last]
        )
    findings = _join_findings(alignment, found, stretch, words)
    transcript = alignment.transcript.with_words(words)
    return replace(alignment, transcript=transcript, findings=tuple(sorted(findings, key=by_time)))


def _settle(words: Sequence[Word], clause: range, found: Sequence[Word]) -> list[Word]:
    """Return the words of ``clause`` with the times found, between those of its neighbours."""
    room = _room(words, clause)
    old = words[clause.start : clause.stop]
    heard = [word.span if word.span and _is_within(word.span, room) else None for word in found]
    settled, now = [], room.start
    for k, word in enumerate(old):
        if (span := heard[k]) is not None:
            placed = replace(word, span=_clip(span, room), confidence=found[k].confidence)
        else:
            following = next((s.start for s in heard[k + 1 :] if s), room.end)
            placed = _keep(word, Span(now, max(now, min(following, room.end))))
        settled.append(placed)
        now = placed.span.end if placed.span else now
    return settled


def _room(words: Sequence[Word], clause: range) -> Span:
    """Return the time between the timed words around ``clause``."""
    start = next((w.span.end for w in reversed(words[: clause.start]) if w.span), 0.0)
    end = next((w.span.start for w in words[clause.stop :] if w.span), math.inf)
    return Span(start, max(start, end))


def _is_within(span: Span, room: Span) -> bool:
    """Tell whether at least half of ``span`` lies in ``room``."""
    return 2 * overlap(span, room) >= span.duration and room.start <= span.end <= span.end


def _clip(span: Span, room: Span) -> Span:
    start = min(max(span.start, room.start), room.end)
    return Span(start, max(start, min(span.end, room.end)))


def _keep(word: Word, room: Span) -> Word:
    """Return a word that was not found, where it stood before as far as there is room."""
    if word.span is None or (word.span.start >= room.start and word.span.end <= room.end):
        return word
    return replace(word, span=_clip(word.span, room), confidence=None)


def _join_findings(
    alignment: Alignment, found: Alignment, stretch: Stretch, words: Sequence[Word]
) -> list[Finding]:
    """Return the findings: old ones outside of what changed, new ones inside."""
    starts = list(accumulate((len(word.text) for word in words), initial=0))
    places = [(starts[c.start], starts[c.stop]) for c in stretch.changed]
    rooms = [_room(words, c) for c in stretch.changed]
    body = alignment.transcript.body
    base = starts[stretch.words.start]
    kept = [
        part for finding in alignment.findings for part in _outside(finding, places, rooms, body)
    ]
    moved = [_move(finding, base) for finding in found.findings]
    new = [part for f in moved for part in _inside(f, places, rooms, body)]
    return [*kept, *(_amend(finding, words, starts) for finding in new)]


def _outside(
    finding: Finding, places: Sequence[Offsets], rooms: Sequence[Span], body: str
) -> Iterator[Finding]:
    """Yield what of an old finding is not about changed clauses."""
    if finding.kind is FindingKind.NOT_IN_TEXT:
        if not _is_in_rooms(finding, rooms):
            yield finding
        return
    if finding.kind not in _ABOUT_WORDS or finding.offsets is None:
        yield finding
        return
    first, last = finding.offsets
    for begin, end in places:
        if first < end and begin < last:
            if first < begin:
                yield _part(finding, (first, begin), body)
            first = min(last, end)
    if first < last:
        yield finding if first == finding.offsets[0] else _part(finding, (first, last), body)


def _inside(
    finding: Finding, places: Sequence[Offsets], rooms: Sequence[Span], body: str
) -> Iterator[Finding]:
    """Yield what of a new finding is about changed clauses."""
    if finding.kind is FindingKind.NOT_IN_TEXT and _is_in_rooms(finding, rooms):
        yield finding
    if finding.kind in _ABOUT_WORDS and finding.offsets is not None:
        for begin, end in places:
            first, last = max(begin, finding.offsets[0]), min(end, finding.offsets[1])
            if first < last:
                yield _part(finding, (first, last), body)


def _part(finding: Finding, offsets: Offsets, body: str) -> Finding:
    return replace(finding, offsets=offsets, text=body[offsets[0] : offsets[1]])


def _is_in_rooms(finding: Finding, rooms: Sequence[Span]) -> bool:
    span = finding.span
    return span is not None and any(_is_within(span, room) for room in rooms)


def _move(finding: Finding, base: int) -> Finding:
    if finding.offsets is None:
        return finding
    return replace(finding, offsets=(finding.offsets[0] + base, finding.offsets[1] + base))


def _amend(finding: Finding, words: Sequence[Word], starts: Sequence[int]) -> Finding:
    """Return a finding that says ``not in the audio`` of words only where they have no time."""
    if finding.kind is not FindingKind.NOT_IN_AUDIO or finding.offsets is None:
        return finding
    first, last = finding.offsets
    about = [w for k, w in enumerate(words) if first <= starts[k] and starts[k + 1] <= last]
    if not about or any(word.span is None for word in about):
        return finding
    return replace(finding, kind=FindingKind.MISHEARD, reason=finding.reason + _SHARED)
