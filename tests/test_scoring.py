"""Turns and speakers in files against their references."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from subtools.aligners import RECOGNISED
from subtools.core import Alignment, Span, Turn
from subtools.errors import DocumentError
from subtools.formats.rttm import compose_rttm
from subtools.formats.words import compose_words
from subtools.metrics import Reference, parse_reference
from subtools.scoring import score_files
from subtools.transcript import parse_document


@pytest.fixture
def truth(clip_reference: Path) -> Reference:
    return parse_reference(clip_reference.read_text(encoding="utf-8"))


@pytest.fixture
def told(clip_document: Path, truth: Reference) -> Alignment:
    """The clip with the right speaker at each word, the right times of clauses, true turns."""
    transcript = parse_document(clip_document.read_text(encoding="utf-8"))
    words, place = [], 0
    for word in transcript.words:
        after = place + len(word.text)
        clause = next(c for c in reversed(truth.clauses) if c.doc[0] < after)
        words.append(replace(word, span=Span(clause.start, clause.end), speaker=clause.speaker))
        place = after
    return Alignment(transcript.with_words(words), (), "zh", "phones", turns=truth.turns)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def plain(hypothesis: Path, reference: Path) -> dict[str, Any]:
    scores: dict[str, Any] = json.loads(json.dumps(score_files(hypothesis, reference).as_dict()))
    return scores


def test_true_turns_and_words_have_no_errors(
    told: Alignment, clip_reference: Path, tmp_path: Path
) -> None:
    scores = plain(write(tmp_path / "words.json", compose_words(told)), clip_reference)
    assert scores["diarization"]["collar 0 s"]["der"] == pytest.approx(0.0, abs=1e-3)
    assert scores["diarization"]["collar 0.25 s, overlap left out"]["der"] == 0.0
    assert scores["diarization"]["speakers"] == scores["diarization"]["speakers_found"]
    assert scores["speakers of words"]["speaker_error"] == 0.0
    assert scores["speakers of words"]["name_right"] == 1.0
    assert scores["clause onsets"]["missing"] == 0


def test_turns_as_rttm_are_scored_against_a_reference_and_against_rttm(
    truth: Reference, clip_reference: Path, tmp_path: Path
) -> None:
    one = [replace(turn, speaker="SPEAKER_00") for turn in truth.turns]
    found = write(tmp_path / "one.rttm", compose_rttm(one, "clip"))
    true = write(tmp_path / "clip.rttm", compose_rttm(truth.turns, "clip"))
    for reference in (clip_reference, true):
        scores = plain(found, reference)
        assert scores["diarization"]["collar 0 s"]["confusion"] > 50
        assert scores["diarization"]["speakers_found"] == 1
    assert plain(found, clip_reference)["speakers of words"]["name_unknown"] == 1.0
    assert set(plain(found, true)) == {"diarization"}


def test_other_names_may_be_accepted(told: Alignment, clip_reference: Path, tmp_path: Path) -> None:
    words = [
        replace(word, speaker={"宋老師": "主持人"}.get(word.speaker or "", word.speaker))
        for word in told.transcript.words
    ]
    roles = replace(told, transcript=told.transcript.with_words(words))
    path = write(tmp_path / "words.json", compose_words(roles))
    strict = score_files(path, clip_reference).speakers
    lenient = score_files(path, clip_reference, accept={"宋老師": ["主持人"]}).speakers
    assert strict is not None
    assert lenient is not None
    assert strict.name_wrong > 0.1
    assert (lenient.name_wrong, lenient.name_right) == (0.0, 1.0)


def test_pauses_inside_a_found_turn_are_joined_across(tmp_path: Path) -> None:
    true = write(tmp_path / "true.rttm", compose_rttm([Turn("甲", 0.0, 10.0)], "talk"))
    parts = [Turn("A", 0.0, 5.0), Turn("A", 5.499, 10.0)]
    found = write(tmp_path / "found.rttm", compose_rttm(parts, "talk"))
    assert plain(found, true)["diarization"]["collar 0 s"]["der"] == 0.0


def test_recognised_words_are_scored_by_their_turns(
    told: Alignment, clip_reference: Path, tmp_path: Path
) -> None:
    heard = replace(told, aligner=RECOGNISED)
    scores = plain(write(tmp_path / "words.json", compose_words(heard)), clip_reference)
    assert scores["speakers of words"]["name_right"] > 0.99
    nobody = replace(heard, turns=())
    scores = plain(write(tmp_path / "none.json", compose_words(nobody)), clip_reference)
    assert set(scores) == {"text", "cues"}


def test_words_without_speakers_have_no_score_of_them(
    told: Alignment, clip_reference: Path, tmp_path: Path
) -> None:
    words = [replace(word, speaker=None) for word in told.transcript.words]
    nobody = replace(told, transcript=told.transcript.with_words(words), turns=())
    path = write(tmp_path / "words.json", compose_words(nobody))
    assert {"diarization", "speakers of words"} & set(plain(path, clip_reference)) == set()
    true = write(tmp_path / "true.rttm", compose_rttm([Turn("甲", 0.0, 10.0)], "talk"))
    with pytest.raises(DocumentError, match=r"no turns in this words\.json"):
        score_files(path, true)


def test_what_has_no_turns_is_not_compared_with_turns(
    clip_document: Path, clip_reference: Path, tmp_path: Path
) -> None:
    turns = write(tmp_path / "true.rttm", compose_rttm([Turn("甲", 0.0, 10.0)], "talk"))
    with pytest.raises(DocumentError, match="a file without turns"):
        score_files(clip_document, turns)
    with pytest.raises(DocumentError, match="turns cannot be compared with a text"):
        score_files(turns, clip_document)
    broken = write(tmp_path / "broken.rttm", "SPEAKER x 1 0")
    with pytest.raises(DocumentError, match=r"broken\.rttm:1: not RTTM"):
        score_files(broken, clip_reference)
