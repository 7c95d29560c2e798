"""The answers of api.bilibili.com."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from urllib.parse import urlencode

from tests.bilibili.bangumi import serve_episode_api
from tests.bilibili.captions import describe_subtitles, serve_danmaku
from tests.bilibili.site import Site
from tests.bilibili.streams import describe_streams
from tests.bilibili.videos import PUBLISHED, Video
from tests.bilibili.wire import Answer, Request, html_answer, json_answer

IMAGE_KEY = hashlib.md5(b"image").hexdigest()
OTHER_KEY = hashlib.md5(b"other").hexdigest()
# The order in which the site's own script picks the characters of the two keys.
_MIXING = (
    *(46, 47, 18, 2, 53, 8, 23, 32, 15, 50, 10, 31, 58, 3, 45, 35),
    *(27, 43, 5, 49, 33, 9, 42, 19, 29, 28, 14, 39, 12, 38, 41, 13),
)
_NOTHING = (-404, "啥都木有")
_REFUSALS = {
    -404: "啥都木有",
    -10403: "抱歉您所在地区不可观看！",
    87008: "当前视频可能是专属视频，可能需包月充电观看",
}


def serve_api(site: Site, request: Request) -> Answer:
    """Return the answer of api.bilibili.com."""
    if site.faults.needs_buvid and not request.cookies.get("buvid3"):
        return refuse_412(request)
    answer = _ROUTES.get(request.route)
    if answer is not None:
        return answer(site, request)
    return serve_episode_api(site, request) or _error(site, *_NOTHING, status=404)


def refuse_412(request: Request) -> Answer:
    """Return what risk control says."""
    if request.host == "api.bilibili.com":
        content = {"code": -412, "message": "request was banned", "ttl": 1, "data": None}
        return json_answer(content, status=412)
    text = "<title>出错啦! - bilibili.com</title>由于触发哔哩哔哩安全风控策略，该次访问请求被拒绝。"
    return html_answer(text, status=412)


def describe_video(site: Site, video: Video) -> dict[str, object]:
    """Return the site's details of ``video``: ``videoData`` of its page, ``data`` of the API."""
    return {
        "bvid": video.bvid,
        "aid": video.aid,
        "videos": len(site.parts(video)),
        "cid": site.parts(video)[0][1].cid,
        "title": video.title,
        "desc": video.description,
        "pic": "http://i0.hdslb.com/bfs/archive/cover.jpg",
        "pubdate": PUBLISHED,
        "ctime": PUBLISHED,
        "duration": sum(page.duration for _, page in site.parts(video)),
        "owner": {"mid": video.mid, "name": video.owner, "face": ""},
        "stat": {"aid": video.aid, "view": 1234, "reply": 5, "like": 67},
        "rights": {"is_stein_gate": 0, "download": 1},
        "pages": describe_pages(site, video),
        "ugc_season": _describe_season(site, video),
    }


def describe_pages(site: Site, video: Video) -> list[dict[str, object]]:
    """Return the site's list of parts."""
    return [
        {
            "cid": page.cid,
            "page": number,
            "from": "vupload",
            "part": page.part,
            "duration": page.duration,
            "vid": "",
            "weblink": "",
            "dimension": {"width": 64, "height": 36, "rotate": 0},
        }
        for number, page in site.parts(video)
    ]


def _pagelist(site: Site, request: Request) -> Answer:
    video = _video_asked(site, request)
    if site.spend("pagelist", site.faults.pagelist_fails):
        return _error(site, -504, "服务调用超时")
    is_unknown = site.faults.pagelist_of_ids and "bvid" not in request.query
    if video is None or site.faults.geo_block or is_unknown:
        return _error(site, *_NOTHING)
    pages = describe_pages(site, video)
    if site.spend("pagelist_empty", site.faults.pagelist_empty):
        return _success(site, [])
    is_short = site.spend("pagelist_first", site.faults.pagelist_first)
    return _success(site, pages[:1] if is_short else pages)


def _view(site: Site, request: Request) -> Answer:
    video = _video_asked(site, request)
    if site.spend("view", site.faults.view_fails):
        return _error(site, -504, "服务调用超时")
    if video is None or site.faults.geo_block:
        return _error(site, *_NOTHING)
    if video.needs_login and not request.is_logged_in:
        return _error(site, -403, "访问权限不足")
    return _success(site, describe_video(site, video))


def _view_detail(site: Site, request: Request) -> Answer:
    video = _video_asked(site, request)
    if video is None:
        return _error(site, *_NOTHING)
    tags = [{"tag_name": tag} for tag in video.tags]
    return _success(site, {"View": describe_video(site, video), "Tags": tags})


def _tags(site: Site, request: Request) -> Answer:
    video = _video_asked(site, request)
    tags = video.tags if video else ()
    return _success(site, [{"tag_id": n, "tag_name": tag} for n, tag in enumerate(tags)])


def _nav(site: Site, request: Request) -> Answer:
    folder = "https://i0.hdslb.com/bfs/wbi"
    keys = {"img_url": f"{folder}/{IMAGE_KEY}.png", "sub_url": f"{folder}/{OTHER_KEY}.png"}
    if request.is_logged_in:
        return _success(site, {"isLogin": True, "wbi_img": keys})
    content = {"code": -101, "message": "账号未登录", "ttl": 1}
    return json_answer({**content, "data": {"isLogin": False, "wbi_img": keys}})


def _spi(site: Site, _: Request) -> Answer:
    return _success(site, {"b_3": "00000000-EMULATEDinfoc", "b_4": "00000000-EMULATED"})


def _playurl(site: Site, request: Request) -> Answer:
    found = site.find_cid(request.query.get("cid", ""))
    faults = site.faults
    if site.spend("playurl_412", faults.playurl_412):
        return refuse_412(request)
    if faults.playurl_code:
        return _error(site, faults.playurl_code, _REFUSALS[faults.playurl_code])
    if site.spend("minus_352", faults.minus_352):
        return _error(site, -352, "风控校验失败")
    if not _is_signed(request.query) or site.spend("stale_keys", faults.stale_keys):
        return _error(site, -403, "访问权限不足")
    if site.spend("voucher", faults.voucher):
        return _success(site, {"v_voucher": "voucher_emulated"})
    if found is None or faults.geo_block or not _names(found[0], request.query):
        return _error(site, *_NOTHING)
    if found[0].needs_login and not request.is_logged_in:
        return _error(site, -403, "访问权限不足")
    dead = site.spend("dead playurl", faults.http_403_expired)
    logged_in = request.is_logged_in
    return _success(site, describe_streams(site, found[1], logged_in=logged_in, dead=dead))


def _player(site: Site, request: Request) -> Answer:
    found = site.find_cid(request.query.get("cid", ""))
    if site.spend("subtitles_fail", site.faults.subtitles_fail):
        return _error(site, -500, "服务器错误")
    if found is None or not _names(found[0], request.query):
        return _error(site, *_NOTHING)
    video, page = found
    hidden = site.faults.subtitles_need_login and not request.is_logged_in
    subtitles = [] if hidden else list(describe_subtitles(site, video, page))
    points = [
        {"type": 2, "from": int(c.start), "to": int(c.end), "content": c.text, "imgUrl": ""}
        for c in page.chapters
    ]
    content = {
        "aid": video.aid,
        "bvid": video.bvid,
        "cid": page.cid,
        "need_login_subtitle": hidden,
        "subtitle": {"allow_submit": False, "lan": "", "lan_doc": "", "subtitles": subtitles},
        "view_points": points,
    }
    return _success(site, content)


def _danmaku(site: Site, request: Request) -> Answer:
    return serve_danmaku(site, request.query.get("oid", ""))


def _season_archives(site: Site, request: Request) -> Answer:
    season = site.collection
    if request.query.get("season_id") != str(season.season):
        return _error(site, *_NOTHING)
    archives = [{"bvid": bvid, "title": bvid} for bvid in season.bvids]
    meta = {"name": season.title, "mid": season.mid, "description": "", "ptime": PUBLISHED}
    page = {"page_num": 1, "page_size": 30, "total": len(archives)}
    is_first = request.query.get("page_num", "1") == "1"
    return _success(site, {"archives": archives if is_first else [], "meta": meta, "page": page})


def _is_signed(query: dict[str, str]) -> bool:
    signature = query.get("w_rid")
    plain = {
        name: "".join(c for c in value if c not in "!'()*")
        for name, value in sorted(query.items())
        if name != "w_rid"
    }
    keys = IMAGE_KEY + OTHER_KEY
    mixed = "".join(keys[k] for k in _MIXING)
    right = hashlib.md5(f"{urlencode(plain)}{mixed}".encode()).hexdigest()
    return signature == right and abs(time.time() - float(query.get("wts", 0))) < 600


def _describe_season(site: Site, video: Video) -> dict[str, object] | None:
    season = site.collection
    if video.bvid not in season.bvids:
        return None
    videos = [found for bvid in season.bvids if (found := site.video(bvid))]
    episodes = [
        {"bvid": v.bvid, "aid": v.aid, "cid": v.pages[0].cid, "title": v.title} for v in videos
    ]
    sections = [{"id": 1, "title": "正片", "episodes": episodes}]
    return {"id": season.season, "title": season.title, "mid": season.mid, "sections": sections}


def _video_asked(site: Site, request: Request) -> Video | None:
    return site.video(request.query.get("bvid") or request.query.get("aid", ""))


def _names(video: Video, query: dict[str, str]) -> bool:
    """Return whether the ids of ``query`` are those of ``video``."""
    bvid, aid = query.get("bvid", video.bvid), query.get("aid", query.get("avid", str(video.aid)))
    return bvid == video.bvid and aid == str(video.aid)


def _success(site: Site, content: object) -> Answer:
    whole = {"code": 0, "message": "0", "ttl": 1, "data": content}
    return json_answer(whole, blanks=site.faults.huge_json)


def _error(site: Site, code: int, message: str, *, status: int = 200) -> Answer:
    content = {"code": code, "message": message, "ttl": 1}
    return json_answer(content, status=status, blanks=site.faults.huge_json)


_ROUTES: dict[str, Callable[[Site, Request], Answer]] = {
    "/x/frontend/finger/spi": _spi,
    "/x/player/pagelist": _pagelist,
    "/x/player/v2": _player,
    "/x/player/wbi/playurl": _playurl,
    "/x/player/wbi/v2": _player,
    "/x/polymer/web-space/seasons_archives_list": _season_archives,
    "/x/tag/archive/tags": _tags,
    "/x/v1/dm/list.so": _danmaku,
    "/x/web-interface/nav": _nav,
    "/x/web-interface/view": _view,
    "/x/web-interface/wbi/view": _view,
    "/x/web-interface/wbi/view/detail": _view_detail,
}
