"""The commands about the library of talks: ``index`` and ``search``."""

from __future__ import annotations

import json
import re
import webbrowser
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from subtools import console
from subtools.catalogue import (
    Entry,
    Filters,
    Found,
    Glossary,
    Moment,
    catalogue_file,
    find_moments,
    find_talk_keys,
    list_entries,
    open_catalogue,
    parse_glossary,
    remove_talks,
)
from subtools.cli.app import FAILED, INTERRUPTED, app
from subtools.cli.options import JsonOption, QuietOption
from subtools.errors import CatalogueError, OutputError
from subtools.indexing import Report, index_files
from subtools.links import moment_link
from subtools.reading import read_text
from subtools.timecode import compose_clock

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _read_day(value: str | None) -> str | None:
    if value is not None and not _DAY.fullmatch(value):
        raise typer.BadParameter("give a day such as 2024-06-14")
    return value


LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", metavar="FILE", help="Another library than that of your user."),
]


@app.command(
    "index",
    epilog="Examples: `subtools index out` · `subtools index ~/talks --prune` · "
    "`subtools index --list` · `subtools index --remove BV1zE421N7UJ_p8`",
)
def index_command(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help="Files words.json, and folders to look through."),
    ] = None,
    library: LibraryOption = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Take out talks whose files under PATH are gone.")
    ] = False,
    listing: Annotated[bool, typer.Option("--list", help="Show what is in the library.")] = False,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="VIDEO", help="Take a talk out; may be given again."),
    ] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put talks into the library that `subtools search` looks through, on this computer only.

    What has not changed is skipped. A run that is interrupted has done what it has done.
    """
    if listing + bool(remove) + bool(paths) != 1:
        raise typer.BadParameter("give PATH..., or --list, or --remove")
    if listing:
        _list(library, as_json=as_json)
    elif remove:
        _remove(library, remove, quiet=quiet, as_json=as_json)
    else:
        index_talks(library, paths or [], prune=prune, quiet=quiet, as_json=as_json)


@app.command(
    "search",
    epilog='Examples: `subtools search 推理` · `subtools search "scaling law" --speaker 趙老師` · '
    "`subtools search hecheng shuju --since 2024-06-01 --json` · `subtools search 開源 -模型`",
    context_settings={"ignore_unknown_options": True},
)
def search_command(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS...",
            help='What is said: words, "a phrase", pinyin, and -word for what is not.',
        ),
    ],
    library: LibraryOption = None,
    speaker: Annotated[
        str | None, typer.Option("--speaker", metavar="NAME", help="Who says it.")
    ] = None,
    video: Annotated[
        str | None,
        typer.Option("--video", metavar="NAME", help="Id, or part of the title or path."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DAY",
            callback=_read_day,
            help="Published, or else indexed, on this day or later: 2024-06-14.",
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="DAY", callback=_read_day, help="On this day or before."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=1000, metavar="N", help="At most so many.")
    ] = 10,
    exact: Annotated[
        bool,
        typer.Option("--exact", help="Only as written, but for script, case and width."),
    ] = False,
    glossary: Annotated[
        Path | None,
        typer.Option(
            "--glossary",
            metavar="FILE.yaml",
            help="Terms that mean the same: `閉源模型: [畢業模型]`.",
        ),
    ] = None,
    show: Annotated[
        bool, typer.Option("--open", help="Open the first one in the browser.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Find the moments when something is said, in all talks of the library.

    Traditional finds Simplified; what sounds alike is found behind what is written so.
    """
    terms = Glossary() if glossary is None else _load_glossary(glossary)
    with open_catalogue(library) as catalogue:
        begun = perf_counter()
        found = find_moments(
            catalogue,
            _join(words),
            filters=Filters(speaker, video, since, until),
            glossary=terms,
            limit=limit,
            exact=exact,
        )
        seconds = perf_counter() - begun
    with console.printing():
        if as_json:
            summary = {
                "query": _join(words),
                "seconds": round(seconds, 4),
                "is_all": found.is_all,
                "moments": [_describe_moment(moment) for moment in found.moments],
            }
            console.print_raw(json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
        else:
            _print_moments(found)
    if show and found.moments:
        _open(found.moments[0])


def link_moment(moment: Moment) -> str:
    """Return where to hear a moment: its page, its sound or video, or its file."""
    place = moment.talk.page or _local_link(moment.talk.media or moment.talk.path)
    return place if moment.start is None else moment_link(place, moment.start)


def _local_link(path: str) -> str:
    """Return ``path`` as it is, or as an address where a mark in it would end it."""
    return Path(path).as_uri() if "#" in path else path


def _join(words: list[str]) -> str:
    r"""Return what the shell took apart, what it took the quotation marks from put in them.

    >>> _join(["scaling law", "-模型"])
    '"scaling law" -模型'
    """
    return " ".join(
        f'"{word}"' if re.search(r"\s", word) and len(words) > 1 and '"' not in word else word
        for word in words
    )


def _load_glossary(path: Path) -> Glossary:
    return parse_glossary(read_text(path), path=path)


def index_talks(
    library: Path | None, paths: list[Path], *, prune: bool, quiet: bool, as_json: bool
) -> None:
    """Put talks into the library and say what became of each.

    Raises:
        CatalogueError: If the library cannot be kept.
    """
    report, is_interrupted = Report(), False
    with open_catalogue(library, write=True) as catalogue:
        try:
            with console.show_progress(quiet=quiet or as_json) as progress:
                index_files(catalogue, paths, report, prune=prune, progress=progress)
        except KeyboardInterrupt:  # what is done is done, and worth to be told
            is_interrupted = True
    with console.printing():
        if as_json:
            console.print_raw(json.dumps(_describe_report(report), ensure_ascii=False) + "\n")
        else:
            _print_report(report, library or catalogue_file(), quiet=quiet)
    if is_interrupted:
        console.print_error("interrupted; run it again to go on")
        raise typer.Exit(INTERRUPTED)
    if report.failures:
        raise typer.Exit(FAILED)


def _print_report(report: Report, library: Path, *, quiet: bool) -> None:
    for failure in report.failures:
        console.print_error(str(failure.error))
    if not quiet:
        counts = {
            "new": len(report.added),
            "changed": len(report.replaced),
            "unchanged": len(report.unchanged),
            "taken out": len(report.removed),
            "not readable": len(report.failures),
        }
        told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        console.print_note(f"{told or 'no words.json found'}; the library is {library}")


def _describe_report(report: Report) -> dict[str, Any]:
    return {
        "added": list(map(str, report.added)),
        "replaced": list(map(str, report.replaced)),
        "unchanged": len(report.unchanged),
        "removed": report.removed,
        "failures": [{"path": str(f.path), "error": str(f.error)} for f in report.failures],
    }


def _list(library: Path | None, *, as_json: bool) -> None:
    with open_catalogue(library) as catalogue:
        entries = list_entries(catalogue.connection)
    with console.printing():
        if as_json:
            listed = [_describe_entry(entry) for entry in entries]
            console.print_raw(json.dumps(listed, ensure_ascii=False, indent=1) + "\n")
            return
        for entry in entries:
            length = compose_clock(entry.duration)
            console.print_line(f"{entry.key}  {entry.date}  {length}  {entry.title}")
        hours = sum(entry.duration for entry in entries) / 3600
        place = library or catalogue_file()
        console.print_note(f"{len(entries)} talks, {hours:.1f} hours; the library is {place}")


def _remove(library: Path | None, names: list[str], *, quiet: bool, as_json: bool) -> None:
    path = library or catalogue_file()
    if not path.exists():
        raise CatalogueError("there is no library", path=path)
    with open_catalogue(library, write=True) as catalogue:
        keys = [_only(name, find_talk_keys(catalogue, name)) for name in names]
        remove_talks(catalogue, keys)
    with console.printing():
        if as_json:
            console.print_raw(json.dumps({"removed": keys}, ensure_ascii=False) + "\n")
        elif not quiet:
            for key in keys:
                console.print_note(f"taken out: {key}")


def _only(name: str, keys: tuple[str, ...]) -> str:
    if len(keys) > 1:
        known = ", ".join(keys[:10])
        raise CatalogueError(f"{name!r} may mean several talks", hint=f"say which: {known}")
    return keys[0]


def _describe_entry(entry: Entry) -> dict[str, Any]:
    return {
        "video": entry.key,
        "title": entry.title,
        "date": entry.date,
        "published": entry.published,
        "indexed": entry.indexed,
        "language": entry.language,
        "words": entry.words,
        "duration": round(entry.duration, 3),
        "speakers": list(entry.speakers),
        "page": entry.page,
        "media": entry.media,
        "path": entry.path,
    }


def _describe_moment(moment: Moment) -> dict[str, Any]:
    return {
        "video": moment.talk.key,
        "title": moment.talk.title,
        "date": moment.talk.date,
        "speaker": moment.speaker,
        "start": moment.start,
        "is_exact": moment.is_exact,
        "text": moment.text,
        "marks": [list(mark) for mark in moment.marks],
        "matched": list(moment.matched),
        "match": moment.match.value,
        "score": moment.score,
        "link": link_moment(moment),
        "path": moment.talk.path,
    }


def _print_moments(found: Found) -> None:
    for moment in found.moments:
        at = "-" if moment.start is None else compose_clock(moment.start)
        about = "" if moment.is_exact else "about "
        console.print_line(
            f"{moment.talk.title}  {about}{at}  {moment.speaker or ''}  ({moment.match.value})"
        )
        console.print_marked(moment.text, moment.marks)
        console.print_line(f"  {link_moment(moment)}")
    if not found.moments:
        console.print_note("nothing was found")
    elif not found.is_all:
        console.print_note("there may be more: --limit N")


def _open(moment: Moment) -> None:
    address = _address(moment)
    if not webbrowser.open(address):
        raise OutputError("no browser could be started", hint=f"open {address} in one yourself")


def _address(moment: Moment) -> str:
    """Return what a browser opens: the page beside the file, or where to hear the moment."""
    own = Path(moment.talk.path).parent / moment.talk.page_file
    local = next((p for p in (own, Path(moment.talk.media or "")) if p.is_file()), None)
    if local == own or (moment.talk.page is None and local is not None):
        return moment_link(local.resolve().as_uri(), moment.start or 0.0)
    return link_moment(moment)
