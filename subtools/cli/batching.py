"""The commands for many talks: ``batch`` and ``why``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from subtools import console
from subtools.aligners import AUTO
from subtools.batch import (
    SHARED_BY,
    DeviceChoice,
    Executor,
    Job,
    LocalExecutor,
    Manifest,
    RayExecutor,
    Rules,
    Setup,
    Shard,
    StoredResults,
    Ways,
    Workplace,
    all_went_well,
    choose_device,
    estimate_worker,
    make_jobs,
    no_limit,
    open_workplace,
    pair_given,
    parse_duration,
    parse_manifest,
    parse_shard,
    parse_size,
    run_batch,
    usable_memory,
    usual_limit,
)
from subtools.cli.app import FAILED, INTERRUPTED, app
from subtools.cli.batch_options import (
    AddressOption,
    BatchSizeOption,
    CleanOption,
    DeviceOption,
    Engine,
    EngineOption,
    FetchersOption,
    KeepOption,
    LibraryFolderOption,
    MaxFailuresOption,
    MemoryOption,
    PauseOption,
    ShardOption,
    StepThreadsOption,
    StoreOption,
    TimeoutOption,
    TriesOption,
    WorkersOption,
)
from subtools.cli.batch_showing import (
    BatchWatcher,
    listening,
    refuse_mistakes,
    report_batch,
)
from subtools.cli.batch_workers import count_cards, count_workers
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
from subtools.cli.searching import LibraryOption as SearchLibraryOption
from subtools.cli.searching import index_talks
from subtools.cli.styling import StyleOption
from subtools.core import PLAIN_RULES, Seconds
from subtools.download import FetchOptions
from subtools.errors import DocumentError
from subtools.presenting import USUAL_FORMATS, make_look
from subtools.reading import read_text

_NO = ("no", "none", "0")
_MANIFESTS = (".csv", ".tsv", ".jsonl", ".ndjson", ".yaml", ".yml")


@app.command(
    "batch",
    epilog="Examples: `subtools batch manifest.csv -o library` · "
    "`subtools batch a.m4a b.m4a -o library` · "
    "`subtools batch manifest.csv -o library --check` · "
    "`subtools batch manifest.csv -o library --workers 4 --memory 6G` · "
    "`subtools batch manifest.csv -o library --shard 3/20` · "
    "`subtools batch manifest.csv -o /shared/library --engine ray --address auto`",
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
    clean: CleanOption = False,
    aligner: AlignerOption = AUTO,
    model: ModelOption = "base",
    beam: BeamOption = None,
    threads: StepThreadsOption = 1,
    device: DeviceOption = DeviceChoice.AUTO,
    batch_size: BatchSizeOption = None,
    engine: EngineOption = Engine.LOCAL,
    address: AddressOption = "auto",
    store: StoreOption = None,
    workers: WorkersOption = None,
    memory: MemoryOption = None,
    fetchers: FetchersOption = 1,
    tries: TriesOption = 5,
    pause: PauseOption = 5.0,
    max_failures: MaxFailuresOption = None,
    step_timeout: TimeoutOption = None,
    shard: ShardOption = None,
    keep: KeepOption = False,
    cookies: CookiesOption = None,
    browser: BrowserOption = None,
    proxy: ProxyOption = None,
    rate: RateOption = None,
    index: Annotated[
        bool, typer.Option("--index", help="Put what is done into the library that is searched.")
    ] = False,
    search_library: SearchLibraryOption = None,
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
        clean=clean,
        aligner=aligner,
        model=model,
        beam=beam,
        threads=threads,
        device=choose_device(device, batch_size),
    )
    manifest = _read_jobs(given, defaults)
    part = _read_shard(shard)
    budget = usable_memory() if memory is None else _read_memory(memory)
    options = read_fetch_options(cookies, browser, proxy, rate)
    refuse_mistakes(manifest, given, is_check=check)
    if check:
        console.print_note(f"{console.count_things(len(manifest.jobs), 'job')}, no mistakes")
        return
    cards = count_cards(defaults.device)
    cleans = any(job.clean for job in manifest.jobs)
    process = estimate_worker((job.model for job in manifest.jobs), cleans=cleans)
    number = workers or count_workers(threads, budget // process, SHARED_BY * cards)
    rules = Rules(
        tries=tries,
        pause=pause,
        max_failures=max_failures,
        ahead=2 * number + 4,
        keep=keep,
        limit=_read_limit(step_timeout),
    )
    jobs = part.choose(manifest.jobs) if part else manifest.jobs
    with (
        open_workplace(library, str(part or "")) as workplace,
        listening() as stop,
        console.BatchView(len(jobs), quiet=quiet or as_json) as view,
    ):
        results = StoredResults(store, workplace.drafts) if store else None
        setup = _set_up(workplace, options, store)
        executor: Executor
        if engine is Engine.RAY:
            executor = RayExecutor(
                setup,
                address=address,
                workers=workers,
                fetchers=fetchers,
                process=process,
                threads=threads,
            )
            rules = replace(rules, ahead=2 * executor.count_workers() + 4)
        else:
            executor = LocalExecutor(
                setup,
                workers=number,
                fetchers=fetchers,
                memory=budget,
                process=process,
                cards=cards,
            )
        endings = run_batch(
            manifest.jobs,
            workplace,
            executor,
            watcher=BatchWatcher(view),
            rules=rules,
            shard=part,
            force=force,
            results=results,
            stopping=lambda: stop.urgency,
        )
    report_batch(endings, library, part, quiet=quiet, as_json=as_json)
    if index:
        found = [one.folder / "words.json" for one in endings if one.folder is not None]
        index_talks(search_library, found, prune=False, quiet=True, as_json=False)
    if stop.urgency:
        console.print_error("interrupted; the same command goes on where this one ended")
        raise typer.Exit(INTERRUPTED)
    if not all_went_well(endings):
        raise typer.Exit(FAILED)


def usual_job() -> Job:
    """Return what holds for a job where neither its line nor an option of the command says it."""
    return Job("", "", outputs=read_formats(USUAL_FORMATS), device=choose_device(DeviceChoice.AUTO))


def _read_jobs(given: Sequence[str], defaults: Job) -> Manifest:
    """Return the jobs of a manifest, or of what else was named.

    Raises:
        DocumentError: If a manifest cannot be read.
    """
    manifests = [name for name in given if name.lower().endswith(_MANIFESTS)]
    if not manifests:
        return make_jobs(pair_given(given), Path.cwd(), defaults)
    if len(given) > 1:
        raise typer.BadParameter("give one manifest, and nothing else")
    path = Path(given[0])
    return parse_manifest(read_text(path), path, defaults)


def _set_up(workplace: Workplace, options: FetchOptions, store: str | None) -> Setup:
    """Return what workers are started with; all paths are whole, as they may be elsewhere."""
    return Setup(
        workplace.results.resolve(),
        workplace.drafts.resolve(),
        Ways(options, workplace.unfinished.resolve()),
        store,
    )


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


def _read_limit(text: str | None) -> Callable[[Seconds | None], Seconds | None]:
    """Return what says how long a step may take."""
    if text is None:
        return usual_limit
    if text.strip().lower() in _NO:
        return no_limit
    try:
        seconds = parse_duration(text)
    except DocumentError as error:
        raise typer.BadParameter(str(error), param_hint="--step-timeout") from error
    return lambda _sound: seconds
