"""The user's cookies: read, never written, never shown; and those of a visitor."""

from __future__ import annotations

import io
import random
import re
import time
import uuid
from http.cookiejar import Cookie
from pathlib import Path

from subtools.errors import FetchError

_FIELDS = 7
_TIME = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?)?")
_HTTP_ONLY = "#HttpOnly_"
_HEADER = "# Netscape HTTP Cookie File\n"
_LARGEST = 16 << 20  # bytes
_HINT = "export them from a browser in Netscape's format (cookies.txt)"


def read_cookies(path: Path) -> io.StringIO:
    r"""Return the cookies in the file ``path`` as a text in Netscape's format.

    yt-dlp would write new cookies into the file, and prints a line that it does not
    understand, with its secret: so it gets neither the file nor such a line.

    Raises:
        FetchError: If they cannot be read; it does not quote them.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise FetchError(f"{path} is too large for a file of cookies", hint=_HINT)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise FetchError(f"the cookies in {path} cannot be read: {reason}", hint=_HINT) from error
    for number, line in enumerate(text.splitlines(), start=1):
        if not _is_understood(line):
            raise FetchError(f"line {number} of {path} is none of cookies", hint=_HINT)
    return io.StringIO(_HEADER + "\n".join(text.splitlines()) + "\n")


def make_visitor_cookies() -> tuple[Cookie, ...]:
    """Return the cookies by which Bilibili tells browsers from scripts."""
    value = f"{str(uuid.uuid4()).upper()}{random.randrange(10**5):05}infoc"  # noqa: S311 - no secret
    return _cookie("buvid3", value), _cookie("b_nut", str(int(time.time())))


def _is_understood(line: str) -> bool:
    line = line.removeprefix(_HTTP_ONLY)
    if line.startswith("#") or not line.strip():
        return True
    fields = line.split("\t")
    return len(fields) == _FIELDS and _TIME.fullmatch(fields[4]) is not None


def _cookie(name: str, value: str) -> Cookie:
    return Cookie(
        version=0,
        name=name,
        value=value,
        port=None,
        port_specified=False,
        domain=".bilibili.com",
        domain_specified=True,
        domain_initial_dot=True,
        path="/",
        path_specified=True,
        secure=False,
        expires=None,
        discard=True,
        comment=None,
        comment_url=None,
        rest={},
    )
