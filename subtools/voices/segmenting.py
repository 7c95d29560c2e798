"""Who of up to three speakers is heard when, in windows of ten seconds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from subtools.core import (
    SAMPLE_RATE,
    Audio,
    LocalSpeakers,
    Progress,
    Seconds,
    Segmenter,
    Span,
    no_progress,
)
from subtools.voices.sessions import load_session

WINDOW = 10.0  # s; what the network was trained on
BATCH = 4  # windows run together; more gains nothing on two cores

# The network knows seven states: nobody, one of three, two of three.
# Source: pyannote.audio, `utils/powerset.py`.
SPEAKERS_OF_STATES = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], np.float32
)
# It looks at 991 samples for a frame and goes on by 270. Source: `SincNet` of pyannote.audio.
FRAME_STEP = 270 / SAMPLE_RATE  # s
FIRST_FRAME = 991 / 2 / SAMPLE_RATE  # s; the middle of the first frame

_WINDOW_SAMPLES = round(WINDOW * SAMPLE_RATE)
_Floats = npt.NDArray[np.float32]


def load_segmenter(*, step: Seconds = 5.0, threads: int | None = None) -> Segmenter:
    """Return pyannote's segmentation model that ships with subtools.

    Args:
        step: Time from a window to the next, in seconds; ``WINDOW`` at most.
        threads: Processor threads, no more than there are cores; None means all.

    Raises:
        ModelError: If the model is missing or damaged.
        ValueError: If ``step`` is out of range.
    """
    if not 0.0 < step <= WINDOW:
        raise ValueError(f"windows cannot move by {step} s")
    session = load_session("segmentation.onnx", threads=threads)

    def segment(audio: Audio, /, *, progress: Progress = no_progress) -> LocalSpeakers:
        return segment_sound(session, audio, step=step, progress=progress)

    return segment


def segment_sound(
    session: Any, audio: Audio, *, step: Seconds, progress: Progress = no_progress
) -> LocalSpeakers:
    """Return who is heard when in each window of ``audio``; of the sound, only some is read."""
    starts = window_starts(len(audio.samples), round(step * SAMPLE_RATE))
    found: list[npt.NDArray[np.float16]] = []
    for first in range(0, len(starts), BATCH):
        batch = starts[first : first + BATCH]
        windows = np.stack([_cut_window(audio, start) for start in batch])
        (states,) = session.run(None, {"samples": windows[:, np.newaxis]})
        found.append((np.exp(states) @ SPEAKERS_OF_STATES).astype(np.float16))
        progress("telling voices apart", batch[-1] / SAMPLE_RATE, audio.duration)
    progress("telling voices apart", audio.duration, audio.duration)
    seconds = np.asarray(starts, np.float64) / SAMPLE_RATE
    return LocalSpeakers(seconds, np.concatenate(found), FRAME_STEP, FIRST_FRAME)


def window_starts(samples: int, step: int) -> list[int]:
    """Return where the windows begin, in samples; the last one ends with the sound.

    Sound shorter than a window gets one, from its beginning.
    """
    last = max(0, samples - _WINDOW_SAMPLES)
    return [*range(0, last, step), last]


def _cut_window(audio: Audio, start: int) -> _Floats:
    """Return the samples of a window; silence where it reaches beyond the sound."""
    piece = audio.slice(Span(start / SAMPLE_RATE, start / SAMPLE_RATE + WINDOW))
    return np.pad(piece, (0, _WINDOW_SAMPLES - len(piece)))
