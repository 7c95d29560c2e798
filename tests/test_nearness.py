"""How alike sounds are that are taken for each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.phonetics.inventory import ENGLISH_CONSONANTS, ENGLISH_VOWELS
from subtools.phonetics.mandarin import syllable_phones
from subtools.phonetics.nearness import (
    MISSING_PHONE,
    OUTLINE,
    SYLLABLES,
    Syllable,
    fold_syllable,
    outline_phones,
    phones_distance,
    phones_edits,
    syllable_distance,
)

syllables = st.sampled_from(SYLLABLES)
words = st.lists(st.sampled_from((*ENGLISH_CONSONANTS, *ENGLISH_VOWELS)), max_size=9)


def syllable(written: str) -> Syllable:
    phones = syllable_phones(written)
    return ("", phones[0]) if len(phones) == 1 else (phones[0], phones[1])


@pytest.mark.parametrize(
    ("near", "far"),
    [
        (("yuan", "ye"), ("yuan", "mo")),
        (("zhang", "zhao"), ("zhang", "ti")),
        (("cheng", "sheng"), ("cheng", "bu")),
        (("bao", "pao"), ("bao", "xi")),
        (("lan", "nan"), ("lan", "gu")),
        (("shi", "si"), ("shi", "wo")),
    ],
)
def test_syllables_that_are_confused_are_nearer(
    near: tuple[str, str], far: tuple[str, str]
) -> None:
    confused, other = (syllable_distance(syllable(a), syllable(b)) for a, b in (near, far))
    assert confused <= 0.25 < other


@given(syllables, syllables)
def test_a_distance_is_the_same_both_ways_and_0_only_for_the_same(a: Syllable, b: Syllable) -> None:
    assert syllable_distance(a, b) == syllable_distance(b, a)
    assert 0 <= syllable_distance(a, b) <= 1
    assert (syllable_distance(a, b) == 0) == (a == b)


@given(syllables)
def test_what_is_folded_is_folded_for_good(a: Syllable) -> None:
    assert fold_syllable(fold_syllable(a)) == fold_syllable(a)


@given(words, words)
def test_english_words_are_as_unlike_both_ways(a: list[str], b: list[str]) -> None:
    assert phones_distance(a, b) == pytest.approx(phones_distance(b, a))
    assert phones_distance(a, a) == 0
    edits = phones_edits(a, b, float("inf"))
    assert abs(len(a) - len(b)) * MISSING_PHONE - 1e-9 <= edits <= max(len(a), len(b))
    assert phones_edits(a, b, edits + 0.001) == pytest.approx(edits)
    if edits:
        assert phones_edits(a, b, edits - 0.001) == float("inf")


@given(words)
def test_an_outline_has_no_two_vowels_side_by_side(a: list[str]) -> None:
    assert set(outline_phones(a)) <= set(OUTLINE)
    assert "AA" not in outline_phones(a)


def test_outlines_of_what_is_misheard_are_the_same() -> None:
    for meant, heard in [
        ("S K EY L IH NG", "S K AE N IH NG"),
        ("B EH N CH M AA R K", "B AH N CH M AA R K"),
        ("JH IY P IY T IY", "JH IY B IY T IY"),
    ]:
        assert outline_phones(meant.split()) == outline_phones(heard.split())
