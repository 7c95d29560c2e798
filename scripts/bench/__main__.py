"""Measure aligners side by side: `python -m scripts.bench FOLDER... --help`."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from scripts.bench.measuring import Bench
from scripts.bench.plan import (
    Stage,
    altered_case,
    known_case,
    plain_cases,
    recording_case,
    set_stage,
    stretched_case,
    worse_cases,
)
from scripts.bench.report import compose_report, describe_machine
from scripts.bench.systems import ENCODER, ROOT, SYSTEMS, System
from scripts.bench.talks import Talk, find_talks

CLIP = ROOT / "tests" / "data" / "clip"
SHARE = 0.1  # of the clauses that are deleted, or inserted


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the options say; the report goes to stdout or to a file."""
    options = parse_options(arguments)
    with tempfile.TemporaryDirectory(prefix="subtools-bench-") as name:
        systems = choose_systems(options.only)
        folder = Path(name)
        bench = Bench(systems, folder / "runs", options.threads, options.repeat)
        try:
            measure(bench, options, folder)
        finally:
            write(bench, options)
    if bench.failures:
        sys.exit(f"{len(bench.failures)} runs failed")


def parse_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser("python -m scripts.bench", description=__doc__)
    add = parser.add_argument
    add("folders", nargs="*", type=Path, help="folders of talks and recordings (the bundled clip)")
    add("--only", help=f"systems, separated by commas: {', '.join(SYSTEMS)}")
    add("--until", type=float, metavar="SECONDS", help="use only the beginning of every talk")
    add("--mismatch", action="store_true", help="altered texts and worse sound, too")
    add("--growth", action="store_true", help="the longest talk stretched to --minutes, too")
    add("--minutes", default="10,60,180", help="lengths for --growth (%(default)s)")
    add("--quick", action="store_true", help="the bundled clip only")
    add("--threads", type=int, default=os.cpu_count() or 1, help="for each system (all cores)")
    add("--repeat", type=int, default=1, help="timed runs of each, of which the median counts")
    add("--seed", type=int, default=1, help="of the altered texts and the noise (%(default)s)")
    add("--texts", type=int, default=1, help="altered texts of each kind (%(default)s)")
    add("--json", type=Path, metavar="FILE", help="write all figures here")
    add("--output", type=Path, metavar="FILE", help="write the report here, not to stdout")
    options = parser.parse_args(arguments)
    if options.quick or not options.folders:
        options.folders = [CLIP]
    options.command = _describe_command(sys.argv[1:] if arguments is None else arguments)
    return options


def _describe_command(arguments: Sequence[str]) -> str:
    """Return the command, folders outside the project by their last name only."""
    shown = [Path(a).name if Path(a).is_absolute() else a for a in arguments]
    return shlex.join(["python", "-m", "scripts.bench", *shown])


def choose_systems(names: str | None) -> list[System]:
    """Return the systems to compare, the floor first, as the others are measured by it.

    Raises:
        SystemExit: If a name is unknown.
    """
    wanted = list(SYSTEMS) if names is None else [name.strip() for name in names.split(",")]
    if unknown := [name for name in wanted if name not in SYSTEMS]:
        sys.exit(f"unknown system {unknown[0]!r}; known are {', '.join(SYSTEMS)}")
    chosen = [SYSTEMS[name] for name in wanted]
    for system in chosen:
        if not system.is_there:
            print(f"{system.name} is not in this checkout, so it is left out", file=sys.stderr)
    return sorted((s for s in chosen if s.is_there), key=lambda system: system is not ENCODER)


def measure(bench: Bench, options: argparse.Namespace, folder: Path) -> None:
    """Measure everything; the rows are in ``bench``, whatever happens."""
    talks = [talk for path in options.folders for talk in find_talks(path)]
    longest: tuple[float, Talk] | None = None
    for number, talk in enumerate(talks):
        work = folder / f"talk-{number}"
        work.mkdir()
        if talk.reference is None:
            bench.align(recording_case(talk, work))
            continue
        stage = set_stage(talk, work)
        longest = max(longest or (0.0, talk), (stage.duration, talk), key=lambda pair: pair[0])
        measure_talk(bench, stage, options)
        _empty(work)
    if options.growth and longest is not None:
        work = folder / "growth"
        work.mkdir()
        stage = set_stage(longest[1], work)
        for minutes in map(float, options.minutes.split(",")):
            bench.measure(stretched_case(stage, minutes), minutes=minutes)
            write_figures(bench, options)


def measure_talk(bench: Bench, stage: Stage, options: argparse.Namespace) -> None:
    """Measure one talk: as it is and, if wished, with altered text and worse sound."""
    for case in plain_cases(stage, options.until):
        bench.measure(case)
        write_figures(bench, options)
    if options.mismatch:
        known = known_case(stage, options.until)
        seeds = range(options.seed, options.seed + options.texts)
        bench.align_altered(*altered_case(stage, known, share=SHARE, seeds=seeds))
        for case in worse_cases(stage, known, seed=options.seed):
            bench.align(case)
        write_figures(bench, options)


def write(bench: Bench, options: argparse.Namespace) -> None:
    """Write figures and report of what was measured."""
    write_figures(bench, options)
    report = compose_report(
        bench.rows,
        command=options.command,
        machine=describe_machine(),
        versions=bench.versions,
        failures=bench.failures,
    )
    if options.output:
        options.output.write_text(report, encoding="utf-8")
    else:
        print(report, end="")


def write_figures(bench: Bench, options: argparse.Namespace) -> None:
    """Write all figures so far, so that nothing is lost if a long run is stopped."""
    if options.json:
        content = {
            "command": options.command,
            "machine": describe_machine(),
            "versions": bench.versions,
            "failures": bench.failures,
            "rows": bench.rows,
        }
        options.json.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _empty(folder: Path) -> None:
    """Remove sounds no longer needed: an hour is 115 MB."""
    for sound in folder.glob("*.wav"):
        sound.unlink()


if __name__ == "__main__":
    main()
