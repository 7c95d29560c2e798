"""A document and posteriors: words with times, and what does not match."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from subtools.alignment.confidence import rate_words
from subtools.alignment.edges import snap_onsets
from subtools.alignment.evidence import Evidence, usual_lengths, weigh_words
from subtools.alignment.hearing import Hearing, hear
from subtools.alignment.mismatches import Kind, Mismatch, find_gaps, share_frames, tell_kinds
from subtools.alignment.moved import Moved, find_moved, parts_of, touched_by
from subtools.alignment.path import Path, trace_path
from subtools.alignment.prices import Prices
from subtools.alignment.reporting import (
    Report,
    by_time,
    report_doubtful,
    report_mismatches,
    report_overlaps,
)
from subtools.alignment.spelling import Script, spell_script
from subtools.alignment.zones import drop_chance_words
from subtools.core import FRAME, Alignment, Posteriors, Span, Transcript, Word
from subtools.lexicon import clause_ranges, word_core
from subtools.phonetics import read_words

ALIGNER = "phones"
UNREAD_LETTER = 2  # phones that a letter of an unknown script counts for

Floats = npt.NDArray[np.float64]


def align_posteriors(
    transcript: Transcript,
    posteriors: Posteriors,
    *,
    language: str,
    prices: Prices | None = None,
) -> Alignment:
    """Return ``transcript`` with the times at which its words sound.

    Words that are not spoken get no time and are reported, as is speech that is not
    written. Words in whose place other words are spoken share that time, without a
    confidence. The text is never changed: joined, the words are the document's body.

    Args:
        transcript: The document.
        posteriors: What is heard in the sound.
        language: ISO 639-1 code of the spoken language, for the result.
        prices: What a path pays for what does not match.
    """
    words = transcript.words
    clauses = tuple(_clauses(transcript))
    found = find_words(transcript, posteriors, prices=prices)
    script, hearing, path, needs = found.script, found.hearing, found.path, found.needs
    confidence = rate_words(found.evidence)
    gaps = find_gaps(path, needs, len(hearing.silence))
    moved = tuple(find_moved(script, hearing, posteriors.log_probs, gaps))
    mismatches = tell_kinds(gaps, touched_by(moved, gaps), needs, script, hearing)
    timed = _time_words(words, path, posteriors, confidence)
    timed = _fill(timed, mismatches, moved, needs)
    offsets = list(accumulate((len(word.text) for word in words), initial=0))
    report = Report(timed, needs, offsets, hearing, posteriors)
    findings = [
        *report_mismatches(report, mismatches, moved),
        *report_doubtful(report, clauses),
        *report_overlaps(report),
    ]
    return Alignment(
        transcript=transcript.with_words(timed),
        findings=tuple(sorted(findings, key=by_time)),
        language=language,
        aligner=ALIGNER,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Where the words of a document sound.

    Attributes:
        script: The phones of the document.
        hearing: What is heard.
        path: Which frames each word takes, without those that agree by chance.
        evidence: What speaks for each word.
        needs: How many frames each word usually takes.
    """

    script: Script
    hearing: Hearing
    path: Path
    evidence: Evidence
    needs: Sequence[float]


def find_words(
    transcript: Transcript, posteriors: Posteriors, *, prices: Prices | None = None
) -> Found:
    """Return where the words of ``transcript`` sound, and what speaks for it."""
    words = transcript.words
    readings = read_words([word.text for word in words])
    script = spell_script(readings, [clause.start for clause in _clauses(transcript)])
    hearing = hear(posteriors.log_probs)
    path = trace_path(script, hearing, posteriors.log_probs, prices)
    evidence = weigh_words(path, posteriors.log_probs, hearing)
    needs = _needs(script, path, words)
    phone = float(np.median(usual_lengths(path)))
    path = drop_chance_words(path, evidence.likelihood, needs, phone)
    return Found(script, hearing, path, evidence, needs)


def _clauses(transcript: Transcript) -> Iterator[range]:
    """Yield the words of each clause."""
    first = 0
    for paragraph in transcript.paragraphs:
        for clause in clause_ranges([word.text for word in paragraph.words]):
            yield range(first + clause.start, first + clause.stop)
        first += len(paragraph.words)


def _needs(script: Script, path: Path, words: Sequence[Word]) -> list[float]:
    """Return how many frames each word usually takes in this talk."""
    usual = usual_lengths(path)
    needs: list[float] = np.bincount(script.words, usual[script.phones], len(words)).tolist()
    for index, readings in enumerate(script.readings):
        if not readings:
            letters = sum(letter.isalnum() for letter in word_core(words[index].text))
            needs[index] = UNREAD_LETTER * letters * float(np.median(usual))
    return needs


def _time_words(
    words: Sequence[Word], path: Path, posteriors: Posteriors, confidence: Floats
) -> list[Word]:
    """Return the words; those that are spoken have their time and confidence."""
    timed = list(words)
    spoken = np.flatnonzero(path.spoken)
    last = path.word_last[spoken]
    onsets = snap_onsets(path.word_first[spoken], last, posteriors.level)
    for word, onset, end in zip(spoken.tolist(), onsets.tolist(), last.tolist(), strict=True):
        span = Span(onset, max(onset, end * FRAME))
        timed[word] = replace(words[word], span=span, confidence=round(float(confidence[word]), 3))
    return timed


def _fill(
    words: Sequence[Word],
    mismatches: Sequence[Mismatch],
    moved: Sequence[Moved],
    needs: Sequence[float],
) -> list[Word]:
    """Return the words with times for those in whose place others are heard, not for moved ones."""
    filled = list(words)
    for mismatch in mismatches:
        for word in mismatch.words:
            filled[word] = replace(words[word], span=None, confidence=None)
        if mismatch.kind is Kind.REPLACED and not parts_of(mismatch, moved):
            for word, first, last in share_frames(mismatch, needs):
                filled[word] = replace(filled[word], span=Span(first * FRAME, last * FRAME))
    return list(_without_overlaps(filled))


def _without_overlaps(words: Sequence[Word]) -> Iterator[Word]:
    """Yield the words; those that share the time of other speech end before the next begins."""
    latest = math.inf
    ends = []
    for word in reversed(words):
        ends.append(latest)
        latest = word.span.start if word.span else latest
    for word, end in zip(words, reversed(ends), strict=True):
        if word.span and word.span.end > end:
            yield replace(word, span=Span(min(word.span.start, end), end))
        else:
            yield word
