"""Timed words moved in time."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate

from subtools.core import Alignment, Finding, FindingKind, Seconds, Word


def shift_alignment(alignment: Alignment, offset: Seconds) -> Alignment:
    """Return ``alignment`` later by ``offset`` seconds.

    What would be before time 0 has no time any more, and is reported.
    """
    if not offset:
        return alignment
    words = alignment.transcript.words
    starts = accumulate((len(word.text) for word in words), initial=0)
    outside = [
        Finding(
            FindingKind.OUTSIDE_VIDEO,
            word.text,
            f"spoken {-(word.span.start + offset):.1f} s before the video starts",
            offsets=(start, start + len(word.text)),
        )
        for start, word in zip(starts, words, strict=False)
        if word.span is not None and word.span.start + offset < 0
    ]
    return replace(
        alignment,
        transcript=alignment.transcript.with_words([_shift_word(w, offset) for w in words]),
        findings=(*outside, *(_shift_finding(f, offset) for f in alignment.findings)),
    )


def _shift_word(word: Word, offset: Seconds) -> Word:
    if word.span is None:
        return word
    if word.span.start + offset < 0:
        return replace(word, span=None, confidence=None)
    return replace(word, span=word.span.shifted(offset))


def _shift_finding(finding: Finding, offset: Seconds) -> Finding:
    if finding.span is None or finding.span.start + offset < 0:
        return replace(finding, span=None)
    return replace(finding, span=finding.span.shifted(offset))
