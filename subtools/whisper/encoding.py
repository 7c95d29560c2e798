"""The model's encoder by itself: windows of sound to states, without decoding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from subtools.core import ENCODER_WINDOW, Encoded, Encoder
from subtools.whisper.loading import load_model

MEL_FRAMES = ENCODER_WINDOW * 100  # one mel frame for 10 ms


def load_encoder(
    folder: Path,
    *,
    threads: int | None = None,
    device: str = "cpu",
    compute_type: str | None = None,
) -> Encoder:
    """Return the encoder of the Whisper model in ``folder``.

    Args:
        folder: A model in CTranslate2's format.
        threads: Processor threads, no more than there are cores; None means all.
        device: ``cpu``, ``cuda`` or ``auto``.
        compute_type: CTranslate2's name for the kind of numbers; None: what suits the device.

    Raises:
        ModelError: If the model cannot be loaded.
    """
    model = load_model(folder, threads=threads, device=device, compute_type=compute_type)

    def encode(windows: npt.NDArray[np.float32], /) -> Encoded:
        mels = np.stack([_mel(model, window) for window in windows])
        states = np.asarray(model.encode(mels), np.float32)
        return Encoded(mels.transpose(0, 2, 1), states)

    return encode


def _mel(model: Any, window: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the log-mel bands of one window, as Whisper was trained on."""
    mel = model.feature_extractor(window, padding=0)
    return np.ascontiguousarray(mel[:, :MEL_FRAMES], np.float32)
