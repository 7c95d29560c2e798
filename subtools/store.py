"""Files that a user gets: written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from subtools.errors import OutputError

_OVERWRITE = "give --force to overwrite it"
_NO_SPACE = ("the disk is full", "free some space, or write to another folder")
FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_TEMPORARY = "No usable temporary directory"  # CPython's tempfile, where all it tried are full
_NO_PERMISSION = ("no permission to write here", "write to another folder")
_REASONS = {
    errno.ENOSPC: _NO_SPACE,
    errno.EDQUOT: _NO_SPACE,
    errno.EFBIG: ("the file is larger than allowed here", "raise the limit, or use another folder"),
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.EROFS: ("the disk is read-only", "write to another folder"),
    errno.ENAMETOOLONG: ("the name is too long", "give a shorter one"),
    errno.EISDIR: ("this is a folder", "give the name of a file"),
    errno.ENOTDIR: ("a part of this path is a file, not a folder", "write to another folder"),
}


def check_outputs(paths: Sequence[Path], *, force: bool) -> None:
    """Refuse ``paths`` that could not be written later; leave nothing behind.

    Args:
        paths: Where results will go; their folders need not exist.
        force: Whether existing files may be replaced.

    Raises:
        OutputError: If a file exists and ``force`` is not given, a path is a folder or a
            device, or its folder cannot be made or written to.
    """
    for path in paths:
        try:
            _refuse_taken(path, force=force)
            _try_writing(_nearest_folder(path))
        except OSError as error:
            raise explain_write(error, path) from error


def write_outputs(outputs: Mapping[Path, str | bytes], *, force: bool = False) -> None:
    """Write all ``outputs`` or, if anything goes wrong, none of them.

    Each is written under a temporary name beside its place and flushed to the disk; only
    when all are, they get their names. An error or an interruption puts back what
    was there before.

    Args:
        outputs: What to write where; text goes out as UTF-8, its line ends unchanged.
            Missing folders are made.
        force: Whether existing files may be replaced.

    Raises:
        OutputError: If a file exists and ``force`` is not given, or the system refuses.
    """
    with ExitStack() as leftovers, ExitStack() as undo:
        staged = [
            (_stage(path, content, force=force, leftovers=leftovers), path)
            for path, content in outputs.items()
        ]
        for temporary, path in staged:
            _publish(temporary, path, force=force, leftovers=leftovers, undo=undo)
        undo.pop_all()  # everything is in its place


def write_part(path: Path, text: str) -> None:
    """Write ``text`` to ``path``, whole or not at all, without waiting for the disk.

    For what can be made again: a power failure may leave half of it. Only one process is at it.

    Raises:
        OSError: If the system refuses; nothing is left then.
    """
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def work_folder() -> Iterator[Path]:
    """Return a context with an empty folder that is gone afterwards, whatever happens.

    Raises:
        OutputError: If the system's temporary place cannot be written to.
    """
    with ExitStack() as stack:
        try:
            # Windows cannot remove files that are still mapped; that must not hide a result.
            folder = tempfile.TemporaryDirectory(prefix="subtools-", ignore_cleanup_errors=True)
        except OSError as error:
            reason, _ = _reason(error)
            hint = "name a folder that can be written to in the environment variable TMPDIR"
            raise OutputError(f"no temporary folder can be made: {reason}", hint=hint) from error
        yield Path(stack.enter_context(folder))


def hash_file(path: Path) -> str:
    """Return the SHA-256 of the file at ``path``, in hexadecimal; it is read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def explain_write(error: OSError, path: Path) -> OutputError:
    """Return ``error``, which writing to ``path`` ended with, as ours."""
    reason, hint = _reason(error)
    return OutputError(f"cannot be written: {reason}", path=path, hint=hint)


def is_full(error: BaseException) -> bool:
    """Return whether ``error`` comes, be it by way of others, of a disk that takes no more."""
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or one in seen:
            continue
        if isinstance(one, OSError) and (one.errno in FULL or _NO_TEMPORARY in str(one)):
            return True
        seen.append(one)
        waiting += [one.__cause__, one.__context__]
    return False


def _refuse_taken(path: Path, *, force: bool) -> None:
    try:
        path.lstat()  # says more than exists(): a name too long, a folder that is a file
    except FileNotFoundError:
        return
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if path.exists() and not path.is_file():  # replacing /dev/null would break the system
        raise OutputError("this is not a regular file", path=path, hint="give another name")
    if not force:
        raise OutputError("the file exists already", path=path, hint=_OVERWRITE)


def _nearest_folder(path: Path) -> Path:
    """Return the lowest folder above ``path`` that exists.

    Missing folders are not made to try them out: removing them again would race with
    another run that is about to write there.
    """
    whole = path.absolute()
    return next((folder for folder in whole.parents if _exists(folder)), Path(whole.anchor))


def _exists(folder: Path) -> bool:
    try:
        folder.stat()
    except FileNotFoundError:
        return False
    return True


def _try_writing(folder: Path) -> None:
    """Make and remove a file: permission bits do not tell (root, read-only disks, shares)."""
    trial = _temporary_name(folder)
    try:
        trial.touch(exist_ok=False)
    finally:
        trial.unlink(missing_ok=True)


def _temporary_name(folder: Path) -> Path:
    """Return a new name in ``folder``; short, as the final name may be as long as allowed."""
    return folder / f".subtools-{secrets.token_hex(8)}.part"


def _stage(path: Path, content: str | bytes, *, force: bool, leftovers: ExitStack) -> Path:
    """Return the temporary file beside ``path`` that holds ``content``, safely on the disk."""
    temporary = _temporary_name(path.parent)
    try:
        _refuse_taken(path, force=force)
        path.parent.mkdir(parents=True, exist_ok=True)
        leftovers.callback(temporary.unlink, missing_ok=True)
        with temporary.open("xb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise explain_write(error, path) from error
    return temporary


def _publish(
    temporary: Path, path: Path, *, force: bool, leftovers: ExitStack, undo: ExitStack
) -> None:
    """Give ``temporary`` its final name, having noted how to take that back."""
    try:
        if force:
            aside = _temporary_name(path.parent)
            leftovers.callback(aside.unlink, missing_ok=True)
            _keep(path, temporary, aside, undo)
            temporary.replace(path)
        else:
            undo.callback(_withdraw, path, temporary)
            _name_new(temporary, path)
    except OSError as error:
        raise explain_write(error, path) from error


def _keep(path: Path, temporary: Path, aside: Path, undo: ExitStack) -> None:
    """Keep what is at ``path`` under the name ``aside`` too, to put it back if need be."""
    try:
        aside.hardlink_to(path)
    except FileNotFoundError:
        undo.callback(_withdraw, path, temporary)
    except OSError:  # FAT and some shares know no second names: what is replaced there is gone
        return
    else:
        undo.callback(_put_back, path, aside)


def _put_back(path: Path, aside: Path) -> None:
    """Give ``path`` its old content, kept at ``aside``, unless it still has it."""
    if not (path.exists() and path.samefile(aside)):
        aside.replace(path)


def _name_new(temporary: Path, path: Path) -> None:
    """Give ``temporary`` the name ``path`` unless someone has taken it meanwhile."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError as error:
        raise OutputError("the file exists already", path=path, hint=_OVERWRITE) from error
    except OSError:  # FAT and some shares again: look, then rename
        _refuse_taken(path, force=False)
        temporary.replace(path)


def _withdraw(path: Path, temporary: Path) -> None:
    """Remove ``path`` if it is what we put there, not what someone else did."""
    if path.exists() and (not temporary.exists() or path.samefile(temporary)):
        path.unlink()


def _reason(error: OSError) -> tuple[str, str]:
    return _REASONS.get(error.errno or 0, (error.strerror or str(error), "write to another folder"))
