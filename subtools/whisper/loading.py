"""The model in memory, for recognition or for its encoder alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from subtools.errors import ModelError


def load_model(
    folder: Path, *, threads: int | None, device: str = "cpu", compute_type: str | None = None
) -> Any:
    """Return faster-whisper's model in ``folder``, in 8-bit integers on a processor.

    Args:
        folder: A model in CTranslate2's format.
        threads: Processor threads, no more than there are cores; None means all.
        device: ``cpu``, ``cuda`` or ``auto``.
        compute_type: CTranslate2's name for the kind of numbers; None: what suits the device.

    Raises:
        ModelError: If the model cannot be loaded.
    """
    from faster_whisper import WhisperModel

    cores = os.cpu_count() or 1
    try:
        return WhisperModel(
            str(folder),
            device=device,
            compute_type=compute_type or ("int8" if device == "cpu" else "default"),
            cpu_threads=min(threads or cores, cores),
            local_files_only=True,
        )
    except (RuntimeError, ValueError, OSError) as error:
        raise ModelError(
            f"the model cannot be loaded: {error}",
            hint="give the folder of a faster-whisper (CTranslate2) model, or use --model base",
            path=folder,
        ) from error
