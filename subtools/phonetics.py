"""Text to comparable units of sound.

A *phone* here is a short string: a pinyin initial or toneless final for a Han
character (homophone errors then match), a letter for alphabets, a kana, a jamo.
Numbers are read out first, and scripts are folded, so that ``85`` matches 八十五 and
漢 matches 汉. Sounds that speakers of Mandarin often do not tell apart (zh/z, ch/c,
sh/s, final n/ng) are folded, since recognisers confuse them too.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import accumulate
from typing import Any

Phones = tuple[str, ...]

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_RUN = re.compile(rf"[{_HAN}]+")
_TOKEN = re.compile(rf"[{_HAN}]|\d+(?:[.,．]\d+)*(?:\s?[%％])?|[^\W\d_]", re.UNICODE)
_MERGED_INITIALS = {"zh": "z", "ch": "c", "sh": "s"}
_MERGED_FINALS = {"ang": "an", "eng": "en", "ing": "in", "iang": "ian", "uang": "uan"}
CHINESE = frozenset({"zh", "yue"})
_KATAKANA_TO_HIRAGANA = 0x60  # the two blocks lie this far apart
_LONGEST_COUNTED = 8  # digits; longer ones are read one by one, as telephone numbers are
_PERCENT = {"de": "Prozent", "en": "percent", "es": "por ciento", "fr": "pour cent"}
# num2words 0.5.14 fails on every Amharic number from 1,000 on, and never ends on some.
_MISREAD = frozenset({"am"})


def spell_phones(pieces: Sequence[str], language: str) -> tuple[Phones, ...]:
    """Return the phones of each of ``pieces``, consecutive stretches of one text.

    Args:
        pieces: Words or parts of words; readings of a Han character look at its
            neighbours across the borders.
        language: ISO 639-1 code; says how numbers are read.

    >>> spell_phones(["長", "城 ", "GPT-", "4"], "zh")
    (('c', 'an'), ('c', 'en'), ('g', 'p', 't'), ('s', 'i'))
    """
    text = "".join(pieces)
    borders = list(accumulate((len(piece) for piece in pieces), initial=0))
    spelled: list[list[str]] = [[] for _ in pieces]
    for position, phones in _spell(text, language):
        spelled[bisect_right(borders, position) - 1].extend(phones)
    return tuple(tuple(phones) for phones in spelled)


def fold_text(text: str) -> str:
    """Return the letters and digits of ``text``, Simplified, lower case, full width folded.

    What is left is what an error rate should compare; vowel signs are letters too.

    >>> fold_text("我們的 ＧＰＴ－4，很好！")
    '我们的gpt4很好'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _simplify("".join(c for c in folded if c.isalnum() or unicodedata.category(c)[0] == "M"))


def unify_script(texts: Sequence[str]) -> tuple[str, ...]:
    """Return Chinese ``texts`` in the script that most of them has, each as long as before.

    Recognisers change between Traditional and Simplified in the middle of a talk. Only
    texts that are clearly in the other script are converted (to the forms of Taiwan).

    >>> unify_script(["余先生看到它", "我們", "我们很快", "經驗"])
    ('余先生看到它', '我們', '我們很快', '經驗')
    """
    scripts = [_script(text) for text in texts]
    is_traditional = sum(scripts) > 0
    direction = "s2tw" if is_traditional else "t2s"
    return tuple(
        _convert(text, direction) if script and (script > 0) != is_traditional else text
        for text, script in zip(texts, scripts, strict=True)
    )


def _script(text: str) -> int:
    """Return how many more characters are Traditional only than Simplified only."""
    traditional = sum(_is_in(c, "big5") and not _is_in(c, "gb2312") for c in text)
    simplified = sum(_is_in(c, "gb2312") and not _is_in(c, "big5") for c in text)
    return traditional - simplified


@cache
def _is_in(character: str, charset: str) -> bool:
    """Tell whether a standard of one script has ``character``."""
    try:
        return bool(character.encode(charset))
    except UnicodeEncodeError:
        return False


def _spell(text: str, language: str) -> Iterator[tuple[int, Phones]]:
    """Yield (position in ``text``, phones) for all that can be spoken."""
    syllables = dict(_han_syllables(text))
    for match in _TOKEN.finditer(text):
        position, token = match.start(), match.group()
        if position in syllables:
            yield position, _split_syllable(syllables[position])
        elif token[0].isdecimal():
            phones = _spell_number(token, language)
            # A recogniser may give a number in pieces: each has its share of the reading.
            for index, phone in enumerate(phones):
                yield position + index * len(token) // len(phones), (phone,)
        else:
            yield position, _spell_letter(token)


def _han_syllables(text: str) -> Iterator[tuple[int, str]]:
    """Yield (position, pinyin) of each Han character, read in its context."""
    from pypinyin import lazy_pinyin

    for run in _HAN_RUN.finditer(text):
        readings = lazy_pinyin(_simplify(run.group()), errors=_keep_each)
        yield from enumerate(readings, start=run.start())


def _keep_each(characters: str) -> Any:
    """Return characters that have no reading one by one; pypinyin would join them."""
    return list(characters)


@cache
def _split_syllable(syllable: str) -> Phones:
    """Return initial and final of a pinyin syllable, the often confused ones merged."""
    from pypinyin.contrib.tone_convert import to_finals, to_initials

    initial = to_initials(syllable, strict=False)
    final = to_finals(syllable, strict=False, v_to_u=False)
    if not initial and not final:
        return (syllable,)  # a character without a reading stands for itself
    merged = (_MERGED_INITIALS.get(initial, initial), _MERGED_FINALS.get(final, final))
    return tuple(phone for phone in merged if phone)


@cache
def _spell_number(token: str, language: str) -> Phones:
    reading = _read_number(token, language)
    if reading is None:
        return tuple(character for character in _fold_digits(token) if character.isdecimal())
    return tuple(phone for _, phones in _spell(reading, language) for phone in phones)


def _read_number(token: str, language: str) -> str | None:
    """Return ``token`` (digits, perhaps a fraction or a percentage) in words."""
    number = _fold_digits(token).rstrip("%％ ").replace(",", "")
    is_percentage = token[-1] in "%％"
    if number.count(".") > 1:
        return None  # a version or a date
    if language in CHINESE:
        reading = _read_chinese_number(number)
        return f"百分之{reading}" if is_percentage else reading
    words = _read_number_elsewhere(number, language)
    return f"{words} {_PERCENT.get(language, '')}" if words and is_percentage else words


def _fold_digits(token: str) -> str:
    """Return ``token`` with the digits of all scripts as ASCII, points and spaces too."""
    folded = (str(unicodedata.decimal(c)) if c.isdecimal() else c for c in token)
    return re.sub(r"\s", " ", "".join(folded)).replace("．", ".")


def _read_chinese_number(number: str) -> str:
    import cn2an

    whole, _, fraction = number.partition(".")
    is_year = len(whole) == 4 and not fraction and whole[:2] in {"19", "20"}
    one_by_one = is_year or len(whole) > _LONGEST_COUNTED or (len(whole) > 1 and whole[0] == "0")
    reading = str(cn2an.an2cn(whole, "direct" if one_by_one else "low"))
    return f"{reading}点{cn2an.an2cn(fraction, 'direct')}" if fraction else reading


def _read_number_elsewhere(number: str, language: str) -> str | None:
    from num2words import num2words

    if language in _MISREAD or len(number) > _LONGEST_COUNTED:
        return None
    value = Decimal(number) if "." in number else int(number)  # some languages refuse text
    try:
        return str(num2words(value, lang=language))
    except (NotImplementedError, LookupError, ValueError):
        return None  # a language it does not speak, or a number it has no word for


@cache
def _spell_letter(letter: str) -> Phones:
    """Return the base letters of ``letter``, without accents; jamo for a Hangul syllable."""
    folded = unicodedata.normalize("NFKD", letter).casefold()
    bases = (c for c in folded if not unicodedata.combining(c))
    return tuple(chr(ord(c) - _KATAKANA_TO_HIRAGANA) if "ァ" <= c <= "ヶ" else c for c in bases)


def _simplify(text: str) -> str:
    return _convert(text, "t2s")


def _convert(text: str, direction: str) -> str:
    """Return ``text`` in the other Chinese script, as long as before."""
    converted = str(_converter(direction).convert(text))
    if len(converted) == len(text):
        return converted
    return "".join(str(_converter(direction).convert(character))[:1] for character in text)


@cache
def _converter(direction: str) -> Any:
    from opencc import OpenCC

    return OpenCC(direction)
