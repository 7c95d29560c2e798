"""Embeddings of voices, and the speakers of short windows, by the models that ship."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import (
    SAMPLE_RATE,
    SHORTEST_VOICE,
    Audio,
    Embedder,
    LocalSpeakers,
    Segmenter,
    Span,
)
from subtools.errors import ModelError
from subtools.voices import EMBEDDING_SIZE, load_embedder, load_segmenter
from subtools.voices.filterbank import BANDS, compute_bands, count_frames
from subtools.voices.segmenting import FRAME_STEP, WINDOW, window_starts
from subtools.voices.sessions import load_session, open_session

PACKAGE = Path(__file__).resolve().parent.parent / "subtools" / "voices"
WINDOW_SAMPLES = round(WINDOW * SAMPLE_RATE)
Floats = npt.NDArray[np.float32]


@pytest.fixture(scope="session")
def embed() -> Embedder:
    return load_embedder(threads=1)


@pytest.fixture(scope="session")
def segment() -> Segmenter:
    return load_segmenter(threads=1)


def turns_of(reference: Path) -> dict[str, list[Span]]:
    """Return when each speaker of the clip speaks."""
    turns: dict[str, list[Span]] = {}
    for turn in json.loads(reference.read_text(encoding="utf-8"))["turns"]:
        turns.setdefault(turn["speaker"], []).append(Span(turn["start"], turn["end"]))
    return turns


def pieces_of(audio: Audio, spans: Sequence[Span], *, seconds: float = 3.0) -> list[Floats]:
    """Return up to eight pieces of ``spans``, spread over them."""
    starts = [
        span.start + seconds * k for span in spans for k in range(int(span.duration // seconds))
    ]
    chosen = starts[:: max(1, len(starts) // 8)][:8]
    return [audio.slice(Span(start, start + seconds)) for start in chosen]


def noise(seconds: float, *, seed: int = 1) -> Floats:
    samples = np.random.default_rng(seed).normal(0, 0.1, round(seconds * SAMPLE_RATE))
    return samples.astype(np.float32)


# --- the bands


def test_bands_are_one_row_for_ten_milliseconds_without_their_mean() -> None:
    bands = compute_bands(noise(1.5))
    assert bands.shape == (148, BANDS)
    assert bands.dtype == np.float32
    assert np.abs(bands.mean(axis=0)).max() < 1e-4


@given(st.integers(400, 20_000))
def test_the_number_of_frames_is_known_beforehand(samples: int) -> None:
    assert len(compute_bands(np.ones(samples, np.float32))) == count_frames(samples)


def test_a_tone_is_in_the_band_of_its_frequency() -> None:
    silence = np.zeros(SAMPLE_RATE, np.float32)
    tone = np.sin(2 * np.pi * 1000 * np.arange(SAMPLE_RATE) / SAMPLE_RATE).astype(np.float32)
    bands = compute_bands(np.concatenate([silence, tone]))
    mel = 1127 * np.log1p(np.array([20.0, 1000.0, 8000.0]) / 700)
    expected = (mel[1] - mel[0]) / (mel[2] - mel[0]) * (BANDS + 1) - 1
    assert bands[150].argmax() == pytest.approx(expected, abs=1)


# --- embeddings


def test_embeddings_are_of_unit_length_and_in_the_order_of_the_sounds(embed: Embedder) -> None:
    sounds = [noise(seconds, seed=k) for k, seconds in enumerate((1.0, 0.5, 1.0, 2.5, 0.5))]
    together = embed(sounds)
    assert together.shape == (5, EMBEDDING_SIZE)
    assert together.dtype == np.float32
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)
    alone = np.concatenate([embed([sound]) for sound in sounds])
    assert together == pytest.approx(alone, abs=1e-4)


def test_no_sound_gives_no_embedding(embed: Embedder) -> None:
    assert embed([]).shape == (0, EMBEDDING_SIZE)


def test_the_same_sound_gives_the_same_embedding(embed: Embedder) -> None:
    sounds = [noise(1.5, seed=k) for k in range(3)]
    assert embed(sounds).tobytes() == embed(sounds).tobytes()


@pytest.mark.parametrize("seconds", [0.0, 0.01, SHORTEST_VOICE - 0.001])
def test_a_sound_that_is_too_short_is_refused(embed: Embedder, seconds: float) -> None:
    with pytest.raises(ValueError, match=r"0\.25 s of samples"):
        embed([noise(1.0), noise(seconds)])


def test_sound_in_two_channels_is_refused(embed: Embedder) -> None:
    with pytest.raises(ValueError, match="shape"):
        embed([np.zeros((SAMPLE_RATE, 2), np.float32)])


def test_the_shortest_sound_has_an_embedding(embed: Embedder) -> None:
    assert np.isfinite(embed([noise(SHORTEST_VOICE)])).all()


@pytest.mark.parametrize("value", [0.0, 1.0, np.nan, np.inf, -np.inf])
def test_silence_and_broken_samples_give_numbers(embed: Embedder, value: float) -> None:
    embedding = embed([np.full(SAMPLE_RATE, value, np.float32)])
    assert np.isfinite(embedding).all()
    assert np.linalg.norm(embedding) == pytest.approx(1.0, abs=1e-5)


def test_a_broken_sample_changes_little(embed: Embedder, clip_sound: Audio) -> None:
    sound = clip_sound.slice(Span(20.0, 23.0))
    broken = sound.copy()
    broken[1000] = np.nan
    assert float(embed([sound])[0] @ embed([broken])[0]) > 0.98


def test_loudness_does_not_matter(embed: Embedder, clip_sound: Audio) -> None:
    sound = clip_sound.slice(Span(20.0, 23.0))
    loud, quiet = embed([sound, (sound / 4).astype(np.float32)])
    assert float(loud @ quiet) > 0.99


@pytest.mark.model
def test_the_same_voice_is_near_and_others_are_far(
    embed: Embedder, clip_sound: Audio, clip_reference: Path
) -> None:
    pieces = [pieces_of(clip_sound, spans) for spans in turns_of(clip_reference).values()]
    voices = [embed(found) for found in pieces if found]  # one speaker says a few words only
    assert len(voices) == 3
    same = min(float(np.min(voice @ voice.T)) for voice in voices)
    different = max(float(np.max(a @ b.T)) for a, b in combinations(voices, 2))
    assert same > different + 0.1
    assert min(float(voice.min()) for voice in voices) < -0.1  # no ReLU at the end


def run_both(seconds: float, *, sounds: int = 2) -> tuple[list[str], list[Floats], list[Floats]]:
    """Return the names of the graph's outputs, what they give for noise, and the noise."""
    session = load_session("campplus.onnx", threads=1)
    heard = [noise(seconds, seed=k) for k in range(sounds)]
    bands = np.stack([compute_bands(sound) for sound in heard])
    names = [output.name for output in session.get_outputs()]
    return names, session.run(None, {"bands": bands}), heard


@pytest.mark.parametrize("seconds", [SHORTEST_VOICE, 1.5, 7.3])
def test_the_first_output_is_the_second_without_what_is_negative(seconds: float) -> None:
    names, (embeddings, voices), _ = run_both(seconds)
    assert names == ["embedding", "voice"]
    assert embeddings.shape == voices.shape == (2, EMBEDDING_SIZE)
    assert voices.min() < -0.1
    assert np.array_equal(embeddings, np.maximum(voices, 0.0))


def test_voices_are_told_apart_by_the_form_without_the_relu(embed: Embedder) -> None:
    _, (_, voices), heard = run_both(1.5)
    lengths = np.linalg.norm(voices, axis=1, keepdims=True)
    assert embed(heard) == pytest.approx(voices / lengths, abs=1e-6)


# --- local speakers


@given(st.integers(0, 10 * WINDOW_SAMPLES), st.integers(SAMPLE_RATE, WINDOW_SAMPLES))
def test_windows_cover_the_sound_and_the_last_ends_with_it(samples: int, step: int) -> None:
    starts = window_starts(samples, step)
    assert starts[0] == 0
    assert starts[-1] == max(0, samples - WINDOW_SAMPLES)
    assert all(0 < after - before <= step for before, after in pairwise(starts))


def heard_share(found: LocalSpeakers, span: Span) -> tuple[float, float]:
    """Return how much of ``span`` one speaker is heard, and how much two, of all frames there."""
    counts = np.concatenate(
        [
            (found.probabilities[window] > 0.5).sum(axis=1)[
                (found.times(window) >= span.start) & (found.times(window) < span.end)
            ]
            for window in range(len(found.starts))
        ]
    )
    return float((counts >= 1).mean()), float((counts >= 2).mean())


@pytest.mark.model
def test_speakers_are_heard_where_they_speak(
    segment: Segmenter, clip_sound: Audio, clip_reference: Path
) -> None:
    told: list[tuple[float, float]] = []
    part = Audio(clip_sound.samples[: 45 * SAMPLE_RATE])
    found = segment(part, progress=lambda _, done, total: told.append((done, total)))
    assert found.probabilities.shape == (8, 589, 3)
    assert found.probabilities.dtype == np.float16
    assert found.starts.tolist() == [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0]
    assert float(found.probabilities.min()) >= 0.0
    assert float(found.probabilities.max()) <= 1.001
    first = min(span.start for spans in turns_of(clip_reference).values() for span in spans)
    assert heard_share(found, Span(0.0, first - 0.5))[0] < 0.2
    one, two = heard_share(found, Span(first, 40.0))
    assert one > 0.8
    assert two < 0.1
    assert told[-1] == (45.0, 45.0)


@pytest.mark.model
def test_two_voices_at_once_are_two_speakers(
    segment: Segmenter, clip_sound: Audio, clip_reference: Path
) -> None:
    first, second, *_ = (
        max(spans, key=lambda s: s.duration) for spans in turns_of(clip_reference).values()
    )
    one = clip_sound.slice(Span(first.start + 2, first.start + 12))
    other = clip_sound.slice(Span(second.start + 2, second.start + 12))
    other[: 5 * SAMPLE_RATE] = 0.0
    mixed = Audio(((one + other) / 2 * 32767).astype(np.int16))
    found = segment(mixed)
    assert heard_share(found, Span(0.5, 4.5))[1] < 0.2
    assert heard_share(found, Span(5.5, 9.5))[1] > 0.5


def test_the_frames_fill_the_window() -> None:
    found = LocalSpeakers(np.array([7.0]), np.zeros((1, 589, 3), np.float16), FRAME_STEP, 0.031)
    times = found.times(0)
    assert times[0] == pytest.approx(7.031)
    assert times[-1] == pytest.approx(17.0, abs=0.06)


@pytest.mark.parametrize("samples", [0, 1, 1000, WINDOW_SAMPLES, WINDOW_SAMPLES + 1])
def test_silence_of_any_length_has_nobody_in_it(segment: Segmenter, samples: int) -> None:
    found = segment(Audio(np.zeros(samples, np.int16)))
    assert len(found.starts) == (2 if samples > WINDOW_SAMPLES else 1)
    assert float(found.probabilities.max()) < 0.5


@pytest.mark.parametrize("step", [0.0, -1.0, 10.5, float("nan")])
def test_a_step_that_skips_sound_is_refused(step: float) -> None:
    with pytest.raises(ValueError, match="cannot move"):
        load_segmenter(step=step)


# --- the files


def test_the_models_are_small_and_their_licences_are_there() -> None:
    assert (PACKAGE / "campplus.onnx").stat().st_size < 15e6
    assert (PACKAGE / "segmentation.onnx").stat().st_size < 4e6
    assert "Apache License" in (PACKAGE / "licenses" / "campplus.txt").read_text(encoding="utf-8")
    assert "CNRS" in (PACKAGE / "licenses" / "segmentation.txt").read_text(encoding="utf-8")


def test_a_missing_model_is_reported() -> None:
    with pytest.raises(ModelError, match=r"none\.onnx.*missing or damaged.*install"):
        load_session("none.onnx")


@pytest.mark.parametrize("network", [b"", b"not a network", b"\x08\x08" + bytes(50)])
def test_a_damaged_model_is_refused(network: bytes) -> None:
    with pytest.raises(ValueError, match="no network that can be run"):
        open_session(network)


def test_a_cut_model_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = (PACKAGE / "segmentation.onnx").read_bytes()
    (tmp_path / "segmentation.onnx").write_bytes(whole[: len(whole) // 2])
    monkeypatch.setattr("importlib.resources.files", lambda _: tmp_path)
    with pytest.raises(ModelError, match="missing or damaged"):
        load_segmenter()


LISTEN = """
import numpy as np
from subtools.voices import load_embedder
load_embedder()([np.zeros(16_000, np.float32)])
"""


@pytest.mark.model
def test_the_models_keep_no_record_and_send_no_telemetry(tmp_path: Path) -> None:
    # onnxruntime writes its session file where it sets up its telemetry.
    environment = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    done = subprocess.run(
        [sys.executable, "-c", LISTEN], env=environment, check=True, capture_output=True
    )
    assert done.stdout + done.stderr == b""
    assert list(tmp_path.iterdir()) == []
