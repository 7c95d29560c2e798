"""Subtitles and danmaku: their lists, addresses and texts."""

from __future__ import annotations

import hashlib
import time
import zlib
from xml.sax.saxutils import escape

from tests.bilibili.site import Site
from tests.bilibili.videos import PUBLISHED, Line, Page, Subtitle, Video
from tests.bilibili.wire import Answer, Request, html_answer, json_answer

FOREIGN_AID, FOREIGN_CID = 1_100_000_001, 1_400_000_002
FOREIGN_LINES = (Line(0.0, 1.0, "把雞蛋打入碗中"), Line(1.0, 2.0, "再加一勺鹽"))


def describe_subtitles(site: Site, video: Video, page: Page) -> list[dict[str, object]]:
    """Return the site's list of subtitles of ``page``."""
    if site.faults.no_subtitles:
        return []
    return [
        {
            "id": page.cid * 10 + n,
            "lan": subtitle.language,
            "lan_doc": subtitle.name,
            "is_lock": False,
            "subtitle_url": _subtitle_address(site, video, page, subtitle),
            "type": int(subtitle.is_ai),
            "ai_type": 0,
            "ai_status": 2 if subtitle.is_ai else 0,
        }
        for n, subtitle in enumerate(page.subtitles)
    ]


def serve_subtitle(site: Site, request: Request) -> Answer:
    """Return a subtitle's text."""
    if site.spend("subtitles_fail", site.faults.subtitles_fail):
        return html_answer("<h1>502 Bad Gateway</h1>", status=502)
    lines = _lines_at(site, request)
    if lines is None:
        return html_answer("<h1>404 Not Found</h1>", status=404)
    body = [
        {"from": line.start, "to": line.end, "sid": n, "location": 2, "content": line.text}
        for n, line in enumerate(lines, start=1)
    ]
    content = {"font_size": 0.4, "font_color": "#FFFFFF", "lang": "zh", "body": body}
    return json_answer(content, blanks=site.faults.huge_json)


def serve_danmaku(site: Site, cid: str) -> Answer:
    """Return what viewers wrote, deflated, as the site does whatever the client accepts."""
    found = site.find_cid(cid)
    if found is None:
        return html_answer("", status=404)
    rows = "".join(
        f'<d p="{line.start},1,25,16777215,{PUBLISHED},0,abcdef,{n},10">{escape(line.text)}</d>'
        for n, line in enumerate(found[1].danmaku)
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?><i><chatid>{cid}</chatid>{rows}</i>'
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(text.encode()) + packer.flush()
    return Answer(200, packed, (("Content-Type", "text/xml"), ("Content-Encoding", "deflate")))


def _subtitle_address(site: Site, video: Video, page: Page, subtitle: Subtitle) -> str:
    name = hashlib.md5(f"{page.cid} {subtitle.language}".encode()).hexdigest()
    key = f"auth_key={int(time.time())}-0-0-{name}"
    if not subtitle.is_ai:
        return f"//i0.hdslb.com/bfs/subtitle/{name}.json?{key}"
    ids = f"{video.aid}{page.cid}"
    if site.faults.wrong_ai_subtitle:
        ids = f"{FOREIGN_AID}{FOREIGN_CID}"
    return f"//aisubtitle.hdslb.com/bfs/ai_subtitle/prod/{ids}{name}?{key}"


def _lines_at(site: Site, request: Request) -> tuple[Line, ...] | None:
    if request.route.startswith(f"/bfs/ai_subtitle/prod/{FOREIGN_AID}{FOREIGN_CID}"):
        return FOREIGN_LINES
    for video in site.videos:
        for page in video.pages:
            for subtitle in page.subtitles:
                address = _subtitle_address(site, video, page, subtitle)
                if address.partition("?")[0] == f"//{request.host}{request.route}":
                    is_wrong = subtitle.is_ai and site.faults.wrong_ai_text
                    return FOREIGN_LINES if is_wrong else subtitle.lines
    return None
