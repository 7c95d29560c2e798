"""The numbers of cues in SubRip files."""

from __future__ import annotations

import re
from collections.abc import Sequence

from subtools.formats.srt_times import INVISIBLE, normalise_signs

_NUMBER = re.compile(r"[#\[(]?\s?(\d{1,9})\s?[\])}.:]?", re.ASCII)
_GARBAGE = re.compile(r"[!-~]{1,12}")  # what a broken program writes where a number should be


def read_number(line: str) -> int | None:
    r"""Return the number that is all of ``line``; None if it is anything else.

    >>> read_number("\ufeff１２ "), read_number("12 men"), read_number("#3.")
    (12, None, 3)
    """
    if not line or len(line) > 40:  # a number and some marks
        return None
    match = _NUMBER.fullmatch(normalise_signs(line).strip())
    return int(match[1]) if match else None


def is_garbage(line: str) -> bool:
    """Tell whether ``line``, between an empty line and times, is a number gone wrong.

    >>> is_garbage("x1"), is_garbage("#"), is_garbage("Yes, sir."), is_garbage("好的")
    (True, True, False, False)
    """
    return _GARBAGE.fullmatch(line.strip(INVISIBLE).strip()) is not None


def is_blank(line: str) -> bool:
    """Tell whether ``line`` parts cues."""
    return not line or line.isspace()


def is_numbered(lines: Sequence[str], timings: Sequence[int]) -> bool:
    """Tell whether most of the lines ``timings`` have the number of their cue before them.

    >>> is_numbered(["1", "0:01 --> 0:02", "a"], [1]), is_numbered(["0:01 --> 0:02", "1"], [0])
    (True, False)
    """
    count = sum(_has_number(lines, line) for line in timings)
    return count * 2 > len(timings)


def _has_number(lines: Sequence[str], timing: int) -> bool:
    above = timing - 1
    while above >= 0 and is_blank(lines[above]):
        above -= 1
    if above < 0 or read_number(lines[above]) is None:
        return False
    # A number that an empty line parts from the times may be a text.
    return above == timing - 1 or above == 0 or is_blank(lines[above - 1])
