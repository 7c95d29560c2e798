"""What elements of TTML look like, and where regions are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from subtools.formats.places import USUAL
from subtools.formats.styled import COLOURS, Looks
from subtools.formats.ttml.tree import Node

Style = Mapping[str, str]

_UNDERSTOOD = {
    *("fontStyle", "fontWeight", "textDecoration", "color", "textAlign", "displayAlign"),
    *("origin", "extent"),
}
# Names of TTML that have another sum of red, green and blue than WebVTT's class of that name.
_NAMED = {**COLOURS, "fuchsia": "ff00ff", "aqua": "00ffff", "silver": "c0c0c0"}
_CLASSES = {value: name for name, value in COLOURS.items()}
_HEX = re.compile(r"#([0-9a-fA-F]{6})(?:[0-9a-fA-F]{2})?")
_RGB = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,\d{1,3})?\)", re.ASCII)
_WRITTEN = {("fontFamily", "proportionalSansSerif"), ("textOutline", "#000000 5%")}  # by us
_MOST_STEPS = 20  # of styles that refer to styles
_STYLING = {
    *("backgroundColor", "color", "displayAlign", "extent", "fontFamily", "fontSize", "fontStyle"),
    *("fontWeight", "lineHeight", "opacity", "origin", "overflow", "padding", "textAlign"),
    *("textDecoration", "textOutline", "textShadow", "textEmphasis", "ruby", "writingMode"),
    *("direction", "unicodeBidi", "wrapOption", "showBackground", "visibility", "display"),
}


class Styles:
    """The styles and regions in the head of a file."""

    def __init__(self, root: Node) -> None:
        self._named = _by_id(root.find_all("style"))
        self._extent = _pair(root.attributes.get("extent", ""))
        self.unused: set[str] = set()
        self._known: dict[str, Style] = {}
        self._regions = {
            name: self._read_region(node) for name, node in _by_id(root.find_all("region")).items()
        }

    def own(self, node: Node) -> dict[str, str]:
        """Return what ``node`` says of its looks, by name or itself."""
        return self._resolve(node, _MOST_STEPS)

    def region(self, name: str) -> Style:
        """Return what the region of that name says."""
        return self._regions.get(name, {})

    def place(self, style: Style) -> int:
        """Return where text with ``style`` is, as the keypad counts; 0 if nothing says it."""
        align = style.get("textAlign", "")
        column = {"left": 0, "start": 0, "right": 2, "end": 2}.get(align, 1)
        row = self._row(style)
        if row is None and not align:
            return 0
        return 1 + 3 * (row or 0) + column if row is not None else USUAL - 1 + column

    def _resolve(self, node: Node, steps: int) -> dict[str, str]:
        style: dict[str, str] = {}
        for name in node.attributes.get("style", "").split() if steps else ():
            style.update(self._named_style(name, steps - 1))
        said = {key: value for key, value in node.attributes.items() if key in _STYLING}
        others = (pair for pair in said.items() if pair[0] not in _UNDERSTOOD)
        self.unused |= {key for key, value in others if (key, value) not in _WRITTEN}
        return {**style, **said}

    def _named_style(self, name: str, steps: int) -> Style:
        """Return what a style says; it is asked for once, as styles may refer to many others."""
        if name not in self._known:
            self._known[name] = {}  # also what one says that refers to itself
            if name in self._named:
                self._known[name] = self._resolve(self._named[name], steps)
        return self._known[name]

    def _read_region(self, node: Node) -> Style:
        inner = (self._resolve(child, 0) for child in node.elements() if child.name == "style")
        style = self._resolve(node, _MOST_STEPS)
        for said in inner:
            style.update(said)
        return style

    def _row(self, style: Style) -> int | None:
        """Return 0 for the lower third, 1 for the middle, 2 for the upper; None if unknown."""
        display = style.get("displayAlign", "")
        box = self._box(style)
        if box is None:
            return {"before": 2, "center": 1, "after": 0}.get(display)
        top, height = box
        share = {"after": 1.0, "center": 0.5}.get(display, 0.0)
        at = top + height * share
        return 2 if at < 1 / 3 else 1 if at <= 2 / 3 else 0

    def _box(self, style: Style) -> tuple[float, float] | None:
        """Return top and height of a region, as shares of the picture."""
        origin, extent = _pair(style.get("origin", "")), _pair(style.get("extent", ""))
        if origin is None or extent is None:
            return None
        top, height = self._share(origin[1]), self._share(extent[1])
        return None if top is None or height is None else (top, height)

    def _share(self, length: tuple[float, str]) -> float | None:
        value, unit = length
        if unit in {"%", "rh", "vh"}:
            return value / 100
        whole = self._extent[1][0] if self._extent and self._extent[1][1] == "px" else 0.0
        return value / whole if unit == "px" and whole else None


def looks_of(style: Style) -> Looks:
    """Return what WebVTT has tags for.

    >>> sorted(looks_of({"fontStyle": "italic", "color": "#FFFF00FF"}))
    ['c.yellow', 'i']
    """
    decoration = style.get("textDecoration", "").split()
    tags = {
        "i": style.get("fontStyle") in {"italic", "oblique"},
        "b": style.get("fontWeight") == "bold",
        "u": "underline" in decoration,
    }
    colour = _class_of(style.get("color", ""))
    named = {f"c.{colour}"} if colour else set()
    return frozenset({tag for tag, is_there in tags.items() if is_there} | named)


def _class_of(colour: str) -> str:
    """Return WebVTT's class of ``colour``; none for white, which is the usual one."""
    bare = "".join(colour.split()).casefold()
    value = _NAMED.get(bare, "")
    if match := _HEX.fullmatch(bare):
        value = match[1].lower()
    elif match := _RGB.fullmatch(bare):
        value = "".join(f"{min(255, int(part)):02x}" for part in match.groups())
    name = _CLASSES.get(value, "")
    return "" if name == "white" else name


def _by_id(nodes: Iterable[Node]) -> dict[str, Node]:
    return {node.attributes["id"]: node for node in nodes if "id" in node.attributes}


def _pair(text: str) -> Sequence[tuple[float, str]] | None:
    """Return the two lengths of an origin or extent."""
    lengths = re.findall(r"(-?\d{1,9}(?:\.\d{1,9})?)(%|px|c|em|rw|rh|vh|vw)", text)
    return [(float(number), unit) for number, unit in lengths] if len(lengths) == 2 else None
