"""What is known about a fetched sound: one JSON file beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, get_type_hints

from subtools.core import Seconds
from subtools.errors import FetchError

VERSION = 1  # of the file's form
_FORMAT = "subtools fetch"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter that the site names.

    Attributes:
        title: Its title.
        start: When it begins, in seconds.
        end: When it ends, in seconds; None if the site does not say.
    """

    title: str
    start: Seconds
    end: Seconds | None = None


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was fetched.

    Attributes:
        name: Its name, beside the metadata.
        size: In bytes.
        sha256: Of its bytes, in hex.
        format: The site's id of the format; empty for a text.
        codec: Name of its codec; empty if unknown.
        language: Of a subtitle, as the site writes it.
        by_machine: Whether the site says that a machine wrote it (subtitles).
    """

    name: str
    size: int
    sha256: str
    format: str = ""
    codec: str = ""
    language: str = ""
    by_machine: bool = False


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where a sound comes from. No cookie, no password, no signed address is in it.

    Attributes:
        key: Name of the video and the part, as in the names of files.
        url: The address of the page.
        site: yt-dlp's name of the site.
        id: The site's id: ``BV...`` on Bilibili.
        title: Title of the whole video.
        part: Number of the part, from 1; None where there are no parts.
        part_title: Title of the part; empty if there is none.
        parts: How many parts there are.
        aid: Bilibili's number of the video.
        cid: Bilibili's number of this part's upload.
        uploader: Who published it.
        duration: Decoded length of the sound, in seconds.
        upload_date: When it was published, ``YYYY-MM-DD``; empty if unknown.
        tags: The site's tags.
        chapters: The site's chapters.
        sound: The sound, as served.
        video: The picture, as served, if it was fetched.
        subtitles: The site's subtitles.
        danmaku: The comments over the picture: never a subtitle.
        notes: What did not go as it should, in words.
    """

    key: str
    url: str
    site: str
    id: str
    title: str
    sound: KeptFile
    part: int | None = None
    part_title: str = ""
    parts: int = 1
    aid: int | None = None
    cid: int | None = None
    uploader: str = ""
    duration: Seconds | None = None
    upload_date: str = ""
    tags: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    video: KeptFile | None = None
    subtitles: tuple[KeptFile, ...] = ()
    danmaku: KeptFile | None = None
    notes: tuple[str, ...] = ()


def compose_metadata(metadata: Metadata) -> str:
    """Return ``metadata`` as JSON."""
    content = {"format": _FORMAT, "version": VERSION, **asdict(metadata)}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def parse_metadata(text: str) -> Metadata:
    """Return the metadata in ``text``.

    Raises:
        FetchError: If it is damaged, or of a newer version of subtools.
    """
    try:
        content = json.loads(text)
        if content.pop("format") != _FORMAT or content.pop("version") > VERSION:
            raise ValueError("another format or a newer version")  # noqa: TRY301 - one way out
        return _parse(content)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"
        hint = "delete the file, and fetch again"
        raise FetchError(f"this is no metadata of a fetch ({reason})", hint=hint) from error


def _parse(content: Mapping[str, Any]) -> Metadata:
    texts = {"key", "url", "site", "id", "title", "part_title", "uploader", "upload_date"}
    if not all(isinstance(content.get(name, ""), str) for name in texts):
        raise TypeError("a text is none")
    return Metadata(
        **{
            **content,
            "sound": _parse_file(content["sound"]),
            "tags": tuple(map(str, content["tags"])),
            "chapters": tuple(Chapter(**chapter) for chapter in content["chapters"]),
            "video": content["video"] and _parse_file(content["video"]),
            "subtitles": tuple(map(_parse_file, content["subtitles"])),
            "danmaku": content["danmaku"] and _parse_file(content["danmaku"]),
            "notes": tuple(map(str, content["notes"])),
        }
    )


def _parse_file(content: Mapping[str, Any]) -> KeptFile:
    kept = KeptFile(**content)
    hints = get_type_hints(KeptFile)
    if not all(isinstance(getattr(kept, f.name), hints[f.name]) for f in fields(KeptFile)):
        raise TypeError("a file is described wrongly")
    return kept
