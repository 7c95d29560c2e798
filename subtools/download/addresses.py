"""What the user typed: an id of Bilibili, an address on the web, a short link, or a file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit, urlunsplit
from urllib.request import url2pathname

from subtools.errors import FetchError

_BVID = re.compile(r"[bB][vV]([0-9A-Za-z]{10})")
_AID = re.compile(r"[aA][vV]0*([1-9][0-9]{0,18})")
_PLAIN_ID = re.compile(r"([bB][vV][0-9A-Za-z]{10}|[aA][vV][0-9]+)/?(?:\?(.*))?")
_VIDEO_PATHS = ("video", "s")  # www.bilibili.com/video/BV..., m.bilibili.com/s/video/...
_SHORT_HOSTS = frozenset({"b23.tv", "bili2233.cn"})
_BARE_HOST = re.compile(r"(?:[\w-]+\.)*(?:bilibili\.com|b23\.tv|bili2233\.cn)(?:[/?#:].*)?", re.I)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(?=/)")  # two letters and more: C:/ is a drive
# What an app shares: a title, then the address, then perhaps more of a sentence.
_SHARED = re.compile(r"(https?://[^\s\"'<>，。、；：！？）】」》”]+)")
_PLACE = re.compile(r"t=[0-9hms.:,]*|top|main|content|comments?", re.I)  # no talk of its own
_SECRET = re.compile(  # parameters of signed addresses: Bilibili's, Amazon's, Google's, Akamai's
    r"token|signature|^sig$|^auth|auth$|api_?key|access_?key|passw|secret|credential"
    r"|^x-amz-|^x-goog-|^expires?$|^policy$|^key-pair-id$|^hdn[te]",
    re.I,
)
_LONGEST = 4096  # characters of an address
_SITE = "https://www.bilibili.com/video/"
_EXAMPLES = "give a BV id, an address that begins with https://, or a file"


class Kind(StrEnum):
    """What an address leads to."""

    FILE = "file"
    BILIBILI = "bilibili"
    SHORT = "short link"
    OTHER = "other site"


@dataclass(frozen=True, slots=True)
class Address:
    """Where the sound is, as far as its address says.

    Attributes:
        kind: What it leads to.
        url: The address in its plainest form; empty for a file.
        bvid: Bilibili's id, if that is what it says.
        aid: Bilibili's older number, if that is what it says.
        part: The part it names, from 1; None if it names none.
        path: The file, for one.
    """

    kind: Kind
    url: str = ""
    bvid: str | None = None
    aid: int | None = None
    part: int | None = None
    path: Path | None = None

    @property
    def video_id(self) -> str:
        """Bilibili's name of the video, ``BV...`` or ``av...``; empty elsewhere."""
        return self.bvid or (f"av{self.aid}" if self.aid else "")

    def at_part(self, part: int | None) -> Address:
        """Return the address of another part of the same video."""
        url = _SITE + self.video_id + (f"?p={part}" if part else "")
        return replace(self, url=url, part=part)


def parse_address(text: str) -> Address:
    """Return what ``text`` leads to. Nothing is looked up, neither on disk nor on the web.

    >>> parse_address("BV1zE421N7UJ").url
    'https://www.bilibili.com/video/BV1zE421N7UJ'
    >>> parse_address("https://m.bilibili.com/video/bv1zE421N7UJ/?share=1&p=8").part
    8
    >>> parse_address("b23.tv/abc").kind.value
    'short link'

    Raises:
        FetchError: If it is neither an address of http(s) or file, nor a name for a file.
    """
    text = text.strip()
    if not text or len(text) > _LONGEST or any(unicodedata.category(c) == "Cc" for c in text):
        raise FetchError("this is no address", hint=_EXAMPLES)
    if found := _PLAIN_ID.fullmatch(text):
        return _bilibili(found[1], found[2] or "", text)
    if not _SCHEME.match(text) and (shared := _SHARED.search(text)):
        text = shared[1]
    if not _SCHEME.match(text) and _BARE_HOST.fullmatch(text):
        text = f"https://{text}"
    scheme = _SCHEME.match(text)
    if scheme is None:
        return Address(Kind.FILE, path=Path(text))
    return _with_scheme(scheme[1].lower(), text)


def hide_secrets(url: str) -> str:
    """Return ``url`` without password, signature and fragment, fit to be shown or kept.

    >>> hide_secrets("https://me:secret@example.org/a.mp3?id=3&token=secret#t=5")
    'https://example.org/a.mp3?id=3'
    """
    try:
        pieces = urlsplit(url)
    except ValueError:
        return ""
    shown = [p for p in pieces.query.split("&") if not _SECRET.search(p.partition("=")[0])]
    place = pieces.netloc.rpartition("@")[2]
    return urlunsplit(pieces._replace(netloc=place, query="&".join(shown), fragment=""))


def is_short_link(url: str) -> bool:
    """Return whether ``url`` is on one of the hosts of Bilibili's short links.

    >>> is_short_link("https://b23.tv/abc"), is_short_link("https://b23.tv.example/abc")
    (True, False)
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    return host.removeprefix("www.") in _SHORT_HOSTS


def own_address(url: str) -> str:
    """Return ``url`` if its fragment may say which talk it is; empty if it says none.

    >>> own_address("https://talks.example/#/talk/1"), own_address("https://talks.example/a#t=5")
    ('https://talks.example/#/talk/1', '')
    """
    fragment = urlsplit(url).fragment
    return url if fragment and not _PLACE.fullmatch(fragment) else ""


def _with_scheme(scheme: str, text: str) -> Address:
    try:
        pieces = urlsplit(text)
        host = (pieces.hostname or "").rstrip(".")
        _ = pieces.port
    except ValueError as error:
        raise FetchError("this is no address", hint=_EXAMPLES) from error
    if scheme == "file":
        return _local(pieces)
    if scheme not in {"http", "https"}:
        raise FetchError(f"addresses of {scheme}: are not fetched", hint=_EXAMPLES)
    if not host:
        raise FetchError("the address names no site", url=text, hint=_EXAMPLES)
    return _on_the_web(pieces, host, text)


def _local(pieces: SplitResult) -> Address:
    if pieces.netloc not in {"", "localhost"}:
        raise FetchError("the file is on another machine", hint="copy it here first")
    return Address(Kind.FILE, path=Path(url2pathname(pieces.path)))


def _on_the_web(pieces: SplitResult, host: str, text: str) -> Address:
    steps = [unquote(step) for step in pieces.path.split("/") if step]
    if is_short_link(text):
        if len(steps) == 1 and _PLAIN_ID.fullmatch(steps[0]):
            return _bilibili(steps[0], pieces.query, text)
        return Address(Kind.SHORT, text)
    if host == "bilibili.com" or host.endswith(".bilibili.com"):
        name = _video_name(steps, pieces.query)
        if name:
            return _bilibili(name, pieces.query, text)
    return Address(Kind.OTHER, text)


def _video_name(steps: list[str], query: str) -> str:
    """Return the id that path or query of an address on Bilibili names; empty if none."""
    while steps and steps[0] in _VIDEO_PATHS:
        steps = steps[1:]
    if len(steps) == 1 and _PLAIN_ID.fullmatch(steps[0]):
        return steps[0]
    asked = parse_qs(query)
    bvid, aid = asked.get("bvid", [""])[-1], asked.get("aid", [""])[-1]
    if _BVID.fullmatch(bvid):
        return bvid
    return f"av{aid}" if _AID.fullmatch(f"av{aid}") else ""


def _bilibili(name: str, query: str, text: str) -> Address:
    part = _part(query, text)
    if found := _BVID.fullmatch(name):
        return Address(Kind.BILIBILI, bvid=f"BV{found[1]}").at_part(part)
    if found := _AID.fullmatch(name):
        return Address(Kind.BILIBILI, aid=int(found[1])).at_part(part)
    raise FetchError(f"{name!r} is no id of a video", hint=_EXAMPLES)


def _part(query: str, text: str) -> int | None:
    """Return the part that ``query`` names; the last one, as the site takes it."""
    asked = parse_qs(query.partition("#")[0], keep_blank_values=True)
    value = (asked.get("p") or asked.get("page") or [""])[-1]
    if not value:
        return None
    if not re.fullmatch(r"0*[1-9][0-9]{0,5}", value):
        raise FetchError(f"{value!r} is no number of a part", url=text, hint="parts count from 1")
    return int(value)
