"""The stream servers: addresses that are signed and die, ranges, and what goes wrong."""

from __future__ import annotations

import hashlib
import random
import re
import time
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from tests.bilibili.site import STREAM_HOSTS, STREAM_PORTS, Site
from tests.bilibili.sound import BEST_FORMAT, BITRATES, MIXED_FORMAT, PICTURES, stream_bytes
from tests.bilibili.videos import Page
from tests.bilibili.wire import Answer, Headers, Pace, Request, html_answer

LIFETIME = 7200  # s
SECRET = "not a secret"
_PATH = re.compile(r"/upgcxcode/\d\d/\d\d/(\d+)/\1-1-(\d+)\.(?:m4s|mp4)")
_OPAQUE = re.compile(r"/stream/([0-9a-f]+)/(\d+)\.(?:m4s|mp4)")
_MASK = 0x5EED_5EED  # what makes a number another
_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")
_MODIFIED = ("Last-Modified", "Fri, 14 Jun 2024 08:00:00 GMT")


def describe_streams(site: Site, page: Page, *, logged_in: bool, dead: bool) -> dict[str, object]:
    """Return the ``data`` of a playurl answer."""
    serial = str(site.count("addresses"))
    streams = (
        _describe_mixed(site, page, serial, dead)
        if site.faults.no_dash
        else _describe_dash(site, page, serial, dead, logged_in)
    )
    return {
        "from": "local",
        "result": "suee",
        "quality": 32,
        "format": "flv480",
        "timelength": _milliseconds(page),
        "accept_description": ["清晰 480P", "流畅 360P"],
        "accept_quality": [32, 16],
        "support_formats": [
            {"quality": 32, "new_description": "480P 清晰", "display_desc": "480P"},
            {"quality": 16, "new_description": "360P 流畅", "display_desc": "360P"},
        ],
        **streams,
    }


def serve_stream(site: Site, request: Request) -> Answer:
    """Return the answer of a stream server."""
    if site.spend("http_503", site.faults.http_503):
        return html_answer("<h1>503 Service Unavailable</h1>", status=503)
    refused = _refuse(site, request)
    if refused is not None:
        return refused
    body = _body(site, request)
    if body is None:
        return html_answer("<h1>404 Not Found</h1>", status=404)
    if request.method == "GET" and site.spend("html_body", site.faults.html_body):
        return html_answer("<html>稍後再試</html>")
    return serve_file(site, request, body, "video/mp4")


def shorten(site: Site, whole: bytes) -> bytes:
    """Return what the servers hold of ``whole``."""
    return whole[: int(len(whole) * site.faults.short_body)]


def serve_file(site: Site, request: Request, body: bytes, kind: str) -> Answer:
    """Return ``body`` or the range of it that was asked for, at the pace the faults say."""
    tag = f'"{hashlib.md5(body).hexdigest()}"'
    headers: Headers = (("Content-Type", kind), ("ETag", tag), _MODIFIED)
    asked = _RANGE.match(request.headers.get("range", ""))
    is_same = request.headers.get("if-range", tag) in {tag, _MODIFIED[1]}
    if site.faults.no_range or asked is None or not is_same:
        return Answer(200, body, headers, _pace(site))
    headers = (*headers, ("Accept-Ranges", "bytes"))
    wanted = _resolve(asked.groups(), len(body))
    if wanted is None:
        return Answer(416, b"", (*headers, ("Content-Range", f"bytes */{len(body)}")))
    first, last = wanted
    piece = ("Content-Range", f"bytes {first}-{last}/{len(body)}")
    return Answer(206, body[first : last + 1], (*headers, piece), _pace(site))


def _describe_dash(
    site: Site, page: Page, serial: str, dead: bool, logged_in: bool
) -> dict[str, object]:
    audio = [
        _describe(site, page, number, f"{serial}-{number}", dead) | {"codecs": "mp4a.40.2"}
        for number in BITRATES
        if logged_in or number != BEST_FORMAT or not site.faults.login_only_track
    ]
    video = [
        _describe(site, page, number, f"{serial}-{number}", dead)
        | {"id": quality, "codecs": "avc1.64000A", "width": 64, "height": 36}
        for number, quality in PICTURES.items()
    ]
    dolby = {"type": 0, "audio": None}
    tracks = {"video": video, "audio": audio, "dolby": dolby, "flac": None}
    return {"dash": {"duration": page.duration, **tracks}}


def _describe_mixed(site: Site, page: Page, serial: str, dead: bool) -> dict[str, object]:
    first, *others = _addresses(site, page, MIXED_FORMAT, f"{serial}-{MIXED_FORMAT}", dead)
    segment = {
        "order": 1,
        "length": _milliseconds(page),
        "url": site.faults.stream_url or first,
        "backup_url": others,
    }
    if not site.faults.no_sizes:
        segment["size"] = len(stream_bytes(page, MIXED_FORMAT, site.faults.upload))
    return {"quality": 16, "format": "mp4", "accept_quality": [16], "durl": [segment]}


def _milliseconds(page: Page) -> int:
    return page.duration * 1000 + page.cid % 40


def _describe(site: Site, page: Page, number: int, serial: str, dead: bool) -> dict[str, object]:
    addresses = list(_addresses(site, page, number, serial, dead))
    size = len(stream_bytes(page, number, site.faults.upload))
    first = site.faults.stream_url or addresses[0]
    kind = "audio" if number in BITRATES else "video"
    return {
        "id": number,
        "baseUrl": first,
        "base_url": first,
        "backupUrl": addresses[1:],
        "backup_url": addresses[1:],
        "bandwidth": size * 8 // page.duration,
        "mimeType": f"{kind}/mp4",
        "mime_type": f"{kind}/mp4",
        "codecid": 0,
    } | ({} if site.faults.no_sizes else {"size": size})


def _addresses(site: Site, page: Page, number: int, serial: str, dead: bool) -> Iterator[str]:
    cid, suffix = page.cid, "mp4" if number == MIXED_FORMAT else "m4s"
    path = f"/upgcxcode/{cid % 100:02d}/{cid // 100 % 100:02d}/{cid}/{cid}-1-{number}.{suffix}"
    if site.faults.opaque:
        path = f"/stream/{cid ^ _MASK:x}/{number}.{suffix}"
    deadline = int(time.time()) + (-60 if dead else LIFETIME)
    query = f"e=ig8euxZM2&deadline={deadline}&gen=playurlv3&os=cosbv&oi=0&trid={serial}"
    for host, port in zip(STREAM_HOSTS, STREAM_PORTS, strict=True):
        place = host if port == 443 else f"{host}:{port}"
        yield f"https://{place}{path}?{query}&upsig={_sign(path, deadline, serial)}&platform=pc"


def _sign(path: str, deadline: object, serial: str) -> str:
    return hashlib.md5(f"{path}{deadline}{serial}{SECRET}".encode()).hexdigest()


def _refuse(site: Site, request: Request) -> Answer | None:
    query = request.query
    deadline, serial = query.get("deadline", "0"), query.get("trid", "")
    from_the_site = urlsplit(request.headers.get("referer", "")).hostname or ""
    lives = site.count(f"address {serial}") <= site.faults.requests_per_address
    is_fine = (
        query.get("upsig") == _sign(request.route, deadline, serial)
        and int(deadline) > time.time()
        and f".{from_the_site}".endswith(".bilibili.com")
        and request.headers.get("user-agent")
        and lives
    )
    return None if is_fine else html_answer("<h1>403 Forbidden</h1>", status=403)


def _body(site: Site, request: Request) -> bytes | None:
    match = _PATH.fullmatch(request.route)
    cid = match[1] if match else ""
    if hidden := _OPAQUE.fullmatch(request.route):
        match, cid = hidden, str(int(hidden[1], 16) ^ _MASK)
    found = match and site.find_cid(cid)
    if not match or not found:
        return None
    video, page = found
    if site.faults.stream_of_part is not None:
        page = video.pages[site.faults.stream_of_part - 1]
    whole = stream_bytes(page, int(match[2]), site.faults.upload)
    if site.faults.damaged:
        whole = _damage(whole)
    return shorten(site, whole)


def _damage(whole: bytes) -> bytes:
    third = len(whole) // 3
    return whole[:third] + random.Random(0).randbytes(third) + whole[2 * third :]


def _resolve(asked: Iterable[str], size: int) -> tuple[int, int] | None:
    first, last = asked
    if not first:
        return (max(0, size - int(last or 0)), size - 1) if int(last or 0) and size else None
    end = min(int(last) if last else size - 1, size - 1)
    return (int(first), end) if int(first) <= end else None


def _pace(site: Site) -> Pace:
    faults = site.faults
    cut = site.spend("cut_connection", faults.cut_connection)
    stalls = faults.stall > 0 and site.spend("stall", faults.stall_times)
    return Pace(
        cut_after=faults.cut_after if cut else None,
        stall_after=faults.stall_after,
        stall=faults.stall if stalls else 0,
        slow=faults.slow,
        says_length=not faults.no_length,
    )
