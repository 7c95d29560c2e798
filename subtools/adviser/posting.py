"""A request to a server and its answer, by the standard library alone.

Nothing is followed: a server that points elsewhere would get the key there. Nothing of
what a server says in an error is shown, since some repeat the key.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from time import monotonic
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import (
    BaseHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from subtools.adviser.endpoints import KEY_VARIABLE, Endpoint
from subtools.errors import AdviserError

_MOST_BYTES = 1_000_000  # of an answer
_CHUNK = 65_536
_LONGEST_WAIT = 60.0  # seconds between two tries, whatever the server asks for
_FIRST_WAIT = 1.0  # seconds; doubled with each try
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})  # may be gone in a moment


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of a request.

    Attributes:
        body: What the server answered; None if nothing of use.
        problem: Why not; empty if there is a body.
        wait: Seconds until another try is worth it; None if none is.
    """

    body: bytes | None
    problem: str = ""
    wait: float | None = None


class _NoRedirect(HTTPRedirectHandler):
    """Follows nothing, so that a redirect is an error like others."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Return no request."""
        del req, fp, code, msg, headers, newurl


def post(
    endpoint: Endpoint, body: bytes, *, seconds: float, tries: int, sleep: Callable[[float], None]
) -> Posted:
    """Return what ``endpoint`` answers to ``body``, tried again while that may help.

    Args:
        endpoint: Whom to ask.
        body: JSON.
        seconds: How long a try may take.
        tries: How many at most.
        sleep: Waits so many seconds.

    Raises:
        AdviserError: If the server is not one that answers, or not us.
    """
    posted = Posted(None, "nothing was asked")
    for number in range(tries):
        posted = _post_once(endpoint, body, seconds)
        if posted.wait is None or number == tries - 1:
            break
        sleep(min(max(posted.wait, _FIRST_WAIT * 2**number), _LONGEST_WAIT))
    return posted


def _post_once(endpoint: Endpoint, body: bytes, seconds: float) -> Posted:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    request = Request(endpoint.url, body, headers)  # noqa: S310 - http or https, see endpoints
    if endpoint.key:
        request.add_unredirected_header("Authorization", f"Bearer {endpoint.key}")
    deadline = monotonic() + seconds
    try:
        with _opener(endpoint).open(request, timeout=seconds) as response:
            return _read(response, deadline)
    except HTTPError as error:
        with error:
            return _explain(error, endpoint)
    except (TimeoutError, URLError, OSError, http.client.HTTPException) as error:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, ssl.SSLError):
            hint = "check the address and the date of this computer"
            raise AdviserError(
                "the language model's server has no valid certificate", hint=hint
            ) from error
        what = "in time" if isinstance(reason, TimeoutError) else f"({type(reason).__name__})"
        return Posted(None, f"the language model did not answer {what}", 0.0)


def _opener(endpoint: Endpoint) -> OpenerDirector:
    handlers: list[BaseHandler] = [_NoRedirect(), HTTPSHandler()]
    if endpoint.is_local:
        handlers.append(ProxyHandler({}))  # no proxy knows what our localhost is
    return build_opener(*handlers)


def _read(response: http.client.HTTPResponse, deadline: float) -> Posted:
    """Return the body, unless it is too long or takes too long."""
    body = b""
    while chunk := response.read1(_CHUNK):
        body += chunk
        if len(body) > _MOST_BYTES:
            return Posted(None, "the answer is too long")
        if monotonic() > deadline:
            return Posted(None, "the language model did not answer in time", 0.0)
    return Posted(body)


def _explain(error: HTTPError, endpoint: Endpoint) -> Posted:
    """Return what an error of the server means; raise if no other request can do better."""
    said = f"the language model's server answered {error.code}"
    if 300 <= error.code < 400:
        raise AdviserError(f"{said}, which points elsewhere", hint="give its final address")
    if error.code in {401, 403}:
        have = "is refused" if endpoint.key else "is missing"
        hint = f"the key in the environment variable {KEY_VARIABLE} {have}"
        raise AdviserError(said, hint=hint)
    if error.code in {404, 405}:
        raise AdviserError(said, hint="check the address and --model-name")
    if error.code in _PASSING:
        return Posted(None, said, _read_wait(error.headers.get("Retry-After", "")))
    return Posted(None, said)


def _read_wait(text: str) -> float:
    """Return how many seconds a server wants us to wait; 0 if it does not say (or a date)."""
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0.0
