"""Fetch from the emulated Bilibili with three faults at random together, many times.

python -m scripts.fault_fetches --times 300 [--seed 0]

Each fetch must end with the right bytes, or with an error and no sound.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from subtools.download import FetchOptions, Limits, Patience, fetch
from subtools.errors import SubtoolsError
from subtools.media import measure_sound
from tests.bilibili import CONFERENCE, Faults, Site, emulated_bilibili
from tests.test_download_site import RECOVERED, REFUSED

ADDRESS = f"{CONFERENCE.bvid}?p=8"
OPTIONS = FetchOptions(patience=Patience(pause=0.01, silence=1.5), limits=Limits(page=8 << 20))


def main() -> int:
    """Return 0 if no fetch ended with a wrong sound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)  # noqa: S311 - no secret
    choices = [*RECOVERED, *(fault for fault, _ in REFUSED)]
    ends: Counter[str] = Counter()
    for _ in range(arguments.times):
        together: dict[str, Any] = {}
        for fault in chance.sample(choices, 3):
            together |= fault
        end = fetch_with(Faults(**together))
        ends[end.partition(":")[0]] += 1
        print(f"{together}  {end}", flush=True)
    print(dict(ends))
    return 1 if ends["WRONG"] else 0


def fetch_with(faults: Faults) -> str:
    """Return how a fetch ends on a site with ``faults``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with emulated_bilibili(folder, faults=faults) as site:
            os.environ.update(site.environment)
            try:
                (found,) = fetch(
                    ADDRESS,
                    folder / "out",
                    work=folder / "work",
                    measure=measure_sound,
                    options=OPTIONS,
                )
            except SubtoolsError as error:
                is_clean = not (folder / "out").exists()
                return f"{'error' if is_clean else 'WRONG'}: {error}"
            return "right" if is_right(found.sound, site) else "WRONG"


def is_right(sound: Path, site: Site) -> bool:
    """Return whether ``sound`` is one of the streams of the part, whole."""
    served = [site.bytes_of(CONFERENCE.bvid, 8, stream) for stream in (16, 30216, 30232, 30280)]
    return sound.read_bytes() in served


if __name__ == "__main__":
    sys.exit(main())
