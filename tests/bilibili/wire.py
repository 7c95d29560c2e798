"""A request the emulated site got, and its answer to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked.

    Attributes:
        method: Such as ``GET``.
        host: The host it is for, without a port.
        path: Path and query, as sent.
        headers: By name in lower case.
        scheme: ``https`` or ``http``.
    """

    method: str
    host: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    scheme: str = "https"

    @property
    def route(self) -> str:
        """The path without its query."""
        return urlsplit(self.path).path

    @property
    def query(self) -> dict[str, str]:
        """The last value of each parameter."""
        found = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        return {name: values[-1] for name, values in found.items()}

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that came with it."""
        jar = SimpleCookie(self.headers.get("cookie", ""))
        return {name: morsel.value for name, morsel in jar.items()}

    @property
    def is_logged_in(self) -> bool:
        """Whether it carries the cookie of a session."""
        return bool(self.cookies.get("SESSDATA"))


@dataclass(frozen=True, slots=True)
class Pace:
    """How an answer's body is sent.

    Attributes:
        cut_after: Bytes after which the connection is cut; None to send all.
        stall_after: Bytes after which the body stops for ``stall`` seconds.
        stall: Seconds.
        slow: Bytes a second; 0 for no limit.
        says_length: Whether the answer states its length.
    """

    cut_after: int | None = None
    stall_after: int = 0
    stall: float = 0
    slow: int = 0
    says_length: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site says: status, headers, body, and how the body is sent."""

    status: int
    body: bytes = field(default=b"", repr=False)
    headers: Headers = ()
    pace: Pace = Pace()
    blanks: int = 0


def json_answer(content: object, *, status: int = 200, blanks: int = 0) -> Answer:
    """Return ``content`` as JSON, after ``blanks`` bytes of blanks."""
    body = json.dumps(content, ensure_ascii=False).encode()
    headers = (("Content-Type", "application/json; charset=utf-8"),)
    return Answer(status, body, headers, blanks=blanks)


def html_answer(text: str, *, status: int = 200, headers: Headers = ()) -> Answer:
    """Return a page."""
    kind = ("Content-Type", "text/html; charset=utf-8")
    return Answer(status, text.encode("utf-8", "replace"), (kind, *headers))


def redirect(address: str) -> Answer:
    """Return a 302 to ``address``."""
    return html_answer(
        f'<a href="{address}">Found</a>.', status=302, headers=(("Location", address),)
    )
