"""What each kind of step costs, read from the journals of batches: processor time and memory.

    subtools batch long.csv -o /tmp/long && python -m scripts.measure_steps /tmp/long

Each line: how long the sound was, how much processor time a second of sound takes, and the
most memory of the process. A process that has done other steps before keeps some of theirs.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from typing import Any

from subtools.batch import Kind
from tests.batches import read_events


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("libraries", type=Path, nargs="+")
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for library in parser.parse_args().libraries:
        for event in read_events(library):
            if event["event"] == "made":
                by_kind[event["step"]].append(event)
    print("| step | times | sound, s | processor s | x real time | peak MB |")
    print("|---|--:|--:|--:|--:|--:|")
    for kind in Kind:
        events = by_kind.get(kind.value, [])
        if events:
            _print_row(kind, events)


def _print_row(kind: Kind, events: list[dict[str, Any]]) -> None:
    sound = sum(event["sound"] or 0.0 for event in events)
    cpu = sum(event["cpu"] for event in events)
    ratio = f"{cpu / sound:.4f}" if sound else "-"
    peak = max(event["peak"] for event in events) / 2**20
    print(f"| {kind} | {len(events)} | {sound:.0f} | {cpu:.1f} | {ratio} | {peak:.0f} |")


if __name__ == "__main__":
    main()
