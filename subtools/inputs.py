"""Files that results are made from: their names and what identifies them."""

from __future__ import annotations

from pathlib import Path

from subtools.core import Input
from subtools.errors import MediaError
from subtools.store import hash_file


def hash_inputs(audio: Path, document: Path | None) -> dict[str, Input]:
    """Return what identifies the input files.

    Raises:
        MediaError: If the sound cannot be read.
    """
    files = {"audio": audio} if document is None else {"audio": audio, "document": document}
    return {role: Input(printable_name(path), _hash(path)) for role, path in files.items()}


def printable_name(path: Path) -> str:
    """Return the name of ``path``; bytes in it that are no text are escaped."""
    return path.name.encode("utf-8", "backslashreplace").decode("utf-8")


def readable(name: str) -> str:
    r"""Return ``name``, read as GB18030 if it is no UTF-8, as in old archives from China.

    >>> readable(b"\xd1\xdd\xbd\xb2.m4a".decode("utf-8", "surrogateescape")), readable("演講")
    ('演讲.m4a', '演講')
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        try:
            data = name.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:  # halves of pairs, out of JSON
            data = name.encode("utf-8", "replace")
        return data.decode("gb18030", "replace")
    return name


def _hash(path: Path) -> str:
    try:
        return hash_file(path)
    except FileNotFoundError as error:
        raise MediaError("no such file", hint="check the name", path=path) from error
    except OSError as error:
        hint = "give the path of one media file"
        raise MediaError(f"cannot be read: {error.strerror}", hint=hint, path=path) from error
