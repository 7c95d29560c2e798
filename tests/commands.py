"""The command line in a process of its own, as a user runs it, for tests of commands."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

ONE_LINE_ERROR = "error: "
_NO_VOICES = Path(__file__).resolve().parent / "no such folder"  # never the user's own voices


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int
    stdout: str
    stderr: str


def subtools(*arguments: str | Path, env: dict[str, str] | None = None) -> Outcome:
    """Run the command and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "subtools", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        env=environment(env or {}),
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def environment(changed: dict[str, str]) -> dict[str, str]:
    """Return the environment in which commands are tested."""
    plain = {"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    return {**os.environ, **plain, "SUBTOOLS_DATA_DIR": str(_NO_VOICES), **changed}


def assert_one_line_error(outcome: Outcome, *parts: str) -> None:
    assert outcome.status == 1, outcome
    lines = [line for line in outcome.stderr.splitlines() if line.startswith(ONE_LINE_ERROR)]
    assert len(lines) == 1, outcome.stderr
    assert "Traceback" not in outcome.stderr
    for part in parts:
        assert part in lines[0], lines[0]


def write_wav(path: Path, samples: npt.NDArray[Any]) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())
    return path
