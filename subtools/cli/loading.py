"""Which module has which command, and the way into the command line."""

from __future__ import annotations

import signal
import sys
from collections.abc import Collection, Sequence
from importlib import import_module
from types import FrameType
from typing import NoReturn

from typer import Typer

from subtools import console
from subtools.cli.app import INTERRUPTED, INTERRUPTED_TEXT, app
from subtools.cli.panels import arrange_commands

HOMES = {
    "align": "captioning",
    "apply": "reviewing",
    "batch": "batching",
    "bilingual": "bilingual",
    "burn": "muxing",
    "cache": "caching",
    "caption": "captioning",
    "chapters": "outlining",
    "check": "checking",
    "clean": "cleaning",
    "concat": "parts",
    "convert": "converting",
    "diarize": "speakers",
    "fetch": "fetching",
    "index": "searching",
    "mux": "muxing",
    "name": "speakers",
    "open": "paging",
    "page": "paging",
    "plan": "batch_plans",
    "resync": "resyncing",
    "review": "reviewing",
    "scale": "editing",
    "score": "converting",
    "search": "searching",
    "serve": "serving",
    "shift": "editing",
    "split": "parts",
    "text": "texts",
    "topics": "outlining",
    "transcribe": "transcribing",
    "trim": "editing",
    "voices": "voices",
    "why": "batch_plans",
}


def load_commands(names: Collection[str] = tuple(HOMES)) -> Typer:
    """Return the application with commands; with all, if it is not said which.

    Each takes a while to import, and mostly one alone is wanted.
    """
    for home in sorted({HOMES[name] for name in names}):
        import_module(f"{__package__}.{home}")
    arrange_commands(app)
    return app


def find_wanted(arguments: Sequence[str]) -> Collection[str]:
    """Return the commands that a command line may be about.

    >>> find_wanted(["caption", "talk.txt", "--help"])
    ('caption',)
    >>> len(find_wanted(["--help"])) == len(find_wanted(["captoin"])) == len(HOMES)
    True
    """
    first = arguments[0] if arguments else ""
    if first == "--version":
        return ()
    return (first,) if first in HOMES else tuple(HOMES)


def load_asked() -> None:
    """Load the commands that the command line of this process may be about."""
    load_commands(find_wanted(sys.argv[1:]))


def main() -> None:
    """Run the command line."""
    console.use_utf8()
    for name in ("SIGTERM", "SIGHUP"):  # so that work files are removed then, too
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    try:
        load_asked()
        app()
    except KeyboardInterrupt:  # before a command has begun
        console.print_error(INTERRUPTED_TEXT)
        sys.exit(INTERRUPTED)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
