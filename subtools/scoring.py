"""What ``subtools score`` measures: a result against a reference, both as files."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from subtools.aligners import RECOGNISED
from subtools.core import Alignment, Cue, Seconds, Transcript, Turn
from subtools.cues import segment_cues
from subtools.errors import DocumentError
from subtools.formats.rttm import parse_rttm
from subtools.formats.words import parse_words
from subtools.metrics import (
    BoundaryScore,
    CueStatistics,
    DiarizationScore,
    Reference,
    SpeakerScore,
    TextScore,
    cue_statistics,
    parse_reference,
    score_cues,
    score_speakers,
    score_text,
    score_turn_speakers,
    score_turns,
    score_words,
)
from subtools.reading import load_cues, load_document, read_text
from subtools.spans import join_turns

REFERENCE_SUFFIX = ".ref.json"
_TIMED_SUFFIXES = {".srt", ".vtt"}
_TURNS_SUFFIX = ".rttm"
_RATES = ("der", "missed", "false_alarm", "confusion", "total")  # these depend on the collar
COLLARS = (0.0, 0.25)  # s on each side of a border; NIST's evaluations use the second


@dataclass(frozen=True, slots=True)
class Scores:
    """All that can be measured of one result; None where there is nothing to measure.

    Attributes:
        text: Its text against what was said (or against the reference text).
        clauses: Onsets of the reference's clauses.
        words: Onsets of the words whose true onset is known.
        cues: What a viewer would notice of the cues.
        diarization: Who speaks when, by what is left out: ``COLLARS``, each with and
            without the time in which several speak.
        speakers: Speakers and names of the spoken words.
    """

    text: TextScore | None = None
    clauses: BoundaryScore | None = None
    words: BoundaryScore | None = None
    cues: CueStatistics | None = None
    diarization: Mapping[str, DiarizationScore] | None = None
    speakers: SpeakerScore | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the scores as plain data for JSON."""
        named = {
            "text": self.text,
            "clause onsets": self.clauses,
            "word onsets": self.words,
            "cues": self.cues,
            "speakers of words": self.speakers,
        }
        plain = {name: score.as_dict() for name, score in named.items() if score is not None}
        return plain | ({"diarization": _summarise(self.diarization)} if self.diarization else {})


def score_files(
    hypothesis: Path, reference: Path, *, accept: Mapping[str, Collection[str]] | None = None
) -> Scores:
    """Return how ``hypothesis`` compares with ``reference``.

    Args:
        hypothesis: ``words.json``, RTTM, SRT, WebVTT, or a text in any document format.
        reference: ``*.ref.json`` with true times, RTTM, or the right text in any format.
        accept: For true names, what counts as right besides: ``{"宋老師": ["主持人"]}``.

    Raises:
        DocumentError: If a file cannot be read, they are of different documents, or one
            has turns where the other has none.
    """
    if reference.suffix.lower() == _TURNS_SUFFIX:
        true = _load_turns(reference)
        return Scores(diarization=score_diarization(true, _load_turns(hypothesis)))
    if not reference.name.endswith(REFERENCE_SUFFIX):
        if hypothesis.suffix.lower() == _TURNS_SUFFIX:
            raise DocumentError(
                "turns cannot be compared with a text",
                hint=f"give RTTM or *{REFERENCE_SUFFIX} as the reference",
                path=reference,
            )
        text = score_text(_spoken_text(reference), _spoken_text(hypothesis))
        return Scores(text, cues=_statistics(hypothesis))
    try:
        truth = parse_reference(read_text(reference))
    except DocumentError as error:
        raise DocumentError(error.message, hint=error.hint, path=reference) from error
    try:
        return _score_against_times(hypothesis, truth, accept or {})
    except DocumentError as error:
        raise DocumentError(
            error.message, hint=error.hint, path=hypothesis, line=error.line
        ) from error


def score_diarization(
    true: Sequence[Turn], found: Sequence[Turn], *, until: Seconds | None = None
) -> dict[str, DiarizationScore]:
    """Return how the ``found`` turns differ from the ``true`` ones, by what is left out.

    A turn includes its inner pauses, so the found turns of a speaker are joined across
    pauses below ``spans.INNER_PAUSE``; the true ones are taken as they are.

    Args:
        true: Who speaks when.
        found: Who is said to speak when.
        until: Nothing from here on counts, in seconds.
    """
    joined = join_turns(found)
    return {
        f"collar {collar:g} s{', overlap left out' * skip}": score_turns(
            true, joined, collar=collar, skip_overlap=skip, until=until
        )
        for skip in (False, True)
        for collar in COLLARS
    }


def _summarise(scores: Mapping[str, DiarizationScore]) -> dict[str, Any]:
    """Return the error rates as plain data; what is the same in all of them, or nearly, once."""
    plain = {name: score.as_dict() for name, score in scores.items()}
    rates = {name: {part: values[part] for part in _RATES} for name, values in plain.items()}
    first = next(iter(plain.values()))
    return rates | {name: value for name, value in first.items() if name not in _RATES}


def _load_turns(path: Path) -> tuple[Turn, ...]:
    """Return the turns of an RTTM or ``words.json`` file.

    Raises:
        DocumentError: If there are none in it, or it cannot be read.
    """
    parse = {_TURNS_SUFFIX: parse_rttm, ".json": _parse_turns}.get(path.suffix.lower())
    if parse is None:
        raise DocumentError("a file without turns", hint="give RTTM or words.json", path=path)
    try:
        return parse(read_text(path))
    except DocumentError as error:
        raise DocumentError(error.message, hint=error.hint, path=path, line=error.line) from error


def _parse_turns(text: str) -> tuple[Turn, ...]:
    turns = parse_words(text)[0].turns
    if not turns:
        raise DocumentError("no turns in this words.json", hint="subtools diarize finds them")
    return turns


def _score_against_times(
    hypothesis: Path, truth: Reference, accept: Mapping[str, Collection[str]]
) -> Scores:
    suffix = hypothesis.suffix.lower()
    if suffix == _TURNS_SUFFIX:
        turns = _load_turns(hypothesis)
        return Scores(
            diarization=score_diarization(truth.turns, turns, until=truth.truth_until),
            speakers=score_turn_speakers(turns, truth, accept=accept) if truth.units else None,
        )
    if suffix == ".json":
        return _score_alignment(parse_words(read_text(hypothesis))[0], truth, accept)
    if suffix in _TIMED_SUFFIXES:
        cues = load_cues(hypothesis)
        by_cue = score_cues(cues, truth)
        return Scores(by_cue.text, by_cue.clauses, cues=cue_statistics(cues))
    return Scores(score_text(_all_spoken(truth), _spoken_text(hypothesis)))


def _score_alignment(
    alignment: Alignment, truth: Reference, accept: Mapping[str, Collection[str]]
) -> Scores:
    words, turns = alignment.transcript.words, alignment.turns
    diarization = score_diarization(truth.turns, turns, until=truth.truth_until) if turns else None
    if alignment.aligner == RECOGNISED or not words:  # no places in common with a document
        by_turn = score_turn_speakers(turns, truth, accept=accept) if turns else None
        scores = _score_recognised(alignment.transcript, truth)
        return replace(scores, diarization=diarization, speakers=by_turn)
    scored = score_words(words, truth)
    is_told = any(word.speaker is not None for word in words)
    return Scores(
        scored.text,
        scored.clauses,
        scored.words,
        cue_statistics(segment_cues(alignment.transcript)),
        diarization,
        score_speakers(words, truth, accept=accept) if is_told else None,
    )


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
