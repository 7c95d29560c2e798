"""Run a module as a program and note its cost: `python -m scripts.bench.measured FILE MODULE ...`.

Standard library only. The program is run inside this process, because only a process itself
knows its peak memory for sure (see `jobs.peak_bytes`).
"""

from __future__ import annotations

import json
import runpy
import sys
import time
from pathlib import Path

from scripts.bench.jobs import peak_bytes


def run(report: Path, module: str, arguments: list[str]) -> None:
    """Run ``module`` with ``arguments``; write its seconds and peak memory to ``report``.

    The seconds are those from its import to its end; what happens to the exit status is up
    to the program.
    """
    sys.argv = [module, *arguments]
    begin = time.perf_counter()
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        cost = {"seconds": time.perf_counter() - begin, "peak_bytes": peak_bytes()}
        report.write_text(json.dumps(cost), encoding="utf-8")


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
