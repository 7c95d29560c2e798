"""What is really said in a sound file, and when: ``*.ref.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from subtools.core import Seconds, Turn
from subtools.errors import DocumentError

_HINT = "a reference is a JSON object with duration, speakers, turns, clauses and units"
_LARGEST = 1e9  # s, or characters; what no recording and no document reaches


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the document and when it was spoken.

    Attributes:
        text: As the document writes it, without the punctuation that closes it.
        spoken: What was really said.
        start: Onset, in seconds.
        end: Offset, in seconds.
        speaker: Who said it.
        doc: The characters [first, last) of the document's body that ``text`` is.
    """

    text: str
    spoken: str
    start: Seconds
    end: Seconds
    speaker: str
    doc: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Unit:
    """A Han character, a digit as read, or a Latin word, and when it was spoken.

    Attributes:
        text: As spoken (a Han digit where the document has a figure).
        start: Onset, in seconds.
        end: Offset, in seconds.
        clause: Index of its clause.
        spoken: The characters [first, last) of its clause's ``spoken`` that it reads; a
            number that is read as several units gives each of them the same.
    """

    text: str
    start: Seconds
    end: Seconds
    clause: int
    spoken: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Misheard:
    """A stretch of the document that is not what was said.

    Attributes:
        written: What the document has; empty where words are missing.
        spoken: What was said; empty where nothing was.
        clause: Index of its clause.
        doc: The characters [first, last) of the document's body that ``written`` is.
    """

    written: str
    spoken: str
    clause: int
    doc: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reference:
    """What is really said in a sound file, and when.

    Attributes:
        duration: Length of the sound file, in seconds.
        truth_until: Until when the truth is known, in seconds.
        speakers: Their names.
        turns: Who speaks when, by onset.
        clauses: In order of the document.
        units: In order of the document; overlapping turns make their onsets step back.
        misheard: What is written wrong, in order of the document.
        terms: Names and terms of the talk, where somebody listed them.
    """

    duration: Seconds
    truth_until: Seconds
    speakers: tuple[str, ...]
    turns: tuple[Turn, ...]
    clauses: tuple[Clause, ...]
    units: tuple[Unit, ...]
    misheard: tuple[Misheard, ...] = ()
    terms: tuple[str, ...] = ()


def parse_reference(text: str) -> Reference:
    """Return the reference that ``text``, the content of a ``*.ref.json``, describes.

    Raises:
        DocumentError: If it is not JSON, or not such a reference; says what is wrong.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:  # numbers too long, nesting too deep
        raise DocumentError(f"not JSON: {error}", hint=_HINT) from error
    whole = _Record.check(content, "the reference")
    clauses = tuple(map(_parse_clause, whole.records("clauses")))
    return Reference(
        duration=whole.number("duration"),
        truth_until=whole.number("truth_until" if "truth_until" in whole.fields else "duration"),
        speakers=tuple(_Record.check(whole.get("speakers"), "speakers").fields),
        turns=tuple(map(_parse_turn, whole.records("turns"))),
        clauses=clauses,
        units=tuple(_parse_unit(record, clauses) for record in whole.records("units")),
        misheard=tuple(map(_parse_misheard, whole.optional_records("corrections"))),
        terms=whole.optional_texts("terms"),
    )


def _parse_clause(record: _Record) -> Clause:
    start, end = record.times("start", "end")
    clause = Clause(
        text=record.text("text"),
        spoken=record.text("spoken"),
        start=start,
        end=end,
        speaker=record.text("speaker"),
        doc=record.offsets("doc"),
    )
    if clause.doc[1] - clause.doc[0] != len(clause.text):
        raise record.error(f"doc {list(clause.doc)} is not as long as its text")
    return clause


def _parse_turn(record: _Record) -> Turn:
    return Turn(record.text("speaker"), *record.times("start", "end"))


def _parse_unit(record: _Record, clauses: tuple[Clause, ...]) -> Unit:
    clause, spoken = record.whole_number("clause"), record.offsets("k")
    if clause >= len(clauses):
        raise record.error(f"there is no clause {clause}")
    if spoken[1] > len(clauses[clause].spoken):
        raise record.error(f"k {list(spoken)} lies outside its clause")
    return Unit(record.text("u"), *record.times("s", "e"), clause, spoken)


def _parse_misheard(record: _Record) -> Misheard:
    written, doc = record.text("seed"), record.offsets("doc", least=0)
    if doc[1] - doc[0] != len(written):
        raise record.error(f"doc {list(doc)} is not as long as its seed")
    return Misheard(written, record.text("spoken"), record.whole_number("clause"), doc)


@dataclass(frozen=True, slots=True)
class _Record:
    """A JSON object and the place where it stands, for messages.

    Attributes:
        fields: Its fields, by name.
        place: Such as ``clauses[3]``.
    """

    fields: Mapping[str, Any]
    place: str

    @classmethod
    def check(cls, value: Any, place: str) -> _Record:
        """Return ``value`` as a record if it is an object."""
        if not isinstance(value, dict):
            raise DocumentError(f"{place}: not an object", hint=_HINT)
        return cls(value, place)

    def error(self, message: str) -> DocumentError:
        """Return an error about this record."""
        return DocumentError(f"{self.place}: {message}", hint=_HINT)

    def get(self, name: str) -> Any:
        """Return the field ``name``, which must be there."""
        if name not in self.fields:
            raise self.error(f"has no {name!r}")
        return self.fields[name]

    def text(self, name: str) -> str:
        """Return a field that is text."""
        value = self.get(name)
        if not isinstance(value, str):
            raise self.error(f"{name!r} is not text")
        return value

    def number(self, name: str) -> float:
        """Return a field that is a number from 0 on."""
        value = self.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(f"{name!r} is not a number")
        if not 0 <= value <= _LARGEST:  # also refuses NaN
            raise self.error(f"{name!r} is out of range")
        return float(value)

    def whole_number(self, name: str) -> int:
        """Return a field that is a whole number from 0 on."""
        value = self.number(name)
        if not value.is_integer():
            raise self.error(f"{name!r} is not a whole number")
        return int(value)

    def times(self, first: str, last: str) -> tuple[Seconds, Seconds]:
        """Return the onset and offset in two fields."""
        start, end = self.number(first), self.number(last)
        if start > end:
            raise self.error("ends before it starts")
        return start, end

    def offsets(self, name: str, *, least: int = 1) -> tuple[int, int]:
        """Return a field that is a pair [first, last) of offsets, ``least`` characters apart."""
        value = self.get(name)
        if not isinstance(value, list) or [type(item) for item in value] != [int, int]:
            raise self.error(f"{name!r} is not a pair of whole numbers")
        if not (0 <= value[0] <= value[1] - least and value[1] <= _LARGEST):
            raise self.error(f"{name!r} is out of range")
        return value[0], value[1]

    def records(self, name: str) -> list[_Record]:
        """Return a field that is a list of objects."""
        value = self.get(name)
        if not isinstance(value, list):
            raise self.error(f"{name!r} is not a list")
        return [_Record.check(item, f"{name}[{index}]") for index, item in enumerate(value)]

    def optional_records(self, name: str) -> list[_Record]:
        """Return a field that is a list of objects, and none where there is no such field."""
        return self.records(name) if name in self.fields else []

    def optional_texts(self, name: str) -> tuple[str, ...]:
        """Return a field that is a list of texts, and none where there is no such field."""
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(f"{name!r} is not a list of texts")
        return tuple(value)
