"""What a person should look at after an alignment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.alignment.hearing import Hearing
from subtools.alignment.mismatches import Kind, Mismatch, Stretch, covered
from subtools.alignment.moved import Moved, covered_by, parts_of
from subtools.core import FRAME, Finding, FindingKind, Posteriors, Seconds, Span, Word
from subtools.lexicon import word_core
from subtools.phonetics import PHONES, phones_to_text
from subtools.timecode import compose_clock

MISHEARD: Seconds = 0.6  # three syllables, from which a disagreement is worth a look
DOUBTFUL = 0.5  # confidence of a clause, the mean of its words, below which it is reported
OVERLAP: Seconds = 0.3  # a syllable and a half; less is a breath or an echo
MOST_SHOWN = 80  # phones; what is longer has to be listened to
TWO_VOICES = 0.5  # probability from which two people speak
NEIGHBOURING = 20  # frames; stretches of two voices so close to each other are one
EXPLAINED = 0.5  # share of a passage that must be moved words for it not to be unwritten


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What findings are made of.

    Attributes:
        words: The words with their times.
        needs: How many frames each usually takes.
        offsets: Where each word begins in the body, and the body's length.
        hearing: What is heard.
        posteriors: The same, frame by frame.
    """

    words: Sequence[Word]
    needs: Sequence[float]
    offsets: Sequence[int]
    hearing: Hearing
    posteriors: Posteriors

    def finding(self, kind: FindingKind, words: range, reason: str, span: Span | None) -> Finding:
        """Return a finding about ``words``."""
        text = "".join(word.text for word in self.words[words.start : words.stop])
        places = self.offsets[words.start], self.offsets[words.stop]
        return Finding(kind, text, reason, span, places)

    def heard(self, speech: Sequence[Stretch]) -> str:
        """Return the phones heard in some stretches, for a person."""
        phones = []
        for stretch in speech:
            first, last = np.searchsorted(self.hearing.first, stretch)
            phones += [PHONES[phone] for phone in self.hearing.phones[first:last]]
        text = phones_to_text(phones[:MOST_SHOWN])
        return f"{text} ..." if len(phones) > MOST_SHOWN else text


def report_mismatches(
    report: Report, mismatches: Sequence[Mismatch], moved: Sequence[Moved]
) -> Iterator[Finding]:
    """Yield what is written and not heard, heard and not written, or heard elsewhere."""
    explained = covered_by(moved, len(report.hearing.silence))
    for mismatch in mismatches:
        here = parts_of(mismatch, moved)
        for passage in here:
            yield _report_moved(report, mismatch, passage)
        if mismatch.kind is Kind.REPLACED and not here:
            yield from _report_replaced(report, mismatch)
        elif mismatch.kind is not Kind.UNWRITTEN:
            for words in _remaining(mismatch.words, here):
                yield _report_unspoken(report, mismatch, words)
        if here or mismatch.kind is Kind.UNWRITTEN:
            yield from _report_unwritten(report, mismatch, explained)


def report_doubtful(report: Report, clauses: Sequence[range]) -> Iterator[Finding]:
    """Yield the clauses whose words fit badly where they were found."""
    for clause in clauses:
        words = [report.words[k] for k in clause if word_core(report.words[k].text)]
        rated = [word.confidence for word in words if word.confidence is not None]
        timed = [word.span for word in words if word.span is not None]
        if rated and sum(rated) / len(rated) < DOUBTFUL:
            reason = f"the sound fits the text badly here (confidence {np.mean(rated):.0%})"
            span = Span(timed[0].start, timed[-1].end)
            yield report.finding(FindingKind.LOW_CONFIDENCE, clause, reason, span)


def report_overlaps(report: Report) -> Iterator[Finding]:
    """Yield where several people speak at once while words of the document are spoken."""
    timed = [(k, word.span) for k, word in enumerate(report.words) if word.span is not None]
    starts = np.array([span.start for _, span in timed])
    ends = np.array([span.end for _, span in timed])
    for stretch in _overlaps(report.posteriors.two_voices):
        span = _span(stretch)
        first, last = np.searchsorted(ends, span.start, "right"), np.searchsorted(starts, span.end)
        if first < last:
            words = range(timed[first][0], timed[last - 1][0] + 1)
            reason = f"more than one person speaks for {span.duration:.1f} s; times may be wrong"
            yield report.finding(FindingKind.OVERLAPPING_SPEECH, words, reason, span)


def _overlaps(two_voices: npt.NDArray[np.float16]) -> Iterator[Stretch]:
    frames = np.flatnonzero(two_voices > TWO_VOICES)
    parts = np.split(frames, np.flatnonzero(np.diff(frames) > NEIGHBOURING) + 1)
    for part in parts:
        if len(part) * FRAME >= OVERLAP:
            yield int(part[0]), int(part[-1]) + 1


def _remaining(words: range, moved: Sequence[Moved]) -> Iterator[range]:
    """Yield the runs of ``words`` that are not ``moved``."""
    now = words.start
    for passage in sorted(moved, key=lambda passage: passage.words.start):
        if now < passage.words.start:
            yield range(now, passage.words.start)
        now = passage.words.stop
    if now < words.stop:
        yield range(now, words.stop)


def _report_moved(report: Report, mismatch: Mismatch, passage: Moved) -> Finding:
    start, end = (compose_clock(frame * FRAME) for frame in passage.heard)
    written = "before everything else"
    if mismatch.words.start > 0:
        written = f"after what is heard at {compose_clock(mismatch.window[0] * FRAME)}"
    reason = f"heard from {start} to {end}, but written {written}"
    return report.finding(FindingKind.OUT_OF_ORDER, passage.words, reason, _span(passage.heard))


def _report_unspoken(report: Report, mismatch: Mismatch, words: range) -> Finding:
    window = _span(mismatch.window)
    need = sum(report.needs[word] for word in words) * FRAME
    reason = f"not heard in this place: saying it takes about {need:.1f} s, and "
    if window.duration < need:
        reason += f"there are {window.duration:.1f} s between what is heard around it"
    else:
        reason += f"nothing like it is in the {window.duration:.1f} s between the words around it"
    if not any(word_core(report.words[k].text) for k in words):
        reason = "nothing in it can be spoken"
    return report.finding(FindingKind.NOT_IN_AUDIO, words, reason, window)


def _report_replaced(report: Report, mismatch: Mismatch) -> Iterator[Finding]:
    """Yield one finding for longer passages; words that got no time are always reported."""
    if mismatch.need * FRAME >= MISHEARD:
        reason = f"heard here: {report.heard(mismatch.speech)}; times are interpolated"
        yield report.finding(FindingKind.MISHEARD, mismatch.words, reason, _span(mismatch.span))
    for word in mismatch.words:
        if report.words[word].span is None:
            yield _report_unspoken(report, mismatch, range(word, word + 1))


def _report_unwritten(
    report: Report, mismatch: Mismatch, explained: npt.NDArray[np.bool_]
) -> Iterator[Finding]:
    if mismatch.speech and covered(mismatch.speech, explained) < EXPLAINED:
        span = _span(mismatch.span)
        reason = f"heard for {span.duration:.1f} s, but the document has nothing here"
        yield Finding(FindingKind.NOT_IN_TEXT, report.heard(mismatch.speech), reason, span)


def _span(stretch: Stretch) -> Span:
    return Span(stretch[0] * FRAME, stretch[1] * FRAME)


def by_time(finding: Finding) -> tuple[Span, tuple[int, int]]:
    """Return what findings are put in order by."""
    return finding.span or Span(0.0, 0.0), finding.offsets or (0, 0)
