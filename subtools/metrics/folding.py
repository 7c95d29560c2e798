"""Text as it is compared with what was said: script, spacing, case and number form folded.

A text becomes tokens (a Han character, a Latin word, a number), each with what is compared
of it. Numbers become figures whichever way they are written (三点五, 3.5, three point five), so
that only another number is another text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subtools.phonetics.scripts import HAN, fold_characters

_DIGITS = {
    c: n
    for n, cs in enumerate(("零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for c in cs
}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
# fmt: off
_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}
# fmt: on
_POWERS = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_HAN_NUMBER = f"[{''.join(_DIGITS)}十百千万亿]"
_FIGURE = r"\d+(?:,\d{3})*(?:\.\d+)?"
_ENGLISH_NUMBER = "|".join(sorted({*_WORDS, *_POWERS}, key=len, reverse=True))
_TOKEN = re.compile(
    rf"(?P<share>百分之)(?=[\d{''.join(_DIGITS)}十百])"
    rf"|(?P<han>(?:{_FIGURE}|{_HAN_NUMBER})(?:{_FIGURE}|{_HAN_NUMBER})*(?:点[{''.join(_DIGITS)}]+[万亿]?)?)"
    rf"|(?P<english>\b(?:a (?=hundred|thousand))?(?:{_ENGLISH_NUMBER})\b"
    rf"(?:(?:\s|-|\sand\s|\spoint\s)(?:{_ENGLISH_NUMBER})\b)*)"
    rf"|(?P<latin>[^\W\d_{HAN}]+(?:'[a-z]+)?)|(?P<percent>[%])|(?P<one>[^\W_])"
)


@dataclass(frozen=True, slots=True)
class Token:
    """What is compared of a stretch of text.

    Attributes:
        folded: Simplified, lower case, numbers in figures.
        start: Where it begins in the text.
        end: Where it ends.
    """

    folded: str
    start: int
    end: int


def fold_tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of ``text``; marks and spaces are in none.

    >>> [token.folded for token in fold_tokens("我們有３.５ Gb，two hundred and five")]
    ['我', '们', '有', '3.5', 'gb', '205']
    """
    return tuple(_tokens(_fold_characters(text)))


def fold_spoken(text: str) -> str:
    """Return what is compared of ``text``.

    >>> fold_spoken("百分之八十五，二〇二四年") == fold_spoken("85%,2024年")
    True
    """
    return "".join(token.folded for token in fold_tokens(text))


def _fold_characters(text: str) -> str:
    """Return ``text`` in lower case, half width, Simplified: as long as it was."""
    characters = [_fold_character(character) for character in text]
    return "".join(fold_characters(characters)) if characters else ""


def _fold_character(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character).casefold()
    return folded if len(folded) == 1 and folded not in "\n\r" else character.replace("\n", " ")


def _tokens(text: str) -> Iterator[Token]:
    share: int | None = None  # where 百分之 begins, which is said before its number
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if match["share"]:
            share = start
            continue
        if match["han"]:
            pieces = list(_split_han_number(match["han"]))
            if share is not None:
                yield Token(f"{pieces[0][0]}%", share, start + pieces[0][2])
                pieces = pieces[1:]
            yield from (Token(folded, start + a, start + b) for folded, a, b in pieces)
        elif match["english"]:
            yield Token(_read_english(match["english"]), start, end)
        elif match["latin"]:
            yield Token(
                "%" if match["latin"] == "percent" else match["latin"].replace("'", ""), start, end
            )
        else:
            yield Token(match[0], start, end)
        share = None


def _split_han_number(written: str) -> Iterator[tuple[str, int, int]]:
    """Yield a number in figures and where it stands, or its characters where it is none."""
    parts = re.findall(rf"{_FIGURE}|.", written)
    whole, point, rest = written.partition("点")
    power = _LARGE.get(rest[-1:], 1)
    value = _read_han(re.findall(rf"{_FIGURE}|.", whole))
    if value is not None:
        decimals = "".join(str(_DIGITS[c]) for c in rest if c in _DIGITS)
        figure = f"{value}.{decimals}" if point else value
        yield _multiply(figure, power), 0, len(written)
        return
    place = 0
    for part in parts:
        yield str(_DIGITS.get(part, part)).replace(",", ""), place, place + len(part)
        place += len(part)


def _read_han(parts: Sequence[str]) -> str | None:
    """Return the figure of digits and units (``3万5千``, 三百二, 二零一二), None if it is none.

    >>> _read_han("三百二"), _read_han("二零一二"), _read_han("万一"), _read_han(["220", "万"])
    ('320', '2012', None, '2200000')
    """
    if all(part in _DIGITS or part[0].isdecimal() for part in parts):
        return "".join(str(_DIGITS.get(part, part)) for part in parts).replace(",", "")
    total = section = 0.0
    digit: float | None = None
    unit = 1.0
    for k, part in enumerate(parts):
        if part in _LARGE:
            section += digit or 0
            if not section:
                return None
            total = (
                (total + section) * _LARGE[part] if part == "亿" else total + section * _LARGE[part]
            )
            section, digit, unit = 0.0, None, _LARGE[part]
        elif part in _SMALL:
            if digit is None and (
                part != "十" or (k and parts[k - 1] not in _LARGE and parts[k - 1] not in _SMALL)
            ):
                return None
            section += (1 if digit is None else digit) * _SMALL[part]
            digit, unit = None, _SMALL[part]
        else:
            if digit:
                return None
            digit = float(_DIGITS[part]) if part in _DIGITS else float(part.replace(",", ""))
            unit = 1.0 if part in "零〇" else unit
    is_short = (
        digit is not None and unit > 10 and parts[-2:-1] and parts[-2] in {**_SMALL, **_LARGE}
    )
    total += section + (digit or 0) * (unit / 10 if is_short else 1)
    return _show(total)


def _multiply(figure: str, power: int) -> str:
    return figure if power == 1 else _show(float(figure) * power)


def _show(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _read_english(written: str) -> str:
    """Return the figure of a number in words; years are two numbers side by side.

    >>> [_read_english(w) for w in ("nineteen ninety", "two hundred and six", "two point four")]
    ['1990', '206', '2.4']
    """
    whole, _, decimals = written.partition(" point ")
    groups: list[int] = [0]
    total = 0
    last = 10**12
    for word in re.findall(r"[a-z]+", whole):
        if word in _POWERS:
            power = _POWERS[word]
            if power == 100:
                groups[-1] = max(1, groups[-1]) * 100
            else:
                total += max(1, groups[-1]) * power
                groups[-1] = 0
            last = power
        elif word in _WORDS:
            if groups[-1] % 100 and not (
                last >= 20 and last % 10 == 0 and _WORDS[word] < 10 and last < 100
            ):
                groups.append(0)
            groups[-1] += _WORDS[word]
            last = _WORDS[word]
    figure = "".join([str(total + groups[0]), *map(str, groups[1:])])
    places = "".join(str(_WORDS.get(word, "")) for word in re.findall(r"[a-z]+", decimals))
    return f"{figure}.{places}" if places else figure
