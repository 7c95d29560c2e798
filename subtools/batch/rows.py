"""The lines of a manifest, whatever its form: CSV, JSON lines, or YAML."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from subtools.errors import DocumentError
from subtools.settings import Setting, parse_settings

_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """One job as it is written.

    Attributes:
        line: Where it stands, from 1.
        cells: What it says, by column; what is empty is left out.
        mistake: What is wrong with its form; empty if nothing is.
        header: Where its columns are named, from 1; None: on its own lines.
    """

    line: int
    cells: Mapping[str, str]
    mistake: str = ""
    header: int | None = None


def parse_rows(text: str, path: Path) -> tuple[Row, ...]:
    """Return the lines of a manifest.

    Args:
        text: Its text.
        path: Where it was read; its suffix says which form it has.

    Raises:
        DocumentError: If it has none of the forms at all.
    """
    suffix = path.suffix.lower()
    if suffix in {".jsonl", ".ndjson"}:
        return tuple(_parse_json_lines(text))
    if suffix in {".yaml", ".yml", ".toml"}:
        return tuple(_parse_settings(text, path))
    if suffix in {".csv", ".tsv", ".txt"}:
        return tuple(_parse_table(text, path))
    hint = "give it a name that ends in .csv, .jsonl or .yaml"
    raise DocumentError("this is no manifest", hint=hint, path=path)


def _parse_table(text: str, path: Path) -> Iterator[Row]:
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if "source" not in header and "document" not in header:
            hint = "its first line names the columns: source,document,language,..."
            raise DocumentError("there is no column `source`", hint=hint, path=path, line=1)
        start = reader.line_num + 1
        for values in reader:
            line, start = start, reader.line_num + 1
            if any(value.strip() for value in values):
                yield _to_row(line, header, values)
    except csv.Error as error:
        what = f"this is no CSV: {error}"
        raise DocumentError(what, path=path, line=reader.line_num) from error


def _to_row(line: int, header: list[str], values: list[str]) -> Row:
    extra = [value for value in values[len(header) :] if value.strip()]
    mistake = f"there are {len(values)} values for {len(header)} columns" if extra else ""
    pairs = zip(header, values, strict=False)
    cells = {name: value.strip() for name, value in pairs if value.strip()}
    return Row(line, cells, mistake, header=1)


def _parse_json_lines(text: str) -> Iterator[Row]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Row(number, {}, f"this is no JSON: {error}")
            continue
        if not isinstance(found, dict):
            yield Row(number, {}, 'each line is an object: {"source": ...}')
            continue
        pairs = ((str(name).lower(), _to_text(value)) for name, value in found.items())
        yield Row(number, {name: value for name, value in pairs if value})


def _to_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ",".join(map(_to_text, value))
    return str(value).strip()


def _parse_settings(text: str, path: Path) -> Iterator[Row]:
    jobs = parse_settings(text, path=path, key_of_list="jobs").member("jobs")
    if jobs is None or not jobs.items:
        hint = "write `jobs:` and below it a list, each with its `source:`"
        raise DocumentError("there are no jobs in it", hint=hint, path=path)
    for item in jobs.items:
        line = item.line or 1
        if item.text is not None:
            yield Row(line, {"source": item.text})
        elif item.items:
            yield Row(line, {}, "a job is no list")
        else:
            pairs = ((name.lower(), _join(value)) for name, value in item.members)
            yield Row(line, {name: value for name, value in pairs if value})


def _join(setting: Setting) -> str:
    if setting.items:
        return ",".join(item.text or "" for item in setting.items)
    return (setting.text or "").strip()
