"""Series (bangumi), whose episodes have pages and an API of their own."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from tests.bilibili.site import Site
from tests.bilibili.streams import describe_streams
from tests.bilibili.videos import PUBLISHED, Page, Video
from tests.bilibili.wire import Answer, Request, html_answer, json_answer

_PLAY = re.compile(r"/bangumi/play/(ep|ss)(\d+)/?")


def serve_episode_page(site: Site, request: Request) -> Answer | None:
    """Return the page of an episode or a season; None if it is not one's address."""
    match = _PLAY.fullmatch(request.route)
    if match is None:
        return None
    if match[1] == "ep" and _find(site, match[2]) is None:
        return html_answer("<title>出错啦! - bilibili.com</title>", status=404)
    if site.faults.geo_block:
        return html_answer("抱歉您所在的地区无法观看本片")
    found = _find(site, match[2]) or _find_season(site, match[2])
    series = {"itemListElement": [{"name": found[0].title, "description": ""}] if found else []}
    text = json.dumps(series, ensure_ascii=False).replace("<", "\\u003C")
    return html_answer(f'<script type="application/ld+json">{text}</script>')


def serve_episode_api(site: Site, request: Request) -> Answer | None:
    """Return the answer of the API about series; None if it is not its address."""
    query = request.query
    found = _find(site, query.get("ep_id", "")) or _find_season(site, query.get("season_id", ""))
    if not request.route.startswith("/pgc/"):
        return None
    if found is None:
        return json_answer({"code": -404, "message": "啥都木有"})
    video, page = found
    match request.route:
        case "/pgc/player/web/v2/playurl":
            return _success(_describe_streams(site, request, page))
        case "/pgc/view/web/season":
            return _success(_describe_season(video))
        case "/pgc/web/season/section":
            return _success({"main_section": {"episodes": _episodes(video)}})
    return json_answer({"code": -404, "message": "啥都木有"}, status=404)


def _find(site: Site, episode: str) -> tuple[Video, Page] | None:
    for video in site.videos:
        for number, page in enumerate(video.pages):
            if video.first_episode and str(video.first_episode + number) == episode:
                return video, page
    return None


def _find_season(site: Site, season: str) -> tuple[Video, Page] | None:
    for video in site.videos:
        if video.first_episode and str(_season(video)) == season:
            return video, video.pages[0]
    return None


def _season(video: Video) -> int:
    return video.first_episode // 10


def _streams(site: Site, request: Request, page: Page) -> dict[str, object]:
    dead = site.spend("dead playurl", site.faults.http_403_expired)
    return describe_streams(site, page, logged_in=request.is_logged_in, dead=dead)


def _describe_streams(site: Site, request: Request, page: Page) -> dict[str, object]:
    answer: dict[str, object] = {"plugins": []}
    if site.faults.preview:
        page = replace(page, duration=3)
        answer["play_check"] = {"play_detail": "PLAY_PREVIEW"}
    return answer | {"video_info": _streams(site, request, page)}


def _describe_season(video: Video) -> dict[str, object]:
    return {
        "season_id": _season(video),
        "title": video.title,
        "series": {"series_id": 7, "series_title": video.title},
        "seasons": [{"season_id": _season(video), "season_title": "第一季"}],
        "episodes": _episodes(video),
    }


def _episodes(video: Video) -> list[dict[str, object]]:
    return [
        {
            "id": video.first_episode + number,
            "aid": video.aid,
            "bvid": video.bvid,
            "cid": page.cid,
            "title": str(number + 1),
            "long_title": page.part,
            "duration": page.duration * 1000,
            "pub_time": PUBLISHED,
            "share_url": f"https://www.bilibili.com/bangumi/play/ep{video.first_episode + number}",
        }
        for number, page in enumerate(video.pages)
    ]


def _success(result: object) -> Answer:
    return json_answer({"code": 0, "message": "success", "result": result})
