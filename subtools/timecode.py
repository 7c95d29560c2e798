"""Seconds to text and back; the only place where a time is rounded."""

from __future__ import annotations

import re
from fractions import Fraction

from subtools.core import Seconds

_OFFSET = re.compile(r"([+-])?(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d+)?|[.,]\d+)", re.ASCII)
_TIMECODE = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?")


def to_milliseconds(seconds: Seconds) -> int:
    """Return ``seconds`` in whole milliseconds, half up, never below 0.

    >>> to_milliseconds(1.0005)
    1001
    """
    return max(0, int(seconds * 1000 + 0.5))


def to_seconds(milliseconds: int) -> Seconds:
    """Return ``milliseconds`` in seconds.

    >>> to_seconds(1500)
    1.5
    """
    return milliseconds / 1000


def compose_timecode(seconds: Seconds, *, separator: str = ".") -> str:
    """Return ``HH:MM:SS.mmm``; hours grow beyond two digits where they must.

    >>> compose_timecode(3723.0456)
    '01:02:03.046'
    >>> compose_timecode(0.5, separator=",")
    '00:00:00,500'
    """
    minutes, milliseconds = divmod(to_milliseconds(seconds), 60_000)
    hours, minutes = divmod(minutes, 60)
    whole, milliseconds = divmod(milliseconds, 1000)
    return f"{hours:02d}:{minutes:02d}:{whole:02d}{separator}{milliseconds:03d}"


def compose_clock(seconds: Seconds) -> str:
    """Return a short time for people: ``M:SS``, or ``H:MM:SS`` from an hour on.

    >>> compose_clock(754.4), compose_clock(3723)
    ('12:34', '1:02:03')
    """
    minutes, whole = divmod(int(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{whole:02d}" if hours else f"{minutes}:{whole:02d}"


def parse_timecode(text: str) -> Seconds:
    """Return the seconds that ``[H:]MM:SS[.mmm]`` (or with a comma) stands for.

    >>> parse_timecode("01:02:03,5")
    3723.5

    Raises:
        ValueError: If ``text`` is not such a time.
    """
    match = _TIMECODE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a time: {text!r}")
    hours, minutes, whole, fraction = match.groups()
    milliseconds = int((fraction or "0").ljust(3, "0"))
    return to_seconds(
        ((int(hours or 0) * 60 + int(minutes)) * 60 + int(whole)) * 1000 + milliseconds
    )


def parse_offset(text: str) -> Seconds:
    """Return the seconds that a time as people type it stands for; it may be below 0.

    >>> parse_offset("1.5"), parse_offset("-0:10"), parse_offset("01:02:03,5")
    (1.5, -10.0, 3723.5)

    Raises:
        ValueError: If ``text`` is not such a time.
    """
    match = _OFFSET.fullmatch(text.strip().replace("\N{MINUS SIGN}", "-"))
    if match is None:
        raise ValueError(f"not a time: {text!r}")
    sign, hours, minutes, last = match.groups()
    seconds = Fraction(last.replace(",", "."))
    if (minutes and seconds >= 60) or (hours and int(minutes) >= 60):
        raise ValueError(f"not a time, 60 is one more of the next: {text!r}")
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + seconds
    return float(-whole if sign == "-" else whole)
