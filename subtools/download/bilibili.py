"""What only Bilibili knows: the list of parts, its subtitles, its danmaku."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from yt_dlp.networking import Request

from subtools.core import Seconds
from subtools.download.addresses import Address
from subtools.download.explaining import FAILURES, NONSENSE, explain, refused_by_risk_control
from subtools.download.observing import REFUSALS, parse_json
from subtools.download.opening import Opener
from subtools.errors import FetchError
from subtools.timecode import compose_timecode

_API = "https://api.bilibili.com"
_REFERER = {"Referer": "https://www.bilibili.com/"}
_LOG_IN = "log in: --cookies FILE, or --cookies-from-browser firefox"
_ELSEWHERE = "it is not shown where you are; --proxy goes through another country"
_HIDDEN = "it is hidden, or not shown where you are (--proxy); see whether it plays in a browser"
_HINTS = {
    -101: _LOG_IN,
    -403: _LOG_IN,
    -404: "check the id; the video may be gone, or not shown where you are (--proxy)",
    -10403: f"{_LOG_IN}; or {_ELSEWHERE}",
    62002: _HIDDEN,
    62003: "the site has not let it appear yet",
    62004: "the site has not let it appear yet",
    62012: "its uploader keeps it to himself",
    87007: f"it is for supporters of its uploader; {_LOG_IN}",
    87008: f"it is for supporters of its uploader; {_LOG_IN}",
}
_PLACE = re.compile("地区|地區|区域|region", re.I)
_ASKED_AGAIN = 2  # times: the site lists a wrong subtitle now and then, and the next time the right
_AFTER_END: Seconds = 3.0  # a subtitle may end so much after the sound


@dataclass(frozen=True, slots=True)
class PartInfo:
    """One part of a video, or one video of a list.

    Attributes:
        number: Its number on the site, from 1.
        title: Its title.
        duration: Its length in whole seconds; None if unknown.
        cid: Bilibili's number of its upload.
        url: Its address.
    """

    number: int
    title: str
    duration: Seconds | None = None
    cid: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class SiteSubtitle:
    """A subtitle of the site.

    Attributes:
        language: The site's code.
        by_machine: Whether a machine wrote it.
        text: It, as SRT.
    """

    language: str
    by_machine: bool
    text: str


def ask_parts(opener: Opener, address: Address, bvid: str | None = None) -> tuple[PartInfo, ...]:
    """Return the parts of the video at ``address``, which has one at least.

    Args:
        opener: Makes the request.
        address: Where the video is.
        bvid: Its id, if the address has its number, and the id is known.

    Raises:
        FetchError: If the site does not say, or says nonsense.
    """
    bvid = address.bvid or bvid
    query = {"bvid": bvid} if bvid else {"aid": address.aid}
    answer = _ask(opener, f"{_API}/x/player/pagelist?{urlencode(query)}", address.url)
    _check_code(answer, address.url)
    try:
        parts = tuple(_parse_part(item, address) for item in answer["data"])
    except NONSENSE as error:
        raise _nonsense(address.url) from error
    numbers = [part.number for part in parts]
    if not parts or len(set(numbers)) < len(numbers) or min(numbers) < 1:
        raise _nonsense(address.url)
    return tuple(sorted(parts, key=lambda part: part.number))


def ask_subtitles(
    opener: Opener, aid: int, cid: int, duration: Seconds
) -> tuple[tuple[SiteSubtitle, ...], tuple[str, ...]]:
    """Return the site's subtitles of the upload ``cid``, and what is wrong with the others.

    The site lists subtitles of other videos at times; one that a machine wrote has the
    numbers of its video in its address, and none can go on when the sound has ended.
    """
    notes: list[str] = []
    for _ in range(1 + _ASKED_AGAIN):
        subtitles, notes = [], []
        try:
            listed, note = _ask_list(opener, aid, cid)
        except (FetchError, *FAILURES, *NONSENSE) as error:
            return (), (f"subtitles cannot be fetched: {_reason(error)}",)
        notes += [note] if note else []
        for item in listed:
            try:
                subtitles.append(_ask_subtitle(opener, item, (aid, cid), duration))
            except (FetchError, *FAILURES, *NONSENSE) as error:
                notes.append(f"subtitle {item.get('lan')} left out: {_reason(error)}")
        if len(subtitles) == len(listed):
            return tuple(subtitles), tuple(notes)
    return tuple(subtitles), tuple(notes)


def ask_danmaku(opener: Opener, cid: int) -> bytes:
    """Return the comments over the picture, as the site's XML.

    Raises:
        FetchError: If the site has none.
    """
    url = f"https://comment.bilibili.com/{cid}.xml"
    body = _open(opener, url, url)
    if not body.lstrip().startswith(b"<"):
        raise _nonsense(url)
    return body


_LATER = "try again later"


def explain_code(code: int, reason: str, url: str) -> FetchError:
    """Return the error for Bilibili's answer ``code``, with the site's own ``reason``."""
    if code in REFUSALS:
        return refused_by_risk_control(url, sign=str(code))
    hint = _ELSEWHERE if _PLACE.search(reason) else _HINTS.get(code, _LATER)
    if code == -404:
        return FetchError("the site knows no such video", url=url, hint=hint)
    message = f"the site answers {code} {reason[:100]}".strip()
    return FetchError(message, url=url, hint=hint, may_pass=hint == _LATER)


def _parse_part(item: Mapping[str, Any], address: Address) -> PartInfo:
    number = int(item["page"])
    duration = float(item.get("duration") or 0) or None
    url = address.at_part(number).url
    return PartInfo(number, str(item.get("part") or ""), duration, int(item["cid"]), url)


def _ask_list(opener: Opener, aid: int, cid: int) -> tuple[list[Mapping[str, Any]], str]:
    """Return what the site lists, and a note if it lists them for some people only."""
    url = f"{_API}/x/player/wbi/v2?{urlencode({'aid': aid, 'cid': cid})}"
    answer = _ask(opener, url, url)
    _check_code(answer, url)
    content = answer.get("data")
    if not isinstance(content, Mapping):
        raise _nonsense(url)
    for name, number in (("aid", aid), ("cid", cid)):
        if content.get(name, number) != number:
            raise FetchError("the site tells of another video", url=url)
    subtitle = content.get("subtitle")
    listed = subtitle.get("subtitles") if isinstance(subtitle, Mapping) else None
    found = [s for s in listed or [] if isinstance(s, Mapping) and s.get("subtitle_url")]
    if not found and content.get("need_login_subtitle"):
        return [], "the site shows its subtitles only to those who log in"
    return found, ""


def _ask_subtitle(
    opener: Opener, item: Mapping[str, Any], ids: tuple[int, int], duration: Seconds
) -> SiteSubtitle:
    url = urljoin("https://www.bilibili.com/", str(item["subtitle_url"]))
    language = re.sub(r"[^0-9A-Za-z-]", "", str(item.get("lan") or "und"))[:20] or "und"
    by_machine = language.startswith("ai-") or "/ai_subtitle/" in url
    if by_machine and not _names(url, ids):
        raise FetchError("its address names another video")
    lines = _parse_lines(_ask(opener, url, url))
    if lines and max(start for start, _, _ in lines) > duration:
        raise FetchError("it goes on after the sound has ended: it is another video's")
    if lines and max(end for _, end, _ in lines) > duration + _AFTER_END:
        raise FetchError("it ends after the sound: it is another video's")
    if not lines:
        raise FetchError("it is empty")
    return SiteSubtitle(language, by_machine, _compose_srt(lines))


def _names(url: str, ids: tuple[int, int]) -> bool:
    """Return whether ``url`` has the numbers of video and upload: in its last step, or apart."""
    place = urlsplit(url)
    numbers = re.findall("[0-9]+", f"{place.path}?{place.query}")
    is_usual = place.path.rpartition("/")[2].startswith("".join(map(str, ids)))
    return is_usual or {*map(str, ids)} <= {*numbers}


def _parse_lines(answer: Mapping[str, Any]) -> list[tuple[Seconds, Seconds, str]]:
    try:
        lines = [
            (float(line["from"]), float(line["to"]), str(line["content"]))
            for line in answer["body"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise FetchError("it is no subtitle") from error
    return sorted(line for line in lines if line[2].strip() and 0 <= line[0] <= line[1])


def _compose_srt(lines: Sequence[tuple[Seconds, Seconds, str]]) -> str:
    cues = []
    for number, (start, end, text) in enumerate(lines, start=1):
        shown = "\n".join(row.strip() for row in text.splitlines() if row.strip())
        times = (compose_timecode(time, separator=",") for time in (start, end))
        cues.append(f"{number}\n{' --> '.join(times)}\n{shown}\n")
    return "\n".join(cues)


def _ask(opener: Opener, url: str, about: str) -> dict[str, Any]:
    answer = parse_json(_open(opener, url, about))
    if answer is None:
        raise _nonsense(about)
    return answer


def _open(opener: Opener, url: str, about: str) -> bytes:
    try:
        with opener.urlopen(Request(url, headers=_REFERER)) as response:
            body: bytes = response.read()
    except FAILURES as error:
        raise explain(error, about) from error
    return body


def _check_code(answer: Mapping[str, Any], url: str) -> None:
    code = answer.get("code")
    if not isinstance(code, int):
        raise _nonsense(url)
    if code:
        raise explain_code(code, str(answer.get("message") or ""), url)


def _reason(error: BaseException) -> str:
    return error.message if isinstance(error, FetchError) else explain(error, "").message


def _nonsense(url: str) -> FetchError:
    message = "the site's answer makes no sense"
    return FetchError(message, url=url, hint="try again later", may_pass=True)
