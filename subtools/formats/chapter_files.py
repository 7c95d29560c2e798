"""Files of chapters, read: whatever another program wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from subtools.core import Seconds, Topic
from subtools.errors import DocumentError
from subtools.lexicon import clean_name
from subtools.timecode import parse_offset

_LATEST: Seconds = 1e7  # later than any recording lasts
_LINE = re.compile(
    r"\s*[\[(]?(?P<time>\d{1,3}(?::\d\d?){1,2}(?:[.,]\d{1,9})?)[\])]?(?:\s+(?P<title>.*))?"
)
_HINT = "give lines such as 12:30 Questions, WebVTT, Podcasting 2.0 JSON, ffmetadata, or words.json"
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def parse_chapters(text: str) -> tuple[Topic, ...] | None:
    r"""Return the chapters in ``text``, by their times; None if it is in no form known here.

    Known are ffmetadata, Podcasting 2.0 JSON, and lines that begin with a time. A chapter
    without an end ends where the next one begins; the last one may end where it begins.

    >>> parse_chapters("0:00 Intro\n1:30 Questions\n")[1]
    Topic(title='Questions', start=90.0, end=90.0, reason='', confidence=None)

    Raises:
        DocumentError: If it is in one of these forms, but broken.
    """
    if text.lstrip("\ufeff").startswith(";FFMETADATA"):
        return _arrange(_read_ffmetadata(text))
    if text.lstrip("\ufeff \r\n\t").startswith("{"):
        return _arrange(_read_podcast(text))
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip()]
    matches = [_LINE.fullmatch(line) for line in lines]
    if not lines or not all(matches):
        return None
    found = [(parse_offset(m["time"]), None, m["title"] or "") for m in matches if m]
    return _arrange(found)


Entry = tuple[Seconds, Seconds | None, str]


def _arrange(entries: Sequence[Entry]) -> tuple[Topic, ...]:
    """Return ``entries`` as topics that follow each other.

    Raises:
        DocumentError: If there are none, or a time is not one of a recording.
    """
    ordered = sorted(entries, key=lambda entry: entry[0])
    if not ordered:
        raise DocumentError("there are no chapters in it", hint=_HINT)
    if not all(0 <= start < _LATEST for start, _, _ in ordered):
        raise DocumentError("a chapter begins outside of any recording", hint=_HINT)
    nexts = [start for start, _, _ in ordered[1:]]
    last_start, last_end, _ = ordered[-1]
    nexts.append(max(last_start, min(_LATEST, last_end if last_end is not None else last_start)))
    return tuple(
        Topic(clean_name(title) or str(number), start, following)
        for number, ((start, _, title), following) in enumerate(zip(ordered, nexts, strict=True), 1)
    )


def _read_podcast(text: str) -> list[Entry]:
    try:
        chapters = json.loads(text)["chapters"]
        return [
            (float(c["startTime"]), _float(c.get("endTime")), str(c.get("title", "")))
            for c in chapters
            if c.get("toc", True)  # false: only a change of picture
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DocumentError("not a file of chapters in JSON", hint=_HINT) from error


def _float(value: Any) -> Seconds | None:
    return None if value is None else float(value)


def _read_ffmetadata(text: str) -> list[Entry]:
    sections = list(_read_sections(text))
    try:
        return [_read_section(section) for section in sections]
    except (KeyError, ValueError, ZeroDivisionError, OverflowError) as error:
        raise DocumentError("a chapter in it has no START, or a strange one", hint=_HINT) from error


def _read_sections(text: str) -> Iterator[Mapping[str, str]]:
    """Yield the keys and values of each section ``[CHAPTER]``, unescaped."""
    current: dict[str, str] | None = None
    for line in _logical_lines(text):
        if line.startswith("["):
            if current is not None:
                yield current
            current = {} if line.strip() == "[CHAPTER]" else None
        elif current is not None and line[:1] not in {";", "#", ""}:
            key, value = _split_key(line)
            current[key.strip().upper()] = value
    if current is not None:
        yield current


def _logical_lines(text: str) -> Iterator[str]:
    """Yield the lines of ``text``; one that ends in a backslash goes on."""
    line = ""
    for part in text.replace("\r\n", "\n").split("\n"):
        line += part
        if (len(part) - len(part.rstrip("\\"))) % 2:
            line += "\n"
            continue
        yield line
        line = ""
    if line:
        yield line


def _split_key(line: str) -> tuple[str, str]:
    match = re.match(r"((?:[^\\=]|\\.)*)=(.*)", line, re.DOTALL)
    if match is None:
        return line, ""
    return _ESCAPED.sub(r"\1", match[1]), _ESCAPED.sub(r"\1", match[2])


def _read_section(section: Mapping[str, str]) -> Entry:
    base = Fraction(section.get("TIMEBASE", "1/1000000000").replace(" ", ""))
    start, end = (float(int(section[key]) * base) for key in ("START", "END"))
    return start, end, section.get("TITLE", "")
