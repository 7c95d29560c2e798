"""What a run did, line by line, for people and for counting; no result depends on it.

One JSON object a line: `begun`, `made`, `found`, `failed`, `crashed`, `dropped` (of steps),
`ended` (of jobs). `made` is written once a result is at its address, so no step has two of
it unless it was done twice.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any, Protocol


class Journal(Protocol):
    """Anything that takes note of what is done."""

    def __call__(self, event: str, /, **facts: Any) -> None:
        """Take note of ``event``."""


def no_journal(event: str, /, **facts: Any) -> None:
    """Ignore it."""


class FileJournal:
    """A journal in a file that only grows; several runs may write to one."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        self._is_cut = _is_cut(path)

    def __call__(self, event: str, /, **facts: Any) -> None:
        """Append a line; a full disk costs the line, not the run."""
        line = json.dumps({"at": round(time.time(), 3), "event": event, **facts}) + "\n"
        data = f"\n{line}".encode() if self._is_cut else line.encode()
        try:
            written = os.write(self._descriptor, data)
        except OSError:
            return
        self._is_cut = written < len(data) and (self._is_cut or written > 0)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def _is_cut(path: Path) -> bool:
    """Return whether the last line of a journal was not written whole."""
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def read_journal(path: Path) -> tuple[dict[str, Any], ...]:
    """Return the lines of a journal; one that a killed run left half-written is left out."""
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return tuple(found)
