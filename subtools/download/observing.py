"""What Bilibili's answers say that yt-dlp does not pass on: refusals, spare addresses, ids."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
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


def find_asked_uploads(urls: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers of the uploads (cid) whose streams the requests ``urls`` asked for."""
    found = []
    for url in urls:
        pieces = urlsplit(url)
        if _PLAYURL.search(pieces.path):
            asked = parse_qs(pieces.query).get("cid", [""])[-1]
            found.append(int(asked) if asked.isdecimal() else 0)
    return tuple(found)


def find_upload(url: str) -> int | None:
    """Return the number of the upload (cid) that the address of a stream names, if it does.

    >>> find_upload("https://a.bilivideo.com/upgcxcode/64/22/1582682264/1582682264-1-30280.m4s?e=1")
    1582682264
    """
    found = _UPLOAD.search(urlsplit(url).path)
    return int(found[1] or found[2]) if found else None


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
    state = _parse_script(_STATE, page)
    video = state.get("videoData") if isinstance(state, Mapping) else None
    pages = video.get("pages") if isinstance(video, Mapping) else None
    listed = pages if isinstance(pages, list) else []
    numbers = (item.get("page") for item in listed if isinstance(item, Mapping))
    return frozenset(number for number in numbers if isinstance(number, int))


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
