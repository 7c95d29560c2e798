"""Times, stretches and pairs of times on the command line."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import typer

from subtools.core import Seconds, Span
from subtools.editing import parse_frame_rate
from subtools.timecode import parse_offset

# Lets ``-1.5`` be an argument: what begins with a hyphen and is no option is passed on.
NEGATIVE_TIMES: dict[str, Any] = {"ignore_unknown_options": True}

Point = tuple[Seconds, Seconds]


def read_offset(value: str | float) -> Seconds:
    """Return a number of seconds, which may be below 0."""
    if isinstance(value, float):
        return value
    try:
        return parse_offset(value)
    except ValueError as error:
        raise typer.BadParameter(f"{error}; give one such as 2.5, -0:10 or 1:02:03.5") from error


def read_time(value: str | float) -> Seconds:
    """Return a number of seconds from 0 on."""
    seconds = read_offset(value)
    if seconds < 0:
        raise typer.BadParameter(f"a time before 0 makes no sense here: {value}")
    return seconds


def read_stretch(value: str | Span) -> Span:
    """Return the stretch that ``START-END`` is; without an end, all from the start on.

    >>> read_stretch("10:00-20:00"), read_stretch("90-")
    (Span(start=600.0, end=1200.0), Span(start=90.0, end=inf))
    """
    if isinstance(value, Span):
        return value
    start, hyphen, end = value.replace("–", "-").partition("-")
    if not hyphen or not (start.strip() or end.strip()):
        raise typer.BadParameter(f"not a stretch of time: {value!r}; give one such as 10:00-20:00")
    first = read_time(start) if start.strip() else 0.0
    past = read_time(end) if end.strip() else float("inf")
    if past <= first:
        raise typer.BadParameter(f"the end is not after the start: {value}")
    return Span(first, past)


def read_point(value: str) -> Point:
    """Return the old and the new time that ``OLD=NEW`` stands for.

    >>> read_point("0:10=0:12.5")
    (10.0, 12.5)
    """
    old, equals, new = value.partition("=")
    if not equals:
        raise typer.BadParameter(f"not two times: {value!r}; give them as in 0:10=0:12.5")
    return read_offset(old), read_offset(new)


def read_times(values: list[str] | None) -> list[Seconds]:
    """Return the times in ``values``; each may hold several, separated by spaces or semicolons.

    >>> read_times(["45:10.5; 30:00", "7"])
    [2710.5, 1800.0, 7.0]
    """
    texts = (text for value in values or () for text in re.split(r"[;\s]+", value) if text)
    return [read_time(text) for text in texts]


def read_rate(value: str | Fraction) -> Fraction:
    """Return the exact frames a second that ``value`` means."""
    if isinstance(value, Fraction):
        return value
    try:
        return parse_frame_rate(value)
    except ValueError as error:
        raise typer.BadParameter(f"{error}; give one such as 23.976, 25 or 30000/1001") from error


def read_factor(value: str | Fraction) -> Fraction:
    """Return the number above 0 that ``value`` is: a decimal number or a fraction."""
    if isinstance(value, Fraction):
        return value
    try:
        factor = Fraction(value.strip().replace(",", "."))
    except (ValueError, ZeroDivisionError) as error:
        raise typer.BadParameter(f"not a number: {value!r}; give one such as 1.001") from error
    if not 0 < factor < 1_000_000:
        raise typer.BadParameter(f"times cannot be multiplied by {value}")
    return factor
