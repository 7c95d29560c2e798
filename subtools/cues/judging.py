"""How sure a cue is, and why."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from subtools.core import Cue, Finding, FindingKind, Seconds, Span, Word

NO_TIME_KNOWN = "no time known"  # reason of a cue that stands between its neighbours' times
TOUCHING: Seconds = 0.05  # a finding that reaches no further into a cue is its neighbour's
DOUBTFUL = 0.5  # confidence of a word below which it is likelier wrong than right
_DOUBTS = {
    FindingKind.MISHEARD: "something else is heard here",
    FindingKind.LOW_CONFIDENCE: "the sound fits the text badly",
    FindingKind.OVERLAPPING_SPEECH: "more than one person speaks",
    FindingKind.DOUBTFUL_SPEAKER: "who speaks is not sure",
}


def judge_words(words: Sequence[Word]) -> tuple[float, str]:
    """Return confidence of a cue and the reason: interpolated words count as 0."""
    heard = [word.confidence for word in words if word.confidence is not None]
    confidence = round(sum(heard) / len(words), 3)
    doubtful = sum(rated < DOUBTFUL for rated in heard)
    reason = _count_heard(words, len(heard))
    return confidence, f"{reason}; {doubtful} doubtful" if doubtful else reason


def _count_heard(words: Sequence[Word], heard: int) -> str:
    everything = "its one word" if len(words) == 1 else f"all {len(words)} words"
    is_timed = len(known_spans(words)) == len(words)
    if heard == len(words):
        return f"{everything} heard"
    if not heard and is_timed:
        return f"{everything} timed between others, not heard"
    others = "the other" if heard == len(words) - 1 else "the others"
    how = "timed between them" if is_timed else "without a time"
    return f"{heard} of {len(words)} words heard, {others} {how}"


def add_doubts(cues: Sequence[Cue], findings: Sequence[Finding]) -> list[Cue]:
    """Return ``cues`` whose reasons name the findings that they overlap, each kind once."""
    doubted = list(cues)
    starts, ends = [cue.start for cue in cues], [cue.end for cue in cues]
    for finding in findings:
        doubt = _DOUBTS.get(finding.kind)
        if doubt is None or finding.span is None:
            continue
        first = bisect_right(ends, finding.span.start + TOUCHING)
        last = bisect_left(starts, finding.span.end - TOUCHING)
        for index in range(first, last):
            reason = doubted[index].reason
            if doubt not in reason and reason != NO_TIME_KNOWN:
                doubted[index] = replace(doubted[index], reason=f"{reason}; {doubt}")
    return doubted


def known_spans(words: Sequence[Word]) -> list[Span]:
    """Return when those of ``words`` sound that have a time."""
    return [word.span for word in words if word.span is not None]
