"""What a page needs to find text in either Chinese script, by pinyin and by sound.

The browser folds letters itself. For Han characters it gets two small tables, made for
those of the talk and for the commonest: which forms are one character, and which
characters are read how. A query may hold characters that the talk does not: those that
somebody misheard are why one searches by sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from subtools.phonetics import fold_text, read_words, spell_reading

_GB2312_COMMON = range(0xB0, 0xD8)  # rows of GB 2312's level 1: the 3,755 commonest characters
_IDEOGRAPHS = range(0x4E00, 0xA000)


def collect_folds(text: str) -> str:
    """Return pairs of a Han character and the one it counts as, for all forms of use.

    >>> collect_folds("")[:4]
    '丟丢並并'
    """
    wanted = {*_common(), *map(fold_text, _han(text))}
    pairs = {**_folds(), **{character: fold_text(character) for character in _han(text)}}
    return "".join(
        form + folded for form, folded in sorted(pairs.items()) if form != folded in wanted
    )


def collect_readings(text: str) -> dict[str, str]:
    """Return the folded characters of ``text``, and common ones, by their toneless pinyin.

    A character stands under every syllable it is often read as; ü is v.

    >>> "數" in collect_readings("數")["shu"], "数" in collect_readings("數")["shu"]
    (False, True)
    """
    folded = filter(_is_one, map(fold_text, _han(text)))
    readings = {**_common_readings(), **_read(sorted({*folded} - {*_common()}))}
    by_syllable: dict[str, list[str]] = {}
    for character, syllables in sorted(readings.items()):
        for syllable in syllables:
            by_syllable.setdefault(syllable, []).append(character)
    return {syllable: "".join(found) for syllable, found in sorted(by_syllable.items())}


@cache
def _common() -> tuple[str, ...]:
    """Return the commonest Simplified characters."""
    cells = (bytes([row, cell]) for row in _GB2312_COMMON for cell in range(0xA1, 0xFF))
    return tuple(filter(None, (cell.decode("gb2312", "ignore") for cell in cells)))


@cache
def _folds() -> dict[str, str]:
    return {character: fold_text(character) for character in map(chr, _IDEOGRAPHS)}


def _han(text: str) -> set[str]:
    return set(filter(_is_han, text))


def _is_han(character: str) -> bool:
    return (
        "\u3400" <= character <= "\u9fff"
        or "\uf900" <= character <= "\ufaff"
        or "\U00020000" <= character <= "\U000323af"
    )


def _is_one(text: str) -> bool:
    return len(text) == 1


@cache
def _common_readings() -> dict[str, tuple[str, ...]]:
    return _read(_common())


def _read(characters: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the syllables of each of ``characters``, which are not neighbours."""
    apart = [piece for character in characters for piece in (character, "，")]
    pairs = zip(characters, read_words(apart)[::2], strict=True)
    return {character: tuple(dict.fromkeys(map(_spell, readings))) for character, readings in pairs}


def _spell(reading: tuple[str, ...]) -> str:
    return spell_reading(reading).replace("ü", "v")
