"""Kill a fetch from the emulated Bilibili at random moments, run it again, compare the bytes.

python -m scripts.kill_fetches --times 20 [--seed 0]
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bilibili import BEST_FORMAT, CONFERENCE, Faults, Site, emulated_bilibili

ROOT = Path(__file__).resolve().parent.parent
SLOW = 150_000  # bytes a second: the fetch itself takes longer than what is around it
ADDRESS = f"{CONFERENCE.bvid}?p=8"
FETCH = """
import sys
from pathlib import Path
from subtools.download import FetchOptions, Patience, fetch
from subtools.media.measuring import measure_sound
out, work, address = sys.argv[1:]
options = FetchOptions(patience=Patience(pause=0.01, silence=5))
fetch(address, Path(out), work=Path(work), measure=measure_sound, options=options)
"""


def main() -> int:
    """Return 0 if every fetch ended with the right bytes and nothing else."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as folder, emulated_bilibili(Path(folder)) as site:
        longest = time_whole(site)
        print(f"undisturbed: {longest:.2f} s")
        rounds = [kill_once(site, chance.uniform(0.1, longest)) for _ in range(arguments.times)]
    print(f"{sum(rounds)} of {len(rounds)} right")
    return 0 if all(rounds) else 1


def time_whole(site: Site) -> float:
    """Return how many seconds a fetch takes that nobody kills."""
    with tempfile.TemporaryDirectory() as name:
        site.faults = Faults(slow=SLOW)
        began = time.monotonic()
        start(site, Path(name)).wait()
        return time.monotonic() - began


def kill_once(site: Site, moment: float) -> bool:
    """Kill a fetch after ``moment`` seconds; return whether the next one sets all right."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site.faults = Faults(slow=SLOW)
        process = start(site, folder)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.wait()
        left = sorted(path.name for path in folder.rglob("*") if path.is_file())
        site.faults = Faults()
        status = start(site, folder).wait()
        whole = site.bytes_of(CONFERENCE.bvid, 8, BEST_FORMAT)
        found = [path.read_bytes() for path in (folder / "out").glob("*.m4a")]
        unfinished = [*(folder / "work").rglob("*"), *(folder / "out").glob(".*")]
        is_right = status == 0 and found == [whole] and not unfinished
        print(f"{moment:.2f} s  {'right' if is_right else 'WRONG'}  after the kill: {left}")
        return is_right


def start(site: Site, folder: Path) -> subprocess.Popen[bytes]:
    """Start a fetch in a process of its own."""
    environment = {**os.environ, **site.environment, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", FETCH, str(folder / "out"), str(folder / "work"), ADDRESS]
    return subprocess.Popen(command, env=environment)


if __name__ == "__main__":
    sys.exit(main())
