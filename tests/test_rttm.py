"""RTTM, as it is written here and as it is found elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Turn
from subtools.errors import DocumentError
from subtools.formats.rttm import compose_rttm, parse_rttm

MILLISECONDS = st.integers(0, 4 * 3_600_000).map(lambda ms: ms / 1000)
SPANS = st.tuples(MILLISECONDS, MILLISECONDS).map(sorted)
SHARES = st.none() | st.integers(0, 1000).map(lambda parts: parts / 1000)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LABELS = st.sampled_from(["SPEAKER_00", "曾老師", "<NA>", "0.5", ";;", "#1", "man_2", "man 2"])


def turns_named(names: st.SearchStrategy[str]) -> st.SearchStrategy[list[Turn]]:
    return st.lists(
        st.builds(lambda n, s, c: Turn(n, s[0], s[1], c), names, SPANS, SHARES), max_size=6
    )


@given(turns_named(LABELS | NAMES), NAMES)
def test_what_is_written_is_read_back_but_for_the_blanks_in_names(
    turns: list[Turn], recording: str
) -> None:
    read = parse_rttm(compose_rttm(turns, recording))
    ordered = sorted(turns, key=lambda turn: (turn.start, turn.end))
    assert [(t.start, t.end, t.confidence) for t in read] == [
        (t.start, t.end, t.confidence) for t in ordered
    ]
    pairs = {(t.speaker, r.speaker) for t, r in zip(ordered, read, strict=True)}
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    for name, written in pairs:
        assert written.rstrip("_") == "_".join(name.split()).rstrip("_")


@given(turns_named(LABELS | NAMES), NAMES)
def test_what_was_read_is_written_the_same_again(turns: list[Turn], recording: str) -> None:
    text = compose_rttm(turns, recording)
    assert compose_rttm(parse_rttm(text), recording) == text


@given(st.text(st.sampled_from("SPEAKR 1.0-<N>ainfe\n;#\t")) | st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_rttm(text)
    except DocumentError as error:
        assert error.line is not None


@pytest.mark.parametrize(
    ("tail", "name", "confidence"),
    [
        ("speaker90 <NA> <NA>", "speaker90", None),
        ("podcast woman <NA> <NA>", "podcast woman", None),
        ("man 2 <NA> <NA>", "man 2", None),
        ("man 2 0.75 <NA>", "man 2", 0.75),
        ("man 2 0.75 0.1", "man 2", 0.75),
        ("man 2 <NA>", "man 2", None),
        ("the old man", "the old man", None),
        ("speaker90 <NA>", "speaker90", None),
        ("speaker90", "speaker90", None),
        ("<NA> <NA> <NA>", "<NA>", None),
        ("1 1 <NA>", "1", 1.0),
    ],
)
def test_names_with_blanks_and_missing_last_fields_are_read(
    tail: str, name: str, confidence: float | None
) -> None:
    (turn,) = parse_rttm(f"SPEAKER talk 1 1.000 0.500 <NA> <NA> {tail}\n")
    assert turn == Turn(name, 1.0, 1.5, confidence)


def test_comments_blank_lines_and_other_metadata_are_passed_over() -> None:
    text = """\ufeff;; made by hand
# so they say
SPKR-INFO talk 1 <NA> <NA> <NA> unknown A <NA> <NA>

SPEAKER talk 1 5 1 <NA> <NA> B <NA> <NA>\r
SPEAKER talk 1 0.1 0.2 <NA> <NA> A <NA> <NA>
LEXEME talk 1 0.1 0.2 hello lex A 0.9 <NA>
"""
    assert parse_rttm(text) == (Turn("A", 0.1, 0.3), Turn("B", 5.0, 6.0))
    assert parse_rttm("") == ()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1\n00:00:01,000 --> 00:00:02,000", "no line begins with '1'"),
        ("SPEAKER talk 1 0.5 1.0 <NA> <NA>", "7 fields instead of 10"),
        ("SPEAKER talk 1 x 1.0 <NA> <NA> A <NA> <NA>", "'x' is no onset"),
        ("SPEAKER talk 1 -1 1.0 <NA> <NA> A <NA> <NA>", "'-1' is no onset"),
        ("SPEAKER talk 1 1 -1.0 <NA> <NA> A <NA> <NA>", "'-1.0' is no duration"),
        ("SPEAKER talk 1 1 nan <NA> <NA> A <NA> <NA>", "'nan' is no duration"),
        ("SPEAKER talk 1 1 inf <NA> <NA> A <NA> <NA>", "'inf' is no duration"),
        ("SPEAKER other 1 1 1 <NA> <NA> A <NA> <NA>", "several recordings, 'talk' and 'other'"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(line: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        parse_rttm(f"SPEAKER talk 1 0 1 <NA> <NA> A <NA> <NA>\n{line}\n")
    assert caught.value.line == 2


def test_two_names_that_differ_by_a_blank_stay_two() -> None:
    turns = [Turn("man 2", 0, 1), Turn("man_2", 1, 2), Turn("man 2", 2, 3)]
    read = [turn.speaker for turn in parse_rttm(compose_rttm(turns, "talk"))]
    assert read == ["man_2", "man_2_", "man_2"]
