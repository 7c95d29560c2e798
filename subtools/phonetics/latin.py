"""Tokens of Latin letters and digits to readings: names, abbreviations, units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from subtools.phonetics.english import (
    guess_phones,
    pronounce_word,
    spell_letters,
    spell_letters_in_mandarin,
)
from subtools.phonetics.mandarin import Reading
from subtools.phonetics.numbers import (
    count_in_chinese,
    read_in_chinese,
    read_in_english,
    read_ordinal,
)
from subtools.phonetics.speaking import MOST_READINGS, Languages, distinct, join_choices, speak
from subtools.phonetics.symbols import chinese_unit, english_unit, unit_factor

_LONGEST_SPELLED = 6  # letters of an abbreviation
_LONGEST_LOWER_SPELLED = 3  # the same in lower case: app, ppt, api
_PART = re.compile(r"\d+|[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_COUNTED = re.compile(r"(\d+)([A-Za-z]+)")
_SUFFIXED = re.compile(r"([A-Z]{2,}|.*\d)'?s|([A-Z]{2,})'([a-z]+)")
_ORDINAL_ENDINGS = frozenset({"st", "nd", "rd", "th"})
_LONGEST_ORDINAL = 6  # digits
_DECADE = re.compile(r"\d+0'?s")
_PLURALS: tuple[Reading, ...] = (("Z",), ("S",))
# (Tables have several entries to a line, so that they can be seen at once.)
# fmt: off
_ENDINGS: dict[str, Reading] = {
    "ll": ("AH", "L"), "m": ("AH", "M"), "re": ("ER",), "ve": ("AH", "V"),
}
# fmt: on
# Letters that are no base letter with an accent.
# fmt: off
_OTHER_LETTERS = {
    "ø": "o", "Ø": "O", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "Þ": "Th", "ı": "i", "ß": "ss", "ẞ": "SS",
}
# fmt: on


def fold_latin(word: str) -> str:
    """Return ``word`` in ASCII letters and digits; empty if another script is in it.

    >>> fold_latin("naïve"), fold_latin("ＧＰＴ"), fold_latin("мир")
    ('naive', 'GPT', '')
    """
    if word.isascii():
        return word
    folded = unicodedata.normalize("NFKD", word.replace("’", "'"))
    letters = "".join(
        _OTHER_LETTERS.get(c, str(unicodedata.decimal(c)) if c.isdecimal() else c)
        for c in folded
        if not unicodedata.combining(c)
    )
    return letters if letters.isascii() else _greek_name(letters)


@cache
def read_token(token: str, languages: Languages) -> tuple[Reading, ...]:
    """Return the readings of a run of ASCII letters and digits, likeliest first.

    >>> read_token("GPT4", ("zh",))[0], read_token("3D", ("en",))[0]
    (('JH', 'IY', 'P', 'IY', 'T', 'IY', 's', 'ih'), ('TH', 'R', 'IY', 'D', 'IY'))
    """
    suffixed = _SUFFIXED.fullmatch(token)
    if suffixed and not token.rstrip("s'").isdecimal():
        return distinct(_read_suffixed(suffixed, languages))
    if "'" in token:
        return pronounce_word(token)
    # Half of the room is for how the parts are read: 5G is as often a name as a measure.
    said = [speak(text) for text in _say_amount(token, languages)][: MOST_READINGS // 2 + 1]
    return distinct((*said, *_read_parts(token, languages)))


def read_unit(letters: str, languages: Languages) -> tuple[Reading, ...]:
    """Return what ``letters`` says after a number: ``km`` is 公里, ``k`` is thousand."""
    units = {"zh": chinese_unit(letters), "en": english_unit(letters)}
    patterns = (pattern for language in languages for pattern in units[language])
    return distinct(speak(pattern.replace("{}", " ")) for pattern in patterns)


def say_number(number: str, language: str) -> tuple[str, ...]:
    """Return the readings of a number (ASCII digits, groups) in words of ``language``."""
    return read_in_chinese(number) if language == "zh" else read_in_english(number)


def _greek_name(letter: str) -> str:
    """Return the name of a single Greek letter: α is said alpha."""
    name = unicodedata.name(letter, "") if len(letter) == 1 else ""
    return name.rpartition(" ")[2].lower() if name.startswith("GREEK") else ""


def _read_suffixed(match: re.Match[str], languages: Languages) -> tuple[Reading, ...]:
    """Return the readings of ``GPUs``, ``GPT's``, ``H100s``, ``AI'll``."""
    stem = match.group(1) or match.group(2)
    ending = _ENDINGS.get(match.group(3)) or guess_phones(match.group(3) or "")
    return join_choices([_read_parts(stem, languages), [ending] if ending else _PLURALS])


def _say_amount(token: str, languages: Languages) -> Iterator[str]:
    """Yield how a number with letters is said as one: 1990s, 10w, 21st."""
    if "en" in languages and _DECADE.fullmatch(token):
        for text in say_number(token.rstrip("s'"), "en")[:3]:
            yield f"{text[:-1]}ies" if text.endswith("y") else f"{text}s"
    if counted := _COUNTED.fullmatch(token):
        yield from _say_counted(counted.group(1), counted.group(2), languages)


def _say_counted(number: str, letters: str, languages: Languages) -> Iterator[str]:
    """Yield how a number with its unit is said: 10w 十万, 5km 五公里, 21st, 3k."""
    if letters in _ORDINAL_ENDINGS and len(number) <= _LONGEST_ORDINAL:
        yield read_ordinal(number)
    for language in languages:
        said = say_number(number, language)
        if language == "zh":
            yield from _say_counted_in_chinese(number, letters, said)
        else:
            for pattern in english_unit(letters):
                yield pattern.replace("{}", said[0])


def _say_counted_in_chinese(number: str, letters: str, said: tuple[str, ...]) -> Iterator[str]:
    factor = unit_factor(letters)
    if factor:
        amounts = count_in_chinese(Decimal(number) * factor)
        if letters not in {"w", "W"}:
            yield f"{said[0]} {letters.upper()}"  # as often said: 一百二十八K, 一百B
        yield from amounts
    # A thousand (k) and ten thousand (w) are in the amount already.
    patterns = [p for p in chinese_unit(letters) if not (factor and p[-1] in "千万")]
    yield from (p.replace("{}", said[0]) for p in patterns)
    if number == "2":
        yield from (p.replace("{}", "两") for p in patterns)


def _read_parts(token: str, languages: Languages) -> tuple[Reading, ...]:
    """Return the readings of ``token`` part by part, and those of all of it."""
    parts = _PART.findall(token)
    choices = [choice for choice in (_read_part(part, languages) for part in parts) if choice]
    by_parts = join_choices(choices) if choices else ()
    if len(parts) < 2 or not token.isalpha():
        return by_parts
    whole = pronounce_word(token.lower())
    is_word = any(_is_fragment(part, is_first=not place) for place, part in enumerate(parts))
    ordered = (*whole, *by_parts) if is_word else (*by_parts[:4], *whole, *by_parts[4:])
    spelled = spell_letters(token)[:1] if len(token) <= _LONGEST_SPELLED else ()
    return distinct((*ordered[: MOST_READINGS - len(spelled)], *spelled))


def _is_fragment(part: str, *, is_first: bool) -> bool:
    """Tell whether ``part`` of a mixed token is none by itself: those of LLaMA, McDonald."""
    if len(part) == 1:
        return not (is_first and part.islower())  # but iPhone
    return not part.isupper() and not re.search("[aeiouy]", part.lower())


def _read_part(part: str, languages: Languages) -> tuple[Reading, ...]:
    if part.isdecimal():
        return _read_digits(part, languages)
    if part.isupper():
        return distinct(_read_capitals(part, languages))
    spelled: tuple[Reading, ...] = ()
    if part.islower() and len(part) <= _LONGEST_LOWER_SPELLED and "zh" in languages:
        spelled = spell_letters(part)[:1]
    return distinct((*pronounce_word(part), *spelled))


def _read_digits(digits: str, languages: Languages) -> tuple[Reading, ...]:
    said = [list(map(speak, say_number(digits, language)[:4])) for language in languages]
    turns = (readings[k] for k in range(4) for readings in said if k < len(readings))
    return distinct(turns)


def _read_capitals(letters: str, languages: Languages) -> Iterator[Reading]:
    """Yield the readings of a run of capitals: as a word, or letter by letter."""
    is_word_first = len(letters) > 1 and _is_pronounceable(letters)
    words = pronounce_word(letters) if len(letters) > 1 else ()
    spelled: list[Reading] = []
    if len(letters) <= _LONGEST_SPELLED or not re.search("[AEIOUY]", letters):
        spelled = [*spell_letters(letters)]
    yield from (*words, *spelled) if is_word_first else (*spelled, *words)
    if spelled and "zh" in languages:
        yield spell_letters_in_mandarin(letters)


def _is_pronounceable(letters: str) -> bool:
    """Tell whether capitals look like a word: NASA and GAN do, API and GPT do not."""
    if len(letters) <= 3:
        return re.fullmatch("[^AEIOU][AEIOU][^AEIOU]", letters) is not None
    has_vowel = re.search("[AEIOU]", letters) is not None
    return has_vowel and not re.search("[^AEIOU]{4}", letters)
