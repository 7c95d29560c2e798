"""What yt-dlp finds out about one video: who made it, and which streams it has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from subtools.core import Seconds
from subtools.download.addresses import hide_secrets
from subtools.download.bilibili import PartInfo, explain_code
from subtools.download.explaining import FAILURES, NONSENSE, explain, refused_by_risk_control
from subtools.download.metadata import Chapter
from subtools.download.observing import (
    find_asked_uploads,
    find_refused_streams,
    find_spares,
    find_upload,
)
from subtools.download.opening import Opener
from subtools.errors import FetchError

DIRECT = frozenset({"http", "https"})
FRAGMENTED = frozenset({"m3u8_native", "http_dash_segments"})
_PREVIEW = re.compile(r"only (?:a )?preview|preview format", re.I)
_NO_STREAMS = "No video formats"  # yt-dlp says no more: why, only the site's answer does
_LONGEST = 200  # characters of a message
_LIVE = frozenset({"is_live", "is_upcoming", "post_live"})


@dataclass(frozen=True, slots=True)
class Track:
    """One stream of a video.

    Attributes:
        format: The site's id of it.
        urls: Its addresses, the best first.
        headers: What to send with a request.
        protocol: How it comes, in yt-dlp's word.
        ending: The ending of a file with it.
        codec: Name of its audio codec, or of its video codec if it has no sound.
        size: In bytes, if the site states it.
        has_sound: Whether it holds sound.
        has_picture: Whether it holds a picture.
        chunk: Bytes to ask for at once; 0 for all.
        raw: What yt-dlp says of it, for streams in pieces.
    """

    format: str
    urls: tuple[str, ...]
    headers: Mapping[str, str]
    protocol: str
    ending: str
    codec: str
    size: int | None
    has_sound: bool
    has_picture: bool
    chunk: int
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One video, as its site describes it.

    Attributes:
        site: yt-dlp's name of the site.
        id: The site's id, without a part.
        title: Its title.
        url: Address of its page.
        uploader: Who published it.
        duration: Its length in seconds, if the site states it.
        upload_date: ``YYYY-MM-DD``, or empty.
        tags: The site's tags.
        chapters: The site's chapters.
        tracks: Its streams, the worst first.
        aid: Bilibili's number of the video.
        asked: The uploads (cid) that yt-dlp asked for, and got, streams of.
    """

    site: str
    id: str
    title: str
    url: str
    uploader: str
    duration: Seconds | None
    upload_date: str
    tags: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    tracks: tuple[Track, ...]
    aid: int | None
    asked: tuple[int, ...]


def ask_item(opener: Opener, url: str) -> Item | tuple[PartInfo, ...]:
    """Return the video at ``url``, or the videos that are listed there.

    Raises:
        FetchError: If there is none, or it cannot be had.
    """
    opener.answers.clear()
    opener.refusal = ""
    opener.is_unreachable = False
    opener.warnings.clear()
    try:
        return _read(opener.extract_info(url, download=False), opener, url)
    except (FetchError, *FAILURES) as error:
        if opener.refusal:
            raise refused_by_risk_control(url, sign=opener.refusal) from error
        refused = find_refused_streams(opener.answers)
        if refused and _NO_STREAMS in str(error):
            raise explain_code(*refused, url) from error
        raise explain(error, url) from error
    except NONSENSE as error:  # extractors, and we, take sites by their word
        raise FetchError(
            f"the site's answer makes no sense ({type(error).__name__}: {error})"[:_LONGEST],
            url=hide_secrets(url),
            hint="try again later; if that does not help, update yt-dlp: pip install -U yt-dlp",
            may_pass=True,
        ) from error


def _read(info: Any, opener: Opener, url: str) -> Item | tuple[PartInfo, ...]:
    """Return what yt-dlp found at ``url`` as ours."""
    if not isinstance(info, Mapping):
        raise FetchError("nothing is found there", url=hide_secrets(url))
    if info.get("_type") == "playlist":
        return _parse_list(info, url)
    if info.get("_type", "video") != "video":
        hint = "the site keeps it in an old form, in pieces; look for another copy"
        raise FetchError("it comes in several files", url=hide_secrets(url), hint=hint)
    _refuse_live(info, url)
    if any(map(_PREVIEW.search, opener.warnings)):
        hint = "log in as somebody who may see all of it: --cookies-from-browser firefox"
        raise FetchError("only a preview is to be had", url=hide_secrets(url), hint=hint)
    return _parse_item(info, opener, url)


def check_upload(
    item: Item, cid: int, *, others: Collection[int] = (), is_unlike: bool = False, url: str
) -> None:
    """Raise if the streams of ``item`` may be another part's than the upload ``cid``.

    yt-dlp takes the number of the upload from the page by the position of the part, and falls
    back to streams that stand in the page: neither need be the part that was asked for.

    Args:
        item: What the site offers.
        cid: The upload that was asked for.
        others: The uploads of the other parts.
        is_unlike: Whether its length tells the part from all others of the video.
        url: The address it is about.

    Raises:
        FetchError: If the site was asked about, or an address names, another upload, or if
            neither says which it is and its length does not, either.
    """
    addresses = (address for track in item.tracks for address in track.urls)
    uploads = (find_upload(address, {cid, *others}) for address in addresses)
    known = {*item.asked, *(upload for upload in uploads if upload is not None)}
    if known != {cid} and (known or not is_unlike):
        raise FetchError(
            "the site offers the sound of another part or video",
            url=url,
            hint="try again later, or with the cookies of a browser (--cookies-from-browser)",
            may_pass=True,
        )


def choose_sound(tracks: Sequence[Track], *, url: str) -> tuple[Track, ...]:
    """Return the streams with sound that can be fetched, the best first.

    Raises:
        FetchError: If there is none.
    """
    usable = [t for t in reversed(tracks) if t.has_sound and t.protocol in DIRECT | FRAGMENTED]
    alone = [track for track in usable if not track.has_picture]
    if not usable:
        hint = "log in (--cookies FILE), or see whether it plays in a browser at all"
        raise FetchError("there is no sound to be fetched", url=url, hint=hint)
    return tuple(alone or usable)


def choose_picture(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Return the streams with a picture that can be fetched, the best first."""
    return tuple(t for t in reversed(tracks) if t.has_picture and t.protocol in DIRECT | FRAGMENTED)


def _parse_list(info: Mapping[str, Any], url: str) -> tuple[PartInfo, ...]:
    entries = [entry for entry in info.get("entries") or [] if isinstance(entry, Mapping)]
    stated = info.get("playlist_count")
    if not entries or (isinstance(stated, int) and stated > len(entries)):
        hint = "try again later; private videos in it need cookies"
        raise FetchError("the list cannot be read in full", url=hide_secrets(url), hint=hint)
    return tuple(
        PartInfo(
            number,
            str(entry.get("title") or entry.get("id") or ""),
            entry.get("duration"),
            None,
            str(entry.get("url") or entry.get("webpage_url") or ""),
        )
        for number, entry in enumerate(entries, start=1)
    )


def _refuse_live(info: Mapping[str, Any], url: str) -> None:
    if info.get("is_live") or info.get("live_status") in _LIVE:
        hint = "fetch the recording when it is over"
        raise FetchError("it is live, or not yet begun", url=hide_secrets(url), hint=hint)


def _parse_item(info: Mapping[str, Any], opener: Opener, url: str) -> Item:
    spares = find_spares(opener.answers)
    date = str(info.get("upload_date") or "")
    page = hide_secrets(str(info.get("webpage_url") or url))
    site, name = str(info.get("extractor_key") or "Generic"), str(info.get("id") or "")
    return Item(
        site=site,
        id=re.sub(r"_p[0-9]+$", "", name) if site == "BiliBili" else name,
        title=str(info.get("title") or ""),
        url=page,
        uploader=str(info.get("uploader") or info.get("channel") or ""),
        duration=float(info["duration"]) if info.get("duration") else None,
        upload_date=f"{date[:4]}-{date[4:6]}-{date[6:]}" if len(date) == 8 else "",
        tags=tuple(map(str, info.get("tags") or ())),
        chapters=tuple(_parse_chapters(info.get("chapters") or ())),
        tracks=tuple(_with_spares(_parse_track(raw), spares) for raw in info.get("formats") or ()),
        aid=_find_aid(info),
        asked=find_asked_uploads(opener.answers),
    )


def _parse_chapters(chapters: Iterable[Mapping[str, Any]]) -> Iterable[Chapter]:
    for chapter in chapters:
        start, end = chapter.get("start_time"), chapter.get("end_time")
        if isinstance(start, (int, float)):
            yield Chapter(
                str(chapter.get("title") or ""), float(start), None if end is None else float(end)
            )


def _parse_track(raw: Mapping[str, Any]) -> Track:
    sound, picture = (str(raw.get(name) or "") for name in ("acodec", "vcodec"))
    return Track(
        format=str(raw.get("format_id") or "0"),
        urls=(str(raw.get("url") or ""),),
        headers=dict(raw.get("http_headers") or {}),
        protocol=str(raw.get("protocol") or ""),
        ending=str(raw.get("ext") or ""),
        codec=sound if sound not in {"", "none"} else picture.replace("none", ""),
        size=int(raw.get("filesize") or 0) or None,
        has_sound=sound != "none",
        has_picture=picture != "none",
        chunk=int((raw.get("downloader_options") or {}).get("http_chunk_size") or 0),
        raw=raw,
    )


def _with_spares(track: Track, spares: Mapping[str, tuple[str, ...]]) -> Track:
    own = find_upload(track.urls[0])
    others = [url for url in spares.get(track.urls[0], ()) if find_upload(url) in {None, own}]
    others = [url for url in others if url not in track.urls]
    return replace(track, urls=(*track.urls, *dict.fromkeys(others)))


def _find_aid(info: Mapping[str, Any]) -> int | None:
    """Return Bilibili's number of the video, which yt-dlp keeps in its archive's old ids."""
    for name in info.get("_old_archive_ids") or ():
        number = str(name).removeprefix("bilibili ").partition("_part")[0]
        if str(name).startswith("bilibili ") and number.isdecimal():
            return int(number)
    return None
