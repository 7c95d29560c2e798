"""What ``subtools score`` measures: a result against a reference, both as files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from subtools.aligners import RECOGNISED
from subtools.core import Cue, Transcript
from subtools.cues import segment_cues
from subtools.errors import DocumentError
from subtools.formats.words import parse_words
from subtools.metrics import (
    BoundaryScore,
    CueStatistics,
    Reference,
    TextScore,
    cue_statistics,
    parse_reference,
    score_cues,
    score_text,
    score_words,
)
from subtools.reading import load_cues, load_document, read_text

REFERENCE_SUFFIX = ".ref.json"
_TIMED_SUFFIXES = {".srt", ".vtt"}


@dataclass(frozen=True, slots=True)
class Scores:
    """All that can be measured of one result; None where there is nothing to measure.

    Attributes:
        text: Its text against what was said (or against the reference text).
        clauses: Onsets of the reference's clauses.
        words: Onsets of the words whose true onset is known.
        cues: What a viewer would notice of the cues.
    """

    text: TextScore
    clauses: BoundaryScore | None = None
    words: BoundaryScore | None = None
    cues: CueStatistics | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the scores as plain data for JSON."""
        named = {
            "text": self.text,
            "clause onsets": self.clauses,
            "word onsets": self.words,
            "cues": self.cues,
        }
        return {name: score.as_dict() for name, score in named.items() if score is not None}


def score_files(hypothesis: Path, reference: Path) -> Scores:
    """Return how ``hypothesis`` compares with ``reference``.

    Args:
        hypothesis: ``words.json``, SRT, WebVTT, or a text in any document format.
        reference: ``*.ref.json`` with true times, or the right text in any format.

    Raises:
        DocumentError: If a file cannot be read, or they are of different documents.
    """
    if not reference.name.endswith(REFERENCE_SUFFIX):
        text = score_text(_spoken_text(reference), _spoken_text(hypothesis))
        return Scores(text, cues=_statistics(hypothesis))
    try:
        truth = parse_reference(read_text(reference))
    except DocumentError as error:
        raise DocumentError(error.message, hint=error.hint, path=reference) from error
    try:
        return _score_against_times(hypothesis, truth)
    except DocumentError as error:
        raise DocumentError(error.message, hint=error.hint, path=hypothesis) from error


def _score_against_times(hypothesis: Path, truth: Reference) -> Scores:
    suffix = hypothesis.suffix.lower()
    if suffix == ".json":
        alignment, _ = parse_words(read_text(hypothesis))
        if alignment.aligner == RECOGNISED:
            return _score_recognised(alignment.transcript, truth)
        scored = score_words(alignment.transcript.words, truth)
        cues = segment_cues(alignment.transcript)
        return Scores(scored.text, scored.clauses, scored.words, cue_statistics(cues))
    if suffix in _TIMED_SUFFIXES:
        cues = load_cues(hypothesis)
        by_cue = score_cues(cues, truth)
        return Scores(by_cue.text, by_cue.clauses, cues=cue_statistics(cues))
    return Scores(score_text(_all_spoken(truth), _spoken_text(hypothesis)))


def _score_recognised(transcript: Transcript, truth: Reference) -> Scores:
    """Return the scores of recognised text, which has no offsets in common with a document."""
    words = [w for w in transcript.words if w.span and w.span.start < truth.truth_until]
    text = score_text(_all_spoken(truth), "".join(word.text for word in words))
    return Scores(text, cues=cue_statistics(segment_cues(transcript)))


def _all_spoken(truth: Reference) -> str:
    """Return what was said; line feeds keep the last word of a clause from the next."""
    return "\n".join(clause.spoken for clause in truth.clauses)


def _spoken_text(path: Path) -> str:
    paragraphs = load_document(path).paragraphs
    return "\n".join(paragraph.text for paragraph in paragraphs)


def _statistics(path: Path) -> CueStatistics | None:
    cues: tuple[Cue, ...] = ()
    if path.suffix.lower() in {*_TIMED_SUFFIXES, ".json"}:
        cues = load_cues(path)
    return cue_statistics(cues) if cues else None
