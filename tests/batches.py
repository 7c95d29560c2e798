"""Batches of short jobs cut out of the clip, run as a user runs them, killed, and looked at."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from subtools.batch import read_journal
from subtools.core import SAMPLE_RATE
from tests.commands import environment, write_wav

WORK = ".subtools"
_LEAD = 0.2  # s of sound before the first clause


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of the clip with what is said in it; the text is empty where none is given."""

    sound: Path
    text: str


def cut_clip(
    samples: npt.NDArray[np.int16], reference: Path, folder: Path, count: int, *, seconds: float
) -> tuple[Cut, ...]:
    """Write ``count`` stretches of the clip; the text of each goes by the reference's clauses."""
    clauses = json.loads(reference.read_text(encoding="utf-8"))["clauses"]
    length = len(samples) / SAMPLE_RATE
    usable = [clause for clause in clauses if clause["start"] + seconds < length]
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for number, place in enumerate(np.linspace(0, len(usable) - 1, count)):
        start = usable[round(float(place))]["start"] - _LEAD
        name = folder / f"cut-{number:03}.wav"
        begin = round(start * SAMPLE_RATE)
        write_wav(name, samples[begin : begin + round(seconds * SAMPLE_RATE)])
        inside = [c for c in clauses if start <= c["start"] and c["end"] <= start + seconds]
        found.append(Cut(name, "，".join(clause["text"] for clause in inside)))
    return tuple(found)


def write_manifest(path: Path, cuts: Sequence[Cut], *, recognised: Sequence[int] = ()) -> Path:
    """Write a manifest of ``cuts``, those numbered ``recognised`` without a document."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["source", "document", "language"])
        for number, cut in enumerate(cuts):
            document = cut.sound.with_suffix(".txt")
            document.write_text(cut.text + "\n", encoding="utf-8")
            is_bare = number in recognised
            table.writerow([str(cut.sound), "" if is_bare else str(document), "zh"])
    return path


def start_batch(
    *arguments: str | Path, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start ``subtools batch`` in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "subtools", "batch", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(dict(env or {})),
        start_new_session=True,
    )


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a run as a power failure does: at once, all of it."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def read_library(library: Path) -> dict[str, bytes]:
    """Return all that a person gets, by name: not the work folder."""
    return {
        str(path.relative_to(library)): path.read_bytes()
        for path in sorted(library.rglob("*"))
        if path.is_file() and WORK not in path.relative_to(library).parts
    }


def read_events(library: Path) -> tuple[dict[str, Any], ...]:
    return read_journal(library / WORK / "journal.jsonl")


def count_made(library: Path) -> Counter[str]:
    """Return how often each step was made, by its address."""
    return Counter(event["address"] for event in read_events(library) if event["event"] == "made")


def count_wasted(library: Path) -> int:
    """Return how many steps were begun though their result was there: made, and not dropped."""
    there: set[str] = set()
    wasted = 0
    for event in read_events(library):
        address = event.get("address", "")
        wasted += event["event"] == "begun" and address in there
        there |= {address} if event["event"] in {"made", "found"} else set()
        there -= {address} if event["event"] == "dropped" else set()
    return wasted


def find_leftovers(library: Path) -> list[Path]:
    """Return what is half-written: drafts, parts, results whose files are not as recorded."""
    work = library / WORK
    drafts = [*(work / "runs").glob("*/*"), *library.rglob("*.part")]
    damaged = [
        path.parent for path in (work / "results").rglob("result.json") if not is_whole(path)
    ]
    bare = [
        folder
        for folder in (work / "results").glob("*/*/*")
        if not (folder / "result.json").is_file()
    ]
    return [path for path in (*drafts, *damaged, *bare) if path.name != "lock"]


def is_whole(record: Path) -> bool:
    files = json.loads(record.read_text(encoding="utf-8"))["files"]
    return all((record.parent / name).stat().st_size == size for name, (size, _) in files.items())
