"""What the answers look like, for the description of the interface (OpenAPI)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from subtools.service.desk import Desk
from subtools.service.values import Stand, Ticket

_ID = "3f6c1d0e9b7a42f8a0c5d4e3b2a19087"
_PAGE = ".html"


class ProblemAnswer(BaseModel):
    """Why a request was refused."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "code": "too_large",
                "message": "the media file is too large",
                "hint": "at most 4 GB are taken here",
            }
        }
    )
    code: Annotated[str, Field(description="What it is, for programs.")]
    message: Annotated[str, Field(description="What is wrong, in words.")]
    hint: Annotated[str, Field(description="What to do about it; may be empty.")]


class ProgressAnswer(BaseModel):
    """How far a job is that runs."""

    share: Annotated[float, Field(description="How much is done, 0..1, each step alike.")]
    stage: Annotated[str, Field(description="What it is at.")]
    steps: Annotated[list[str], Field(description="The steps it is made of, in order.")]
    finished: Annotated[list[str], Field(description="Those that are done.")]
    note: Annotated[str, Field(description="That a step is tried again, and why.")]


class FileAnswer(BaseModel):
    """A result that can be downloaded."""

    name: str
    size: Annotated[int, Field(description="Bytes.")]
    url: str


class JobAnswer(BaseModel):
    """Where a job stands."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": _ID,
                "url": f"/api/jobs/{_ID}",
                "title": "talk.m4a",
                "folder": "talk",
                "state": "running",
                "ahead": 0,
                "created": "2026-11-29T04:30:00Z",
                "ended": None,
                "seconds": None,
                "error": "",
                "progress": {
                    "share": 0.31,
                    "stage": "listening",
                    "steps": ["decode", "encode", "align", "outputs"],
                    "finished": ["decode"],
                    "note": "",
                },
                "files": [],
                "page": None,
            }
        }
    )
    id: Annotated[str, Field(description="Its name in addresses; it means nothing.")]
    url: str
    title: Annotated[str, Field(description="The file's name, or the address.")]
    folder: Annotated[str, Field(description="Name of its folder in the library.")]
    state: Annotated[
        str, Field(description="`waiting`, `running`, `done`, `failed` or `cancelled`.")
    ]
    ahead: Annotated[int, Field(description="Jobs that wait before it.")]
    created: str
    ended: str | None
    seconds: Annotated[float | None, Field(description="Length of its sound.")]
    error: Annotated[str, Field(description="Why it failed, and what to do.")]
    progress: ProgressAnswer | None
    files: list[FileAnswer]
    page: Annotated[str | None, Field(description="Where the page is, if one was asked for.")]


class ListAnswer(BaseModel):
    """Jobs, the newest first."""

    jobs: list[JobAnswer]
    total: int


class HealthAnswer(BaseModel):
    """That the service answers, and how busy it is."""

    version: str
    jobs: int
    waiting: int
    running: int
    uploads: int


class AskingBody(BaseModel):
    """A job whose sound is at an address."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"address": "https://www.bilibili.com/video/BV1zE421N7UJ?p=8"}
        }
    )
    address: Annotated[str, Field(description="What `subtools fetch` takes, but no file.")]
    transcript: Annotated[str | None, Field(description="The text of the talk.")] = None
    language: Annotated[str | None, Field(description="ISO 639-1: `zh`.")] = None
    style: Annotated[str | None, Field(description="Name of a style: `netflix-zh-hant`.")] = None
    outputs: Annotated[str | None, Field(description="`srt,vtt,chapters,page`.")] = None
    speakers: Annotated[str | None, Field(description="How many speak; `auto`; `no`.")] = None
    topics: Annotated[str | None, Field(description="How many topics; `auto`; `no`.")] = None
    aligner: Annotated[str | None, Field(description="`auto`, `phones`, `recognition`.")] = None
    text: Annotated[
        str | None, Field(description="Without a transcript: `site` or `recognised`.")
    ] = None


def describe(ticket: Ticket, desk: Desk) -> dict[str, Any]:
    """Return where ``ticket`` stands, as ``JobAnswer`` has it; unchecked, as it is asked often."""
    url = f"/api/jobs/{ticket.id}"
    files = [
        {"name": name, "size": size, "url": f"{url}/files/{quote(name)}"}
        for name, size in ticket.files.items()
    ]
    return {
        "id": ticket.id,
        "url": url,
        "title": ticket.title,
        "folder": ticket.name,
        "state": ticket.stand.value,
        "ahead": desk.ahead(ticket) if ticket.stand is Stand.WAITING else 0,
        "created": _say_time(ticket.created),
        "ended": None if ticket.ended is None else _say_time(ticket.ended),
        "seconds": ticket.seconds,
        "error": ticket.error,
        "progress": _describe_course(ticket, desk) if ticket.stand is Stand.RUNNING else None,
        "files": files,
        "page": next((file["url"] for file in files if str(file["name"]).endswith(_PAGE)), None),
    }


def _describe_course(ticket: Ticket, desk: Desk) -> dict[str, Any]:
    course = desk.course(ticket)
    return {
        "share": round(course.share, 3),
        "stage": course.stage,
        "steps": list(course.steps),
        "finished": [step for step in course.steps if step in course.finished],
        "note": course.note,
    }


def _say_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
