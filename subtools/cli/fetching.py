"""The command ``fetch``, and the options of all commands that may fetch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from subtools import console
from subtools.cli.app import app
from subtools.cli.options import FolderOption, JsonOption, QuietOption
from subtools.download import (
    Fetched,
    FetchOptions,
    PartPlan,
    Parts,
    parse_parts,
    parse_rate,
    plan_parts,
)
from subtools.errors import FetchError
from subtools.talks import fetch_files
from subtools.timecode import compose_clock

_PANEL = "Fetching"
CookiesOption = Annotated[
    Path | None,
    typer.Option(
        "--cookies",
        metavar="FILE",
        rich_help_panel=_PANEL,
        envvar="SUBTOOLS_COOKIES",
        help="Cookies of a browser, in Netscape's format: for what a site shows only after a "
        "login, or refuses otherwise. They are read only, and never written anywhere.",
    ),
]
BrowserOption = Annotated[
    str | None,
    typer.Option(
        "--cookies-from-browser",
        metavar="NAME",
        rich_help_panel=_PANEL,
        help="Take the cookies of a browser on this machine: `firefox`, `chrome`, ...",
    ),
]
ProxyOption = Annotated[
    str | None,
    typer.Option(
        "--proxy",
        metavar="URL",
        rich_help_panel=_PANEL,
        help="Proxy; else what HTTPS_PROXY says.",
    ),
]
RateOption = Annotated[
    str | None,
    typer.Option(
        "--rate-limit",
        metavar="RATE",
        rich_help_panel=_PANEL,
        help="Bytes a second at most, such as 500K, 2M.",
    ),
]


def read_fetch_options(
    cookies: Path | None,
    browser: str | None,
    proxy: str | None,
    rate: str | None,
    *,
    parts: str | None = None,
    video: bool = False,
    subtitles: bool = True,
    danmaku: bool = True,
) -> FetchOptions:
    """Return what the options of a command say of fetching.

    Raises:
        typer.BadParameter: If one of them makes no sense.
    """
    if cookies is not None and browser is not None:
        raise typer.BadParameter("a file or a browser, not both", param_hint="--cookies")
    return FetchOptions(
        parts=None if parts is None else _read_parts(parts),
        video=video,
        cookies=cookies,
        cookies_from_browser=browser,
        proxy=proxy,
        rate_limit=None if rate is None else _read_rate(rate),
        subtitles=subtitles,
        danmaku=danmaku,
    )


def _read_parts(text: str) -> Parts:
    try:
        return parse_parts(text)
    except FetchError as error:
        raise typer.BadParameter(str(error), param_hint="--parts") from error


def _read_rate(text: str) -> float:
    try:
        return parse_rate(text)
    except FetchError as error:
        raise typer.BadParameter(str(error), param_hint="--rate-limit") from error


@app.command(
    "fetch",
    epilog="Examples: `subtools fetch 'https://www.bilibili.com/video/BV1zE421N7UJ?p=8' -o talk` · "
    "`subtools fetch BV1zE421N7UJ --list` · `subtools fetch BV1zE421N7UJ --parts 1,3-5` · "
    "`subtools fetch https://example.org/podcast.mp3`",
)
def fetch_command(
    address: Annotated[
        str,
        typer.Argument(
            help="BV or av id, address of a page (Bilibili, YouTube, all that yt-dlp knows) or of "
            "a sound file, short link."
        ),
    ],
    output_dir: FolderOption = Path(),
    parts: Annotated[
        str | None,
        typer.Option("--parts", metavar="LIST", help="Of a video in parts: `8`, `1,3-5` or `all`."),
    ] = None,
    show_list: Annotated[
        bool, typer.Option("--list", help="Show the parts, and fetch nothing.")
    ] = False,
    video: Annotated[
        bool, typer.Option("--video", help="Fetch the picture, too, for `burn` and `mux`.")
    ] = False,
    subtitles: Annotated[
        bool, typer.Option("--subtitles/--no-subtitles", help="Fetch the site's subtitles.")
    ] = True,
    danmaku: Annotated[
        bool, typer.Option("--danmaku/--no-danmaku", help="Fetch the comments over the picture.")
    ] = True,
    cookies: CookiesOption = None,
    browser: BrowserOption = None,
    proxy: ProxyOption = None,
    rate: RateOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Fetch the sound of a talk, byte for byte as served, and what is known about it.

    The best sound track is left in the folder, with a JSON file of title, part, chapters and
    so on beside it; subtitles and danmaku are files of their own. Nothing counts as fetched
    before its size and length were compared with what the site states and it was decoded once.
    What is there already is not fetched again, and what was interrupted goes on.
    """
    options = read_fetch_options(
        cookies,
        browser,
        proxy,
        rate,
        parts=parts,
        video=video,
        subtitles=subtitles,
        danmaku=danmaku,
    )
    if show_list:
        _print_parts(plan_parts(address, options=options), as_json=as_json)
        return
    with console.show_progress(quiet=quiet or as_json) as progress:
        fetched = fetch_files(address, output_dir, options, progress=progress)
    with console.printing():
        if as_json:
            found = [describe_fetched(one) for one in fetched]
            console.print_raw(json.dumps(found, ensure_ascii=False) + "\n")
        elif not quiet:
            for one in fetched:
                _print_fetched(one)


def describe_fetched(fetched: Fetched) -> dict[str, Any]:
    """Return what a program wants to know of a fetch, as plain data."""
    metadata = fetched.metadata
    return {
        "sound": str(fetched.sound),
        "video": fetched.video and str(fetched.video),
        "metadata": fetched.metadata_file and str(fetched.metadata_file),
        "subtitles": [str(path) for path in fetched.subtitles],
        "danmaku": fetched.danmaku and str(fetched.danmaku),
        "id": metadata and metadata.id,
        "part": metadata and metadata.part,
        "title": metadata and metadata.title,
        "duration": metadata and metadata.duration,
        "notes": list(fetched.notes),
        "is_new": fetched.is_new,
    }


def _print_fetched(fetched: Fetched) -> None:
    metadata = fetched.metadata
    if metadata is not None:
        length = f", {compose_clock(metadata.duration)}" if metadata.duration else ""
        size = metadata.sound.size / 1e6
        there = "" if fetched.is_new else "; was there already"
        title = metadata.part_title or metadata.title
        console.print_note(f"{title}: {metadata.sound.codec} {size:.1f} MB{length}{there}")
    for note in fetched.notes:
        console.print_note(f"note: {note}")
    files = (fetched.sound, fetched.video, *fetched.subtitles, fetched.danmaku)
    console.print_files([path for path in (*files, fetched.metadata_file) if path is not None])


def _print_parts(parts: tuple[PartPlan, ...], *, as_json: bool) -> None:
    with console.printing():
        if as_json:
            listed = [
                {"number": p.number, "title": p.title, "duration": p.duration, "url": p.url}
                for p in parts
            ]
            console.print_raw(json.dumps(listed, ensure_ascii=False, indent=1) + "\n")
            return
        for part in parts:
            length = "" if part.duration is None else compose_clock(part.duration)
            console.print_line(f"{part.number:>4}  {length:>8}  {part.title}")
