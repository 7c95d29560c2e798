"""What a person sees: the page to drop talks on, and the one to log in."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import Response

from subtools.service.asking import STYLE_NAMES
from subtools.service.guarding import COOKIE, slow_down
from subtools.service.house import House
from subtools.service.problems import Problem, say_size
from subtools.service.receiving import read_pieces
from subtools.service.values import Limits

_TOKEN_BYTES = 4096
_ASSETS = {"service.css": "text/css", "service.js": "text/javascript"}
_HTML = "text/html; charset=utf-8"


def page_routes(house: House) -> APIRouter:
    """Return the addresses of pages."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def page() -> Response:
        return Response(_fill_page(house.limits), media_type=_HTML)

    @router.get("/login")
    async def login_page() -> Response:
        if not house.policy.token:
            return Response(status_code=303, headers={"Location": "/"})
        return Response(_login(is_wrong=False), media_type=_HTML)

    @router.post("/login")
    async def login(request: Request) -> Response:
        pieces = [p async for p in read_pieces(request.receive, house.limits, _TOKEN_BYTES)]
        given = parse_qs(b"".join(pieces).decode(errors="replace")).get("token", [""])[0]
        if not (house.policy.token and house.policy.is_token(given)):
            await slow_down()
            text = _login(is_wrong=True)
            return Response(text, 403, media_type=_HTML)
        answer = Response(status_code=303, headers={"Location": "/"})
        answer.set_cookie(COOKIE, house.policy.cookie(), httponly=True, samesite="strict")
        return answer

    @router.get("/static/{name}")
    async def asset(name: str) -> Response:
        if name not in _ASSETS:
            raise Problem(404, "not_found", "there is nothing at this address")
        return Response(_asset(name), media_type=f"{_ASSETS[name]}; charset=utf-8")

    return router


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
