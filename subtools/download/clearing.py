"""What killed and failed fetches left, and whether it may go: what still runs keeps its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from subtools.download.folders import empty, held


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A fetch that did not end.

    Attributes:
        key: Name of the video and the part.
        size: Bytes that are there.
        is_running: Whether a run is at it right now.
    """

    key: str
    size: int
    is_running: bool


def list_unfinished(work: Path) -> tuple[Unfinished, ...]:
    """Return the fetches in ``work`` that did not end, by name."""
    if not work.is_dir():
        return ()
    found = []
    for place in sorted(path for path in work.iterdir() if path.is_dir()):
        with held(work, place.name) as is_ours:
            size = sum(path.stat().st_size for path in place.iterdir() if path.is_file())
            found.append(Unfinished(place.name, size, is_running=not is_ours))
    return tuple(found)


def discard(work: Path, key: str) -> bool:
    """Remove what is left of the fetch ``key``; return whether that was allowed."""
    with held(work, key) as is_ours:
        if is_ours:
            empty(work / key)
            (work / key).rmdir()
        return is_ours


@contextmanager
def all_or_none(targets: Iterable[Path]) -> Iterator[None]:
    """Return a context that removes those of ``targets`` that are new if it ends early."""
    new = [path for path in targets if not path.exists()]
    is_done = False
    try:
        yield
        is_done = True
    finally:
        for path in () if is_done else new:
            with suppress(OSError):
                path.unlink()
