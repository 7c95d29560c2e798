"""How long a batch takes and where it is limited, from what its steps cost: docs/scale.md.

    python -m scripts.size_batches

The figures at the top are measured (scripts/measure_steps.py; docs/scale.md says on what);
all else is arithmetic, and a small simulation of how sounds of different lengths fill
machines: a talk is not divided, so that the longest one may be waited for at the end.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Sequence

# Processor seconds for a second of sound, one thread.
BOTH = {"decode": 0.0038, "diarize": 0.0168, "rest": 0.0013}  # rest: name, topics, outputs
WITH_TEXT = {**BOTH, "encode": 0.0321, "align": 0.0008}
WITHOUT_TEXT = {**BOTH, "recognise": 0.1058}
OVERHEAD = 0.05  # s a job, at most: the scheduler
# Bytes for an hour of sound.
SERVED, SAMPLES, POSTERIORS, KEPT = 60e6, 115.2e6, 67e6, 9e6
DAY = 86_400.0
RATE = 2e6  # bytes a second from a site that is not to be annoyed, one fetch at a time
HOURS = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)


def main() -> None:
    """Print the tables of docs/scale.md."""
    for name, costs in (("with a text", WITH_TEXT), ("recognised", WITHOUT_TEXT)):
        print(f"{name}: {1000 * sum(costs.values()):.0f} core hours for 1,000 hours")
        for step, cost in costs.items():
            print(f"  {step:10} {1000 * cost:6.1f} h")
    print("\n| hours of sound | 2 cores | 16 cores | 64 | 1,024 | fetched by one | disk |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    for hours in HOURS:
        times = [simulate(hours, cores, sum(WITH_TEXT.values())) for cores in (2, 16, 64, 1024)]
        fetched = hours * SERVED / RATE
        cells = [*map(_tell, times), _tell(fetched), _size(hours * (SERVED + KEPT))]
        print(f"| {hours:,} | " + " | ".join(cells) + " |")
    print("\nat 64 cores, all with text:")
    print(f"  sound taken in: {64 / sum(WITH_TEXT.values()):.0f} x real time")
    on_disk = 132 * (SAMPLES + POSTERIORS)  # twice as many jobs as workers and four are under way
    print(f"  samples and posteriors on the disk at once (132 jobs of 1 h): {_size(on_disk)}")
    print(f"  a fetcher at {RATE / 1e6:g} MB/s feeds {RATE * 3600 / SERVED * _cost():.1f} cores")


def simulate(hours: float, cores: int, cost: float, seed: int = 1) -> float:
    """Return the seconds that so many cores need for talks of 5 to 120 minutes, about 1 h each."""
    chance = random.Random(seed)  # noqa: S311 - no secret, but the same again
    talks = max(1, round(hours))
    if talks > 50_000:  # the end does not count any more
        return hours * 3600 * cost / cores
    lengths = [chance.triangular(300, 7200, 3300) for _ in range(talks)]
    scale = hours * 3600 / sum(lengths)
    return makespan([length * scale * cost + OVERHEAD for length in lengths], cores)


def makespan(work: Sequence[float], cores: int) -> float:
    """Return when the last of ``cores`` is done that take ``work`` in order, one after another.

    >>> makespan([3, 1, 1, 1], 2)
    3.0
    """
    free = [0.0] * cores
    for seconds in work:
        heapq.heapreplace(free, free[0] + seconds)
    return max(free)


def _cost() -> float:
    """Return how many cores a second of sound a second keeps busy."""
    return sum(WITH_TEXT.values())


def _tell(seconds: float) -> str:
    if seconds < 3600:
        return f"{seconds / 60:.1f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 2 * DAY else f"{seconds / DAY:,.0f} d"


def _size(count: float) -> str:
    units = ("MB", "GB", "TB")
    value = count / 1e6
    for unit in units[:-1]:
        if value < 1000:
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:,.1f} {units[-1]}"


if __name__ == "__main__":
    main()
