"""Pieces of speech to voices: which embeddings are of the same person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtools.core import SpeakerCount
from subtools.speakers.clustering import (
    NO_VOICE,
    Voiced,
    _grow_tree,
    cluster_voices,
    likeness_within,
)
from tests.talking import Floats, babble, say, unit, voices_alike

SEEDS = st.integers(0, 100_000)


def select(voiced: Voiced, order: npt.NDArray[np.int_]) -> Voiced:
    return Voiced(voiced.embeddings[order], voiced.durations[order])


def number(who: Sequence[int]) -> tuple[int, ...]:
    """Return ``who``, numbered by first appearance."""
    order = list(dict.fromkeys(k for k in who if k != NO_VOICE))
    return tuple(order.index(k) if k != NO_VOICE else NO_VOICE for k in who)


# --- clustering


def test_two_pieces_of_a_voice_are_expected_to_have_a_product_of_one() -> None:
    voiced, _ = babble(1, 400, 7, lengths=(0.4, 4.0))
    scaled = voiced.scaled()
    products = (scaled @ scaled.T)[np.triu_indices(len(voiced), 1)]
    assert products.mean() == pytest.approx(1.0, abs=0.02)
    brief = voiced.durations < 1.0  # whatever their length
    products = (scaled[brief] @ scaled[brief].T)[np.triu_indices(brief.sum(), 1)]
    assert products.mean() == pytest.approx(1.0, abs=0.05)


def join_naively(alike: Floats, weights: Floats) -> list[tuple[frozenset[int], float]]:
    """Return the branches of average linkage, and their likeness, by always joining the nearest."""
    groups = [frozenset([k]) for k in range(len(weights))]
    joined = []
    while len(groups) > 1:

        def likeness(pair: tuple[int, int], groups: list[frozenset[int]] = groups) -> float:
            a, b = (sorted(groups[k]) for k in pair)
            total = weights[a] @ alike[np.ix_(a, b)] @ weights[b]
            return float(total / weights[a].sum() / weights[b].sum())

        pairs = [(a, b) for a in range(len(groups)) for b in range(a)]
        nearest = max(pairs, key=likeness)
        whole = groups[nearest[0]] | groups[nearest[1]]
        joined.append((whole, likeness(nearest)))
        groups = [group for group in groups if not group <= whole] + [whole]
    return joined


@settings(max_examples=30)
@given(st.integers(1, 4), st.integers(1, 5), SEEDS)
def test_the_tree_is_that_of_always_joining_the_nearest(
    people: int, pieces: int, seed: int
) -> None:
    voiced, _ = babble(people, pieces, seed)
    scaled = voiced.scaled()
    naive = join_naively(scaled @ scaled.T, voiced.durations)
    tree = _grow_tree(voiced)[len(voiced) :]
    found = {frozenset(branch.members.tolist()): branch.likeness for branch in tree}
    assert set(found) == {members for members, _ in naive}
    assert [found[members] for members, _ in naive] == pytest.approx(
        [k for _, k in naive], abs=1e-4
    )


@settings(max_examples=40)
@given(SEEDS, st.integers(1, 3))
def test_every_branch_of_equal_pieces_is_joined_once(seed: int, different: int) -> None:
    random = np.random.default_rng(seed)
    base = unit(random.normal(size=(different, 16)))
    embeddings = base[random.integers(0, different, 30)].astype(np.float32)
    tree = _grow_tree(Voiced(embeddings, random.choice([1.0, 1.3, 1.7, 2.0], 30)))
    joined = [half for branch in tree for half in branch.halves or ()]
    assert sorted(joined) == list(range(len(tree) - 1))
    assert sorted(tree[-1].members) == list(range(30))


@settings(max_examples=30)
@given(st.integers(1, 12), st.integers(3, 8), SEEDS)
def test_any_number_of_different_voices_are_told_apart(people: int, pieces: int, seed: int) -> None:
    voiced, who = babble(people, pieces, seed)
    assert cluster_voices(voiced) == number(who)


@given(st.integers(1, 4), st.integers(1, 6), SEEDS)
def test_the_order_of_the_pieces_changes_only_the_numbers(
    people: int, pieces: int, seed: int
) -> None:
    voiced, who = babble(people, pieces, seed, lengths=(0.5, 2.0))
    order = np.random.default_rng(seed + 1).permutation(len(who))
    before = np.array(cluster_voices(voiced))
    assert cluster_voices(select(voiced, order)) == number(before[order].tolist())
    assert number(before.tolist()) == tuple(before)  # numbered by their first pieces


@pytest.mark.parametrize("people", [1, 2, 3, 5])
@pytest.mark.parametrize("wanted", [1, 2, 3, 4, 5, 6])
def test_as_many_voices_are_found_as_somebody_says(people: int, wanted: int) -> None:
    voiced, _ = babble(people, 60 // people, people)
    assert max(cluster_voices(voiced, SpeakerCount(wanted, wanted))) + 1 == wanted
    assert max(cluster_voices(voiced, SpeakerCount(least=wanted))) + 1 == max(wanted, people)
    assert max(cluster_voices(voiced, SpeakerCount(most=wanted))) + 1 == min(wanted, people)


@settings(max_examples=30)
@given(st.integers(1, 4), st.integers(1, 6), SEEDS, st.integers(1, 5))
def test_there_are_never_more_voices_than_somebody_says(
    people: int, pieces: int, seed: int, most: int
) -> None:
    voiced, _ = babble(people, pieces, seed, lengths=(0.5, 3.0))
    assert max(cluster_voices(voiced, SpeakerCount(most=most))) < most


def test_the_voices_that_are_most_unlike_are_kept_apart_where_fewer_are_wanted() -> None:
    voices = voices_alike([[1, 0.3, 0], [0.3, 1, 0], [0, 0, 1]])
    who = [0, 1, 2] * 3
    assert cluster_voices(say(voices, who, [2.0] * 9), SpeakerCount(2, 2)) == (0, 0, 1) * 3


def test_a_voice_that_is_split_though_it_is_one_is_split_where_it_is_least_alike() -> None:
    voices = voices_alike([[1, 0.85, 0.9], [0.85, 1, 0.85], [0.9, 0.85, 1]])
    who = [0, 1, 2] * 3
    assert cluster_voices(say(voices, who, [2.0] * 9)) == (0,) * 9
    assert cluster_voices(say(voices, who, [2.0] * 9), SpeakerCount(2)) == (0, 1, 0) * 3


def test_more_voices_than_there_is_speech_for_leave_those_that_are_clear() -> None:
    voices = np.eye(2)
    voiced = say(voices, [0, 1] * 4, [2.0] * 8)
    assert cluster_voices(voiced) == (0, 1) * 4
    assert max(cluster_voices(voiced, SpeakerCount(7, 7))) >= 1


def test_what_is_too_little_for_a_voice_is_nobodys() -> None:
    voiced = say(np.eye(3), [0, 0, 1, 2, 2, 0], [2.0, 2.0, 2.4, 2.0, 2.0, 2.0])
    assert cluster_voices(voiced) == (0, 0, NO_VOICE, 1, 1, 0)


def test_a_piece_that_is_long_enough_is_a_voice_of_its_own() -> None:
    voiced = say(np.eye(3), [0, 0, 1, 2, 2, 0], [2.0, 2.0, 2.5, 2.0, 2.0, 2.0])
    assert cluster_voices(voiced) == (0, 0, 1, 2, 2, 0)


def test_too_little_for_a_voice_is_one_where_there_is_nothing_else() -> None:
    assert cluster_voices(say(np.eye(1), [0], [0.5])) == (0,)
    assert cluster_voices(say(np.eye(2), [0, 1], [0.5, 1.0])) == (NO_VOICE, 0)


def test_no_pieces_have_no_voices() -> None:
    assert cluster_voices(Voiced(np.zeros((0, 4), np.float32), np.zeros(0))) == ()


@pytest.mark.parametrize("count", [1, 2, 40])
def test_equal_pieces_are_one_voice(count: int) -> None:
    voiced = Voiced(np.tile(np.array([0.6, 0.8], np.float32), (count, 1)), np.full(count, 1.5))
    assert cluster_voices(voiced) == (0,) * count


@pytest.mark.parametrize(("alike", "voices"), [(0.8, 1), (0.74, 1), (0.68, 2), (0.4, 2)])
def test_two_branches_are_one_voice_if_they_are_nearly_as_alike_as_its_pieces(
    alike: float, voices: int
) -> None:
    voiced = say(voices_alike([[1, alike], [alike, 1]]), [0, 1] * 6, [2.0] * 12)
    assert max(cluster_voices(voiced)) + 1 == voices


def test_where_strangers_are_alike_more_is_needed_to_be_one_voice() -> None:
    alone = voices_alike([[1, 0.74], [0.74, 1]])
    beside = voices_alike([[1, 0.74, 0.38], [0.74, 1, 0.38], [0.38, 0.38, 1]])
    assert cluster_voices(say(alone, [0, 1] * 4, [2.0] * 8)) == (0,) * 8
    assert cluster_voices(say(beside, [0, 1, 2] * 4, [2.0] * 12)) == (0, 1, 2) * 4


def test_where_the_pieces_of_a_voice_are_unlike_less_is_enough_to_be_one() -> None:
    inside, across = 0.72, 0.6  # of six pieces each: noisier than the model of noise expects
    likeness = np.full((12, 12), across)
    likeness[:6, :6] = likeness[6:, 6:] = inside
    np.fill_diagonal(likeness, 1.0)
    noisy = say(voices_alike(likeness.tolist()), range(12), [2.0] * 12)
    clean = say(voices_alike([[1, across], [across, 1]]), [0] * 6 + [1] * 6, [2.0] * 12)
    assert max(cluster_voices(noisy)) == 0
    assert max(cluster_voices(clean)) == 1


@pytest.mark.parametrize("cosine", [0.3, 0.6, 1.0])
def test_likeness_within_is_the_mean_of_the_pairs_and_of_what_is_usual(cosine: float) -> None:
    likeness = np.full((4, 4), cosine) + np.diag([1.0 - cosine + 1e-9] * 4)
    voiced = say(voices_alike(likeness.tolist()), range(4), [1.0, 2.0, 1.5, 1.0])
    expected = (6 * cosine + 3 * 1.0) / 9
    assert likeness_within(voiced.scaled(), voiced.durations) == pytest.approx(expected, abs=1e-5)


def test_longer_pieces_say_more_about_the_likeness_within() -> None:
    scaled = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    long_third = likeness_within(scaled, np.array([1.0, 1.0, 4.0]))
    assert long_third < likeness_within(scaled, np.array([1.0, 1.0, 1.0]))


@pytest.mark.parametrize("duration", [0.7, 2.0, 2.6])
def test_one_piece_is_as_alike_within_as_is_usual(duration: float) -> None:
    assert likeness_within(np.array([[1.1, 0.3]]), np.array([duration])) == 1.0
