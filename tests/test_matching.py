"""Edit operations: counts, places that agree, and alignments that keep a gap in one piece."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools import matching
from subtools.matching import EditCounts, count_edits, equal_positions, equal_runs, pair_symbols

Pair = tuple[int, int]

few_symbols = st.text("abc", max_size=6)  # few, so that many alignments compete
texts = st.text("abcde", max_size=60)


def pairs_of(reference: Sequence[str | int], hypothesis: Sequence[str | int]) -> list[Pair]:
    return [(a, b) for a, b in pair_symbols(reference, hypothesis).tolist()]


def gap_cost(length: int) -> float:
    return matching._GAP_OPEN + matching._GAP_EXTEND * (length - 1) if length else 0.0


def score(a: str, b: str, pairs: Sequence[Pair]) -> float:
    """Return what an alignment is worth: its matches and mismatches, less its gaps."""
    symbols = sum(matching._MATCH if a[i] == b[j] else matching._MISMATCH for i, j in pairs)
    steps = pairwise([(-1, -1), *pairs, (len(a), len(b))])
    return symbols - sum(gap_cost(i - h - 1) + gap_cost(j - k - 1) for (h, k), (i, j) in steps)


def best_score(a: str, b: str) -> float:
    """Return the worth of the best of all alignments, tried one by one."""
    return max(
        score(a, b, list(zip(left, right, strict=True)))
        for size in range(min(len(a), len(b)) + 1)
        for left in combinations(range(len(a)), size)
        for right in combinations(range(len(b)), size)
    )


def edit_distance(a: str, b: str) -> int:
    """Return the Levenshtein distance by its definition."""

    @cache
    def distance(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        change = distance(i - 1, j - 1) + (a[i - 1] != b[j - 1])
        return min(change, distance(i - 1, j) + 1, distance(i, j - 1) + 1)

    return distance(len(a), len(b))


# --- counts


@pytest.mark.parametrize(
    ("reference", "hypothesis", "counts"),
    [
        ("", "", EditCounts(0, 0, 0, 0)),
        ("abc", "abc", EditCounts(3, 0, 0, 0)),
        ("abc", "axc", EditCounts(2, 1, 0, 0)),
        ("abc", "ac", EditCounts(2, 0, 1, 0)),
        ("ac", "abc", EditCounts(2, 0, 0, 1)),
        ("abc", "", EditCounts(0, 0, 3, 0)),
        ("", "ab", EditCounts(0, 0, 0, 2)),
        ("kitten", "sitting", EditCounts(4, 2, 0, 1)),
    ],
)
def test_edits_are_counted_by_their_kind(
    reference: str, hypothesis: str, counts: EditCounts
) -> None:
    assert count_edits(reference, hypothesis) == counts


def test_words_are_compared_as_a_whole() -> None:
    assert count_edits(["ab", "c"], ["abc"]) == EditCounts(0, 1, 1, 0)


@pytest.mark.parametrize(("one", "other"), [(-1, -2), ("a", 97), ("ab", hash("ab"))])
def test_symbols_that_only_hash_alike_differ(one: str | int, other: str | int) -> None:
    assert count_edits([one], [other]) == EditCounts(0, 1, 0, 0)
    assert equal_positions([one], [other]) == {}


def test_rate_is_edits_per_reference_symbol() -> None:
    counts = count_edits("abcd", "abxde")
    assert (counts.errors, counts.reference_length, counts.rate) == (2, 4, 0.5)


def test_rate_of_an_empty_reference_is_nothing_or_infinite() -> None:
    assert count_edits("", "").rate == 0.0
    assert count_edits("", "a").rate == float("inf")


@given(texts, texts)
def test_counts_add_up_to_both_lengths_and_are_fewest(reference: str, hypothesis: str) -> None:
    counts = count_edits(reference, hypothesis)
    assert counts.reference_length == len(reference)
    assert counts.hits + counts.substitutions + counts.insertions == len(hypothesis)
    assert counts.errors == edit_distance(reference, hypothesis)


# --- places that agree


def test_positions_of_what_agrees_step_over_edits() -> None:
    assert equal_positions("GPT-3.5", "GPT-3。5") == {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 6: 6}
    assert equal_positions("abcd", "cd") == {2: 0, 3: 1}
    assert equal_positions("ab", "xy") == {}


@given(texts, texts)
def test_positions_agree_in_order_and_are_as_many_as_the_hits(a: str, b: str) -> None:
    positions = equal_positions(a, b)
    assert all(a[i] == b[j] for i, j in positions.items())
    assert list(positions) == sorted(positions)
    assert list(positions.values()) == sorted(set(positions.values()))
    assert len(positions) == count_edits(a, b).hits


# --- pairs


def test_a_replaced_symbol_is_paired() -> None:
    assert pairs_of("abcd", "abxd") == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_a_missing_passage_stays_in_one_piece() -> None:
    # Plain edit distance would pair the lone d inside the gap as well.
    assert pairs_of("abxxdyyycd", "abcd") == [(0, 0), (1, 1), (8, 2), (9, 3)]


def test_nothing_pairs_with_nothing() -> None:
    assert pairs_of("", "") == pairs_of("abc", "") == pairs_of("", "abc") == []


def test_pairs_are_an_array_of_two_columns_even_when_empty() -> None:
    assert pair_symbols("", "abc").shape == (0, 2)


@given(few_symbols, few_symbols)
def test_pairs_are_worth_as_much_as_the_best_of_all_alignments(a: str, b: str) -> None:
    assert score(a, b, pairs_of(a, b)) == best_score(a, b)


@given(texts, texts, st.text("abcde", min_size=10, max_size=30))
def test_pairs_strictly_increase(a: str, b: str, shared: str) -> None:
    reference, hypothesis = a + shared + b, b + shared + a
    pairs = pairs_of(reference, hypothesis)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(pairs))
    assert all(0 <= i < len(reference) and 0 <= j < len(hypothesis) for i, j in pairs)


@given(texts)
def test_every_symbol_of_equal_sequences_is_paired_with_itself(text: str) -> None:
    assert pairs_of(text, text) == [(k, k) for k in range(len(text))]


@given(texts, texts)
def test_too_large_a_table_falls_back_to_pairs_that_agree(a: str, b: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_LARGEST_TABLE", 0)
        pairs = pairs_of(a, b)
    assert all(a[i] == b[j] for i, j in pairs)
    assert len(pairs) == count_edits(a, b).hits


def test_an_hour_with_errors_and_a_missing_passage_is_aligned() -> None:
    chance = random.Random(1)
    spoken = [chance.randrange(60) for _ in range(30_000)]  # phones of a 67-minute talk
    heard = [chance.randrange(60) if chance.random() < 0.2 else phone for phone in spoken]
    pairs = dict(pairs_of(spoken, heard[:9_000] + heard[11_000:]))
    right = sum(
        pairs.get(k) == k - 2_000 * (k >= 11_000) for k in [*range(9_000), *range(11_000, 30_000)]
    )
    assert right > 27_900  # of 28,000
    assert not pairs.keys() & set(range(9_020, 10_980))


def test_more_symbols_than_the_basic_plane_has_are_told_apart() -> None:
    numbers = range(70_000)
    assert count_edits(numbers, range(1, 70_000)) == EditCounts(69_999, 0, 1, 0)


@given(st.text("abc", max_size=80), st.text("abc", max_size=80), st.integers(1, 5))
def test_equal_runs_are_equal_in_order_and_as_long_as_asked(a: str, b: str, shortest: int) -> None:
    runs = equal_runs(a, b, shortest).tolist()
    assert all(a[i : i + n] == b[j : j + n] and n >= shortest for i, j, n in runs)
    for (i, j, n), (k, m, _) in pairwise(runs):
        assert i + n <= k
        assert j + n <= m
        assert (i + n, j + n) != (k, m)


def test_equal_runs_find_what_stands_once_beside_long_foreign_passages() -> None:
    chance = random.Random(4)
    shared, left, right = ([chance.randrange(60) for _ in range(n)] for n in (400, 3000, 5000))
    runs = equal_runs([*left, *shared], [*shared, *right], 10).tolist()
    assert runs == [[3000, 0, 400]]
