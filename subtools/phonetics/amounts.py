"""Numbers among their neighbours to readings: signs, dates, fractions, ranges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from subtools.phonetics.latin import say_number
from subtools.phonetics.mandarin import Reading
from subtools.phonetics.numbers import read_in_chinese, read_ordinal
from subtools.phonetics.speaking import MOST_READINGS, Languages, distinct, speak
from subtools.phonetics.symbols import chinese_sign, english_sign, negative_signs

_YEAR = re.compile("1[5-9]\\d\\d|20\\d\\d")
_POINTS = frozenset(".。．·")  # recognisers write GPT-3。5
_FROM_NUMBER_TO_NUMBER = frozenset("-/–—−~～")  # say something only between two numbers


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what is written around it.

    Attributes:
        number: ASCII digits, in groups joined by ``.``, ``,`` or ``:``.
        head: The signs before it, in the same word.
        tail: The signs after it.
        minus: The sign right before it that may make it negative, or nothing.
        earlier: The numbers right before it with the sign between (``2024/``), nearest
            last; at most two.
        later: The number right after it, without space; or nothing.
    """

    number: str
    head: str = ""
    tail: str = ""
    minus: str = ""
    earlier: tuple[str, ...] = ()
    later: str = ""


@cache
def read_figure(figure: Figure, languages: Languages) -> tuple[Reading, ...]:
    """Return the readings of a number in its place, likeliest first.

    >>> read_figure(Figure("5", tail="%"), ("zh",))[0] == speak("百分之五")
    True
    """
    said = [_say_figure(figure, language) for language in languages]
    # The second language gets three places; the first all that are left.
    room = MOST_READINGS - sum(min(3, len(texts)) for texts in said[1:])
    texts = (*said[0][:room], *(text for others in said[1:] for text in others[:3]))
    return distinct(map(speak, texts))


def _say_figure(figure: Figure, language: str) -> tuple[str, ...]:
    numbers = say_number(figure.number, language)
    ranked = [
        (place + rank, pattern.replace("{}", number))
        for place, pattern in enumerate(_find_patterns(figure, language))
        for rank, number in enumerate(numbers)
    ]
    texts = [text for _, text in sorted(ranked, key=lambda pair: pair[0])]
    if "百分之一百" in texts:
        texts[1:1] = ["百分之百", "百分百"]
    return tuple(dict.fromkeys(texts))


def _find_patterns(figure: Figure, language: str) -> tuple[str, ...]:
    """Return what the place of a number makes of it; ``{}`` stands for the number."""
    special = _date_pattern(figure) if language == "zh" else ()
    special = special or _fraction_pattern(figure, language)
    patterns: tuple[str, ...] = (*special, *_sign_patterns(figure, language))
    minus = negative_signs(figure.minus)[language != "zh"]
    if minus:
        patterns = tuple(_nest(minus, patterns))
    return tuple(dict.fromkeys((*patterns, "{}")))


def _date_pattern(figure: Figure) -> tuple[str, ...]:
    """Return the pattern of year, month or day in ``2024-11-03`` and ``2024/11``."""
    if figure.later and figure.tail[:1] in {"-", "/"} and not figure.earlier:
        is_year = _YEAR.fullmatch(figure.number) and _is_month(figure.later)
        return ("{}年",) if is_year else ()
    years = [number[:-1] for number in figure.earlier[:1] if number[-1] in "-/"]
    if years and _YEAR.fullmatch(years[0]):
        if len(figure.earlier) == 1 and _is_month(figure.number):
            return (_count(figure.number) + "月",)
        is_day = re.fullmatch("0?[1-9]|[12]\\d|3[01]", figure.number)
        if len(figure.earlier) == 2 and _is_month(figure.earlier[1][:-1]) and is_day:
            return tuple(_count(figure.number) + word for word in "日号")
    return ()


def _is_month(number: str) -> bool:
    return re.fullmatch("0?[1-9]|1[0-2]", number) is not None


def _fraction_pattern(figure: Figure, language: str) -> tuple[str, ...]:
    """Return what one half of ``3/4`` says: Chinese has the lower number first."""
    if figure.tail[:1] == "/" and _is_fraction(figure.number, figure.later):
        return (f"{_count(figure.later)}分之",) if language == "zh" else ("{}",)
    upper = figure.earlier[-1] if figure.earlier else ""
    if upper[-1:] != "/" or not _is_fraction(upper[:-1], figure.number):
        return ()
    if language == "zh":
        return (_count(upper[:-1]),)
    lower = {"2": "half", "4": "quarter"}.get(figure.number) or read_ordinal(figure.number)
    return (lower if upper == "1/" else f"{lower}s",)


def _is_fraction(upper: str, lower: str) -> bool:
    if not re.fullmatch(r"[1-9]\d?", upper) or not re.fullmatch(r"[1-9]\d?|100", lower):
        return False
    return int(upper) < int(lower)


def _count(number: str) -> str:
    """Return a whole number as it is counted in Chinese: ``03`` is 三."""
    return read_in_chinese(number.lstrip("0"))[0]


def _sign_patterns(figure: Figure, language: str) -> tuple[str, ...]:
    find = chinese_sign if language == "zh" else english_sign
    patterns = find(figure.head[-1:])
    tail = figure.tail.lstrip()
    if tail in _POINTS and figure.later and figure.number.isdecimal():
        return ("{}点" if language == "zh" else "{} point",)
    says = figure.later or tail[:1] not in _FROM_NUMBER_TO_NUMBER
    after = find(tail[:1]) if says else ()
    return tuple(_nest(after, patterns)) if patterns and after else patterns or after


def _nest(outer: Sequence[str], inner: Sequence[str]) -> Iterable[str]:
    """Yield each pattern of ``inner`` inside each of ``outer``."""
    return (o.replace("{}", i) for o in outer for i in inner or ("{}",))
