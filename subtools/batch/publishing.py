"""A job's results in the library: put there whole, and never over what somebody has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from subtools.batch.values import Done, Job
from subtools.errors import OutputError
from subtools.store import explain_write, hash_file, write_outputs, write_part

_PARTS = ".subtools-*.part"  # what `store` writes before a file gets its name
_AGAIN = "remove its folder, and start the batch again"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Puts results into the library.

    Attributes:
        library: Where the results of jobs go.
        records: Where it is kept which files of the library are ours.
        force: Whether what somebody has changed may be overwritten.
        bring: Brings the files of a result here, should they be elsewhere.
    """

    library: Path
    records: Path
    force: bool = False
    bring: Callable[[Done], Done] = lambda done: done

    def publish(self, job: Job, done: Done) -> Path:
        """Return the folder of ``job``, which holds the files of ``done`` now.

        Files that an earlier run put there and that are no results any more are removed. What
        somebody has edited stays, as long as nothing new would be written there.

        Raises:
            OutputError: If the result is gone, something new would be written over a file that
                is not ours or was changed, or the disk refuses.
        """
        folder, record = self.library / job.name, self.records / f"{job.name}.json"
        ours = _read_record(record)
        missing = {
            name: digest for name, digest in done.files.items() if _hash(folder / name) != digest
        }
        if not self.force:
            missing = _without_edited(folder, missing, ours)
            _spare(folder, missing, ours)
        done = self.bring(done) if missing else done
        gone = [name for name in ours if name not in done.files]
        if missing or gone or ours != {name: [digest] for name, digest in done.files.items()}:
            self._replace(folder, record, done, missing, gone, ours)
        return folder

    def _replace(
        self,
        folder: Path,
        record: Path,
        done: Done,
        missing: Iterable[str],
        gone: Iterable[str],
        ours: Mapping[str, list[str]],
    ) -> None:
        """Write first what is about to be ours: a run killed in between knows its own files."""
        both = {name: sorted({*ours.get(name, []), d}) for name, d in done.files.items()}
        wanted = {name: [digest] for name, digest in done.files.items()}
        _write_record(record, {**ours, **both})
        for part in folder.glob(_PARTS):  # of a run that was killed here; no other is at this job
            part.unlink(missing_ok=True)
        try:
            write_outputs({folder / name: _read(done, name) for name in missing}, force=True)
        except OutputError:
            with suppress(OSError):
                folder.rmdir()  # if nothing is in it
            raise
        for name in gone:
            if _hash(folder / name) in ours[name]:
                with suppress(OSError):
                    (folder / name).unlink()
        if {**ours, **both} != wanted:
            _write_record(record, wanted)


def _read(done: Done, name: str) -> bytes:
    """Return what is in a file of a result.

    Raises:
        OutputError: If it is damaged.
    """
    path = done.folder / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise OutputError("this result is gone", hint=_AGAIN, path=path) from error
    if hashlib.sha256(content).hexdigest() != done.files[name]:
        raise OutputError("this result is damaged", hint=_AGAIN, path=path)
    return content


def _without_edited(
    folder: Path, missing: Mapping[str, str], ours: Mapping[str, list[str]]
) -> dict[str, str]:
    """Return what is to be written: somebody has edited the rest, and it would be no other."""

    def is_edited(name: str) -> bool:
        there = _hash(folder / name)
        return there is not None and there not in ours.get(name, [])

    return {
        name: digest
        for name, digest in missing.items()
        if not (digest in ours.get(name, []) and is_edited(name))
    }


def _spare(folder: Path, missing: Iterable[str], ours: Mapping[str, list[str]]) -> None:
    """Refuse to write over what is not ours.

    Raises:
        OutputError: Naming the file.
    """
    for name in missing:
        there = _hash(folder / name)
        if there is not None and there not in ours.get(name, []):
            known = name in ours
            what = "this file was changed since" if known else "the file exists already"
            hint = "rename it, or give --force to overwrite it"
            raise OutputError(what, hint=hint, path=folder / name)


def _hash(path: Path) -> str | None:
    try:
        return hash_file(path)
    except OSError:
        return None


def _read_record(path: Path) -> dict[str, list[str]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): [str(digest) for digest in item] for name, item in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _write_record(path: Path, files: Mapping[str, list[str]]) -> None:
    """Write it without waiting for the disk: if it is lost, files that are ours still are the same.

    Raises:
        OutputError: If the disk refuses.
    """
    text = json.dumps(files, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    try:
        write_part(path, text)
    except OSError as error:
        raise explain_write(error, path) from error
