"""Talks into the library, and out of it again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import numpy as np

from subtools.catalogue.passages import Passage, compose_times, cut_passages
from subtools.catalogue.schema import Catalogue
from subtools.catalogue.tokens import make_tokens
from subtools.catalogue.units import Unit, fold_word, split_words_to_units
from subtools.catalogue.values import Recording
from subtools.catalogue.vocabulary import add_words, count_uses

# Units of the next passages that belong to a passage's index, so that no phrase is cut.
OVERHANG = 12
SEPARATOR = "\x1f"  # between the words of a passage


@dataclass(frozen=True, slots=True)
class Prepared:
    """A talk taken apart, ready to be written.

    Attributes:
        recording: The talk.
        passages: Its passages.
        units: The units of all of it, in order.
    """

    recording: Recording
    passages: tuple[Passage, ...]
    units: tuple[Unit, ...]


def prepare_recording(catalogue: Catalogue, recording: Recording) -> Prepared:
    """Return ``recording`` taken apart; nothing is written, and nobody has to wait."""
    words = recording.transcript.words
    texts = [word.text for word in words]
    units = split_words_to_units(texts, catalogue.characters, language=recording.language)
    return Prepared(recording, tuple(cut_passages(words)), tuple(units))


def is_indexed(catalogue: Catalogue, path: str, digest: str) -> bool:
    """Tell whether a file is in the library as it is now."""
    statement = "SELECT 1 FROM files WHERE path = ? AND digest = ?"
    return catalogue.connection.execute(statement, (path, digest)).fetchone() is not None


def is_known(catalogue: Catalogue, key: str) -> bool:
    """Tell whether there is a talk of this key."""
    statement = "SELECT 1 FROM talks WHERE key = ?"
    return catalogue.connection.execute(statement, (key,)).fetchone() is not None


def add_recording(catalogue: Catalogue, prepared: Prepared) -> bool:
    """Put a talk into the library, all of it or nothing; return whether it was new.

    A talk of the same key gives its place to it.

    Raises:
        sqlite3.DatabaseError: If it cannot be written; the library is then as before.
    """
    connection, recording = catalogue.connection, prepared.recording
    with catalogue.transaction():
        if is_indexed(catalogue, recording.path, recording.digest):
            return False  # by another run, meanwhile
        former = _keys_of(connection, recording.path)
        indexed = _delete_talk(connection, recording.key) or f"{datetime.now(UTC):%Y-%m-%d}"
        _insert_talk(catalogue, prepared, indexed)
        statement = "INSERT OR REPLACE INTO files VALUES (?, ?, ?)"
        connection.execute(statement, (recording.path, recording.digest, recording.key))
        for key in former:  # the file may be about another talk than it was
            if not _has_file(connection, key):
                _delete_talk(connection, key)
        _forget_speakers(connection)
        catalogue.characters.keep_added()
    return True


def remove_talks(catalogue: Catalogue, keys: Iterable[str]) -> None:
    """Take talks out of the library, with their words, and whose files they were."""
    with catalogue.transaction():
        for key in keys:
            _delete_talk(catalogue.connection, key)
            catalogue.connection.execute("DELETE FROM files WHERE key = ?", (key,))
        _forget_speakers(catalogue.connection)
    _forget_traces(catalogue.connection)


def forget_files(catalogue: Catalogue, paths: Iterable[str]) -> tuple[str, ...]:
    """Forget files that are gone; return the keys of the talks that had no other file.

    These talks are taken out. A talk that was read from a file that is gone and has
    another is read from that again the next time.
    """
    gone, connection = list(paths), catalogue.connection
    with catalogue.transaction():
        marks = [(path,) for path in gone]
        keys = {key for path in gone for key in _keys_of(connection, path)}
        connection.executemany("DELETE FROM files WHERE path = ?", marks)
        orphans = tuple(sorted(key for key in keys if not _has_file(connection, key)))
        for key in keys.difference(orphans):
            connection.execute("UPDATE files SET digest = '' WHERE key = ?", (key,))
    if orphans:
        remove_talks(catalogue, orphans)
    return orphans


def known_files(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the paths of all files that were indexed."""
    rows = catalogue.connection.execute("SELECT path FROM files ORDER BY path")
    return tuple(path for (path,) in rows)


def fold_name(name: str, catalogue: Catalogue) -> str:
    """Return a name or title as it is compared: Simplified, lower case, without spaces."""
    return "".join(catalogue.characters.fold(c) for c in fold_word(name)) or name.casefold()


def _insert_talk(catalogue: Catalogue, prepared: Prepared, indexed: str) -> None:
    connection, recording = catalogue.connection, prepared.recording
    words = recording.transcript.words
    names = sorted({word.speaker for word in words if word.speaker})
    starts = [word.span.start for word in words if word.span]
    haystack = " ".join(
        fold_name(text, catalogue) for text in (recording.title, recording.key, recording.path)
    )
    statement = """INSERT INTO talks (key, path, title, page, media, page_file, published, indexed,
        language, words, duration, speakers, haystack) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"""
    values = (
        *(recording.key, recording.path, recording.title, recording.page, recording.media),
        *(recording.page_file, recording.published, indexed, recording.language, len(words)),
        *(max(starts, default=0.0), "\n".join(names), haystack),
    )
    talk = int(connection.execute(statement, values).lastrowid or 0)
    _insert_passages(catalogue, prepared, talk, _add_speakers(catalogue, names))


def _add_speakers(catalogue: Catalogue, names: Iterable[str]) -> dict[str, int]:
    numbers = {}
    for name in names:
        statement = "INSERT OR IGNORE INTO speakers (name, haystack) VALUES (?, ?)"
        catalogue.connection.execute(statement, (name, fold_name(name, catalogue)))
        found = catalogue.connection.execute("SELECT id FROM speakers WHERE name = ?", (name,))
        (numbers[name],) = found.fetchone()
    return numbers


def _insert_passages(
    catalogue: Catalogue, prepared: Prepared, talk: int, speakers: Mapping[str, int]
) -> None:
    connection = catalogue.connection
    surfaces = {u.written: u.surface for u in reversed(prepared.units) if not u.is_character}
    symbols = add_words(connection, surfaces)
    written = [u.written if u.is_character else symbols[u.written] for u in prepared.units]
    sounds = [
        symbol if unit.sounds is None else unit.sounds
        for unit, symbol in zip(prepared.units, written, strict=True)
    ]
    count_uses(connection, written, 1)
    rows = _compose_rows(prepared, written, sounds, talk, speakers)
    statement = """INSERT INTO passages (talk, speaker, written, own, sounds, own_sounds, places,
        words, start, times) VALUES (?,?,?,?,?,?,?,?,?,?)"""
    for row in rows:
        number = connection.execute(statement, row).lastrowid
        tokens = " ".join(make_tokens(row[2], row[3], row[4], talk=talk, speaker=row[1]))
        connection.execute("INSERT INTO tokens (rowid, made) VALUES (?, ?)", (number, tokens))


def _compose_rows(
    prepared: Prepared,
    written: Sequence[str],
    sounds: Sequence[str],
    talk: int,
    speakers: Mapping[str, int],
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the passages, but for their numbers."""
    words = prepared.recording.transcript.words
    word_of = np.array([unit.word for unit in prepared.units], np.int64)
    for passage in prepared.passages:
        first, last = np.searchsorted(word_of, [passage.first, passage.last]).tolist()
        said = words[passage.first : passage.last]
        start, times = compose_times(said)
        yield (
            *(talk, speakers.get(passage.speaker or "")),
            *("".join(written[first : last + OVERHANG]), last - first),
            *("".join(sounds[first : last + OVERHANG]), sum(map(len, sounds[first:last]))),
            compose_places(sounds[first : last + OVERHANG]),
            SEPARATOR.join(word.text.replace(SEPARATOR, " ") for word in said),
            *(start, times),
        )


def compose_places(sounds: Sequence[str]) -> bytes | None:
    """Return for each sound the number of its unit; None where each unit has one sound."""
    lengths = list(map(len, sounds))
    if all(length == 1 for length in lengths):
        return None
    places = chain.from_iterable([unit] * length for unit, length in enumerate(lengths))
    return np.array(list(places), "<u2").tobytes()


def parse_places(places: bytes | None, count: int) -> list[int]:
    """Return for each of ``count`` sounds the number of its unit."""
    if places is None:
        return list(range(count))
    return list(map(int, np.frombuffer(places, "<u2").tolist()))


def _delete_talk(connection: sqlite3.Connection, key: str) -> str | None:
    """Take a talk out; return when it was indexed first, None if it is not there."""
    row = connection.execute("SELECT id, indexed FROM talks WHERE key = ?", (key,)).fetchone()
    if row is None:
        return None
    talk, indexed = row
    columns = "id, written, own, sounds, speaker"
    passages = connection.execute(
        f"SELECT {columns} FROM passages WHERE talk = ?",  # noqa: S608 - names, not values
        (talk,),
    ).fetchall()
    for number, written, own, sounds, speaker in passages:
        tokens = " ".join(make_tokens(written, own, sounds, talk=talk, speaker=speaker))
        statement = "INSERT INTO tokens (tokens, rowid, made) VALUES ('delete', ?, ?)"
        connection.execute(statement, (number, tokens))
    count_uses(connection, (written[:own] for _, written, own, _, _ in passages), -1)
    connection.execute("DELETE FROM passages WHERE talk = ?", (talk,))
    connection.execute("DELETE FROM talks WHERE id = ?", (talk,))
    return str(indexed)


def _forget_speakers(connection: sqlite3.Connection) -> None:
    """Forget the names of those who speak in no talk any more."""
    named = {
        name
        for (names,) in connection.execute("SELECT speakers FROM talks")
        for name in names.split("\n")
    }
    known = [name for (name,) in connection.execute("SELECT name FROM speakers")]
    gone = [(name,) for name in known if name not in named]
    connection.executemany("DELETE FROM speakers WHERE name = ?", gone)


def _forget_traces(connection: sqlite3.Connection) -> None:
    """Write the index anew without what was taken out, and empty the log beside the file."""
    connection.execute("INSERT INTO tokens (tokens) VALUES ('optimize')")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _keys_of(connection: sqlite3.Connection, path: str) -> list[str]:
    return [k for (k,) in connection.execute("SELECT key FROM files WHERE path = ?", (path,))]


def _has_file(connection: sqlite3.Connection, key: str) -> bool:
    return connection.execute("SELECT 1 FROM files WHERE key = ?", (key,)).fetchone() is not None
