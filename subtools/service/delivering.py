"""What a job is told about, and its files: results to download, progress as it changes."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from starlette.responses import FileResponse

from subtools.service.asking import MEDIA
from subtools.service.desk import Desk
from subtools.service.problems import Problem
from subtools.service.records import SOURCE
from subtools.service.schemas import describe
from subtools.service.values import Ticket

_PING = 15.0  # s between two signs of life in a stream
_POLL = 0.25  # s
_STREAM = 3600.0  # s that a stream lasts; a browser asks again
_SHOWN = frozenset({"audio", "video"})  # what a browser may play; all else is a download
_KINDS = {".opus": "audio/ogg", ".m4a": "audio/mp4", ".mka": "audio/x-matroska", ".vtt": "text/vtt"}
_SANDBOX = {"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'"}
_FRAMED = {"Content-Security-Policy": "frame-ancestors 'none'"}  # the page brings its own policy


def open_file(desk: Desk, ticket: Ticket, name: str) -> FileResponse:
    """Return a file of a job: one that it has by its own account, and no path that was asked for.

    Raises:
        Problem: If it has none of that name.
    """
    folder = desk.records.folder(ticket)
    known = {result: folder / result for result in ticket.files}
    if media := ticket.cells.get("source", "").removeprefix(f"{MEDIA}/"):
        known[f"{SOURCE}/{MEDIA}/{media}"] = folder / SOURCE / MEDIA / media
    path = known.get(name)
    if path is None or not path.is_file():
        raise Problem(404, "unknown_file", "the job has no such file")
    suffix = path.suffix.lower()
    if suffix == ".html" and name in ticket.files:
        return FileResponse(path, media_type="text/html; charset=utf-8", headers=_FRAMED)
    kind = _KINDS.get(suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    is_played = kind.partition("/")[0] in _SHOWN
    if name not in ticket.files and not is_played:
        kind = "application/octet-stream"
    where = "inline" if is_played else "attachment"
    return FileResponse(
        path,
        media_type=kind,
        filename=path.name,
        content_disposition_type=where,
        headers=_SANDBOX,
    )


async def tell_changes(job: str, desk: Desk, streams: Streams) -> AsyncIterator[str]:
    """Yield where a job stands, each time it changes, until it is over."""
    with streams.counted():
        begun = told = time.monotonic()
        last: object = None
        while time.monotonic() - begun < _STREAM and not desk.urgency:
            try:
                ticket = desk.find(job)
            except Problem as problem:  # it was deleted
                yield f"data: {json.dumps(problem.as_json())}\n\n"
                return
            now = (ticket, desk.course(ticket), desk.ahead(ticket))
            if now != last or time.monotonic() - told > _PING:
                text = json.dumps(describe(ticket, desk), ensure_ascii=False)
                yield f"data: {text}\n\n" if now != last else ": still there\n\n"
                last, told = now, time.monotonic()
            if ticket.stand.is_over:
                return
            await asyncio.sleep(_POLL)


class Streams:
    """Counts the streams that are open."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open = 0

    def refuse_more(self) -> None:
        """Refuse another one.

        Raises:
            Problem: If as many are open as may be.
        """
        if self._open >= self._most:
            hint = "ask for the job itself from time to time"
            raise Problem(503, "too_many_streams", "too many streams are open", hint)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count one more while it is open."""
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
