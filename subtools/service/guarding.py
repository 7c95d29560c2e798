"""Who is let in: the host that was asked for, the token, and where a change comes from."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from subtools.service.problems import Problem
from subtools.service.receiving import discard_rest

COOKIE = "subtools"
_IS_READ = "subtools.is_read"  # in a request's scope: that nothing of its body is left
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OPEN = frozenset({"/login", "/static/service.css", "/static/service.js"})  # what needs no token
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # without any, browsers hide a form's origin from us, too
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Policy:
    """Who is let in.

    Attributes:
        token: What clients must know; empty: nothing.
        hosts: Names by which the service is asked, in lower case.
        is_local: Whether only this machine reaches it.
    """

    token: str = ""
    hosts: frozenset[str] = frozenset()
    is_local: bool = True

    def __repr__(self) -> str:
        """Return it without the token."""
        return f"Policy(hosts={sorted(self.hosts)}, is_local={self.is_local})"

    def refuse(self, scope: Scope) -> Problem | None:
        """Return why a request is refused; None if it is not."""
        headers = read_headers(scope["headers"])
        if not self._knows(headers.get("host", "")):
            hint = "ask for the address that the service printed, or start it with --allow-host"
            return Problem(421, "wrong_host", "this is not the host that was asked for", hint)
        if scope["method"] not in _SAFE and not comes_from_here(headers):
            hint = "changes are made from the service's own page, or by programs"
            return Problem(403, "other_origin", "the request comes from another site", hint)
        if self.token and scope["path"] not in _OPEN and not self._is_let_in(headers):
            hint = "send it as `Authorization: Bearer TOKEN`, or log in with a browser"
            basic = {"WWW-Authenticate": "Bearer"}
            return Problem(401, "no_token", "a token is needed", hint, basic)
        return None

    def is_token(self, given: str) -> bool:
        """Return whether ``given`` is the token; how long it takes says nothing about it."""
        return hmac.compare_digest(given.encode(), self.token.encode())

    def cookie(self) -> str:
        """Return what a browser keeps instead of the token, which cannot be read off it."""
        return hmac.new(self.token.encode(), b"subtools cookie", hashlib.sha256).hexdigest()

    def _knows(self, host: str) -> bool:
        """Return whether a request may ask for ``host``.

        A page on the web can let its own name lead to this machine; it cannot ask for another
        name than its own. A number is no name that could be led anywhere.
        """
        name = host_name(host)
        if name in _LOOPBACK or name in self.hosts:
            return True
        number = _read_number(name)
        return number is not None and (number.is_loopback or not self.is_local)

    def _is_let_in(self, headers: Mapping[str, str]) -> bool:
        kind, _, given = headers.get("authorization", "").partition(" ")
        said = given.strip().encode("latin-1").decode(errors="replace")  # as clients send others
        if kind.lower() == "bearer" and self.is_token(said):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        if cookie is None:
            return False
        return hmac.compare_digest(cookie.value.encode(), self.cookie().encode())


class Guard:
    """Lets in who may come, and gives each answer the headers that keep browsers careful."""

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it be answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _complete(message, scope["method"])
            await send(message)

        async def receive_noted() -> Message:
            message = await receive()
            if message["type"] != "http.request" or not message.get("more_body"):
                scope[_IS_READ] = True
            return message

        problem = self._policy.refuse(scope)
        if problem is None:
            await self._app(scope, receive_noted, send_guarded)
        elif problem.status == 401 and wants_page(scope):
            await send_guarded(_start(303, {"Location": "/login"}))
            await send_guarded({"type": "http.response.body", "body": b""})
        else:
            await linger(scope, receive)
            await answer(problem, send_guarded)


async def linger(scope: Scope, receive: Receive) -> None:
    """Let a client finish sending what is refused, so that it sees why."""
    headers = read_headers(scope["headers"])
    if scope["method"] not in _SAFE and "expect" not in headers and not scope.get(_IS_READ):
        await discard_rest(receive)


async def answer(problem: Problem, send: Send) -> None:
    """Tell a client what is wrong."""
    body = json.dumps(problem.as_json(), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    await send(_start(problem.status, headers | dict(problem.headers)))
    await send({"type": "http.response.body", "body": body})


def comes_from_here(headers: Mapping[str, str]) -> bool:
    """Return whether a change is asked for by our own page, or by a program that is no browser.

    >>> comes_from_here({"host": "localhost:80", "origin": "http://evil.example"})
    False
    """
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""
    return headers.get("sec-fetch-site", "none") in {"same-origin", "none"}


def host_name(host: str) -> str:
    """Return the name in a Host header, without its port.

    >>> host_name("[::1]:80"), host_name("LOCALHOST:8000"), host_name("a@b:c")
    ('::1', 'localhost', '')
    """
    if host.startswith("["):
        name, _, rest = host[1:].partition("]")
        port = rest.removeprefix(":")
    else:
        name, _, port = host.partition(":")
    is_one = not port or port.isdecimal()
    return name.lower().rstrip(".") if is_one and "@" not in name and "/" not in name else ""


def read_headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by their names in lower case; two hosts are none."""
    found: dict[str, str] = {}
    for name, value in pairs:
        key = name.decode("latin-1").lower()
        found[key] = value.decode("latin-1") if key not in found or key != "host" else "/"
    return found


def wants_page(scope: Scope) -> bool:
    """Return whether a person asks, with a browser."""
    headers = read_headers(scope["headers"])
    is_api = scope["path"].startswith("/api/") and "/files/" not in scope["path"]
    return scope["method"] == "GET" and "text/html" in headers.get("accept", "") and not is_api


async def slow_down() -> None:
    """Wait a little after a token that was wrong."""
    await asyncio.sleep(0.5)


def _read_number(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _start(status: int, headers: Mapping[str, str]) -> Message:
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": pairs}


def _complete(message: Message, method: str) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer, with those that all have."""
    pairs: list[tuple[bytes, bytes]] = list(message.get("headers", []))
    there = {name.lower() for name, _ in pairs}
    for name, value in HEADERS.items():
        if name.lower().encode() not in there:
            pairs.append((name.lower().encode(), value.encode()))
    if method not in _SAFE and message["status"] >= 400:
        pairs.append((b"connection", b"close"))  # what was not read must not be the next request
    return pairs
