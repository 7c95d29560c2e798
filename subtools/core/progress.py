"""How far a long step has come."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told how far a long step has come."""

    def __call__(self, stage: str, done: float, total: float, /) -> None:
        """Take note that ``done`` of ``total`` (any unit) of ``stage`` is finished."""


def no_progress(stage: str, done: float, total: float, /) -> None:
    """Ignore the progress."""
