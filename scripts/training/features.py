"""Scenes to what the classifier sees of them, made once and kept in files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from scripts.training.scenes import make_scene
from scripts.training.voices import Speech
from subtools.models import bundled_model
from subtools.whisper import load_encoder

BATCH = 4  # scenes encoded together


def write_features(
    folder: Path, name: str, pool: Sequence[Speech], count: int, *, threads: int | None = None
) -> None:
    """Write the features of ``count`` scenes to ``folder``, in files of ``BATCH``.

    A file that is there already is left as it is, so that an interrupted run goes on.
    """
    encode = load_encoder(bundled_model(), threads=threads)
    for first in range(0, count, BATCH):
        path = folder / f"{name}-{first:05}.npz"
        if path.exists():
            continue
        scenes = [
            make_scene(pool, np.random.default_rng([first + k, len(name)])) for k in range(BATCH)
        ]
        encoded = encode(np.stack([scene.samples for scene in scenes]))
        partial = path.with_suffix(".part.npz")
        np.savez(
            partial,
            mels=encoded.mels.astype(np.float16),
            states=encoded.states.astype(np.float16),
            labels=np.stack([scene.labels for scene in scenes]).astype(np.int16),
            two_voices=np.stack([scene.two_voices for scene in scenes]),
        )
        partial.replace(path)
