r"""The tags of SubRip to the markup and places of cues, and back.

SubRip has no specification; these are what players act on: ``<i> <b> <u> <s>``, ``<font
color>``, ``<br>``, the same in braces (``{i}``), and overrides of ASS (``{\an8}``). All else
in angle brackets or braces is text. A text that looks like a tag gets U+2060, which is not
seen, behind its bracket, and so is shown as it is.

Source of the default colours: https://www.w3.org/TR/webvtt1/#default-text-color
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from subtools.core import Cue
from subtools.formats.places import USUAL, is_place, place_to_settings, settings_to_place
from subtools.markup import (
    Token,
    TokenKind,
    escape_markup,
    parse_markup,
    rewrap_markup,
)

_JOINER = "\u2060"  # WORD JOINER
_ANGLED = r"(?P<end>/?)(?P<name>[ibus]|font)(?P<attributes>\s[^<>]*|/)?>|br\s{0,3}/?>"
_BRACED = r"(?P<shut>/?)(?P<letter>[ibus])\}|\\(?P<overrides>[^{}<>\n]*)\}"
_TAG = re.compile(rf"<(?:{_ANGLED}|{_JOINER}+)|{{(?:{_BRACED}|{_JOINER}+)", re.IGNORECASE)
# A bracket with which something begins that reads as a tag once a joiner is taken out, or what
# another piece may make one. One tag may stand in the attributes of another: each is looked at.
_TAG_LIKE = rf"<(?={_JOINER}|{_ANGLED})|{{(?={_JOINER}|{_BRACED})"
_ESCAPED = re.compile(_TAG_LIKE, re.IGNORECASE)
_ESCAPED_IN_PIECES = re.compile(
    rf"{_TAG_LIKE}|<(?=[^\s\d][^<>]*$|$)|{{(?=[^\s\d][^<>{{}}]*$|$)", re.IGNORECASE
)
_MARKUP_TAG = re.compile(r"<[^<>]*>")
_COLOUR = re.compile(r"\bcolor\s*=\s*[\"']?\s*(#?\w+)", re.IGNORECASE)
_OVERRIDE = re.compile(
    r"(?P<name>an?|[ibusr]|1?c)(?P<value>\d{0,9}|&H[0-9A-F]{1,8}&?)$", re.IGNORECASE
)

_COLOURS = {
    "white": "ffffff",
    "lime": "00ff00",
    "cyan": "00ffff",
    "red": "ff0000",
    "yellow": "ffff00",
    "magenta": "ff00ff",
    "blue": "0000ff",
    "black": "000000",
}
_CLASSES = {
    **{value: name for name, value in _COLOURS.items()},
    **{name: name for name in _COLOURS},
    "aqua": "cyan",
    "fuchsia": "magenta",
}
_OLD_PLACES = {5: 7, 6: 8, 7: 9, 9: 4, 10: 5, 11: 6}  # \a of SSA to \an of ASS
_MOST_OPEN = 32  # tags within one another; nobody nests more, and closing takes as long
_SHAPES = frozenset("ibu")  # of WebVTT; it has no <s>


@dataclass(frozen=True, slots=True)
class Tagged:
    """What the text of a cue of SubRip says.

    Attributes:
        lines: As they are shown.
        markup: The same with tags; empty if there are none that the markup has.
        settings: Where it is shown.
        left_out: Tags that neither has a place for.
    """

    lines: tuple[str, ...]
    markup: str = ""
    settings: str = ""
    left_out: tuple[str, ...] = ()


def read_tags(text: str) -> Tagged:
    r"""Return what ``text`` shows, and how.

    >>> read_tags("{\\an8}<i>R&D</i> a < b")
    Tagged(lines=('R&D a < b',), markup='<i>R&amp;D</i> a &lt; b', settings='line:0', left_out=())
    """
    reader = _Reader()
    position = 0
    for match in _TAG.finditer(text):
        reader.add_text(text[position : match.start()])
        reader.add_tag(match)
        position = match.end()
    reader.add_text(text[position:])
    return reader.result()


def write_tags(cue: Cue, *, prefix: str = "") -> list[str]:
    """Return the lines of ``cue`` with its tags, as ``read_tags`` reads them.

    A cue that came from SubRip and is still the same gives what it was there.

    Args:
        cue: A cue with text.
        prefix: What stands before the text, such as a name.
    """
    lines = [line.rstrip() for line in cue.text.splitlines() if line and not line.isspace()]
    if not (prefix or cue.markup or cue.native or cue.settings):
        return escape_tags("\n".join(lines)).split("\n")
    native = cue.native.text if cue.native and cue.native.format == "srt" else ""
    if native and not prefix and _is_same(cue, read_tags(native)):
        return native.split("\n")
    text = "\n".join(lines)
    if cue.markup:
        written = escape_tags(prefix, is_piece=True) + _write_markup(cue.markup, lines)
    else:
        written = escape_tags(prefix + text)
    return f"{_write_place(cue)}{written}".split("\n")


def read_back(tagged: Tagged) -> str:
    """Return the text that ``write_tags`` makes of what was read."""
    cue = Cue(0, 0, tagged.lines, markup=tagged.markup, settings=tagged.settings)
    return "\n".join(write_tags(cue))


def escape_tags(text: str, *, is_piece: bool = False) -> str:
    r"""Return ``text`` so that nothing in it is a tag, nor with what follows if it is a piece.

    >>> escape_tags("<i> < {x}") == "<\u2060i> < {x}"
    True
    """
    if "<" not in text and "{" not in text:
        return text
    pattern = _ESCAPED_IN_PIECES if is_piece else _ESCAPED
    return pattern.sub(rf"\g<0>{_JOINER}", text)


def shows_text(text: str) -> bool:
    r"""Tell whether ``text`` is more than tags and white space.

    >>> shows_text("{\\an8}<i> </i>"), shows_text("<3")
    (False, True)
    """
    return not text.isspace() and bool(_TAG.sub("", text).strip())


def list_unwritten(cue: Cue) -> Iterator[str]:
    """Yield what of the markup and place of ``cue`` SubRip has no tag for, in words."""
    if cue.markup and any(map(_is_unwritten, parse_markup(cue.markup))):
        yield "tags other than italics, bold, underline and eight colours"
    if not is_place(cue.settings):
        yield "places on the screen other than nine"


@dataclass(slots=True)
class _Reader:
    """Makes markup of text and tags as they come."""

    markup: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    # What was begun, as it is called in SubRip, and the tag of the markup, if it has one.
    opened: list[tuple[str, str]] = field(default_factory=list)
    is_tagged: bool = False
    settings: str = ""
    left_out: list[str] = field(default_factory=list)

    def add_text(self, text: str) -> None:
        if text:
            self.shown.append(text)
            self.markup.append(escape_markup(text))

    def add_tag(self, match: re.Match[str]) -> None:
        if match[0].endswith(_JOINER):
            self.add_text(match[0][:-1])
        elif match["overrides"] is not None:
            for override in match["overrides"].split("\\"):
                self._override(override.strip())
        elif name := (match["name"] or match["letter"] or "").lower():
            if match["end"] or match["shut"]:
                self._close(name)
            elif match["attributes"] != "/":
                self._open(name, match["attributes"] or "")
        else:
            self.add_text("\n")  # <br>

    def result(self) -> Tagged:
        self.markup += [f"</{_name(tag)}>" for _, tag in reversed(self.opened) if tag]
        shown = "".join(self.shown)
        lines = tuple(line for line in shown.split("\n") if line.strip())
        markup = "".join(self.markup) if self.is_tagged else ""
        if markup and "\n".join(lines) != shown:
            markup = _drop_blank_lines(markup)
        return Tagged(lines, markup, self.settings, tuple(self.left_out))

    def _open(self, name: str, attributes: str) -> None:
        tag = name if name in _SHAPES else ""
        if name == "font":
            colour = _COLOUR.search(attributes)
            tag = _colour_tag(colour[1].lower().removeprefix("#") if colour else "")
            if not tag or len(_COLOUR.sub("", attributes).strip(" \"'")):
                self.left_out.append(f"<font{attributes}>")
        elif not tag:
            self.left_out.append(f"<{name}>")
        self._push(name, tag)

    def _push(self, name: str, tag: str) -> None:
        if len(self.opened) == _MOST_OPEN:
            self.left_out.append(f"<{name}>")
            return
        self.opened.append((name, tag))
        if tag:
            self.is_tagged = True
            self.markup.append(f"<{tag}>")

    def _close(self, name: str) -> None:
        """Close the last ``name`` that was begun, and what was begun within it for a moment."""
        places = [place for place, (opened, _) in enumerate(self.opened) if opened == name]
        if not places:
            return
        within = self.opened[places[-1] + 1 :]
        tags = [tag for _, tag in self.opened[places[-1] :] if tag]
        self.markup += [f"</{_name(tag)}>" for tag in reversed(tags)]
        del self.opened[places[-1] :]
        for opened, tag in within:
            self._push(opened, tag)

    def _override(self, override: str) -> None:
        match = _OVERRIDE.match(override)
        name, value = (match["name"].lower(), match["value"]) if match else ("", "")
        if name in {"a", "an"} and (settings := _find_place(name, value)) is not None:
            self.settings = self.settings or settings
        elif name in _SHAPES and value.isdecimal():
            self._close(f"\\{name}")
            if int(value):
                self._push(f"\\{name}", name)
        elif name in {"c", "1c"} and not value.isdecimal():
            self._close("\\c")
            self._push("\\c", self._find_colour(override, value))
        elif override:
            self.left_out.append(f"\\{override}")

    def _find_colour(self, override: str, value: str) -> str:
        """Return the tag of a colour that is written ``&HBBGGRR&``; none goes back to the usual."""
        digits = value.upper().removeprefix("&H").rstrip("&").zfill(6)[-6:].lower()
        tag = _colour_tag(digits[4:] + digits[2:4] + digits[:2]) if value else ""
        if value and not tag:
            self.left_out.append(f"\\{override}")
        return tag


def _drop_blank_lines(markup: str) -> str:
    """Return ``markup`` without lines that show nothing; their tags stand before what follows."""
    kept: list[str] = []
    waiting = ""
    for line in markup.split("\n"):
        if _MARKUP_TAG.sub("", line).strip():
            kept.append(waiting + line)
            waiting = ""
        else:
            waiting += "".join(_MARKUP_TAG.findall(line))
    return "\n".join(kept) + waiting


def _find_place(name: str, value: str) -> str | None:
    r"""Return the settings of a place in ``\an`` or ``\a``; None if it is none of the nine."""
    number = int(value) if 0 < len(value) <= 2 else 0
    number = _OLD_PLACES.get(number, number) if name == "a" else number
    return place_to_settings(number) if number in range(1, 10) else None


def _write_place(cue: Cue) -> str:
    r"""Return the override for the settings of ``cue``.

    None if they stood behind its times, where they are written again. What is somewhere at
    the bottom, but in none of the nine places, gets none either: YouTube begins every cue
    with ``align:start position:0%``, and not all players hide ``{\an1}``.
    """
    position = dict(cue.native.fields).get("position") if cue.native else None
    place = settings_to_place(cue.settings)
    is_usual = place == USUAL or (place <= 3 and not is_place(cue.settings))
    return "" if is_usual or position == cue.settings else f"{{\\an{place}}}"


def _colour_tag(colour: str) -> str:
    """Return the tag of a name or six hexadecimal digits, or three; empty if there is none."""
    if len(colour) == 3:
        colour = _CLASSES.get(colour, "".join(digit * 2 for digit in colour))
    name = _CLASSES.get(colour)
    return f"c.{name}" if name else ""


def _name(tag: str) -> str:
    return tag.partition(".")[0]


def _is_same(cue: Cue, read: Tagged) -> bool:
    return (read.lines, read.markup, read.settings) == (cue.lines, cue.markup, cue.settings)


def _write_markup(markup: str, lines: Sequence[str]) -> str:
    tokens = parse_markup(markup)
    if "".join(t.text for t in tokens if t.kind is TokenKind.TEXT) != "\n".join(lines):
        tokens = parse_markup(rewrap_markup(markup, lines))
    opened: list[str] = []
    return "".join(_write_token(token, opened) for token in tokens)


def _write_token(token: Token, opened: list[str]) -> str:
    """Return ``token`` in SubRip; ``opened`` holds the ends of what was begun."""
    if token.kind is TokenKind.TEXT:
        return escape_tags(token.text, is_piece=True)
    if token.kind is TokenKind.END:
        return opened.pop()
    if token.kind is TokenKind.TIME:
        return ""
    begin, end = "", ""
    if token.name in _SHAPES:
        begin, end = f"<{token.name}>", f"</{token.name}>"
    elif token.name == "c" and (colour := _find_class(token)):
        begin, end = f'<font color="#{_COLOURS[colour]}">', "</font>"
    opened.append(end)
    return begin


def _find_class(token: Token) -> str:
    return next((name for name in token.classes if name in _COLOURS), "")


def _is_unwritten(token: Token) -> bool:
    if token.kind is not TokenKind.START:
        return token.kind is TokenKind.TIME
    if token.name == "c":
        return len(token.classes) != 1 or not _find_class(token)
    return token.name not in _SHAPES and token.name != "v"
