"""A disk that is full at writes that are chosen, for code that runs in the process of a test."""

from __future__ import annotations

import builtins
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_MAKING = ("mkdir", "rename", "replace", "link")  # of ``os``; each may want a block for a name


@dataclass
class FullDisk:
    """Counts what is written below a folder, and refuses what it is told to.

    Attributes:
        folder: The folder.
        refuses: Says of the number of a write, from 0, whether there is no room for it.
        count: How many there were.
    """

    folder: Path
    refuses: Callable[[int], bool] = lambda _number: False
    count: int = 0

    def is_ours(self, path: object) -> bool:
        return isinstance(path, str | Path) and self.folder in Path(path).parents

    def has_room(self) -> bool:
        number, self.count = self.count, self.count + 1
        return not self.refuses(number)

    def take(self) -> None:
        if not self.has_room():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class _File(io.FileIO):
    """A file whose writes stop halfway where the disk is full."""

    disk: FullDisk

    def write(self, data: Any, /) -> int:
        if self.disk.has_room():
            return super().write(data)
        super().write(bytes(data)[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def full_disk(
    folder: Path, refuses: Callable[[int], bool] = lambda _number: False
) -> Iterator[FullDisk]:
    """Return a context in which writing below ``folder`` is refused as ``refuses`` says."""
    disk = FullDisk(folder, refuses)
    with pytest.MonkeyPatch.context() as patch:
        opener, write = io.open, os.write
        for name in _MAKING:
            patch.setattr(os, name, _watched(disk, getattr(os, name)))

        def open_watched(path: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
            if not (disk.is_ours(path) and set(mode) & set("wax")) or options.get("opener"):
                return opener(path, mode, *rest, **options)
            disk.take()  # for its name
            raw = _File(path, mode.replace("b", "").replace("t", ""))
            raw.disk = disk
            buffered = io.BufferedWriter(raw)
            if "b" in mode:
                return buffered
            return io.TextIOWrapper(buffered, "utf-8", newline=options.get("newline"))

        def write_watched(descriptor: int, data: bytes) -> int:
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            if not disk.is_ours(path) or disk.has_room():
                return write(descriptor, data)
            return write(descriptor, data[: len(data) // 2])  # as the system does: no error yet

        patch.setattr(io, "open", open_watched)
        patch.setattr(builtins, "open", open_watched)
        patch.setattr(os, "write", write_watched)
        yield disk


def _watched(disk: FullDisk, call: Callable[..., Any]) -> Callable[..., Any]:
    def watched(path: Any, *rest: Any, **options: Any) -> Any:
        if disk.is_ours(path):
            disk.take()
        return call(path, *rest, **options)

    return watched
