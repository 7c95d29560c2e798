"""Changes to a timed document as a whole: words, findings, titles of topics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby, pairwise

from subtools.core import Alignment, Finding, FindingKind, Paragraph, Span, Transcript, Word
from subtools.revising.changes import (
    Change,
    Offsets,
    move_range,
    revise_text,
    sort_changes,
)
from subtools.revising.sharing import place_fresh
from subtools.revising.titles import revise_topics
from subtools.revising.words import Piece, revise_words

# What these say of words is said of their sounds: it does not hold for other words.
_ABOUT_SOUNDS = {FindingKind.MISHEARD, FindingKind.LOW_CONFIDENCE}
_UNTIMED = {FindingKind.NOT_IN_AUDIO, FindingKind.OUT_OF_ORDER, FindingKind.OUTSIDE_VIDEO}
NOT_LOOKED_FOR = "written here after the times were found: nobody has looked for it in the sound"


def revise_alignment(
    alignment: Alignment, changes: Sequence[Change], *, interpolate: bool = False
) -> Alignment:
    """Return ``alignment`` with other text in places.

    Words whose letters stay keep time, confidence and speaker; new ones have the speaker
    of those whose place they take, and no time. Findings move along; those about the
    sounds of words that are gone go with them. Titles of topics that were taken from a
    changed place are changed, too. Turns and topics keep their times.

    Args:
        alignment: The document, timed.
        changes: In any order; their offsets count in its body. What is put in between two
            paragraphs goes to the end of the first; what replaces parts of two as well.
        interpolate: Whether new words share the time of what stood in their place, without
            a confidence.

    Raises:
        ValueError: If changes overlap, or are outside the body.
    """
    body = alignment.transcript.body
    ordered = sort_changes(changes, len(body))
    if not ordered:
        return alignment
    transcript = _revise_transcript(alignment.transcript, ordered, interpolate=interpolate)
    revised = revise_text(body, ordered)
    moved = [*_move_findings(alignment.findings, ordered, revised)]
    found = [*moved, *_report_untimed(transcript.words, moved)]
    return replace(
        alignment,
        transcript=transcript,
        findings=tuple(sorted(found, key=by_time)),
        topics=revise_topics(alignment, ordered),
    )


def by_time(finding: Finding) -> tuple[Span, Offsets]:
    """Return what findings are put in order by, as aligners do."""
    return finding.span or Span(0.0, 0.0), finding.offsets or (0, 0)


def _revise_transcript(
    transcript: Transcript, changes: Sequence[Change], *, interpolate: bool
) -> Transcript:
    paragraphs = transcript.paragraphs or (Paragraph(()),)
    lengths = [len(paragraph.text) for paragraph in paragraphs]
    ranges = list(pairwise(accumulate(lengths, initial=0)))
    revised = [
        revise_words(paragraph.words, _changes_of(changes, place, is_first=not k))
        for k, (paragraph, place) in enumerate(zip(paragraphs, ranges, strict=True))
    ]
    pieces: list[Piece] = [piece for paragraph in revised for piece in paragraph]
    words = list(place_fresh(pieces, interpolate=interpolate))
    counts = (
        sum(1 if isinstance(piece, Word) else len(piece.texts) for piece in paragraph)
        for paragraph in revised
    )
    borders = pairwise(accumulate(counts, initial=0))
    filled = (Paragraph(tuple(words[a:b])) for a, b in borders if a < b)
    return replace(transcript, paragraphs=tuple(filled))


def _changes_of(changes: Sequence[Change], place: Offsets, *, is_first: bool) -> tuple[Change, ...]:
    """Return what happens to the paragraph at ``place``, counted from its first character."""
    return tuple(_parts(changes, place, is_first=is_first))


def _parts(changes: Sequence[Change], place: Offsets, *, is_first: bool) -> Iterator[Change]:
    start, stop = place
    for change in changes:
        first, last = change.offsets
        begins_here = start <= first < stop
        if first == last:
            begins_here = start < first <= stop or (is_first and first == start)
        if begins_here:
            yield Change((first - start, min(last, stop) - start), change.after)
        elif first < start < last:  # the text stands where the change begins
            yield Change((0, min(last, stop) - start), "")


def _move_findings(
    findings: Sequence[Finding], changes: Sequence[Change], revised: str
) -> Iterator[Finding]:
    """Yield what of ``findings`` still holds."""
    for finding in findings:
        if finding.offsets is None:
            yield finding
            continue
        first, last = move_range(finding.offsets, changes)
        is_gone = _is_replaced(finding.offsets, changes) and finding.kind in _ABOUT_SOUNDS
        if first < last and not is_gone:
            yield replace(finding, text=revised[first:last], offsets=(first, last))


def _is_replaced(offsets: Offsets, changes: Sequence[Change]) -> bool:
    first, last = offsets
    return any(c.offsets[0] <= first and last <= c.offsets[1] for c in changes)


def _report_untimed(words: Sequence[Word], findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield a finding for each run of words without a time that no other is about."""
    starts = list(accumulate((len(word.text) for word in words), initial=0))
    told = [f.offsets for f in findings if f.offsets is not None and f.kind in _UNTIMED]
    silent = [
        word.span is None and not any(a <= starts[k] and starts[k + 1] <= b for a, b in told)
        for k, word in enumerate(words)
    ]
    for is_silent, group in groupby(range(len(words)), key=silent.__getitem__):
        if is_silent:
            run = list(group)
            text = "".join(words[k].text for k in run)
            place = (starts[run[0]], starts[run[-1] + 1])
            span = _gap(words, run[0], run[-1])
            yield Finding(FindingKind.NOT_IN_AUDIO, text, NOT_LOOKED_FOR, span, place)


def _gap(words: Sequence[Word], first: int, last: int) -> Span | None:
    """Return the time between the timed words around some."""
    before = next((w.span.end for w in reversed(words[:first]) if w.span), None)
    after = next((w.span.start for w in words[last + 1 :] if w.span), None)
    if before is None and after is None:
        return None
    start = before if before is not None else 0.0
    return Span(start, max(start, after if after is not None else start))
