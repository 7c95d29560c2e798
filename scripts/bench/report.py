"""Rows of figures to Markdown tables."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.bench.accuracy import FLAGGED_BELOW
from scripts.bench.measuring import Row
from scripts.bench.systems import SYSTEMS

# A column: its heading and what it shows of a row.
Column = tuple[str, Callable[[Row], str]]

_UNKNOWN = "-"
_HEAD = f"""# Benchmarks

Written by `python -m scripts.bench`; every row of a table comes from the same run.

- Onset errors are |found - true| over the clauses (or characters) of the reference; one without
  a time counts as missing, not as an error, and is not within any limit.
- A clause is *flagged* if a finding is about it or its confidence is below {FLAGGED_BELOW:g};
  stable-ts says nothing about its doubts.
- Time is that of the alignment alone, decoding the file and loading the model left out on all
  sides; each run is a process of its own, whose peak memory is given (files mapped into memory
  included). The floor is faster-whisper's `encode` on consecutive windows of 30 s, the same
  weights, engine, precision and threads for all; its mel features are counted apart, so that
  times are given as multiples of the encoder without and with them.
"""
_MISMATCH = """
*Untouched*: clauses that stand where they were spoken, with their onset within 200 ms. *Deleted*:
stretches of speech without text that a finding `not in the text` meets (intersection over union
of a half or more). *Inserted*: foreign clauses reported as `not in the audio`. *False*: untouched
clauses reported as `not in the audio` or `out of order`. *Extra*: findings `not in the text` that
meet no deleted stretch. *Swapped*: clauses of the two paragraphs reported as `out of order`, and
those of them with the place where they were spoken.
"""
_RECORDINGS = """
Real recordings without a truth: clause onsets against the ends of silences, where there is one
within 0.6 s of the onset.
"""
_GROWTH = """
The talk repeated (other parts of it each time) or cut to length.
"""


def compose_report(
    rows: Sequence[Row],
    *,
    command: str,
    machine: str,
    versions: Mapping[str, str],
    failures: Sequence[str] = (),
) -> str:
    """Return the whole report as Markdown; tables without rows are left out.

    Args:
        rows: As ``Bench`` keeps them; ``table`` says where each belongs.
        command: What was run.
        machine: On what.
        versions: Of the packages that did the work.
        failures: Runs that failed.
    """
    known = ", ".join(f"{name} {number}" for name, number in sorted(versions.items()))
    parts = [_HEAD, f"\n    {command}\n\n{machine}. {known}.\n"]
    parts += _section("Accuracy", "", _rows(rows, "accuracy"), _ACCURACY)
    parts += _section("Cost", "", _rows(rows, "cost"), _COST)
    parts += _section("Growth", _GROWTH, list(growth(_rows(rows, "cost"))), _GROWTH_COLUMNS)
    parts += _section(
        "Texts that do not fit", _MISMATCH, _rows(rows, "mismatch"), _MISMATCH_COLUMNS
    )
    parts += _section("Real recordings", _RECORDINGS, _rows(rows, "recordings"), _RECORDING_COLUMNS)
    if failures:
        parts.append("\n## Failed\n\n" + "".join(f"- {failure}\n" for failure in failures))
    return "".join(parts)


def describe_machine() -> str:
    """Return processor, cores, system and Python, for the head of the report."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, no graphics card used; "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


def growth(cost: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows of stretched talks with their time and memory against the next shorter."""
    last: dict[str, Row] = {}
    for row in cost:
        if row["minutes"] is None:
            continue
        before = last.get(row["system"])
        yield row | {
            "seconds_ratio": row["seconds"] / before["seconds"] if before else None,
            "length_ratio": row["duration"] / before["duration"] if before else None,
            "memory_ratio": row["peak_bytes"] / before["peak_bytes"] if before else None,
        }
        last[row["system"]] = row


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _rows(rows: Sequence[Row], table: str) -> list[Row]:
    return [row for row in rows if row["table"] == table]


def _section(title: str, text: str, rows: Sequence[Row], columns: Sequence[Column]) -> list[str]:
    if not rows:
        return []
    return [f"\n## {title}\n", text, "\n", compose_table(rows, columns)]


def compose_table(rows: Sequence[Row], columns: Sequence[Column]) -> str:
    """Return a Markdown table.

    >>> print(compose_table([{"a": 1}], [("A", lambda row: str(row["a"]))]), end="")
    | A |
    |---|
    | 1 |
    """
    lines = [[heading for heading, _ in columns]]
    lines += [[show(row) for _, show in columns] for row in rows]
    texts = ["| " + " | ".join(line) + " |\n" for line in lines]
    return "".join([texts[0], "|" + "---|" * len(columns) + "\n", *texts[1:]])


def _text(name: str) -> Column:
    return name, lambda row: str(row[name])


def _system(row: Row) -> str:
    system = SYSTEMS.get(row["system"])
    return system.title if system else str(row["system"])


def _ms(value: float | None) -> str:
    return _UNKNOWN if value is None else f"{1000 * value:.0f}"


def _percent(value: float | None) -> str:
    return _UNKNOWN if value is None else f"{100 * value:.1f}"


def _times(value: float | None, digits: int = 2) -> str:
    return _UNKNOWN if value is None else f"{value:.{digits}f}"


def _onsets(row: Row, *names: str) -> str:
    return " / ".join(_ms(row["clauses"][name]) for name in names)


def _within(row: Row, *limits: str) -> str:
    return " / ".join(_percent(row["clauses"]["within"][limit]) for limit in limits)


def _share(row: Row, part: str, whole: str) -> str:
    return f"{row[part]} / {row[whole]}" if row[whole] else _UNKNOWN


def _flagged(row: Row) -> str:
    count = row["clauses"]["count"]
    return f"{row['flagged']} ({100 * row['flagged'] / count:.1f} %)" if count else _UNKNOWN


def _stages(row: Row) -> str:
    parts: Mapping[str, Any] = row["parts"]
    return ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in parts.items())


_NAMES: list[Column] = [_text("case"), ("system", _system)]
_ACCURACY: list[Column] = [
    *_NAMES,
    ("clauses", lambda row: str(row["clauses"]["count"])),
    ("median / mean ms", lambda row: _onsets(row, "median", "mean")),
    ("p90 / p95 / max ms", lambda row: _onsets(row, "p90", "p95", "max")),
    ("within 100 / 200 / 500 ms, %", lambda row: _within(row, "0.1", "0.2", "0.5")),
    ("no time", lambda row: str(row["clauses"]["missing"])),
    ("character median ms", lambda row: _ms(row["characters"]["median"])),
    ("flagged", _flagged),
    ("off > 0.5 s (unflagged)", lambda row: f"{row['far_off']} ({row['far_off_unflagged']})"),
]
_COST: list[Column] = [
    *_NAMES,
    ("s", lambda row: _times(row["seconds"], 1)),
    ("x real time", lambda row: _times(row["real_time_factor"], 4)),
    ("x encoder", lambda row: _times(row["to_encoder"])),
    ("x encoder and mel", lambda row: _times(row["to_encoder_and_features"])),
    ("peak MB", lambda row: f"{row['peak_bytes'] / 1e6:.0f}"),
    ("whole process, s", lambda row: _times(row["wall"], 1)),
    ("stages, s", _stages),
]
_GROWTH_COLUMNS: list[Column] = [
    ("minutes", lambda row: f"{row['duration'] / 60:.1f}"),
    ("system", _system),
    ("s", lambda row: _times(row["seconds"], 1)),
    ("x the shorter (length x)", lambda row: _growth(row, "seconds_ratio")),
    ("peak MB", lambda row: f"{row['peak_bytes'] / 1e6:.0f}"),
    ("x the shorter", lambda row: _times(row["memory_ratio"])),
]
_MISMATCH_COLUMNS: list[Column] = [
    _text("case"),
    _text("alteration"),
    ("system", _system),
    ("untouched within 200 ms", lambda row: _share(row, "untouched_near", "untouched")),
    ("deleted found", lambda row: _share(row, "deleted_found", "deleted")),
    ("inserted found", lambda row: _share(row, "inserted_found", "inserted")),
    ("false", lambda row: _share(row, "falsely_reported", "untouched")),
    ("extra", lambda row: str(row["extra_reports"])),
    ("swapped reported", lambda row: _share(row, "swapped_reported", "swapped")),
    ("with the place", lambda row: _share(row, "swapped_placed", "swapped")),
]
_RECORDING_COLUMNS: list[Column] = [
    *_NAMES,
    ("onsets", lambda row: str(row["clauses"]["count"])),
    ("median / p90 / max ms", lambda row: _onsets(row, "median", "p90", "max")),
    ("within 100 / 200 ms, %", lambda row: _within(row, "0.1", "0.2")),
]


def _growth(row: Row, name: str) -> str:
    if row[name] is None:
        return _UNKNOWN
    return f"{row[name]:.2f} ({row['length_ratio']:.2f})"
