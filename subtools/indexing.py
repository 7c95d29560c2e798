"""Files of processed talks into the library: what is new, what has changed, what is gone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from subtools.catalogue import (
    Catalogue,
    Recording,
    add_recording,
    forget_files,
    is_indexed,
    is_known,
    known_files,
    prepare_recording,
)
from subtools.core import Alignment, Progress, Provenance, Source, no_progress
from subtools.download import Metadata, parse_metadata
from subtools.errors import DocumentError, FetchError, SubtoolsError
from subtools.formats.words import FORMAT, parse_words
from subtools.links import page_link
from subtools.places import WORK_FOLDER, kept_sounds
from subtools.reading import read_text
from subtools.store import hash_file

_HEAD = 300  # bytes of a file that say whether it is a words.json
_LARGEST_METADATA = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be indexed.

    Attributes:
        path: The file.
        error: Why, and what to do.
    """

    path: Path
    error: SubtoolsError


@dataclass(slots=True)
class Report:
    """What became of the files; it grows while they are read.

    Attributes:
        added: Files whose talks are new.
        replaced: Files whose talks were known, and are as the file says now.
        unchanged: Files that are in the library as they are.
        removed: Keys of talks whose files are gone.
        failures: Files that could not be read.
    """

    added: list[Path] = field(default_factory=list)
    replaced: list[Path] = field(default_factory=list)
    unchanged: list[Path] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def index_files(
    catalogue: Catalogue,
    paths: Sequence[Path],
    report: Report,
    *,
    prune: bool = False,
    progress: Progress = no_progress,
) -> None:
    """Bring the library up to date with files; every talk is put in whole, or not at all.

    Args:
        catalogue: The library, open for writing.
        paths: Files named ``words.json`` or otherwise, and folders to look through.
        report: Told what became of each file.
        prune: Whether to take out the talks whose files under ``paths`` are gone.
        progress: Told how many files are done.
    """
    if prune:
        report.removed += _prune(catalogue, paths)
    files = list(dict.fromkeys(_find_files(paths, report)))
    catalogue.characters.load_all()
    for number, path in enumerate(files):
        progress("index", number, len(files))
        try:
            _index_file(catalogue, path, report)
        except SubtoolsError as error:
            report.failures.append(Failure(path, error))
        except OSError as error:
            reason = DocumentError(f"cannot be read: {error.strerror or error}", path=path)
            report.failures.append(Failure(path, reason))
    progress("index", len(files), len(files))


def load_recording(path: Path) -> Recording:
    """Return the talk in the ``words.json`` at ``path``, ready to be indexed.

    Raises:
        DocumentError: If it is none.
    """
    digest = hash_file(path)
    try:
        alignment, provenance = parse_words(read_text(path))
    except DocumentError as error:
        raise DocumentError(error.message, hint=error.hint, path=path, line=error.line) from error
    return _to_recording(path, digest, alignment, provenance)


def talk_key(source: Source, provenance: Provenance, path: Path) -> str:
    """Return what tells a talk from others: its video, its sound, or else its file.

    >>> talk_key(Source(bvid="BV1zE421N7UJ", part=8), Provenance(), Path("words.json"))
    'BV1zE421N7UJ_p8'
    """
    if source.bvid:
        return f"{source.bvid}_p{source.part}" if source.part else source.bvid
    if source.url:
        return source.url
    audio = provenance.inputs.get("audio")
    return f"sha256:{audio.sha256}" if audio else str(path)


def _index_file(catalogue: Catalogue, path: Path, report: Report) -> None:
    if is_indexed(catalogue, str(path), hash_file(path)):
        report.unchanged.append(path)
        return
    recording = load_recording(path)
    was_known = is_known(catalogue, recording.key)
    if not add_recording(catalogue, prepare_recording(catalogue, recording)):
        report.unchanged.append(path)  # another run was faster
    elif was_known:
        report.replaced.append(path)
    else:
        report.added.append(path)


def _prune(catalogue: Catalogue, paths: Iterable[Path]) -> tuple[str, ...]:
    """Take out the talks whose files are gone; only those under ``paths`` are looked for."""
    folders = [path.resolve() for path in paths]
    known = map(Path, known_files(catalogue))
    gone = [p for p in known if any(p.is_relative_to(f) for f in folders) and not p.exists()]
    return forget_files(catalogue, map(str, gone))


def _find_files(paths: Iterable[Path], report: Report) -> Iterator[Path]:
    """Yield the files that are meant: those that are named, and any ``words.json`` in folders."""
    for path in paths:
        if not path.is_dir():
            yield path.resolve()  # whatever it is called, and whether or not it can be read
            continue
        for folder, folders, names in os.walk(path.resolve(), onerror=_note(report)):
            folders[:] = sorted(name for name in folders if name != WORK_FOLDER)
            files = (Path(folder, name) for name in sorted(names) if name.endswith(".json"))
            yield from filter(_is_words, files)


def _note(report: Report) -> Callable[[OSError], None]:
    def note(error: OSError) -> None:
        path = Path(os.fsdecode(error.filename))
        reason = DocumentError(f"cannot be looked into: {error.strerror}", path=path)
        report.failures.append(Failure(path, reason))

    return note


def _is_words(path: Path) -> bool:
    """Tell whether a file is called ``words.json``, or is one by its beginning."""
    if path.name == "words.json":
        return True
    try:
        with path.open("rb") as file:
            return FORMAT.encode() in file.read(_HEAD)
    except OSError:
        return False


def _to_recording(
    path: Path, digest: str, alignment: Alignment, provenance: Provenance
) -> Recording:
    source, audio = alignment.transcript.source, provenance.inputs.get("audio")
    name = audio.name if audio else path.parent.name
    media = path.parent / Path(name).name if audio else None
    titles = filter(None, (source.title, source.part_title))
    return Recording(
        key=talk_key(source, provenance, path),
        path=_writable(path),
        digest=digest,
        transcript=alignment.transcript,
        language=alignment.language,
        title=" · ".join(titles) or Path(name).stem or str(path),
        page=page_link(source),
        media=str(media) if media and media.is_file() else None,
        page_file=f"{Path(name).stem or path.stem}.html",
        published=_published(path.parent, source),
    )


def _writable(path: Path) -> str:
    """Return ``path`` as text that a database takes.

    Raises:
        DocumentError: If its name is not in UTF-8.
    """
    try:
        path.as_posix().encode()
    except UnicodeEncodeError as error:
        what = "the name of this file is not in UTF-8"
        raise DocumentError(what, path=repr(str(path)), hint="rename it") from error
    return str(path)


def _published(folder: Path, source: Source) -> str | None:
    """Return when the video of ``source`` was published, if it was fetched and that was kept."""
    for metadata in (*_read_metadata(folder), *_read_metadata(kept_sounds())):
        is_video = metadata.id == source.bvid and metadata.part in {source.part, None}
        if metadata.upload_date and (is_video or metadata.url == source.url):
            return metadata.upload_date
    return None


@cache
def _read_metadata(folder: Path) -> tuple[Metadata, ...]:
    """Return what `subtools fetch` wrote about videos into ``folder``."""
    found = []
    for path in sorted(folder.glob("*.json")):
        try:
            if path.name != "words.json" and path.stat().st_size <= _LARGEST_METADATA:
                found.append(parse_metadata(path.read_text(encoding="utf-8")))
        except (FetchError, OSError, UnicodeDecodeError):
            continue  # it is something else
    return tuple(found)
