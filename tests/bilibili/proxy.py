"""The CONNECT proxy behind which the emulated hosts are, each with a certificate."""

from __future__ import annotations

import contextlib
import gzip
import io
import socket
import ssl
import time
import traceback
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import trustme

from tests.bilibili.pages import serve
from tests.bilibili.site import HOSTS, STREAM_HOSTS, Site
from tests.bilibili.wire import Answer, Pace, Request

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_PIECE = 4096  # bytes
_CHUNK = 300  # bytes
_PACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw": lambda body: zlib.compress(body, wbits=-zlib.MAX_WBITS),
}
_PATIENCE = 30  # s for which a connection may say nothing
_GONE = OSError  # the client hung up, was killed, or does not trust us


class Proxy(ThreadingHTTPServer):
    """Answers for every emulated host, and refuses all others."""

    daemon_threads = False  # closing waits for them
    request_queue_size = 32

    def __init__(self, site: Site, context: ssl.SSLContext) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = site
        self.context = context
        self.hosts = {*HOSTS, *(file.host for file in site.other_files)}
        self.connections: set[socket.socket] = set()

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the base's
        """Keep what went wrong in the site itself, so that it fails the test."""
        self.site.failures.append(traceback.format_exc())

    def hang_up(self) -> None:
        """End all connections."""
        self.site.closing.set()
        for connection in tuple(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE

    def setup(self) -> None:
        super().setup()
        self.tunnel = ""
        self.plain = self.connection
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        with contextlib.suppress(_GONE):
            super().finish()
        self.server.connections.discard(self.plain)
        self.server.connections.discard(self.connection)
        self.connection.close()

    def handle(self) -> None:
        with contextlib.suppress(_GONE):
            super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def do_CONNECT(self) -> None:
        host, _, _ = self.path.rpartition(":")
        if host not in self.server.hosts:
            self.server.site.foreign.append(self.path)
            self.send_error(403, "not emulated")
        elif host == STREAM_HOSTS[0] and self.server.site.faults.silent_first_host:
            self.server.site.closing.wait(self.server.site.faults.silent_first_host)
            self.close_connection = True
        elif self._is_dead(host):
            self.send_error(502, "host unreachable")
        else:
            self._open_tunnel(host)

    def do_GET(self) -> None:
        self._discard_body()
        request = self._read_request()
        if request.host not in self.server.hosts:
            self.server.site.foreign.append(f"{request.host}{request.path}")
            self.send_error(403, "not emulated")
            return
        self.server.site.requests.append(request)
        answer = self._answer(request)
        faults = self.server.site.faults
        if request.host in STREAM_HOSTS or not (faults.packed or faults.chunked):
            self._send(answer)
        else:
            self._send_packed(answer, faults.packed, chunked=faults.chunked)

    do_HEAD = do_GET  # noqa: N815 - found by this name
    do_POST = do_GET  # noqa: N815

    def _is_dead(self, host: str) -> bool:
        faults = self.server.site.faults
        is_first = host == STREAM_HOSTS[0]
        return (faults.dead_first_host and is_first) or (faults.dead_hosts and host in STREAM_HOSTS)

    def _open_tunnel(self, host: str) -> None:
        self.send_response(200, "Connection established")
        self.end_headers()
        self.wfile.flush()
        self.rfile.close()
        secured = self.server.context.wrap_socket(
            self.connection, server_side=True, do_handshake_on_connect=False
        )
        self.connection = self.request = secured
        self.server.connections.add(secured)  # first, so that `hang_up` ends a handshake too
        secured.do_handshake()
        self.rfile = secured.makefile("rb", -1)
        self.wfile = _Writer(secured)
        self.tunnel = host
        self.close_connection = False

    def _discard_body(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _read_request(self) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.tunnel:
            return Request(self.command, self.tunnel, self.path, headers)
        parts = urlsplit(self.path)
        path = parts._replace(scheme="", netloc="").geturl() or "/"
        return Request(self.command, parts.hostname or "", path, headers, scheme="http")

    def _answer(self, request: Request) -> Answer:
        try:
            return serve(self.server.site, request)
        except OSError as error:  # not the client's doing
            raise RuntimeError("the emulated site is broken") from error

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.pace.says_length:
            self.send_header("Content-Length", str(len(answer.body) + answer.blanks))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(answer)

    def _send_packed(self, answer: Answer, packing: str, *, chunked: bool) -> None:
        """Send a page as large sites do: packed, and in chunks."""
        if any(name == "Content-Encoding" for name, _ in answer.headers):
            packing = ""  # it is packed already
        body = _PACK[packing](b" " * answer.blanks + answer.body)
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if packing:
            self.send_header("Content-Encoding", packing.replace("raw", "deflate"))
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        pieces = [body[k : k + _CHUNK] for k in range(0, len(body), _CHUNK)] if chunked else [body]
        if self.command != "HEAD":
            for piece in pieces:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            self.wfile.write(b"0\r\n\r\n" if chunked else b"")

    def _send_body(self, answer: Answer) -> None:
        for offset in range(0, answer.blanks, 1 << 16):
            self.wfile.write(b" " * min(1 << 16, answer.blanks - offset))
        for piece in _paced(answer.body, answer.pace, self.server.site):
            self.wfile.write(piece)
        if answer.pace.cut_after is not None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)


class _Writer(io.BufferedIOBase):
    """Sends all it is given at once, as the base's own writer does."""

    def __init__(self, connection: ssl.SSLSocket) -> None:
        self._connection = connection

    def write(self, data: ReadableBuffer, /) -> int:
        self._connection.sendall(data)
        return memoryview(data).nbytes


def _paced(body: bytes, pace: Pace, site: Site) -> Iterator[bytes]:
    whole = body if pace.cut_after is None else body[: pace.cut_after]
    stop = min(pace.stall_after, len(whole)) if pace.stall else 0
    began = time.monotonic()
    sent = 0
    while sent < len(whole) and not site.closing.is_set():
        if pace.stall and sent == stop:
            site.closing.wait(pace.stall)
        if pace.slow:
            site.closing.wait(max(0.0, sent / pace.slow - (time.monotonic() - began)))
        end = stop if sent < stop else len(whole)
        piece = whole[sent : min(end, sent + (_PIECE if pace.slow else 1 << 16))]
        sent += len(piece)
        yield piece


def open_proxy(site: Site, folder: Path) -> Proxy:
    """Return a proxy in front of ``site``; its authority is written to ``folder``."""
    authority = _shared_authority()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    hosts = {*HOSTS, *(file.host for file in site.other_files)}
    authority.issue_cert(*sorted(hosts)).configure_cert(context)
    site.ca_file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(site.ca_file))
    proxy = Proxy(site, context)
    site.proxy = f"http://127.0.0.1:{proxy.server_address[1]}"
    return proxy


@cache
def _shared_authority() -> trustme.CA:
    return trustme.CA(organization_name="Emulated site")
