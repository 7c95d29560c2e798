"""An address becomes a sound file and what is known about it, or a clear error.

address ──► parts ──► item (streams) ──► bytes ──► verified ──► files in the folder
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from subtools.core import Progress, Seconds, no_progress
from subtools.download.addresses import Address, Kind, hide_secrets, own_address, parse_address
from subtools.download.folders import find_finished, tidy
from subtools.download.metadata import Metadata
from subtools.download.options import FetchOptions
from subtools.download.texts import lacks_texts
from subtools.download.verifying import Measure
from subtools.errors import FetchError


@dataclass(frozen=True, slots=True)
class Fetched:
    """A sound that is on this machine now.

    Attributes:
        sound: The sound, byte for byte as served.
        metadata: What is known about it; None for a file that was here already.
        metadata_file: Where that is kept.
        video: The picture, if it was wanted.
        subtitles: The site's subtitles, as SRT.
        danmaku: The comments over the picture: never a subtitle.
        notes: What did not go as it should, in words.
        is_new: Whether anything was fetched for it just now.
    """

    sound: Path
    metadata: Metadata | None = None
    metadata_file: Path | None = None
    video: Path | None = None
    subtitles: tuple[Path, ...] = ()
    danmaku: Path | None = None
    notes: tuple[str, ...] = ()
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class PartPlan:
    """One part of a video, or one video of a list, that could be fetched.

    Attributes:
        number: Its number, from 1.
        title: Its title.
        duration: Its length in seconds, about; None if unknown.
        url: Its address.
    """

    number: int
    title: str
    duration: Seconds | None
    url: str


def fetch(
    address: str,
    folder: Path,
    *,
    work: Path,
    measure: Measure,
    options: FetchOptions = FetchOptions(),  # noqa: B008 - frozen
    progress: Progress = no_progress,
    sleep: Callable[[Seconds], None] = time.sleep,
) -> tuple[Fetched, ...]:
    """Return the sound at ``address``, fetched into ``folder``, each part of it that is wanted.

    What is there already is not fetched again. What a killed run left in ``work`` is
    continued. Nothing counts as done before it was decoded once, and found to be of the
    size and the length that the site states.

    Args:
        address: An id of Bilibili, an address of http(s), or a file, which stays where it is.
        folder: Where the finished files go.
        work: Where unfinished ones are kept, one folder for each video and part.
        measure: Decodes a file and returns its length.
        options: What is wanted, and how to get it.
        progress: Told the bytes fetched, as stage ``fetch`` or, of several, ``fetch P8``.
        sleep: Waits, between two requests.

    Raises:
        FetchError: If it cannot be fetched, is not what it should be, or if it has several
            parts and none is named.
        OutputError: If a file cannot be written.
    """
    parsed = parse_address(address)
    if parsed.path is not None:
        return (_local(parsed.path),)
    finished = _find_all(parsed, folder, options)
    if finished and not any(lacks_texts(one.metadata, options) for one in finished):
        for one in finished:
            tidy(work, folder, one.metadata.key if one.metadata else "")
        return finished
    # yt-dlp takes a second to import, and what is on this machine needs none of it.
    from subtools.download.jobs import Workshop

    try:
        with Workshop.opened(folder, work, measure, options, progress, sleep) as shop:
            return tuple(
                kept_files(folder, path, metadata, is_new=is_new)
                for path, metadata, is_new in shop.fetch(parsed)
            )
    except FetchError as error:
        if not finished:
            raise
        note = f"its subtitles cannot be asked for now: {error.message}"
        return tuple(replace(one, notes=(*one.notes, note)) for one in finished)


def find_fetched(
    address: str,
    folder: Path,
    options: FetchOptions = FetchOptions(),  # noqa: B008 - frozen
) -> tuple[Fetched, ...]:
    """Return what ``address`` leads to if all that is wanted of it is in ``folder``, else nothing.

    Raises:
        FetchError: If it is no address.
    """
    return _find_all(parse_address(address), folder, options)


def plan_parts(
    address: str,
    *,
    options: FetchOptions = FetchOptions(),  # noqa: B008 - frozen
    sleep: Callable[[Seconds], None] = time.sleep,
) -> tuple[PartPlan, ...]:
    """Return the parts of the video at ``address``, or the videos of the list there.

    Raises:
        FetchError: If the site does not say.
    """
    parsed = parse_address(address)
    if parsed.path is not None:
        return (PartPlan(1, parsed.path.stem, None, ""),)
    from subtools.download.jobs import list_parts

    return tuple(
        PartPlan(p.number, p.title, p.duration, p.url) for p in list_parts(parsed, options, sleep)
    )


def kept_files(folder: Path, path: Path, metadata: Metadata, *, is_new: bool) -> Fetched:
    """Return what ``metadata``, which is kept in ``path``, tells of the files in ``folder``."""
    return Fetched(
        sound=folder / metadata.sound.name,
        metadata=metadata,
        metadata_file=path,
        video=folder / metadata.video.name if metadata.video else None,
        subtitles=tuple(folder / kept.name for kept in metadata.subtitles),
        danmaku=folder / metadata.danmaku.name if metadata.danmaku else None,
        notes=metadata.notes,
        is_new=is_new,
    )


def _local(path: Path) -> Fetched:
    if not path.exists():
        hint = "give a BV id, an address that begins with https://, or a file"
        raise FetchError(f"there is no file {path}, and it is no address", hint=hint)
    return Fetched(sound=path)


def _find_all(address: Address, folder: Path, options: FetchOptions) -> tuple[Fetched, ...]:
    """Return what ``address`` leads to if all that is wanted of it is in ``folder``."""
    found = {
        metadata.part: (path, metadata)
        for path, metadata in find_finished(
            folder, lambda metadata: _is_of(metadata, address), video=options.video
        )
    }
    if not found:
        return ()
    parts = max(metadata.parts for _, metadata in found.values())
    wanted = _wanted(address, options, parts)
    if wanted is None or not set(wanted) <= set(found):
        return ()
    return tuple(kept_files(folder, *found[number], is_new=False) for number in wanted)


def _is_of(metadata: Metadata, address: Address) -> bool:
    if address.kind is Kind.BILIBILI:
        is_same = metadata.id == address.bvid or (address.aid and metadata.aid == address.aid)
        return bool(is_same and metadata.site == "BiliBili")
    if address.kind is not Kind.OTHER or own_address(address.url):
        return False
    return metadata.url == hide_secrets(address.url)


def _wanted(address: Address, options: FetchOptions, parts: int) -> tuple[int | None, ...] | None:
    """Return the parts that are wanted of so many; None if only the site can tell."""
    if address.kind is Kind.OTHER:
        return None if options.parts else (None,)
    if options.parts is None and address.part is None:
        return (1,) if parts == 1 else None
    if options.parts is None:
        return (address.part,)
    try:
        return options.parts.choose(range(1, parts + 1))
    except FetchError:
        return None
