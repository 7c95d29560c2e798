"""What Bilibili's answers say that yt-dlp does not pass on: refusals, spare addresses, ids."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

_PLAYINFO = re.compile(r"window\.__playinfo__\s*=\s*")
_STATE = re.compile(r"window\.__INITIAL_STATE__\s*=\s*")
_PAGELIST = re.compile(r"/x/player/pagelist$")
_RISK_PAGE = re.compile(r"window\._riskdata_\s*=")
_PLAYURL = re.compile(r"/x/player/(?:wbi/)?playurl$")
# .../upgcxcode/64/22/1582682264/1582682264-1-30280.m4s: the number of the upload, twice.
# /v1/resource/1582682264-1-30280.m4s: the same, on viewers' machines.
_UPLOAD = re.compile(r"/([0-9]{4,})/\1[-_][^/]*$|/resource/([0-9]{4,})[-_][^/]*$")
_LONG_NUMBER = re.compile(r"(?<![0-9a-zA-Z])[0-9]{6,18}(?![0-9a-zA-Z])")
REFUSALS = frozenset({-352, -412, -509, -799})  # codes of risk control and of too many requests
CAPTCHA = "captcha"
_BUSY = frozenset({-500, -502, -503, -504})


def is_bilibili(url: str) -> bool:
    """Return whether ``url`` is on Bilibili's own pages or API."""
    host = urlsplit(url).hostname or ""
    return host == "bilibili.com" or host.endswith(".bilibili.com")


def find_trouble(url: str, body: bytes) -> str:
    """Return why Bilibili's answer ``body`` is none, in a word or two; empty if it is one.

    The site refuses with status 200, too: with a negative code, or with a page or a voucher
    that asks for a captcha.
    """
    if not is_bilibili(url):
        return ""
    if urlsplit(url).hostname != "api.bilibili.com":
        text = body.decode(errors="replace")
        return CAPTCHA if _RISK_PAGE.search(text) and not _STATE.search(text) else ""
    answer = parse_json(body)
    if answer is None:
        return "no JSON"
    code = answer.get("code")
    if not isinstance(code, int):
        return "no code"
    if code in REFUSALS:
        return str(code)
    if code in _BUSY:
        return f"answer {code}"
    if code == 0 and _PAGELIST.search(urlsplit(url).path) and not answer.get("data"):
        return "no parts"
    return CAPTCHA if is_voucher(answer) else ""


def asks_for_streams(url: str) -> bool:
    """Return whether ``url`` asks Bilibili which streams there are."""
    return is_bilibili(url) and _PLAYURL.search(urlsplit(url).path) is not None


def is_refusal(trouble: str) -> bool:
    """Return whether ``trouble`` is that of risk control, not of a site that is busy or broken."""
    return trouble == CAPTCHA or trouble.removeprefix("-").isdecimal()


def is_voucher(answer: Mapping[str, Any]) -> bool:
    """Return whether ``answer`` is a captcha instead of streams."""
    content = answer.get("data")
    if not isinstance(content, Mapping) or "v_voucher" not in content:
        return False
    return not any(content.get(name) for name in ("dash", "durl"))


def parse_json(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object ``body``; None if it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def find_asked_uploads(answers: Iterable[tuple[str, bytes]]) -> tuple[int, ...]:
    """Return the numbers of the uploads (cid) that were asked for and answered with streams.

    After a refusal, the streams are those in the page, whichever they are of.
    """
    found = []
    for url, body in answers:
        pieces = urlsplit(url)
        if _PLAYURL.search(pieces.path) and (parse_json(body) or {}).get("code") == 0:
            asked = parse_qs(pieces.query).get("cid", [""])[-1]
            found.append(int(asked) if asked.isdecimal() else 0)
    return tuple(found)


def find_refused_streams(answers: Iterable[tuple[str, bytes]]) -> tuple[int, str] | None:
    """Return the code and the words with which Bilibili refused to name streams, at last."""
    found = None
    for url, body in answers:
        answer = parse_json(body) if _PLAYURL.search(urlsplit(url).path) else None
        code = answer.get("code") if answer else None
        if answer and isinstance(code, int):
            found = (code, str(answer.get("message") or "")) if code else None
    return found


def find_upload(url: str, among: Collection[int] = ()) -> int | None:
    """Return the number of the upload (cid) that the address of a stream names, if it does.

    In an address of another form than the usual ones, one of those ``among`` is looked for.

    >>> find_upload("https://a.bilivideo.com/upgcxcode/64/22/1582682264/1582682264-1-30280.m4s?e=1")
    1582682264
    """
    path = urlsplit(url).path
    if found := _UPLOAD.search(path):
        return int(found[1] or found[2])
    named = {*map(int, _LONG_NUMBER.findall(path))} & {*among}
    return named.pop() if len(named) == 1 else None


def find_spares(answers: Iterable[tuple[str, bytes]]) -> dict[str, tuple[str, ...]]:
    """Return, for the address of each stream in ``answers``, the other addresses of it."""
    spares: dict[str, tuple[str, ...]] = {}
    for url, body in answers:
        if not is_bilibili(url):
            continue
        content = parse_json(body) or _parse_script(_PLAYINFO, body)
        spares.update(_find_addresses(content))
    return spares


def find_page_parts(page: bytes) -> frozenset[int]:
    """Return the numbers of the parts that the page of a video names; none if it names none.

    >>> find_page_parts(b'window.__INITIAL_STATE__={"videoData":{"pages":[{"page":1}]}};')
    frozenset({1})
    """
    pages = _find_video(page).get("pages")
    listed = pages if isinstance(pages, list) else []
    numbers = (item.get("page") for item in listed if isinstance(item, Mapping))
    return frozenset(number for number in numbers if isinstance(number, int))


def find_page_id(page: bytes, aid: int | None) -> str | None:
    """Return the BV id of the video with the number ``aid``, if ``page`` is that video's."""
    video = _find_video(page)
    bvid = video.get("bvid")
    return bvid if isinstance(bvid, str) and video.get("aid") == aid else None


def _find_video(page: bytes) -> Mapping[str, Any]:
    state = _parse_script(_STATE, page)
    video = state.get("videoData") if isinstance(state, Mapping) else None
    return video if isinstance(video, Mapping) else {}


def _parse_script(start: re.Pattern[str], body: bytes) -> Any:
    """Return what a script of the page ``body`` sets the variable to that ``start`` finds."""
    page = body.decode(errors="replace")
    found = start.search(page)
    if found is None:
        return None
    try:
        return json.JSONDecoder().raw_decode(page, found.end())[0]
    except (ValueError, RecursionError):
        return None


def _find_addresses(content: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Return address and spare addresses of all streams in ``content``, however deep."""
    waiting = [content]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            first = item.get("baseUrl") or item.get("base_url") or item.get("url")
            others = item.get("backupUrl") or item.get("backup_url")
            if isinstance(first, str) and isinstance(others, list):
                yield first, tuple(other for other in others if isinstance(other, str))
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
