"""Sound to posteriors, window by window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt

from subtools.acoustics.network import Network, load_network
from subtools.core import (
    ENCODER_WINDOW,
    FRAME,
    SAMPLE_RATE,
    Audio,
    Encoder,
    Posteriors,
    Progress,
    Span,
    no_progress,
)
from subtools.phonetics import PHONE_INDEX, PHONES, SILENCE

MARGIN = 1.0  # s at a window's ends whose states are not used: they lack one side's sound
STRIDE = ENCODER_WINDOW - 2 * MARGIN  # s
BATCH = 2  # windows encoded together; more gains nothing on two cores
FLOOR = -100.0  # dB; the level of digital silence
INAUDIBLE = -85.0  # dB; less than the last bit of a 16-bit file's noise: nothing is heard in it
_FRAME_SAMPLES = round(FRAME * SAMPLE_RATE)


class Classifier(Protocol):
    """Anything that tells which sound is heard when."""

    def __call__(self, audio: Audio, /, *, progress: Progress = no_progress) -> Posteriors:
        """Return the posteriors of ``audio``, one row for every whole 10 ms."""


def load_classifier(encode: Encoder, *, batch: int | None = None) -> Classifier:
    """Return the phone classifier over an encoder.

    Args:
        encode: The encoder of the model that the classifier was trained on: Whisper base,
            which comes with subtools, in 8-bit integers.
        batch: Windows encoded together; None: what suits a processor.
    """
    network = load_network()

    def classify(audio: Audio, /, *, progress: Progress = no_progress) -> Posteriors:
        return classify_sound(audio, encode, network, batch=batch or BATCH, progress=progress)

    return classify


def classify_sound(
    audio: Audio,
    encode: Encoder,
    network: Network,
    *,
    batch: int = BATCH,
    progress: Progress = no_progress,
) -> Posteriors:
    """Return the posteriors of ``audio``; memory beyond them does not grow with its length.

    Windows that are silent throughout are not encoded.
    """
    frames = len(audio.samples) // _FRAME_SAMPLES
    level = _measure_level(audio, frames)
    log_probs = np.full((frames, len(PHONES)), -20.0, np.float16)
    log_probs[:, PHONE_INDEX[SILENCE]] = 0.0
    two_voices = np.zeros(frames, np.float16)
    starts = [s for s in _window_starts(frames) if _is_audible(level, s)]
    for first in range(0, len(starts), batch):
        some = starts[first : first + batch]
        encoded = encode(np.stack([_cut_window(audio, start) for start in some]))
        for start, mel, states in zip(some, encoded.mels, encoded.states, strict=True):
            found, both = network(mel, states)
            keep = _kept_frames(start, frames)
            where = slice(start + keep.start, start + keep.stop)
            log_probs[where], two_voices[where] = found[keep], both[keep]
        progress("listening", min(frames, some[-1] + _STRIDE_FRAMES) * FRAME, audio.duration)
    progress("listening", audio.duration, audio.duration)
    return Posteriors(log_probs, two_voices, level)


_STRIDE_FRAMES, _MARGIN_FRAMES = round(STRIDE / FRAME), round(MARGIN / FRAME)
_WINDOW_FRAMES = round(ENCODER_WINDOW / FRAME)


def _window_starts(frames: int) -> Iterator[int]:
    """Yield the first frame of each window; the first one begins before the sound."""
    yield from range(-_MARGIN_FRAMES, frames - _MARGIN_FRAMES, _STRIDE_FRAMES)


def _kept_frames(start: int, frames: int) -> slice:
    """Return which of a window's frames are used."""
    return slice(_MARGIN_FRAMES, min(_MARGIN_FRAMES + _STRIDE_FRAMES, frames - start))


def _is_audible(level: npt.NDArray[np.float32], start: int) -> bool:
    return bool((level[max(0, start) : start + _WINDOW_FRAMES] > INAUDIBLE).any())


def _cut_window(audio: Audio, start: int) -> npt.NDArray[np.float32]:
    """Return the samples of a window; silence where it reaches beyond the sound."""
    window = np.zeros(ENCODER_WINDOW * SAMPLE_RATE, np.float32)
    lead = max(0, -start) * _FRAME_SAMPLES
    begin = max(0, start) * FRAME
    piece = audio.slice(Span(begin, max(begin, (start + _WINDOW_FRAMES) * FRAME)))
    window[lead : lead + len(piece)] = piece
    return window


def _measure_level(audio: Audio, frames: int) -> npt.NDArray[np.float32]:
    """Return the level of each frame in dB (10 log10 of the mean square)."""
    level = np.empty(frames, np.float32)
    for first in range(0, frames, _WINDOW_FRAMES):
        last = min(first + _WINDOW_FRAMES, frames)
        samples = audio.samples[first * _FRAME_SAMPLES : last * _FRAME_SAMPLES]
        scaled = samples.reshape(-1, _FRAME_SAMPLES).astype(np.float32) / 32768.0
        level[first:last] = 10 * np.log10(np.mean(scaled**2, axis=1) + 10 ** (FLOOR / 10))
    return level
