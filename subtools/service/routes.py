"""The addresses of the service, and what each answers."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from shutil import disk_usage
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

from subtools.lexicon import clean_name
from subtools.service.asking import MEDIA, name_folder, read_request
from subtools.service.delivering import Streams, open_file, tell_changes
from subtools.service.guarding import Guard
from subtools.service.house import House
from subtools.service.pages import page_routes
from subtools.service.problems import Problem, too_large
from subtools.service.receiving import Form, receive_form, receive_json
from subtools.service.refusing import refusals, tell_errors
from subtools.service.schemas import AskingBody, HealthAnswer, JobAnswer, ListAnswer, describe
from subtools.service.values import Ticket

_DESCRIPTION = """Subtitles for talks: send a sound or an address, with a transcript if there is
one; ask how far it is; fetch the results. See docs/service.md."""
_FORM = {
    "media": {"type": "string", "format": "binary", "description": "The sound or video."},
    "document": {"type": "string", "format": "binary", "description": "Its transcript."},
    "names": {"type": "string", "format": "binary", "description": "Who is who (YAML)."},
}


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
    tell_errors(app)
    app.include_router(_job_routes(house))
    app.include_router(page_routes(house))
    return Guard(app, house.policy)


def _job_routes(house: House) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["jobs"], responses=refusals(401, 421))
    desk = house.desk
    streams = Streams(house.limits.streams)

    own_version = version("subtools")

    @router.get(
        "/health", summary="Whether it answers, and how busy it is", response_model=HealthAnswer
    )
    async def health() -> Response:
        return JSONResponse({"version": own_version, **desk.counts()})

    @router.get("/jobs", summary="Jobs, the newest first", response_model=ListAnswer)
    async def list_jobs(
        offset: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> Response:
        there = desk.list()
        shown = [describe(ticket, desk) for ticket in there[offset : offset + limit]]
        return JSONResponse({"jobs": shown, "total": len(there)})

    @router.post(
        "/jobs",
        status_code=202,
        response_model=JobAnswer,
        summary="Ask for the subtitles of a talk",
        description="A form with a `media` file or an `address`, and a `document` file or a "
        "`transcript`; or JSON with an `address`. Sizes and times are limited.",
        openapi_extra={"requestBody": _describe_body()},
        responses=refusals(400, 403, 408, 413, 415, 422, 429, 503, 507),
    )
    async def submit(request: Request) -> Response:
        ticket = await _submit(request, house)
        answer = describe(ticket, desk)
        headers = {"Location": answer["url"]}
        if "text/html" in request.headers.get("accept", ""):  # a browser without our script
            return Response(status_code=303, headers={"Location": "/"})
        return JSONResponse(answer, 202, headers)

    @router.get(
        "/jobs/{job}",
        summary="Where a job stands",
        response_model=JobAnswer,
        responses=refusals(404),
    )
    async def show(job: str) -> Response:
        return JSONResponse(describe(desk.find(job), desk))

    @router.get(
        "/jobs/{job}/events",
        summary="Where a job stands, as it changes (server-sent events)",
        response_class=StreamingResponse,
        responses={**refusals(404, 503), 200: {"content": {"text/event-stream": {}}}},
    )
    async def events(job: str) -> StreamingResponse:
        desk.find(job)
        streams.refuse_more()
        return StreamingResponse(tell_changes(job, desk, streams), media_type="text/event-stream")

    @router.post(
        "/jobs/{job}/cancel",
        status_code=202,
        summary="Stop a job",
        response_model=JobAnswer,
        responses=refusals(403, 404, 409),
    )
    async def cancel(job: str) -> Response:
        return JSONResponse(describe(await run_in_threadpool(desk.cancel, job), desk), 202)

    @router.delete(
        "/jobs/{job}",
        status_code=204,
        summary="Remove a job and all its files",
        responses=refusals(403, 404, 409),
    )
    async def delete(job: str) -> Response:
        await run_in_threadpool(desk.delete, job, house.forget)
        return Response(status_code=204)

    @router.get(
        "/jobs/{job}/files/{name:path}",
        summary="A result, or what was uploaded; byte ranges are served",
        response_class=FileResponse,
        responses=refusals(404),
    )
    async def download(job: str, name: str) -> FileResponse:
        return await run_in_threadpool(open_file, desk, desk.find(job), name)

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
