from __future__ import annotations

import json
import math
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
    Paragraph,
    Provenance,
    Source,
    Span,
    Transcript,
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
ALIGNMENTS = st.builds(
    Alignment,
    st.builds(Transcript, st.lists(PARAGRAPHS, max_size=4).map(tuple), SOURCES),
    st.lists(FINDINGS, max_size=3).map(tuple),
    st.just("zh"),
    st.just("recognition"),
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


def test_times_are_written_to_the_millisecond() -> None:
    word = Word("大", Span(1.00049, 2.0005))
    text = compose_words(Alignment(Transcript((Paragraph((word,)),)), (), "zh", "recognition"))
    assert json.loads(text)["words"][0]["start"] == 1.0
    assert json.loads(text)["words"][0]["end"] == 2.001


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "not a words.json"),
        ('{"format": "other"}', "not a words.json"),
        ('{"format": "subtools-words", "version": 99}', "version 99"),
        ('{"format": "subtools-words", "version": 1}', "not a complete words.json"),
    ],
)
def test_other_json_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        parse_words(text)


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
