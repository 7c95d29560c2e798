"""The search itself: its scores are those of its paths, and cutting changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtools.alignment import Path, Prices, blocks, find_times, hear, path, spell_script
from subtools.alignment.anchors import find_pins
from subtools.alignment.blocks import NO_FRAME, cut_blocks
from subtools.alignment.hearing import Hearing, speech_stretches
from subtools.alignment.lattice import build_lattice, lay_out
from subtools.alignment.viterbi import gather, search
from tests.posteriors import SYLLABLES, Reading, Recording, Sound, make_words, record, speak

PRICES = Prices(inside_clause=0.0)


def best_score(readings: Sequence[Sequence[Reading]], recording: Recording) -> float:
    """Return what the search says the best path through one block is worth."""
    script, hearing = spell_script(readings), hear(recording.log_probs)
    [block] = cut_blocks(script, (), hearing)
    lattice = build_lattice([block], [lay_out(block, PRICES)])
    bias = np.zeros(recording.log_probs.shape[1], np.float32)
    emissions = gather(lattice, recording.log_probs, hearing, PRICES, bias)
    return float(search(lattice, emissions, PRICES).score[0])


def worth(found: Path, readings: Sequence[Sequence[Reading]], recording: Recording) -> float:
    """Return what a path is worth, added up by hand."""
    log_probs, hearing = recording.log_probs.astype(np.float64), hear(recording.log_probs)
    per_frame = np.maximum(hearing.silence, -PRICES.floor).astype(np.float64)
    for first, last in found.fillers:
        per_frame[first:last] = np.maximum(hearing.speech[first:last], -PRICES.floor)
        per_frame[first:last] -= PRICES.filler_frame
    for phone, first, last in zip(found.phones, found.first, found.last, strict=True):
        per_frame[first:last] = np.maximum(log_probs[first:last, phone], -PRICES.floor)
    skipped = [
        sum(len(readings[k][0]) for k in group) * PRICES.skip_phone + PRICES.skip_open
        for is_spoken, group in groupby(range(len(readings)), key=lambda k: found.spoken[k])
        if not is_spoken
    ]
    return float(per_frame.sum()) - len(found.fillers) * PRICES.filler_open - sum(skipped)


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(1, 8), st.integers(0, 8), st.integers(1, 4))
def test_a_path_is_worth_what_the_search_says(
    seed: int, text_only: int, shared: int, readings_each: int
) -> None:
    rng = np.random.default_rng(seed)
    both = make_words(shared, rng)
    text = [*both, *make_words(text_only, rng)]
    spread = [SYLLABLES[k] for k in rng.integers(len(SYLLABLES), size=readings_each - 1)]
    readings = [tuple(dict.fromkeys((word, *spread))) for word in text]
    recording = record(speak([*make_words(3, rng), *both], rng), rng, sure=0.8)
    found = find_times(readings, recording.log_probs, prices=PRICES)
    score = best_score(readings, recording)
    assert worth(found, readings, recording) == pytest.approx(score, rel=1e-3, abs=0.5)


@pytest.fixture(scope="module")
def talk() -> tuple[list[Reading], Recording]:
    """Two minutes, a tenth of which is not in the text."""
    rng = np.random.default_rng(11)
    said = make_words(600, rng)
    recording = record(speak(said, rng), rng, sure=0.92)
    return [word for index, word in enumerate(said) if index % 80 > 8], recording


def align(text: Sequence[Reading], recording: Recording) -> Path:
    return find_times([(word,) for word in text], recording.log_probs)


def test_blocks_searched_one_by_one_or_together_give_the_same(
    talk: tuple[list[Reading], Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = align(*talk)
    monkeypatch.setattr(path, "MOST_BLOCKS", 1)
    alone = align(*talk)
    assert together.first.tolist() == alone.first.tolist()
    assert together.fillers.tolist() == alone.fillers.tolist()


def test_pins_change_hardly_anything(
    talk: tuple[list[Reading], Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    text, recording = talk
    pinned = align(text, recording)
    assert len(find_pins(spell_script([[w] for w in text]), hear(recording.log_probs))) >= 4
    monkeypatch.setattr(path, "find_pins", lambda *_: ())
    whole = align(text, recording)
    assert (pinned.spoken == whole.spoken).all()
    assert (pinned.word_first == whole.word_first).mean() > 0.995


def test_pins_are_in_order_and_name_the_phone_that_sounds(
    talk: tuple[list[Reading], Recording],
) -> None:
    text, recording = talk
    found = align(text, recording)
    pins = find_pins(spell_script([[word] for word in text]), hear(recording.log_probs))
    for before, after in pairwise(pins):
        assert before.frame < after.frame
        assert before.word < after.word
    for pin in pins:
        place = found.offsets[pin.word] + pin.phone
        assert found.first[place] <= pin.frame < found.last[place]


def test_what_is_too_large_to_search_is_searched_next_to_the_pins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(12)
    start, end, unsaid, unwritten = (make_words(n, rng) for n in (200, 200, 300, 300))
    said = [*start, *unwritten, *end]
    recording = record([Sound(word) for word in said], rng, sure=0.95)
    monkeypatch.setattr(blocks, "LARGEST", 1_000_000)
    monkeypatch.setattr(blocks, "EDGE", 1000)
    found = align([*start, *unsaid, *end], recording)
    truth = recording.first
    assert np.abs(found.word_first[:200] - truth[:200]).max() <= 20
    assert np.abs(found.word_first[500:] - truth[500:]).max() <= 20
    assert found.spoken[200:500].mean() < 0.05
    is_filler = np.zeros(len(recording.log_probs), bool)
    for first, last in found.fillers:
        is_filler[first:last] = True
    assert is_filler[truth[200] : truth[500]].mean() > 0.9
    assert is_filler[: truth[195]].mean() < 0.01


def test_far_more_sound_than_words_is_searched_next_to_the_pins_only() -> None:
    rng = np.random.default_rng(13)
    start, end, unwritten = (make_words(n, rng) for n in (150, 150, 1500))
    recording = record([Sound(word) for word in (*start, *unwritten, *end)], rng, sure=0.95)
    script, hearing = spell_script([[w] for w in (*start, *end)]), hear(recording.log_probs)
    cut = list(cut_blocks(script, find_pins(script, hearing), hearing))
    [gap] = [block for block in cut if (block.frames == NO_FRAME).any()]
    assert len(gap.frames) < 0.5 * (recording.first[1650] - recording.first[150])
    found = align([*start, *end], recording)
    assert np.abs(found.word_first[:150] - recording.first[:150]).max() <= 20
    assert np.abs(found.word_first[150:] - recording.first[1650:]).max() <= 20


def test_a_sentence_is_found_in_a_long_talk_without_any_pin() -> None:
    rng = np.random.default_rng(14)
    said = make_words(2000, rng)
    recording = record([Sound(word) for word in said], rng, sure=0.92)
    text = said[1200:1208]
    script, hearing = spell_script([[word] for word in text]), hear(recording.log_probs)
    assert find_pins(script, hearing) == ()
    [block] = cut_blocks(script, (), hearing)
    assert len(block.frames) < 0.2 * len(recording.log_probs)
    found = align(text, recording)
    assert np.abs(found.word_first - recording.first[1200:1208]).max() <= 20


def test_speech_is_one_stretch_across_a_breath_but_not_across_a_pause() -> None:
    speech = np.full(120, -9.0, np.float32)
    for first, last in ((10, 40), (43, 70), (100, 102)):
        speech[first:last] = 0.0
    silence = np.where(speech < -1, 0.0, -9.0).astype(np.float32)
    none = np.zeros(0, np.int32)
    hearing = Hearing(silence, speech, none.astype(np.uint8), none, none)
    everywhere = np.ones(120, bool)
    assert speech_stretches(hearing, everywhere, 1.0, 40.0) == [(10, 70)]
    assert speech_stretches(hearing, everywhere, 1.0, 20.0) == [(10, 40), (43, 70)]
    assert speech_stretches(hearing, ~everywhere, 1.0, 20.0) == []
