from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import (
    Alignment,
    Finding,
    FindingKind,
    NameBasis,
    Quote,
    Recognition,
    Seconds,
    Span,
    Speaker,
    Topic,
    Turn,
)
from subtools.merging import merge_recognition
from subtools.shifting import shift_alignment
from tests.speech import document, heard

TALK = "大模型的能力很強，數據的質量很重要。"


def aligned(recognition: Recognition, offset: Seconds, *paragraphs: str) -> Alignment:
    return shift_alignment(merge_recognition(document(*paragraphs), recognition), offset)


def test_topics_move_and_are_cut_where_the_talk_begins() -> None:
    topics = (Topic("a", 0.0, 4.0), Topic("b", 4.0, 9.0))
    alignment = Alignment(document("大"), (), "zh", "x", topics=topics)
    assert shift_alignment(alignment, -5.0).topics == (Topic("b", 0.0, 4.0),)
    assert [topic.start for topic in shift_alignment(alignment, 1.5).topics] == [1.5, 5.5]


def test_all_times_move_together() -> None:
    plain, later = (aligned(heard((5.0, TALK)), offset, TALK) for offset in (0.0, 1.5))
    spans = zip(plain.transcript.words, later.transcript.words, strict=True)
    assert [b.span.start - a.span.start for a, b in spans if a.span and b.span] == pytest.approx(
        [1.5] * len(plain.transcript.words)
    )


def test_findings_move_with_their_words() -> None:
    finding = Finding(FindingKind.LOW_CONFIDENCE, "大", "a guess", Span(3.0, 4.0), (0, 1))
    alignment = Alignment(document(TALK), (finding,), "zh", "phones")
    [moved] = shift_alignment(alignment, 2.0).findings
    assert moved == Finding(FindingKind.LOW_CONFIDENCE, "大", "a guess", Span(5.0, 6.0), (0, 1))


@given(st.floats(-30, 30, allow_nan=False))
def test_nothing_begins_before_the_start_and_no_word_is_lost_in_silence(offset: Seconds) -> None:
    alignment = aligned(heard((5.0, TALK), TALK), offset, TALK, TALK)
    words = alignment.transcript.words
    assert alignment.transcript.body == TALK * 2
    assert all(word.span.start >= 0 for word in words if word.span)
    lost = "".join(w.text for w in words if w.span is None)
    assert lost == "".join(
        f.text for f in alignment.findings if f.kind == FindingKind.OUTSIDE_VIDEO
    )


def test_words_before_the_start_lose_their_time_in_one_finding() -> None:
    alignment = aligned(heard((5.0, TALK)), -6.0, TALK)
    [finding] = alignment.findings
    assert finding.kind == FindingKind.OUTSIDE_VIDEO
    assert finding.text == "大模型的能"
    assert finding.offsets == (0, 5)
    spans = [word.span for word in alignment.transcript.words]
    assert spans[:5] == [None] * 5
    assert all(span and span.start >= 0 for span in spans[5:])


def test_a_finding_that_begins_before_the_start_keeps_the_rest_of_its_time() -> None:
    recognition = heard((5.0, TALK), "另外一件事情和這個沒有關係，大家都知道", TALK)
    alignment = aligned(recognition, -9.0, TALK, TALK)
    [unwritten] = [f for f in alignment.findings if f.kind == FindingKind.NOT_IN_TEXT]
    assert unwritten.span is not None
    assert unwritten.span.start == 0.0
    assert Span(0.0, 2.5).end < unwritten.span.end < 3.5


def test_a_time_inside_a_reason_moves_too() -> None:
    first, second = "首先我想問各位嘉賓大家都是做大模型的，", "昨天晚上我們一家人去河邊散步，"
    recognition = heard(second, first, TALK)
    alignment = aligned(recognition, 600.0, first, second, TALK)
    [moved] = [f for f in alignment.findings if "out of order" in f"{f.kind} {f.reason}"]
    assert "heard at 10:0" in moved.reason


@pytest.mark.parametrize(
    ("reason", "moved"),
    [
        ("heard at 59:58, not in this place", "heard at 1:00:01, not in this place"),
        ("heard at 1:02:03", "heard at 1:02:06"),
        (
            "heard from 59:58 to 1:00:01, but written after what is heard at 0:57",
            "heard from 1:00:01 to 1:00:04, but written after what is heard at 1:00",
        ),
        (
            "heard here: '12:30'; times are interpolated",
            "heard here: '12:30'; times are interpolated",
        ),
    ],
)
def test_only_times_of_the_sound_move_in_a_reason(reason: str, moved: str) -> None:
    finding = Finding(FindingKind.OUT_OF_ORDER, "大", reason)
    [shifted] = shift_alignment(Alignment(document(TALK), (finding,), "zh", "x"), 3.0).findings
    assert shifted.reason == moved


# --- who speaks


def spoken(*turns: Turn, speakers: tuple[Speaker, ...] = ()) -> Alignment:
    return Alignment(document(TALK), (), "zh", "phones", turns, speakers)


def test_turns_and_evidence_move_with_the_words() -> None:
    who = Speaker("曾老師", "A", NameBasis.SAID, 0.9, (Quote("謝謝", "thanks", Span(2.0, 3.0)),))
    moved = shift_alignment(spoken(Turn("曾老師", 1.0, 4.0, 0.8), speakers=(who,)), 1.5)
    assert moved.turns == (Turn("曾老師", 2.5, 5.5, 0.8),)
    [quote] = moved.speakers[0].quotes
    assert quote == Quote("謝謝", "thanks", Span(3.5, 4.5))


def test_a_turn_that_begins_before_the_start_keeps_the_rest_of_its_time() -> None:
    turns = (Turn("A", 0.0, 2.0), Turn("B", 2.0, 5.0, 0.7), Turn("A", 5.0, 6.0))
    assert shift_alignment(spoken(*turns), -3.0).turns == (
        Turn("B", 0.0, 2.0, 0.7),
        Turn("A", 2.0, 3.0),
    )


def test_evidence_from_before_the_start_stays_evidence_without_a_time() -> None:
    who = Speaker("曾老師", "A", NameBasis.SAID, 0.9, (Quote("謝謝", "thanks", Span(2.0, 3.0)),))
    moved = shift_alignment(spoken(Turn("曾老師", 1.0, 9.0), speakers=(who,)), -5.0)
    assert moved.speakers[0].quotes == (Quote("謝謝", "thanks", None),)


@given(
    st.lists(st.tuples(st.floats(0, 60), st.floats(0, 60)), max_size=8),
    st.floats(-70, 70, allow_nan=False),
)
def test_no_turn_begins_before_the_start_and_none_gets_longer(
    times: list[tuple[float, float]], offset: Seconds
) -> None:
    turns = sorted((Turn("A", min(pair), max(pair)) for pair in times), key=lambda t: t.start)
    moved = shift_alignment(spoken(*turns), offset).turns
    assert list(moved) == sorted(moved, key=lambda turn: turn.start)
    assert all(turn.start >= 0 for turn in moved)
    kept = [turn for turn in turns if turn.end + offset > 0 or not offset]
    assert len(moved) == len(kept)
    for old, new in zip(kept, moved, strict=True):
        assert new.end - new.start <= old.end - old.start + 1e-9
        assert new.end == pytest.approx(old.end + offset)
