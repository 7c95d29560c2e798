"""The bytes of one stream, as served: resumed, over several servers, counted to the last.

What is there already is never trusted: its last bytes are asked for again and compared, so
that nothing is continued that belongs to another format or to an upload replaced meanwhile.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from yt_dlp.networking import Response
from yt_dlp.networking.exceptions import CertificateVerifyError, HTTPError, RequestError

from subtools.core import Seconds
from subtools.download.addresses import hide_secrets
from subtools.download.explaining import explain
from subtools.download.folders import open_private
from subtools.download.keeping import Begun
from subtools.download.opening import Opener, read_some
from subtools.download.options import Patience
from subtools.errors import FetchError, OutputError

_OVERLAP = 1 << 12  # bytes that are fetched twice and compared when a fetch is resumed
_NOT_SOUND = ("text/", "application/json", "application/xml", "application/xhtml")
_RANGE = re.compile(r"bytes ([0-9]+)-[0-9]+/([0-9]+|\*)")
_DEAD = frozenset({401, 403, 404, 410})  # what a server says of an address that it knows no more
_GOOD_SHARE = 0.01  # an attempt that brought so much of the whole does not count as failed
_REPORTED: Seconds = 0.1  # between two reports of progress


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream of a site and where it is.

    Attributes:
        name: What tells it from the other streams of its video; part of file names.
        urls: Its addresses, the best first.
        headers: What to send with a request.
        size: Its size in bytes, if the site states it.
        chunk: Bytes to ask for at once, where the site slows down longer answers; 0: all.
    """

    name: str
    urls: tuple[str, ...]
    headers: Mapping[str, str]
    size: int | None = None
    chunk: int = 0


class Refused(Exception):  # noqa: N818 - no error yet: new addresses may help
    """Servers refuse the addresses: they have expired, or are not for us."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


class _Restart(Exception):  # noqa: N818 - no error: it is fetched from the start again
    """What is on the disk is not the beginning of what the server holds."""


class _Gap(Exception):  # noqa: N818 - no error yet
    """The answer was no good, ended early, or was too slow; it says which."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a transfer of streams needs besides them.

    Attributes:
        opener: Makes the requests.
        place: The work folder.
        patience: How long to wait, how often to try.
        largest: Bytes above which a stream is refused.
        rate_limit: Bytes a second at most; None for no limit.
        report: Told the bytes done and the bytes in all.
    """

    opener: Opener
    place: Path
    patience: Patience
    largest: int
    rate_limit: float | None
    report: Callable[[float, float], None]


def fetch_stream(stream: Stream, transfer: Transfer, *, url: str) -> Path:
    """Return the file with the whole of ``stream``, in the work folder.

    Every server is tried before the pause that comes before the next round. Attempts that
    get on do not count.

    Raises:
        Refused: If servers refuse the addresses, and no other gets on.
        FetchError: If it cannot be fetched whole.
        OutputError: If it cannot be written.
    """
    begun = Begun(transfer.place, stream.name)
    if stream.size and begun.whole != stream.size:
        begun.discard()
    failures, refusal = 0, 0
    while True:
        before = begun.held
        failure = _try_once(stream, stream.urls[failures % len(stream.urls)], transfer, url)
        if isinstance(failure, Path):
            return failure
        if isinstance(failure, _Restart):
            begun.discard()
        if begun.held - before >= max(_OVERLAP, _GOOD_SHARE * (begun.whole or 0)):
            continue
        failures += 1
        if isinstance(failure, HTTPError) and failure.status in _DEAD:
            refusal = failure.status
        if failures % len(stream.urls):
            continue
        if refusal:
            raise Refused(refusal)
        if failures >= transfer.patience.tries * len(stream.urls):
            raise _given_up(failure, url) from failure
        transfer.opener.wait(failures // len(stream.urls))


def _try_once(stream: Stream, address: str, transfer: Transfer, url: str) -> Path | Exception:
    """Return the whole file, or why this attempt did not bring it."""
    try:
        return _attempt(stream, address, transfer)
    except CertificateVerifyError as error:
        raise explain(error, url) from error
    except (RequestError, _Gap, _Restart) as error:
        return error
    except OSError as error:
        hint = "free some space, or name another folder"
        message = f"cannot be written: {error.strerror or error}"
        raise OutputError(message, path=transfer.place, hint=hint) from error


def _attempt(stream: Stream, address: str, transfer: Transfer) -> Path:
    """Return the whole file, if one connection (or one for each chunk) brings the rest of it."""
    begun = Begun(transfer.place, stream.name)
    while True:
        held = 0 if begun.whole is None else begun.held
        start = max(0, held - _OVERLAP)
        with _ask(stream, address, start, transfer) as response:
            whole = _whole_size(response, start)
            _check_answer(response, whole, stream, transfer)
            if whole is not None and held > whole:
                raise _Restart
            path = begun.path_for(whole)
            if begun.path not in {None, path}:
                begun.discard()  # another upload, or nobody knows: from the start
                held = 0
                if response.status == 206 and start:
                    raise _Restart
            _receive(response, path, held if response.status == 206 else 0, start, whole, transfer)
        if whole is None or path.stat().st_size == whole:
            return path
        if not (stream.chunk and response.status == 206 and path.stat().st_size > held):
            raise _Gap(f"the connection ended after {path.stat().st_size} of {whole} bytes")


def _ask(stream: Stream, address: str, start: int, transfer: Transfer) -> Response:
    end = start + stream.chunk + _OVERLAP - 1 if stream.chunk else ""
    # Even from the start: the answer to a range says how long the whole is.
    headers = {**stream.headers, "Accept-Encoding": "identity", "Range": f"bytes={start}-{end}"}
    try:
        return transfer.opener.stream(address, headers)
    except HTTPError as error:
        error.response.close()
        if error.status == 416 and start:
            raise _Restart from error
        raise


def _whole_size(response: Response, start: int) -> int | None:
    """Return the size of the stream that ``response`` is of; None if it does not say."""
    if response.status == 206:
        found = _RANGE.fullmatch((response.get_header("Content-Range") or "").strip())
        if not found or int(found[1]) != start:
            raise _Restart
        return None if found[2] == "*" else int(found[2])
    length = response.get_header("Content-Length") or ""
    is_plain = (response.get_header("Content-Encoding") or "identity") == "identity"
    return int(length) if length.isdecimal() and is_plain else None


def _check_answer(
    response: Response, whole: int | None, stream: Stream, transfer: Transfer
) -> None:
    kind = (response.get_header("Content-Type") or "").lower()
    if kind.startswith(_NOT_SOUND):
        raise _Gap(f"the server sent {kind.partition(';')[0]} instead of sound")
    if stream.size and whole is not None and whole != stream.size:
        raise _Gap(f"the server holds {whole} bytes where the site states {stream.size}")
    if (whole or stream.size or 0) > transfer.largest:
        raise _too_large(response, whole or stream.size or 0)


def _receive(
    response: Response, path: Path, held: int, start: int, whole: int | None, transfer: Transfer
) -> None:
    """Write the body of ``response``, which begins at ``start``, after the ``held`` bytes."""
    if start and held:
        _compare_overlap(response, path, start, held)
    else:
        held = 0
    with open_private(path, append=bool(held)) as file:
        try:
            _copy(response, file, held, whole, transfer)
        finally:
            file.flush()
            os.fsync(file.fileno())


def _compare_overlap(response: Response, path: Path, start: int, held: int) -> None:
    """Raise unless ``response`` begins with the bytes of ``path`` from ``start`` on."""
    with path.open("rb") as file:
        file.seek(start)
        known = file.read(held - start)
    while known:
        block = _read(response, len(known))
        if not block:
            raise _Gap("the connection ended at once")
        if not known.startswith(block):
            raise _Restart
        known = known[len(block) :]


def _copy(
    response: Response, file: IO[bytes], held: int, whole: int | None, transfer: Transfer
) -> None:
    began = mark = time.monotonic()
    told, marked, done = 0.0, held, held
    while block := _read(response):
        file.write(block)
        done += len(block)
        if whole is None and done > transfer.largest:
            raise _too_large(response, done)
        if whole is not None and done > whole:
            raise _Restart  # more than there is: nothing of it can be trusted
        now = time.monotonic()
        if now - told >= _REPORTED:
            transfer.report(done, whole or 0)
            told = now
        if now - mark > transfer.patience.slow_for:
            _check_speed((done - marked) / (now - mark), transfer)
            mark, marked = now, done
        if transfer.rate_limit:
            time.sleep(max(0.0, (done - held) / transfer.rate_limit - (now - began)))
    transfer.report(done, whole or 0)


def _check_speed(speed: float, transfer: Transfer) -> None:
    is_ours = transfer.rate_limit is not None and speed > transfer.rate_limit / 2
    if speed < transfer.patience.slowest and not is_ours:
        raise _Gap(f"the server sends {speed:.0f} bytes a second")


def _read(response: Response, size: int = 1 << 15) -> bytes:
    try:
        return read_some(response, size)
    except OSError as error:
        raise _Gap(f"the connection ended: {error}") from error


def _too_large(response: Response, size: int) -> FetchError:
    return FetchError(
        f"it is larger ({size} bytes) than a talk can be",
        url=hide_secrets(response.url).partition("?")[0],
        hint="is it the right address?",
    )


def _given_up(failure: Exception, url: str) -> FetchError:
    if isinstance(failure, RequestError):
        return explain(failure, url)
    hint = "try again later; what is there is kept and continued"
    reason = str(failure) or "what the servers hold changes from one request to the next"
    message = f"the sound cannot be fetched: {reason}"
    return FetchError(message, url=url, hint=hint, may_pass=True)
