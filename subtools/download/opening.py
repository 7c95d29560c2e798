"""Every request of a fetch goes through here: polite, bounded, only http(s), and remembered.

Imports yt-dlp, which takes a second: only functions import this module.
"""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from yt_dlp import YoutubeDL
from yt_dlp.cookies import CookieLoadError
from yt_dlp.networking import Request, Response
from yt_dlp.networking.exceptions import (
    CertificateVerifyError,
    HTTPError,
    IncompleteRead,
    RequestError,
    TransportError,
)
from yt_dlp.utils import YoutubeDLError

from subtools.core import Seconds
from subtools.download.cookies import make_visitor_cookies
from subtools.download.handling import SCHEMES, CarefulRH
from subtools.download.observing import (
    asks_for_streams,
    find_trouble,
    is_bilibili,
    is_refusal,
    is_voucher,
    parse_json,
)
from subtools.download.options import FetchOptions
from subtools.download.parameters import compose_parameters, run_nothing_else
from subtools.errors import FetchError

_PASSING = frozenset({408, 412, 425, 429, 500, 502, 503, 504})  # answers that time may change
_REFUSING = frozenset({412, 429})  # answers to robots
_BLOCK = 1 << 16  # bytes
_PAGE_PATIENCE: Seconds = 120.0  # for a page or an answer
_LONGEST_WAIT: Seconds = 30.0  # however long a site asks to wait
_REFUSAL = b'{"code": -352, "message": "captcha", "data": null}'


class Opener(YoutubeDL):  # type: ignore[misc]  # yt-dlp publishes no types
    """yt-dlp, whose every request is checked.

    Attributes:
        answers: Address and body of Bilibili's answers so far, in order.
        refusal: How risk control has refused in the end, in a word or two; empty if it has not.
        is_unreachable: Whether a request did not get through in the end.
        warnings: What yt-dlp warned of so far.
    """

    def __init__(self, options: FetchOptions, *, sleep: Callable[[Seconds], None]) -> None:
        self.answers: list[tuple[str, bytes]] = []
        self.refusal = ""
        self.is_unreachable = False
        self._unread: list[Response] = []
        self.warnings: list[str] = []
        self._options = options
        self._sleep = sleep
        self._kept: dict[str, tuple[Response, bytes]] = {}
        run_nothing_else()
        super().__init__(compose_parameters(options, self.warnings))
        self._know_cookies()

    def urlopen(self, req: Request | str) -> Response:
        """Return the answer to ``req``, asked for again where that may help.

        Pages and answers are read here, up to the limit; sound and video are not.
        """
        request = req if isinstance(req, Request) else Request(req)
        if request.url in self._kept:
            response, body = self._kept.pop(request.url)
            self.answers.append((request.url, body))
            return response
        for attempt in range(1, self._options.patience.tries + 1):
            is_last = attempt == self._options.patience.tries
            pause: Seconds = 0.0
            try:
                response, trouble = self._read(self._open(request.copy()), request.url)
                if not trouble:
                    return response
                if is_last:
                    self.refusal = self.refusal or (trouble if is_refusal(trouble) else "")
                    return response
            except HTTPError as error:
                if is_last and error.status in _REFUSING:
                    self.refusal = f"HTTP {error.status}"
                    if asks_for_streams(request.url):
                        return self._refused(error)
                if is_last or error.status not in _PASSING:
                    self._unread.append(error.response)  # which yt-dlp does not always close
                    raise
                pause = _asked_pause(error)
                error.close()
                if error.status in _REFUSING and is_bilibili(request.url):
                    self._show_a_face()
            except CertificateVerifyError:
                raise
            except TransportError:
                if is_last:
                    self.is_unreachable = True
                    raise
            self.wait(attempt, at_least=pause)
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        """Close all connections: extractors leave those open whose sound they do not read."""
        for response in self._unread:
            response.close()
        super().close()

    def build_request_director(self, handlers: object, preferences: object = None) -> Any:
        """Return what makes requests: the same, whatever libraries are installed beside yt-dlp."""
        del handlers, preferences
        return super().build_request_director([CarefulRH])

    def save_cookies(self) -> None:
        """Keep no cookies: yt-dlp would write them to a file."""

    def visit(self, url: str) -> bytes:
        """Return the page ``url``, opened as a browser would, for its cookies; empty if none.

        It is kept for the next request for it.

        Raises:
            HTTPError: If risk control refuses.
        """
        try:
            known = len(self.answers)
            response = self.urlopen(url)
            if len(self.answers) > known:  # else it is no page
                self._kept[Request(url).url] = (response, self.answers[-1][1])
                return self.answers[-1][1]
        except HTTPError as error:
            if error.status == 412:
                raise
        except RequestError:
            pass
        return b""

    def stream(self, url: str, headers: dict[str, str]) -> Response:
        """Return the answer to one request for ``url``, its body still to be read."""
        return self._open(Request(url, headers=headers))

    def wait(self, attempt: int, *, at_least: Seconds = 0.0) -> None:
        """Wait as long as is right after attempt number ``attempt``, from 1."""
        pause = self._options.patience.pause * 2 ** (attempt - 1)
        # Many clients that were refused together must not come back together.
        jitter = random.uniform(0.5, 1.5)  # noqa: S311 - no secret
        self._sleep(max(pause * jitter, at_least))

    def _know_cookies(self) -> None:
        """Load the cookies now, so that it is known what failed, and no cookie is quoted."""
        try:
            _ = self.cookiejar
        except (CookieLoadError, YoutubeDLError, OSError) as error:
            where = self._options.cookies or self._options.cookies_from_browser
            hint = "give a file in Netscape's format, or the name of a browser on this machine"
            raise FetchError(f"the cookies of {where} cannot be read", hint=hint) from error

    def _open(self, request: Request) -> Response:
        scheme = urlsplit(request.url).scheme.lower()
        if scheme not in SCHEMES:
            raise RequestError(f"addresses of {scheme}: are not fetched")
        return super().urlopen(request)

    def _read(self, response: Response, asked: str) -> tuple[Response, str]:
        """Return ``response``, read if it is a page or an answer, and what is wrong with it."""
        kind = (response.get_header("Content-Type") or "").lower()
        limit = self._options.limits.page
        if kind.startswith(("audio/", "video/")) or "octet-stream" in kind:
            self._unread.append(response)
            return _renewed(response, _Bounded(response, limit)), ""
        with response:
            body = _read_all(response, limit)
        trouble = find_trouble(response.url, body)
        if trouble == "captcha" and is_voucher(parse_json(body) or {}):
            body = _REFUSAL  # which makes yt-dlp look for the streams in the page
        if is_bilibili(asked):
            self.answers.append((asked, body))
        return _renewed(response, io.BytesIO(body)), trouble

    def _refused(self, error: HTTPError) -> Response:
        """Return a refusal that makes yt-dlp look for the streams in the page."""
        response = error.response
        response.close()
        self.answers.append((response.url, _REFUSAL))
        return Response(io.BytesIO(_REFUSAL), response.url, {})

    def _show_a_face(self) -> None:
        """Set the cookie by which Bilibili tells browsers from scripts, if it is not set."""
        if not any(cookie.name == "buvid3" for cookie in self.cookiejar):
            for cookie in make_visitor_cookies():
                self.cookiejar.set_cookie(cookie)


class _Bounded(io.RawIOBase):
    """A body of which no more than ``limit`` bytes are read."""

    def __init__(self, response: Response, limit: int) -> None:
        self._response = response
        self._left = limit

    def read(self, size: int | None = -1) -> bytes:
        """Return the next ``size`` bytes at most."""
        wanted = self._left + 1 if size is None or size < 0 else size
        block: bytes = self._response.read(min(wanted, self._left + 1))
        self._left -= len(block)
        if self._left < 0:
            raise _too_large(self._response.url)
        return block

    def close(self) -> None:
        """Close the connection."""
        self._response.close()
        super().close()


def read_some(response: Response, size: int = _BLOCK) -> bytes:
    """Return the next bytes of ``response`` as they come, ``size`` at most; none at its end.

    Raises:
        OSError: If the connection fails, or nothing comes for too long.
    """
    source = response.fp
    try:
        # `read` waits for all of `size`: from a server that sends a byte now and then, for ever.
        block: bytes = (
            source.read1(size)
            if isinstance(source, HTTPResponse)
            else response.read(min(size, 1024))
        )
    except (HTTPException, TransportError) as error:
        raise ConnectionError(str(error) or type(error).__name__) from error
    return block


def _read_all(response: Response, limit: int) -> bytes:
    """Return the body of ``response``.

    Raises:
        FetchError: If it is larger than ``limit``.
        TransportError: If it is shorter than the server said, or takes too long.
    """
    body, end = bytearray(), time.monotonic() + _PAGE_PATIENCE
    try:
        while block := read_some(response):
            body += block
            if len(body) > limit:
                raise _too_large(response.url)
            if time.monotonic() > end:
                raise TransportError("the answer does not come to an end")
    except OSError as error:
        raise TransportError(str(error), cause=error) from error
    stated = response.get_header("Content-Length")
    is_plain = not response.get_header("Content-Encoding")
    if is_plain and stated and stated.isdecimal() and body and len(body) < int(stated):
        raise IncompleteRead(partial=len(body), expected=int(stated))
    return bytes(body)


def _renewed(response: Response, body: io.IOBase) -> Response:
    return Response(
        body, response.url, response.headers, response.status, response.reason, response.extensions
    )


def _too_large(url: str) -> FetchError:
    place = urlsplit(url)._replace(query="", fragment="").geturl()
    return FetchError("the answer is too large to be one", url=place, hint="is it the right site?")


def _asked_pause(error: HTTPError) -> Seconds:
    """Return how long the site asks to wait, in bounds."""
    asked = error.response.get_header("Retry-After") or ""
    return min(float(asked), _LONGEST_WAIT) if asked.isdecimal() else 0.0
