"""The benchmark of topics: its measures, and the simple ways it measures against."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.bench.segmentation import (
    count_hits,
    follow_questions,
    score_boundaries,
    space_evenly,
    tile_text,
)
from scripts.bench.topics import main, parse_options, pool_scores
from subtools.core import Alignment, Transcript
from subtools.formats.words import compose_words
from tests.lectures import ANSWERS, interview, talk

SUBJECTS = ("reactors", "bees", "glass")
times = st.lists(st.floats(0, 500, allow_nan=False), max_size=12).map(sorted)


def starts_of(transcript: Transcript) -> list[float]:
    """Return when the paragraphs begin."""
    spans = [paragraph.words[0].span for paragraph in transcript.paragraphs]
    return [span.start for span in spans if span is not None]


@given(times, times)
def test_each_boundary_is_used_once(found: list[float], true: list[float]) -> None:
    hits = count_hits(found, true, 10.0)
    assert hits == count_hits(true, found, 10.0)
    assert hits <= min(len(found), len(true))


@given(times.filter(len))
def test_what_is_true_scores_best(true: list[float]) -> None:
    score = score_boundaries(true, true, end=600.0)
    assert (score.f1, score.pk, score.window_diff) == (1.0, 0.0, 0.0)


@given(times, times)
def test_scores_are_shares(found: list[float], true: list[float]) -> None:
    score = score_boundaries(found, true, end=600.0)
    shares = (score.precision, score.recall, score.f1, score.pk, score.window_diff)
    assert all(0 <= share <= 1 for share in shares)
    assert score.pk <= score.window_diff


def test_a_boundary_counts_within_ten_seconds_and_before_the_end_of_the_truth() -> None:
    score = score_boundaries([0.0, 109.0, 190.0, 350.0], [0.0, 100.0, 201.0], end=300.0)
    assert (score.hits, score.found, score.true) == (2, 3, 3)
    assert score.f1 == pytest.approx(2 / 3)
    assert score.window == 50.0


def test_pk_forgives_two_boundaries_for_one_and_window_diff_does_not() -> None:
    score = score_boundaries([0.0, 100.0, 101.0], [0.0, 100.0], end=200.0)
    assert score.pk < score.window_diff


def test_scores_of_talks_are_added_up() -> None:
    one = score_boundaries([0.0], [0.0, 50.0], end=100.0)
    other = score_boundaries([0.0, 50.0], [0.0, 50.0], end=100.0)
    pooled = pool_scores([one, other])
    assert (pooled.hits, pooled.found, pooled.true) == (3, 3, 4)
    assert pooled.window_diff == (one.window_diff + other.window_diff) / 2


def test_the_baselines_divide_a_talk() -> None:
    transcript = interview(SUBJECTS)
    even = space_evenly(transcript, 3)
    assert len(even) == 3
    assert even[2] - even[1] == pytest.approx(even[1] - even[0])
    assert len(follow_questions(transcript)) >= 2 * len(SUBJECTS)
    assert space_evenly(talk(), 3) == follow_questions(talk()) == tile_text(talk()) == []


def test_text_tiling_finds_where_the_words_change() -> None:
    transcript = talk(*[("講者", ANSWERS[subject] * 20, 0.5) for subject in SUBJECTS])
    changes = starts_of(transcript)
    assert count_hits(tile_text(transcript), changes, 10.0) == len(SUBJECTS)


def test_a_table_has_a_row_for_each_talk_and_system(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    transcript = interview(SUBJECTS, answers=4)
    words = compose_words(Alignment(transcript, (), "zh", "phones"))
    starts = starts_of(transcript)[::4]
    topics = [{"start": start, "title": str(k)} for k, start in enumerate(starts)]
    for name in ("a", "b"):
        (tmp_path / f"{name}.words.json").write_text(words, encoding="utf-8")
        reference = json.dumps({"duration": 900, "topics": topics})
        (tmp_path / f"{name}.ref.json").write_text(reference, encoding="utf-8")
    (tmp_path / "c.ref.json").write_text('{"duration": 9, "topics": []}', encoding="utf-8")
    main([str(tmp_path), "--titles"])
    shown = capsys.readouterr().out
    assert "| a | subtools | 3 / 3 | 1.00 | 1.00 | 1.00 | 0.00 | 0.00 |" in shown
    assert "| all talks | subtools | 6 / 6 |" in shown
    assert "| c |" not in shown
    assert "核電廠的反應爐為什麼要用水來冷卻" in shown


def test_the_truth_of_a_part_is_scored_for_that_part() -> None:
    assert parse_options(["x", "--words", "y"]).words == Path("y")


def test_a_folder_without_topics_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no talk there"):
        main([str(tmp_path)])
