"""The commands for reading and listening: ``page`` and ``open``."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from subtools import console
from subtools.cli.app import app, spare_inputs
from subtools.cli.options import ForceOption, QuietOption, read_media_path
from subtools.core import Provenance, Seconds
from subtools.diarization import load_words
from subtools.errors import DocumentError, OutputError
from subtools.page import GENERATOR, compose_page
from subtools.presenting import name_page, refer_to
from subtools.store import check_outputs, write_outputs
from subtools.timecode import parse_timecode

_PAGES = ("*.html", "*.htm")
_HEAD = 20_000  # characters; what made a page stands among its first lines


WordsArgument = Annotated[
    Path, typer.Argument(metavar="WORDS.json", help="What caption or align wrote.")
]
PlayedOption = Annotated[
    Path | None,
    typer.Option(
        "--media",
        metavar="FILE",
        parser=read_media_path,
        help="Sound or video that the page plays from where it is; else the file that "
        "WORDS.json was made from, if it lies beside the page.",
    ),
]
HeadingOption = Annotated[
    str | None, typer.Option("--title", help="Heading; else what the document says.")
]


@app.command(
    "page",
    epilog="Examples: `subtools page out/words.json --media talk.m4a` · "
    "`subtools page out/words.json --media talk.mp4 -o out/talk.html --title 'Round table'` · "
    "`subtools open out --at 12:34`",
)
def page_command(
    words: WordsArgument,
    media: PlayedOption = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="OUT.html", help="The page; else beside WORDS.json."
        ),
    ] = None,
    title: HeadingOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make one HTML file to listen, read, search and jump; it works offline, by a double click.

    The sound stays where it is, and the page links to it: move both together. Without it,
    times lead to the talk's page on Bilibili or YouTube.
    """
    alignment, provenance = load_words(words)
    name = media.name if media else name_of_sound(provenance)
    target = output or words.parent / f"{Path(name).stem or words.stem}.html"
    check_outputs([target], force=force)
    spare_inputs([target], [words, *([media] if media else [])])
    found = media or find_beside(target, name)
    reference = None if found is None else refer_to(found, target.parent)
    heading = title or name_page(alignment.transcript.source, Path(name).stem or words.stem)
    write_outputs({target: compose_page(alignment, media=reference, title=heading)}, force=force)
    if not quiet:
        with console.printing():
            if reference is None:
                console.print_note("the page has no sound: say where it is with --media")
            console.print_files([target])


@app.command(
    "open",
    epilog="Examples: `subtools open out` · `subtools open out/talk.html --at 12:34`",
)
def open_command(
    page: Annotated[
        Path, typer.Argument(metavar="[OUT.html|FOLDER]", help="The page, or its folder.")
    ] = Path(),
    at: Annotated[
        Seconds | None,
        typer.Option(
            "--at",
            metavar="TIME",
            parser=lambda text: _read_time(text),
            help="Where: 12:34, 754.2.",
        ),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Show a page in the browser, at a moment if you name one."""
    address = _find_page(page).resolve().as_uri() + ("" if at is None else f"#t={at:.3f}")
    if not quiet:
        with console.printing():
            console.print_line(address)
    if not webbrowser.open(address):
        raise OutputError(
            "no browser could be started", hint="open the address above in one yourself"
        )


def name_of_sound(provenance: Provenance) -> str:
    """Return the name of the sound that the words were timed by; empty if it is not said."""
    audio = provenance.inputs.get("audio")
    return Path(audio.name).name if audio else ""


def find_beside(page: Path, name: str) -> Path | None:
    """Return the file called ``name`` beside a page, if there is one."""
    path = page.parent / name
    return path if name and path.is_file() else None


def _read_time(text: str | Seconds) -> Seconds:
    if not isinstance(text, str):
        return text
    try:
        time = parse_timecode(text) if ":" in text else float(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}; give one such as 12:34") from error
    if not 0 <= time < float("inf"):
        raise typer.BadParameter("give a time from 0 on")
    return time


def _find_page(path: Path) -> Path:
    """Return the page that is meant: a file, or the only page in a folder.

    Raises:
        DocumentError: If there is none, or more than one.
    """
    if path.is_file():
        return path
    if not path.is_dir():
        raise DocumentError("no such file or folder", hint="check the name", path=path)
    pages = sorted(page for kind in _PAGES for page in path.glob(kind) if _is_page(page))
    if not pages:
        hint = f"make one: subtools page {path / 'words.json'}"
        raise DocumentError("there is no page in this folder", hint=hint, path=path)
    if len(pages) > 1:
        names = ", ".join(page.name for page in pages)
        raise DocumentError("there are several pages", hint=f"say which: {names}", path=path)
    return pages[0]


def _is_page(path: Path) -> bool:
    """Tell whether ``subtools page`` made this file: timelines and plots are HTML, too."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return f'name="generator" content="{GENERATOR}"' in file.read(_HEAD)
    except OSError:
        return False
