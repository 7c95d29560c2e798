"""What was heard moved in time, for sound that does not start with its video."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby

from subtools.core import Alignment, Finding, FindingKind, Recognition, Seconds, Span, Word


def shift_recognition(recognition: Recognition, offset: Seconds) -> Recognition:
    """Return ``recognition`` later by ``offset`` seconds; times may then lie before 0."""
    if not offset:
        return recognition
    return replace(
        recognition,
        segments=tuple(
            tuple(replace(w, start=w.start + offset, end=w.end + offset) for w in segment)
            for segment in recognition.segments
        ),
        speech=tuple(span.shifted(offset) for span in recognition.speech),
    )


def drop_before_start(alignment: Alignment) -> Alignment:
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
