"""A disk that fills up at random moments under a batch, and has room again: nothing is lost.

    sudo python -m scripts.fill_disk --jobs 12 --rounds 6 --folder /tmp/full
    sudo python -m scripts.fill_disk --kind ext4 --temporary

The library lies on a small file system of its own: a tmpfs, or ext4 in a file. Beside the
batch a process of its own writes ballast until nothing fits any more, holds it for a while
and removes it, again and again: every job must be done all the same. In every third round it
stays full until the run ends, which must tell of each job that it was the disk, without a
traceback. Then the ballast goes, and the same command must end with the bytes of an
undisturbed run, with no step made twice and nothing half-written. With ``--temporary`` the
temporary files lie there, too.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from scripts.kill_batches import make_manifest
from tests.batches import count_made, find_leftovers, read_events, read_library
from tests.commands import environment

_BLOCK = 1 << 16
_NOT_BEGUN = "not begun"  # as there was no room for its folders, which it says


def main() -> None:
    """Run it, print what was found, and end with status 1 if anything is not as it should be."""
    options = _parse()
    folder: Path = options.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    manifest = make_manifest(folder, options.jobs, options.seconds)
    begun = time.monotonic()
    whole = _run(manifest, folder / "free" / "library", {})
    expected = read_library(folder / "free" / "library")
    took = time.monotonic() - begun
    print(
        f"undisturbed: status {whole.returncode}, {took:.0f} s, {len(expected)} files", flush=True
    )
    wrong = 0
    for number in range(options.rounds):
        chance = random.Random(f"{options.seed} {number}")  # noqa: S311 - the same again
        with _small_disk(folder / "disk", options.kind, options.megabytes) as disk:
            found = _try(number, manifest, disk, chance, temporary=options.temporary)
            wrong += found or read_library(disk / "library") != expected
    print("all as it should be" if not wrong else f"{wrong} rounds are NOT as they should be")
    sys.exit(int(bool(wrong)))


def _try(
    number: int, manifest: Path, disk: Path, chance: random.Random, *, temporary: bool
) -> bool:
    """Return whether anything is wrong with a run on a disk that fills up, and with the next."""
    library, env = disk / "library", {"TMPDIR": str(disk)} if temporary else {}
    stays = number % 3 == 2
    ballast = multiprocessing.get_context("spawn").Process(
        target=_fill, args=(disk / "ballast", chance.random(), stays), daemon=True
    )
    ballast.start()
    run = _run(manifest, library, env, "--pause", "0.05" if stays else "1")
    ballast.kill()
    ballast.join()
    (disk / "ballast").unlink(missing_ok=True)
    states, unexplained = _look(run.stdout)
    is_begun = (library / ".subtools" / "journal.jsonl").exists()
    events = read_events(library) if is_begun else ()
    refused = sum(event["event"] == "failed" for event in events)
    leftovers = find_leftovers(library)
    again = _run(manifest, library, env)
    twice = [address for address, count in _remade(library).items() if count > 1]
    leftovers += find_leftovers(library)
    print(
        f"{number + 1}: {'stayed full' if stays else 'full now and then'}, status {run.returncode},"
        f" {dict(states)}, {refused} refused; again: status {again.returncode}, {len(twice)} steps"
        f" made twice, {len(leftovers)} leftovers, {unexplained} failures unexplained",
        flush=True,
    )
    errors = [line for one in (run, again) for line in one.stderr.splitlines() if "Trace" in line]
    print("\n".join(errors + [str(path) for path in leftovers[:3]]), end="\n" if errors else "")
    lost = not stays and set(states) - {"done", _NOT_BEGUN}
    return bool(again.returncode or twice or leftovers or unexplained or errors or lost)


def _look(printed: str) -> tuple[Counter[str], int]:
    """Return what became of the jobs, and how many failures say nothing of the disk."""
    try:
        report = json.loads(printed)
    except ValueError:  # the run did not begin
        return Counter({_NOT_BEGUN: 1}), 0
    jobs = report["jobs"]
    failed = [job["error"] for job in jobs if job["error"]]
    return Counter(job["state"] for job in jobs), sum("disk is full" not in e for e in failed)


def _remade(library: Path) -> Counter[str]:
    """Return how often each step was made and not dropped; the journal may lack lines."""
    found = count_made(library)
    found.subtract(
        event["address"] for event in read_events(library) if event["event"] == "dropped"
    )
    return found


def _run(
    manifest: Path, library: Path, env: dict[str, str], *options: str
) -> subprocess.CompletedProcess[str]:
    library.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "subtools", "batch", manifest, "-o", library]
    return subprocess.run(
        [*map(str, command), "--workers", "2", "--json", *options],
        capture_output=True,
        encoding="utf-8",
        env=environment(env),
        check=False,
    )


def _fill(path: Path, seed: float, stays: bool) -> None:
    """Fill the disk at random moments, and make room again; ``stays``: only once, for good."""
    chance = random.Random(seed)  # noqa: S311 - no secret, but the same again
    time.sleep(chance.uniform(2.0, 8.0))  # 2 s to start
    while True:
        _fill_up(path)
        end = time.monotonic() + chance.uniform(0.1, 3.0)
        while stays or time.monotonic() < end:
            _fill_up(path)  # what others free is taken, too
            time.sleep(0.02)
        path.unlink()
        time.sleep(chance.uniform(0.1, 4.0))


def _fill_up(path: Path) -> None:
    size = _BLOCK
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        while size:
            try:
                os.write(descriptor, bytes(size))
            except OSError:
                size //= 16
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _small_disk(place: Path, kind: str, megabytes: int) -> Iterator[Path]:
    """Return a context with a file system of so many megabytes at ``place``."""
    place.mkdir(exist_ok=True)
    image = place.with_suffix(".img")
    if kind == "tmpfs":
        command = [_find("mount"), "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(place)]
    else:
        with image.open("wb") as file:
            file.truncate(megabytes << 20)
        subprocess.run([_find("mkfs.ext4"), "-q", "-m", "0", str(image)], check=True)
        command = [_find("mount"), "-o", "loop", str(image), str(place)]
    subprocess.run(command, check=True)
    try:
        yield place
    finally:
        subprocess.run([_find("umount"), "--lazy", str(place)], check=True)
        image.unlink(missing_ok=True)


def _find(program: str) -> str:
    return shutil.which(program) or program


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=6.0, help="length of a job's sound")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=["tmpfs", "ext4"], default="tmpfs")
    parser.add_argument("--megabytes", type=int, default=24, help="size of the disk")
    parser.add_argument("--temporary", action="store_true", help="temporary files lie there, too")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "full")
    return parser.parse_args()


if __name__ == "__main__":
    main()
