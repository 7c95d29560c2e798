"""Onsets after a pause follow the level of the sound."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from subtools.alignment.edges import snap_onsets
from subtools.core import FRAME


def level(*parts: tuple[int, float]) -> np.ndarray:
    """Return a level of some frames each, in dB."""
    return np.concatenate([np.full(frames, value, np.float32) for frames, value in parts])


def snap(first: list[int], last: list[int], sound: np.ndarray) -> list[float]:
    onsets = snap_onsets(np.array(first, np.int32), np.array(last, np.int32), sound)
    return [float(onset) for onset in onsets]


def test_an_onset_found_late_moves_back_to_the_rise() -> None:
    sound = level((100, -60.0), (50, -20.0))
    [onset] = snap([104], [140], sound)
    assert abs(onset - 1.0) <= FRAME / 2


def test_an_onset_found_early_moves_on_to_the_rise() -> None:
    sound = level((100, -60.0), (50, -20.0))
    [onset] = snap([96], [140], sound)
    assert abs(onset - 1.0) <= FRAME / 2


def test_a_soft_consonant_belongs_to_the_word() -> None:
    sound = level((100, -70.0), (6, -50.0), (50, -20.0))
    [onset] = snap([105], [140], sound)
    assert abs(onset - 1.0) <= FRAME / 2


def test_an_onset_masked_by_noise_stays() -> None:
    sound = level((100, -25.0), (50, -20.0))
    assert snap([104], [140], sound) == [104 * FRAME]


def test_breath_far_below_the_speech_is_no_onset() -> None:
    sound = level((90, -100.0), (10, -70.0), (50, -20.0))
    [onset] = snap([98], [140], sound)
    assert abs(onset - 1.0) <= FRAME / 2


def test_a_whispered_word_has_its_own_onset() -> None:
    sound = level((100, -100.0), (50, -20.0), (50, -100.0), (50, -70.0))
    onsets = snap([100, 203], [150, 240], sound)
    assert abs(onsets[1] - 2.0) <= FRAME / 2


def test_a_word_right_after_another_stays() -> None:
    sound = level((100, -60.0), (100, -20.0))
    assert snap([100, 120], [119, 150], sound)[1] == 120 * FRAME


def test_a_rise_far_away_is_not_this_onset() -> None:
    sound = level((100, -60.0), (50, -20.0))
    assert snap([80], [140], sound) == [80 * FRAME]


def test_no_words_give_no_onsets() -> None:
    assert snap([], [], level((10, -60.0))) == []


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), max_size=20),
    st.integers(0, 2**32 - 1),
)
def test_onsets_stay_in_order_and_inside_the_sound(words: list[tuple[int, int]], seed: int) -> None:
    first, last, now = [], [], 0
    for gap, length in words:
        first.append(now + gap)
        now = first[-1] + length
        last.append(now)
    sound = np.random.default_rng(seed).uniform(-90, 0, now + 1).astype(np.float32)
    onsets = snap(first, last, sound)
    ends = [0, *last]
    for onset, before, end in zip(onsets, ends, last, strict=False):
        assert before * FRAME <= onset < end * FRAME
