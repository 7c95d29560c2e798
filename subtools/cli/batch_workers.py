"""How many worker processes there are to be."""

from __future__ import annotations

import os

from subtools.batch import Device
from subtools.whisper import find_cuda


def count_cards(device: Device) -> int:
    """Return how many graphics cards there are to share; 0 if none is used."""
    cuda = find_cuda() if device.kind == "cuda" else None
    return cuda.count if cuda else 0


def count_workers(threads: int, fitting: int, most: int = 0) -> int:
    """Return how many workers of so many threads suit the cores, the memory and the cards.

    Args:
        threads: Of each.
        fitting: How many fit into the memory.
        most: How many the graphics cards take; 0: any number.
    """
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(cores // threads, fitting, most or cores))
