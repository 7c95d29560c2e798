"""senko at work, inside its own environment: `python -m scripts.bench.senko_child WAV TURNS`.

Standard library and senko only. Its voices are told apart as it does by itself: no number of
speakers, no threshold.
"""

from __future__ import annotations

import importlib
import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any


def diarize(sound: str) -> dict[str, Any]:
    """Return senko's turns ([speaker, start, end] in seconds), its own time, and its version.

    Args:
        sound: WAV file, 16 kHz mono 16 bits.
    """
    diarizer = importlib.import_module("senko").Diarizer(device="cpu", vad="auto")
    found = diarizer.diarize(sound)  # None where nobody speaks
    return {
        "turns": [[s["speaker"], s["start"], s["end"]] for s in found["merged_segments"]]
        if found
        else [],
        "seconds": found["timing_stats"]["total_time"] if found else 0.0,
        "version": version("senko"),
    }


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(diarize(sys.argv[1])), encoding="utf-8")
