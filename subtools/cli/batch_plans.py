"""The commands beside ``batch``: ``plan`` writes its manifest, ``why`` tells what it would do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from subtools import console
from subtools.batch import (
    Job,
    StoredResults,
    Verdict,
    compose_manifest,
    explain_job,
    find_documents,
    load_record,
    parse_manifest,
    peek_workplace,
    plan_collection,
)
from subtools.cli.app import app
from subtools.cli.batch_options import LibraryFolderOption, StoreOption
from subtools.cli.batching import usual_job
from subtools.cli.fetching import (
    BrowserOption,
    CookiesOption,
    ProxyOption,
    RateOption,
    read_fetch_options,
)
from subtools.cli.options import ForceOption, JsonOption, QuietOption
from subtools.errors import DocumentError, OutputError
from subtools.reading import read_text
from subtools.store import check_outputs, write_outputs


@app.command(
    "plan",
    epilog="Examples: `subtools plan BV1zE421N7UJ --documents texts -o manifest.csv` · "
    "`subtools plan 'https://space.bilibili.com/1/lists/2' -o manifest.csv`",
)
def plan_command(
    address: Annotated[
        str, typer.Argument(help="A video in parts, or a list of videos, as for `fetch`.")
    ],
    documents: Annotated[
        Path | None,
        typer.Option("--documents", metavar="DIR", help="Texts, to be matched with the parts."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE.csv", help="The manifest; else stdout."),
    ] = None,
    cookies: CookiesOption = None,
    browser: BrowserOption = None,
    proxy: ProxyOption = None,
    rate: RateOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write a manifest for a whole collection, each part with the document that is of it.

    A document is of a part if its header or its name has the BV id and the number of the part,
    or if it is called the same. What is not sure is left open, and the column `note` says why.
    """
    if output is not None:
        check_outputs([output], force=force)
    options = read_fetch_options(cookies, browser, proxy, rate)
    texts = () if documents is None else find_documents(documents)
    collection = plan_collection(address, texts, options)
    text = compose_manifest(collection, output.parent if output else Path.cwd())
    if output is not None:
        write_outputs({output: text}, force=force)
    with console.printing():
        if output is None:
            console.print_raw(text)
        elif not quiet:
            console.print_files([output])
    if not quiet:
        matched = sum(part.document is not None for part in collection.parts)
        parts = console.count_things(len(collection.parts), "part")
        console.print_note(f"{parts}, {matched} with a document")
        for path, reason in collection.unused:
            console.print_note(f"{path.name}: {reason}")


@app.command(
    "why",
    epilog="Examples: `subtools why talk-03 -o library` · "
    "`subtools why talk-03 -o library --manifest manifest.csv`",
)
def why_command(
    name: Annotated[str, typer.Argument(metavar="JOB", help="Name of its folder in the library.")],
    library: LibraryFolderOption,
    manifest: Annotated[
        Path | None,
        typer.Option(
            "--manifest", metavar="FILE", help="Where the job stands, if its line has changed."
        ),
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which steps of a job a batch would do again, and what has changed since.

    Files, settings and versions of packages are compared with those that the job was last made
    with.
    """
    workplace = peek_workplace(library)
    record = None
    try:
        record = load_record(name, workplace)
    except OutputError:  # of a run that was killed by a version that kept no jobs
        if manifest is None:
            raise
    before = usual_job() if record is None else record.job
    job = before if manifest is None else _find_job(name, manifest, before)
    if record is not None and record.error:
        console.print_note(f"the last run: {record.state.value}: {record.error}")
    results = StoredResults(store, workplace.drafts) if store else None
    reasons = explain_job(job, workplace, record, results)
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


def _find_job(name: str, manifest: Path, before: Job) -> Job:
    """Return the job called ``name`` as it stands in a manifest.

    Where its line says nothing, options of the command hold: what was so before without a word
    in the line is one of them; what the line said then and says no more is as usual.

    Raises:
        DocumentError: If there is no such job.
    """
    usual = usual_job()
    options = replace(before, **{column: getattr(usual, column) for column in before.said})
    found = parse_manifest(read_text(manifest), manifest, options)
    job = next((job for job in found.jobs if job.name == name), None)
    if job is None:
        hint = "subtools batch --check tells of its mistakes" if found.mistakes else ""
        raise DocumentError(f"there is no job {name!r} in it", hint=hint, path=manifest)
    return job
