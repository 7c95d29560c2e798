"""What a batch costs besides its work, at 10, 100 and 1,000 jobs: time a job, and memory.

    python -m scripts.grow_batches --jobs 10 100 1000

All is real but the work: manifests, plans, hashes of files, results with fsync, journal,
files in the library, report. Each step of a job is done by a stub at once. Each size runs in
a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import csv
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from subtools.batch import (
    FolderResults,
    Job,
    open_workplace,
    parse_manifest,
    run_batch,
    save_report,
)
from subtools.batch.values import State
from tests.batch_stubs import StubExecutor, Told


def main() -> None:
    """Measure each size in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--here", type=int, help="measure this size in this process")
    options = parser.parse_args()
    if options.here:
        _measure(options.here)
        return
    print("| jobs | s | ms a job | processor, ms a job | anew, ms a job | peak MB |")
    print("|--:|--:|--:|--:|--:|--:|", flush=True)
    for count in options.jobs:
        command = [sys.executable, "-m", "scripts.grow_batches", "--here", str(count)]
        subprocess.run(command, check=True)


def _measure(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        manifest = _write(Path(folder), count)
        _run(manifest, Path(folder) / "warm", 1)  # imports, and the identity of the model
        used = time.process_time()
        first = _run(manifest, Path(folder) / "library", count)
        used = time.process_time() - used
        again = _run(manifest, Path(folder) / "library", count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    a_job, anew = first / count * 1000, again / count * 1000
    cpu = used / count * 1000
    print(f"| {count:,} | {first:.1f} | {a_job:.1f} | {cpu:.1f} | {anew:.1f} | {peak:.0f} |")


def _write(folder: Path, count: int) -> Path:
    path = folder / "manifest.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["source", "document", "language"])
        for number in range(count):
            sound, document = folder / f"talk-{number:05}.wav", folder / f"talk-{number:05}.txt"
            sound.write_bytes(number.to_bytes(4) * 1000)
            document.write_text(f"第{number}場，大家好，我們今天談大模型。\n" * 5, encoding="utf-8")
            table.writerow([sound.name, document.name, "zh"])
    return path


def _run(manifest: Path, library: Path, count: int) -> float:
    """Return how long a batch of the first ``count`` jobs takes, in seconds."""
    begun = time.perf_counter()
    text = manifest.read_text(encoding="utf-8")
    jobs = parse_manifest(text, manifest, Job("", "")).jobs[:count]
    with open_workplace(library) as workplace:
        results = FolderResults(workplace.results, workplace.drafts)
        endings = run_batch(jobs, workplace, StubExecutor(results), watcher=Told())
        save_report(endings, library)
    if any(ending.state is not State.DONE for ending in endings):
        raise SystemExit("a job is not done")
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
