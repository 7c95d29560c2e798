"""What subtitles break is found, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Cue, CueRules, Rule, Subtitles, Violation
from subtools.styles import (
    BBC,
    NETFLIX_EN,
    NETFLIX_ZH_HANS,
    NETFLIX_ZH_HANT,
    PLAIN,
    STYLES,
    at_frame_rate,
    check_subtitles,
)
from tests.subtitling import ass, srt, vtt

HANT = NETFLIX_ZH_HANT


def check(*cues: Cue, rules: CueRules = PLAIN) -> tuple[Violation, ...]:
    return check_subtitles(Subtitles(cues), rules)


def broken(*cues: Cue, rules: CueRules = PLAIN) -> list[tuple[int, str]]:
    return [(found.cue, str(found.rule)) for found in check(*cues, rules=rules)]


@pytest.mark.parametrize(
    ("cue", "rules", "rule", "measured", "limit"),
    [
        (Cue(0, 5, ("x" * 43,)), PLAIN, Rule.LINE_LENGTH, 43, 42),
        (Cue(0, 5, ("一" * 17,)), HANT, Rule.LINE_LENGTH, 34, 32),
        (Cue(0, 5, ("a", "b", "c")), PLAIN, Rule.LINE_COUNT, 3, 2),
        (Cue(0, 0.5, ("a",)), PLAIN, Rule.MIN_DURATION, 0.5, 5 / 6),
        (Cue(0, 8, ("two words",)), PLAIN, Rule.MAX_DURATION, 8, 7),
        (Cue(0, 1, ("一" * 10,)), HANT, Rule.READING_SPEED, 20, 18),
        (Cue(0, 1, ("one two three four",)), BBC, Rule.WORDS_PER_MINUTE, 240, 180),
        (Cue(0, 2, ("好，", "好")), HANT, Rule.PUNCTUATION, 1, 0),
        (Cue(0, 2, ("好，好",)), NETFLIX_ZH_HANS, Rule.PUNCTUATION, 1, 0),
        (Cue(0.02, 2, ("好",)), HANT, Rule.FRAMES, 0.02, 0),
        (Cue(0, 2, (" ", "")), PLAIN, Rule.EMPTY, None, None),
        (Cue(0, 2, ("one", "-two")), NETFLIX_EN, Rule.DASHES, None, None),
    ],
)
def test_a_cue_breaks_a_rule(
    cue: Cue, rules: CueRules, rule: Rule, measured: float | None, limit: float | None
) -> None:
    (found,) = check(cue, rules=rules)
    assert (found.cue, found.start, found.rule) == (1, cue.start, rule)
    assert (found.measured, found.limit) == (measured, limit)
    assert found.message
    assert found.text == " ".join(cue.text.split())


@pytest.mark.parametrize(
    ("first", "second", "rules", "rule"),
    [
        (Cue(0, 2, ("a",)), Cue(1.5, 3, ("b",)), PLAIN, Rule.OVERLAP),
        (Cue(2, 4, ("a",)), Cue(0, 2, ("b",)), PLAIN, Rule.ORDER),
        (Cue(0, 2, ("a",)), Cue(2, 3, ("b",)), HANT, Rule.GAP),
        (Cue(0, 2, ("a",)), Cue(2 + 1 / 24, 3, ("b",)), HANT, Rule.GAP),
        (Cue(0, 2, ("a",)), Cue(2 + 3 / 24, 4, ("b",)), HANT, Rule.GAP),
        (Cue(0, 2, ("a",)), Cue(2 + 11 / 24, 4, ("b",)), HANT, Rule.GAP),
        (Cue(0, 2, ("a",)), Cue(2.5, 4, ("b",)), BBC, Rule.GAP),
    ],
)
def test_two_cues_break_a_rule(first: Cue, second: Cue, rules: CueRules, rule: Rule) -> None:
    assert broken(first, second, rules=rules) == [(2, rule)]


@pytest.mark.parametrize(
    ("gap", "rules"),
    [(0, PLAIN), (0.01, PLAIN), (2 / 24, HANT), (12 / 24, HANT), (3, HANT), (0, BBC), (1, BBC)],
)
def test_gaps_that_are_right(gap: float, rules: CueRules) -> None:
    assert broken(Cue(0, 2, ("a",)), Cue(2 + gap, 5 + gap, ("b",)), rules=rules) == []


def test_all_that_an_earlier_cue_covers_overlap_it() -> None:
    cues = (Cue(0, 9, ("word",)), Cue(1, 2, ("b",)), Cue(3, 4, ("c",)), Cue(9, 10, ("d",)))
    assert broken(*cues) == [(2, "overlap"), (3, "overlap")]


def test_overlaps_are_found_in_files_out_of_order() -> None:
    cues = (Cue(4, 6, ("b",)), Cue(0, 5, ("a",)))
    assert broken(*cues) == [(1, "overlap"), (2, "order")]


def test_cues_in_different_places_do_not_overlap() -> None:
    assert broken(Cue(0, 5, ("a",), settings="line:0"), Cue(1, 4, ("b",))) == []


def test_a_single_word_may_stay() -> None:
    assert broken(Cue(0, 60, ("Applause!",))) == []


def test_a_cue_in_no_time_is_too_fast() -> None:
    (short, fast) = check(Cue(1, 1, ("好",)), rules=HANT)
    assert (short.rule, short.measured) == (Rule.MIN_DURATION, 0)
    assert (fast.rule, fast.measured) == (Rule.READING_SPEED, None)


def test_words_a_minute_count_where_words_have_spaces() -> None:
    assert broken(Cue(0, 1, ("一二三四五六七八九十",)), rules=BBC) == []


def test_two_speakers_with_a_dash_each_are_right() -> None:
    assert broken(Cue(0, 2, ("-one", "-two")), rules=NETFLIX_EN) == []
    assert broken(Cue(0, 2, ("one", "-two"))) == []  # plain asks for nothing


def test_a_violation_says_what_and_how_much() -> None:
    (found,) = check(Cue(1, 2, ("一" * 10,)), rules=HANT)
    assert found.message == "20.0 columns a second, more than 18"
    assert found.unit == "columns a second"


# --- what files round


FRAME_TIMES = st.lists(st.integers(20, 160), min_size=1, max_size=6)


@given(FRAME_TIMES, st.sampled_from([24.0, 25.0, 30.0, 24000 / 1001, 30000 / 1001, 50.0]))
def test_what_is_right_is_right_when_read_back(durations: list[int], rate: float) -> None:
    rules = replace(at_frame_rate(HANT, rate), min_duration=20 / rate, max_duration=160 / rate)
    cues, frame = [], 0
    for duration in durations:
        cues.append(Cue(frame / rate, (frame + duration) / rate, ("好",)))
        frame += duration + 2
    assert check(*cues, rules=rules) == ()
    for known in (srt, vtt, ass):
        assert check(*known.parse(known.compose(cues)), rules=rules) == (), known


@given(st.floats(0, 1000), st.sampled_from(STYLES))
def test_the_shortest_duration_is_enough_when_read_back(start: float, rules: CueRules) -> None:
    if rules.frame_rate:
        start = round(start * rules.frame_rate) / rules.frame_rate
    cue = Cue(start, start + rules.min_duration, ("好",))
    for known in (srt, vtt, ass):
        assert check(*known.parse(known.compose([cue])), rules=rules) == ()


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_gap_is_measured_in_whole_milliseconds(end: int, gap: int) -> None:
    rules = replace(PLAIN, min_gap=0.1, closed_gap=1.0, min_duration=0)
    cues = (Cue(0, end / 1000, ("x",)), Cue((end + gap) / 1000, (end + gap) / 1000 + 2, ("y",)))
    is_wrong = gap < 90 or 110 < gap < 990  # between, hundredths may have been rounded
    is_right = gap >= 1000 or gap == 100
    found = [rule for cue, rule in broken(*cues, rules=rules) if cue == 2]
    assert found == ["gap"] or not is_wrong
    assert found == [] or not is_right
