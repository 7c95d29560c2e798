"""What a person sees in the terminal: progress to stderr, results to stdout."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from unicodedata import category

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Column, Table
from rich.text import Text

from subtools import core
from subtools.core import Finding, Topic
from subtools.errors import OutputError
from subtools.timecode import compose_clock

_STEERING = {"Cc", "Cf", "Zl", "Zp"}  # controls, direction marks, line separators
FETCHING = "fetch"  # stages that begin so count bytes
_SHOWN_FINDINGS = 10
_SHOWN_TEXT = 40  # characters of a finding


class _BytesColumn(ProgressColumn):
    """Bytes and bytes a second, for stages that count bytes."""

    def render(self, task: Task) -> Text:
        """Return size and speed of ``task``; nothing if it does not count bytes."""
        if not task.description.startswith(FETCHING):
            return Text()
        return Text.assemble(self._size.render(task), "  ", self._speed.render(task))

    _size, _speed = DownloadColumn(), TransferSpeedColumn()


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[core.Progress]:
    """Yield a callback that draws one bar a stage on stderr, with the time that remains."""
    if quiet:
        yield core.no_progress
        return
    columns = (
        TextColumn("{task.description}", justify="right"),
        BarColumn(),
        TaskProgressColumn(),
        _BytesColumn(table_column=Column(no_wrap=True)),
        TimeElapsedColumn(),
        TextColumn("ETA"),
        TimeRemainingColumn(),
    )
    bars = Progress(*columns, console=Console(stderr=True))
    tasks: dict[str, TaskID] = {}

    def update(stage: str, done: float, total: float, /) -> None:
        with suppress(OSError):  # a terminal that is gone must not cost the work
            if stage not in tasks:
                _finish(bars)
                bars.start()  # not before: a refusal needs no empty bars above it
                tasks[stage] = bars.add_task(stage, total=total)
            known = total or None  # 0: nobody knows how much it will be
            bars.update(tasks[stage], completed=min(done, total or done), total=known)

    try:
        yield update
    finally:
        with suppress(OSError):
            if tasks:  # else it would end a line that was not begun
                bars.stop()


class BatchView:
    """Jobs on their way: bars in a terminal, a line for each job that has ended elsewhere."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        self._console = Console(stderr=True, soft_wrap=True, highlight=False)
        self._quiet = quiet
        self._is_live = self._console.is_terminal and not quiet
        self._total = total
        self._ended = 0
        self._bars = Progress(
            TextColumn("{task.fields[name]}", justify="left"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._jobs: dict[str, TaskID] = {}
        self._whole = self._bars.add_task("", total=total, name="all jobs")

    def __enter__(self) -> BatchView:
        if self._is_live:
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_live:
            with suppress(OSError):
                self._bars.stop()

    def move(self, job: str, stage: str, done: float, total: float) -> None:
        """Show how far ``job`` is."""
        if not self._is_live:
            return
        with suppress(OSError):
            if job not in self._jobs:
                name = escape(visible(_shorten(job)))
                self._jobs[job] = self._bars.add_task(stage, total=None, name=name)
            known = total or None
            self._bars.update(
                self._jobs[job], description=stage, completed=min(done, total or done), total=known
            )

    def end(self, job: str, text: str) -> None:
        """Show that ``job`` has ended, and how."""
        self._ended += 1
        with suppress(OSError):
            if job in self._jobs:
                self._bars.remove_task(self._jobs.pop(job))
            self._bars.update(self._whole, completed=self._ended)
        self.say(f"[{self._ended}/{self._total}] {job}: {text}")

    def say(self, text: str) -> None:
        """Show a line of text."""
        if not self._quiet:
            with suppress(OSError):
                self._console.print(visible(text), markup=False)


def print_rows(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table for the person on stderr."""
    table = Table(*header, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(escape(visible(cell)) for cell in row))
    with suppress(OSError):
        Console(stderr=True).print(table)


def _finish(bars: Progress) -> None:
    """Stop the clocks of the stages before a new one begins."""
    for task in bars.tasks:
        bars.update(task.id, completed=task.total)
        bars.stop_task(task.id)


def use_utf8() -> None:
    """Let results be written in UTF-8 everywhere: a redirected Windows console cannot Chinese."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def print_raw(text: str) -> None:
    """Print ``text`` to stdout for a program or a file, exactly as it is."""
    sys.stdout.write(text)


@contextmanager
def printing() -> Iterator[None]:
    """Let results be printed; what files hold is complete by then.

    Raises:
        OutputError: If the terminal or pipe takes no more.
    """
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for good
        raise OutputError(
            "the terminal or pipe takes no more output", hint="results in files are complete"
        ) from error


def print_line(text: str) -> None:
    """Print one line of results."""
    Console(soft_wrap=True, highlight=False).print(visible(text), markup=False)


def print_marked(text: str, marks: Sequence[tuple[int, int]]) -> None:
    """Print one line of results, indented, with stretches [first, last) of ``text`` marked."""
    console = Console(soft_wrap=True, highlight=False)
    if console.color_system is None:  # without colours, brackets mark
        for first, last in sorted(marks, reverse=True):
            text = f"{text[:first]}[{text[first:last]}]{text[last:]}"
        marks = ()
    line = Text(visible(text))
    for first, last in marks:
        line.stylize("bold reverse", first, last)
    console.print(Text("  ") + line)


def print_note(text: str) -> None:
    """Print one line for the person, not part of the results."""
    with suppress(OSError):
        Console(stderr=True, soft_wrap=True, highlight=False).print(visible(text), markup=False)


def print_error(text: str) -> None:
    """Print an error in one line."""
    one_line = " ".join(text.split())
    with suppress(OSError):
        Console(stderr=True, soft_wrap=True, highlight=False).print(
            f"[bold red]error:[/] {escape(visible(one_line))}"
        )


def print_files(paths: Sequence[Path]) -> None:
    """Print where the results are."""
    for path in paths:
        print_line(str(path))


def print_findings(findings: Sequence[Finding]) -> None:
    """Print the first findings as a table on stderr."""
    if not findings:
        return
    table = Table("at", "finding", "text", "why", box=None, pad_edge=False)
    for finding in findings[:_SHOWN_FINDINGS]:
        at = compose_clock(finding.span.start) if finding.span else "-"
        cells = (at, finding.kind.value, _shorten(finding.text), finding.reason)
        table.add_row(*(escape(visible(cell)) for cell in cells))
    console = Console(stderr=True)
    console.print(table)
    if len(findings) > _SHOWN_FINDINGS:
        console.print(f"... and {len(findings) - _SHOWN_FINDINGS} more in words.json")


def print_topics(topics: Sequence[Topic]) -> None:
    """Print what a talk is about, a topic a line."""
    table = Table("at", "topic", "why", box=None, pad_edge=False)
    for topic in topics:
        cells = (compose_clock(topic.start), topic.title, topic.reason)
        table.add_row(*(escape(visible(cell)) for cell in cells))
    Console().print(table)


def print_table(title: str, rows: Mapping[str, str]) -> None:
    """Print named values, one a line."""
    table = Table(title, "", box=None, pad_edge=False)
    for name, value in rows.items():
        table.add_row(f"  {escape(name)}", escape(value))
    Console().print(table)


def visible(text: str) -> str:
    r"""Return ``text`` with a mark for each character that would steer the terminal.

    >>> visible("talk\x1b[2J 大")
    'talk�[2J 大'
    """
    return "".join("\N{REPLACEMENT CHARACTER}" if category(c) in _STEERING else c for c in text)


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN_TEXT else text[: _SHOWN_TEXT - 1] + "…"


def count_things(count: int, name: str) -> str:
    """Return a number of things in words.

    >>> count_things(1, "job"), count_things(2, "job")
    ('1 job', '2 jobs')
    """
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
