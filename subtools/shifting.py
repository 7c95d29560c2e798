"""Timed words moved in time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby

from subtools.core import Alignment, Finding, FindingKind, Seconds, Word


def shift_alignment(alignment: Alignment, offset: Seconds) -> Alignment:
    """Return ``alignment`` later by ``offset`` seconds.

    What would be before time 0 has no time any more, and is reported.
    """
    if not offset:
        return alignment
    words = [_shift_word(word, offset) for word in alignment.transcript.words]
    return replace(
        alignment,
        transcript=alignment.transcript.with_words(words),
        findings=(
            *_report_outside(alignment.transcript.words, words),
            *(_shift_finding(finding, offset) for finding in alignment.findings),
        ),
    )


def _report_outside(before: Sequence[Word], after: Sequence[Word]) -> Iterator[Finding]:
    """Yield a finding for each run of words that lost their times."""
    offsets = list(accumulate((len(word.text) for word in before), initial=0))
    lost = [
        old.span is not None and new.span is None for old, new in zip(before, after, strict=True)
    ]
    for is_lost, group in groupby(range(len(lost)), key=lambda index: lost[index]):
        if is_lost:
            run = list(group)
            text = "".join(before[index].text for index in run)
            reason = "spoken before the video starts"
            place = (offsets[run[0]], offsets[run[-1] + 1])
            yield Finding(FindingKind.OUTSIDE_VIDEO, text, reason, offsets=place)


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
