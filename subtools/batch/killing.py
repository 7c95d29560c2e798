"""A process ended with all that it has started, each by its number."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

_ENDED = 75  # exit status; nobody reads it


def kill_family(root: int) -> None:
    """End the process ``root``, and those below it, at once.

    It is stopped first, so that it starts no others meanwhile. Where the system lists no
    processes (it is not Linux), what is in its group ends with it, if it leads one.
    """
    if not hasattr(os, "killpg"):  # Windows
        _send(root, signal.SIGTERM)
        return
    _send(root, signal.SIGSTOP)
    below = find_descendants(root)
    with suppress(OSError):
        if os.getpgid(root) == root:
            os.killpg(root, signal.SIGKILL)
    for pid in (root, *below):
        _send(pid, signal.SIGKILL)


def end_myself() -> None:
    """End this process, and those below it, at once."""
    for pid in find_descendants(os.getpid()):
        _send(pid, signal.SIGKILL)
    os._exit(_ENDED)


def find_descendants(root: int) -> list[int]:
    """Return the processes below ``root``, as Linux lists them; none elsewhere."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError, ValueError):
            status = (entry / "stat").read_text("utf-8", "replace")
            parent = int(status.rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _send(pid: int, number: int) -> None:
    with suppress(OSError):
        os.kill(pid, number)
