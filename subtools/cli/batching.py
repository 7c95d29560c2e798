"""The commands for many talks: ``batch`` and ``why``."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from subtools import console
from subtools.aligners import AUTO
from subtools.batch import (
    Ending,
    Job,
    LocalExecutor,
    Manifest,
    Mistake,
    Row,
    Rules,
    Setup,
    Shard,
    State,
    Verdict,
    Ways,
    all_went_well,
    explain_job,
    make_jobs,
    name_report,
    open_workplace,
    parse_manifest,
    parse_shard,
    parse_size,
    peek_workplace,
    run_batch,
    usable_memory,
)
from subtools.batch.costs import WORKER
from subtools.cli.app import FAILED, INTERRUPTED, app
from subtools.cli.fetching import (
    BrowserOption,
    CookiesOption,
    ProxyOption,
    RateOption,
    read_fetch_options,
)
from subtools.cli.options import (
    AlignerOption,
    BeamOption,
    ForceOption,
    FormatsOption,
    JsonOption,
    LanguageOption,
    ModelOption,
    QuietOption,
    read_formats,
)
from subtools.cli.styling import StyleOption
from subtools.core import PLAIN_RULES
from subtools.errors import DocumentError
from subtools.presenting import USUAL_FORMATS, make_look
from subtools.reading import read_text
from subtools.timecode import compose_clock

_MANIFESTS = (".csv", ".tsv", ".jsonl", ".ndjson", ".yaml", ".yml")
_SHOWN_MISTAKES = 50
_RUNNING = "Running"

LibraryFolderOption = Annotated[
    Path, typer.Option("--output-dir", "-o", metavar="LIBRARY", help="Where the results go.")
]


@app.command(
    "batch",
    epilog="Examples: `subtools batch manifest.csv -o library` · "
    "`subtools batch a.m4a b.m4a -o library` · "
    "`subtools batch manifest.csv -o library --check` · "
    "`subtools batch manifest.csv -o library --workers 4 --memory 6G` · "
    "`subtools batch manifest.csv -o library --shard 3/20`",
)
def batch_command(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="MANIFEST|SOURCES...",
            help="A manifest (.csv, .jsonl, .yaml), or sounds, addresses and documents.",
        ),
    ],
    library: LibraryFolderOption,
    check: Annotated[
        bool, typer.Option("--check", help="Only look for mistakes in the manifest.")
    ] = False,
    language: LanguageOption = None,
    style: StyleOption = PLAIN_RULES.name,
    formats: FormatsOption = USUAL_FORMATS,
    aligner: AlignerOption = AUTO,
    model: ModelOption = "base",
    beam: BeamOption = None,
    threads: Annotated[
        int,
        typer.Option(
            "--threads", min=1, metavar="N", help="Processor threads of a step; part of its result."
        ),
    ] = 1,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            min=1,
            metavar="N",
            rich_help_panel=_RUNNING,
            help="Processes that compute; else as many as cores and memory allow.",
        ),
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option(
            "--memory",
            metavar="SIZE",
            rich_help_panel=_RUNNING,
            help="Memory for all workers together, such as 8G; else four fifths of what is there.",
        ),
    ] = None,
    fetchers: Annotated[
        int,
        typer.Option(
            "--fetchers",
            min=1,
            max=8,
            metavar="N",
            rich_help_panel=_RUNNING,
            help="Fetches at a time; sites refuse many.",
        ),
    ] = 1,
    tries: Annotated[
        int,
        typer.Option(
            "--tries",
            min=1,
            metavar="N",
            rich_help_panel=_RUNNING,
            help="How often a step is tried whose failure may pass: the network, a busy site.",
        ),
    ] = 5,
    pause: Annotated[
        float,
        typer.Option(
            "--pause",
            min=0.0,
            metavar="SECONDS",
            rich_help_panel=_RUNNING,
            help="Before it is tried again; twice as long each time, five minutes at most.",
        ),
    ] = 5.0,
    max_failures: Annotated[
        int | None,
        typer.Option(
            "--max-failures",
            min=1,
            metavar="N",
            rich_help_panel=_RUNNING,
            help="Begin no more jobs after so many have failed.",
        ),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            "--shard",
            metavar="I/N",
            rich_help_panel=_RUNNING,
            help="Only every N-th job, from the I-th on: for machines that share the library.",
        ),
    ] = None,
    keep: Annotated[
        bool,
        typer.Option(
            "--keep",
            rich_help_panel=_RUNNING,
            help="Keep decoded sounds and posteriors (180 MB an hour) for the next change.",
        ),
    ] = False,
    cookies: CookiesOption = None,
    browser: BrowserOption = None,
    proxy: ProxyOption = None,
    rate: RateOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Work through many talks: every job's results go to a folder of LIBRARY.

    What is done is kept at once, and a run that was ended in any way goes on where it was: give
    the same command again. What has changed since is done anew, and nothing else
    (`subtools why`). A job that fails is reported and does not keep the others; the exit status
    is 0 only if all are done. Ctrl-C ends after the steps that are being done, twice at once.
    """
    make_look(style)
    defaults = Job(
        name="",
        source="",
        language=language,
        style=style,
        outputs=read_formats(formats),
        aligner=aligner,
        model=model,
        beam=beam,
        threads=threads,
    )
    manifest = _read_jobs(given, defaults)
    part = _read_shard(shard)
    budget = usable_memory() if memory is None else _read_memory(memory)
    options = read_fetch_options(cookies, browser, proxy, rate)
    _refuse_mistakes(manifest, given, is_check=check)
    if check:
        console.print_note(f"{len(manifest.jobs)} jobs, no mistakes")
        return
    number = workers or count_workers(threads, budget)
    rules = Rules(
        tries=tries, pause=pause, max_failures=max_failures, ahead=2 * number + 4, keep=keep
    )
    jobs = part.choose(manifest.jobs) if part else manifest.jobs
    with (
        open_workplace(library, str(part or "")) as workplace,
        _listening() as stop,
        console.BatchView(len(jobs), quiet=quiet or as_json) as view,
    ):
        setup = Setup(workplace.results, workplace.drafts, Ways(options, workplace.unfinished))
        endings = run_batch(
            manifest.jobs,
            workplace,
            LocalExecutor(setup, workers=number, fetchers=fetchers, memory=budget),
            watcher=_Watcher(view),
            rules=rules,
            shard=part,
            force=force,
            stopping=lambda: stop.urgency,
        )
    _report(endings, library / name_report(part), quiet=quiet, as_json=as_json)
    if stop.urgency:
        console.print_error("interrupted; the same command goes on where this one ended")
        raise typer.Exit(INTERRUPTED)
    if not all_went_well(endings):
        raise typer.Exit(FAILED)


@app.command(
    "why",
    epilog="Example: `subtools why talk-03 -o library`",
)
def why_command(
    name: Annotated[str, typer.Argument(metavar="JOB", help="Name of its folder in the library.")],
    library: LibraryFolderOption,
    as_json: JsonOption = False,
) -> None:
    """Show which steps of a job a batch would do again, and what has changed since."""
    reasons = explain_job(name, peek_workplace(library))
    with console.printing():
        if as_json:
            listed = [
                {
                    "step": reason.step.kind.value,
                    "verdict": reason.verdict.value,
                    "changes": list(reason.changes),
                    "address": reason.step.address,
                }
                for reason in reasons
            ]
            console.print_raw(json.dumps(listed, ensure_ascii=False, indent=1) + "\n")
            return
        for reason in reasons:
            why = f": {'; '.join(reason.changes)}" if reason.changes else ""
            console.print_line(f"{reason.step.kind.value}: {reason.verdict.value}{why}")
        if all(reason.verdict in {Verdict.KEPT, Verdict.NOT_NEEDED} for reason in reasons):
            console.print_note("nothing has changed")


class _Watcher:
    """Shows in words how a batch goes."""

    def __init__(self, view: console.BatchView) -> None:
        self._view = view

    def moved(self, job: str, stage: str, done: float, total: float) -> None:
        """A step of ``job`` has come further."""
        self._view.move(job, stage, done, total)

    def ended(self, ending: Ending) -> None:
        """A job has ended."""
        self._view.end(ending.job.name, _tell(ending))

    def note(self, text: str) -> None:
        """Something a person should know."""
        self._view.say(text)


class _Stop:
    """How urgently a person wants it to stop."""

    urgency = 0


@contextmanager
def _listening() -> Iterator[_Stop]:
    """Let Ctrl-C stop after the steps that are being done, and twice at once."""
    stop = _Stop()

    def hear(_number: int, _frame: FrameType | None) -> None:
        stop.urgency += 1
        if stop.urgency == 1:
            console.print_note("ending after the running steps; Ctrl-C again ends at once")

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _read_jobs(given: Sequence[str], defaults: Job) -> Manifest:
    """Return the jobs of a manifest, or of what else was named.

    Raises:
        DocumentError: If a manifest cannot be read.
    """
    manifests = [name for name in given if name.lower().endswith(_MANIFESTS)]
    if not manifests:
        rows = [Row(number, {"source": name}) for number, name in enumerate(given, 1)]
        return make_jobs(rows, Path.cwd(), defaults)
    if len(given) > 1:
        raise typer.BadParameter("give one manifest, and nothing else")
    path = Path(given[0])
    return parse_manifest(read_text(path), path, defaults)


def _refuse_mistakes(manifest: Manifest, given: Sequence[str], *, is_check: bool) -> None:
    """Say all that is wrong; go on only if nothing is but files that are missing.

    Raises:
        DocumentError: If something is wrong.
    """
    for mistake in manifest.mistakes[:_SHOWN_MISTAKES]:
        show = console.print_note if mistake.is_missing and not is_check else console.print_error
        show(_place(mistake, given))
    serious = [m for m in manifest.mistakes if is_check or not m.is_missing]
    if serious:
        count = f"{len(serious)} mistake{'s' if len(serious) > 1 else ''}"
        raise DocumentError(f"{count}, so nothing was begun", hint="correct what is listed above")
    if not manifest.jobs:
        raise DocumentError("there are no jobs", hint="name some", path=given[0])


def _place(mistake: Mistake, given: Sequence[str]) -> str:
    where = f"{given[0]}:{mistake.line}" if len(given) == 1 else given[mistake.line - 1]
    return f"{where}: {mistake.text}"


def _read_shard(text: str | None) -> Shard | None:
    try:
        return None if text is None else parse_shard(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--shard") from error


def _read_memory(text: str) -> int:
    try:
        return parse_size(text)
    except DocumentError as error:
        raise typer.BadParameter(str(error), param_hint="--memory") from error


def count_workers(threads: int, memory: int) -> int:
    """Return how many workers of so many threads suit the cores and the memory."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(cores // threads, memory // WORKER))


def _tell(ending: Ending) -> str:
    if ending.failure is None:
        length = "" if ending.seconds is None else f", {compose_clock(ending.seconds)} of sound"
        return f"{ending.state.value}{length}" if ending.made else f"already done{length}"
    step = f" at {ending.failure.kind.value}" if ending.failure.kind else ""
    return f"{ending.state.value}{step}: {ending.failure.error}"


def _report(endings: Sequence[Ending], path: Path, *, quiet: bool, as_json: bool) -> None:
    with console.printing():
        if as_json:
            console.print_raw(path.read_text(encoding="utf-8"))
        elif not quiet:
            _print_table(endings)
            console.print_files([path])


def _print_table(endings: Sequence[Ending]) -> None:
    """Print a summary: how many jobs ended how, and each that is not done."""
    rows = [
        (ending.job.name, ending.state.value, _step_of(ending), _error_of(ending))
        for ending in endings
        if ending.state is not State.DONE
    ]
    if rows:
        console.print_rows(("job", "state", "step", "why"), rows)
    counts = {state: sum(ending.state is state for ending in endings) for state in State}
    told = ", ".join(f"{count} {state.value}" for state, count in counts.items() if count)
    sound = compose_clock(sum(ending.seconds or 0.0 for ending in endings))
    made = sum(ending.made for ending in endings)
    console.print_note(f"{len(endings)} jobs: {told}; {sound} of sound, {made} steps made")


def _step_of(ending: Ending) -> str:
    return ending.failure.kind.value if ending.failure and ending.failure.kind else ""


def _error_of(ending: Ending) -> str:
    return ending.failure.error if ending.failure else ""
