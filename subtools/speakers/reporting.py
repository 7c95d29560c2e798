"""What a person should know of who speaks: where several do, and where it is not sure who."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from subtools.core import Finding, FindingKind, Seconds, Span, Turn, Word, overlap

DOUBTFUL = 0.7  # confidence of a turn below which somebody should listen
LEAST_OVERLAP: Seconds = 0.3  # less is a hand-over without a pause
_LONGEST_WORD: Seconds = 5.0
_OVERLAP_REASON = "{} speak at once"
_DOUBT_REASON = "the voice is not clearly that of {} (confidence {:.2f})"

_Timed = Sequence[tuple[Span, str]]  # words with times, by onset


def report_speakers(turns: Sequence[Turn], words: Sequence[Word]) -> tuple[Finding, ...]:
    """Return findings about ``turns``, by time: people speak at once, or who speaks is doubtful.

    Args:
        turns: Who speaks when, by onset.
        words: What is said, with times, for the texts of the findings.
    """
    timed = sorted((word.span, word.text) for word in words if word.span is not None)
    findings = [*_report_overlaps(turns, timed), *_report_doubts(turns, timed)]
    return tuple(sorted(findings, key=lambda f: (f.span.start, f.span.end) if f.span else (0, 0)))


def _report_overlaps(turns: Sequence[Turn], words: _Timed) -> Iterator[Finding]:
    for index, turn in enumerate(turns):
        for other in turns[index + 1 :]:
            if other.start >= turn.end:
                break
            span = Span(other.start, min(turn.end, other.end))
            if other.speaker != turn.speaker and span.duration >= LEAST_OVERLAP:
                reason = _OVERLAP_REASON.format(f"{turn.speaker} and {other.speaker}")
                yield Finding(FindingKind.OVERLAPPING_SPEECH, _text(words, span), reason, span)


def _report_doubts(turns: Sequence[Turn], words: _Timed) -> Iterator[Finding]:
    for turn in turns:
        if turn.confidence is not None and turn.confidence < DOUBTFUL:
            span = Span(turn.start, turn.end)
            reason = _DOUBT_REASON.format(turn.speaker, turn.confidence)
            yield Finding(FindingKind.DOUBTFUL_SPEAKER, _text(words, span), reason, span)


def _text(words: _Timed, span: Span) -> str:
    """Return the words of which half or more lies in ``span``."""
    first = bisect_left(words, span.start - _LONGEST_WORD, key=lambda word: word[0].start)
    last = bisect_left(words, span.end, key=lambda word: word[0].start)
    return "".join(
        text for own, text in words[first:last] if overlap(own, span) >= max(1e-3, own.duration / 2)
    )
