"""Shares of regions to turns, and what is reported of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import FindingKind, Span, Turn, Word, overlap
from subtools.speakers import report_speakers
from subtools.speakers.regions import Region
from subtools.speakers.turns import Share, compose_turns
from tests.talking import GRID, PAUSE, TURNS, assert_well_formed, cells_of

# --- shares to turns


def share(region: int, start: float, end: float, voice: int, confidence: float = 1.0) -> Share:
    return Share(region, Span(start, end), voice, confidence)


def compose(regions: Sequence[Region], *shares: Share) -> list[tuple[str, float, float]]:
    return [(t.speaker[-1], t.start, t.end) for t in compose_turns(regions, shares)]


def test_speakers_are_numbered_by_their_first_turn() -> None:
    regions = [Region(0, 0.0, 1.0), Region(0, 2.0, 3.0), Region(1, 4.0, 5.0)]
    shares = [share(0, 0.0, 1.0, 4), share(1, 2.0, 3.0, 1), share(2, 4.0, 5.0, 4)]
    turns = compose_turns(regions, shares)
    assert [turn.speaker for turn in turns] == ["SPEAKER_00", "SPEAKER_01", "SPEAKER_00"]


@pytest.mark.parametrize(("pause", "turns"), [(0.0, 1), (0.4375, 1), (0.5, 2), (2.0, 2)])
def test_a_pause_of_half_a_second_ends_a_turn(pause: float, turns: int) -> None:
    regions = [Region(0, 0.0, 1.0), Region(1, 1.0 + pause, 3.0 + pause)]
    shares = [share(0, 0.0, 1.0, 0), share(1, 1.0 + pause, 3.0 + pause, 0)]
    assert len(compose(regions, *shares)) == turns


def test_a_short_region_inside_a_long_one_does_not_end_its_turn_early() -> None:
    regions = [Region(0, 0.0, 4.0), Region(1, 1.0, 2.0), Region(0, 4.25, 5.0)]
    shares = [share(0, 0.0, 1.0, 0), share(1, 1.0, 2.0, 0), share(2, 4.25, 5.0, 0)]
    assert compose(regions, *shares) == [("0", 0.0, 5.0)]


def test_who_speaks_while_others_do_keeps_the_whole_turn() -> None:
    regions = [Region(0, 0.0, 3.0), Region(1, 2.0, 5.0)]
    shares = [share(0, 0.0, 2.0, 0), share(1, 3.0, 5.0, 1)]  # what is shared is in no piece
    assert compose(regions, *shares) == [("0", 0.0, 3.0), ("1", 2.0, 5.0)]


def test_shares_meet_where_the_voice_changes() -> None:
    shares = [share(0, 0.5, 2.0, 0), share(0, 2.0, 3.0, 1), share(0, 3.0, 3.5, 0)]
    expected = [("0", 0.0, 2.0), ("1", 2.0, 3.0), ("0", 3.0, 4.0)]
    assert compose([Region(0, 0.0, 4.0)], *shares) == expected


def test_a_region_without_a_share_takes_the_voice_of_its_track() -> None:
    regions = [Region(0, 0.0, 2.0), Region(1, 3.0, 5.0), Region(0, 4.0, 4.25)]
    shares = [share(0, 0.0, 2.0, 7), share(1, 3.0, 5.0, 3)]
    assert compose(regions, *shares) == [("0", 0.0, 2.0), ("1", 3.0, 5.0), ("0", 4.0, 4.25)]


def test_a_region_without_a_share_takes_the_voice_next_to_it() -> None:
    regions = [Region(0, 0.0, 2.0), Region(0, 3.0, 3.25), Region(0, 5.0, 7.0)]
    before = [share(0, 0.0, 1.0, 0), share(0, 1.0, 2.0, 1)]
    after = [share(2, 5.0, 6.0, 2), share(2, 6.0, 7.0, 0)]
    assert ("1", 3.0, 3.25) in compose(regions, *before, *after)
    regions[1] = Region(0, 4.0, 4.25)
    assert ("2", 4.0, 4.25) in compose(regions, *before, *after)


def test_a_region_without_a_voice_within_ten_seconds_of_its_track_is_nobodys() -> None:
    far = [Region(0, 0.0, 1.0), Region(0, 11.5, 11.75)]
    assert compose(far, share(0, 0.0, 1.0, 0)) == [("0", 0.0, 1.0)]
    near = [Region(0, 0.0, 1.0), Region(0, 10.5, 10.75)]
    assert compose(near, share(0, 0.0, 1.0, 0)) == [("0", 0.0, 1.0), ("0", 10.5, 10.75)]
    other = [Region(0, 0.0, 1.0), Region(1, 2.0, 2.25)]
    assert compose(other, share(0, 0.0, 1.0, 0)) == [("0", 0.0, 1.0)]


def test_a_turn_is_as_sure_as_its_shares_are_on_the_whole() -> None:
    regions = [Region(0, 0.0, 3.0), Region(0, 3.25, 4.25)]
    shares = [share(0, 0.0, 3.0, 0, 1.0), share(1, 3.25, 4.25, 0, 0.5)]
    assert [turn.confidence for turn in compose_turns(regions, shares)] == [0.875]


def test_no_regions_have_no_turns() -> None:
    assert compose_turns([], []) == ()


@st.composite
def shared_regions(draw: st.DrawFn) -> tuple[list[Region], list[Share]]:
    edge = st.integers(0, 12 * GRID)
    drawn = draw(st.lists(st.tuples(edge, st.integers(2, 64), st.integers(0, 2)), max_size=8))
    regions = sorted(
        (Region(track, at / GRID, (at + length) / GRID) for at, length, track in drawn),
        key=lambda region: (region.start, region.end),
    )
    shares: list[Share] = []
    for index, region in enumerate(regions):
        inner = st.sets(st.integers(1, round((region.end - region.start) * GRID) - 1), max_size=2)
        cuts = [region.start, *(region.start + k / GRID for k in sorted(draw(inner))), region.end]
        if draw(st.booleans()):
            voice, sure = st.integers(0, 3), st.sampled_from([0.5, 0.75, 1.0])
            shares += [share(index, a, b, draw(voice), draw(sure)) for a, b in pairwise(cuts)]
    return regions, shares


@given(shared_regions())
def test_turns_cover_what_is_shared_out_and_only_short_pauses_beside(
    made: tuple[list[Region], list[Share]],
) -> None:
    regions, shares = made
    turns = compose_turns(regions, shares)
    assert_well_formed(turns)
    voiced = {shared.region for shared in shares}
    assert cells_of(turns) >= cells_of(regions[k] for k in voiced)
    assert cells_of(turns) <= cells_of(regions, reach=PAUSE / 2)
    first = list(dict.fromkeys(turn.speaker for turn in turns))
    assert first == [f"SPEAKER_{k:02d}" for k in range(len(first))]
    assert len(first) == len({shared.voice for shared in shares})
    assert all(turn.confidence and 0.5 <= turn.confidence <= 1.0 for turn in turns)


# --- reporting


def reported(
    turns: Sequence[Turn], words: Sequence[Word] = ()
) -> list[tuple[FindingKind, str, Span | None]]:
    return [(f.kind, f.text, f.span) for f in report_speakers(turns, words)]


def test_where_two_speak_at_once_is_reported_with_what_is_said() -> None:
    words = [Word(text, Span(k / 2, k / 2 + 0.5)) for k, text in enumerate("今天天氣很好")]
    turns = [Turn("甲", 0.0, 2.0, 1.0), Turn("乙", 1.25, 3.0, 1.0)]
    (finding,) = report_speakers(turns, [*words, Word("嗎")])
    assert finding.kind is FindingKind.OVERLAPPING_SPEECH
    assert (finding.text, finding.span) == ("天氣", Span(1.25, 2.0))
    assert "甲 and 乙" in finding.reason


@pytest.mark.parametrize(("onset", "text"), [(1.25, "天氣"), (1.375, "氣")])
def test_a_word_is_said_where_half_of_it_or_more_lies(onset: float, text: str) -> None:
    words = [Word(text, Span(k / 2, k / 2 + 0.5)) for k, text in enumerate("今天天氣很好")]
    (finding,) = report_speakers([Turn("甲", 0.0, 2.0), Turn("乙", onset, 3.0)], words)
    assert finding.text == text


@pytest.mark.parametrize(("together", "findings"), [(0.25, 0), (0.3125, 1), (2.0, 1)])
def test_a_hand_over_without_a_pause_is_not_reported(together: float, findings: int) -> None:
    turns = [Turn("甲", 0.0, 2.0), Turn("乙", 2.0 - together, 3.0)]
    assert len(reported(turns)) == findings


@pytest.mark.parametrize(("confidence", "findings"), [(None, 0), (0.7, 0), (0.69, 1), (0.0, 1)])
def test_a_turn_that_is_not_surely_its_speakers_is_reported(
    confidence: float | None, findings: int
) -> None:
    found = report_speakers([Turn("甲", 1.0, 2.0, confidence)], [Word("水", Span(1.0, 2.0))])
    assert [(f.kind, f.text, f.span) for f in found] == [
        (FindingKind.DOUBTFUL_SPEAKER, "水", Span(1.0, 2.0))
    ] * findings
    assert all("甲" in f.reason and f"{confidence:.2f}" in f.reason for f in found)


def test_nobody_speaks_at_once_with_themselves() -> None:
    assert reported([Turn("甲", 0.0, 2.0), Turn("甲", 1.0, 3.0)]) == []


def test_a_long_turn_is_compared_with_all_that_begin_in_it() -> None:
    turns = [Turn("甲", 0.0, 9.0), Turn("乙", 1.0, 2.0), Turn("丙", 4.0, 5.0), Turn("丁", 9.0, 9.5)]
    assert [span for _, _, span in reported(turns)] == [Span(1.0, 2.0), Span(4.0, 5.0)]


@given(TURNS, st.sampled_from([0.2, 0.9]))
def test_every_two_who_speak_at_once_are_reported_in_order_of_time(
    turns: list[Turn], confidence: float
) -> None:
    doubted = [replace(turn, confidence=confidence) for turn in turns]
    found = report_speakers(doubted, [])
    pairs = [(a, b) for k, a in enumerate(turns) for b in turns[k + 1 :] if a.speaker != b.speaker]
    together = sorted(overlap(a, b) for a, b in pairs if overlap(a, b) >= 0.3)
    at_once = [f.span for f in found if f.kind is FindingKind.OVERLAPPING_SPEECH and f.span]
    assert sorted(span.duration for span in at_once) == together
    assert len(found) - len(at_once) == (len(turns) if confidence < 0.7 else 0)
    starts = [finding.span.start for finding in found if finding.span]
    assert starts == sorted(starts)
