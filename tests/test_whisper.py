from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import SAMPLE_RATE, Audio, HeardWord, Span
from subtools.errors import MediaError, ModelError
from subtools.models import find_model
from subtools.whisper import (
    Recognizer,
    detect_speech,
    estimate_lag,
    load_whisper,
    plan_windows,
    settle_times,
)
from subtools.whisper.windows import WINDOW


def word(start: float, end: float, text: str = "好") -> HeardWord:
    return HeardWord(text, start, end, 0.9)


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return load_whisper(find_model("base"), beam_size=1)


@st.composite
def speech_spans(draw: st.DrawFn) -> list[Span]:
    """Spans as the detector gives them: in order, no longer than a window, small gaps."""
    spans, now = [], 0.0
    for gap, length in draw(
        st.lists(st.tuples(st.floats(0, 40), st.floats(0.1, WINDOW)), min_size=1, max_size=30)
    ):
        spans.append(Span(now + gap, now + gap + length))
        now = spans[-1].end
    return spans


@given(speech_spans(), st.floats(0, 5))
def test_windows_hold_all_speech_and_fit_the_model(spans: list[Span], tail: float) -> None:
    duration = spans[-1].end + tail
    windows = plan_windows(spans, duration)
    assert all(window.duration <= 30 for window in windows)
    assert all(before.end <= after.start + 1e-9 for before, after in pairwise(windows))
    assert windows[0].start >= 0
    assert windows[-1].end <= duration
    for span in spans:
        assert any(w.start <= span.start and span.end <= w.end + 1e-9 for w in windows)


def test_the_lag_of_word_times_is_measured_at_the_pauses() -> None:
    speech = [Span(3.0 * k, 3.0 * k + 2.5) for k in range(8)]
    pauses = [Span(a.end, b.start) for a, b in pairwise(speech)]
    early = [word(3.0 * k, 3.0 * k + 2.4) for k in range(8)]
    assert estimate_lag(early, pauses) == pytest.approx(0.1)
    assert estimate_lag(early, pauses[:3]) == 0.0
    assert estimate_lag([], pauses) == 0.0


def test_a_word_that_swallowed_a_pause_begins_when_the_speech_does() -> None:
    speech = [Span(0.0, 2.0), Span(3.0, 5.0)]
    [[before, after]] = settle_times([(word(1.0, 1.9), word(1.9, 3.4))], speech)
    assert (before.start, before.end) == (1.0, 1.9)
    assert (after.start, after.end) == (3.0, 3.4)


def test_a_word_that_reaches_into_a_pause_ends_with_the_speech() -> None:
    [[settled]] = settle_times([(word(1.0, 2.4),)], [Span(0.0, 2.0), Span(3.0, 5.0)])
    assert (settled.start, settled.end) == (1.0, 2.0)


def test_the_first_word_after_a_pause_begins_with_the_speech() -> None:
    speech = [Span(0.0, 2.0), Span(3.0, 5.0)]
    [[_, after, later]] = settle_times([(word(1.0, 2.0), word(3.2, 3.5), word(3.9, 4.0))], speech)
    assert (after.start, after.end) == (3.0, 3.5)
    assert later.start == 3.9


@given(
    speech_spans(),
    st.lists(st.tuples(st.floats(0, 300), st.floats(0, 9)), min_size=1, max_size=30),
)
def test_settled_words_never_end_before_they_begin(
    spans: list[Span], times: list[tuple[float, float]]
) -> None:
    segment = tuple(word(start, start + length) for start, length in sorted(times))
    [settled] = settle_times([segment], spans)
    assert all(0 <= w.start <= w.end for w in settled)


@pytest.mark.model
def test_speech_across_the_border_of_two_blocks_is_found_whole(
    clip_sound: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = detect_speech(clip_sound)
    monkeypatch.setattr("subtools.whisper.windows.VAD_BLOCK", 30.0)
    blocks = detect_speech(clip_sound)
    assert abs(sum(s.duration for s in blocks) - sum(s.duration for s in whole)) < 2.0
    assert all(before.end <= after.start for before, after in pairwise(blocks))
    assert len(blocks) == pytest.approx(len(whole), abs=3)


LISTEN = """
import numpy as np
from subtools.core import Audio
from subtools.whisper import detect_speech
detect_speech(Audio(np.zeros(16_000, np.int16)))
"""


@pytest.mark.model
def test_the_detector_keeps_no_record_and_sends_no_telemetry(tmp_path: Path) -> None:
    # onnxruntime writes its session file where it sets up its telemetry.
    environment = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    subprocess.run([sys.executable, "-c", LISTEN], env=environment, check=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.model
def test_the_language_is_found_out(clip_sound: Audio, recognizer: Recognizer) -> None:
    start = Audio(clip_sound.samples[: 40 * SAMPLE_RATE])
    recognition = recognizer(start)
    assert recognition.language == "zh"
    assert "模型" in "".join(w.text for w in recognition.words)


@pytest.mark.model
def test_the_same_sound_gives_the_same_words(clip_sound: Audio, recognizer: Recognizer) -> None:
    start = Audio(clip_sound.samples[12 * SAMPLE_RATE : 36 * SAMPLE_RATE])
    assert recognizer(start, language="zh") == recognizer(start, language="zh")


@pytest.mark.model
def test_sound_in_which_nobody_speaks_is_refused(recognizer: Recognizer) -> None:
    noise = np.random.default_rng(1).normal(0, 300, 10 * SAMPLE_RATE).astype(np.int16)
    with pytest.raises(MediaError, match="nobody speaks"):
        recognizer(Audio(noise))


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_whisper(tmp_path)
