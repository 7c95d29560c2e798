"""Pieces to voices, strangers among them, and where one voice hands over to the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from subtools.core import Span
from subtools.speakers.assigning import (
    Voices,
    assign_pieces,
    learn_voices,
    likeness_to_voices,
    rate_pieces,
    sharpness,
)
from subtools.speakers.changes import find_change
from subtools.speakers.clustering import NO_VOICE, Voiced, cluster_voices
from subtools.speakers.embedding import EmbedSpans
from subtools.speakers.paths import find_path
from subtools.speakers.pieces import Piece
from subtools.speakers.strangers import separate_strangers
from tests.talking import Floats, say, unit, voices_alike

# --- assigning


def in_a_row(
    voiced: Voiced, pauses: Sequence[float] = (), tracks: Sequence[int] = ()
) -> list[Piece]:
    """Return pieces one after the other, with pauses before the second and so on."""
    now, pieces = 0.0, []
    for index, duration in enumerate(voiced.durations):
        now += pauses[index - 1] if pauses and index else 0.0
        track = tracks[index] if tracks else 0
        pieces.append(Piece(index, track, Span(now, now + float(duration))))
        now += float(duration)
    return sorted(pieces, key=lambda piece: piece.region)


@given(st.data())
def test_no_other_path_is_worth_more(data: st.DataObject) -> None:
    length, voices = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 4))
    values = st.integers(-4, 4).map(float) | st.floats(-9, 9)
    odds = data.draw(npst.arrays(np.float64, (length, voices), elements=values))
    costs = data.draw(st.lists(st.floats(0, 5), min_size=length, max_size=length))

    def worth(path: Sequence[int]) -> float:
        changes = [float(a != b) for a, b in pairwise(path)]
        return float(odds[np.arange(length), list(path)].sum() - np.dot(changes, costs[1:]))

    best = max(worth(path) for path in product(range(voices), repeat=length))
    assert worth(find_path(odds, costs)) == pytest.approx(best)


def middle_one(
    likeness: tuple[float, float],
    duration: float,
    pause: float = 0.0,
    tracks: Sequence[int] = (),
) -> int:
    """Return whose a piece is that stands among those of voice 0, with likeness to both voices."""
    gram = [[1, 0, likeness[0]], [0, 1, likeness[1]], [*likeness, 1]]
    who = [1, 1, 1, 0, 0, 2, 0, 0]
    voiced = say(voices_alike(gram), who, [2.0] * 5 + [duration] + [2.0] * 2)
    labels = [number if number < 2 else NO_VOICE for number in who]
    pieces = in_a_row(voiced, [0.0, 0.0, 5.0, 0.0, pause, pause, 0.0], tracks)
    assigned = assign_pieces(pieces, voiced, labels)
    assert assigned[:5] == (1, 1, 1, 0, 0)
    return assigned[5]


def test_a_piece_is_of_the_voice_that_it_is_like() -> None:
    assert middle_one((0.1, 0.9), 2.0) == 1


def test_a_little_likeness_is_not_enough_to_change_without_a_pause() -> None:
    assert middle_one((0.4, 0.6), 2.0) == 0
    assert middle_one((0.3, 0.7), 2.0) == 1


def test_a_brief_piece_goes_with_its_neighbours_unless_there_is_a_pause() -> None:
    assert middle_one((0.3, 0.7), 0.5) == 0
    assert middle_one((0.3, 0.7), 0.5, pause=2.0) == 1


def test_another_track_may_be_anybodys() -> None:
    assert middle_one((0.44, 0.56), 2.0, tracks=[0, 0, 0, 0, 0, 1, 0, 0]) == 1


def test_what_another_track_says_meanwhile_does_not_part_neighbours() -> None:
    who = [0, 0, 1, 2, 1]
    voiced = say(voices_alike([[1, 0, 0.44], [0, 1, 0.56], [0.44, 0.56, 1]]), who, [2.0] * 5)
    starts, tracks = [0, 2, 3, 4, 20], [0, 0, 1, 0, 2]
    spans = [Span(start, start + 2.0) for start in starts]
    pieces = [Piece(k, track, spans[k]) for k, track in enumerate(tracks)]
    assert assign_pieces(pieces, voiced, [0, 0, 1, NO_VOICE, 1]) == (0, 0, 1, 0, 1)


def test_no_piece_is_a_witness_for_itself() -> None:
    gram = [[1, 0, 0.5], [0, 1, 0.3], [0.5, 0.3, 1]]
    voiced = say(voices_alike(gram), [0, 0, 0, 1, 2], [2.0] * 5)
    pieces = in_a_row(voiced, [0, 0, 5.0, 5.0])
    assert assign_pieces(pieces, voiced, [0, 0, 0, 1, 1]) == (0, 0, 0, 1, 0)


def test_the_likeness_to_a_voice_leaves_out_the_piece_itself() -> None:
    gram = [[1, 0.5, 0.4], [0.5, 1, 0.6], [0.4, 0.6, 1]]
    voiced = say(voices_alike(gram), [0, 1, 2], [2.0, 1.0, 3.0])
    within = ((2 * 0.5 + 6 * 0.4 + 3 * 0.6) / 11 * 3 + 3) / 6  # three pairs, three as usual
    expected = [(0.5 + 3 * 0.4) / 4, (2 * 0.5 + 3 * 0.6) / 5, (2 * 0.4 + 0.6) / 3]
    found = likeness_to_voices(voiced, [0, 0, 0])
    assert found[:, 0] * within == pytest.approx(expected, rel=1e-5)


def test_a_voice_of_one_piece_takes_no_other() -> None:
    who = (0, 0, 1, 0, 0)
    voiced = say(np.eye(2), who, [2.0, 2.0, 2.9, 2.0, 2.0])
    assert cluster_voices(voiced) == who
    assert assign_pieces(in_a_row(voiced), voiced, who) == who


def test_half_as_long_a_piece_says_half_as_much() -> None:
    voiced = say(np.eye(1), [0, 0, 0, 0], [0.5, 1.0, 2.0, 3.0])
    found = sharpness(voiced)
    assert found / found[2] == pytest.approx([0.25, 0.5, 1.0, 1.0])


# --- how sure


def rate(own: float, other: float | None, duration: float) -> float:
    voiced = say(np.eye(1), [0], [duration])
    likeness = np.array([[own] if other is None else [other, own]])
    (rated,) = rate_pieces(voiced, likeness, [0 if other is None else 1])
    return float(rated)


def test_it_is_surer_the_liker_its_own_voice_and_the_less_like_others_a_piece_is() -> None:
    assert rate(0.9, 0.1, 2.0) > rate(0.9, 0.6, 2.0) > rate(0.9, 0.8, 2.0)
    assert rate(0.9, 0.6, 2.0) > rate(0.6, 0.3, 2.0)
    assert rate(0.9, 0.6, 2.0) > rate(0.9, 0.6, 1.0)
    assert rate(0.9, None, 2.0) > 0.99
    assert rate(0.5, 0.9, 2.0) < 0.5  # another is likelier


@given(
    npst.arrays(
        np.float64, st.tuples(st.integers(1, 6), st.integers(1, 4)), elements=st.floats(-2, 3)
    ),
    st.data(),
)
def test_how_sure_a_piece_is_lies_between_0_and_1(likeness: Floats, data: st.DataObject) -> None:
    pieces, voices = likeness.shape
    voiced = say(np.eye(1), [0] * pieces, [1.5] * pieces)
    assigned = data.draw(st.lists(st.integers(0, voices - 1), min_size=pieces, max_size=pieces))
    rated = rate_pieces(voiced, likeness, assigned)
    assert rated.shape == (pieces,)
    assert np.all((rated >= 0.0) & (rated <= 1.0))


# --- strangers


def separate(
    who: Sequence[int],
    assigned: Sequence[int],
    likeness: Sequence[float],
    durations: Sequence[float],
    *,
    most: int | None = None,
    regions: Sequence[int] = (),
    alike: float = 0.0,
) -> tuple[int, ...]:
    """Return voices after pieces that are so like their own voice were looked at for strangers."""
    people = max(who) + 1
    gram = np.full((people, people), alike) + (1.0 - alike) * np.eye(people)
    voiced = say(voices_alike(gram.tolist()), who, durations)
    numbers = regions or range(len(who))
    pieces = [
        Piece(n, 0, Span(10.0 * k, 10.0 * k + d))
        for k, (n, d) in enumerate(zip(numbers, durations, strict=True))
    ]
    table = np.zeros((len(who), max(assigned) + 1))
    table[np.arange(len(who)), list(assigned)] = likeness
    return separate_strangers(pieces, voiced, assigned, table, most)


USUAL = [1.0, 0.98, 1.02, 1.0, 0.99, 1.01]


def test_a_region_that_is_like_nobody_has_a_voice_of_its_own() -> None:
    assigned = [0, 0, 0, 1, 1, 1, 1]
    found = separate([0, 0, 0, 1, 1, 1, 2], assigned, [*USUAL, 0.1], [2.0] * 7)
    assert found == (0, 0, 0, 1, 1, 1, 2)
    assert separate([0, 0, 0, 1, 1, 1, 1], assigned, [*USUAL, 0.9], [2.0] * 7) == tuple(assigned)
    assert separate([0, 0, 0, 1, 1, 1, 2], assigned, [*USUAL, 0.6], [2.0] * 7) == tuple(assigned)


@pytest.mark.parametrize(("duration", "voice"), [(0.9, 0), (1.1, 0), (1.2, 1), (1.5, 1)])
def test_a_stranger_must_be_heard_for_a_while(duration: float, voice: int) -> None:
    found = separate([0] * 6 + [1], [0] * 7, [*USUAL, 0.1], [2.0] * 6 + [duration])
    assert found == (0,) * 6 + (voice,)


def test_where_pieces_are_unlike_their_voices_nobody_is_a_stranger() -> None:
    loose = [1.0, 0.8, 0.9, 0.6, 0.7, 0.85]
    assert separate([0] * 6 + [1], [0] * 7, [*loose, 0.3], [2.0] * 7) == (0,) * 7


def test_a_stranger_who_comes_back_is_the_same() -> None:
    who = [0] * 6 + [1, 2, 1]
    found = separate(who, [0] * 9, [*USUAL, 0.1, 0.0, 0.1], [2.0] * 9)
    assert found == (0,) * 6 + (1, 2, 1)
    found = separate(who, [0] * 9, [*USUAL, 0.1, 0.0, 0.1], [2.0] * 9, alike=0.65)
    assert found == (0,) * 6 + (1, 1, 1)


def test_the_pieces_of_a_region_are_judged_together() -> None:
    regions = [0, 1, 2, 3, 4, 5, 6, 6]
    found = separate([0] * 6 + [1, 1], [0] * 8, [*USUAL, 0.1, 0.6], [2.0] * 8, regions=regions)
    assert found == (0,) * 6 + (1, 1)
    found = separate([0] * 6 + [1, 1], [0] * 8, [*USUAL, 0.1, 1.2], [2.0] * 8, regions=regions)
    assert found == (0,) * 8


def test_a_brief_piece_of_a_region_says_nothing_of_whether_it_is_a_strangers() -> None:
    regions, durations = [0, 1, 2, 3, 4, 5, 6, 6], [2.0] * 6 + [1.2, 0.9]
    found = separate([0] * 6 + [1, 1], [0] * 8, [*USUAL, 0.3, 1.0], durations, regions=regions)
    assert found[6] == 1


@pytest.mark.parametrize(("most", "voices"), [(None, 3), (4, 3), (3, 3), (2, 2), (1, 1)])
def test_strangers_are_no_more_than_there_may_be(most: int | None, voices: int) -> None:
    who = [0] * 6 + [1, 2]
    found = separate(who, [0] * 8, [*USUAL, 0.1, 0.0], [2.0] * 8, most=most)
    assert max(found) + 1 == voices


def test_brief_pieces_alone_have_no_strangers() -> None:
    assert separate([0, 1], [0, 0], [1.0, 0.1], [0.9, 0.9]) == (0, 0)


# --- what a voice is


def test_a_voice_is_the_weighted_mean_of_its_pieces() -> None:
    voiced = say(np.eye(2), [0, 0, 1, 1], [1.0, 2.0, 2.0, 2.0])
    voices = learn_voices(voiced, [0, 0, 1, 1])
    assert voices.means[:, :2] == pytest.approx(np.eye(2), abs=1e-6)
    assert np.all(voices.within <= 1.0 + 1e-6)
    assert voices.likeness(voiced).shape == (4, 2)


# --- changes

TWO = Voices(np.hstack((np.eye(2), np.zeros((2, 1)))), np.ones(2))


def embed_change(at: float) -> EmbedSpans:
    """Return an embedder of a sound in which voice 0 hands over to voice 1."""

    def embed(spans: Sequence[Span], /) -> npt.NDArray[np.float32]:
        parts = [np.clip((at - span.start) / span.duration, 0.0, 1.0) for span in spans]
        return unit(np.array([[part, 1.0 - part, 0.5] for part in parts])).astype(np.float32)

    return embed


def refuse(spans: Sequence[Span], /) -> npt.NDArray[np.float32]:
    raise AssertionError(f"nobody should listen to {spans}")


@given(st.floats(0.5, 3.5))
def test_a_change_is_found_to_a_fifth_of_a_second(at: float) -> None:
    found = find_change(Span(10.0, 12.0), Span(12.0, 14.0), TWO, (0, 1), embed_change(10 + at))
    assert found == pytest.approx(10 + at, abs=0.2)


@given(st.integers(5, 35), st.sets(st.integers(5, 35), max_size=4))
def test_a_change_is_at_the_border_where_the_voice_changes(at: int, others: set[int]) -> None:
    borders = sorted({at, *others})
    times = [border / 10 for border in borders]
    found = find_change(Span(0, 2), Span(2, 4), TWO, (0, 1), embed_change(at / 10), times)
    assert found == pytest.approx(at / 10)


def test_the_voices_may_change_the_other_way_round() -> None:
    swapped = Voices(TWO.means[::-1], TWO.within)
    assert find_change(
        Span(0, 2), Span(2, 4), swapped, (1, 0), embed_change(2.6), [1.0, 2.6, 3.2]
    ) == pytest.approx(2.6)


def test_the_only_border_is_taken_unheard() -> None:
    assert find_change(Span(0, 2), Span(2, 4), TWO, (0, 1), refuse, [-3.0, 1.1, 9.0]) == 1.1


def test_borders_too_near_to_an_edge_are_no_choice() -> None:
    found = find_change(Span(0, 2), Span(2, 4), TWO, (0, 1), embed_change(2.8), [0.1, 3.9])
    assert found == pytest.approx(2.8, abs=0.2)


def test_a_brief_side_says_less_than_a_long_one() -> None:
    contrast = {(0.0, 0.4): 1.0, (0.4, 1.4): -0.1, (1.0, 2.0): 0.5, (2.0, 3.0): -0.5}

    def embed(spans: Sequence[Span], /) -> npt.NDArray[np.float32]:
        leaning = [contrast[span.start, span.end] for span in spans]
        return np.array([[lean, 0.0, 0.0] for lean in leaning], np.float32)

    assert find_change(Span(0, 2), Span(2, 4), TWO, (0, 1), embed, [0.4, 2.0]) == 2.0


def test_where_there_is_too_little_sound_the_pieces_stay_as_they_are() -> None:
    assert find_change(Span(0, 0.3), Span(0.3, 0.7), TWO, (0, 1), refuse) == 0.3
