"""The results of steps in a folder, each at its address: whole, or not there.

    results/encode/4f/4f1c.../result.json     which files, their hashes, small facts
                              log_probs.npy   ...

A step writes into a draft folder; when all is written, the folder gets its name in one move.
Who is killed before leaves a draft, which nobody takes for a result. Nothing waits for the
disk (a flush costs 1 to 6 ms, a job would need thirty): after a power failure, a result may
be damaged, and whoever takes it for a step compares its hashes first (`take`).
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from subtools.batch.values import Done, Kind, Plain, Step
from subtools.errors import OutputError
from subtools.store import explain_write, hash_file

RECORD = "result.json"
_SHARD_DIGITS = 2  # folders of a thousand results each, at a million


class LostError(OutputError):
    """A result that was there is not, or not as it was; made anew, all goes well."""


class Results(Protocol):
    """Where the results of steps are kept.

    Attributes:
        drafts: A folder of this machine, for what is being made.
    """

    drafts: Path

    def find(self, step: Step) -> Done | None:
        """Return the result of ``step``; None if there is none."""

    def take(self, step: Step) -> Done | None:
        """Return the result of ``step`` after its files were compared with their hashes."""

    def drafting(self, step: Step) -> AbstractContextManager[Path]:
        """Return a context with an empty folder for the files of ``step``."""

    def publish(self, step: Step, draft: Path, facts: Mapping[str, Plain]) -> Done:
        """Make the files in ``draft`` the result of ``step``."""

    def bring(self, done: Done) -> Done:
        """Return ``done`` with its files in its folder, should they be elsewhere."""

    def drop(self, step: Step) -> None:
        """Remove the result of ``step``, which can be made again."""


class FolderResults:
    """Results in a folder of this machine, or of one that several machines share.

    Attributes:
        root: Where the results are.
        drafts: Where drafts are, on the same disk.
    """

    def __init__(self, root: Path, drafts: Path) -> None:
        self.root = root
        self.drafts = drafts

    def find(self, step: Step) -> Done | None:
        """Return the result of ``step``; None if there is none, or files of it are gone."""
        return self.find_at(step.kind, step.address)

    def find_at(self, kind: Kind, address: str) -> Done | None:
        """Return the result at an address."""
        folder = self._place(kind, address)
        try:
            record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            for name, (size, _) in record["files"].items():
                if (folder / name).stat().st_size != size:
                    return None
        except (OSError, ValueError, KeyError, TypeError):
            return None
        hashes = {name: digest for name, (_, digest) in record["files"].items()}
        return Done(folder, hashes, record["facts"])

    def take(self, step: Step) -> Done | None:
        """Return the result of ``step``; one that is damaged is removed, and None comes back."""
        found = self.find(step)
        if found is None or all(_is_as_recorded(found, name) for name in found.files):
            return found
        self.drop(step)
        return None

    def drafting(self, step: Step) -> AbstractContextManager[Path]:
        """Return a context with an empty folder, which is gone afterwards unless published.

        Raises:
            OutputError: If it cannot be made.
        """
        return draft_folder(self.drafts, step)

    def publish(self, step: Step, draft: Path, facts: Mapping[str, Plain]) -> Done:
        """Make the files in ``draft`` the result of ``step``; of two that do, the first one wins.

        Raises:
            OutputError: If the disk refuses.
        """
        target = self._place(step.kind, step.address)
        try:
            files = describe_files(draft)
            record = {"kind": step.kind.value, "files": files, "facts": dict(facts)}
            text = json.dumps(record, sort_keys=True, indent=1) + "\n"
            (draft / RECORD).write_text(text, encoding="utf-8", newline="\n")
            target.parent.mkdir(parents=True, exist_ok=True)
            self._move(draft, target)
        except OSError as error:
            raise explain_write(error, target) from error
        found = self.find(step)
        if found is None:
            raise OutputError("the result is damaged as soon as it is written", path=target)
        return found

    def bring(self, done: Done) -> Done:
        """Return ``done``, whose files are where they are found."""
        return done

    def drop(self, step: Step) -> None:
        """Remove the result of ``step``: first its name, so that nobody finds half of it."""
        place = self._place(step.kind, step.address)
        aside = self.drafts / f"dropped-{secrets.token_hex(8)}"
        try:
            place.rename(aside)
        except FileNotFoundError:
            return
        except OSError:  # a full disk may have no room for a name; without a record it is no result
            with suppress(OSError):
                (place / RECORD).unlink()
            aside = place
        shutil.rmtree(aside, ignore_errors=True)

    def _place(self, kind: Kind, address: str) -> Path:
        return self.root / kind.value / address[:_SHARD_DIGITS] / address

    def _move(self, draft: Path, target: Path) -> None:
        """Give ``draft`` the name ``target``, unless there is a whole result of that name."""
        try:
            draft.rename(target)
        except OSError:
            if not target.is_dir():
                raise
            if (target / RECORD).is_file() and self._is_whole(target):
                return  # another run was faster
            aside = self.drafts / f"damaged-{secrets.token_hex(8)}"
            target.rename(aside)
            draft.rename(target)
            shutil.rmtree(aside, ignore_errors=True)

    def _is_whole(self, target: Path) -> bool:
        return self.find_at(Kind(target.parent.parent.name), target.name) is not None


@contextmanager
def draft_folder(drafts: Path, step: Step) -> Iterator[Path]:
    """Return a context with an empty folder for ``step``, gone afterwards if it is still there.

    Raises:
        OutputError: If it cannot be made.
    """
    draft = drafts / f"{_draft_name(step)}{secrets.token_hex(4)}"
    try:
        draft.mkdir(parents=True)
    except OSError as error:
        raise explain_write(error, draft) from error
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def clear_drafts(drafts: Path, step: Step) -> None:
    """Remove what processes left that died while they were at ``step``; nobody else is at it."""
    for draft in drafts.glob(f"{_draft_name(step)}*"):
        shutil.rmtree(draft, ignore_errors=True)


def _draft_name(step: Step) -> str:
    return f"{step.kind}-{step.address[:12]}-"


def describe_files(folder: Path) -> dict[str, tuple[int, str]]:
    """Return size and hash of each file in ``folder``, by its name."""
    return {path.name: (path.stat().st_size, hash_file(path)) for path in sorted(folder.iterdir())}


def _is_as_recorded(done: Done, name: str) -> bool:
    try:
        return hash_file(done.folder / name) == done.files[name]
    except OSError:
        return False
