"""What the model can run on: the processor, or CUDA with how much memory."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass

from subtools.core import Seconds

_PATIENCE: Seconds = 20.0  # for a driver that wakes up
_QUERY = ("--query-gpu=memory.total", "--format=csv,noheader,nounits")


@dataclass(frozen=True, slots=True)
class Cuda:
    """The CUDA devices of this machine.

    Attributes:
        count: How many there are.
        memory: Bytes of the smallest one; 0: nobody says.
        compute_types: CTranslate2's names for the numbers they can compute with.
    """

    count: int
    memory: int
    compute_types: frozenset[str]


def find_cuda() -> Cuda | None:
    """Return the CUDA devices that CTranslate2 can use; None if there are none."""
    import ctranslate2

    count = int(ctranslate2.get_cuda_device_count())
    if count == 0:
        return None
    types = frozenset(ctranslate2.get_supported_compute_types("cuda"))
    return Cuda(count, min(_read_memories(), default=0), types)


def parse_memories(text: str) -> tuple[int, ...]:
    r"""Return the bytes of each device in what ``nvidia-smi`` answers, in MiB a line.

    >>> parse_memories("143771\n[N/A]\n")
    (150754820096,)
    """
    return tuple(int(line) << 20 for line in text.split() if line.isdecimal())


def _read_memories() -> tuple[int, ...]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    try:
        done = subprocess.run(  # noqa: S603 - the driver's own program, no shell
            [program, *_QUERY], capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return parse_memories(done.stdout)
