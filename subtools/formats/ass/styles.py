"""Styles of ASS: one for each speaker, and what the styles of a file say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count, cycle

import pysubs2

from subtools.formats.ass.tags import legacy_place
from subtools.formats.places import USUAL
from subtools.formats.speaker_colours import COLOURS

DEFAULT = "Default"
STYLES = ("v4+ styles", "v4 styles")
_INFO = {"PlayResX": "1920", "PlayResY": "1080", "YCbCr Matrix": "None"}  # colours as given


def compose_header(names: Iterable[str], title: str, kind: str) -> str:
    """Return a file without events that has a style for each speaker.

    Args:
        names: Of the speakers, each once.
        title: Of the file; may be empty.
        kind: ``ass`` or ``ssa``.
    """
    document = pysubs2.SSAFile()
    document.info.update({"Title": title} if title else {})
    document.info.update(_INFO)
    styles = choose_styles([*names])
    document.styles = {DEFAULT: _style(COLOURS[0])}
    colours = zip(styles.values(), cycle(COLOURS), strict=False)
    document.styles.update({name: _style(colour) for name, colour in colours})
    return document.to_string(kind, header_notice="")


def choose_styles(names: Sequence[str]) -> dict[str, str]:
    """Return the name of a style for each speaker: theirs, or something near it.

    >>> choose_styles(["王", "Lee, Ann", "default", "*王"])
    {'王': '王', 'Lee, Ann': 'Lee， Ann', 'default': 'default 2', '*王': '王 2'}
    """
    styles: dict[str, str] = {}
    taken = {DEFAULT.casefold()}
    for name in names:
        base = as_field(name).lstrip("* ") or "Speaker"  # libass drops asterisks before a style
        numbered = (base if k == 1 else f"{base} {k}" for k in count(1))
        styles[name] = next(style for style in numbered if style.casefold() not in taken)
        taken.add(styles[name].casefold())
    return styles


def as_field(text: str) -> str:
    """Return ``text`` without what ends a field."""
    return text.replace(",", "，")


def convert_styles(sections: str, kind: str) -> str | None:
    """Return the sections of a file, their styles translated to those of ``kind``.

    None where pysubs2 cannot read them.
    """
    try:
        other = "ssa" if kind == "ass" else "ass"
        return pysubs2.SSAFile.from_string(sections, other).to_string(kind, header_notice="")
    except ValueError:
        return None


def read_places(lines: Sequence[str], *, is_legacy: bool) -> dict[str, int]:
    """Return where each style in ``lines`` puts its cues, as the keypad counts."""
    column, places = 17, {}  # of Alignment, from 1, where no Format line says it
    for line in lines:
        key, _, rest = line.strip().partition(":")
        values = [value.strip() for value in rest.split(",")]
        if key.casefold() == "format":
            lowered = [value.casefold() for value in values]
            column = lowered.index("alignment") if "alignment" in lowered else -1
        elif key.casefold() == "style" and values[0]:
            number = values[column] if 0 <= column < len(values) else ""
            places[values[0]] = _place(number, is_legacy=is_legacy)
    return places


def _place(number: str, *, is_legacy: bool) -> int:
    if not (number.isascii() and number.isdigit() and len(number) < 3):
        return USUAL
    place = legacy_place(int(number)) if is_legacy else int(number)
    return place if 1 <= place <= 9 else USUAL


def _style(colour: str) -> pysubs2.SSAStyle:
    """Return how text of ``colour`` looks: two lines of 21 Han characters fit the picture."""
    red, green, blue = bytes.fromhex(colour)
    return pysubs2.SSAStyle(
        fontsize=72.0,  # of PlayResY: a fifteenth of the height, as on television
        primarycolor=pysubs2.Color(red, green, blue),
        outline=4.0,
        shadow=0.0,
        marginl=96,
        marginr=96,
        marginv=54,
    )
