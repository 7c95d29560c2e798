"""Passages out of the library: the text that is searched, and the words around a place."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from subtools.catalogue.passages import nearest_time, parse_times
from subtools.catalogue.units import words_of_units
from subtools.catalogue.values import Entry
from subtools.catalogue.writing import SEPARATOR, parse_places
from subtools.core import Seconds

PASSAGE = "id, talk, speaker, written, own, sounds, own_sounds, places"
_BEFORE, _AFTER = 32, 48  # characters that are shown around what was found
_ENTRY = tuple(field.name for field in fields(Entry))


@dataclass(frozen=True)
class Stretch:
    """The units of a passage and of what follows it.

    Attributes:
        number: Of the passage.
        talk: Number of its talk.
        speaker: Number of its speaker.
        written: Its units and some of the next passage's.
        own: How many of them are its own.
        sounds: The same as sounds.
        own_sounds: How many of them are its own.
        places: What `parse_places` reads.
    """

    number: int
    talk: int
    speaker: int | None
    written: str
    own: int
    sounds: str
    own_sounds: int
    places: bytes | None

    @cached_property
    def units(self) -> list[int]:
        """For each sound the number of its unit."""
        return parse_places(self.places, len(self.sounds))


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The words around a place.

    Attributes:
        text: As written.
        marks: The stretches of ``text`` that were found.
        start: When the first of them begins, in seconds.
        is_exact: Whether that is its own time.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    start: Seconds | None
    is_exact: bool


def read_after(connection: sqlite3.Connection, stretch: Stretch, units: int) -> Stretch:
    """Return ``stretch`` with at least so many units after its own, if the talk has them."""
    statement = f"SELECT {PASSAGE} FROM passages WHERE talk = ? AND id >= ? ORDER BY id"  # noqa: S608
    written, sounds, places = "", "", []
    for row in connection.execute(statement, (stretch.talk, stretch.number)):
        part = Stretch(*row)
        places += [len(written) + unit for unit in part.units[: part.own_sounds]]
        written += part.written[: part.own]
        sounds += part.sounds[: part.own_sounds]
        if len(written) >= stretch.own + units:
            break
    longer = Stretch(
        *(stretch.number, stretch.talk, stretch.speaker, written, stretch.own),
        *(sounds, stretch.own_sounds, None),
    )
    longer.__dict__["units"] = places  # known already
    return longer


def read_entry(connection: sqlite3.Connection, talk: int) -> Entry:
    """Return the talk with this number."""
    statement = f"SELECT {', '.join(_ENTRY)} FROM talks WHERE id = ?"  # noqa: S608 - names, not values
    return _to_entry(connection.execute(statement, (talk,)).fetchone())


def list_entries(connection: sqlite3.Connection) -> tuple[Entry, ...]:
    """Return all talks, by title."""
    statement = f"SELECT {', '.join(_ENTRY)} FROM talks ORDER BY title, key"  # noqa: S608 - names
    return tuple(map(_to_entry, connection.execute(statement)))


def read_speaker(connection: sqlite3.Connection, number: int | None) -> str | None:
    """Return the name of the speaker with this number."""
    row = connection.execute("SELECT name FROM speakers WHERE id = ?", (number,)).fetchone()
    return str(row[0]) if row else None


def read_excerpt(
    connection: sqlite3.Connection, stretch: Stretch, found: Sequence[tuple[int, int]]
) -> Excerpt:
    """Return the words around what was found.

    Args:
        connection: The library.
        stretch: Where it was found.
        found: Stretches [first, last) of its units; at least one.
    """
    statement = """SELECT id, words, start, times FROM passages
        WHERE talk = ? AND id >= ? ORDER BY id"""
    rows = connection.execute(statement, (stretch.talk, stretch.number - 1))
    words: list[str] = []
    times: list[Seconds | None] = []
    units: list[int] = []
    before, furthest = 0, max(last for _, last in found)
    for number, joined, start, packed in rows:
        said = joined.split(SEPARATOR)
        if number < stretch.number:
            before = len(said)
        else:
            units += [len(words) + word for word in words_of_units(said)]
        words += said
        times += parse_times(start, packed) or [None] * len(said)
        if len(units) > furthest + _AFTER:
            break
    spans = [(units[first], units[last - 1] + 1) for first, last in found if last <= len(units)]
    spans = spans or [(before, before + 1)]
    start, is_exact = nearest_time(times, spans[0][0])
    text, marks = _cut_out(words, spans)
    return Excerpt(text, marks, start, is_exact)


def _to_entry(row: Sequence[Any]) -> Entry:
    values = dict(zip(_ENTRY, row, strict=True))
    return Entry(**{**values, "speakers": tuple(filter(None, values["speakers"].split("\n")))})


def _cut_out(
    words: Sequence[str], spans: Sequence[tuple[int, int]]
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the text around the first of ``spans`` of words, and the marks in it."""
    first, last = spans[0]
    left, right = first, last
    while left and sum(map(len, words[left - 1 : first])) <= _BEFORE:
        left -= 1
    while right < len(words) and sum(map(len, words[last : right + 1])) <= _AFTER:
        right += 1
    borders = [0]
    for word in words[left:right]:
        borders.append(borders[-1] + len(word))
    text = "".join(words[left:right])
    marks = {
        _trim(text, borders[a - left], borders[b - left])
        for a, b in spans
        if left <= a and b <= right
    }
    return _on_one_line(text), tuple(sorted(marks))


def _trim(text: str, first: int, last: int) -> tuple[int, int]:
    """Return a stretch of ``text`` without the punctuation and spaces around it."""
    inside = [place for place in range(first, last) if text[place].isalnum()]
    return (inside[0], inside[-1] + 1) if inside else (first, last)


def _on_one_line(text: str) -> str:
    return "".join(" " if character in "\r\n\t" else character for character in text)
