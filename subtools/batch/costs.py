"""How much memory a step needs, so that what runs together fits.

Measured by ``scripts/measure_steps.py``; docs/scale.md has the figures.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from subtools.batch.values import Kind
from subtools.core import Seconds
from subtools.errors import DocumentError
from subtools.models import BUNDLED, find_model

MEGABYTE = 1 << 20
WORKER = 900 * MEGABYTE  # a process that has both models of Whisper base and the voices
_JUDGE = 250 * MEGABYTE  # Whisper base once more, to be asked how likely texts are
_UNKNOWN: Seconds = 3600.0  # what is assumed of a sound whose length nobody knows yet
_LOADED = 1.5  # of its file, that another model takes: weights, and room to work
# Beyond that, for an hour of sound; mapped files, which the system may take back, are counted.
_AN_HOUR: Mapping[Kind, int] = {
    Kind.ENCODE: 300 * MEGABYTE,
    Kind.SITE: 500 * MEGABYTE,
    Kind.RECOGNISE: 300 * MEGABYTE,
    Kind.ALIGN: 150 * MEGABYTE,
    Kind.DIARIZE: 200 * MEGABYTE,
    Kind.NAME: 60 * MEGABYTE,
    Kind.TOPICS: 60 * MEGABYTE,
    Kind.CLEAN: 300 * MEGABYTE,
    Kind.OUTPUTS: 150 * MEGABYTE,
}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([KMGT]?)i?B?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([smh])", re.IGNORECASE)
_CLOCK = {"s": 1.0, "m": 60.0, "h": 3600.0}
_LEAST_TIME: Seconds = 7200.0
_SLOWEST = 10.0
_SPARED = 0.8  # of the memory there is; the rest is the system's, and the files' cache


def estimate_memory(kind: Kind, seconds: Seconds | None) -> int:
    """Return the bytes that a step needs beyond its process, about."""
    length = _UNKNOWN if seconds is None else seconds
    return round(_AN_HOUR.get(kind, 0) * length / 3600)


def estimate_worker(models: Iterable[str], *, cleans: bool = False) -> int:
    """Return the bytes that a process needs whose jobs use ``models``, one at a time.

    Args:
        models: Names of models.
        cleans: Whether a job is cleaned: the recogniser's model is loaded once more for that.

    Raises:
        ModelError: If one of them cannot be found.
    """
    others = [find_model(name) / "model.bin" for name in set(models) if name != BUNDLED]
    largest = round(_LOADED * max((path.stat().st_size for path in others), default=0))
    return WORKER + largest + (max(_JUDGE, largest) if cleans else 0)


def parse_size(text: str) -> int:
    """Return the bytes that ``text`` means, such as ``8G``.

    >>> parse_size("512M"), parse_size("1.5 GB")
    (536870912, 1610612736)

    Raises:
        DocumentError: If it means none.
    """
    found = _SIZE.fullmatch(text.strip())
    size = float(found[1]) * _UNITS[found[2].lower()] if found else 0.0
    if size < 1:
        raise DocumentError(f"{text!r} is no size", hint="give one such as 8G or 512M")
    return round(size)


def parse_duration(text: str) -> Seconds:
    """Return the seconds that ``text`` means, such as ``90m``.

    >>> parse_duration("45s"), parse_duration("90m"), parse_duration("1.5 h")
    (45.0, 5400.0, 5400.0)

    Raises:
        DocumentError: If it means none.
    """
    found = _DURATION.fullmatch(text.strip())
    seconds = float(found[1]) * _CLOCK[found[2].lower()] if found else 0.0
    if seconds <= 0:
        raise DocumentError(f"{text!r} is no time", hint="give one such as 30m or 6h")
    return seconds


def usual_limit(sound: Seconds | None) -> Seconds:
    """Return how long a step may take where nobody says, by the length of its sound.

    The slowest step with the bundled model, recognition on one thread, takes a tenth of the
    length of its sound (docs/scale.md); a hundred times that hurries no larger model.

    >>> usual_limit(3600.0) / 3600
    12.0
    """
    return _LEAST_TIME + _SLOWEST * (_UNKNOWN if sound is None else sound)


def usable_memory() -> int:
    """Return the bytes of memory that a batch may use where nobody says: of what is there."""
    limits = [_installed(), *_limits_of_group()]
    return round(_SPARED * min(limits))


def _installed() -> int:
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 8 << 30


def _limits_of_group() -> list[int]:
    """Return what the container allows, in which this may run."""
    found = []
    for name in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            text = Path(name).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if text.isdecimal():
            found.append(int(text))
    return found
