"""The command for a browser, and for programs on other machines: ``serve``."""

from __future__ import annotations

import ipaddress
import json
import os
import signal
import sys
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import gethostname
from types import FrameType, ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from subtools import console
from subtools.batch import SHARED_BY, DeviceChoice, choose_device, parse_size, usable_memory
from subtools.batch.costs import WORKER
from subtools.cli.app import app
from subtools.cli.batch_workers import count_cards, count_workers
from subtools.cli.fetching import (
    BrowserOption,
    CookiesOption,
    ProxyOption,
    RateOption,
    read_fetch_options,
)
from subtools.cli.options import JsonOption, QuietOption
from subtools.errors import DocumentError, SubtoolsError

if TYPE_CHECKING:
    from subtools.service import Ending

TOKEN_VARIABLE = "SUBTOOLS_TOKEN"  # noqa: S105 - its name, not a token
_SHORTEST_TOKEN = 16  # characters; 20 of `openssl rand -base64 15`
_PACKAGES = frozenset({"fastapi", "pydantic", "python_multipart", "starlette", "uvicorn"})
_LIMITS, _ACCESS = "Limits", "Access"


@app.command(
    "serve",
    epilog="Examples: `subtools serve library --open` · "
    "`subtools serve library --port 8000 --json` · "
    "`SUBTOOLS_TOKEN=$(openssl rand -hex 16) subtools serve library --host 0.0.0.0`",
)
def serve_command(
    library: Annotated[Path, typer.Argument(metavar="LIBRARY", help="Where the results go.")],
    host: Annotated[
        str, typer.Option("--host", help="Where it listens; other machines need a token.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")
    ] = 8765,
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            envvar=TOKEN_VARIABLE,
            show_envvar=False,
            rich_help_panel=_ACCESS,
            help=f"What clients must know; better in the environment, as {TOKEN_VARIABLE}.",
        ),
    ] = None,
    allowed: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host",
            metavar="NAME",
            rich_help_panel=_ACCESS,
            help="A name by which it is asked, besides localhost.",
        ),
    ] = None,
    allow_private: Annotated[
        bool,
        typer.Option(
            "--allow-private",
            rich_help_panel=_ACCESS,
            help="Fetch from addresses of the local network, too.",
        ),
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", min=1, metavar="N", help="Jobs at a time; else as cores and memory allow."
        ),
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option("--memory", metavar="SIZE", help="Memory for all workers, such as 8G."),
    ] = None,
    device: Annotated[
        DeviceChoice, typer.Option("--device", help="What models run on.")
    ] = DeviceChoice.AUTO,
    max_upload: Annotated[
        str,
        typer.Option(
            "--max-upload", metavar="SIZE", rich_help_panel=_LIMITS, help="Of a sound or video."
        ),
    ] = "4G",
    max_waiting: Annotated[
        int,
        typer.Option(
            "--max-waiting",
            min=1,
            metavar="N",
            rich_help_panel=_LIMITS,
            help="Jobs that wait; more are refused.",
        ),
    ] = 100,
    upload_time: Annotated[
        float,
        typer.Option(
            "--upload-time",
            min=1.0,
            metavar="SECONDS",
            rich_help_panel=_LIMITS,
            help="That an upload may take.",
        ),
    ] = 3600.0,
    grace: Annotated[
        float,
        typer.Option(
            "--grace",
            min=0.0,
            metavar="SECONDS",
            help="That running steps have at the end; they are done again after the next start.",
        ),
    ] = 10.0,
    show: Annotated[bool, typer.Option("--open", help="Show the page in the browser.")] = False,
    cookies: CookiesOption = None,
    browser: BrowserOption = None,
    proxy: ProxyOption = None,
    rate: RateOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Serve a page to drop a talk and its transcript on, and the same for programs (OpenAPI).

    Jobs are kept in LIBRARY and go on after a restart. It listens on this machine only; for
    others give --host and a token. Ctrl-C ends it after the running steps, twice at once.
    """
    service = _load_service()
    budget = usable_memory() if memory is None else _read_size(memory, "--memory")
    chosen = choose_device(device, None)
    wanted = service.Service(
        library=library,
        host=host,
        port=port,
        policy=service.Policy(*_read_access(host, token, allowed or [])),
        limits=service.Limits(
            media=_read_size(max_upload, "--max-upload"), waiting=max_waiting, upload=upload_time
        ),
        workers=workers or count_workers(1, budget // WORKER, SHARED_BY * count_cards(chosen)),
        memory=budget,
        device=chosen,
        options=read_fetch_options(cookies, browser, proxy, rate),
        allow_private=allow_private,
        grace=grace,
    )

    def tell(address: str) -> None:
        if as_json:
            told = {"address": address, "library": str(library), "pid": os.getpid()}
            console.print_raw(json.dumps(told, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        elif not quiet:
            console.print_line(address)
            console.print_note("Ctrl-C ends it; jobs that are not done go on at the next start")
        if show and not webbrowser.open(address):
            console.print_note("no browser could be started: open the address yourself")

    ending = service.Ending()
    with _listening(ending):
        service.serve(
            wanted,
            started=tell,
            ending=ending,
            note=(lambda _text: None) if quiet else console.print_note,
        )


def _load_service() -> ModuleType:
    """Return the service.

    Raises:
        SubtoolsError: If what it is made with is not installed.
    """
    try:
        from subtools import service
    except ModuleNotFoundError as error:
        if error.name not in _PACKAGES:
            raise
        hint = "install it: pip install 'subtools[serve]'"
        raise SubtoolsError(f"{error.name} is not installed", hint=hint) from error
    return service


def _read_access(
    host: str, token: str | None, allowed: Sequence[str]
) -> tuple[str, frozenset[str], bool]:
    """Return the token, the names of the service, and whether only this machine reaches it.

    Raises:
        typer.BadParameter: If other machines would reach it without a token, or it is short.
    """
    is_local = _is_loopback(host)
    if token and len(token) < _SHORTEST_TOKEN:
        raise typer.BadParameter(
            f"it is shorter than {_SHORTEST_TOKEN} characters; `openssl rand -hex 16` makes one",
            param_hint="--token",
        )
    if not is_local and not token:
        raise typer.BadParameter(
            f"other machines reach {host}, so a token is needed: set {TOKEN_VARIABLE}",
            param_hint="--host",
        )
    names = {name.lower() for name in allowed}
    return token or "", frozenset(names if is_local else {*names, gethostname().lower()}), is_local


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _read_size(text: str, option: str) -> int:
    try:
        return parse_size(text)
    except DocumentError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error


@contextmanager
def _listening(ending: Ending) -> Iterator[None]:
    """Let Ctrl-C, or the signal of a service manager, end the service; twice: at once."""

    def hear(_number: int, _frame: FrameType | None) -> None:
        if ending.raise_urgency() == 1:
            console.print_note("ending after the running steps; Ctrl-C again ends at once")

    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), hear) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
