"""The results of steps in an object store, or anywhere else that fsspec reaches.

    s3://bucket/results/encode/4f/4f1c.../result.json              the record
                                          9b0e.../log_probs.npy    its files

Such stores cannot move a folder. So files are uploaded below a name that nobody else has, and
the record that names them last, in one request: who reads believes the record only, and
compares hashes. What a killed process uploaded without a record is never read.
"""

from __future__ import annotations

import json
import secrets
import shutil
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from subtools.batch.results import RECORD, LostError, describe_files, draft_folder
from subtools.batch.values import Done, Kind, Plain, Step
from subtools.core import Seconds
from subtools.errors import OutputError
from subtools.store import explain_write

T = TypeVar("T")

_LIMIT = 20 << 30  # bytes of copies; posteriors and samples of some hundred hours
_SPARED = 8  # newest copies, whatever their size: a step takes five results at most
_PAUSES: tuple[Seconds, ...] = (0.5, 2.0, 8.0, 20.0)  # between tries of one request
_SHARD_DIGITS = 2


@dataclass(frozen=True, slots=True)
class _Record:
    """What a result is made of.

    Attributes:
        files: Size and hash of each file by its name.
        facts: Its facts.
        upload: Name below which its files are.
    """

    files: Mapping[str, tuple[int, str]]
    facts: Mapping[str, Plain]
    upload: str


class StoredResults:
    """Results below an address of an object store; copies of what is used are kept here.

    Args:
        address: Such as ``s3://bucket/results``, ``gs://``, ``oss://``, ``file:///shared/results``.
        private: Folder of this process only, for copies and drafts.
        limit: Bytes that copies may take, apart from the eight newest.
        pauses: How long to wait before a request is tried again.

    Raises:
        OutputError: If there is no such kind of store, or its package is not installed.
    """

    def __init__(
        self,
        address: str,
        private: Path,
        *,
        limit: int = _LIMIT,
        pauses: Sequence[Seconds] = _PAUSES,
    ) -> None:
        self.address = address
        self.copies = private / "copies"
        self.drafts = private / "drafts"
        self.limit = limit
        self._pauses = pauses
        self._files, self._root = _open_store(address)
        self._held: OrderedDict[Path, int] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, step: Step) -> Done | None:
        """Return the result of ``step`` by its record; its files may not be here yet.

        Raises:
            LostError: If the store does not answer.
        """
        record = self._read(_locate(step))
        return None if record is None else self._done(_locate(step), record)

    def take(self, step: Step) -> Done | None:
        """Return the result of ``step`` with its files; a damaged one is removed.

        Raises:
            LostError: If the store does not answer.
        """
        return self._fetch(_locate(step))

    def bring(self, done: Done) -> Done:
        """Return ``done`` with its files in its folder.

        Raises:
            LostError: If it is gone, or the store does not answer.
        """
        found = self._fetch(done.folder.relative_to(self.copies).as_posix())
        if found is None:
            raise LostError("this result is gone", path=done.folder)
        return found

    def drafting(self, step: Step) -> AbstractContextManager[Path]:
        """Return a context with an empty folder, which is gone afterwards unless published.

        Raises:
            OutputError: If it cannot be made.
        """
        return draft_folder(self.drafts, step)

    def publish(self, step: Step, draft: Path, facts: Mapping[str, Plain]) -> Done:
        """Make the files in ``draft`` the result of ``step``; of two that do, the first one wins.

        Raises:
            LostError: If the store does not take it.
            OutputError: If the disk refuses.
        """
        place = _locate(step)
        if there := self._read(place):
            return self._done(place, there)
        try:
            record = _Record(describe_files(draft), dict(facts), secrets.token_hex(8))
        except OSError as error:
            raise explain_write(error, draft) from error
        self._upload(place, draft, record)
        self._hold(place, draft, record)
        return self._done(place, record)

    def drop(self, step: Step) -> None:
        """Remove the result of ``step``, its record first."""
        place = _locate(step)
        with suppress(LostError):
            self._drop(place)
        self._forget(self.copies / place)

    def _read(self, place: str) -> _Record | None:
        try:
            text = self._ask(lambda: self._files.cat_file(f"{self._root}/{place}/{RECORD}"))
        except FileNotFoundError:
            return None
        return _parse_record(text)

    def _done(self, place: str, record: _Record) -> Done:
        hashes = {name: digest for name, (_, digest) in record.files.items()}
        return Done(self.copies / place, hashes, record.facts)

    def _fetch(self, place: str) -> Done | None:
        record = self._read(place)
        if record is None:
            return None
        folder = self.copies / place
        if not _is_whole(folder, record):
            self._forget(folder)
            if not self._download(place, record):
                with suppress(LostError):
                    self._drop(place)
                return None
        self._touch(folder)
        return self._done(place, record)

    def _download(self, place: str, record: _Record) -> bool:
        """Return whether the files of a result are here now, and as recorded."""
        draft = self.drafts / f"copy-{secrets.token_hex(8)}"
        try:
            draft.mkdir(parents=True)
            for name in record.files:
                source = f"{self._root}/{place}/{record.upload}/{name}"
                self._ask(_call(self._files.get_file, source, str(draft / name)))
            if _is_whole(draft, record):
                self._hold(place, draft, record)
                return True
        except FileNotFoundError:
            return False
        except OSError as error:
            raise explain_write(error, draft) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return False

    def _upload(self, place: str, draft: Path, record: _Record) -> None:
        target = f"{self._root}/{place}"
        self._ask(lambda: self._files.makedirs(f"{target}/{record.upload}", exist_ok=True))
        for name in record.files:
            source = str(draft / name)
            self._ask(_call(self._files.put_file, source, f"{target}/{record.upload}/{name}"))
        text = _compose_record(Kind(place.partition("/")[0]), record)
        self._ask(lambda: self._files.pipe_file(f"{target}/{RECORD}", text))

    def _drop(self, place: str) -> None:
        """Remove a result: its record first, so that nobody finds half of it."""
        target = f"{self._root}/{place}"
        for path in (f"{target}/{RECORD}", target):
            with suppress(FileNotFoundError):
                self._ask(_call(self._files.rm, path, recursive=path == target))

    def _ask(self, request: Callable[[], T]) -> T:
        """Return the store's answer; what fails is tried again, and again.

        Raises:
            FileNotFoundError: If that is the answer.
            LostError: If there is none.
        """
        for pause in (*self._pauses, None):
            try:
                return request()
            except FileNotFoundError:
                raise
            except OSError as error:
                if pause is None:
                    what = f"the store of results does not answer: {error}"
                    raise LostError(" ".join(what.split()), hint=self.address) from error
                time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _hold(self, place: str, draft: Path, record: _Record) -> None:
        """Keep the files in ``draft`` as a copy, and let older ones go.

        Raises:
            OutputError: If the disk refuses.
        """
        folder = self.copies / place
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with self._lock:
                shutil.rmtree(folder, ignore_errors=True)
                draft.rename(folder)
                self._held[folder] = sum(size for size, _ in record.files.values())
                self._held.move_to_end(folder)
        except OSError as error:
            raise explain_write(error, folder) from error
        self._let_go()

    def _touch(self, folder: Path) -> None:
        with self._lock:
            if folder in self._held:
                self._held.move_to_end(folder)

    def _forget(self, folder: Path) -> None:
        with self._lock:
            self._held.pop(folder, None)
            shutil.rmtree(folder, ignore_errors=True)

    def _let_go(self) -> None:
        """Remove the copies that were used longest ago, until the others keep to the limit."""
        with self._lock:
            while len(self._held) > _SPARED and sum(self._held.values()) > self.limit:
                folder, _ = self._held.popitem(last=False)
                shutil.rmtree(folder, ignore_errors=True)


def _open_store(address: str) -> tuple[Any, str]:
    """Return the file system of ``address``, and the path in it.

    Raises:
        OutputError: If there is none.
    """
    from fsspec.core import url_to_fs

    try:
        files, root = url_to_fs(address)
    except (ImportError, ValueError) as error:  # both say which package is wanted
        hint = " ".join(str(error).split())
        raise OutputError(f"{address} cannot be reached", hint=hint) from error
    return files, str(root).rstrip("/")


def _locate(step: Step) -> str:
    return f"{step.kind.value}/{step.address[:_SHARD_DIGITS]}/{step.address}"


def _call(function: Callable[..., Any], *arguments: object, **options: object) -> Callable[[], Any]:
    """Return a request; unlike a ``lambda`` in a loop, it keeps what it was made with."""
    return lambda: function(*arguments, **options)


def _compose_record(kind: Kind, record: _Record) -> bytes:
    content = {
        "kind": kind.value,
        "files": record.files,
        "facts": dict(record.facts),
        "upload": record.upload,
    }
    return (json.dumps(content, sort_keys=True, indent=1) + "\n").encode()


def _parse_record(text: bytes) -> _Record | None:
    """Return the record in ``text``; None if it is half-written."""
    try:
        content = json.loads(text)
        files = {
            name: (int(size), str(digest)) for name, (size, digest) in content["files"].items()
        }
        return _Record(files, content["facts"], str(content["upload"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_whole(folder: Path, record: _Record) -> bool:
    """Return whether ``folder`` has exactly the files of ``record``, by their hashes."""
    try:
        return describe_files(folder) == dict(record.files)
    except OSError:
        return False
