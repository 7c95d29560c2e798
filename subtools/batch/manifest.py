"""A manifest to jobs, or to all its mistakes at once."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from subtools.aligners import AUTO, aligner_names
from subtools.batch.rows import Row, parse_rows
from subtools.batch.values import Job
from subtools.checks import check_language
from subtools.download import parse_address
from subtools.errors import SubtoolsError
from subtools.inputs import readable
from subtools.lexicon import clean_name
from subtools.presenting import find_suffixes, make_look
from subtools.talks import TextChoice, is_address

_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')
_REPORT = re.compile(r"report(-.*)?\.json", re.IGNORECASE)  # files of the library's own
_LONGEST_NAME = 100  # bytes; file systems take 255, and files in the folder have names, too
_FOR_PEOPLE = {"title", "duration", "note"}  # columns that `subtools plan` adds
_YES, _NO = {"yes", "true", "1"}, {"no", "false", "0"}


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in a manifest that makes no sense, or is not there.

    Attributes:
        line: Where it stands, from 1.
        text: What is wrong and what to do, in words.
        is_missing: Whether it is only a file that is not there: its job fails, the rest goes on.
    """

    line: int
    text: str
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says.

    Attributes:
        jobs: Its jobs, in order; of lines without mistakes, and such that lack a file.
        mistakes: All its mistakes, in order.
    """

    jobs: tuple[Job, ...]
    mistakes: tuple[Mistake, ...]


def parse_manifest(text: str, path: Path, defaults: Job) -> Manifest:
    """Return the jobs of a manifest and its mistakes.

    Args:
        text: Its text.
        path: Where it was read: its suffix says which form it has, and files are named as
            seen from its folder.
        defaults: What holds where a line says nothing.

    Raises:
        DocumentError: If it has no form that is known at all.
    """
    return make_jobs(parse_rows(text, path), path.absolute().parent, defaults)


def make_jobs(rows: Sequence[Row], folder: Path, defaults: Job) -> Manifest:
    """Return the jobs of ``rows`` and their mistakes; ``folder`` is where their files are."""
    jobs: list[Job] = []
    mistakes: list[Mistake] = []
    lines: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for row in rows:
        job, wrong = _make_job(row, folder, defaults)
        if job is not None:
            job, clash = _name(job, lines, numbers, is_given="name" in row.cells)
            wrong = (*wrong, *clash)
            lines.setdefault(job.name.casefold(), row.line)
        mistakes += wrong
        if job is not None and all(mistake.is_missing for mistake in wrong):
            jobs.append(job)
    told = sorted(dict.fromkeys(mistakes), key=lambda mistake: mistake.line)  # a header's: once
    return Manifest(tuple(jobs), tuple(told))


def _make_job(row: Row, folder: Path, defaults: Job) -> tuple[Job | None, tuple[Mistake, ...]]:
    if row.mistake:
        return None, (Mistake(row.line, row.mistake),)
    found: dict[str, Any] = {"line": row.line}
    wrong: list[Mistake] = []
    for column, value in row.cells.items():
        if column in _FOR_PEOPLE:
            continue
        reader = _COLUMNS.get(column)
        if reader is None:
            wrong.append(Mistake(row.header or row.line, _tell_unknown(column)))
            continue
        try:
            found[column] = reader(value, folder)
        except (SubtoolsError, ValueError) as error:
            wrong.append(Mistake(row.line, f"{column}: {' '.join(str(error).split())}"))
    job = replace(defaults, **found, said=tuple(sorted(found.keys() & _COLUMNS.keys())))
    wrong += _find_contradictions(job, row)
    wrong += [] if wrong else _find_missing(job, row.line)
    return job, tuple(wrong)


def _find_contradictions(job: Job, row: Row) -> Iterator[Mistake]:
    if not job.source and job.document is None:
        yield Mistake(row.line, "there is no source: name a file or an address")
    if job.part is not None and job.source and not is_address(job.source):
        yield Mistake(row.line, "part: a file has no parts; a `track`, perhaps")
    if job.document is not None and job.text is not None:
        yield Mistake(row.line, "text: there is a document, so it is the text")
    if job.text is TextChoice.CLEAN:
        yield Mistake(row.line, "text: clean is none; a manifest has a column `clean`: yes")
    if job.text is TextChoice.SITE and job.source and not is_address(job.source):
        yield Mistake(row.line, "text: a file has no site")


def _find_missing(job: Job, line: int) -> Iterator[Mistake]:
    named: Mapping[str, Path | None] = {
        "source": Path(job.source) if job.source and not is_address(job.source) else None,
        "document": job.document,
        "names": job.names,
        "glossary": job.glossary,
    }
    for column, path in named.items():
        if path is not None and not _is_file(path):
            yield Mistake(line, f"{column}: there is no file {path}", is_missing=True)


def _is_file(path: Path) -> bool:
    """Return whether there is a file at ``path``; of no name that the system refuses there is."""
    try:
        return path.is_file()
    except OSError:  # too long, or in a folder that nobody lets us into
        return False


def _tell_unknown(column: str) -> str:
    near = difflib.get_close_matches(column, _COLUMNS, 1)
    hint = f"; did you mean `{near[0]}`?" if near else f"; there are {', '.join(_COLUMNS)}"
    return f"there is no column `{column}`{hint}"


def _name(
    job: Job, lines: Mapping[str, int], numbers: dict[str, int], *, is_given: bool
) -> tuple[Job, tuple[Mistake, ...]]:
    """Return ``job`` with its name, which no other has; ``numbers`` are the last ones given."""
    if is_given:
        clash = lines.get(job.name.casefold())
        wrong = f"name: {job.name} is the name of line {clash}, too"
        return job, (Mistake(job.line or 0, wrong),) if clash else ()
    base = derive_name(job)
    name, number = base, numbers.get(base, 1)
    while name.casefold() in lines:
        number += 1
        name = f"{base}-{number}"
    numbers[base] = number
    return replace(job, name=name), ()


def derive_name(job: Job) -> str:
    """Return a name for the folder of ``job``, after its sound or its document.

    >>> derive_name(Job("", "talks/a b.m4a")), derive_name(Job("", "BV1zE421N7UJ", part=8))
    ('a b', 'BV1zE421N7UJ_p8')
    """
    if not job.source:
        return _safe(job.document.stem if job.document else "talk")
    if not is_address(job.source):
        return _safe(Path(job.source).stem)
    address = parse_address(job.source)
    part = job.part or address.part
    name = address.bvid or address.url.split("://")[-1].split("?")[0].rstrip("/").split("/")[-1]
    return _safe(f"{name}_p{part}" if part else Path(name).stem)


def _safe(name: str) -> str:
    """Return ``name`` as the name of a folder that every system takes."""
    text = _NOT_IN_NAMES.sub("_", clean_name(readable(name))).strip(" .")
    text = text.encode()[:_LONGEST_NAME].decode(errors="ignore").strip(" .")
    text = text.replace(".", "_") if _REPORT.fullmatch(text) else text
    return text or "talk"


def _read_name(text: str, _folder: Path) -> str:
    if _safe(text) != text:
        raise ValueError(f"{text!r} cannot be the name of a folder; {_safe(text)!r} can")
    return text


def _read_source(text: str, folder: Path) -> str:
    if is_address(text):
        parse_address(text)
        return text
    if "://" in text:
        parse_address(text)  # says what is wrong with it
    return str(folder / text)


def _read_path(text: str, folder: Path) -> Path:
    return folder / text


def _read_language(text: str, _folder: Path) -> str:
    check_language(text)
    return text


def _read_style(text: str, folder: Path) -> str:
    style = str(folder / text) if text.lower().endswith(".toml") else text
    make_look(style)
    return style


def _read_outputs(text: str, _folder: Path) -> tuple[str, ...]:
    return find_suffixes([name for name in re.split(r"[,;\s]+", text) if name])


def _read_aligner(text: str, _folder: Path) -> str:
    known = (AUTO, *aligner_names())
    if text not in known:
        raise ValueError(f"there is no aligner {text!r}; known are {', '.join(known)}")
    return text


def _read_model(text: str, _folder: Path) -> str:
    return text


def _read_count(text: str, _folder: Path) -> int | None:
    """Return a number of speakers or topics: 0 for ``no``, None for as many as there are."""
    if text.lower() in _NO:
        return 0
    if text.lower() in {"auto", "yes"}:
        return None
    try:
        return _read_number(text, _folder)
    except ValueError as error:
        raise ValueError(f"{error}, nor `no` (nobody looks) or `auto` (as many as found)") from None


def _read_number(text: str, _folder: Path) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) >= 1):
        raise ValueError(f"{text!r} is no number from 1 on")
    return int(text)


def _read_seconds(text: str, _folder: Path) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        raise ValueError(f"{text!r} is no number of seconds")
    return seconds


def _read_truth(text: str, _folder: Path) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError(f"{text!r} is neither yes nor no")
    return text.lower() in _YES


def _read_choice(text: str, _folder: Path) -> TextChoice:
    if text not in set(TextChoice):
        raise ValueError(f"{text!r} is none of {', '.join(TextChoice)}")
    return TextChoice(text)


_COLUMNS: Mapping[str, Callable[[str, Path], object]] = {
    "name": _read_name,
    "source": _read_source,
    "part": _read_number,
    "document": _read_path,
    "language": _read_language,
    "names": _read_path,
    "glossary": _read_path,
    "style": _read_style,
    "outputs": _read_outputs,
    "aligner": _read_aligner,
    "model": _read_model,
    "speakers": _read_count,
    "topics": _read_count,
    "track": _read_number,
    "offset": _read_seconds,
    "partial": _read_truth,
    "text": _read_choice,
    "clean": _read_truth,
    "beam": _read_number,
    "threads": _read_number,
}
