"""Numbers in one style, where that is safe: dates, percentages, quantities from ten on.

一下, 一些, 十分, 三個, 七八十個, 十幾個 and 千萬 are left alone, and so is every number that
stands alone or belongs to a name. Source: GB/T 15835-2011, General rules for writing numerals:
quantities with units, dates and percentages may have either style; idioms and approximate
numbers have characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from subtools.core import Span
from subtools.phonetics.numbers import count_in_chinese
from subtools.phonetics.scripts import Script, detect_script, simplify
from subtools.prose.tokens import Token

_DIGITS = "零一二三四五六七八九"
_N = "零〇一二两三四五六七八九十百千万亿"
_UNITS = (
    "个|位|岁|年|天|次|人|块|元|米|公里|千米|厘米|公斤|克|吨|度|小时|分钟|秒|倍|页|章|层|种|名|张|台|"
    "家|部|条|篇|座|世纪|周|月份|美元|人民币|公顷|亩|瓦|伏|升|毫升|步|集|期|届|项"
)
_HAN_NUMBER = re.compile(
    "(?P<year>[零〇一二三四五六七八九]{4})年"
    f"|(?P<month>[{_N}]{{1,2}})月(?P<day>[{_N}]{{1,3}})[日号]"
    f"|百分之(?P<percent>[{_N}]+(?:点[{_DIGITS}]+)?)(?![{_N}几多点])"
    f"|(?<![{_N}几数好])(?P<count>[{_N}]{{2,}}(?:点[{_DIGITS}]+)?)(?=(?:{_UNITS}))"
)
_UNIT_FIRST = re.compile(f"(?:{_UNITS}|年|月|日|号)")
_PLACES = {"十": 10, "百": 100, "千": 1000}
_TRADITIONAL = str.maketrans("万亿点两", "萬億點兩")


class Numbers(StrEnum):
    """How numbers are written."""

    KEEP = "keep"  # as they are
    DIGITS = "digits"
    HAN = "han"  # in Chinese characters


def write_numbers(tokens: Sequence[Token], style: Numbers) -> tuple[Token, ...]:
    """Return ``tokens`` with the numbers that are safe to rewrite in ``style``."""
    if style is Numbers.KEEP:
        return tuple(tokens)
    if style is Numbers.DIGITS:
        return tuple(_to_digits(tokens))
    is_traditional = detect_script("".join(t.text for t in tokens)) not in {Script.S, None}
    return tuple(_to_han(tokens, is_traditional=is_traditional))


def _to_digits(tokens: Sequence[Token]) -> Iterator[Token]:
    place = 0
    for first, last in _han_runs(tokens):
        text = simplify("".join(token.core[0] for token in tokens[first:last]))
        for match in _HAN_NUMBER.finditer(text):
            for start, end, written in _rewrite(match):
                yield from tokens[place : first + start]
                yield _merge(tokens[first + start : first + end], written)
                place = first + end
    yield from tokens[place:]


def _han_runs(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield stretches of characters with nothing between them."""
    first = 0
    for place in range(1, len(tokens) + 1):
        before = tokens[place - 1]
        goes_on = (
            place < len(tokens)
            and before.is_han
            and tokens[place].is_han
            and not (before.head or before.mark or before.closing or before.space)
        )
        if not goes_on:
            if before.is_han:
                yield first, place
            first = place


def _rewrite(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """Yield which characters become which digits; nothing if one number of them is unclear."""
    readers: dict[str, Callable[[str], str | None]] = {
        "year": _read_year,
        "month": _read_count,
        "day": _read_count,
        "percent": _read_decimal,
        "count": _read_decimal,
    }
    found = [(name, readers[name](text)) for name, text in match.groupdict().items() if text]
    for name, digits in found:
        if digits is None or any(value is None for _, value in found):
            return
        start, end = match.span(name)
        is_percent = name == "percent"
        if is_percent and not digits.isdecimal() and not _is_decimal(digits):
            return
        yield (match.start() if is_percent else start), end, digits + "%" * is_percent


def _is_decimal(digits: str) -> bool:
    return re.fullmatch(r"\d+\.\d+", digits) is not None


def _read_year(text: str) -> str | None:
    digits = "".join(str(_DIGITS.index(c)) for c in text.replace("〇", "零"))
    return digits if digits[:2] in {"18", "19", "20"} else None


def _read_decimal(text: str) -> str | None:
    whole, _, fraction = text.partition("点")
    counted = _read_count(whole)
    if counted is None or not fraction:
        return counted
    return f"{counted}.{''.join(str(_DIGITS.index(c)) for c in fraction)}"


def _read_count(text: str) -> str | None:
    """Return a well-formed number in digits, whole 萬 and 億 staying; None for any other.

    >>> _read_count("三百二十"), _read_count("两万"), _read_count("七八十"), _read_count("一千五")
    ('320', '2万', None, None)
    """
    value = _count(text)
    written = text.replace("两", "二").replace("〇", "零")
    forms = {form.replace("两", "二") for form in count_in_chinese(Decimal(value))}
    if text in {"百", "一百"}:  # 百分之百
        return "100"
    if written.removeprefix("一十") != written:
        written = written.removeprefix("一")
    if written not in forms:
        return None
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if value and value % size == 0:
            return f"{value // size}{unit}" if value // size < 10**4 else None
    return str(value)


def _count(text: str) -> int:
    total = section = digit = 0
    for character in text.replace("两", "二").replace("〇", "零"):
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        elif character in _PLACES:
            section += (digit or 1) * _PLACES[character]
            digit = 0
        else:
            total = (total + section + digit) * (10**8 if character == "亿" else 10**4)
            section = digit = 0
    return total + section + digit


def _merge(tokens: Sequence[Token], text: str) -> Token:
    last = tokens[-1]
    spans = [token.span for token in tokens if token.span is not None]
    span = Span(spans[0].start, spans[-1].end) if spans else None
    if text[-1] in "万亿":  # written as the document does
        text = text[:-1] + last.core
    return replace(last, text=text, span=span)


def _to_han(tokens: Sequence[Token], *, is_traditional: bool) -> Iterator[Token]:
    before = Token("")
    for token, after in zip(tokens, (*tokens[1:], Token("")), strict=True):
        said = _say(token, after) if _stands_free(before, token) else None
        if said is not None:
            said = said.translate(_TRADITIONAL) if is_traditional else said
            head = token.head.lstrip("%％") if said.startswith("百分之") else token.head
            space = "" if after.is_han else token.space
            yield replace(token, text=said, head=head, space=space)
        else:
            yield token
        before = token


def _stands_free(before: Token, token: Token) -> bool:
    """Tell whether a number is no part of a term: ``GPT-4``, ``$5``, ``H100``, ``3.5``."""
    is_plain = re.fullmatch(r"\d{1,8}(?:\.\d+)?", token.text) is not None
    return is_plain and not before.head and (before.is_han or bool(before.mark) or not before.core)


def _say(token: Token, after: Token) -> str | None:
    """Return a number in characters where what follows says what it counts."""
    whole, _, fraction = token.text.partition(".")
    point = f"点{''.join(_DIGITS[int(d)] for d in fraction)}" if fraction else ""
    counted = [*count_in_chinese(Decimal(whole)), ""][0] + point
    if token.head in {"%", "％"}:
        return f"百分之{counted}"
    unit = simplify(after.core)
    if token.head or token.mark or not after.is_han or not _UNIT_FIRST.match(unit):
        return None
    if unit == "年" and len(whole) == 4 and not point:
        return "".join(_DIGITS[int(d)] for d in whole)
    return "两" if counted == "二" and unit not in {"年", "月", "日", "号"} else counted
