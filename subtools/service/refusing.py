"""Refusals as answers: every error in one form, and what each status means here."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from subtools.errors import OutputError
from subtools.service.guarding import linger
from subtools.service.problems import Problem
from subtools.service.receiving import GoneError
from subtools.service.schemas import ProblemAnswer


def tell_errors(app: FastAPI) -> None:
    """Let ``app`` answer every error in one form."""
    app.add_exception_handler(Problem, _tell_problem)
    app.add_exception_handler(HTTPException, _tell_http)
    app.add_exception_handler(RequestValidationError, _tell_invalid)
    app.add_exception_handler(OutputError, _tell_disk)
    app.add_exception_handler(GoneError, _tell_nobody)
    app.add_exception_handler(Exception, _tell_fault)


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


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what those statuses mean, for the description of the interface."""
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
