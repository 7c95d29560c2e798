"""Measure `subtools caption` on a talk with known times: accuracy, speed, memory.

    .venv/bin/python scripts/measure.py AUDIO DOCUMENT REFERENCE.ref.json [--until SECONDS]

The whole process is measured, start-up and decoding included, as a user would wait for it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from subtools.media import find_ffmpeg


def main() -> None:
    """Run, score, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("audio", type=Path)
    parser.add_argument("document", type=Path)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--until", type=float, help="use the first SECONDS of the sound only")
    arguments, options = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as name:
        audio = arguments.audio
        if arguments.until:
            audio = cut(audio, arguments.until, Path(name, f"cut{audio.suffix}"))
        print_row(run(audio, arguments.document, arguments.reference, Path(name, "out"), options))


def cut(audio: Path, seconds: float, target: Path) -> Path:
    """Return a copy of the first ``seconds`` of ``audio``."""
    command = [find_ffmpeg(), "-v", "error", "-i", str(audio), "-t", str(seconds), "-c", "copy"]
    subprocess.run([*command, str(target)], check=True)
    return target


def run(
    audio: Path, document: Path, reference: Path, folder: Path, options: list[str]
) -> dict[str, float]:
    """Return the figures of one run."""
    subtools = [sys.executable, "-m", "subtools"]
    command = ["caption", str(document), "--audio", str(audio), "-o", str(folder), "--json"]
    begin = time.perf_counter()
    done = subprocess.run([*subtools, *command, *options], check=True, stdout=subprocess.PIPE)
    wall = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6  # Linux: kilobytes
    summary = json.loads(done.stdout)
    score = [*subtools, "score", str(folder / "words.json"), str(reference), "--json"]
    scores = json.loads(subprocess.check_output(score))
    clauses, words = scores["clause onsets"], scores["word onsets"]
    return {
        "sound, s": summary["duration"],
        "x real time": wall / summary["duration"],
        "peak memory, GB": peak,
        "clauses": clauses["count"],
        "without a time": clauses["missing"],
        "onset error, median s": clauses["median"],
        "mean s": clauses["mean"],
        "p90 s": clauses["p90"],
        "max s": clauses["max"],
        "within 0.2 s": clauses["within"]["0.2"],
        "within 0.5 s": clauses["within"]["0.5"],
        "word onset error, median s": words["median"],
        "findings": len(summary["findings"]),
    }


def print_row(figures: dict[str, float]) -> None:
    """Print one figure a line."""
    for name, value in figures.items():
        print(f"{name:28} {value:.3f}" if isinstance(value, float) else f"{name:28} {value}")


if __name__ == "__main__":
    main()
