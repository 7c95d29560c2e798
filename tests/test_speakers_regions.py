"""Windows to regions, and regions to pieces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from subtools.core import SHORTEST_VOICE, LocalSpeakers, overlap
from subtools.speakers.pieces import LONGEST, Piece, cut_pieces
from subtools.speakers.regions import ONSET, SHORTEST, Region, find_regions

STEP = 0.02  # s, of a frame
WINDOW, HOP = 100, 50  # frames
LEVELS = (0.9, 0.8, 0.7)  # how clearly each of three people is heard
NEAR = 0.5  # s; how far a cut moves to a border


@dataclass(frozen=True)
class Heard:
    """Somebody speaks in the frames [first, last)."""

    person: int
    first: int
    last: int


def listen(heard: Iterable[Heard], frames: int, numbering: int = 0) -> LocalSpeakers:
    """Return what windows hear that number the people as ``numbering`` has it."""
    random = np.random.default_rng(numbering)
    starts = np.arange(0, max(frames - WINDOW, 0) + HOP, HOP)
    activity = np.zeros((int(starts[-1]) + WINDOW, len(LEVELS)))
    for part in heard:
        activity[part.first : part.last, part.person] = LEVELS[part.person]
    windows = [activity[at : at + WINDOW, random.permutation(len(LEVELS))] for at in starts]
    onsets = (starts * STEP).astype(np.float64)
    return LocalSpeakers(onsets, np.array(windows, np.float16), STEP, STEP / 2)


def one_window(*probabilities: Iterable[float], step: float = 0.25) -> LocalSpeakers:
    """Return one window; each row is what is heard of one speaker."""
    frames = np.array([list(row) for row in probabilities], np.float16).T
    return LocalSpeakers(np.zeros(1), frames[np.newaxis], step, step / 2)


@st.composite
def talks(draw: st.DrawFn) -> list[Heard]:
    """Three people who speak for 0.4 to 4 s at a time, over each other as they like."""
    heard = []
    for person in range(len(LEVELS)):
        now = 0
        for pause, length in draw(
            st.lists(st.tuples(st.integers(1, 250), st.integers(20, 200)), max_size=4)
        ):
            heard.append(Heard(person, now + pause, now + pause + length))
            now += pause + length
    return heard


def end_of(heard: list[Heard]) -> int:
    return max((part.last for part in heard), default=0) + 1


def spans_of(regions: Iterable[Region]) -> list[tuple[float, float]]:
    return sorted((round(r.start, 6), round(r.end, 6)) for r in regions)


def by_track(regions: Iterable[Region]) -> list[list[tuple[float, float]]]:
    ordered = sorted(regions, key=lambda region: region.track)
    return sorted(spans_of(own) for _, own in groupby(ordered, key=lambda region: region.track))


# --- regions


@given(talks())
def test_regions_are_where_somebody_goes_on_speaking(heard: list[Heard]) -> None:
    frames = end_of(heard)
    regions = find_regions(listen(heard, frames), frames * STEP)
    true = sorted((part.first * STEP, part.last * STEP) for part in heard)
    assert spans_of(regions) == [pytest.approx(span) for span in true]


@given(talks(), st.integers(1, 10_000))
def test_how_windows_number_their_speakers_changes_no_region(
    heard: list[Heard], numbering: int
) -> None:
    frames = end_of(heard)
    one = find_regions(listen(heard, frames), frames * STEP)
    other = find_regions(listen(heard, frames, numbering), frames * STEP)
    assert by_track(one) == by_track(other)


@given(
    npst.arrays(
        np.float16,
        st.tuples(st.integers(1, 4), st.just(20), st.just(3)),
        elements=st.floats(0, 1, width=16),
    ),
    st.floats(0, 4),
    st.integers(1, 25),
)
def test_regions_lie_in_the_sound_and_those_of_a_track_one_after_the_other(
    probabilities: npt.NDArray[np.float16], duration: float, hop: int
) -> None:
    starts = np.arange(0.0, len(probabilities)) * hop * 0.05
    regions = find_regions(LocalSpeakers(starts, probabilities, 0.05, 0.025), duration)
    assert all(r.start >= 0 and r.end <= duration for r in regions)
    assert all(r.end - r.start >= SHORTEST for r in regions)
    assert [r.start for r in regions] == sorted(r.start for r in regions)
    assert not any(
        overlap(a, b) > 1e-9
        for k, a in enumerate(regions)
        for b in regions[k + 1 :]
        if a.track == b.track
    )


def test_a_region_begins_when_it_is_sure_and_ends_when_it_is_no_longer_likely() -> None:
    local = one_window([0.2, 0.45, 0.6, 0.45, 0.45, 0.3, 0.45, 0.45])
    assert find_regions(local, 2.0) == (Region(0, 0.5, 1.25),)


def test_what_is_never_likely_enough_to_begin_is_no_region() -> None:
    assert find_regions(one_window([ONSET - 0.02] * 8), 2.0) == ()


def test_two_people_of_one_window_have_regions_that_overlap() -> None:
    local = one_window([0.9] * 6 + [0.1] * 2, [0.1] * 4 + [0.9] * 4)
    assert spans_of(find_regions(local, 2.0)) == [(0.0, 1.5), (1.0, 2.0)]


@pytest.mark.parametrize("duration", [0.0, 1.3, 2.0])
def test_nobody_speaks_in_silence(duration: float) -> None:
    assert find_regions(one_window([0.0] * 8, [0.05] * 8), duration) == ()


def test_a_sound_without_length_has_no_region_whatever_is_heard() -> None:
    assert find_regions(one_window([0.9] * 8), 0.0) == ()


def test_a_region_ends_with_a_sound_that_is_shorter_than_a_window() -> None:
    assert find_regions(one_window([0.9] * 8), 1.3) == (Region(0, 0.0, 1.3),)


def test_a_click_is_no_region() -> None:
    assert find_regions(one_window([0.0, 0.9, 0.0, 0.0], step=0.05), 0.2) == ()
    assert len(find_regions(one_window([0.0, 0.9, 0.9, 0.9], step=0.05), 0.2)) == 1


def test_a_pause_within_a_window_does_not_end_a_track() -> None:
    heard = [Heard(0, 0, 30), Heard(0, 60, 120)]
    assert [r.track for r in find_regions(listen(heard, 120), 2.4)] == [0, 0]


def test_a_track_ends_with_the_window_that_no_longer_hears_it() -> None:
    heard = [Heard(0, 0, 60), Heard(0, 300, 360)]
    assert [r.track for r in find_regions(listen(heard, 400), 8.0)] == [0, 1]


def test_windows_that_share_nothing_share_no_track() -> None:
    local = LocalSpeakers(np.array([0.0, 4.0]), np.full((2, 8, 1), 0.9, np.float16), 0.25, 0.125)
    assert find_regions(local, 6.0) == (Region(0, 0.0, 2.0), Region(1, 4.0, 6.0))


def shared_by_two(earlier: Iterable[int], later: Iterable[int]) -> set[int]:
    """Return the tracks of two windows that share 20 frames, by who is heard in these."""
    probabilities = np.zeros((2, 40, 1), np.float16)
    probabilities[0, :20] = probabilities[1, 20:] = 0.9  # where nothing is shared
    probabilities[0, [20 + k for k in earlier], 0] = 0.9
    probabilities[1, list(later), 0] = 0.9
    local = LocalSpeakers(np.array([0.0, 1.0]), probabilities, 0.05, 0.025)
    return {region.track for region in find_regions(local, 3.0)}


def test_who_is_active_at_the_same_time_in_two_windows_is_one_person() -> None:
    assert len(shared_by_two(range(10), range(10))) == 1
    assert len(shared_by_two(range(10), range(10, 20))) == 2


def test_a_tenth_of_a_second_together_makes_nobody_one_person() -> None:
    assert len(shared_by_two(range(2), range(2))) == 2
    assert len(shared_by_two(range(4), range(4))) == 1


def test_a_small_part_of_what_both_say_makes_nobody_one_person() -> None:
    assert len(shared_by_two(range(12), range(9, 20))) == 2
    assert len(shared_by_two(range(14), range(4, 20))) == 1


def test_where_windows_disagree_the_one_with_more_context_is_believed() -> None:
    probabilities = np.zeros((2, 40, 1), np.float16)
    probabilities[0, 32:] = 0.9  # at the edge of the first, in the middle of the second
    local = LocalSpeakers(np.array([0.0, 1.0]), probabilities, 0.05, 0.025)
    assert find_regions(local, 3.0) == ()
    probabilities[1, 12:20] = 0.9
    probabilities[0] = 0.0
    assert spans_of(find_regions(local, 3.0)) == [(1.6, 2.0)]


def test_two_people_are_matched_so_that_all_fit_best() -> None:
    probabilities = np.zeros((2, 40, 2), np.float16)
    probabilities[0, 20:34, 0] = probabilities[0, 30:40, 1] = 0.9
    probabilities[1, 10:20, 0] = probabilities[1, :14, 1] = 0.9  # numbered the other way round
    local = LocalSpeakers(np.array([0.0, 1.0]), probabilities, 0.05, 0.025)
    assert by_track(find_regions(local, 3.0)) == [[(1.0, 1.7)], [(1.5, 2.0)]]


# --- pieces

GRID = 16  # cells a second: all times are exact
CELLS = st.integers(0, 20 * GRID)


@st.composite
def regions_lists(draw: st.DrawFn) -> list[Region]:
    edges = draw(st.lists(st.tuples(CELLS, CELLS, st.integers(0, 3)), max_size=6))
    regions = [Region(track, min(a, b) / GRID, (max(a, b) + 2) / GRID) for a, b, track in edges]
    return sorted(regions, key=lambda region: (region.start, region.end))


BORDERS = st.lists(st.floats(0, 21), max_size=12).map(sorted)


def cells_of(start: float, end: float) -> set[int]:
    return set(range(round(start * GRID), round(end * GRID)))


def runs_of(cells: set[int]) -> list[set[int]]:
    runs: list[set[int]] = []
    for cell in sorted(cells):
        if not runs or cell - 1 not in runs[-1]:
            runs.append(set())
        runs[-1].add(cell)
    return runs


@given(regions_lists(), BORDERS)
def test_a_piece_is_heard_in_its_own_region_alone(
    regions: list[Region], borders: list[float]
) -> None:
    for piece in cut_pieces(regions, borders):
        own = regions[piece.region]
        assert piece.track == own.track
        assert own.start <= piece.span.start < piece.span.end <= own.end
        others = [region for k, region in enumerate(regions) if k != piece.region]
        assert not any(overlap(piece.span, other) for other in others)


@given(regions_lists(), BORDERS)
def test_pieces_are_neither_too_long_nor_too_short(
    regions: list[Region], borders: list[float]
) -> None:
    for piece in cut_pieces(regions, borders):
        assert SHORTEST_VOICE <= piece.span.duration <= LONGEST + 2 * NEAR
        assert borders or piece.span.duration <= LONGEST


@given(regions_lists(), BORDERS)
def test_pieces_and_what_is_shared_or_too_short_make_up_the_regions(
    regions: list[Region], borders: list[float]
) -> None:
    pieces = cut_pieces(regions, borders)
    for index, region in enumerate(regions):
        others = [r for k, r in enumerate(regions) if k != index]
        alone = cells_of(region.start, region.end)
        alone -= {cell for other in others for cell in cells_of(other.start, other.end)}
        enough = [run for run in runs_of(alone) if len(run) >= SHORTEST_VOICE * GRID]
        own = [piece.span for piece in pieces if piece.region == index]
        assert sum(span.duration for span in own) == pytest.approx(sum(map(len, enough)) / GRID)


@given(regions_lists(), BORDERS)
def test_pieces_are_in_order_of_regions_and_of_time(
    regions: list[Region], borders: list[float]
) -> None:
    pieces = cut_pieces(regions, borders)
    assert list(pieces) == sorted(pieces, key=lambda piece: (piece.region, piece.span))


def cuts(pieces: Iterable[Piece]) -> list[float]:
    return [round(piece.span.end, 3) for piece in pieces][:-1]


@pytest.mark.parametrize(
    ("length", "expected"),
    [(0.3, []), (2.0, []), (2.1, [1.05]), (4.0, [2.0]), (5.0, [1.667, 3.333])],
)
def test_a_region_is_cut_into_even_pieces_of_two_seconds_at_most(
    length: float, expected: list[float]
) -> None:
    assert cuts(cut_pieces([Region(0, 0.0, length)])) == expected


@pytest.mark.parametrize(
    ("borders", "expected"),
    [
        ([1.6], 1.6),
        ([2.5], 2.5),
        ([1.7, 2.2], 2.2),
        ([1.4], 2.0),
        ([0.0, 4.0], 2.0),
        ([-1.0, 9.0], 2.0),
    ],
)
def test_a_cut_is_at_the_nearest_border_within_half_a_second(
    borders: list[float], expected: float
) -> None:
    assert cuts(cut_pieces([Region(0, 0.0, 4.0)], borders)) == [expected]


def test_what_two_people_share_is_in_no_piece() -> None:
    regions = [Region(3, 0.0, 2.0), Region(4, 1.5, 3.0), Region(3, 2.75, 4.0)]
    found = [(p.region, p.track, p.span.start, p.span.end) for p in cut_pieces(regions)]
    assert found == [(0, 3, 0.0, 1.5), (1, 4, 2.0, 2.75), (2, 3, 3.0, 4.0)]


def test_a_region_inside_another_has_no_piece_and_cuts_the_other() -> None:
    pieces = cut_pieces([Region(0, 0.0, 3.0), Region(1, 1.0, 1.5)])
    assert [(p.region, p.span.start, p.span.end) for p in pieces] == [(0, 0.0, 1.0), (0, 1.5, 3.0)]


def test_no_regions_have_no_pieces() -> None:
    assert cut_pieces([], [1.0]) == ()
