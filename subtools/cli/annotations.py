"""Violations as annotations of a workflow of GitHub."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from subtools.core import Subtitles, Violation
from subtools.timecode import compose_timecode

_TIMING = re.compile(r"^[^\S\n]*[\d:.,：．，０-９-]+[^\S\n]*[-–—=]+[>〉≻＞]", re.MULTILINE)


def annotate(
    path: Path, violations: Sequence[Violation], lines: Sequence[int | None]
) -> Iterator[str]:
    """Yield an annotation for each of ``violations``.

    Source: GitHub, "Workflow commands for GitHub Actions", Setting an error message; the
    escapes are those of its toolkit (``actions/toolkit``, ``command.ts``).

    Args:
        path: The file that they are in.
        violations: What is wrong.
        lines: The line of each cue; None where it is not known.
    """
    for found in violations:
        line = lines[found.cue - 1] if found.cue <= len(lines) else None
        place = f"file={_escape_property(str(path))}"
        place += f",line={line}" if line is not None else ""
        title = _escape_property(f"{found.rule}")
        at = compose_timecode(found.start)
        message = _escape(f"cue {found.cue} at {at}: {found.message}: {found.text}")
        yield f"::error {place},title={title}::{message}"


def find_cue_lines(path: Path, subtitles: Subtitles) -> tuple[int | None, ...]:
    """Return the line of the file on which the times of each cue stand.

    Known for formats that give times a line with an arrow (SubRip, WebVTT), if there are as
    many such lines as cues: else some were left out or parted, and none is known.
    """
    unknown = (None,) * len(subtitles.cues)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return unknown
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    places = [match.start() for match in _TIMING.finditer(text)]
    if len(places) != len(subtitles.cues):
        return unknown
    lines, last, line = [], 0, 1
    for place in places:
        line += text.count("\n", last, place)
        lines.append(line)
        last = place
    return tuple(lines)


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
