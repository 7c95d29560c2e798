"""Addresses of moments: a page that begins to play where something is said."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from subtools.core import Seconds, Source

_BVID = re.compile(r"BV[0-9A-Za-z]{10}")
_YOUTUBE = re.compile(r"(?:^|\.)(?:youtube\.com|youtube-nocookie\.com|youtu\.be)$")
_BILIBILI = re.compile(r"(?:^|\.)bilibili\.com$")


def page_link(source: Source) -> str | None:
    """Return the address of the page a talk comes from; None if it is not known.

    >>> page_link(Source(bvid="BV1zE421N7UJ", part=8))
    'https://www.bilibili.com/video/BV1zE421N7UJ?p=8'
    """
    if source.url is not None and urlsplit(source.url).scheme in {"http", "https"}:
        return source.url
    if source.bvid is None or not _BVID.fullmatch(source.bvid):
        return None
    part = f"?p={source.part}" if source.part and source.part > 1 else ""
    return f"https://www.bilibili.com/video/{source.bvid}{part}"


def moment_link(page: str, seconds: Seconds) -> str:
    """Return the address at which ``page`` plays from ``seconds`` on, in whole seconds.

    Bilibili and YouTube have a parameter for it; anything else, a media file too, gets
    the fragment of W3C's Media Fragments.

    Source: https://www.w3.org/TR/media-frags/#naming-time

    >>> moment_link("https://www.bilibili.com/video/BV1zE421N7UJ?p=8", 754.9)
    'https://www.bilibili.com/video/BV1zE421N7UJ?p=8&t=754'
    >>> moment_link("https://youtu.be/dQw4w9WgXcQ", 754)
    'https://youtu.be/dQw4w9WgXcQ?t=754s'
    >>> moment_link("talk.m4a", 754)
    'talk.m4a#t=754'
    """
    whole = int(max(0.0, seconds))
    parts = urlsplit(page)
    host = parts.hostname or "" if parts.scheme in {"http", "https"} else ""
    unit = "s" if _YOUTUBE.search(host) else ""
    if not (unit or _BILIBILI.search(host)):
        return f"{page.partition('#')[0]}#t={whole}"
    query = [(key, value) for key, value in parse_qsl(parts.query) if key != "t"]
    written = urlencode([*query, ("t", f"{whole}{unit}")], quote_via=quote)
    return urlunsplit((*parts[:3], written, ""))
