"""What is kept to be used again, and how to be rid of it."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from subtools.download import Metadata, discard, list_unfinished, parse_metadata
from subtools.errors import FetchError, OutputError
from subtools.keeping import TITLE_FILE
from subtools.places import (
    cache_folder,
    kept_hearings,
    kept_sounds,
    unfinished_fetches,
    unfinished_recognitions,
)


class Kept(StrEnum):
    """Why something is kept."""

    FETCHED = "fetched"  # sounds that were fetched to be subtitled
    UNFINISHED = "unfinished"  # what interrupted fetches left, to go on with
    RECOGNISING = "recognising"  # what interrupted recognitions left, to go on with
    HEARD = "heard"  # what `clean` heard in a sound, for another run
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """Something that is kept.

    Attributes:
        kind: Why.
        key: Its name, for ``clear_cache``.
        size: In bytes, all files together.
        files: Its files or folders.
        title: Title of the talk; empty if it is none.
        is_running: Whether it is being fetched right now.
    """

    kind: Kept
    key: str
    size: int
    files: tuple[Path, ...]
    title: str = ""
    is_running: bool = False


def list_cache() -> tuple[CacheEntry, ...]:
    """Return what is kept: fetched talks, what did not end, what was heard, models."""
    work = unfinished_fetches()
    unfinished = (
        CacheEntry(Kept.UNFINISHED, one.key, one.size, (work / one.key,), "", one.is_running)
        for one in list_unfinished(work)
    )
    fetched = sorted(_fetched(kept_sounds()), key=lambda entry: _in_order(entry.key))
    recognising = _works(unfinished_recognitions(), Kept.RECOGNISING)
    heard = _works(kept_hearings(), Kept.HEARD)
    return (*fetched, *unfinished, *recognising, *heard, *_models(cache_folder() / "models"))


def clear_cache(keys: Collection[str], kinds: Collection[Kept] = ()) -> tuple[CacheEntry, ...]:
    """Return what was removed: all that is named in ``keys`` and all of ``kinds``.

    What is being fetched right now stays if only its kind is named.

    Raises:
        OutputError: If a name is not there, is being fetched, or cannot be removed.
    """
    entries = list_cache()
    missing = set(keys) - {entry.key for entry in entries}
    if missing:
        hint = "subtools cache list shows the names"
        raise OutputError(f"nothing is kept under {', '.join(sorted(missing))}", hint=hint)
    removed = []
    for entry in entries:
        if entry.key in keys or entry.kind in kinds:
            if _remove(entry):
                removed.append(entry)
            elif entry.key in keys:
                raise OutputError(f"{entry.key} is being fetched", hint="wait until it is done")
    return tuple(removed)


def _fetched(folder: Path) -> Iterator[CacheEntry]:
    for path in sorted(folder.glob("*.json")):
        with suppress(FetchError, OSError, UnicodeDecodeError):
            metadata = parse_metadata(path.read_text(encoding="utf-8"))
            files = [path, *(folder / name for name in _names(metadata))]
            there = tuple(file for file in files if file.is_file())
            title = metadata.part_title or metadata.title
            size = sum(file.stat().st_size for file in there)
            yield CacheEntry(Kept.FETCHED, metadata.key, size, there, title)


def _in_order(key: str) -> tuple[str, int]:
    """Return what to sort by: part 10 comes after part 9."""
    video, _, part = key.rpartition("_p")
    return (video, int(part)) if part.isdecimal() else (key, 0)


def _names(metadata: Metadata) -> Iterator[str]:
    """Yield the names of the files of ``metadata``, none of which leads elsewhere."""
    kept = (metadata.sound, metadata.video, *metadata.subtitles, metadata.danmaku)
    for file in kept:
        if file is not None and Path(file.name).name == file.name:
            yield file.name


def _works(folder: Path, kind: Kept) -> Iterator[CacheEntry]:
    """Yield the works in ``folder``; one that runs just now begins anew if it goes."""
    for path in sorted(path for path in folder.glob("*") if path.is_dir()):
        title = ""
        with suppress(OSError, UnicodeDecodeError):
            title = (path / TITLE_FILE).read_text(encoding="utf-8")
        size = sum(file.stat().st_size for file in path.iterdir() if file.is_file())
        yield CacheEntry(kind, path.name, size, (path,), title)


def _models(folder: Path) -> Iterator[CacheEntry]:
    for path in sorted(folder.glob("*")):
        files = [path, *path.rglob("*")]
        size = sum(file.stat().st_size for file in files if file.is_file())
        yield CacheEntry(Kept.MODEL, path.name, size, (path,))


def _remove(entry: CacheEntry) -> bool:
    """Remove ``entry``; return whether it could go."""
    try:
        if entry.kind is Kept.UNFINISHED:
            return discard(unfinished_fetches(), entry.key)
        for path in entry.files:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "see who owns it, and remove it by hand"
        raise OutputError(f"cannot be removed: {reason}", path=entry.files[0], hint=hint) from error
    return True
