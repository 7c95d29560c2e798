"""Where chapters begin, as a file says it."""

from __future__ import annotations

import re
from pathlib import Path

from subtools.core import Seconds
from subtools.errors import DocumentError
from subtools.reading import load_subtitles, read_text
from subtools.timecode import parse_offset

_LINE = re.compile(r"\s*[\[(]?(\d+(?::\d\d?){1,2}(?:[.,]\d+)?)[\])]?(?:\s.*|\s*)")


def read_chapters(path: Path) -> list[Seconds]:
    """Return where the chapters in ``path`` begin, in seconds, in order.

    Args:
        path: Lines that begin with a time, as sites have them under a video; else a file of
            subtitles, whose cues are the chapters.

    Raises:
        DocumentError: If it holds no times.
    """
    lines = [(number, line) for number, line in enumerate(read_text(path).splitlines(), 1)]
    matches = [(number, _LINE.fullmatch(line)) for number, line in lines if line.strip()]
    if matches and all(match for _, match in matches):
        return sorted({_read_time(m[1], number, path) for number, m in matches if m})
    starts = sorted({cue.start for cue in load_subtitles(path).cues})
    if not starts:
        hint = "give lines such as 12:30 Questions, or a file of subtitles"
        raise DocumentError("there are no chapters in it", hint=hint, path=path)
    return starts


def _read_time(text: str, number: int, path: Path) -> Seconds:
    try:
        return parse_offset(text)
    except ValueError as error:
        raise DocumentError(str(error), path=path, line=number) from error
