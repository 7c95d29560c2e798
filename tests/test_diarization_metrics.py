"""Diarization error rates against pyannote.metrics, and speakers of words worked by hand."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy.optimize import linear_sum_assignment

from subtools.core import Turn, Word
from subtools.errors import DocumentError
from subtools.lexicon import split_words
from subtools.metrics import (
    Clause,
    Reference,
    SpeakerScore,
    Unit,
    pair_best,
    score_speakers,
    score_turn_speakers,
    score_turns,
)
from subtools.spans import join_turns

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # not our business what pandas thinks of its dependencies
    from pyannote.core import Annotation, Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate

# Hundredths, so that borders meet often; turns of no length and turns inside others included.
TIMES = st.integers(0, 1500).map(lambda hundredths: hundredths / 100)
CONFIDENCES = st.none() | st.floats(0, 1)


def turns_of(*speakers: str) -> st.SearchStrategy[list[Turn]]:
    turn = st.builds(
        lambda name, times, confidence: Turn(name, min(times), max(times), confidence),
        st.sampled_from(speakers),
        st.tuples(TIMES, TIMES),
        CONFIDENCES,
    )
    return st.lists(turn, max_size=14)


REFERENCES, HYPOTHESES = turns_of("甲", "乙", "丙"), turns_of("A", "B", "C", "甲")


# --- pairing


@given(
    npst.arrays(
        np.float64,
        npst.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=7),
        elements=st.integers(-2, 5) | st.floats(-9, 9, allow_subnormal=False),
    )
)
def test_no_other_pairing_is_worth_more(worth: np.ndarray[tuple[int, int], Any]) -> None:
    pairs = pair_best(worth)
    gain = np.maximum(worth, 0.0)  # nobody is forced into a pair
    best = gain[linear_sum_assignment(gain, maximize=True)].sum()
    assert sum(worth[pair] for pair in pairs) == pytest.approx(best)
    for side in (0, 1):
        assert len({pair[side] for pair in pairs}) == len(pairs)
    assert all(worth[pair] > 0 for pair in pairs)


def test_fifty_speakers_are_paired_on_each_side() -> None:
    worth = np.random.default_rng(1).random((50, 50)) ** 3
    best = worth[linear_sum_assignment(worth, maximize=True)].sum()
    assert sum(worth[pair] for pair in pair_best(worth)) == pytest.approx(best)


# --- diarization error rate


def annotate(turns: Iterable[Turn]) -> Any:
    annotation = Annotation()
    for number, turn in enumerate(turns):
        annotation[Segment(turn.start, turn.end), number] = turn.speaker
    return annotation.support()


@given(
    true=REFERENCES,
    found=HYPOTHESES,
    collar=st.sampled_from([0.0, 0.25, 1.0]),
    skip=st.booleans(),
    until=st.integers(1, 1600).map(lambda hundredths: hundredths / 100),
)
def test_the_error_rate_is_that_of_pyannote(
    true: list[Turn], found: list[Turn], collar: float, skip: bool, until: float
) -> None:
    metric = DiarizationErrorRate(collar=2 * collar, skip_overlap=skip)
    uem = Timeline([Segment(0, until)])
    theirs = metric(annotate(true), annotate(found), uem=uem, detailed=True)
    ours = score_turns(true, found, collar=collar, skip_overlap=skip, until=until)
    assert ours.total == pytest.approx(theirs["total"], abs=1e-6)
    assert ours.missed == pytest.approx(theirs["missed detection"], abs=1e-6)
    assert ours.false_alarm == pytest.approx(theirs["false alarm"], abs=1e-6)
    assert ours.confusion == pytest.approx(theirs["confusion"], abs=1e-6)
    if ours.total > 1e-6:
        assert ours.der == pytest.approx(theirs["diarization error rate"], abs=1e-6)


def scored(turns: list[Turn], speaker: str, collar: float) -> list[int]:
    """Return the milliseconds in which ``speaker`` speaks, away from all borders."""
    borders = [time for turn in turns for time in (turn.start, turn.end)]
    own = {
        millisecond
        for turn in turns
        if turn.speaker == speaker
        for millisecond in range(round(turn.start * 1000), round(turn.end * 1000))
    }
    return sorted(
        millisecond
        for millisecond in own
        if all(abs(millisecond / 1000 + 0.0005 - border) > collar for border in borders)
    )


@given(REFERENCES, st.sampled_from([0.0, 0.25]))
def test_the_truth_itself_has_no_errors_and_maps_everybody_to_themselves(
    true: list[Turn], collar: float
) -> None:
    score = score_turns(true, true, collar=collar)
    assert score.der == pytest.approx(0.0, abs=1e-9)
    # or to somebody who speaks at just the same times, as far as they are scored
    assert all(
        name == found or scored(true, name, collar) == scored(true, found, collar)
        for name, found in score.mapping.items()
    )
    assert score.speakers == score.speakers_found


@given(REFERENCES, HYPOTHESES)
def test_the_names_of_the_found_speakers_do_not_matter(true: list[Turn], found: list[Turn]) -> None:
    names = {"A": "Z", "B": "乙", "C": "甲", "甲": "C"}
    renamed = [replace(turn, speaker=names[turn.speaker]) for turn in found]
    assert score_turns(true, renamed).der == pytest.approx(score_turns(true, found).der)


def test_the_collar_lies_on_each_side_of_a_border() -> None:
    true, found = [Turn("甲", 1.0, 3.0)], [Turn("A", 1.0, 3.5)]
    assert score_turns(true, found).false_alarm == 0.5
    score = score_turns(true, found, collar=0.25)
    assert (score.total, score.false_alarm) == (1.5, 0.25)
    with pytest.raises(ValueError, match="negative"):
        score_turns(true, found, collar=-1)


def test_where_two_speak_each_counts_unless_overlap_is_left_out() -> None:
    true = [Turn("甲", 0.0, 4.0), Turn("乙", 3.0, 6.0)]
    found = [Turn("A", 0.0, 4.0), Turn("B", 4.0, 6.0)]
    score = score_turns(true, found)
    assert (score.total, score.missed, score.confusion) == (7.0, 1.0, 0.0)
    assert score.der == pytest.approx(1 / 7)
    assert score_turns(true, found, skip_overlap=True).der == 0.0


def test_a_cut_at_the_end_of_what_is_known_has_no_collar() -> None:
    turns = [Turn("甲", 0.0, 20.0)]
    assert score_turns(turns, [], collar=1.0, until=10.0).total == 9.0


def test_speech_where_there_is_none_is_an_error_rate_of_one() -> None:
    assert score_turns([], [Turn("A", 0.0, 1.0)]).der == 1.0
    assert score_turns([], []).der == 0.0
    assert score_turns([Turn("甲", 0.0, 1.0)], []).der == 1.0


def test_speakers_are_counted_and_those_who_speak_for_long_once_more() -> None:
    true = [Turn("甲", 0.0, 30.0), Turn("乙", 30.0, 35.0), Turn("丙", 35.0, 56.0)]
    found = [Turn("A", 0.0, 35.0), Turn("B", 35.0, 55.0)]
    score = score_turns(true, found)
    assert (score.speakers, score.long_speakers) == (3, 2)
    assert (score.speakers_found, score.long_speakers_found) == (2, 1)
    assert score_turns(true, found, until=36.0).long_speakers == 1
    assert to_json(score)["mapping"] == {"甲": "A", "丙": "B"}


# --- joining


@given(HYPOTHESES, st.sampled_from([0.0, 0.01, 0.5]))
def test_joined_turns_cover_what_they_did_and_no_long_pause(turns: list[Turn], gap: float) -> None:
    joined = join_turns(turns, gap)
    assert join_turns(joined, gap) == joined
    assert [t.start for t in joined] == sorted(t.start for t in joined)
    for speaker in {turn.speaker for turn in turns}:
        own = [turn for turn in turns if turn.speaker == speaker]
        parts = [turn for turn in joined if turn.speaker == speaker]
        assert all(any(p.start <= t.start and t.end <= p.end for p in parts) for t in own)
        covered = sum(part.end - part.start for part in parts)
        added = covered - score_turns(own, own).total
        assert -1e-9 <= added <= gap * (len(own) - len(parts)) + 1e-9
        assert all(b.start > a.end and b.start - a.end >= gap for a, b in pairwise(parts))


def test_only_pauses_below_the_limit_are_joined_across_and_only_of_one_speaker() -> None:
    turns = [Turn("A", 0.0, 1.0, 0.9), Turn("B", 1.0, 1.25), Turn("A", 1.25, 2.0, 0.5)]
    joined = join_turns([*turns, Turn("A", 2.5, 3.0)])
    assert joined == (Turn("A", 0.0, 2.0, 0.729), Turn("B", 1.0, 1.25), Turn("A", 2.5, 3.0))


# --- words


def make_reference(*said: tuple[str, str], until: float = 60.0) -> Reference:
    """Return a reference of clauses (speaker, text); each character takes a second."""
    clauses, units, place = [], [], 0
    for index, (speaker, text) in enumerate(said):
        last = place + len(text)
        clauses.append(Clause(text, text, float(place), float(last), speaker, (place, last)))
        for k, character in enumerate(text):
            units.append(Unit(character, place + k, place + k + 0.9, index, (k, k + 1)))
        place = last
    speakers = tuple(dict.fromkeys(speaker for speaker, _ in said))
    return Reference(60.0, until, speakers, (), tuple(clauses), tuple(units))


def say(*said: tuple[str | None, str]) -> tuple[Word, ...]:
    return tuple(Word(w, speaker=name) for name, text in said for w in split_words(text))


TALK = make_reference(("宋老師", "我們請曾老師說，"), ("曾老師", "好的，謝謝宋老師。"))


def counts(score: SpeakerScore) -> tuple[int, int, int, int, int]:
    return (
        *(score.words, score.wrong_speaker),
        *(score.right_name, score.wrong_name, score.unknown_name),
    )


def test_words_belong_to_the_clause_they_stand_in() -> None:
    words = say(("宋老師", "我們請曾老師說，好"), ("曾老師", "的，謝謝宋老師。"))
    score = score_speakers(words, TALK)
    assert counts(score) == (14, 1, 13, 1, 0)
    assert (score.speaker_error, score.name_right) == (1 / 14, 13 / 14)


def test_labels_map_to_speakers_but_are_no_names() -> None:
    words = say(("SPEAKER_01", "我們請曾老師說，"), ("觀眾 1", "好的，謝謝宋老師。"))
    score = score_speakers(words, TALK)
    assert counts(score) == (14, 0, 0, 0, 14)
    assert score.mapping == {"宋老師": "SPEAKER_01", "曾老師": "觀眾 1"}


def test_names_that_are_swapped_are_wrong_although_the_voices_are_told_apart() -> None:
    words = say(("曾老師", "我們請曾老師說，"), ("宋老師", "好的，謝謝宋老師。"))
    assert counts(score_speakers(words, TALK)) == (14, 0, 0, 14, 0)


def test_a_role_counts_where_it_is_accepted() -> None:
    words = say(("主持人", "我們請曾老師說，"), ("主持人", "好的，謝謝宋老師。"))
    assert counts(score_speakers(words, TALK)) == (14, 7, 0, 14, 0)
    accept = {"宋老師": ["主持人"]}
    assert counts(score_speakers(words, TALK, accept=accept)) == (14, 7, 7, 7, 0)


def test_a_word_that_nobody_says_is_an_error_without_a_name() -> None:
    words = say((None, "我們請"), ("宋老師", "曾老師說，"), ("曾老師", "好的，謝謝宋老師。"))
    score = score_speakers(words, TALK)
    assert counts(score) == (14, 3, 11, 0, 3)
    assert (score.nobody, score.speakers, score.speakers_found) == (3, 2, 2)


def test_somebody_in_the_audience_has_the_right_name_only_if_it_is_the_same() -> None:
    truth = make_reference(("觀眾 1", "我有問題"), ("觀眾 2", "我也是"))
    words = say(("觀眾 1", "我有問題"), ("觀眾 3", "我也是"))
    assert counts(score_speakers(words, truth)) == (7, 0, 4, 0, 3)


@pytest.mark.parametrize(
    "label",
    ["SPEAKER_02", "speaker90", "Speaker 2", "觀眾 12", "观众", "講者 3", "未知", "unknown"],
)
def test_a_label_is_no_name(label: str) -> None:
    truth = make_reference(("宋老師", "大家好"))
    assert score_speakers(say((label, "大家好")), truth).name_unknown == 1.0


def test_words_after_the_truth_ends_do_not_count() -> None:
    truth = make_reference(("宋老師", "大家好，"), ("曾老師", "謝謝。"), until=3.5)
    words = say(("A", "大家好，"), ("A", "謝謝。"), (None, "後面沒有真相"))
    assert counts(score_speakers(words, truth))[:2] == (3, 0)


def test_words_of_another_document_are_refused() -> None:
    with pytest.raises(DocumentError, match="another document"):
        score_speakers(say(("A", "別的文字")), TALK)


def test_without_a_text_the_turns_say_who_speaks() -> None:
    turns = [Turn("宋老師", 0.0, 9.0), Turn("曾老師", 9.0, 11.0), Turn("曾老師", 10.0, 99.0)]
    score = score_turn_speakers(turns, TALK)
    # 好 is said in the first turn; marks are units here, as everything between 0 and 17
    assert counts(score) == (17, 1, 16, 1, 0)
    assert counts(score_turn_speakers([], TALK)) == (17, 17, 0, 0, 17)


def test_one_right_turn_is_enough_where_several_sound() -> None:
    turns = [Turn("宋老師", 0.0, 9.0), Turn("曾老師", 8.0, 17.0)]
    assert counts(score_turn_speakers(turns, TALK))[:2] == (17, 0)


def test_without_words_there_are_no_shares() -> None:
    score = score_speakers((), make_reference())
    assert math.isnan(score.speaker_error)
    assert to_json(score)["name_right"] is None


def to_json(score: Any) -> Any:
    """Return a score as JSON gives it back; refuses NaN."""
    return json.loads(json.dumps(score.as_dict(), allow_nan=False))
