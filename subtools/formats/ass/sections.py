"""The sections of a file of ASS or SSA, and the lines of its events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from subtools.core import Remark
from subtools.errors import DocumentError

FIELDS = [
    "layer",
    "start",
    "end",
    "style",
    "name",
    "marginl",
    "marginr",
    "marginv",
    "effect",
    "text",
]
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_SECTION = re.compile(r"\s*\[([^\]]+)\]\s*")
_TIME = re.compile(r"\s*-?\d{1,2}:\d{1,2}:\d{1,2}[.,]\d{1,3}\s*", re.ASCII)
_NUMBER = re.compile(r"\s*-?\d{1,9}\s*", re.ASCII)
_MARKED = re.compile(r"\s*Marked\s*=\s*\d{1,9}\s*", re.ASCII | re.IGNORECASE)
_EVENT = re.compile(r"(Dialogue|Comment):\s*(.*)", re.DOTALL | re.IGNORECASE)
_OTHER = re.compile(r"(?:Picture|Sound|Movie|Command):|;|!:", re.IGNORECASE)
_NUMBERS = {"layer", "marginl", "marginr", "marginv"}
_RENAMED = {"actor": "name", "marked": "layer"}
_HINT = "it is written Dialogue: 0,H:MM:SS.cc,H:MM:SS.cc,Style,Name,0,0,0,,text"


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the section of events.

    Attributes:
        number: Of the line, from 1.
        kind: ``Dialogue``, ``Comment``, or empty for any other line.
        raw: What follows the kind, as it stands there; the whole of any other line.
        fields: Of a dialogue, in the order of ``FIELDS``.
    """

    number: int
    kind: str
    raw: str
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Script:
    """A file that is being read.

    Attributes:
        sections: Name and lines of each but the events, and whether it is after them.
        events: Their lines.
        remarks: What was mended.
    """

    sections: list[tuple[str, list[str], bool]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def section(self, *names: str) -> list[str]:
        """Return the lines of the first section with one of ``names``, lower case."""
        found = (lines for name, lines, _ in self.sections if name.casefold() in names)
        return next(found, [])


def section_names(text: str) -> set[str]:
    """Return the names of the sections of ``text``, lower case."""
    lines = _LINE_BREAK.split(text.removeprefix("\ufeff"))
    found = (_SECTION.fullmatch(line) for line in lines)
    return {heading[1].strip().casefold() for heading in found if heading}


def read_script(text: str) -> Script:
    """Return the sections and events of ``text``.

    Raises:
        DocumentError: If there is no section of events, or something in it is neither an
            event nor can be taken for one.
    """
    script = Script()
    events: list[tuple[int, str]] | None = None
    name: str | None = None
    for number, line in enumerate(_LINE_BREAK.split(text.removeprefix("\ufeff")), start=1):
        heading = _heading(line, name)
        if heading is not None:
            name = heading
            if name.casefold() == "events":
                events = events or []
            else:
                script.sections.append((name, [], events is not None))
        elif name is None and line.strip():
            script.remarks.append(Remark("text before the first section left out", number))
        elif name is not None and name.casefold() == "events" and events is not None:
            events.append((number, line.strip()))
        elif script.sections:
            script.sections[-1][1].append(line)
    if events is None:
        raise DocumentError("not an ASS file", hint="its cues follow a line [Events]", line=1)
    _read_events([(number, line) for number, line in events if line], script)
    return script


def _heading(line: str, section: str | None) -> str | None:
    """Return the name of the section that ``line`` begins; None if it begins none."""
    match = _SECTION.fullmatch(line)
    if match is None:
        return None
    name = match[1].strip()
    # A line of an embedded font may look like a heading, but has no lower-case letter.
    is_data = section is not None and section.casefold() in {"fonts", "graphics"}
    return None if is_data and name.upper() == name else name


def _read_events(lines: Sequence[tuple[int, str]], script: Script) -> None:
    fields = FIELDS
    rest: list[str] = []
    for number, line in lines:
        event = _EVENT.match(line)
        if event or line.casefold().startswith("format:") or _OTHER.match(line):
            _finish(script, rest)
        if line.casefold().startswith("format:"):
            fields = _read_fields(line, number, script.remarks)
        elif event and event[1].casefold() == "dialogue":
            values = tuple(_read_dialogue(event[2], fields, number, script.remarks))
            script.events.append(Event(number, "Dialogue", event[2], values))
        elif event:
            raw = _reorder(event[2], fields)
            script.events.append(Event(number, "Comment", raw))
        elif _OTHER.match(line):
            script.events.append(Event(number, "", line))
        else:
            _add_line(line, number, script, rest)
    _finish(script, rest)


def _read_fields(line: str, number: int, remarks: list[Remark]) -> list[str]:
    """Return the names of the fields, in the order of the file."""
    names = ["".join(name.lower().split()) for name in line.partition(":")[2].split(",")]
    renamed = [_RENAMED.get(name, name) for name in names]
    if not {"start", "end", "text"} <= set(renamed) or renamed[-1] != "text":
        remarks.append(Remark("a Format line without times or text: taken as usual", number))
        return FIELDS
    return renamed


def _reorder(raw: str, fields: Sequence[str]) -> str:
    """Return the fields of a line in the usual order."""
    if list(fields) == FIELDS:
        return raw
    said = dict(zip(fields, raw.split(",", len(fields) - 1), strict=False))
    return ",".join(said.get(name, _usual(name)) for name in FIELDS)


def _usual(name: str) -> str:
    if name in _NUMBERS:
        return "0"
    return "Default" if name == "style" else ""


def _read_dialogue(
    raw: str, fields: Sequence[str], number: int, remarks: list[Remark]
) -> Iterator[str]:
    """Yield the fields of a dialogue in the usual order.

    Raises:
        DocumentError: If a field is missing, or a time is none.
    """
    values = raw.split(",", len(fields) - 1)
    if len(values) < len(fields):
        raise DocumentError("malformed line in an ASS file", hint=_HINT, line=number)
    said = dict(zip(fields, values, strict=True))
    for name in FIELDS:
        value = said.get(name, _usual(name))
        if name in {"start", "end"} and not _TIME.fullmatch(value):
            raise DocumentError("malformed line in an ASS file", hint=_HINT, line=number)
        if name == "layer" and _MARKED.fullmatch(value):
            value = value.partition("=")[2]
        if name in _NUMBERS and not _NUMBER.fullmatch(value):
            remarks.append(Remark(f"{name} is no number, but {value[:20]!r}: taken as 0", number))
            value = "0"
        yield value


def _add_line(line: str, number: int, script: Script, rest: list[str]) -> None:
    """Keep a line that is no event for the rest of the one before, whose text was broken.

    Raises:
        DocumentError: If there is none before it.
    """
    if not script.events or script.events[-1].kind != "Dialogue":
        raise DocumentError("text without times in an ASS file", hint=_HINT, line=number)
    rest.append(line)
    script.remarks.append(Remark("a line without times: taken with the one before", number))


def _finish(script: Script, rest: list[str]) -> None:
    """Add the lines of ``rest`` to the last event."""
    if rest:
        last = script.events.pop()
        said = "\\N".join(["", *rest])
        fields = (*last.fields[:-1], last.fields[-1] + said)
        script.events.append(Event(last.number, last.kind, last.raw + said, fields))
        rest.clear()
