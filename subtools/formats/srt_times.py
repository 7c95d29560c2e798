"""The times of SubRip as people and programs write them, right and wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DASHES = "‐‑‒–—―−－ー⁃"
_POINTS = "＞›»≻〉"
_ARROWS = "⇒➔➜➝⟶⟹"
_SIGNS = {  # how keyboards of East Asia and word processors write the signs of a time
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _POINTS), ">"),
    **dict.fromkeys(map(ord, _ARROWS), "→"),
    **dict.fromkeys(map(ord, "：∶︰꞉﹕"), ":"),
    **dict.fromkeys(map(ord, "；﹔"), ";"),
    **dict.fromkeys(map(ord, "，､、﹐،٫‚"), ","),
    **dict.fromkeys(map(ord, "．。｡﹒·"), "."),
    **dict.fromkeys(map(ord, "［【（〔"), "["),
    **dict.fromkeys(map(ord, "］】）〕"), "]"),
}
# Marks that no reader sees: byte order marks, directions, joiners, and a NUL.
INVISIBLE = "\0\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f\u061c" + "".join(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
_SIGNS |= dict.fromkeys(map(ord, INVISIBLE), " ")
_LOOKALIKES = str.maketrans("OoQlI|", "000111")  # of scanned subtitles
_UNFINISHED = set("OoQlI|:;.,")  # what follows a time that goes on
_LONGEST = 120  # characters that the times of a cue and what is around them may take

_HAS_ARROW = re.compile(rf"[-={_DASHES}]\s{{0,3}}(?:[>{_POINTS}]|&gt;)|[→{_ARROWS}]")
_ARROW = re.compile(r"-[-\s]{0,6}(?:>|&gt;){1,3}|→")
_NUMBER = r"\d{1,6}"  # more digits are no time, and take for ever to be multiplied
_TIME = rf"-?\s?{_NUMBER}(?:\s{{0,3}}[:;.,]\s{{0,3}}\d{{1,12}}){{1,3}}[.,]?(?:\s+\d{{3}}(?=\s*$))?"
_OPENING, _CLOSING = r"[\[({<\"'*>|\s]{0,12}", r"[\])}>\"'*|\s]{0,12}"
_BEFORE = re.compile(rf"{_OPENING}(?P<time>{_TIME}){_CLOSING}", re.ASCII)
_NUMBERED = re.compile(
    rf"[\[(#\s]{{0,12}}(?P<index>{_NUMBER})(?:\s?[\])}}.:,|-]\s*|\s+)"
    rf"{_OPENING}(?P<time>{_TIME}){_CLOSING}",
    re.ASCII,
)
_AFTER = re.compile(rf"{_OPENING}(?P<time>{_TIME})", re.ASCII)
_BARE = re.compile(  # no arrow at all; SubViewer has a comma there
    rf"(?P<start>-?{_NUMBER}[:;]\d\d?[:;]\d\d?[.,]\d{{1,3}})"
    rf"(?:\s*[-,~]\s*|\s+)(?P<end>-?{_NUMBER}[:;]\d\d?[:;]\d\d?[.,]\d{{1,3}})\s*",
    re.ASCII,
)
_PARTS = re.compile(r"\d+", re.ASCII)
_SEPARATORS = re.compile(r"[:;.,]")
_SHORT_TIME = 2  # numbers of a time that has neither hours nor a fraction


@dataclass(frozen=True, slots=True)
class Timing:
    """What a line that holds the times of a cue says.

    Attributes:
        start: In milliseconds, below zero if it is written so; None if it is unreadable.
        end: The same.
        rest: What stands behind the times.
        index: The number before the times, on the same line; empty if there is none.
        is_full: Whether both times have hours or a fraction: nothing else looks like that.
        has_arrow: Whether an arrow of hyphens stands between them, as it should.
    """

    start: int | None
    end: int | None
    rest: str = ""
    index: str = ""
    is_full: bool = True
    has_arrow: bool = True


def find_timing(line: str) -> Timing | None:
    """Return the times that are all of ``line``, or all but what follows them; None if none are.

    Signs of other scripts, spaces, missing hours and milliseconds, and arrows of all kinds
    are understood; times that are only half there have a start or an end of None.

    >>> timing = find_timing("００：００：０１，５ ->  1:02.25 X1:10")
    >>> timing.start, timing.end, timing.rest
    (1500, 62250, 'X1:10')
    >>> find_timing("the score is 3 --> 4") is None
    True
    """
    if not may_have_times(line):
        return None
    plain = normalise_signs(line[: 2 * _LONGEST])
    arrow = _ARROW.search(plain, 0, _LONGEST)
    if arrow is None:
        return None
    before, after = plain[: arrow.start()], plain[arrow.end() :]
    left = _match_start(before) or _match_start(before.translate(_LOOKALIKES))
    right = _match_end(after)
    start = parse_time(left["time"]) if left else None
    end = parse_time(right["time"]) if right else None
    if start is None and end is None:
        return None
    return Timing(
        start,
        end,
        _strip_closing(line[arrow.end() + (right.end() if right and end is not None else 0) :]),
        left.groupdict().get("index", "") if left else "",
        bool(left and right and _is_full(left["time"]) and _is_full(right["time"])),
        arrow[0] != "→",
    )


def may_have_times(text: str) -> bool:
    """Tell whether there is an arrow in ``text``; fast, for it is asked of every line."""
    return _HAS_ARROW.search(text) is not None


def find_bare_timing(line: str) -> Timing | None:
    """Return the two full times that are all of ``line``, no arrow between them.

    >>> timing = find_bare_timing("00:00:01.00,00:00:02.50")
    >>> timing.start, timing.end
    (1000, 2500)
    """
    if line.count(":") + line.count("：") < 4 or len(line) > _LONGEST:
        return None
    match = _BARE.fullmatch(normalise_signs(line).strip())
    if match is None:
        return None
    return Timing(parse_time(match["start"]), parse_time(match["end"]), has_arrow=False)


def replace_arrow(line: str) -> str:
    """Return ``line``, which holds times, with ``→`` for its arrow.

    >>> replace_arrow("0:00:01,000 -> 0:00:02,000")
    '0:00:01,000 → 0:00:02,000'
    """
    arrow = _ARROW.search(normalise_signs(line[: 2 * _LONGEST]), 0, _LONGEST)
    return f"{line[: arrow.start()]}→{line[arrow.end() :]}" if arrow else line


def normalise_signs(line: str) -> str:
    r"""Return ``line``, character for character, with digits and signs of times in ASCII.

    >>> normalise_signs("\ufeff００：０１，５—＞")
    ' 00:01,5->'
    """
    plain = line if line.isascii() else line.translate(_SIGNS)
    if plain.isascii():
        return plain.replace("=", "-")
    return "".join(str(int(c)) if c.isdecimal() else c for c in plain.replace("=", "-"))


def parse_time(text: str) -> int | None:
    """Return the milliseconds that ``text`` stands for; None if they cannot be told.

    What follows the seconds is a fraction, however many digits it has: ``,5`` is half a
    second. Numbers above 59 count as they are: 61 seconds are a minute and one.

    >>> parse_time("01:02,5"), parse_time("100:00:00"), parse_time("-0:0:1.0006")
    (62500, 360000000, -1001)
    """
    numbers, separators = _PARTS.findall(text), _SEPARATORS.findall(text.rstrip(".,"))
    if len(numbers) > len(separators) + 1:
        separators.append(",")  # 00:00:01 500
    *whole, fraction = numbers if _has_fraction(numbers, separators) else [*numbers, ""]
    if not 2 <= len(whole) <= 3:  # minutes and seconds, with hours or without
        return None
    seconds = 0
    for number in whole:
        seconds = seconds * 60 + int(number)
    milliseconds = seconds * 1000 + _fraction_to_milliseconds(fraction)
    return -milliseconds if text.lstrip().startswith("-") else milliseconds


def _match_start(before: str) -> re.Match[str] | None:
    """Return the time that is all of ``before``, or all but a number before it."""
    return _BEFORE.fullmatch(before) or _NUMBERED.fullmatch(before)


def _match_end(after: str) -> re.Match[str] | None:
    after = after[:_LONGEST]
    match = _AFTER.match(after)
    if match and after[match.end() : match.end() + 1] not in _UNFINISHED:
        return match
    match = _AFTER.match(after.translate(_LOOKALIKES))
    # A time that goes on in letters is none.
    return None if match and after[match.end() : match.end() + 1] in {":", ";"} else match


def _strip_closing(rest: str) -> str:
    """Return what follows the times, without the bracket that was opened before them."""
    return rest.lstrip("])}>\"'*|").strip()


def _is_full(time: str) -> bool:
    numbers = _PARTS.findall(time)
    return len(numbers) > _SHORT_TIME


def _has_fraction(numbers: list[str], separators: list[str]) -> bool:
    """Tell whether the last of ``numbers`` is a fraction of a second."""
    if len(numbers) == 4:  # hours, minutes, seconds and it
        return True
    if len(numbers) == 3:
        is_marked = separators[1] in ".," and separators[0] in ":;"
        return is_marked or len(numbers[2]) == 3  # 00:01:500
    return separators[0] in ".,"


def _fraction_to_milliseconds(digits: str) -> int:
    scale: int = 10 ** len(digits)
    return (int(digits or "0") * 2000 // scale + 1) // 2
