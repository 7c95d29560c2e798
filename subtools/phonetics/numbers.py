"""Numbers in words, in the ways that people read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache

CHINESE = frozenset({"zh", "yue"})
_LONGEST_COUNTED = 8  # digits; longer ones are read one by one, as telephone numbers are
_LONGEST_WITH_UNITS = 16  # digits; 万 and 亿 go no further in cn2an
_PERCENT = {"de": "Prozent", "en": "percent", "es": "por ciento", "fr": "pour cent"}
# num2words 0.5.14 fails on every Amharic number from 1,000 on, and never ends on some.
_MISREAD = frozenset({"am"})
_CHINESE_DIGITS = "零一二三四五六七八九"
_ENGLISH_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# 二 that may be 两: it counts hundreds and more, and no ten stands before it (二十二万).
_TWO = re.compile(r"(?<!十)二(?=[百千万亿])")
_YEAR = re.compile(r"1\d{3}|20\d\d")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DATE = re.compile(r"(\d{4})\.(\d\d?)(?:\.(\d\d?))?")
_CLOCK = re.compile(r"(2[0-4]|[01]?\d):([0-5]\d)(?::([0-5]\d))?")


def read_number(token: str, language: str) -> str | None:
    """Return ``token`` (digits, perhaps a fraction or a percentage) in words.

    Args:
        token: As written, in the digits of any script.
        language: ISO 639-1 code.

    Returns:
        The likeliest reading; None for a version or a date, and for a number or a
        language that cannot be read.

    >>> read_number("50%", "zh"), read_number("50%", "en")
    ('百分之五十', 'fifty percent')
    """
    number = fold_digits(token).rstrip("%％ ").replace(",", "")
    is_percentage = token[-1] in "%％"
    if number.count(".") > 1:
        return None
    if language in CHINESE:
        reading = _read_chinese(number)
        return f"百分之{reading}" if is_percentage else reading
    words = _read_elsewhere(number, language)
    return f"{words} {_PERCENT.get(language, '')}" if words and is_percentage else words


def fold_digits(token: str) -> str:
    """Return ``token`` with the digits of all scripts as ASCII, points and spaces too."""
    folded = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in token)
    return re.sub(r"\s", " ", "".join(folded)).replace("．", ".")


@cache
def read_in_chinese(number: str) -> tuple[str, ...]:
    """Return how Chinese speakers read ``number``, likeliest first.

    Args:
        number: ASCII digits, in groups joined by ``.``, ``,`` or ``:``.

    >>> read_in_chinese("2024")[:3], read_in_chinese("12:30")[0], read_in_chinese("150")[1]
    (('二零二四', '二千零二十四', '两千零二十四'), '十二点三十分', '一百五')
    """
    return tuple(dict.fromkeys(_chinese_readings(_drop_grouping(number))))


@cache
def read_in_english(number: str) -> tuple[str, ...]:
    """Return how English speakers read ``number``, likeliest first.

    >>> read_in_english("2024")[:2], read_in_english("3.5")
    (('twenty twenty four', 'two thousand twenty four'), ('three point five',))
    """
    return tuple(dict.fromkeys(_english_readings(_drop_grouping(number))))


def count_in_chinese(number: Decimal) -> tuple[str, ...]:
    """Return a whole number of any size with its units (万, 亿), with 二 and with 两.

    >>> count_in_chinese(Decimal("1.2e5"))
    ('十二万',)
    """
    digits = f"{number:.0f}"
    return _both_twos(_count(digits)) if len(digits) <= _LONGEST_WITH_UNITS else ()


def read_ordinal(number: str) -> str:
    """Return the English ordinal of a whole number.

    >>> read_ordinal("21")
    'twenty first'
    """
    return _num2words(int(number), "ordinal")


def _read_chinese(number: str) -> str:
    whole, _, fraction = number.partition(".")
    is_year = len(whole) == 4 and not fraction and whole[:2] in {"19", "20"}
    one_by_one = is_year or len(whole) > _LONGEST_COUNTED or (len(whole) > 1 and whole[0] == "0")
    reading = _say_digits(whole) if one_by_one else _count(whole)
    return f"{reading}点{_say_digits(fraction)}" if fraction else reading


def _read_elsewhere(number: str, language: str) -> str | None:
    from num2words import num2words

    if language in _MISREAD or len(number) > _LONGEST_COUNTED:
        return None
    value = Decimal(number) if "." in number else int(number)  # some languages refuse text
    try:
        return str(num2words(value, lang=language))
    except (NotImplementedError, LookupError, ValueError):
        return None  # a language it does not speak, or a number it has no word for


def _drop_grouping(number: str) -> str:
    return number.replace(",", "") if _GROUPED.fullmatch(number) else number


def _chinese_readings(number: str) -> Iterator[str]:
    if number.isdecimal():
        yield from _chinese_integers(number)
    elif match := _CLOCK.fullmatch(number):
        yield from _chinese_times(*match.groups())
    elif match := _DATE.fullmatch(number):
        yield from _chinese_dates(*match.groups())
    for separator, word in ((".", "点"), (":", "比"), (":", ""), (",", "")):
        if separator in number:
            yield from _chinese_groups(number.split(separator), word)


def _chinese_integers(digits: str) -> Iterator[str]:
    one_by_one = _say_digits(digits)
    is_code = len(digits) > _LONGEST_COUNTED or (digits[0] == "0" and len(digits) > 1)
    if is_code or _YEAR.fullmatch(digits):
        yield one_by_one
    if not is_code:
        yield from _both_twos(_count(digits))
        if re.fullmatch(r"[1-9]{2}0+", digits) and len(digits) != 5:
            yield _count(digits)[:-1]  # 一百五, 两千五; 15,000 ends in 千 too, below
        if re.fullmatch(r"[1-9]{2}000", digits):
            yield f"{_CHINESE_DIGITS[int(digits[0])]}万{_CHINESE_DIGITS[int(digits[1])]}"
        if digits == "2":
            yield "两"
    yield one_by_one
    if "1" in digits:
        yield one_by_one.replace("一", "幺")


def _chinese_times(hour: str, minute: str, second: str | None) -> Iterator[str]:
    after = f"{_count(second)}秒" if second else ""
    minutes = f"零{_count(minute)}" if 0 < int(minute) < 10 else _count(minute)
    for spoken in _before_point(hour):
        if after or int(minute):
            yield f"{spoken}点{minutes}分{after}"
        if not after and int(minute) % 15 == 0:
            yield spoken + ("点", "点一刻", "点半", "点三刻")[int(minute) // 15]
        if not after and int(minute):
            yield f"{spoken}点{minutes}"


def _before_point(digits: str) -> tuple[str, ...]:
    """Return a number as it is said before 点 and 比, where a two may be 两 by itself."""
    return (*_both_twos(_count(digits)), *(["两"] if digits == "2" else []))


def _chinese_dates(year: str, month: str, day: str | None) -> Iterator[str]:
    if 1 <= int(month) <= 12 and (day is None or 1 <= int(day) <= 31):
        start = f"{_say_digits(year)}年{_count(month)}月"
        yield from (f"{start}{_count(day)}{word}" for word in "日号") if day else (start,)


def _chinese_groups(groups: list[str], word: str) -> Iterator[str]:
    """Yield the groups of a decimal, a version or a ratio with ``word`` between them."""
    if all(group.isdecimal() for group in groups):
        first, *others = groups
        for start in _before_point(first):
            yield word.join([start, *map(_say_digits, others)])
        if not any(group[0] == "0" for group in groups):
            yield word.join(map(_count, groups))
    else:
        yield word.join(read_in_chinese(group)[0] for group in groups)


def _english_readings(number: str) -> Iterator[str]:
    if number.isdecimal():
        yield from _english_integers(number)
    elif match := _CLOCK.fullmatch(number):
        yield _join_english(_english_pair(group) for group in match.groups() if group)
    for separator, word in ((".", "point"), (".", "dot"), (":", "to"), (":", ""), (",", "")):
        if separator in number and (word != "dot" or number.count(".") > 1):
            yield from _english_groups(number.split(separator), word)


def _english_integers(digits: str) -> Iterator[str]:
    is_code = len(digits) > _LONGEST_COUNTED or (digits[0] == "0" and len(digits) > 1)
    if not is_code:
        if _YEAR.fullmatch(digits):
            yield _num2words(int(digits), "year")
        counted = _num2words(int(digits), "cardinal")
        yield counted.replace(" and ", " ")
        yield counted
        if len(digits) == 3 and digits[1:] != "00":
            yield f"{_ENGLISH_DIGITS[int(digits[0])]} {_english_pair(digits[1:])}"
        if len(digits) == 4:
            yield _num2words(int(digits), "year")
    one_by_one = " ".join(_ENGLISH_DIGITS[int(digit)] for digit in digits)
    yield one_by_one
    yield one_by_one.replace("zero", "oh") if len(digits) > 1 else one_by_one


def _english_pair(digits: str) -> str:
    """Return two digits as in times and room numbers: ``oh five``, ``thirty``."""
    if len(digits) == 2 and digits[0] == "0":
        return "hundred" if digits == "00" else f"oh {_ENGLISH_DIGITS[int(digits[1])]}"
    return _num2words(int(digits), "cardinal")


def _english_groups(groups: list[str], word: str) -> Iterator[str]:
    spoken = [read_in_english(group) for group in groups]
    if word == "point" and len(groups) == 2 and groups[1].isdecimal():
        yield f"{spoken[0][0]} point {' '.join(_ENGLISH_DIGITS[int(d)] for d in groups[1])}"
    else:
        yield _join_english(f"{word} {reading[0]}" for reading in spoken).removeprefix(f"{word} ")


def _join_english(words: Iterable[str]) -> str:
    return " ".join(" ".join(words).split())


@cache
def _num2words(number: int, kind: str) -> str:
    from num2words import num2words

    return _join_english([re.sub(r"[,-]", " ", num2words(number, to=kind))])


@cache
def _count(digits: str) -> str:
    """Return a number with its units: 105 is 一百零五."""
    import cn2an

    digits = digits.lstrip("0") or "0"
    return (
        str(cn2an.an2cn(digits, "low"))
        if len(digits) <= _LONGEST_WITH_UNITS
        else _say_digits(digits)
    )


def _both_twos(counted: str) -> tuple[str, ...]:
    """Return a number as written, then with 两 where it may stand for 二."""
    return tuple(dict.fromkeys((counted, _TWO.sub("两", counted))))


def _say_digits(digits: str) -> str:
    return "".join(_CHINESE_DIGITS[int(digit)] for digit in digits)
