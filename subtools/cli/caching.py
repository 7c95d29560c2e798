"""The commands about what is kept to be used again: ``cache list``, ``cache clear``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from subtools import console
from subtools.cache import CacheEntry, Kept, clear_cache, list_cache
from subtools.cli.app import ErrorGroup, app
from subtools.cli.options import JsonOption, QuietOption
from subtools.places import CACHE_VARIABLE, cache_folder

cache = typer.Typer(
    name="cache",
    cls=ErrorGroup,
    help="What is kept to be used again: sounds that `caption` fetched, fetches and "
    "recognitions that were interrupted, what `clean` heard, speech models. "
    f"{CACHE_VARIABLE} names another folder for it.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
app.add_typer(cache)


@cache.command("list", epilog="Example: `subtools cache list --json`")
def list_command(as_json: JsonOption = False) -> None:
    """Show what is kept, and how large it is."""
    entries = list_cache()
    with console.printing():
        if as_json:
            listed = [_describe(entry) for entry in entries]
            console.print_raw(json.dumps(listed, ensure_ascii=False, indent=1) + "\n")
            return
        for entry in entries:
            running = ", being fetched now" if entry.is_running else ""
            title = f"  {entry.title}" if entry.title else ""
            what = f"{entry.kind.value}{running}"
            console.print_line(f"{entry.size / 1e6:>9.1f} MB  {what}  {entry.key}{title}")
        console.print_note(f"{sum(e.size for e in entries) / 1e6:.1f} MB in {cache_folder()}")


@cache.command(
    "clear",
    epilog="Examples: `subtools cache clear BV1zE421N7UJ_p8` · `subtools cache clear --fetched "
    "--unfinished` · `subtools cache clear --all`",
)
def clear_command(
    keys: Annotated[
        list[str] | None, typer.Argument(metavar="NAME...", help="Names that `list` shows.")
    ] = None,
    fetched: Annotated[bool, typer.Option("--fetched", help="All fetched sounds.")] = False,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="What interrupted fetches and recognitions left.")
    ] = False,
    heard: Annotated[
        bool, typer.Option("--heard", help="What `clean` heard; it is heard again when needed.")
    ] = False,
    models: Annotated[
        bool, typer.Option("--models", help="Speech models; the bundled one is made again.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="All of these.")] = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Remove what you name, and nothing else; results and voices are kept elsewhere."""
    chosen = {Kept.FETCHED: fetched, Kept.UNFINISHED: unfinished, Kept.MODEL: models}
    chosen |= {Kept.RECOGNISING: unfinished, Kept.HEARD: heard}
    kinds = {kind for kind, is_chosen in chosen.items() if is_chosen or everything}
    if not keys and not kinds:
        raise typer.BadParameter(
            "say what: NAME..., --fetched, --unfinished, --heard, --models or --all"
        )
    removed = clear_cache(keys or (), kinds)
    with console.printing():
        if as_json:
            listed = [_describe(entry) for entry in removed]
            console.print_raw(json.dumps(listed, ensure_ascii=False) + "\n")
        elif not quiet:
            for entry in removed:
                console.print_note(f"removed {entry.kind.value} {entry.key}")
            console.print_note(f"{sum(e.size for e in removed) / 1e6:.1f} MB freed")


def _describe(entry: CacheEntry) -> dict[str, str | int | bool | list[str]]:
    return {
        "kind": entry.kind.value,
        "name": entry.key,
        "title": entry.title,
        "size": entry.size,
        "is_running": entry.is_running,
        "files": [str(path) for path in entry.files if isinstance(path, Path)],
    }
