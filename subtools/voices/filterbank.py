"""Samples to log-mel bands as Kaldi makes them, which the embeddings were trained on."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from subtools.core import SAMPLE_RATE

BANDS = 80
_WINDOW, _HOP = 400, 160  # samples: 25 and 10 ms


def count_frames(samples: int) -> int:
    """Return how many frames fit into ``samples``.

    >>> count_frames(24_000)
    148
    """
    return max(0, 1 + (samples - _WINDOW) // _HOP)


def compute_bands(sound: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the bands of every 10 ms of ``sound``, the mean of each taken off: (frames, 80).

    What is not a number counts as silence. Samples are in -1..1, not 16-bit steps: the
    loudness itself goes with the mean, but Kaldi's floor below the logarithm does not.
    Source: ``speakerlab/process/processor.py`` of github.com/modelscope/3D-Speaker.
    """
    import kaldi_native_fbank

    extractor = kaldi_native_fbank.OnlineFbank(_options())
    extractor.accept_waveform(SAMPLE_RATE, np.nan_to_num(sound, posinf=0.0, neginf=0.0))
    extractor.input_finished()
    frames = range(extractor.num_frames_ready)
    bands = np.stack([extractor.get_frame(frame) for frame in frames])
    return np.asarray(bands - bands.mean(axis=0), np.float32)


def _options() -> Any:
    """Return Kaldi's defaults but for the number of bands, and without random noise."""
    import kaldi_native_fbank

    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.dither = 0.0
    options.mel_opts.num_bins = BANDS
    return options
