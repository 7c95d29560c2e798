from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import (
    Alignment,
    Finding,
    FindingKind,
    Input,
    NameBasis,
    Paragraph,
    Provenance,
    Quote,
    Source,
    Span,
    Speaker,
    Topic,
    Transcript,
    Turn,
    Word,
)
from subtools.errors import DocumentError
from subtools.formats.words import compose_words, parse_words

SCHEMA = json.loads(
    (Path(__file__).parent.parent / "docs" / "words.schema.json").read_text(encoding="utf-8")
)

MILLISECONDS = st.integers(0, 4 * 3_600_000).map(lambda ms: ms / 1000)
SPANS = st.tuples(MILLISECONDS, MILLISECONDS).map(lambda pair: Span(min(pair), max(pair)))
CONFIDENCES = st.none() | st.floats(0, 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
WORDS = st.builds(Word, TEXTS, st.none() | SPANS, CONFIDENCES, st.none() | TEXTS)
PARAGRAPHS = st.lists(WORDS, min_size=1, max_size=4).map(lambda words: Paragraph(tuple(words)))
SOURCES = st.builds(
    Source, st.none() | TEXTS, st.none() | st.integers(1, 99), st.none() | TEXTS, st.none() | TEXTS
)
FINDINGS = st.builds(
    Finding,
    st.sampled_from(FindingKind),
    TEXTS,
    TEXTS,
    st.none() | SPANS,
    st.none() | st.tuples(st.integers(0, 9), st.integers(9, 99)),
)
TURNS = st.builds(
    lambda name, span, confidence: Turn(name, span.start, span.end, confidence),
    TEXTS,
    SPANS,
    CONFIDENCES,
)
QUOTES = st.builds(Quote, TEXTS, TEXTS, st.none() | SPANS)
SPEAKERS = st.builds(
    Speaker,
    TEXTS,
    TEXTS,
    st.sampled_from(NameBasis),
    CONFIDENCES,
    st.lists(QUOTES, max_size=2).map(tuple),
)
ALIGNMENTS = st.builds(
    Alignment,
    st.builds(Transcript, st.lists(PARAGRAPHS, max_size=4).map(tuple), SOURCES),
    st.lists(FINDINGS, max_size=3).map(tuple),
    st.just("zh"),
    st.just("recognition"),
    st.lists(TURNS, max_size=3).map(tuple),
    st.lists(SPEAKERS, max_size=2).map(tuple),
)
PROVENANCE = Provenance(
    {"audio": Input("talk.m4a", "ab" * 32)}, "base sha256:00", {"subtools": "1"}, {"beam_size": 1}
)


@given(ALIGNMENTS)
def test_what_is_written_is_read_back(alignment: Alignment) -> None:
    assert parse_words(compose_words(alignment, PROVENANCE)) == (alignment, PROVENANCE)


@given(ALIGNMENTS)
def test_what_is_written_follows_the_published_schema(alignment: Alignment) -> None:
    jsonschema.validate(json.loads(compose_words(alignment, PROVENANCE)), SCHEMA)


def test_the_schema_refuses_a_word_without_text() -> None:
    alignment = Alignment(Transcript((Paragraph((Word("大"),)),)), (), "zh", "recognition")
    data = json.loads(compose_words(alignment))
    del data["words"][0]["text"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)


def test_files_from_before_there_were_speakers_are_read_and_follow_the_schema() -> None:
    alignment = Alignment(Transcript((Paragraph((Word("大"),)),)), (), "zh", "phones")
    data = json.loads(compose_words(alignment))
    assert data.pop("speakers") == data.pop("turns") == data.pop("topics") == []
    assert parse_words(json.dumps(data))[0] == alignment
    jsonschema.validate(data, SCHEMA)


def test_topics_are_kept_and_follow_the_schema() -> None:
    named = Topic("數據會不會成為瓶頸", 368.6204, 754.0, "the host asks", 0.9)
    topics = (named, Topic("多模態", 754.0, 760.0))
    text = compose_words(Alignment(Transcript(()), (), "zh", "phones", topics=topics))
    jsonschema.validate(json.loads(text), SCHEMA)
    assert parse_words(text)[0].topics == (replace(topics[0], start=368.62), topics[1])


def test_each_turn_and_each_speaker_has_a_line_of_its_own() -> None:
    quote = Quote("那曾老師先說吧", "is given the floor", Span(48.0, 49.0))
    speaker = Speaker("曾老師", "SPEAKER_01", NameBasis.SAID, 0.9, (quote,))
    turns = (Turn("曾老師", 58.7504, 129.888, 0.98), Turn("曾老師", 140.0, 141.0))
    text = compose_words(Alignment(Transcript(()), (), "zh", "phones", turns, (speaker,)))
    assert text.splitlines()[8:15] == [
        '"speakers": [',
        '  {"name": "曾老師", "label": "SPEAKER_01", "basis": "said", "confidence": 0.9,'
        ' "quotes": [{"text": "那曾老師先說吧", "reason": "is given the floor", "start": 48.0,'
        ' "end": 49.0}]}',
        "],",
        '"turns": [',
        '  {"speaker": "曾老師", "start": 58.75, "end": 129.888, "confidence": 0.98},',
        '  {"speaker": "曾老師", "start": 140.0, "end": 141.0, "confidence": null}',
        "],",
    ]


@pytest.mark.parametrize(
    ("member", "value"),
    [("speaker", None), ("start", None), ("end", -1), ("end", 0.5), ("confidence", "x")],
)
def test_a_turn_of_the_wrong_type_is_refused(member: str, value: object) -> None:
    turns = (Turn("曾老師", 1.0, 2.0),)
    data = json.loads(compose_words(Alignment(Transcript(()), (), "zh", "phones", turns)))
    data["turns"][0][member] = value
    with pytest.raises(DocumentError, match=r"not a complete words\.json"):
        parse_words(json.dumps(data))


@pytest.mark.parametrize(
    ("member", "value"),
    [("name", 1), ("label", None), ("basis", "hearsay"), ("confidence", []), ("quotes", [{}])],
)
def test_a_speaker_of_the_wrong_type_is_refused(member: str, value: object) -> None:
    speakers = (Speaker("曾老師", "SPEAKER_01"),)
    data = json.loads(compose_words(Alignment(Transcript(()), (), "zh", "x", (), speakers)))
    data["speakers"][0][member] = value
    with pytest.raises(DocumentError, match=r"not a complete words\.json"):
        parse_words(json.dumps(data))


def test_times_are_written_to_the_millisecond() -> None:
    word = Word("大", Span(1.00049, 2.0005))
    text = compose_words(Alignment(Transcript((Paragraph((word,)),)), (), "zh", "recognition"))
    assert json.loads(text)["words"][0]["start"] == 1.0
    assert json.loads(text)["words"][0]["end"] == 2.001


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("大家好。\n", r"^this is not a words\.json \("),
        ("", r"^this is not a words\.json \("),
        ("{", "damaged, not JSON"),
        ("[]", "not a words.json"),
        ('{"format": "other"}', "not a words.json"),
        ('{"format": "subtools-words", "version": 99}', "version 99"),
        ('{"format": "subtools-words", "version": 1}', "not a complete words.json"),
    ],
)
def test_other_json_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        parse_words(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("text", None),
        ("text", 5),
        ("start", "a"),
        ("start", -5),
        ("end", None),
        ("end", math.inf),
        ("text", "\ud800"),
        ("confidence", "x"),
    ],
)
def test_a_word_of_the_wrong_type_is_refused(member: str, value: object) -> None:
    word = Word("大", Span(1.0, 2.0), 0.5)
    text = compose_words(Alignment(Transcript((Paragraph((word,)),)), (), "zh", "recognition"))
    data = json.loads(text)
    data["words"][0][member] = value
    with pytest.raises(DocumentError, match=r"not a complete words\.json"):
        parse_words(json.dumps(data))


def test_json_nested_without_end_is_refused() -> None:
    with pytest.raises(DocumentError):
        parse_words("[" * 100_000)
