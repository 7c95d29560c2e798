"""How yt-dlp speaks HTTP for us: one handler, whatever else is installed, and a careful one.

Imports yt-dlp, which takes a second: only functions import this module.
"""

from __future__ import annotations

import io
import zlib
from http.client import HTTPResponse
from typing import IO, Any
from urllib.parse import urlsplit
from urllib.request import (
    HTTPCookieProcessor,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    OpenerDirector,
    Request,
    UnknownHandler,
)
from urllib.response import addinfourl

from yt_dlp.networking._urllib import HTTPHandler, ProxyHandler, RedirectHandler, UrllibRH

from subtools.download.addresses import is_short_link
from subtools.download.observing import is_bilibili

SCHEMES = ("http", "https")
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_BLOCK = 1 << 14  # bytes
_LARGEST = 64 << 20  # bytes, where a reader names no limit of its own


class CarefulRH(UrllibRH):  # type: ignore[misc]  # yt-dlp publishes no types
    """yt-dlp's own handler, with answers unpacked as they are read, and safe redirects."""

    _SUPPORTED_URL_SCHEMES = SCHEMES

    def _create_instance(
        self, proxies: Any, cookiejar: Any, legacy_ssl_support: Any = None
    ) -> OpenerDirector:
        context = self._make_sslcontext(legacy_ssl_support=legacy_ssl_support)
        director = OpenerDirector()
        for handler in (
            ProxyHandler(proxies),
            _Unpacking(context=context, source_address=self.source_address),
            HTTPCookieProcessor(cookiejar),
            UnknownHandler(),
            HTTPDefaultErrorHandler(),
            HTTPErrorProcessor(),
            _Redirecting(),
        ):
            director.add_handler(handler)
        director.addheaders = []
        return director


class _Redirecting(RedirectHandler):  # type: ignore[misc]
    """Follows redirects to http(s) only, and takes no password to another place."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        """Return the request to make instead.

        Raises:
            ValueError: If it leads elsewhere than to the web, or a short link elsewhere than
                to its own site.
        """
        scheme = urlsplit(newurl).scheme.lower()
        if scheme not in SCHEMES:
            raise ValueError(f"a redirect to {scheme}: is not followed")
        host = urlsplit(newurl).hostname or ""
        if is_short_link(req.full_url) and not (is_bilibili(newurl) or is_short_link(newurl)):
            raise ValueError(f"a redirect of a short link to {host} is not followed")
        request: Request = super().redirect_request(req, fp, code, msg, headers, newurl)
        if _origin(newurl) != _origin(req.full_url):
            for name in [name for name in request.headers if name.lower() == "authorization"]:
                request.remove_header(name)
        return request


class _Unpacking(HTTPHandler):  # type: ignore[misc]
    """Answers that are packed are unpacked as they are read, not before."""

    def http_response(self, req: Request, resp: Any) -> Any:
        """Return ``resp``, unpacked.

        Raises:
            OSError: If it is packed in a way that was not asked for.
        """
        named = (resp.headers.get("Content-Encoding") or "identity").lower().split(",")
        packings = [name for name in map(str.strip, named) if name not in {"identity", ""}]
        if not packings or req.get_method() == "HEAD":
            return resp
        if len(packings) > 1 or packings[0] not in _PACKED:
            raise OSError(f"the answer is packed as {','.join(packings)}")
        body: Any = _Unpacked(resp, packings[0])
        unpacked: Any = addinfourl(body, resp.headers, resp.url, resp.code)
        unpacked.msg = resp.msg
        return unpacked

    https_response = http_response


class _Unpacked(io.RawIOBase):
    """A packed body, of which no more is unpacked at once than is asked for."""

    def __init__(self, response: HTTPResponse, packing: str) -> None:
        self._response = response
        self._packing = packing
        self._unpacker: Any = None
        self._waiting = b""  # packed

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Return the next ``size`` bytes at most; less only at the end.

        Raises:
            OSError: If it is damaged, ends early, or is endless.
        """
        wanted = _LARGEST + 1 if size is None or size < 0 else size
        body = bytearray()
        while len(body) < wanted and (block := self._next(wanted - len(body))):
            body += block
        if len(body) > _LARGEST:
            raise OSError("the answer is too large to be one")
        return bytes(body)

    def close(self) -> None:
        """Close the connection."""
        self._response.close()
        super().close()

    def _next(self, most: int) -> bytes:
        """Return the next bytes, ``most`` at most; none at the end."""
        while True:
            if not self._waiting and not (self._unpacker and self._unpacker.eof):
                self._waiting = self._response.read1(_BLOCK)
                if not self._waiting:
                    if self._unpacker is None:
                        return b""
                    raise OSError("the packed answer ends early")
            self._unpacker = self._unpacker or _unpacker(self._packing, self._waiting)
            if self._unpacker.eof:  # some servers send more than the body: nobody reads it
                return b""
            try:
                block: bytes = self._unpacker.decompress(self._waiting, most)
            except zlib.error as error:
                raise OSError(f"the packed answer is damaged: {error}") from error
            self._waiting = self._unpacker.unconsumed_tail
            if block:
                return block


def _unpacker(packing: str, beginning: bytes) -> Any:
    """Return what unpacks a body; ``deflate`` has a header or, from many servers, none."""
    if packing != "deflate":
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    # RFC 1950, section 2.2: the method is 8, and the two bytes are a multiple of 31.
    has_header = beginning[0] & 0x0F == 8 and int.from_bytes(beginning[:2], "big") % 31 == 0
    return zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)


def _origin(url: str) -> tuple[str, str, int | None]:
    pieces = urlsplit(url)
    scheme = pieces.scheme.lower()
    port = pieces.port or {"http": 80, "https": 443}.get(scheme)
    return scheme, (pieces.hostname or "").rstrip("."), port
