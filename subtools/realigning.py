"""New times where a timed document was changed, and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate

from subtools.aligners import (
    AUTO,
    RECOGNISED,
    Aligner,
    AlignerOptions,
    PhoneAligner,
    RecognitionAligner,
    choose_aligner,
    load_engine,
)
from subtools.alignment import align_posteriors
from subtools.core import (
    FRAME,
    SAMPLE_RATE,
    Alignment,
    Audio,
    Finding,
    FindingKind,
    Paragraph,
    Posteriors,
    Progress,
    Seconds,
    Span,
    Transcript,
    Word,
    no_progress,
    overlap,
)
from subtools.errors import AlignmentError, MediaError
from subtools.lexicon import clause_ranges
from subtools.revising import by_time
from subtools.shifting import shift_alignment

CONTEXT = 3  # clauses on either side that are listened to as well, so that the path has hold
MARGIN = 2.0  # s around them, of which the words before and after take their part
LEAST: Seconds = 0.1  # of sound; less holds no word
_ABOUT_WORDS = {
    *(FindingKind.NOT_IN_AUDIO, FindingKind.MISHEARD),
    *(FindingKind.LOW_CONFIDENCE, FindingKind.OUT_OF_ORDER),
}
_SHARED = "; the time is that of the words that stood here"

Offsets = tuple[int, int]
Listener = Callable[[Transcript, Span], Alignment]
"""Puts words in the time of the whole sound, knowing only a stretch of it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a document that is aligned anew.

    Attributes:
        words: All its words.
        changed: Those of its clauses that were changed, in order: these get new times.
        span: Where it is spoken.
    """

    words: range
    changed: tuple[range, ...]
    span: Span


def realign(
    alignment: Alignment,
    changed: Sequence[Offsets],
    listen: Listener,
    duration: Seconds,
    *,
    context: int = CONTEXT,
    progress: Progress = no_progress,
) -> Alignment:
    """Return ``alignment`` with new times in the clauses that were changed.

    All other words keep theirs to the bit. A word that is not found keeps the time it has,
    as far as its neighbours leave room, without a confidence; findings say so.

    Args:
        alignment: The changed document, with what is known of its times.
        changed: The characters [first, last) of its body that are new.
        listen: Aligns a stretch; ``listen_to_posteriors`` and ``listen_to_sound`` make one.
        duration: Length of the sound, in seconds.
        context: Clauses on either side of a changed one that are aligned with it.
        progress: Told how many stretches are done.
    """
    stretches = find_stretches(alignment.transcript, changed, duration, context=context)
    for number, stretch in enumerate(stretches):
        progress("realigning", number, len(stretches))
        alignment = _realign_stretch(alignment, stretch, listen)
    if stretches:
        progress("realigning", len(stretches), len(stretches))
    return alignment


def listen_to_posteriors(posteriors: Posteriors, language: str) -> Listener:
    """Return what aligns stretches of a sound that a classifier has heard."""

    def listen(transcript: Transcript, span: Span) -> Alignment:
        first, last = math.floor(span.start / FRAME), math.ceil(span.end / FRAME)
        heard = Posteriors(
            posteriors.log_probs[first:last],
            posteriors.two_voices[first:last],
            posteriors.level[first:last],
        )
        found = align_posteriors(transcript, heard, language=language)
        return shift_alignment(found, first * FRAME)

    return listen


def listen_to_sound(sound: Audio, aligner: Aligner, language: str | None) -> Listener:
    """Return what aligns stretches of ``sound``; only these are listened to."""

    def listen(transcript: Transcript, span: Span) -> Alignment:
        first, last = round(span.start * SAMPLE_RATE), round(span.end * SAMPLE_RATE)
        part = Audio(sound.samples[first:last])
        found = aligner(transcript, part, language=language)
        return shift_alignment(found, first / SAMPLE_RATE)

    return listen


def load_listener(
    alignment: Alignment, sound: Audio, *, model: str = "base", threads: int | None = None
) -> Listener:
    """Return what aligns stretches of ``sound`` as ``alignment`` was made, loaded once.

    Raises:
        SubtoolsError: If its aligner is not there.
    """
    name = AUTO if alignment.aligner == RECOGNISED else alignment.aligner
    name = choose_aligner(name, alignment.transcript, alignment.language)
    aligner = load_engine(name, AlignerOptions(model, threads)).align
    if isinstance(aligner, PhoneAligner | RecognitionAligner):
        aligner = replace(aligner, load=cache(aligner.load))  # type: ignore[arg-type]
    return listen_to_sound(sound, aligner, alignment.language)


def find_stretches(
    transcript: Transcript, changed: Sequence[Offsets], duration: Seconds, *, context: int = CONTEXT
) -> tuple[Stretch, ...]:
    """Return what has to be aligned anew for ``changed`` characters, in order."""
    words = transcript.words
    clauses = list(_clauses(transcript))
    touched = sorted(set(_with_guessed(words, clauses, set(_touched(words, clauses, changed)))))
    groups: list[list[int]] = []
    for clause in touched:
        if groups and clause - groups[-1][-1] <= 2 * context:
            groups[-1].append(clause)
        else:
            groups.append([clause])
    found = (_stretch(words, clauses, group, duration, context) for group in groups)
    return tuple(stretch for stretch in found if stretch.span.duration >= LEAST)


def _clauses(transcript: Transcript) -> Iterator[range]:
    first = 0
    for paragraph in transcript.paragraphs:
        for clause in clause_ranges([word.text for word in paragraph.words]):
            yield range(first + clause.start, first + clause.stop)
        first += len(paragraph.words)


def _touched(
    words: Sequence[Word], clauses: Sequence[range], changed: Sequence[Offsets]
) -> Iterator[int]:
    """Yield the numbers of the clauses with changed characters, or that one was taken out of."""
    starts = list(accumulate((len(word.text) for word in words), initial=0))
    for number, clause in enumerate(clauses):
        begin, end = starts[clause.start], starts[clause.stop]
        if any(
            (first < end and begin < last) or (first == last and begin <= first <= end)
            for first, last in changed
        ):
            yield number


def _with_guessed(
    words: Sequence[Word], clauses: Sequence[range], touched: set[int]
) -> Iterator[int]:
    """Yield ``touched`` and the clauses beside them that begin or end at guessed times."""
    for number in touched:
        yield number
        if number and words[clauses[number].start - 1].confidence is None:
            yield number - 1
        if number + 1 < len(clauses) and words[clauses[number].stop].confidence is None:
            yield number + 1


def _stretch(
    words: Sequence[Word],
    clauses: Sequence[range],
    changed: Sequence[int],
    duration: Seconds,
    context: int,
) -> Stretch:
    first = clauses[max(0, changed[0] - context)].start
    last = clauses[min(len(clauses) - 1, changed[-1] + context)].stop
    span = _listen_span(words, range(first, last), duration)
    return Stretch(range(first, last), tuple(clauses[k] for k in changed), span)


def _listen_span(words: Sequence[Word], inner: range, duration: Seconds) -> Span:
    """Return where ``inner`` is spoken: between the timed words around it, near its own."""
    start = next((w.span.end for w in reversed(words[: inner.start]) if w.span), 0.0)
    end = next((w.span.start for w in words[inner.stop :] if w.span), duration)
    head, tail = words[inner.start].span, words[inner.stop - 1].span
    if head is not None and head.start >= start:
        start = max(start, head.start - MARGIN)
    if tail is not None and tail.end <= end:
        end = min(end, tail.end + MARGIN)
    return Span(start, max(start, min(end, duration)))


def _realign_stretch(alignment: Alignment, stretch: Stretch, listen: Listener) -> Alignment:
    """Return ``alignment`` with the stretch's changed words where they are heard."""
    try:
        found = listen(_cut(alignment.transcript, stretch.words), stretch.span)
    except (AlignmentError, MediaError):  # nobody is heard there: nothing is learned
        return alignment
    words = list(alignment.transcript.words)
    for clause in stretch.changed:
        fresh = found.transcript.words[
            clause.start - stretch.words.start : clause.stop - stretch.words.start
        ]
        words[clause.start : clause.stop] = _settle(words, clause, fresh)
    findings = _join_findings(alignment, found, stretch, words)
    transcript = alignment.transcript.with_words(words)
    return replace(alignment, transcript=transcript, findings=tuple(sorted(findings, key=by_time)))


def _cut(transcript: Transcript, words: range) -> Transcript:
    """Return a part of a document, in its paragraphs."""
    paragraphs, first = [], 0
    for paragraph in transcript.paragraphs:
        inner = paragraph.words[max(0, words.start - first) : max(0, words.stop - first)]
        if inner:
            paragraphs.append(Paragraph(inner))
        first += len(paragraph.words)
    return Transcript(tuple(paragraphs), transcript.source)


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
