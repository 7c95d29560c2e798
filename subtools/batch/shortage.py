"""A full disk: no fault of a job, so it is told apart from what is, with how much is free where."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from subtools.batch.values import Failure, Kind
from subtools.places import WORK_FOLDER
from subtools.store import FULL, is_full

_ENOUGH = 1 << 20  # bytes; less is called full: what a run notes about itself needs some
_HINT = "free some space, an hour of sound takes 190 MB meanwhile; the same command goes on"
_UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def explain_failure(kind: Kind, error: BaseException, place: Path) -> Failure | None:
    """Return what ``error`` means for a step, if it comes of a full disk; else None.

    Args:
        kind: The step.
        error: What it ended with.
        place: Where it wrote.
    """
    if not is_full(error):
        return None
    return Failure(kind, _tell_shortage(_places(error, place)), may_pass=True, is_full=True)


def has_space(folder: Path) -> bool:
    """Return whether a megabyte can be written to ``folder``; free bytes do not tell of quotas."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_ENOUGH))
    except OSError as error:
        return error.errno not in FULL
    return True


def _tell_shortage(places: Iterable[Path]) -> str:
    """Return that the disk is full, and where: of ``places``, the one with the least room."""
    disks: dict[int, Path] = {}
    for folder in map(_nearest, places):
        disks.setdefault(folder.stat().st_dev, folder)
    free, folder = min((_free(folder), folder) for folder in disks.values())
    room = f"{_say_size(free)} free in {folder} without what this step wrote"
    return f"the disk is full: {room} ({_HINT})"


def _places(error: BaseException, place: Path) -> list[Path]:
    """Return where it may be full: where the step wrote, where ``error`` says, temporary files."""
    named = [getattr(error, "path", None), getattr(error, "filename", None)]
    found = [Path(name) for name in named if isinstance(name, str | Path)]
    with suppress(OSError):
        found.append(Path(tempfile.gettempdir()))
    found += [Path(os.environ["TMPDIR"])] if "TMPDIR" in os.environ else []
    return [place, *found]


def _nearest(path: Path) -> Path:
    """Return a folder that exists, which a person knows: the library, not its work folder."""
    parts = path.absolute().parts
    if WORK_FOLDER in parts:
        path = Path(*parts[: parts.index(WORK_FOLDER)])
    return next(folder for folder in (path, *path.absolute().parents) if folder.is_dir())


def _free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _say_size(size: int) -> str:
    """Return a number of bytes for people.

    >>> _say_size(0), _say_size(12_345_678)
    ('0 bytes', '12.3 MB')
    """
    for unit, factor in _UNITS:
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} bytes"
