"""Speakers for timed words: turns, names and findings put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools import caption, labelling
from subtools.core import (
    SAMPLE_RATE,
    Alignment,
    Audio,
    Finding,
    FindingKind,
    NameBasis,
    Paragraph,
    Progress,
    Recognition,
    Seconds,
    Span,
    Speaker,
    SpeakerCount,
    Transcript,
    Turn,
    Word,
    no_progress,
)
from subtools.diarizers import DiarizerOptions
from subtools.errors import AlignmentError, DocumentError
from subtools.formats.rttm import parse_rttm
from subtools.labelling import (
    LABELLED,
    SpeakerSettings,
    clause_onsets,
    describe_speakers,
    label_speakers,
    name_turns,
    unused_names,
)
from subtools.lexicon import split_words
from subtools.naming import NamesFile, parse_names, rename_speakers
from subtools.pipeline import Settings
from tests.commands import write_wav
from tests.speech import heard

SYLLABLE = 0.25  # s
HANDS_OVER = "各位好，今天我們請了兩位老師來談一談，那曾老師先說吧。"
ANSWERS = "謝謝，我覺得這個問題要從兩個方面來看，第一個是數據，第二個是模型。"
PASSES_ON = "謝謝曾老師，那東老師怎麼看呢。"
AGREES = "我同意，數據的質量是最重要的，模型反而是其次。"
SCRIPT = ((HANDS_OVER, "H"), (ANSWERS, "A"), (PASSES_ON, "H"), (AGREES, "B"))
BRIEF = Audio(np.zeros(60 * SAMPLE_RATE, np.int16))


def spoken(*script: tuple[str, str], labelled: bool = False) -> tuple[Alignment, tuple[Turn, ...]]:
    """Return a talk in which each speaks a paragraph, with a pause between, and its turns."""
    now, paragraphs, turns = 1.0, [], []
    for text, speaker in script:
        start = now
        words = []
        for word in split_words(text):
            span = Span(now, now + SYLLABLE)
            words.append(Word(word, span, 0.9, speaker if labelled else None))
            now += SYLLABLE
        paragraphs.append(Paragraph(tuple(words)))
        turns.append(Turn(speaker, start, now, 0.95))
        now += 0.6
    return Alignment(Transcript(tuple(paragraphs)), (), "zh", "phones"), tuple(turns)


def label(
    alignment: Alignment, turns: Sequence[Turn], names: str = "", **settings: Any
) -> Alignment:
    """Return ``alignment`` labelled by turns made elsewhere."""
    given_names = parse_names(names) if names else None
    chosen = SpeakerSettings(turns=tuple(turns), names=given_names, **settings)
    return label_speakers(alignment, BRIEF, chosen)


def speakers_of(alignment: Alignment) -> list[str | None]:
    """Return who speaks each paragraph; each must have one speaker only."""
    found = []
    for paragraph in alignment.transcript.paragraphs:
        [speaker] = {word.speaker for word in paragraph.words}
        found.append(speaker)
    return found


# --- turns from elsewhere, and from a diarizer


def test_words_turns_and_people_have_the_same_names() -> None:
    labelled = label(*spoken(*SCRIPT))
    assert speakers_of(labelled) == ["H", "曾老師", "H", "東老師"]
    assert [turn.speaker for turn in labelled.turns] == ["H", "曾老師", "H", "東老師"]
    people = [(who.name, who.label, who.basis) for who in labelled.speakers]
    assert people == [
        ("H", "H", NameBasis.NONE),
        ("曾老師", "A", NameBasis.SAID),
        ("東老師", "B", NameBasis.SAID),
    ]


def test_turns_begin_and_end_with_their_words() -> None:
    alignment, turns = spoken(*SCRIPT)
    rough = [replace(turn, start=turn.start - 0.08, end=turn.end + 0.11) for turn in turns]
    found = label(alignment, rough).turns
    assert [(t.start, t.end) for t in found] == [(t.start, t.end) for t in turns]


def test_text_and_times_stay_as_they_are() -> None:
    alignment, turns = spoken(*SCRIPT)
    labelled = label(alignment, turns)
    unnamed = [replace(word, speaker=None) for word in labelled.transcript.words]
    assert labelled.transcript.with_words(unnamed) == alignment.transcript


def test_a_diarizer_is_told_of_clauses_and_of_how_many_people_there_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alignment, turns = spoken(*SCRIPT)
    asked: dict[str, Any] = {}

    def load(name: str, options: DiarizerOptions) -> Any:
        def diarize(audio: Audio, /, **told: Any) -> tuple[Turn, ...]:
            asked.update(told, name=name, threads=options.threads, duration=audio.duration)
            return turns

        return diarize

    monkeypatch.setattr(labelling, "load_diarizer", load)
    settings = SpeakerSettings("other", SpeakerCount(2, 5))
    label_speakers(alignment, BRIEF, settings, threads=3)
    assert (asked["name"], asked["threads"], asked["duration"]) == ("other", 3, 60.0)
    assert asked["count"] == SpeakerCount(2, 5)
    assert asked["borders"] == clause_onsets(alignment.transcript)


def test_an_unknown_diarizer_is_refused() -> None:
    with pytest.raises(AlignmentError, match="no diarizer 'x'"):
        label_speakers(spoken(*SCRIPT)[0], BRIEF, SpeakerSettings("x"))


def test_where_nobody_speaks_nobody_is_named() -> None:
    alignment, _ = spoken(*SCRIPT)
    labelled = label(alignment, ())
    assert (labelled.turns, labelled.speakers, labelled.findings) == ((), (), ())
    assert labelled.transcript == alignment.transcript


def test_turns_without_words_are_turns_all_the_same() -> None:
    nothing = Alignment(Transcript(()), (), "und", "none")
    labelled = label(nothing, [Turn("A", 1.0, 3.0), Turn("B", 3.5, 6.0, 0.9)])
    assert [who.name for who in labelled.speakers] == ["A", "B"]
    assert [(turn.speaker, turn.start, turn.end) for turn in labelled.turns] == [
        ("A", 1.0, 3.0),
        ("B", 3.5, 6.0),
    ]


def test_turns_after_the_end_of_the_sound_are_cut_off() -> None:
    nothing = Alignment(Transcript(()), (), "und", "none")
    turns = (Turn("A", 50.0, 70.0), Turn("B", 60.0, 70.0), Turn("B", 80.0, 90.0))
    assert label(nothing, turns).turns == (Turn("A", 50.0, 60.0),)


def test_turns_of_another_recording_are_refused() -> None:
    with pytest.raises(AlignmentError, match=r"lasts 1:00, and the first turn begins at 1:01"):
        label(spoken(*SCRIPT)[0], [Turn("A", 61.0, 70.0)])


# --- documents that say who speaks


def test_a_document_that_says_who_speaks_is_believed() -> None:
    script = ((HANDS_OVER, "林主席"), (ANSWERS, "趙教授"), (AGREES, "Ann Lee"))
    alignment, _ = spoken(*script, labelled=True)
    labelled = label_speakers(alignment, BRIEF, SpeakerSettings("no such diarizer"))
    assert speakers_of(labelled) == ["林主席", "趙教授", "Ann Lee"]
    assert [who.name for who in labelled.speakers] == ["林主席", "趙教授", "Ann Lee"]
    assert {who.basis for who in labelled.speakers} == {NameBasis.GIVEN}
    assert [turn.speaker for turn in labelled.turns] == ["林主席", "趙教授", "Ann Lee"]


def test_the_user_may_name_people_of_a_document_otherwise() -> None:
    alignment, turns = spoken((HANDS_OVER, "林主席"), (ANSWERS, "趙教授"), labelled=True)
    labelled = label(alignment, turns, "趙教授: 曾老師")
    assert speakers_of(labelled) == ["林主席", "曾老師"]


@given(st.integers(0, 40))
def test_a_document_is_believed_if_it_says_it_of_most_words(unlabelled: int) -> None:
    alignment, turns = spoken((ANSWERS, "趙教授"), labelled=True)
    words = alignment.transcript.words
    mixed = [
        replace(word, speaker=None) if index < unlabelled else word
        for index, word in enumerate(words)
    ]
    alignment = replace(alignment, transcript=alignment.transcript.with_words(mixed))
    elsewhere = [replace(turn, speaker="B") for turn in turns]
    [who] = label(alignment, elsewhere).speakers
    share = max(0, len(words) - unlabelled) / len(words)
    assert who.label == ("趙教授" if share >= LABELLED else "B")


def test_a_document_without_any_word_says_nothing_of_who_speaks() -> None:
    nothing = Alignment(Transcript(()), (), "und", "none")
    assert label(nothing, [Turn("A", 1.0, 3.0)]).speakers[0].label == "A"


# --- names


def test_names_that_do_not_fit_the_voices_are_refused() -> None:
    with pytest.raises(DocumentError, match="there is no voice SPEAKER_07"):
        label(*spoken(*SCRIPT), "SPEAKER_07: 林教授")


def test_naming_again_changes_nothing() -> None:
    labelled = label(*spoken(*SCRIPT))
    assert name_turns(labelled) == labelled


def test_other_names_take_the_place_of_those_before() -> None:
    labelled = label(*spoken(*SCRIPT))
    again = name_turns(labelled, parse_names("A: 林教授\n東老師: {name: 董老師}"))
    assert speakers_of(again) == ["H", "林教授", "H", "董老師"]


def test_names_that_were_given_stay_until_others_are() -> None:
    given = name_turns(label(*spoken(*SCRIPT)), parse_names("A: 林教授"))
    assert speakers_of(name_turns(given)) == speakers_of(given)
    more = name_turns(given, parse_names("H: 王芳"))
    assert {"林教授", "王芳"} <= set(speakers_of(more))
    other = name_turns(more, parse_names("A: 陳教授"))
    assert {"陳教授", "王芳"} <= set(speakers_of(other))


def test_a_voice_may_be_called_by_the_name_it_has_without() -> None:
    labelled = label(*spoken(*SCRIPT))
    shown = speakers_of(labelled)[1]
    again = name_turns(labelled, parse_names(f"{shown}: 林教授"))
    assert speakers_of(again)[1] == "林教授"
    assert speakers_of(name_turns(again, parse_names("林教授: 凌教授")))[1] == "凌教授"


def test_turns_made_elsewhere_keep_names_and_lose_labels() -> None:
    talk, turns = spoken(*SCRIPT)
    names = {"A": "觀眾 1", "H": "SPEAKER_00"}
    turns = tuple(replace(t, speaker=names.get(t.speaker, t.speaker)) for t in turns)
    labelled = label(talk, turns)
    assert ("觀眾 1", NameBasis.GIVEN) in [(who.name, who.basis) for who in labelled.speakers]
    [host] = [who for who in labelled.speakers if who.label == "SPEAKER_00"]
    assert host.basis is not NameBasis.GIVEN


def test_what_a_names_file_says_of_nobody_is_told_with_its_line() -> None:
    names = parse_names("A: 林教授\n劉老師: {name: 柳老師}")
    labelled = name_turns(label(*spoken(*SCRIPT)), names)
    [told] = unused_names(names, labelled.speakers)
    assert told.startswith("line 2: nobody is called 劉老師 (there are ")


def test_a_name_from_the_voice_library_outlives_another_naming() -> None:
    labelled = label(*spoken(*SCRIPT))
    known = Speaker("王教授", "A", NameBasis.LIBRARY, 0.93)
    speakers = tuple(known if who.label == "A" else who for who in labelled.speakers)
    again = name_turns(rename_speakers(labelled, speakers))
    assert ("王教授", NameBasis.LIBRARY, 0.93) in [
        (who.name, who.basis, who.confidence) for who in again.speakers
    ]
    given_name = name_turns(again, parse_names("A: 林教授"))
    assert "王教授" not in [who.name for who in given_name.speakers]


# --- known voices


def embed_by_time(sounds: Sequence[npt.NDArray[np.float32]], /) -> npt.NDArray[np.float32]:
    """Stand in for an embedder: the sound says which voice it is by its level."""
    return np.array([np.eye(3)[round(float(s[len(s) // 2]) * 32768)] for s in sounds], np.float32)


def sound_of(turns: Sequence[Turn], voices: dict[str, int]) -> Audio:
    samples = np.zeros(60 * SAMPLE_RATE, np.int16)
    for turn in turns:
        samples[round(turn.start * SAMPLE_RATE) : round(turn.end * SAMPLE_RATE)] = voices[
            turn.speaker
        ]
    return Audio(samples)


@pytest.fixture
def toy_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelling, "load_embedder", lambda **_: embed_by_time)


@pytest.mark.usefixtures("toy_embedder")
def test_a_known_voice_has_its_name_and_says_how_sure_that_is() -> None:
    alignment, turns = spoken(*SCRIPT)
    sound = sound_of(turns, {"H": 0, "A": 1, "B": 2})
    library = {"林教授": np.array([0, 0, 1], np.float32)}
    labelled = label_speakers(alignment, sound, SpeakerSettings(turns=turns, library=library))
    who = {speaker.label: speaker for speaker in labelled.speakers}
    assert (who["B"].name, who["B"].basis) == ("林教授", NameBasis.LIBRARY)
    assert who["B"].confidence is not None
    assert who["B"].confidence > 0.9
    assert who["A"].name == "曾老師"


@pytest.mark.usefixtures("toy_embedder")
def test_turns_that_reach_beyond_the_sound_do_not_disturb_known_voices() -> None:
    alignment, turns = spoken(*SCRIPT)
    sound = sound_of(turns, {"H": 0, "A": 1, "B": 2})
    longer = (*turns, Turn("B", 59.9, 65.0), Turn("C", 70.0, 75.0))
    library = {"林教授": np.array([0, 0, 1], np.float32)}
    settings = SpeakerSettings(turns=longer, library=library)
    labelled = label_speakers(alignment, sound, settings)
    assert "林教授" in [who.name for who in labelled.speakers]


def test_without_known_voices_no_sound_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelling, "load_embedder", None)
    label(*spoken(*SCRIPT))


# --- findings


def doubtful() -> Alignment:
    """Return a talk in which a turn is doubtful, and another one begins too early."""
    alignment, turns = spoken(*SCRIPT)
    host, first, again, second = turns
    changed = (host, replace(first, confidence=0.4), again, replace(second, start=again.end - 1.0))
    misheard = Finding(FindingKind.MISHEARD, "數據", "heard here: 速記", Span(30.0, 30.5), (0, 2))
    overlapping = Finding(
        FindingKind.OVERLAPPING_SPEECH, "", "two voices", Span(again.end - 1.0, again.end)
    )
    nowhere = Finding(FindingKind.NOT_IN_AUDIO, "好", "not heard", None, (5, 6))
    findings = (nowhere, overlapping, misheard)
    labelled = label(replace(alignment, findings=findings), changed)
    return replace(labelled, turns=tuple(_like(labelled.turns, changed)))


def _like(fitted: Sequence[Turn], turns: Sequence[Turn]) -> list[Turn]:
    return [
        replace(a, start=b.start, confidence=b.confidence)
        for a, b in zip(fitted, turns, strict=True)
    ]


def test_doubtful_turns_are_reported_once_however_often_they_are_named() -> None:
    once = name_turns(doubtful())
    kinds = [finding.kind for finding in once.findings]
    assert kinds.count(FindingKind.DOUBTFUL_SPEAKER) == 1
    assert kinds.count(FindingKind.OVERLAPPING_SPEECH) == 1
    assert kinds.count(FindingKind.MISHEARD) == 1
    assert kinds.count(FindingKind.NOT_IN_AUDIO) == 1
    assert name_turns(once) == once


def test_findings_about_speakers_call_them_by_their_names() -> None:
    named = name_turns(doubtful(), parse_names("A: 林教授"))
    [doubt] = [f for f in named.findings if f.kind is FindingKind.DOUBTFUL_SPEAKER]
    assert "林教授" in doubt.reason
    assert doubt.text == ANSWERS


def test_findings_are_in_order_of_time() -> None:
    found = [f.span.start for f in name_turns(doubtful()).findings if f.span]
    assert found == sorted(found)


# --- what is handed to the diarizer and to the provenance


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Return a talk of which some words have no time."""
    texts = draw(st.lists(st.sampled_from(["好，", "大", "家。", "yes ", "對"]), min_size=1))
    timed = draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    words = [
        Word(text, Span(k * SYLLABLE, (k + 1) * SYLLABLE) if has_time else None)
        for k, (text, has_time) in enumerate(zip(texts, timed, strict=True))
    ]
    cut = draw(st.integers(1, len(words)))
    parts = [part for part in (words[:cut], words[cut:]) if part]
    return Transcript(tuple(Paragraph(tuple(part)) for part in parts))


@given(transcripts())
def test_clauses_begin_with_a_word_and_in_order(transcript: Transcript) -> None:
    onsets = clause_onsets(transcript)
    starts = {word.span.start for word in transcript.words if word.span}
    assert list(onsets) == sorted(set(onsets))
    assert set(onsets) <= starts
    firsts = [paragraph.words[0].span for paragraph in transcript.paragraphs]
    assert {span.start for span in firsts if span} <= set(onsets)


def test_a_clause_whose_first_word_was_not_heard_begins_with_the_next_one() -> None:
    words = (Word("大"), Word("家，", Span(1.0, 1.2)), Word("好。"), Word("好。", Span(3.0, 3.2)))
    onsets: tuple[Seconds, ...] = clause_onsets(Transcript((Paragraph(words),)))
    assert onsets == (1.0, 3.0)


def test_a_provenance_says_how_many_names_were_given_but_none_of_them() -> None:
    names: NamesFile = parse_names("A: 林教授\nB: 王磊")
    settings = SpeakerSettings(names=names, library={"陳": np.ones(1, np.float32)})
    described = describe_speakers(settings)
    assert described == {
        "diarizer": "voices",
        "least_speakers": 1,
        "most_speakers": None,
        "names_given": 2,
        "known_voices": 1,
    }
    assert describe_speakers(None) == {"diarizer": None}
    elsewhere = describe_speakers(replace(settings, turns=()))
    assert elsewhere["diarizer"] == "turns from a file"


# --- in the pipeline


def recognise(
    _: Audio, /, *, language: str | None = None, progress: Progress = no_progress
) -> Recognition:
    progress("recognising", 1, 1)
    return heard((1.0, HANDS_OVER), (10.0, ANSWERS), language=language or "zh")


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    noise = np.random.default_rng(0).normal(0, 300, 20 * SAMPLE_RATE)
    return write_wav(tmp_path / "talk.wav", noise)


ELSEWHERE = SpeakerSettings(turns=(Turn("H", 0.9, 7.0, 0.9), Turn("A", 9.9, 18.0, 0.8)))


def test_captions_know_who_speaks_and_say_what_that_is_from(talk: Path) -> None:
    captions = caption(talk, settings=Settings(speakers=ELSEWHERE), recognizer=recognise)
    assert {cue.speaker for cue in captions.cues} == {"H", "曾老師"}
    assert captions.provenance.settings["diarizer"] == "turns from a file"
    turns = parse_rttm(captions.compose(".rttm"))
    assert [turn.speaker for turn in turns] == ["H", "曾老師"]
    assert captions.compose(".rttm").startswith("SPEAKER talk 1 1.000 ")
    assert "<v 曾老師>" in captions.compose(".vtt")


def test_turns_are_shifted_with_the_words(talk: Path) -> None:
    plain, later = (
        caption(talk, settings=Settings(offset=offset, speakers=ELSEWHERE), recognizer=recognise)
        for offset in (0.0, 1.5)
    )
    moved = [turn.start - 1.5 for turn in later.alignment.turns]
    assert moved == pytest.approx([turn.start for turn in plain.alignment.turns])
    [quote] = [q for who in later.alignment.speakers for q in who.quotes][:1]
    [before] = [q for who in plain.alignment.speakers for q in who.quotes][:1]
    assert quote.span is not None
    assert before.span is not None
    assert quote.span.start == pytest.approx(before.span.start + 1.5)


def test_nobody_is_looked_for_if_nobody_asks(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelling, "load_diarizer", None)
    captions = caption(talk, settings=Settings(speakers=None), recognizer=recognise)
    assert {cue.speaker for cue in captions.cues} == {None}
    assert (captions.alignment.turns, captions.compose(".rttm")) == ((), "")
    assert captions.provenance.settings["diarizer"] is None
