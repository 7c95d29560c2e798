from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import HeardWord, Recognition
from subtools.phonetics import Script
from subtools.transcript.recognised import recognition_to_transcript


def recognition(*segments: list[tuple[str, float, float]], language: str = "zh") -> Recognition:
    spoken = tuple(tuple(HeardWord(*word, 0.8) for word in segment) for segment in segments)
    return Recognition(spoken, (), language)


def test_a_paragraph_is_a_segment_and_a_chinese_word_a_character() -> None:
    talk = recognition([("首先", 0.0, 0.4), ("我想", 0.4, 0.8)], [("好,", 2.0, 2.2)])
    transcript = recognition_to_transcript(talk)
    assert [paragraph.text for paragraph in transcript.paragraphs] == ["首先我想", "好,"]
    starts = [word.span.start for word in transcript.words if word.span]
    assert starts == pytest.approx([0.0, 0.2, 0.4, 0.6, 2.0])
    assert {word.confidence for word in transcript.words} == {0.8}


def test_spaces_between_words_take_no_time() -> None:
    talk = recognition([(" Hello", 1.0, 1.5), (" there.", 2.0, 2.5)], language="en")
    hello, there = recognition_to_transcript(talk).words
    assert (hello.text, there.text) == ("Hello ", "there.")
    assert there.span is not None
    assert there.span.start == 2.0


def test_chinese_is_in_the_script_of_most_of_it() -> None:
    talk = recognition([("我們看到", 0.0, 1.0)], [("后来它们", 1.0, 2.0)], [("這樣", 2.0, 3.0)])
    assert recognition_to_transcript(talk).body == "我們看到後來它們這樣"


def test_chinese_is_rewritten_in_a_script_and_its_words_keep_their_time() -> None:
    talk = recognition([("鼠标", 0.0, 1.0), ("里的软件", 1.0, 3.0)], [(" OK", 3.0, 4.0)])
    transcript = recognition_to_transcript(talk, Script.TW)
    assert transcript.body == "滑鼠裡的軟體OK"
    starts = [word.span.start for word in transcript.words if word.span]
    assert starts == pytest.approx([0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0])
    assert recognition_to_transcript(talk, Script.T).body == "鼠標裏的軟件OK"
    assert recognition_to_transcript(talk).body == "鼠标里的软件OK"


def test_where_wording_changes_the_length_no_time_is_invented() -> None:
    talk = recognition([("把U盘给我", 1.0, 3.5)])
    transcript = recognition_to_transcript(talk, Script.TW)
    assert transcript.body == "把隨身碟給我"
    spans = [word.span for word in transcript.words if word.span]
    assert (spans[0].start, spans[-1].end) == (1.0, 3.5)


def test_words_heard_before_the_video_starts_stay_before_it() -> None:
    talk = recognition([("早", -2.0, -1.5), ("好", -1.5, -1.0)])
    assert [w.span.start for w in recognition_to_transcript(talk).words if w.span] == [-2.0, -1.5]


def test_an_empty_word_shifts_no_times() -> None:
    talk = recognition([("", 0.0, 0.5), ("好", 1.0, 1.5)])
    [word] = recognition_to_transcript(talk).words
    assert word.span is not None
    assert word.span.start == 1.0


WORDS = st.lists(
    st.tuples(st.text("大模型 aB,。們们", max_size=4), st.floats(0, 20), st.floats(0, 2)),
    max_size=6,
)


@given(st.lists(WORDS, max_size=5))
def test_whatever_is_recognised_words_last_and_follow_each_other(
    segments: list[list[tuple[str, float, float]]],
) -> None:
    talk = recognition(*[[(t, a, a + d) for t, a, d in segment] for segment in segments])
    transcript = recognition_to_transcript(talk)
    spans = [word.span for word in transcript.words]
    assert all(span is not None and span.end > span.start for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans) if a and b)
    said = "".join("".join(word[0] for word in segment) for segment in segments)
    assert len("".join(transcript.body.split())) == len("".join(said.split()))
