"""Sixty short jobs, killed at random moments and gone on with: the bytes of an undisturbed run.

    python -m scripts.kill_batches --jobs 60 --kills 20 --folder /tmp/kills

The jobs are cut out of the clip, some with a document and some without. One run goes
through; another is ended by ``kill -9`` of its whole process group again and again, each
time at a random moment, and started anew. Then the two libraries must be the same byte for
byte, no step may have been made twice (counted in the journal), and nothing half-written
may be left. A cut in which the recogniser hears no word fails, in both runs alike.
"""

from __future__ import annotations

import argparse
import random
import shutil
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
    read_events,
    read_library,
    start_batch,
    write_manifest,
)

CLIP = Path(__file__).parents[1] / "tests" / "data" / "clip"


def main() -> None:
    """Run it, print what was found, and end with status 1 if anything is not as it should be."""
    options = _parse()
    folder: Path = options.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    chance = random.Random(options.seed)  # noqa: S311 - no secret, but the same again
    manifest = make_manifest(folder, options.jobs, options.seconds)
    begun = time.monotonic()
    undisturbed = folder / "undisturbed"
    status = start_batch(manifest, "-o", undisturbed, "--workers", "2").wait()
    whole = time.monotonic() - begun
    print(f"undisturbed: status {status}, {whole:.0f} s", flush=True)
    killed = folder / "killed"
    for number in range(options.kills):
        _run_and_kill(manifest, killed, whole, number, options.kills, chance)
    again = start_batch(manifest, "-o", killed, "--workers", "2").wait()
    print(f"at last: status {again}", flush=True)
    sys.exit(int(status != again) or _judge(undisturbed, killed))


def make_manifest(folder: Path, jobs: int, seconds: float) -> Path:
    """Write so many stretches of the clip, every fifth without its text, and their manifest."""
    with tempfile.TemporaryDirectory() as work:
        sound = load_audio(CLIP / "clip.opus", Path(work) / "clip.s16")
        reference = CLIP / "clip.ref.json"
        cuts = cut_clip(sound.samples, reference, folder / "cuts", jobs, seconds=seconds)
    return write_manifest(folder / "m.csv", cuts, recognised=range(3, jobs, 5))


def _run_and_kill(
    manifest: Path, library: Path, whole: float, number: int, kills: int, chance: random.Random
) -> None:
    """Start a run and kill it after a while; runs together last about as long as a whole one."""
    wait = chance.uniform(0.2, 2.2) * (whole / kills + 3.0)  # 3 s to start, each time
    run = start_batch(manifest, "-o", library, "--workers", str(chance.choice([1, 2])))
    time.sleep(wait)
    had_ended = run.poll() is not None
    kill_group(run) if not had_ended else None
    steps = len(count_made(library)) if (library / ".subtools" / "journal.jsonl").exists() else 0
    state = "had ended" if had_ended else "killed"
    print(f"{number + 1}: {state} after {wait:.1f} s, {steps} steps made", flush=True)


def _judge(undisturbed: Path, killed: Path) -> int:
    expected, found = read_library(undisturbed), read_library(killed)
    made = count_made(killed)
    twice = [address for address, count in made.items() if count > 1]
    wasted, leftovers = count_wasted(killed), find_leftovers(killed)
    begun = sum(event["event"] == "begun" for event in read_events(killed))
    print(f"{len(expected)} files, {sum(map(len, expected.values()))} bytes: ", end="")
    print("the same" if expected == found else "NOT the same")
    print(f"{len(made)} steps made, {len(twice)} of them twice, {wasted} begun in vain")
    print(f"{begun} steps begun: {begun - len(made)} were cut off and begun anew")
    print(f"{len(leftovers)} leftovers {leftovers[:5]}")
    return int(expected != found or bool(twice) or bool(wasted) or bool(leftovers))


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=60)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=6.0, help="length of a job's sound")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "kills")
    return parser.parse_args()


if __name__ == "__main__":
    main()
