"""Sound to posteriors: in windows, in step with the sound, and really hearing the phones."""

from __future__ import annotations

from importlib import resources
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.acoustics import load_classifier
from subtools.acoustics.classifying import classify_sound
from subtools.acoustics.network import load_network
from subtools.core import FRAME, SAMPLE_RATE, Audio, Encoded, Posteriors
from subtools.models import bundled_model
from subtools.phonetics import NOISE, PHONE_INDEX, PHONES, SILENCE
from subtools.whisper import load_encoder

NETWORK = load_network()


def tone(seconds: float) -> Audio:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return Audio((8000 * np.sin(2 * np.pi * 440 * time)).astype(np.int16))


def clock_encoder(windows: np.ndarray) -> Encoded:
    """Put the mean of every 20 ms of the window into the first state."""
    means = windows.reshape(len(windows), -1, 320).mean(axis=2)
    states = np.zeros((*means.shape, 512), np.float32)
    states[:, :, 0] = means
    mels = np.zeros((len(windows), 2 * means.shape[1], 80), np.float32)
    return Encoded(mels, states)


class ClockNetwork:
    """Passes the first state on as the probability of two voices."""

    def __call__(self, mel: np.ndarray, states: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return np.zeros((len(mel), len(PHONES)), np.float32), np.repeat(states[:, 0], 2)


def test_the_weights_are_small_enough_to_ship() -> None:
    weights = resources.files("subtools.acoustics") / "weights.npz"
    assert len(weights.read_bytes()) < 2_000_000


def test_the_network_gives_probabilities_for_every_class() -> None:
    rng = np.random.default_rng(0)
    mel = rng.normal(size=(40, 80)).astype(np.float32)
    states = rng.normal(size=(20, 512)).astype(np.float32)
    log_probs, both = NETWORK(mel, states)
    assert log_probs.shape == (40, len(PHONES))
    assert np.allclose(np.exp(log_probs).sum(axis=1), 1.0, atol=1e-4)
    assert ((both >= 0) & (both <= 1)).all()


@given(st.integers(0, 70 * 100))
def test_every_whole_frame_of_the_sound_has_its_row_wherever_windows_meet(frames: int) -> None:
    ramp = np.repeat(np.linspace(1000, 20000, frames + 1).astype(np.int16), 160)[:-80]
    found = classify_sound(Audio(ramp), clock_encoder, ClockNetwork())  # type: ignore[arg-type]
    assert len(found.log_probs) == len(found.level) == len(found.two_voices) == frames
    expected = ramp[: frames * 160].reshape(-1, 160).mean(axis=1) / 32768
    step = 20000 / 32768 / max(1, frames)
    assert np.allclose(found.two_voices[:-1], expected[:-1], atol=step + 2e-3)


def test_silent_windows_are_not_encoded() -> None:
    def refuse(windows: np.ndarray) -> Encoded:
        raise AssertionError(f"encoded {len(windows)} windows of silence")

    found = classify_sound(Audio(np.zeros(90 * SAMPLE_RATE, np.int16)), refuse, NETWORK)
    assert (found.log_probs.argmax(axis=1) == PHONE_INDEX[SILENCE]).all()
    assert np.allclose(found.level, -100)


def test_only_the_windows_with_sound_are_encoded() -> None:
    counted: list[int] = []

    def count(windows: np.ndarray) -> Encoded:
        counted.append(len(windows))
        return clock_encoder(windows)

    samples = np.zeros(300 * SAMPLE_RATE, np.int16)
    samples[: 10 * SAMPLE_RATE] = tone(10).samples
    classify_sound(Audio(samples), count, ClockNetwork())  # type: ignore[arg-type]
    assert sum(counted) == 1


def test_progress_reaches_the_end() -> None:
    told: list[tuple[str, float, float]] = []
    network = ClockNetwork()
    classify_sound(tone(65), clock_encoder, network, progress=lambda *a: told.append(a))  # type: ignore[arg-type]
    assert told[-1] == ("listening", 65.0, 65.0)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


@pytest.fixture(scope="module")
def clip_posteriors(clip_sound: Audio) -> Posteriors:
    return load_classifier(load_encoder(bundled_model()))(
        Audio(clip_sound.samples[: 62 * SAMPLE_RATE])
    )


@pytest.mark.model
def test_the_opening_of_the_clip_is_heard_phone_by_phone(clip_posteriors: Posteriors) -> None:
    from rapidfuzz.distance import Levenshtein

    best = clip_posteriors.log_probs[1255:1500].argmax(axis=1)
    runs = [PHONES[k] for k, run in groupby(best.tolist()) if len(list(run)) >= 2]
    heard = [phone for phone in runs if phone not in {SILENCE, NOISE}]
    spoken = "sh ou x ian uo x iang uen g e uei j ia b in".replace("uen", "un").replace("uei", "ui")
    assert Levenshtein.normalized_similarity(heard, spoken.split()) > 0.7


@pytest.mark.model
def test_music_and_applause_are_not_taken_for_speech(clip_posteriors: Posteriors) -> None:
    best = clip_posteriors.log_probs.argmax(axis=1)
    no_speech = {PHONE_INDEX[SILENCE], PHONE_INDEX[NOISE]}
    music = best[50:1200]
    assert np.isin(music, list(no_speech)).mean() > 0.95


@pytest.mark.model
def test_a_later_start_moves_the_posteriors_and_nothing_else(clip_sound: Audio) -> None:
    classify = load_classifier(load_encoder(bundled_model()))
    piece = clip_sound.samples[12 * SAMPLE_RATE : 60 * SAMPLE_RATE]
    shift = 1234  # frames
    later = np.concatenate([np.zeros(shift * 160, np.int16), piece])
    here = classify(Audio(piece)).log_probs.argmax(axis=1)
    there = classify(Audio(later)).log_probs.argmax(axis=1)[shift:]
    assert (here == there).mean() > 0.9


def test_the_length_is_told_in_seconds() -> None:
    found = classify_sound(tone(3.456), clock_encoder, NETWORK)
    assert found.duration == pytest.approx(345 * FRAME)
