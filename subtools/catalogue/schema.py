"""The file of the library: its tables, its version, who may read it.

One row of ``passages`` is a few clauses of one speaker; ``tokens`` is its index. SQLite's own
tokenizers know no Chinese, so tokens are made by ``tokens`` and only kept by FTS5: without
their text (``content=''``: it is in ``passages``) and without positions (``detail=none``: a pair
of neighbours is a token of its own, and what is found is compared with the text anyway).
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from subtools.catalogue.characters import Characters, describe_characters, everyday_characters
from subtools.catalogue.spoken import Hearing
from subtools.errors import CatalogueError
from subtools.places import DATA_VARIABLE, data_folder

# To be raised whenever a file of today would be misread: other tables, other tokens, another
# order of the sounds..
VERSION = 1
_APPLICATION = 0x53425458  # "SBTX": what SQLite calls the kind of a file
_PATIENCE = 120_000  # milliseconds to wait for another run; the largest file takes seconds
_PAUSE = 0.01  # seconds between tries
_OPTION, _MODULE = "ENABLE_FTS5", "fts5"  # how SQLite says that it has it
_NO_FTS5 = "use a Python whose SQLite has FTS5, such as python.org's or your distribution's"
_FOLDER_HINT = f"name another file with --library, or another folder in {DATA_VARIABLE}"
_TABLES = """
CREATE TABLE talks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, path TEXT NOT NULL,
    title TEXT NOT NULL, page TEXT, media TEXT, page_file TEXT NOT NULL, published TEXT,
    indexed TEXT NOT NULL, language TEXT NOT NULL, words INTEGER NOT NULL,
    duration REAL NOT NULL, speakers TEXT NOT NULL, haystack TEXT NOT NULL
);
CREATE TABLE files (
    path TEXT PRIMARY KEY, digest TEXT NOT NULL, key TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE speakers (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, haystack TEXT NOT NULL
);
CREATE TABLE words (
    id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, stem TEXT NOT NULL,
    outline TEXT NOT NULL, phones TEXT NOT NULL, uses INTEGER NOT NULL
);
CREATE INDEX words_by_stem ON words (stem);
CREATE INDEX words_by_outline ON words (outline, uses);
CREATE TABLE characters (
    character TEXT PRIMARY KEY, folded TEXT NOT NULL, sounds TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, talk INTEGER NOT NULL, speaker INTEGER,
    written TEXT NOT NULL, own INTEGER NOT NULL, sounds TEXT NOT NULL, own_sounds INTEGER NOT NULL,
    places BLOB, words TEXT NOT NULL, start INTEGER, times BLOB
);
CREATE INDEX passages_by_talk ON passages (talk);
CREATE VIRTUAL TABLE tokens USING fts5 (
    made, content='', columnsize=0, detail=none, tokenize='ascii'
);
"""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """An open library of talks.

    Attributes:
        path: The file.
        connection: SQLite's connection to it; in autocommit mode.
        characters: What it knows of Han characters.
        hearing: How its words sound.
    """

    path: Path
    connection: sqlite3.Connection
    characters: Characters
    hearing: Hearing

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Return a context whose writes are all done, or none of them.

        Another run that writes is waited for.
        """
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")


def catalogue_file() -> Path:
    """Return where the library is unless the user says otherwise, whether or not it is there."""
    return data_folder() / "library.sqlite"


@contextmanager
def open_catalogue(path: Path | None = None, *, write: bool = False) -> Iterator[Catalogue]:
    """Return a context with the library at ``path``, by default that of the user.

    Args:
        path: The file.
        write: Whether to make it if it is not there, and to renew it if it is an older one.

    Raises:
        CatalogueError: If there is none, it is no library, it is damaged, or it is of another
            version of subtools.
    """
    place = catalogue_file() if path is None else path
    with _explained(place):
        if write:
            _make_private(place)
        elif not place.exists():
            raise CatalogueError(
                "there is no library yet", path=place, hint="make one: subtools index FOLDER"
            )
        with closing(_connect(place, write=write)) as connection:
            _check_fts5(connection)
            _check_version(connection, place, write=write)
            yield Catalogue(place, connection, Characters(connection), Hearing(connection))


def log_ahead(connection: sqlite3.Connection) -> None:
    """Switch to a write-ahead log; SQLite does not wait for others by itself there."""
    end = time.monotonic() + _PATIENCE / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(_PAUSE)
        else:
            return


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Return a context in which SQLite's errors become ours."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        reason, hint = _explain(error)
        raise CatalogueError(reason, path=path, hint=hint) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise CatalogueError(f"cannot be opened: {reason}", path=path, hint=_FOLDER_HINT) from error


def _explain(error: sqlite3.DatabaseError) -> tuple[str, str]:
    """Return what went wrong, and what to do."""
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        hint = "move it away, and make it anew: subtools index FOLDER"
        return f"this is no library of talks, or a damaged one ({error})", hint
    if name.startswith("SQLITE_FULL"):
        return "the disk is full", "free some space, and put it in again: subtools index FOLDER"
    if name.startswith("SQLITE_BUSY"):
        return "another run of subtools writes to it", "wait until that has ended"
    return f"cannot be used: {error}", _FOLDER_HINT


def _make_private(path: Path) -> None:
    """Make an empty file that only the user may read, unless there is one."""
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _connect(path: Path, *, write: bool) -> sqlite3.Connection:
    """Return a connection; SQLite gives the files beside it the rights of this one.

    Readers open it for writing too, if they may: only so the last one tidies up beside it.
    """
    mode = "rw" if write or os.access(path, os.W_OK) else "ro"
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
    if write:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")  # nothing is written elsewhere
        connection.execute("PRAGMA cache_size = -64000")
    else:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA mmap_size = 4000000000")  # bytes; read what is needed only
    return connection


def _check_fts5(connection: sqlite3.Connection) -> None:
    options = {option for (option,) in connection.execute("PRAGMA compile_options")}
    modules = {module for (module,) in connection.execute("PRAGMA module_list")}
    if _OPTION not in options and _MODULE not in modules:
        raise CatalogueError("the SQLite of this Python has no FTS5", hint=_NO_FTS5)


def _check_version(connection: sqlite3.Connection, path: Path, *, write: bool) -> None:
    version, application = _read_version(connection)
    if not version and not application and _is_empty(connection):
        if not write:
            raise CatalogueError(
                "the library is empty", path=path, hint="fill it: subtools index FOLDER"
            )
        _create(connection)
        return
    if application != _APPLICATION:
        hint = "name another file with --library"
        raise CatalogueError("this is no library of subtools", path=path, hint=hint)
    if version > VERSION:
        hint = "update subtools, or name another file with --library"
        raise CatalogueError("a newer version of subtools made this library", path=path, hint=hint)
    if version < VERSION:
        hint = "move it away, and make it anew: subtools index FOLDER"
        raise CatalogueError("an older version of subtools made this library", path=path, hint=hint)


def _read_version(connection: sqlite3.Connection) -> tuple[int, int]:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    return version, application


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _create(connection: sqlite3.Connection) -> None:
    """Make the tables, unless another run has just done so."""
    rows = list(describe_characters(everyday_characters()))  # seconds; not while others wait
    connection.execute("PRAGMA page_size = 8192")
    log_ahead(connection)
    connection.execute("BEGIN IMMEDIATE")
    if _is_empty(connection):
        for statement in filter(str.strip, _TABLES.split(";")):
            connection.execute(statement)
        connection.executemany("INSERT INTO characters VALUES (?, ?, ?)", rows)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
