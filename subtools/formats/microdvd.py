"""MicroDVD (``.sub``), read only: times are frames, and the first line says how many a second."""

from __future__ import annotations

import re
from collections.abc import Iterator

from subtools.core import Cue, Remark, Subtitles
from subtools.errors import DocumentError
from subtools.formats.mending import quote
from subtools.markup import escape_markup

_CUE = re.compile(r"\ufeff?\s*\{(\d{1,9})\}\{(\d{0,9})\}(.*)", re.ASCII | re.DOTALL)
_RATE = re.compile(r"\d{1,3}(?:[.,]\d{1,6})?", re.ASCII)
_CODE = re.compile(r"\{([A-Za-z]):([^{}]*)\}")
_SHAPES = frozenset("ibu")
_GUESSED = 2.0  # s that a cue without an end is shown


def recognise(text: str) -> bool:
    """Tell whether ``text`` looks like MicroDVD: its first line begins with two frames."""
    return _CUE.match(text.lstrip("\ufeff \t\r\n")) is not None


def parse(text: str) -> Subtitles:
    """Return the cues of MicroDVD ``text``.

    Italics, bold and underline are kept, for a line (``{y:i}``) or the cue (``{Y:i}``); colours,
    fonts and places are not.

    Raises:
        DocumentError: If no cue is in it, or it does not say how many frames a second has.
    """
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    found = [(number, line, _CUE.fullmatch(line)) for number, line in lines]
    remarks = [Remark(f"no cue, left out: {quote(line)}", n) for n, line, cue in found if not cue]
    cues = [(number, cue) for number, _, cue in found if cue]
    if not cues:
        raise DocumentError("not MicroDVD: no line begins with two frames", line=1)
    first, (start, end, said) = cues[0][0], cues[0][1].groups()
    if {start, end} - {"0", "1"} or not _RATE.fullmatch(said.strip()):
        hint = "add {1}{1}25 as its first line if the video has 25 frames a second"
        raise DocumentError("MicroDVD that does not say its frames a second", hint=hint, line=first)
    rate = float(said.strip().replace(",", "."))
    if not rate:
        raise DocumentError("MicroDVD of no frames a second", line=first)
    read = [_read_cue(number, cue, rate, remarks) for number, cue in cues[1:]]
    return Subtitles(tuple(cue for cue in read if cue.lines), remarks=tuple(remarks))


def _read_cue(number: int, match: re.Match[str], rate: float, remarks: list[Remark]) -> Cue:
    start = int(match[1]) / rate
    end = int(match[2]) / rate if match[2] else start + _GUESSED
    if not match[2]:
        remarks.append(Remark(f"a cue without an end, shown for {_GUESSED:g} s", number))
    elif end < start:
        remarks.append(Remark("a cue ends before its start; end set to the start", number))
        end = start
    lines, marked = [], []
    for line, markup in _read_lines(match[3]):
        lines.append(line)
        marked.append(markup)
    if not lines:
        remarks.append(Remark("a cue without text left out", number))
    markup = "\n".join(marked)
    return Cue(start, end, tuple(lines), markup=markup if "<" in markup else "")


def _read_lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield each line that shows something, and its markup."""
    everywhere = ""
    for line in text.split("|"):
        codes = _CODE.findall(line)
        everywhere += "".join(value.lower() for code, value in codes if code == "Y")
        here = everywhere + "".join(value.lower() for code, value in codes if code == "y")
        shown = _CODE.sub("", line).strip()
        shapes = sorted(_SHAPES.intersection(here))
        if shown:
            begin = "".join(f"<{shape}>" for shape in shapes)
            end = "".join(f"</{shape}>" for shape in reversed(shapes))
            yield shown, f"{begin}{escape_markup(shown)}{end}"
