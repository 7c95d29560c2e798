"""Names of files, and how they come to their places: never outside the folder, never half."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from subtools.core import Seconds
from subtools.download.metadata import KeptFile, Metadata, parse_metadata
from subtools.errors import FetchError, OutputError

_LONGEST_TITLE = 120  # bytes: names may have 255, and ours get an id and an ending
_LONGEST_KEY = 60  # characters
_STEERING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_FORBIDDEN = '<>:"/\\|?*'  # in names on Windows; a slash everywhere
_LOCK_PAUSE: Seconds = 0.2
PRIVATE = 0o600
ENDINGS = frozenset(
    {
        *("aac", "ac3", "aif", "aiff", "amr", "ape", "avi", "eac3", "flac", "flv", "m4a", "m4b"),
        *("m4s", "m4v", "mka", "mkv", "mov", "mp2", "mp3", "mp4", "mpeg", "mpg", "oga", "ogg"),
        *("ogv", "opus", "ts", "wav", "webm", "wma", "wmv", "3gp"),
    }
)


def name_key(site: str, video_id: str, part: int | None, *, url: str = "") -> str:
    """Return the name of a video's part for files and folders, one for each.

    >>> name_key("BiliBili", "BV1zE421N7UJ", 8)
    'BV1zE421N7UJ_p8'
    >>> name_key("Youtube", "dQw4w9WgXcQ", None)
    'youtube-dQw4w9WgXcQ'

    Args:
        site: yt-dlp's name of the site.
        video_id: The site's id of the video.
        part: Number of the part, if it has parts.
        url: What else tells it apart, where ids are made of the names of files.
    """
    is_bilibili = re.fullmatch(r"BV[0-9A-Za-z]{10}", video_id) is not None
    name = video_id if is_bilibili else f"{site.lower()}-{video_id}"
    plain = re.sub(r"[^0-9A-Za-z-]+", "-", name).strip("-")[:_LONGEST_KEY]
    if plain != name or url:
        digest = hashlib.sha256(f"{site} {video_id} {url}".encode(errors="replace")).hexdigest()
        plain = f"{plain}-{digest[:8]}"
    return f"{plain}_p{part}" if part else plain


def name_file(title: str, key: str, ending: str) -> str:
    """Return a name for a file that people can read and no system refuses.

    >>> name_file("../圓桌: 大模型?", "BV1zE421N7UJ_p8", "m4a")
    '圓桌_ 大模型 [BV1zE421N7UJ_p8].m4a'
    """
    text = unicodedata.normalize("NFC", title)
    text = "".join(" " if unicodedata.category(c) in _STEERING else c for c in text)
    text = "".join("_" if c in _FORBIDDEN else c for c in text)
    text = " ".join(text.split()).lstrip("._-~ ")
    text = text.encode(errors="ignore")[:_LONGEST_TITLE].decode(errors="ignore").rstrip("._ ")
    return f"{text} [{key}].{ending}" if text else f"[{key}].{ending}"


def safe_ending(ending: str | None) -> str:
    """Return ``ending`` if it is one of sound or video, else ``media``."""
    plain = (ending or "").lower()
    return plain if plain in ENDINGS else "media"


def find_finished(
    folder: Path, is_wanted: Callable[[Metadata], bool], *, video: bool
) -> tuple[tuple[Path, Metadata], ...]:
    """Return the files of metadata in ``folder`` that are wanted and whose sound is whole."""
    if not folder.is_dir():
        return ()
    found = []
    for path in sorted(folder.glob("*.json")):
        with suppress(FetchError, OSError, UnicodeDecodeError):
            metadata = parse_metadata(path.read_text(encoding="utf-8"))
            files = (metadata.sound, *([metadata.video] if metadata.video else []))
            is_all = metadata.video is not None or not video
            if is_wanted(metadata) and is_all and all(_is_whole(folder, kept) for kept in files):
                found.append((path, metadata))
    return tuple(found)


def describe_file(path: Path, **more: str | bool) -> KeptFile:
    """Return name, size and hash of the file at ``path``."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return KeptFile(path.name, path.stat().st_size, digest, **more)  # type: ignore[arg-type]  # names of KeptFile


@contextmanager
def reserved(work: Path, key: str, *, waiting: Callable[[], None] = lambda: None) -> Iterator[Path]:
    """Return a context with the work folder of ``key``, which is ours alone meanwhile.

    Another run that wants it waits until this one ends, however it ends. What is in the
    folder stays there for the next run; an empty folder goes.

    Args:
        work: Where the work folders are.
        key: Name of the video and the part.
        waiting: Called while another run is at it, now and then.

    Raises:
        OutputError: If ``work`` cannot be written to.
    """
    place = work / key
    try:
        work.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = _take_lock(work / f"{key}.lock", waiting)
    except OSError as error:
        raise _not_writable(error, work) from error
    try:
        place.mkdir(exist_ok=True, mode=0o700)
        yield place
    finally:
        with suppress(OSError):
            place.rmdir()
        with suppress(OSError):  # Windows removes no open file; the next run takes it over
            (work / f"{key}.lock").unlink()
        lock.close()


@contextmanager
def held(work: Path, key: str) -> Iterator[bool]:
    """Return a context with whether the fetch ``key`` is ours meanwhile: nobody else is at it."""
    path = work / f"{key}.lock"
    with open_private(path, append=True) as file:
        is_ours = try_lock(file, path)
        try:
            yield is_ours
        finally:
            if is_ours:
                with suppress(OSError):  # Windows removes no open file; the next run takes it over
                    path.unlink()


def publish(part: Path, target: Path, key: str) -> None:
    """Give the finished file ``part`` the name ``target``; ``part`` stays until it is removed.

    Raises:
        OutputError: If that place cannot be written to.
    """
    temporary = target.parent / f".subtools-{key}-{secrets.token_hex(4)}.part"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.hardlink_to(part)
        except OSError:  # another disk, or one that knows no second names
            _copy(part, temporary)
        temporary.replace(target)
    except OSError as error:
        raise _not_writable(error, target) from error
    finally:
        with suppress(OSError):  # two names of one file: renaming does nothing
            temporary.unlink()


def write_whole(target: Path, content: bytes, key: str) -> None:
    """Write ``content`` to ``target``, for the user's eyes only, whole or not at all.

    Raises:
        OutputError: If that place cannot be written to.
    """
    temporary = target.parent / f".subtools-{key}-{secrets.token_hex(4)}.part"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with open_private(temporary, append=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        raise _not_writable(error, target) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def open_private(path: Path, *, append: bool) -> IO[bytes]:
    """Return ``path`` opened for writing; a new file is for the user's eyes only."""
    way = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if append else os.O_TRUNC)
    handle = os.open(path, way | getattr(os, "O_BINARY", 0), PRIVATE)
    return open(handle, "ab" if append else "wb")  # noqa: PTH123 - a descriptor, not a path


def remove_leftovers(folder: Path, key: str) -> None:
    """Remove what killed runs left in ``folder``; only for whoever has reserved ``key``."""
    for leftover in folder.glob(".subtools-*.part"):
        if re.fullmatch(rf"\.subtools-{re.escape(key)}-[0-9a-f]{{8}}\.part", leftover.name):
            with suppress(OSError):
                leftover.unlink()


def tidy(work: Path, folder: Path, key: str) -> None:
    """Remove what a run left that was killed when all was done but the tidying."""
    if not (work / key).is_dir():
        return
    with held(work, key) as is_ours:
        if is_ours:  # else another run is at it, for something else of this talk
            remove_leftovers(folder, key)
            empty(work / key)
            (work / key).rmdir()


def empty(place: Path) -> None:
    """Remove everything in the work folder ``place``."""
    for path in place.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _is_whole(folder: Path, kept: KeptFile) -> bool:
    if Path(kept.name).name != kept.name:  # the file may have been tampered with
        return False
    path = folder / kept.name
    if not path.is_file() or path.stat().st_size != kept.size:
        return False
    return describe_file(path).sha256 == kept.sha256


def _copy(part: Path, target: Path) -> None:
    with part.open("rb") as source, open_private(target, append=False) as file:
        shutil.copyfileobj(source, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())


def _take_lock(path: Path, waiting: Callable[[], None]) -> IO[bytes]:
    """Return the open file ``path`` once it is ours; the system frees it if we are killed."""
    while True:
        file = open_private(path, append=True)
        if try_lock(file, path):
            return file
        file.close()
        waiting()
        time.sleep(_LOCK_PAUSE)


def try_lock(file: IO[bytes], path: Path) -> bool:
    """Return whether the open ``file`` at ``path`` is ours alone, from now until it is closed."""
    return _is_ours(file) and _is_still_there(file, path)


def _is_ours(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the second is Windows'
        return False
    return True


def _is_still_there(file: IO[bytes], path: Path) -> bool:
    """Return whether ``path`` is still this file: whoever had it before may have removed it."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _not_writable(error: OSError, path: Path) -> OutputError:
    reason = error.strerror or str(error)
    hint = "free some space, or name another folder"
    if isinstance(error, PermissionError):
        hint = "close the program that uses it, or name another folder"
    return OutputError(f"cannot be written: {reason}", path=path, hint=hint)
