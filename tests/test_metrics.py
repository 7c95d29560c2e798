"""Scores, against examples worked by hand."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Cue, Seconds, Span, Word
from subtools.errors import DocumentError
from subtools.lexicon import split_words
from subtools.matching import EditCounts
from subtools.metrics import (
    BoundaryScore,
    Clause,
    Reference,
    Unit,
    cue_statistics,
    parse_reference,
    score_boundaries,
    score_cues,
    score_text,
    score_words,
)
from subtools.transcript import parse_document

times = st.floats(0, 5000, allow_nan=False)


def reference_of(*clauses: Clause, units: Sequence[Unit] = ()) -> Reference:
    return Reference(60.0, 60.0, ("甲",), (), clauses, tuple(units))


def clause(text: str, start: Seconds, first: int, *, spoken: str | None = None) -> Clause:
    """Return a clause of one second that stands at offset ``first`` of the body."""
    return Clause(text, spoken or text, start, start + 1, "甲", (first, first + len(text)))


def words_of(*timed: tuple[str, Seconds | None]) -> tuple[Word, ...]:
    return tuple(
        Word(text, None if start is None else Span(start, start + 0.1)) for text, start in timed
    )


def clip_words(document: Path, reference: Reference, *, late: Seconds = 0.0) -> tuple[Word, ...]:
    """Return the words of the clip; those that begin a clause ``late`` after their true onset."""
    words = parse_document(document.read_text(encoding="utf-8")).words
    onsets = {clause.doc[0]: clause.start + late for clause in reference.clauses}
    timed, position = [], 0
    for word in words:
        onset = onsets.get(position)
        timed.append(replace(word, span=None if onset is None else Span(onset, onset + 0.1)))
        position += len(word.text)
    return tuple(timed)


def to_json(score: Any) -> Any:
    """Return a score as JSON gives it back; refuses NaN."""
    return json.loads(json.dumps(score.as_dict(), allow_nan=False))


# --- text


@pytest.mark.parametrize(
    ("reference", "hypothesis", "characters", "words"),
    [
        ("我們做大模型", "我们做大模形。", EditCounts(5, 1, 0, 0), EditCounts(5, 1, 0, 0)),
        ("講 Scaling Law", "講Scanning Law", EditCounts(10, 1, 0, 1), EditCounts(2, 1, 0, 0)),
        ("ＧＰＴ－4，很好！", "gpt-4 很好", EditCounts(6, 0, 0, 0), EditCounts(4, 0, 0, 0)),
        ("one two", "one", EditCounts(3, 0, 3, 0), EditCounts(1, 0, 1, 0)),
        ("好", "好的", EditCounts(1, 0, 0, 1), EditCounts(1, 0, 0, 1)),
        ("……", "「」", EditCounts(0, 0, 0, 0), EditCounts(0, 0, 0, 0)),
    ],
)
def test_text_errors_are_counted_in_characters_and_words(
    reference: str, hypothesis: str, characters: EditCounts, words: EditCounts
) -> None:
    score = score_text(reference, hypothesis)
    assert (score.characters, score.words) == (characters, words)


def test_error_rates_are_edits_per_true_symbol() -> None:
    score = score_text("講 Scaling Law", "講 Scanning Law")
    assert score.cer == pytest.approx(2 / 11)
    assert score.wer == pytest.approx(1 / 3)


@given(st.text("我們為什麼 GPt-4，。é\n"))
def test_a_text_has_no_errors_against_itself(text: str) -> None:
    score = score_text(text, text)
    assert score.cer == score.wer == 0.0


def test_text_scores_are_plain_data() -> None:
    assert to_json(score_text("好的", "好"))["cer"] == 0.5
    assert to_json(score_text("", "好"))["wer"] is None  # infinite


# --- boundaries


def test_boundary_errors_are_summed_up() -> None:
    true = [float(k) for k in range(11)]
    late = [0.0, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.15, -0.2, 0.4, 2.0]
    score = score_boundaries(true, [a + b for a, b in zip(true, late, strict=True)])
    assert (score.count, score.missing, score.missing_share) == (11, 0, 0.0)
    assert score.median == pytest.approx(0.06)
    assert score.signed_median == pytest.approx(0.04)
    assert score.mean == pytest.approx(2.99 / 11)
    # ranks 0..10: 90 % is rank 9, 95 % lies between 9 and 10, 99 % at 9.9
    assert [score.p90, score.p95, score.p99] == pytest.approx([0.4, 1.2, 1.84])
    assert score.max == pytest.approx(2.0)
    assert score.within == pytest.approx({0.05: 5 / 11, 0.1: 7 / 11, 0.2: 9 / 11, 0.5: 10 / 11})


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_a_missing_item_has_no_error_and_is_not_within(nothing: float | None) -> None:
    score = score_boundaries([1.0, 2.0, 3.0, 4.0], [1.25, nothing, 2.75, 4.25])
    assert (score.missing, score.missing_share) == (1, 0.25)
    assert (score.median, score.max, score.signed_median) == (0.25, 0.25, 0.25)
    assert score.within == {0.05: 0.0, 0.1: 0.0, 0.2: 0.0, 0.5: 0.75}


def test_an_error_as_large_as_the_limit_is_within() -> None:
    assert score_boundaries([12.6], [12.7]).within[0.1] == 1.0  # 0.09999999999999964
    assert score_boundaries([1.1], [1.2]).within[0.1] == 1.0  # 0.10000000000000009
    assert score_boundaries([1.1], [1.201]).within[0.1] == 0.0


def test_where_nothing_is_found_no_threshold_admits_it() -> None:
    score = score_boundaries([1.0, 2.0], [None, None])
    assert score.missing_share == 1.0
    assert not score.median <= 100
    assert not score.max <= 100
    assert score.within[0.5] == 0.0
    plain = to_json(score)
    assert {name for name, value in plain.items() if value is None} == {
        *("median", "mean", "p90", "p95", "p99", "max", "signed_median")
    }
    assert plain["within"]["0.5"] == 0.0


def test_no_items_at_all_have_no_shares() -> None:
    plain = to_json(score_boundaries([], []))
    assert plain["count"] == plain["missing"] == 0
    assert plain["missing_share"] is plain["within"]["0.1"] is None


def test_onsets_of_another_list_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="2 true onsets"):
        score_boundaries([1.0, 2.0], [1.0])


@given(st.lists(st.tuples(times, times | st.none()), min_size=1))
def test_boundary_statistics_are_in_order(onsets: list[tuple[Seconds, Seconds | None]]) -> None:
    score = score_boundaries([true for true, _ in onsets], [found for _, found in onsets])
    shares = list(score.within.values())
    assert shares == sorted(shares)
    assert shares[-1] <= 1 - score.missing_share + 1e-9
    if score.missing < score.count:
        ranked = [abs(score.signed_median), score.p90, score.p95, score.p99, score.max]
        assert 0 <= score.median <= score.p90
        assert ranked[1:] == sorted(ranked[1:])
        assert ranked[0] <= score.max


# --- the reference


def test_the_reference_of_the_clip_is_read(clip_reference: Path) -> None:
    reference = parse_reference(clip_reference.read_text(encoding="utf-8"))
    assert reference.duration == reference.truth_until == 226.048
    assert reference.speakers == ("宋老師", "趙老師", "曾老師", "東老師")
    assert (len(reference.turns), len(reference.clauses), len(reference.units)) == (6, 76, 859)
    assert reference.clauses[5] == Clause("GPT-3。5", "GPT-3.5", 26.87, 28.44, "宋老師", (63, 70))
    assert reference.units[0] == Unit("首", 12.6, 12.995, 0, (0, 1))
    assert reference.turns[1].speaker == "趙老師"


def test_the_truth_may_end_before_the_sound(clip_reference: Path) -> None:
    content = json.loads(clip_reference.read_text(encoding="utf-8")) | {"truth_until": 60}
    assert parse_reference(json.dumps(content)).truth_until == 60.0


CLAUSE = {"text": "好", "spoken": "好", "start": 0, "end": 1, "speaker": "甲", "doc": [0, 1]}
UNIT = {"u": "好", "s": 0, "e": 1, "clause": 0, "k": [0, 1]}
WHOLE = {"duration": 1, "speakers": {"甲": ""}, "turns": [], "clauses": [CLAUSE], "units": [UNIT]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1\n00:00:01,000 --> ", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "the reference: not an object"),
        (json.dumps({"words": []}), "has no 'clauses'"),
        (json.dumps(WHOLE | {"clauses": {}}), "'clauses' is not a list"),
        (json.dumps(WHOLE | {"clauses": [3]}), r"clauses\[0\]: not an object"),
        (json.dumps(WHOLE | {"duration": "1"}), "'duration' is not a number"),
        (json.dumps(WHOLE | {"duration": True}), "'duration' is not a number"),
        (json.dumps(WHOLE | {"duration": math.nan}), "'duration' is out of range"),
        (json.dumps(WHOLE | {"duration": 10**400}), "'duration' is out of range"),
        (json.dumps(WHOLE | {"speakers": ["甲"]}), "speakers: not an object"),
        (json.dumps(WHOLE | {"clauses": [CLAUSE | {"text": None}]}), "'text' is not text"),
        (json.dumps(WHOLE | {"clauses": [CLAUSE | {"end": -1}]}), "'end' is out of range"),
        (json.dumps(WHOLE | {"clauses": [CLAUSE | {"start": 2}]}), "ends before it starts"),
        (json.dumps(WHOLE | {"clauses": [CLAUSE | {"doc": [0, 2]}]}), "not as long as its text"),
        (json.dumps(WHOLE | {"clauses": [CLAUSE | {"doc": [1, 0]}]}), "'doc' is out of range"),
        (json.dumps(WHOLE | {"clauses": [CLAUSE | {"doc": [0.0, 1]}]}), "'doc' is not a pair"),
        (
            json.dumps(WHOLE | {"units": [UNIT | {"clause": 1}]}),
            r"units\[0\]: there is no clause 1",
        ),
        (json.dumps(WHOLE | {"units": [UNIT | {"clause": 0.5}]}), "not a whole number"),
        (json.dumps(WHOLE | {"units": [UNIT | {"k": [0, 2]}]}), "outside its clause"),
        (json.dumps(WHOLE | {"turns": [{"speaker": "甲"}]}), r"turns\[0\]: has no 'start'"),
    ],
)
def test_what_is_no_reference_is_refused_with_what_is_wrong(text: str, message: str) -> None:
    parse_reference(json.dumps(WHOLE))
    with pytest.raises(DocumentError, match=message):
        parse_reference(text)


# --- words


def test_a_clause_begins_with_the_word_at_its_place_in_the_body() -> None:
    reference = reference_of(clause("好的", 1.0, 0), clause("「謝謝」", 2.0, 3))
    words = words_of(("好", 1.1), ("的，", 1.5), ("「謝", 2.05), ("謝」。", 2.5))
    score = score_words(words, reference).clauses
    assert (score.count, score.missing) == (2, 0)
    assert [score.median, score.max] == pytest.approx([0.075, 0.1])


def test_a_mark_that_belongs_to_the_word_before_does_not_begin_a_clause() -> None:
    reference = reference_of(clause("好", 1.0, 0), clause("—的", 2.0, 1))
    assert score_words(words_of(("好—", 1.0), ("的", 2.0)), reference).clauses.max == 0.0


def test_a_clause_whose_word_has_no_time_is_missing() -> None:
    reference = reference_of(clause("好的", 1.0, 0), clause("謝謝", 2.0, 3))
    words = words_of(("好", None), ("的，", 1.5), ("謝", 2.0), ("謝", None))
    score = score_words(words, reference).clauses
    assert (score.missing, score.max) == (1, 0.0)


def test_the_document_may_go_on_after_the_reference() -> None:
    words = words_of(("好", 1.0), ("，的", 1.5), ("謝", None))
    score = score_words(words, reference_of(clause("好", 1.0, 0)))
    assert (score.clauses.count, score.clauses.missing, score.text.cer) == (1, 0, 0.0)


@pytest.mark.parametrize("text", ["", "好", "好的，謝", "好的，客氣", "，好的謝謝"])
def test_the_words_of_another_document_are_refused(text: str) -> None:
    reference = reference_of(clause("好的", 1.0, 0), clause("謝謝", 2.0, 3))
    words = words_of(*((word, 0.0) for word in split_words(text)))
    with pytest.raises(DocumentError, match=r"another document: at character [03]"):
        score_words(words, reference)


def test_word_onsets_are_those_of_the_units_that_begin_a_word() -> None:
    # Written 漲幣了 85% of GPT-3。5, spoken 漲B了 百分之八十五 of GPT 三點五.
    spoken = clause("漲幣了85% of GPT-3。5", 1.0, 0, spoken="漲B了85% of GPT-3.5")
    units = [
        Unit("漲", 1.0, 1.1, 0, (0, 1)),
        Unit("B", 1.1, 1.2, 0, (1, 2)),  # written another way
        Unit("了", 1.2, 1.3, 0, (2, 3)),
        *(Unit("百分之八十五"[k], 1.3 + k / 10, 1.4 + k / 10, 0, (3, 6)) for k in range(6)),
        Unit("of", 2.0, 2.1, 0, (7, 9)),
        Unit("GPT", 2.1, 2.2, 0, (10, 13)),
        *(Unit("三點五"[k], 2.2 + k / 10, 2.3 + k / 10, 0, (14, 17)) for k in range(3)),
    ]
    words = words_of(
        ("漲", 1.0), ("幣", 0.0), ("了", 1.25), ("85% ", 1.3), ("of ", 2.1),
        ("GPT-", None), ("3。", 2.2), ("5", 0.0),
    )  # fmt: skip
    score = score_words(words, reference_of(spoken, units=units))
    assert (score.words.count, score.words.missing) == (6, 1)
    assert score.units_left_out == len(units) - 6
    assert score.words.mean == pytest.approx(0.15 / 5)
    assert score.words.max == pytest.approx(0.1)


def test_a_unit_inside_a_word_is_left_out() -> None:
    units = [Unit("八", 1.0, 1.1, 0, (0, 1)), Unit("B", 1.1, 1.2, 0, (1, 2))]
    score = score_words(words_of(("8B", 1.0)), reference_of(clause("8B", 1.0, 0), units=units))
    assert (score.words.count, score.units_left_out, score.words.max) == (1, 1, 0.0)


def test_the_text_score_says_what_the_document_gets_wrong() -> None:
    spoken = clause("依次", 1.0, 0, spoken="一次")
    words = words_of(("依", 1.0), ("次，", 1.1), ("後", 9.0))
    assert score_words(words, reference_of(spoken)).text.characters == EditCounts(1, 1, 0, 0)


def test_the_clip_is_scored(clip_document: Path, clip_reference: Path) -> None:
    reference = parse_reference(clip_reference.read_text(encoding="utf-8"))
    score = score_words(clip_words(clip_document, reference, late=0.03), reference)
    assert (score.clauses.count, score.clauses.missing) == (76, 0)
    assert score.clauses.signed_median == pytest.approx(0.03)
    assert score.clauses.within[0.05] == 1.0
    # 8 later syllables of 3.5, 2023 and 2024; 幣, 依, 佔, 成, 揚 and 拉瑪 were said another way
    assert (score.words.count, score.units_left_out) == (845, 14)
    assert to_json(score)["clauses"]["within"]["0.05"] == 1.0


def test_a_word_onset_of_the_clip_is_that_of_its_first_syllable(
    clip_document: Path, clip_reference: Path
) -> None:
    reference = parse_reference(clip_reference.read_text(encoding="utf-8"))
    words = [replace(word, span=None) for word in clip_words(clip_document, reference)]
    year = next(k for k, word in enumerate(words) if word.text == "2023")
    words[year] = replace(words[year], span=Span(178.86, 179.4))
    score = score_words(words, reference).words
    assert score.count - score.missing == 1
    assert score.max == pytest.approx(0.0)


# --- cues


def cue(text: str, start: Seconds, *, end: Seconds | None = None) -> Cue:
    return Cue(start, start + 1 if end is None else end, tuple(text.split("\n")))


CLAUSES = reference_of(
    clause("首先我想問各位嘉賓", 1.0, 0),
    clause("因為各位都做大模型", 3.0, 10),
    clause("那麼大模型的能力呢", 5.0, 20),
)


def missing_and_max(score: BoundaryScore) -> tuple[int, float]:
    return score.missing, round(score.max, 6)


def test_a_clause_begins_with_the_cue_that_begins_with_it() -> None:
    cues = [
        cue("首先我想\n問各位嘉賓，", 1.1),
        cue("「因为各位都做大模型，」", 3.0),
        cue("那麼大模型", 5.2),
        cue("的能力呢。", 6.2),
    ]
    score = score_cues(cues, CLAUSES)
    assert missing_and_max(score.clauses) == (0, 0.2)
    assert score.text.cer == 0.0


def test_a_clause_that_begins_inside_a_cue_is_missing() -> None:
    cues = [cue("首先我想問各位嘉賓，因為各位都做大模型，", 1.0), cue("那麼大模型的能力呢", 5.0)]
    assert missing_and_max(score_cues(cues, CLAUSES).clauses) == (1, 0.0)


def test_a_clause_that_is_not_there_is_missing() -> None:
    cues = [cue("首先我想問各位嘉賓", 1.0), cue("那麼大模型的能力呢", 5.0)]
    score = score_cues(cues, CLAUSES)
    assert missing_and_max(score.clauses) == (1, 0.0)
    assert score.text.characters.deletions == 9


def test_a_first_character_written_another_way_still_begins_its_clause() -> None:
    cues = [
        cue("首先我想問各位嘉賓", 1.0),
        cue("隱維各位都做大模型", 3.1),
        cue("哪麼大模型的能力呢", 5.0),
    ]
    assert missing_and_max(score_cues(cues, CLAUSES).clauses) == (0, 0.1)


def test_a_cue_that_says_something_before_the_clause_does_not_begin_it() -> None:
    cues = [
        cue("首先我想問各位嘉賓", 1.0),
        cue("嗯啊因為各位都做大模型", 3.1),
        cue("那麼大模型的能力呢", 5.0),
    ]
    assert missing_and_max(score_cues(cues, CLAUSES).clauses) == (1, 0.0)


def test_a_cue_without_letters_begins_nothing() -> None:
    cues = [cue("♪♪♪", 0.0), cue("首先我想問各位嘉賓", 1.0), cue("", 2.0), cue("那麼", 5.0)]
    assert missing_and_max(score_cues(cues, CLAUSES).clauses) == (1, 0.0)


def test_cues_after_the_known_truth_are_left_out() -> None:
    cues = [cue("那麼大模型的能力呢", 5.0), cue("首先我想問各位嘉賓", 9.0)]
    score = score_cues(cues, replace(CLAUSES, truth_until=8.0))
    assert missing_and_max(score.clauses) == (2, 0.0)
    assert score.text.characters.insertions == 0


@pytest.mark.parametrize("reference", [CLAUSES, reference_of()])
def test_no_cues_and_no_clauses_are_scored(reference: Reference) -> None:
    score = score_cues([], reference)
    assert score.clauses.missing == len(reference.clauses)
    assert to_json(score)["clauses"]["median"] is None


def test_a_clause_without_letters_is_missing() -> None:
    assert score_cues([cue("好", 1.0)], reference_of(clause("……", 1.0, 0))).clauses.missing == 1


def test_the_clauses_of_the_clip_as_cues_have_no_error(clip_reference: Path) -> None:
    reference = parse_reference(clip_reference.read_text(encoding="utf-8"))
    cues = [Cue(c.start, c.end, (c.text,)) for c in reference.clauses]
    score = score_cues(cues, reference)
    assert missing_and_max(score.clauses) == (0, 0.0)
    said = [Cue(c.start, c.end, (c.spoken,)) for c in reference.clauses]
    assert 0.0 == score_cues(said, reference).text.cer < score.text.cer


def test_a_cue_that_is_left_out_of_the_clip_is_the_only_one_missing(clip_reference: Path) -> None:
    reference = parse_reference(clip_reference.read_text(encoding="utf-8"))
    cues = [Cue(c.start, c.end, (c.text,)) for c in reference.clauses]
    scores = [score_cues(cues[:k] + cues[k + 1 :], reference).clauses for k in range(len(cues))]
    exact = sum(missing_and_max(score) == (1, 0.0) for score in scores)
    assert exact >= 69  # of 76; the others begin as their neighbour does: 其實, GPT-3


# --- cue statistics


def test_cue_statistics_are_counted() -> None:
    statistics = cue_statistics(
        [
            Cue(0.0, 2.0, ("大家好 GPT", "謝謝")),  # 8 characters: 4 a second
            Cue(2.0, 2.5, ("好的",)),  # 4 a second, short, no gap
            Cue(2.58, 4.58, ("我們做大模型我們做大模型",)),  # 6 a second, gap of 2 frames
            Cue(4.5, 6.0, ("one", "two", "three")),  # 11 / 1.5, overlaps
            Cue(6.05, 8.05, ("好",)),  # gap below 2 frames
        ]
    )
    assert statistics.count == 5
    assert statistics.total_duration == pytest.approx(8.0)
    assert (statistics.min_duration, statistics.max_duration) == pytest.approx((0.5, 2.0))
    assert statistics.median_duration == pytest.approx(2.0)
    assert (statistics.short, statistics.short_share) == (1, 0.2)
    assert statistics.median_speed == pytest.approx(4.0)
    assert statistics.max_speed == pytest.approx(11 / 1.5)
    assert statistics.p95_speed == pytest.approx(6 + 0.8 * (11 / 1.5 - 6))  # rank 3.8 of 0..4
    assert (statistics.widest_line, statistics.most_lines) == (24, 3)
    assert (statistics.overlaps, statistics.small_gaps) == (1, 2)


def test_a_cue_of_twenty_frames_is_not_short_though_files_round_it() -> None:
    assert cue_statistics([Cue(0.0, 0.833, ("好",))]).short == 0
    assert cue_statistics([Cue(0.0, 0.832, ("好",))]).short == 1


@pytest.mark.parametrize("start", [k / 1000 for k in (0, 1, 333, 12_345, 3_600_001)])
def test_a_gap_of_two_frames_is_not_small_at_any_time(start: Seconds) -> None:
    before, after = Cue(start, start + 1, ("好",)), Cue(start + 1.08, start + 2, ("好",))
    assert cue_statistics([before, after]).small_gaps == 0


def test_a_short_cue_inside_a_long_one_overlaps_and_so_does_the_next() -> None:
    cues = [Cue(0.0, 9.0, ("長",)), Cue(1.0, 2.0, ("短",)), Cue(3.0, 4.0, ("短",))]
    statistics = cue_statistics(cues)
    assert (statistics.overlaps, statistics.small_gaps) == (2, 0)
    assert cue_statistics(cues[::-1]) == statistics


def test_a_cue_without_a_duration_is_short_and_has_no_speed() -> None:
    statistics = cue_statistics([Cue(1.0, 1.0, ("好",))])
    assert statistics.short == 1
    assert to_json(statistics)["max_speed"] is None


def test_no_cues_have_plain_statistics() -> None:
    plain = to_json(cue_statistics([]))
    assert plain["count"] == plain["overlaps"] == plain["widest_line"] == 0
    assert plain["median_duration"] is plain["short_share"] is plain["p95_speed"] is None
