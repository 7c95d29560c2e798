"""The library folder of a batch: results for people, and the work folder beside them.

library/
  talk-01/            words.json, talk-01.srt, ...
  report.json
  .subtools/          the work folder
    results/          of steps, at their addresses
    jobs/             what each job was made of when it was last done
    published/        which files in the library are ours
    runs/             drafts of the runs that are at work
    fetching/         what is being fetched
    locks/, hashes.json, journal.jsonl
"""

from __future__ import annotations

import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from subtools.errors import OutputError
from subtools.places import WORK_FOLDER
from subtools.store import explain_write

_LOCK = "lock"
_ALL = "all"  # held alone by a run on all jobs, together by runs on parts of them


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a run works.

    Attributes:
        library: Where the results of jobs go.
        drafts: Folder of this run's drafts.
    """

    library: Path
    drafts: Path

    @property
    def results(self) -> Path:
        """Where the results of steps are."""
        return self.library / WORK_FOLDER / "results"

    @property
    def jobs(self) -> Path:
        """Where it is kept what each job was made of."""
        return self.library / WORK_FOLDER / "jobs"

    @property
    def published(self) -> Path:
        """Where it is kept which files of the library are ours."""
        return self.library / WORK_FOLDER / "published"

    @property
    def unfinished(self) -> Path:
        """Where unfinished fetches are."""
        return self.library / WORK_FOLDER / "fetching"

    @property
    def hashes(self) -> Path:
        """Where the hashes of the users' files are."""
        return self.library / WORK_FOLDER / "hashes.json"

    @property
    def journal(self) -> Path:
        """What the runs did."""
        return self.library / WORK_FOLDER / "journal.jsonl"


@contextmanager
def open_workplace(library: Path, shard: str = "") -> Iterator[Workplace]:
    """Return a context with the work folder of ``library``, nobody else's meanwhile.

    What killed runs left half-made is removed.

    Args:
        library: Where the results of jobs go; made if need be.
        shard: Which part of the jobs this run works on; runs on other parts may go on beside,
            but none on all.

    Raises:
        OutputError: If it cannot be written to, or another run is at work there.
    """
    root = library / WORK_FOLDER
    try:
        (root / "locks").mkdir(parents=True, exist_ok=True)
        with ExitStack() as held:
            locks = root / "locks"
            taken = [held.enter_context(_locked(locks / _ALL, is_shared=bool(shard)))]
            if shard:
                taken.append(held.enter_context(_locked(locks / shard.replace("/", "-of-"))))
            if None in taken:
                hint = "wait for it to end, or use another folder"
                raise OutputError("another batch is at work there", path=library, hint=hint)
            yield Workplace(library, held.enter_context(private_folder(root / "runs")))
    except OSError as error:
        raise explain_write(error, library) from error


@contextmanager
def private_folder(parent: Path) -> Iterator[Path]:
    """Return a context with a new folder in ``parent``; those of dead processes are removed.

    Raises:
        OSError: If it cannot be made.
    """
    parent.mkdir(parents=True, exist_ok=True)
    _clear_runs(parent)
    while True:
        folder = parent / secrets.token_hex(8)
        folder.mkdir()
        try:
            with _locked(folder / _LOCK) as lock:
                if lock is not None and (folder / _LOCK).exists():
                    yield folder
                    return
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        # One that began at the same time took it for a dead one's: there was a lock, not yet held.


def peek_workplace(library: Path) -> Workplace:
    """Return the work folder of ``library`` for looking only.

    Raises:
        OutputError: If there is none.
    """
    if not (library / WORK_FOLDER).is_dir():
        hint = "name the folder that was given to subtools batch"
        raise OutputError("there is no batch in this folder", path=library, hint=hint)
    return Workplace(library, library / WORK_FOLDER / "runs")


def _clear_runs(folder: Path) -> None:
    """Remove the drafts of runs that are over: nobody holds their lock."""
    for run in folder.iterdir():
        if not any(run.iterdir()):
            continue  # its process is about to lock it
        with suppress(OSError), _locked(run / _LOCK) as lock:
            if lock is not None:
                shutil.rmtree(run, ignore_errors=True)


@contextmanager
def _locked(path: Path, *, is_shared: bool = False) -> Iterator[IO[bytes] | None]:
    """Return a context with the lock on a file, which ends with the process; None if it is held.

    Args:
        path: The file.
        is_shared: Whether others may hold it that share it, too.
    """
    with path.open("ab") as file:
        yield file if _take(file, is_shared=is_shared) else None


def _take(file: IO[bytes], *, is_shared: bool) -> bool:
    if sys.platform == "win32":
        import msvcrt

        if is_shared:  # there are no such locks
            return True

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(file, (fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
