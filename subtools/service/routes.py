"""The addresses of the service, and what each answers."""

from __future__ import annotations

import asyncio
import json
import mimetypes
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from shutil import disk_usage
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

from subtools.errors import OutputError
from subtools.lexicon import clean_name
from subtools.service.asking import MEDIA, STYLE_NAMES, name_folder, read_request
from subtools.service.desk import Desk
from subtools.service.guarding import COOKIE, Guard, Policy, linger, slow_down
from subtools.service.problems import Problem, say_size, too_large
from subtools.service.receiving import Form, GoneError, read_pieces, receive_form, receive_json
from subtools.service.records import SOURCE
from subtools.service.schemas import (
    AskingBody,
    HealthAnswer,
    JobAnswer,
    ListAnswer,
    ProblemAnswer,
    describe,
)
from subtools.service.values import Limits, Ticket

_TOKEN_BYTES = 4096
_PING = 15.0  # s between two signs of life in a stream
_POLL = 0.25  # s
_STREAM = 3600.0  # s that a stream lasts; a browser asks again
_SHOWN = frozenset({"audio", "video"})  # what a browser may play; all else is a download
_KINDS = {".opus": "audio/ogg", ".m4a": "audio/mp4", ".mka": "audio/x-matroska", ".vtt": "text/vtt"}
_ASSETS = {"service.css": "text/css", "service.js": "text/javascript"}
_SANDBOX = {"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'"}
_FRAMED = {"Content-Security-Policy": "frame-ancestors 'none'"}  # the page brings its own policy
_DESCRIPTION = """Subtitles for talks: send a sound or an address, with a transcript if there is
one; ask how far it is; fetch the results. See docs/service.md."""
_FORM = {
    "media": {"type": "string", "format": "binary", "description": "The sound or video."},
    "document": {"type": "string", "format": "binary", "description": "Its transcript."},
    "names": {"type": "string", "format": "binary", "description": "Who is who (YAML)."},
}


@dataclass(frozen=True, slots=True)
class House:
    """What the routes work with.

    Attributes:
        desk: The queue.
        forget: Removes what was made on the way to a job's results.
        policy: Who is let in.
        allow_private: Whether addresses of the local network are fetched.
    """

    desk: Desk
    forget: Callable[[Ticket], None]
    policy: Policy
    allow_private: bool = False

    @property
    def limits(self) -> Limits:
        """What is taken at most."""
        return self.desk.limits


def make_app(house: House) -> Guard:
    """Return the application, guarded."""
    app = FastAPI(
        title="subtools",
        version=version("subtools"),
        description=_DESCRIPTION,
        docs_url=None,  # they would load scripts from elsewhere
        redoc_url=None,
        openapi_tags=[{"name": "jobs", "description": "What is asked for, and what it became."}],
    )
    app.add_exception_handler(Problem, _tell_problem)
    app.add_exception_handler(HTTPException, _tell_http)
    app.add_exception_handler(RequestValidationError, _tell_invalid)
    app.add_exception_handler(OutputError, _tell_disk)
    app.add_exception_handler(GoneError, _tell_nobody)
    app.add_exception_handler(Exception, _tell_fault)
    app.include_router(_job_routes(house))
    app.include_router(_page_routes(house))
    return Guard(app, house.policy)


def _job_routes(house: House) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["jobs"], responses=_refusals(401, 421))
    desk = house.desk
    streams = _Streams(house.limits.streams)

    @router.get("/health", summary="Whether it answers, and how busy it is")
    async def health() -> HealthAnswer:
        return HealthAnswer(version=version("subtools"), **desk.counts())

    @router.get("/jobs", summary="Jobs, the newest first")
    async def list_jobs(
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> ListAnswer:
        there = desk.list()
        shown = [describe(ticket, desk) for ticket in there[offset : offset + limit]]
        return ListAnswer(jobs=shown, total=len(there))

    @router.post(
        "/jobs",
        status_code=202,
        summary="Ask for the subtitles of a talk",
        description="A form with a `media` file or an `address`, and a `document` file or a "
        "`transcript`; or JSON with an `address`. Sizes and times are limited.",
        openapi_extra={"requestBody": _describe_body()},
        responses=_refusals(400, 403, 408, 413, 415, 422, 429, 503, 507),
    )
    async def submit(request: Request) -> JobAnswer:
        ticket = await _submit(request, house)
        answer = describe(ticket, desk)
        headers = {"Location": answer.url}
        if "text/html" in request.headers.get("accept", ""):  # a browser without our script
            return Response(status_code=303, headers={"Location": "/"})  # type: ignore[return-value]
        return JSONResponse(answer.model_dump(), 202, headers)  # type: ignore[return-value]

    @router.get("/jobs/{job}", summary="Where a job stands", responses=_refusals(404))
    async def show(job: str) -> JobAnswer:
        return describe(desk.find(job), desk)

    @router.get(
        "/jobs/{job}/events",
        summary="Where a job stands, as it changes (server-sent events)",
        response_class=StreamingResponse,
        responses={**_refusals(404, 503), 200: {"content": {"text/event-stream": {}}}},
    )
    async def events(job: str) -> StreamingResponse:
        desk.find(job)
        streams.refuse_more()
        return StreamingResponse(_tell_changes(job, desk, streams), media_type="text/event-stream")

    @router.post(
        "/jobs/{job}/cancel",
        status_code=202,
        summary="Stop a job",
        responses=_refusals(403, 404, 409),
    )
    async def cancel(job: str) -> JobAnswer:
        return describe(await run_in_threadpool(desk.cancel, job), desk)

    @router.delete(
        "/jobs/{job}",
        status_code=204,
        summary="Remove a job and all its files",
        responses=_refusals(403, 404, 409),
    )
    async def delete(job: str) -> Response:
        await run_in_threadpool(desk.delete, job, house.forget)
        return Response(status_code=204)

    @router.get(
        "/jobs/{job}/files/{name:path}",
        summary="A result, or what was uploaded; byte ranges are served",
        response_class=FileResponse,
        responses=_refusals(404),
    )
    async def download(job: str, name: str) -> FileResponse:
        return await run_in_threadpool(_open_file, desk, desk.find(job), name)

    return router


def _page_routes(house: House) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def page() -> Response:
        return Response(_fill_page(house.limits), media_type="text/html; charset=utf-8")

    @router.get("/login")
    async def login_page() -> Response:
        if not house.policy.token:
            return Response(status_code=303, headers={"Location": "/"})
        return Response(_login(is_wrong=False), media_type="text/html; charset=utf-8")

    @router.post("/login")
    async def login(request: Request) -> Response:
        pieces = [p async for p in read_pieces(request.receive, house.limits, _TOKEN_BYTES)]
        given = parse_qs(b"".join(pieces).decode(errors="replace")).get("token", [""])[0]
        if not (house.policy.token and house.policy.is_token(given)):
            await slow_down()
            text = _login(is_wrong=True)
            return Response(text, 403, media_type="text/html; charset=utf-8")
        answer = Response(status_code=303, headers={"Location": "/"})
        answer.set_cookie(COOKIE, house.policy.cookie(), httponly=True, samesite="strict")
        return answer

    @router.get("/static/{name}")
    async def asset(name: str) -> Response:
        if name not in _ASSETS:
            raise Problem(404, "not_found", "there is nothing at this address")
        return Response(_asset(name), media_type=f"{_ASSETS[name]}; charset=utf-8")

    return router


async def _submit(request: Request, house: House) -> Ticket:
    """Return the ticket of the job that a request asks for."""
    kind = request.headers.get("content-type", "")
    plain = kind.partition(";")[0].strip().lower()
    if plain not in {"multipart/form-data", "application/json"}:
        hint = "send multipart/form-data, or JSON"
        raise Problem(415, "unknown_type", "a body of this type is not taken", hint)
    _refuse_size(request.headers.get("content-length"), house)
    with house.desk.receiving() as (name, folder):
        if plain == "application/json":
            form = await receive_json(request.receive, folder, house.limits)
        else:
            form = await receive_form(request.receive, kind, folder, house.limits)
        return await run_in_threadpool(_accept, form, name, folder, house)


def _accept(form: Form, name: str, folder: Path, house: House) -> Ticket:
    """Return the ticket of a job whose files are there."""
    allow = house.allow_private
    cells = read_request(form.fields, form.files, folder, allow_private=allow)
    title = form.titles.get(MEDIA) or clean_name(form.fields.get("address", "")) or cells["source"]
    return house.desk.submit(name, name_folder(cells), title[:300], cells)


def _refuse_size(stated: str | None, house: House) -> None:
    """Refuse what says by itself that it is too large.

    Raises:
        Problem: If it is, or the disk has no room for it.
    """
    limits = house.limits
    size = int(stated) if stated and stated.isdecimal() else 0
    if size > limits.media + 2 * limits.document + 2 * limits.form + (1 << 16):
        raise too_large("the upload", limits.media)
    if disk_usage(house.desk.records.incoming).free < size + limits.spare:
        raise Problem(507, "disk_full", "there is no room for this on the disk", "delete old jobs")


def _open_file(desk: Desk, ticket: Ticket, name: str) -> FileResponse:
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


async def _tell_changes(job: str, desk: Desk, streams: _Streams) -> AsyncIterator[str]:
    """Yield where a job stands, each time it changes, until it is over."""
    with streams.counted():
        begun = told = time.monotonic()
        last = ""
        while time.monotonic() - begun < _STREAM and not desk.urgency:
            text, is_over = _say_stand(job, desk)
            if text != last or time.monotonic() - told > _PING:
                told = time.monotonic()
                yield f"data: {text}\n\n" if text != last else ": still there\n\n"
                last = text
            if is_over:
                return
            await asyncio.sleep(_POLL)


def _say_stand(job: str, desk: Desk) -> tuple[str, bool]:
    """Return where a job stands, in JSON, and whether that is the last there is to say."""
    try:
        ticket = desk.find(job)
    except Problem as problem:
        return json.dumps(problem.as_json()), True
    text = json.dumps(describe(ticket, desk).model_dump(), ensure_ascii=False)
    return text, ticket.stand.is_over


class _Streams:
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


async def _tell_problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, Problem):
        raise error
    await linger(request.scope, request.receive)
    return JSONResponse(error.as_json(), error.status, dict(error.headers))


async def _tell_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    message = "there is nothing at this address" if error.status_code == 404 else error.detail
    code = {404: "not_found", 405: "wrong_method"}.get(error.status_code, "refused")
    headers = dict(error.headers or {})
    return await _tell_problem(
        request, Problem(error.status_code, code, str(message), headers=headers)
    )


async def _tell_invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    places = (f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors())
    return await _tell_problem(request, Problem(422, "bad_value", "; ".join(places)))


async def _tell_disk(request: Request, error: Exception) -> Response:
    if not isinstance(error, OutputError):
        raise error
    return await _tell_problem(request, Problem(507, "disk_refuses", error.message, error.hint))


async def _tell_nobody(_request: Request, _error: Exception) -> Response:
    return Response(status_code=400)  # the client has hung up


async def _tell_fault(_request: Request, _error: Exception) -> Response:
    problem = Problem(500, "fault", "this is a fault of subtools", "see what the service printed")
    return JSONResponse(problem.as_json(), problem.status)


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {
        status: {"model": ProblemAnswer, "description": _MEANINGS[status]} for status in statuses
    }


_MEANINGS = {
    400: "The body cannot be read.",
    401: "A token is needed.",
    403: "The request comes from another site.",
    404: "There is no such job, or no such file.",
    408: "The upload came too slowly.",
    409: "The job is over already, or still being done.",
    413: "Too large.",
    415: "A body of this type is not taken.",
    421: "The service is not called so.",
    422: "What is asked for makes no sense, or leads into the local network.",
    429: "Too many jobs wait, or are kept.",
    503: "The service is ending, or has too many streams open.",
    507: "There is no room on the disk.",
}


def _describe_body() -> dict[str, Any]:
    plain = AskingBody.model_json_schema()
    both = {"type": "object", "properties": {**_FORM, **plain["properties"]}}
    return {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": both},
            "application/json": {"schema": plain},
        },
    }


@cache
def _fill_page(limits: Limits) -> str:
    text = _asset("index.html").replace("{{media}}", str(limits.media))
    styles = "".join(f"<option>{escape(name)}</option>" for name in STYLE_NAMES)
    text = text.replace("{{media-said}}", say_size(limits.media))
    return text.replace("{{styles}}", styles)


def _login(*, is_wrong: bool) -> str:
    return _asset("login.html").replace("{{hidden}}", "" if is_wrong else "hidden")


@cache
def _asset(name: str) -> str:
    return (files("subtools.service") / "assets" / name).read_text(encoding="utf-8")
