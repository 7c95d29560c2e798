"""Finished parts of long works on disk, so that an interrupted run can go on."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from subtools.errors import OutputError
from subtools.places import CACHE_VARIABLE

TITLE_FILE = "title.txt"  # what a person calls the work
MOST_HEARD = 2_000_000_000  # bytes of what was heard; an hour of a talk takes 160 MB
_IN_USE = 86_400.0  # s; a work that was used more lately may be in use
_HINT = f"name a folder that can be written to in the environment variable {CACHE_VARIABLE}"


class KeptWork:
    """Works of which parts are kept, each in its folder, until their results are written.

    Two runs of the same work may share its folder: both write the same.

    Attributes:
        reused: How many parts were there already.
        written: How many parts this run has kept.
    """

    def __init__(self, folder: Path, title: str = "") -> None:
        """Keep works in folders under ``folder``, which need not exist.

        Args:
            folder: Where.
            title: What a person calls the work, such as the name of a file.
        """
        self.reused = self.written = 0
        self._folder = folder
        # A file name need not be text.
        self._title = title.encode("utf-8", "backslashreplace").decode("utf-8")
        self._opened: set[Path] = set()

    def __call__(self, key: str, /) -> KeptParts:
        """Return the parts of the work that ``key`` identifies."""
        folder = self._folder / hashlib.sha256(key.encode()).hexdigest()[:20]
        self._opened.add(folder)
        return KeptParts(self, folder, self._title)

    def discard(self) -> None:
        """Remove what was kept; for when the results are written."""
        for folder in self._opened:
            shutil.rmtree(folder, ignore_errors=True)  # `cache clear` says what is left

    def make_room(self, most: int) -> None:
        """Remove the works that were used longest ago until all have ``most`` bytes together.

        Those of this run stay, and those that somebody may be using.
        """
        for folder in self._opened:
            with suppress(OSError):
                os.utime(folder)
        works = sorted(_weigh(self._folder))
        total = sum(size for _, size, _ in works)
        for used, size, folder in works:
            if total <= most:
                return
            if folder not in self._opened and time.time() - used > _IN_USE:
                shutil.rmtree(folder, ignore_errors=True)
                total -= size


def _weigh(folder: Path) -> Iterator[tuple[float, int, Path]]:
    """Yield when each work below ``folder`` was used last, its bytes, and where it is."""
    with suppress(OSError):
        for work in sorted(folder.iterdir()):
            with suppress(OSError):
                sizes = [file.stat().st_size for file in work.iterdir()]
                yield work.stat().st_mtime, sum(sizes), work


class KeptParts:
    """The parts of one work, each a file that begins with the digest of its text."""

    def __init__(self, work: KeptWork, folder: Path, title: str) -> None:
        """Keep parts of ``work`` in ``folder``."""
        self._work = work
        self._folder = folder
        self._title = title

    def read(self, name: str, /) -> str | None:
        """Return what was kept under ``name``; None if nothing whole was."""
        try:
            digest, _, text = self._path(name).read_text(encoding="utf-8").partition("\n")
        except (OSError, UnicodeDecodeError):  # not there, or broken: the work is done again
            return None
        if digest != _digest(text):  # the power went out
            return None
        self._work.reused += 1
        return text

    def write(self, name: str, text: str, /) -> None:
        """Keep ``text`` under ``name``; it is never seen half-written.

        Raises:
            OutputError: If the system refuses.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _put(self._folder / TITLE_FILE, self._title)
            _put(self._path(name), f"{_digest(text)}\n{text}")
        except OSError as error:
            reason = error.strerror or str(error)
            raise OutputError(
                f"what is recognised cannot be kept: {reason}", path=self._folder, hint=_HINT
            ) from error
        self._work.written += 1

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.part"


def _put(path: Path, text: str) -> None:
    temporary = path.with_name(f".{secrets.token_hex(8)}")
    try:
        temporary.write_bytes(text.encode())
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
