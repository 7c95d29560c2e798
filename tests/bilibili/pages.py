"""The pages a browser sees: videos, the mobile site, short links, a user's space."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import urlencode

from tests.bilibili.api import describe_video, refuse_412, serve_api
from tests.bilibili.bangumi import serve_episode_page
from tests.bilibili.captions import serve_danmaku, serve_subtitle
from tests.bilibili.site import SHORT_LINK_HOSTS, STREAM_HOSTS, Site
from tests.bilibili.streams import describe_streams, serve_file, serve_stream, shorten
from tests.bilibili.videos import Page, Video
from tests.bilibili.wire import Answer, Headers, Request, html_answer, redirect

_VIDEO = re.compile(r"/video/((?:BV|av)\w+)/?", re.IGNORECASE)
_PHONES = ("iPhone", "Android", "Mobile")


def serve(site: Site, request: Request) -> Answer:
    """Return what the emulated hosts answer to ``request``."""
    faults = site.faults
    if request.host in faults.http_412_hosts and site.spend("http_412", faults.http_412):
        return refuse_412(request)
    if request.host in STREAM_HOSTS:
        return serve_stream(site, request)
    if request.host in SHORT_LINK_HOSTS:
        return _serve_short_link(site, request)
    match request.host:
        case "api.bilibili.com":
            return serve_api(site, request)
        case "comment.bilibili.com":
            return serve_danmaku(site, request.route.strip("/").removesuffix(".xml"))
        case "aisubtitle.hdslb.com" | "i0.hdslb.com":
            return serve_subtitle(site, request)
        case "www.bilibili.com" | "m.bilibili.com" | "bilibili.com" if request.scheme == "http":
            return redirect(f"https://{request.host}{request.path}")
        case "www.bilibili.com":
            return serve_episode_page(site, request) or _serve_video_page(site, request)
        case "m.bilibili.com" | "bilibili.com":
            return _serve_mobile_page(site, request)
        case "space.bilibili.com":
            return html_answer("<title>智源社区的个人空间-智源社区个人主页-哔哩哔哩视频</title>")
    return _serve_other_file(site, request)


def _serve_short_link(site: Site, request: Request) -> Answer:
    name = request.route.strip("/")
    target = site.short_links.get(name)
    if target is None and site.video(name) is not None:
        target = f"https://www.bilibili.com/video/{name}"
    if target is None:
        return html_answer('{"code":-404,"message":"啥都木有"}')
    mark = urlencode({"share_source": "COPY", "share_tag": "s_i", "unique_k": name})
    return redirect(f"{target}{'&' if '?' in target else '?'}{mark}")


def _serve_mobile_page(site: Site, request: Request) -> Answer:
    phone = any(word in request.headers.get("user-agent", "") for word in _PHONES)
    if request.host == "bilibili.com" or not (phone or site.faults.mobile_stays):
        return redirect(f"https://www.bilibili.com{request.path}")
    return html_answer("<title>哔哩哔哩</title><div id=app></div><script src=app.js></script>")


def _serve_video_page(site: Site, request: Request) -> Answer:
    match = _VIDEO.fullmatch(request.route)
    video = site.video(match[1]) if match else None
    if site.spend("risk_page", site.faults.risk_page):
        text = '<script>window._riskdata_={"v_voucher":"voucher_emulated"}</script>'
        return html_answer(text, headers=_visitor_cookies())
    if video is None or site.faults.geo_block:
        return _error_page(-404)
    if video.needs_login and not request.is_logged_in:
        return _error_page(-403)
    return html_answer(_video_page(site, request, video), headers=_visitor_cookies())


def _video_page(site: Site, request: Request, video: Video) -> str:
    number, page = _part_asked(site, request, video)
    state = {
        "aid": video.aid,
        "bvid": video.bvid,
        "p": number,
        "cid": page.cid,
        "error": {},
        "videoData": describe_video(site, video),
        "upData": {"mid": str(video.mid), "name": video.owner},
        "tags": [{"tag_id": n, "tag_name": tag} for n, tag in enumerate(video.tags)],
    }
    first = site.parts(video)[0][1] if site.faults.playinfo_of_part_1 else page
    dead = site.spend("dead page", site.faults.http_403_expired)
    streams = describe_streams(site, first, logged_in=request.is_logged_in, dead=dead)
    playinfo = {"code": 0, "message": "0", "ttl": 1, "data": streams}
    tail = "(function(){var s;(s=document.currentScript).parentNode.removeChild(s);}());"
    title = f"{video.title}_哔哩哔哩_bilibili"
    scripts = f"<script>window.__INITIAL_STATE__={_embed(state)};{tail}</script>"
    if not site.faults.no_playinfo:
        scripts = f"<script>window.__playinfo__={_embed(playinfo)}</script>{scripts}"
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{html.escape(title)}</title>"
        f"{scripts}</head><body></body></html>"
    )


def _part_asked(site: Site, request: Request, video: Video) -> tuple[int, Page]:
    """Return the part a page shows: the first if the one asked for is not there."""
    parts = dict(site.parts(video))
    asked = request.query.get("p", "1")
    number = int(asked) if asked.isdecimal() else 1
    return (number, parts[number]) if number in parts else next(iter(parts.items()))


def _error_page(code: int) -> Answer:
    state = {"error": {"code": code, "trueCode": code, "message": "啥都木有"}}
    text = f"<script>window.__INITIAL_STATE__={_embed(state)};</script>"
    return html_answer(text, headers=_visitor_cookies())


def _visitor_cookies() -> Headers:
    where = "path=/; domain=.bilibili.com; expires=Sat, 14 Jun 2098 16:00:00 GMT"
    return (
        ("Set-Cookie", f"buvid3=6A2F0000-0000-0000-0000-EMULATEDinfoc; {where}"),
        ("Set-Cookie", f"b_nut=1718352000; {where}"),
    )


def _embed(content: object) -> str:
    """Return ``content`` as the site embeds it: nothing in it can end the script."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003C").replace("/", "\\u002F")


def _serve_other_file(site: Site, request: Request) -> Answer:
    for file in site.other_files:
        if (file.host, file.path) == (request.host, request.route):
            return serve_file(site, request, shorten(site, file.body), file.kind)
    return html_answer("<h1>404 Not Found</h1>", status=404)
