"""Where a WebVTT cue is shown: its settings, and the regions of a file.

Source: https://www.w3.org/TR/webvtt1/, sections 6.2 and 6.3.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from subtools.core import Block

_SPACE = re.compile(r"[\t\n\f\r ]+")  # what HTML calls white space
_PERCENTAGE = re.compile(r"([0-9]+(?:\.[0-9]+)?)%")
_LINE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_FULL = 100.0  # percent
_MOST_DIGITS = 9  # of a number of lines; Python refuses to read thousands of digits


@dataclass(frozen=True, slots=True)
class CueSettings:
    """Where a cue is shown, as the attributes of a browser's ``VTTCue`` say it.

    Attributes:
        vertical: ``rl`` or ``lr`` where columns grow to the left or right; else empty.
        snap_to_lines: Whether ``line`` counts lines; else it is a percentage.
        line: Line from the top, below 0 from the bottom; None where it is automatic.
        line_align: Which side of the cue is at ``line``: ``start``, ``center``, ``end``.
        position: Where on the line, in percent; None where it is automatic.
        position_align: What is there: ``line-left``, ``center``, ``line-right``, ``auto``.
        size: Width of the cue, or its height if it is vertical, in percent.
        align: How lines are aligned: ``start``, ``center``, ``end``, ``left``, ``right``.
        region: Identifier of the region it is in; empty if it is in none.
    """

    vertical: str = ""
    snap_to_lines: bool = True
    line: float | None = None
    line_align: str = "start"
    position: float | None = None
    position_align: str = "auto"
    size: float = _FULL
    align: str = "center"
    region: str = ""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the picture that cues can be shown in, as a browser's ``VTTRegion`` says it.

    Attributes:
        identifier: What the settings of cues call it.
        width: Its width, in percent of the picture.
        lines: How many lines it is high.
        anchor: The point of it that is at ``viewport_anchor``: x and y, in percent of it.
        viewport_anchor: Where in the picture, in percent.
        scroll: ``up`` where new lines push up the others; else empty.
    """

    identifier: str = ""
    width: float = _FULL
    lines: int = 3
    anchor: tuple[float, float] = (0.0, _FULL)
    viewport_anchor: tuple[float, float] = (0.0, _FULL)
    scroll: str = ""


DEFAULT_SETTINGS = CueSettings()


def parse_settings(text: str, regions: Collection[str] | None = None) -> CueSettings:
    """Return what ``text`` says; what means nothing in it is passed over, as browsers do.

    Args:
        text: Settings of a cue, parted by white space.
        regions: Identifiers of the regions there are; None: any.

    >>> settings = parse_settings("line:90%,end position:10% align:start size:200%")
    >>> settings.line, settings.snap_to_lines, settings.line_align, settings.size
    (90.0, False, 'end', 100.0)
    """
    settings = DEFAULT_SETTINGS
    for setting in _SPACE.split(text):
        settings = _apply(settings, setting, regions) or settings
    return settings


def ignored_settings(text: str, regions: Collection[str] | None = None) -> tuple[str, ...]:
    """Return what in ``text`` means nothing.

    >>> ignored_settings("line:0 size:200% hello")
    ('size:200%', 'hello')
    """
    found = filter(None, _SPACE.split(text))
    return tuple(s for s in found if _apply(DEFAULT_SETTINGS, s, regions) is None)


def compose_settings(settings: CueSettings) -> str:
    """Return ``settings`` as text, those left out that are as usual.

    >>> compose_settings(parse_settings("align:center size:50.0% line:-1"))
    'line:-1 size:50%'
    """
    return " ".join(_compose(settings))


def parse_region(text: str) -> Region:
    """Return the region that ``text`` describes; what means nothing in it is passed over.

    >>> parse_region("id:top width:40% regionanchor:0%,0% scroll:up").anchor
    (0.0, 0.0)
    """
    region = Region()
    for setting in _SPACE.split(text):
        name, _, value = setting.partition(":")
        region = _apply_to_region(region, name, value)
    return region


def find_regions(blocks: Iterable[Block]) -> dict[str, Region]:
    """Return the regions among ``blocks`` that cues can be in, by their identifiers."""
    texts = (block.text for block in blocks if (block.kind, block.position) == ("REGION", 0))
    return {region.identifier: region for region in map(parse_region, texts)}


def _apply(
    settings: CueSettings, setting: str, regions: Collection[str] | None
) -> CueSettings | None:
    """Return ``settings`` with one more; None if it means nothing."""
    name, _, value = setting.partition(":")
    if not value:
        return None
    if name == "region":
        is_known = regions is None or value in regions
        return (
            replace(settings, region=value if is_known else "")
            if is_known or settings.region
            else None
        )
    change = _CHANGES.get(name)
    return change(settings, value) if change else None


def _turn(settings: CueSettings, value: str) -> CueSettings | None:
    return replace(settings, vertical=value, region="") if value in {"rl", "lr"} else None


def _put_on_line(settings: CueSettings, value: str) -> CueSettings | None:
    written, comma, align = value.partition(",")
    is_percentage = written.endswith("%")
    line = _percentage(written) if is_percentage else _line(written)
    if line is None or (comma and align not in {"start", "center", "end"}):
        return None
    kept = align if comma else settings.line_align
    return replace(settings, line=line, line_align=kept, snap_to_lines=not is_percentage, region="")


def _put_at(settings: CueSettings, value: str) -> CueSettings | None:
    written, comma, align = value.partition(",")
    position = _percentage(written)
    if position is None or (comma and align not in {"line-left", "center", "line-right"}):
        return None
    kept = align if comma else settings.position_align
    return replace(settings, position=position, position_align=kept)


def _resize(settings: CueSettings, value: str) -> CueSettings | None:
    size = _percentage(value)
    if size is None:
        return None
    return replace(settings, size=size, region=settings.region if size == _FULL else "")


def _align(settings: CueSettings, value: str) -> CueSettings | None:
    known = {"start", "center", "end", "left", "right"}
    return replace(settings, align=value) if value in known else None


_CHANGES: dict[str, Callable[[CueSettings, str], CueSettings | None]] = {
    "vertical": _turn,
    "line": _put_on_line,
    "position": _put_at,
    "size": _resize,
    "align": _align,
}


def _percentage(text: str) -> float | None:
    match = _PERCENTAGE.fullmatch(text)
    number = float(match[1]) if match else math.inf
    return number if number <= _FULL else None


def _line(text: str) -> float | None:
    number = float(text) if _LINE.fullmatch(text) else math.inf
    return number + 0.0 if math.isfinite(number) else None  # no -0.0


def _compose(settings: CueSettings) -> Iterator[str]:
    """Yield the settings. The region is last: those of places take a cue out of it."""
    if settings.vertical:
        yield f"vertical:{settings.vertical}"
    if settings.line is not None:
        sign = "" if settings.snap_to_lines else "%"
        align = "" if settings.line_align == "start" else f",{settings.line_align}"
        yield f"line:{_number(settings.line)}{sign}{align}"
    if settings.position is not None:
        align = "" if settings.position_align == "auto" else f",{settings.position_align}"
        yield f"position:{_number(settings.position)}%{align}"
    if settings.size != _FULL:
        yield f"size:{_number(settings.size)}%"
    if settings.align != "center":
        yield f"align:{settings.align}"
    if settings.region:
        yield f"region:{settings.region}"


def _number(value: float) -> str:
    """Return ``value`` in digits, without an exponent."""
    digits = f"{Decimal(repr(value)):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def _apply_to_region(region: Region, name: str, value: str) -> Region:
    """Return ``region`` with one more setting, if it means something."""
    if name == "id" and value:
        return replace(region, identifier=value)
    if name == "width" and (width := _percentage(value)) is not None:
        return replace(region, width=width)
    if name == "lines" and value.isascii() and value.isdecimal():
        lines = value.lstrip("0")[:_MOST_DIGITS]
        return replace(region, lines=int(lines or "0"))
    if name == "regionanchor" and (anchor := _point(value)):
        return replace(region, anchor=anchor)
    if name == "viewportanchor" and (anchor := _point(value)):
        return replace(region, viewport_anchor=anchor)
    return replace(region, scroll="up") if (name, value) == ("scroll", "up") else region


def _point(text: str) -> tuple[float, float] | None:
    x, _, y = text.partition(",")
    left, top = _percentage(x), _percentage(y)
    return None if left is None or top is None else (left, top)
