from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtools.alignment import UNSPOKEN, Path, Prices, find_times
from subtools.phonetics import PHONES
from tests.posteriors import SYLLABLES, Reading, Recording, Sound, make_words, record, speak

SURE = 0.92  # what the shipped classifier reaches on clean speech, about
NOBODY = -2  # a silence
UNWRITTEN = -1  # speech without text

Said = Sequence[tuple[Reading, int]]  # what is said, and which word of the text it is


def perform(said: Said, *, seed: int = 7, sure: float = SURE) -> tuple[Recording, list[int]]:
    """Return the sound of what is said, and for each sound the word of the text."""
    rng = np.random.default_rng(seed)
    sounds: list[Sound] = []
    written: list[int] = []
    for reading, word in said:
        sounds.append(Sound(reading))
        written.append(word)
        if rng.random() < 0.1:
            sounds.append(Sound(frames=int(rng.integers(5, 80)), noise=bool(rng.random() < 0.2)))
            written.append(NOBODY)
    return record(sounds, rng, sure=sure), written


def align(text: Sequence[Reading], recording: Recording) -> Path:
    return find_times([(reading,) for reading in text], recording.log_probs)


def onsets(recording: Recording, written: Sequence[int], words: int) -> list[int]:
    """Return the true first frame of each word; UNSPOKEN where it is not said."""
    found = [UNSPOKEN] * words
    for frame, word in zip(recording.first.tolist(), written, strict=True):
        if word >= 0:
            found[word] = frame
    return found


def errors(path: Path, truth: Sequence[int]) -> npt.NDArray[np.int64]:
    """Return the errors of the onsets of the words that are said and found."""
    both = path.spoken & (np.array(truth) >= 0)
    found: npt.NDArray[np.int64] = np.abs(path.word_first.astype(np.int64) - truth)[both]
    return found


def filled(path: Path, frames: int) -> npt.NDArray[np.bool_]:
    """Return which frames are speech without text."""
    is_filler = np.zeros(frames, bool)
    for first, last in path.fillers:
        is_filler[first:last] = True
    return is_filler


def unwritten(recording: Recording, written: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Return which frames truly are speech without text."""
    is_unwritten = np.zeros(len(recording.log_probs), bool)
    for first, last, word in zip(recording.first, recording.last, written, strict=True):
        is_unwritten[first:last] |= word == UNWRITTEN
    return is_unwritten


def in_order(words: Sequence[Reading], start: int = 0) -> Said:
    return [(reading, index) for index, reading in enumerate(words, start)]


def without_text(words: Sequence[Reading]) -> Said:
    return [(reading, UNWRITTEN) for reading in words]


@pytest.fixture(scope="module")
def words() -> list[Reading]:
    """Four minutes of syllables."""
    return make_words(1000, np.random.default_rng(1))


@pytest.fixture(scope="module")
def foreign() -> list[Reading]:
    """As many others."""
    return make_words(1000, np.random.default_rng(2))


def test_the_words_of_an_exact_text_are_found_where_they_are(words: list[Reading]) -> None:
    recording, written = perform(in_order(words))
    path = align(words, recording)
    found = errors(path, onsets(recording, written, len(words)))
    assert len(found) == len(words)
    assert (found <= 2).mean() >= 0.985
    assert found.max() <= 20  # a stretch of wrong frames on a border
    assert filled(path, len(recording.log_probs)).mean() < 0.001


def test_the_same_again_gives_the_same(words: list[Reading]) -> None:
    recording, _ = perform(in_order(words))
    first, second = align(words, recording), align(words, recording)
    assert first.first.tolist() == second.first.tolist()
    assert first.fillers.tolist() == second.fillers.tolist()


@pytest.mark.parametrize(("sure", "rate"), [(0.85, 1.0), (0.7, 1.0), (SURE, 1.3)])
def test_poor_sound_and_fast_speech_leave_no_word_out(
    words: list[Reading], sure: float, rate: float
) -> None:
    rng = np.random.default_rng(3)
    recording = record([Sound(word) for word in words], rng, sure=sure, rate=rate)
    path = align(words, recording)
    found = errors(path, recording.first.tolist())
    assert len(found) >= 0.995 * len(words)
    assert (found <= 20).mean() >= 0.99


def test_clauses_that_the_text_lacks_are_found_as_speech(words: list[Reading]) -> None:
    text: list[Reading] = []
    said = []
    for index, word in enumerate(words):
        if index % 80 < 8:
            said.append((word, UNWRITTEN))
        else:
            said.append((word, len(text)))
            text.append(word)
    recording, written = perform(said)
    path = align(text, recording)
    truth, is_filler = unwritten(recording, written), filled(path, len(recording.log_probs))
    assert (is_filler & truth).sum() / truth.sum() > 0.95
    assert (is_filler & ~truth).sum() < 0.01 * len(truth)
    found = errors(path, onsets(recording, written, len(text)))
    assert len(found) == len(text)
    assert (found <= 20).mean() >= 0.995


def test_clauses_that_are_not_said_are_left_out(
    words: list[Reading], foreign: list[Reading]
) -> None:
    text: list[Reading] = []
    said = []
    for index, word in enumerate(words):
        if index % 80 == 40:
            text += foreign[index : index + 8]
        said.append((word, len(text)))
        text.append(word)
    recording, written = perform(said)
    path = align(text, recording)
    truth = np.array(onsets(recording, written, len(text)))
    assert path.spoken[truth < 0].mean() < 0.02
    assert path.spoken[truth >= 0].all()
    assert (errors(path, truth.tolist()) <= 20).all()


def test_other_words_in_the_same_place_are_neither_timed_nor_lost(
    words: list[Reading], foreign: list[Reading]
) -> None:
    is_misheard = [index % 80 < 8 for index in range(len(words))]
    text = [b if wrong else a for a, b, wrong in zip(words, foreign, is_misheard, strict=True)]
    said = [
        (word, UNWRITTEN if wrong else index)
        for index, (word, wrong) in enumerate(zip(words, is_misheard, strict=True))
    ]
    recording, written = perform(said)
    path = align(text, recording)
    truth = unwritten(recording, written)
    assert path.spoken[is_misheard].mean() < 0.15  # a syllable or two agree by chance
    assert path.spoken[~np.array(is_misheard)].mean() > 0.99
    assert (filled(path, len(truth)) & truth).sum() / truth.sum() > 0.9


def test_a_text_of_a_part_of_the_sound_is_found_there(
    words: list[Reading], foreign: list[Reading]
) -> None:
    said = [*without_text(foreign), *in_order(words[:300]), *without_text(foreign[::-1])]
    recording, written = perform(said)
    path = align(words[:300], recording)
    found = errors(path, onsets(recording, written, 300))
    assert len(found) == 300
    assert (found <= 20).mean() > 0.99
    truth = unwritten(recording, written)
    assert (filled(path, len(truth)) == truth).mean() > 0.97


def test_a_sound_of_a_part_of_the_text_leaves_the_rest_unspoken(
    words: list[Reading], foreign: list[Reading]
) -> None:
    text = [*foreign, *words[:300], *foreign[::-1]]
    recording, written = perform(in_order(words[:300], start=len(foreign)))
    path = align(text, recording)
    truth = np.array(onsets(recording, written, len(text)))
    assert (path.spoken == (truth >= 0)).mean() > 0.998
    assert (errors(path, truth.tolist()) <= 20).all()


def test_text_and_sound_that_do_not_belong_together_stay_apart(
    words: list[Reading], foreign: list[Reading]
) -> None:
    recording, _ = perform(without_text(foreign))
    path = align(words, recording)
    assert path.spoken.mean() < 0.02
    assert filled(path, len(recording.log_probs)).mean() > 0.8


def test_a_refrain_is_found_each_time(words: list[Reading]) -> None:
    text: list[Reading] = []
    for start in range(0, 800, 100):
        text += [*words[start : start + 100], *words[900:940]]
    recording, written = perform(in_order(text))
    found = errors(align(text, recording), onsets(recording, written, len(text)))
    assert len(found) == len(text)
    assert found.max() <= 20


def test_a_restart_leaves_one_of_the_two_without_text(words: list[Reading]) -> None:
    said: list[tuple[Reading, int]] = []
    for index, word in enumerate(words):
        if index % 100 == 50:
            said += without_text(words[index : index + 5])
        said.append((word, index))
    recording, written = perform(said)
    path = align(words, recording)
    assert path.spoken.all()
    away = np.array([index % 100 >= 50 and index % 100 < 55 for index in range(len(words))])
    found = errors(path, onsets(recording, written, len(words)))
    assert found[~away].max() <= 20
    assert filled(path, len(recording.log_probs)).sum() == pytest.approx(
        unwritten(recording, written).sum(), rel=0.15
    )


def test_the_sound_chooses_the_reading(words: list[Reading]) -> None:
    rng = np.random.default_rng(5)
    others = [SYLLABLES[k] for k in rng.integers(len(SYLLABLES), size=len(words))]
    is_second = rng.random(len(words)) < 0.3
    readings = [
        (other, word) if second else (word, other)
        for word, other, second in zip(words, others, is_second, strict=True)
    ]
    recording, _ = perform(in_order(words))
    path = find_times(readings, recording.log_probs)
    assert (path.reading == is_second).mean() > 0.99


def test_a_few_words_need_no_anchor() -> None:
    rng = np.random.default_rng(6)
    words = make_words(5, rng)
    sounds = [Sound(frames=50), *map(Sound, words), Sound(frames=50)]
    recording = record(sounds, rng, sure=1.0)
    path = align(words, recording)
    assert errors(path, recording.first[1:-1].tolist()).max() <= 2


def test_words_that_cannot_be_spoken_have_no_time_and_harm_nothing() -> None:
    recording, _ = perform([(("n", "i"), 1), (("h", "ao"), 3)], sure=1.0)
    path = find_times([(), [("n", "i")], (), [("h", "ao")], ()], recording.log_probs)
    assert path.spoken.tolist() == [False, True, False, True, False]
    assert path.word_first.tolist()[1] == 0


@pytest.mark.parametrize("frames", [0, 1, 2, 30])
def test_no_text_and_no_sound_are_no_trouble(frames: int) -> None:
    recording = record([Sound(frames=frames)], np.random.default_rng(0))
    assert len(find_times([], recording.log_probs).reading) == 0
    path = find_times([(), [("n", "i")]], recording.log_probs)
    assert not path.spoken.any()


def test_what_is_no_phone_is_refused() -> None:
    silence = np.zeros((5, len(PHONES)), np.float16)
    with pytest.raises(ValueError, match="no phone: 'xyz'"):
        find_times([[("xyz",)]], silence)
    with pytest.raises(ValueError, match="columns"):
        find_times([], silence[:, :5])


def test_a_bias_against_a_phone_moves_its_borders() -> None:
    recording, _ = perform([(("n", "i"), 0), (("h", "ao"), 1)], sure=1.0)
    bias = np.zeros(len(PHONES))
    bias[PHONES.index("h")] = -30.0
    readings = [[("n", "i")], [("h", "ao")]]
    plain = find_times(readings, recording.log_probs)
    biased = find_times(
        readings, recording.log_probs, prices=Prices(floor=60, skip_open=999), bias=bias
    )
    assert np.ptp([biased.first[2], biased.last[2]]) < np.ptp([plain.first[2], plain.last[2]])


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_times_are_in_order_and_nothing_overlaps(
    seed: int, text_only: int, shared: int, sound_only: int
) -> None:
    rng = np.random.default_rng(seed)
    both = make_words(shared, rng)
    text = [*make_words(text_only, rng), *both]
    recording = record(speak([*both, *make_words(sound_only, rng)], rng), rng, sure=0.8)
    path = find_times([(word, SYLLABLES[0]) for word in text], recording.log_probs)
    assert (path.last - path.first >= 1).all()
    assert path.offsets[-1] == len(path.phones) == len(path.first)
    taken = sorted([*zip(path.first, path.last, strict=True), *map(tuple, path.fillers)])
    assert all(before[1] <= after[0] for before, after in pairwise(taken))
    assert all(0 <= first < last <= len(recording.log_probs) for first, last in taken)
    for word, reading in enumerate(path.reading.tolist()):
        phones = path.phones[path.offsets[word] : path.offsets[word + 1]]
        expected = (text[word], SYLLABLES[0])[reading] if reading != UNSPOKEN else ()
        assert tuple(PHONES[phone] for phone in phones) == expected
