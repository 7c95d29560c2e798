"""Short jobs on a Ray cluster that loses a worker, its driver and a node: the same bytes.

    python -m scripts.kill_ray --jobs 8 --folder /tmp/kill-ray

A head and two nodes of one core run as processes of this machine, each with an object store
of 80 MiB, the smallest there is. The jobs run on the local engine; then on the cluster, where
a worker is killed, then the driver, and in the next run a node. The libraries must be the
same byte for byte, no step made twice and nothing half-written left. With ``--measure``, the
jobs are timed with one worker and with two, in turns.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from subtools.media import load_audio
from tests.batches import (
    count_made,
    count_wasted,
    cut_clip,
    find_leftovers,
    kill_group,
    read_library,
    start_batch,
    write_manifest,
)
from tests.clusters import Cluster, find_actors, kill_node, open_cluster

CLIP = Path(__file__).parents[1] / "tests" / "data" / "clip"
_PATIENCE = 400.0  # s, for anything


def main() -> None:
    """Run it, print what was found, and end with status 1 if anything is not as it should be."""
    options = _parse()
    folder: Path = options.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as work:
        sound = load_audio(CLIP / "clip.opus", Path(work) / "clip.s16")
        reference = CLIP / "clip.ref.json"
        cuts = cut_clip(sound.samples, reference, folder / "cuts", options.jobs, seconds=6.0)
    manifest = write_manifest(folder / "m.csv", cuts)
    here, there = folder / "here", folder / "there"
    status = start_batch(manifest, "-o", here, "--workers", "1").wait()
    print(f"local engine: status {status}", flush=True)
    with open_cluster(nodes=2) as cluster:
        if options.measure:
            _measure(cluster, manifest, folder)
        _disturb(cluster, manifest, there, options.jobs)
    sys.exit(_judge(here, there))


def _disturb(cluster: Cluster, manifest: Path, library: Path, jobs: int) -> None:
    run = _start(cluster, manifest, library)
    _await_made(library, jobs, run)
    actors = [pid for node in cluster.nodes for pid in find_actors(node)]
    os.kill(actors[0], signal.SIGKILL)
    print(f"one of {len(actors)} workers killed after {_made(library)} steps", flush=True)
    _await_made(library, 2 * jobs, run)
    kill_group(run)
    print(f"driver killed after {_made(library)} steps", flush=True)
    run = _start(cluster, manifest, library)
    _await_made(library, 3 * jobs, run)
    busy = next(node for node in reversed(cluster.nodes) if find_actors(node))
    kill_node(busy)
    print(f"node killed after {_made(library)} steps", flush=True)
    print(f"at last: status {run.wait(timeout=_PATIENCE)}", flush=True)


def _measure(cluster: Cluster, manifest: Path, folder: Path) -> None:
    """Time one worker and two, in turns, as the machine may be busy."""
    for turn in range(2):
        for workers in ("1", "2"):
            library = folder / f"timed-{turn}-{workers}"
            begun = time.monotonic()
            _start(cluster, manifest, library, "--workers", workers).wait(timeout=_PATIENCE)
            print(f"{workers} workers on Ray: {time.monotonic() - begun:.1f} s", flush=True)


def _start(cluster: Cluster, manifest: Path, library: Path, *more: str) -> subprocess.Popen[bytes]:
    engine = ("--engine", "ray", "--address", cluster.address)
    return start_batch(manifest, "-o", library, *engine, *more, env=cluster.env)


def _made(library: Path) -> int:
    there = (library / ".subtools" / "journal.jsonl").exists()
    return sum(count_made(library).values()) if there else 0


def _await_made(library: Path, number: int, run: subprocess.Popen[bytes]) -> None:
    for _ in range(round(_PATIENCE / 0.05)):
        if _made(library) >= number or run.poll() is not None:
            return
        time.sleep(0.05)
    raise TimeoutError("nothing goes on")


def _judge(here: Path, there: Path) -> int:
    expected, found = read_library(here), read_library(there)
    twice = [address for address, count in count_made(there).items() if count > 1]
    wasted, leftovers = count_wasted(there), find_leftovers(there)
    print(f"{len(expected)} files: {'the same' if expected == found else 'NOT the same'}")
    print(f"{_made(there)} steps made, {len(twice)} of them twice, {wasted} begun in vain")
    print(f"{len(leftovers)} leftovers {leftovers[:5]}")
    return int(expected != found or bool(twice) or bool(wasted) or bool(leftovers))


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=8)
    parser.add_argument("--measure", action="store_true", help="time one worker and two")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "kill-ray")
    return parser.parse_args()


if __name__ == "__main__":
    main()
