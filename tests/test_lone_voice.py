"""The label of an only voice, which tells a reader nothing and a program something."""

from __future__ import annotations

from dataclasses import replace

import pytest

from subtools.cleaned import compose_plain
from subtools.core import (
    Alignment,
    Cue,
    NameBasis,
    Paragraph,
    Provenance,
    Span,
    Speaker,
    Transcript,
    Turn,
    Word,
)
from subtools.correcting import Cleaned
from subtools.cues import segment_cues
from subtools.formats import SpeakerStyle
from subtools.pipeline import Captions
from subtools.prose import ProseSettings, TextFormat, compose_reading, write_reading

LABEL = "SPEAKER_00"


def talk(*said: str, basis: NameBasis = NameBasis.NONE) -> Alignment:
    """Return a talk in which each of ``said`` says one sentence."""
    words = tuple(
        Word(character, Span(k * 3 + n * 0.3, k * 3 + n * 0.3 + 0.3), 0.9, name)
        for k, name in enumerate(said)
        for n, character in enumerate(("大", "家", "好。"))
    )
    people = tuple(Speaker(name, name, basis) for name in dict.fromkeys(said))
    turns = tuple(Turn(name, k * 3.0, k * 3.0 + 1) for k, name in enumerate(said))
    return Alignment(Transcript((Paragraph(words),)), (), "zh", "phones", turns, people)


def captions(alignment: Alignment) -> Captions:
    cues: tuple[Cue, ...] = segment_cues(alignment.transcript)
    return Captions(alignment, cues, Provenance(), 10.0)


@pytest.mark.parametrize("suffix", [".srt", ".vtt", ".txt", ".ass", ".lrc", ".md", ".ttml"])
def test_the_label_of_an_only_voice_is_not_shown(suffix: str) -> None:
    shown = captions(talk(LABEL, LABEL)).compose(suffix)
    assert "大家好" in shown
    assert LABEL not in shown


@pytest.mark.parametrize("suffix", [".rttm", ".json", ".csv", ".whisper.json", ".textgrid"])
def test_programs_are_told_it_as_before(suffix: str) -> None:
    assert LABEL in captions(talk(LABEL, LABEL)).compose(suffix)


def test_who_asks_for_it_gets_it() -> None:
    alone = captions(talk(LABEL))
    assert f"{LABEL}：大家好" in alone.compose(".srt", SpeakerStyle.EVERY)
    assert f"{LABEL}：大家好" in alone.compose(".srt", SpeakerStyle.CHANGE)


def test_a_name_and_a_second_voice_are_shown() -> None:
    assert "林教授：大家好" in captions(talk("林教授", basis=NameBasis.SAID)).compose(".srt")
    two = captions(talk(LABEL, "SPEAKER_01")).compose(".srt")
    assert f"{LABEL}：" in two and "SPEAKER_01：" in two
    unsaid = talk(LABEL)
    with_another = replace(unsaid, speakers=(*unsaid.speakers, Speaker("王", "SPEAKER_01")))
    assert f"{LABEL}：" in captions(with_another).compose(".srt")


def test_texts_to_read_leave_it_out() -> None:
    alone = talk(LABEL, LABEL)
    text = compose_reading(write_reading(alone, ProseSettings()), TextFormat.MD)
    assert isinstance(text, str)
    assert "大家好" in text and LABEL not in text
    cleaned = Cleaned(alone, (), alone, Provenance(), 10.0)
    assert compose_plain(cleaned) == "大家好。大家好。\n"
    assert alone.without_lone_label().turns == alone.turns
