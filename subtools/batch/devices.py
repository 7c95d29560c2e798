"""Which device a batch runs on, and how many windows of sound it takes at a time.

The choice is made once, before anything is planned, and is part of every job: a result of a
graphics card differs in its last digits from one of a processor.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from subtools.batch.values import Device
from subtools.errors import ModelError
from subtools.whisper import Cuda, find_cuda

SHARED_BY = 4  # processes on one device: while one decodes text, others encode
# large-v2 in float16 takes 4525 MB with one window at a time and 6090 MB with eight.
# Source: README of faster-whisper 1.1.0, "Large-v2 model on GPU".
_MODEL, _WINDOW = 4_600 << 20, 224 << 20
_FEWEST, _MOST = 4, 32  # windows; more than 32 of 30 s no talk keeps busy
_PREFERRED = ("float16", "int8_float16", "bfloat16", "float32")


class DeviceChoice(StrEnum):
    """What a person may ask for."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


def choose_device(
    choice: DeviceChoice,
    batch: int | None = None,
    find: Callable[[], Cuda | None] = find_cuda,
) -> Device:
    """Return what a batch runs on.

    Args:
        choice: What was asked for; ``auto``: CUDA where there is a device.
        batch: Windows at a time; None: by the memory of the device, or what suits a processor.
        find: Tells which CUDA devices there are.

    Raises:
        ModelError: If CUDA was asked for and there is none.
    """
    if choice is DeviceChoice.CPU:
        return Device(batch=batch)
    cuda = find()
    if cuda is None:
        if choice is DeviceChoice.CUDA:
            hint = "install NVIDIA's driver, CUDA 12 and cuDNN 9, or leave out --device"
            raise ModelError("there is no CUDA device that CTranslate2 can use", hint=hint)
        return Device(batch=batch)
    compute_type = next((name for name in _PREFERRED if name in cuda.compute_types), "default")
    return Device("cuda", compute_type, batch or fit_batch(cuda.memory))


def fit_batch(memory: int) -> int:
    """Return how many windows of the largest model fit into a device that four processes share.

    >>> [fit_batch(size << 30) for size in (0, 8, 24, 48, 80, 140)]
    [4, 4, 6, 32, 32, 32]
    """
    room = memory // SHARED_BY - _MODEL
    return max(_FEWEST, min(_MOST, room // _WINDOW))
