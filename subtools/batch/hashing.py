"""Hashes of the files that jobs read, each made once as long as the file stays as it is."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from subtools.core import Seconds
from subtools.errors import OutputError, SubtoolsError
from subtools.store import hash_file, write_outputs

# A file that was changed just now may be changed again within the clock's step, unnoticed.
# FAT counts 2 s. Source: "Racy Git", Documentation/technical/racy-git.txt of git.
_FRESH: Seconds = 3.0


@dataclass(slots=True)
class Hashes:
    """SHA-256 of files.

    Attributes:
        path: Where they are kept from run to run; None: nowhere.
        known: Hashes by path, size, and times of the last change: that of the content, which
            copying and other programs put back, and that of the file's entry, which nobody can.
    """

    path: Path | None = None
    known: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def load(path: Path) -> Hashes:
        """Return what is kept at ``path``; a damaged file only costs time."""
        hashes = Hashes(path)
        with suppress(OSError, ValueError):
            found = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(found, dict):
                hashes.known = {str(key): str(value) for key, value in found.items()}
        return hashes

    def hash(self, path: Path, error: type[SubtoolsError]) -> str:
        """Return the hash of the file at ``path``.

        Raises:
            SubtoolsError: ``error``, if it cannot be read.
        """
        try:
            status = path.stat()
            times = f"{status.st_mtime_ns}\0{status.st_ctime_ns}"
            key = f"{path.absolute()}\0{status.st_size}\0{times}\0{status.st_ino}"
            if key not in self.known:
                digest = hash_file(path)
                if time.time() - status.st_mtime < _FRESH:
                    return digest
                self.known[key] = digest
            return self.known[key]
        except (FileNotFoundError, ValueError) as cause:  # the latter: a zero in its name
            raise error("no such file", hint="check the name", path=path) from cause
        except OSError as cause:
            reason = cause.strerror or os.strerror(cause.errno or 0)
            raise error(f"cannot be read: {reason}", hint="give a file", path=path) from cause

    def save(self) -> None:
        """Keep them; a disk that refuses only costs time, at the next run."""
        if self.path is None:
            return
        with suppress(OutputError):
            write_outputs({self.path: json.dumps(self.known, indent=0) + "\n"}, force=True)
