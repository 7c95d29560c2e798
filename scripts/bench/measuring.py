"""Systems on cases: rows of figures, ready for tables and JSON."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.bench.accuracy import judge_accuracy
from scripts.bench.altering import Alteration
from scripts.bench.mismatches import judge_mismatch
from scripts.bench.silences import score_against_silence
from scripts.bench.sounds import open_sound
from scripts.bench.systems import ENCODER, Run, System, run_system
from scripts.bench.talks import Case
from subtools.core import Alignment

Row = dict[str, Any]


@dataclass(slots=True)
class Bench:
    """Runs systems and keeps the rows; it grows while the benchmark runs.

    Attributes:
        systems: What is compared.
        folder: Where runs keep their files.
        threads: Processor threads each may use.
        repeat: How often a timed run is done; the one with the median time counts.
        rows: What was measured so far.
        failures: What failed, in words.
        versions: Of the packages that did the work.
    """

    systems: Sequence[System]
    folder: Path
    threads: int
    repeat: int = 1
    rows: list[Row] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    _count: int = 0

    def measure(self, case: Case, *, minutes: float | None = None) -> None:
        """Measure time, memory and accuracy of every system on ``case``, the floor included."""
        floor: Run | None = None
        for system in self.systems:
            run = self._run(system, case, self.repeat)
            if run is None:
                continue
            if system is ENCODER:
                floor = run
            row = {"table": "cost", "minutes": minutes, **_name_row(system, case)}
            self.rows.append(row | _cost(run, case) | _ratios(run, floor))
            for alignment in run.alignments:
                self._judge(system, case, alignment)

    def align(self, case: Case) -> None:
        """Measure only the accuracy on ``case``."""
        for system in self._aligning():
            run = self._run(system, case)
            for alignment in run.alignments if run else ():
                self._judge(system, case, alignment)

    def align_altered(self, case: Case, alterations: Sequence[Alteration]) -> None:
        """Measure what becomes of altered texts; the sound is heard once where that is possible.

        Counts of texts altered in the same way are added up.
        """
        if case.reference is None:
            raise ValueError(f"{case.name} has no reference")
        for system in self._aligning():
            run = self._run(system, case)
            if run is None:
                continue
            sums: dict[str, Counter[str]] = defaultdict(Counter)
            for alignment, alteration in zip(run.alignments, alterations, strict=True):
                judged = judge_mismatch(alignment, alteration, case.reference)
                sums[alteration.name].update(judged.as_dict() | {"texts": 1})
            for name, figures in sums.items():
                names = {"table": "mismatch", "alteration": name}
                self.rows.append(names | _name_row(system, case) | dict(figures))

    def _aligning(self) -> list[System]:
        return [system for system in self.systems if system.aligns]

    def _judge(self, system: System, case: Case, alignment: Alignment) -> None:
        if case.reference is None:
            score = score_against_silence(alignment, open_sound(case.sound)).as_dict()
            row = {"table": "recordings", **_name_row(system, case), "clauses": score}
        else:
            figures = judge_accuracy(alignment, case.reference).as_dict()
            row = {"table": "accuracy", **_name_row(system, case), **figures}
        self.rows.append(row)

    def _run(self, system: System, case: Case, repeat: int = 1) -> Run | None:
        """Return the run with the median time; None if one failed, which is noted."""
        runs = []
        for _ in range(repeat):
            self._count += 1
            print(f"[{self._count}] {case.name}: {system.name} ...", end=" ", file=sys.stderr)
            sys.stderr.flush()
            folder = self.folder / f"run-{self._count}"
            try:
                run = run_system(system, case, folder, threads=self.threads)
            except subprocess.CalledProcessError as error:
                self.failures.append(
                    f"{system.name} on {case.name}: exit status {error.returncode}"
                )
                print("failed", file=sys.stderr)
                return None
            print(f"{run.wall:.1f} s", file=sys.stderr)
            self.versions.update(run.answer.versions)
            runs.append(run)
        return sorted(runs, key=_seconds)[len(runs) // 2]


def _name_row(system: System, case: Case) -> Row:
    return {"case": case.name, "system": system.name, "duration": case.duration}


def _seconds(run: Run) -> float:
    """Return the time of all stages; of the floor, that of the encoder alone."""
    return run.answer.parts.get("encoder", sum(run.answer.parts.values()))


def _cost(run: Run, case: Case) -> Row:
    return {
        "seconds": _seconds(run),
        "parts": dict(run.answer.parts),
        "wall": run.wall,
        "real_time_factor": _seconds(run) / case.duration,
        "peak_bytes": run.answer.peak_bytes,
    }


def _ratios(run: Run, floor: Run | None) -> Row:
    """Return the time against the floor: encoder alone, and with its mel features."""
    if floor is None:
        return {"to_encoder": None, "to_encoder_and_features": None}
    return {
        "to_encoder": _seconds(run) / _seconds(floor),
        "to_encoder_and_features": _seconds(run) / sum(floor.answer.parts.values()),
    }
