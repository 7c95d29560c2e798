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
from functools import cache
from itertools import accumulate

from subtools.phonetics.mandarin import read_syllables
from subtools.phonetics.numbers import fold_digits, read_number
from subtools.phonetics.scripts import HAN, simplify

Phones = tuple[str, ...]

_TOKEN = re.compile(rf"[{HAN}]|\d+(?:[.,．]\d+)*(?:\s?[%％])?|[^\W\d_]", re.UNICODE)
_MERGED_INITIALS = {"zh": "z", "ch": "c", "sh": "s"}
_MERGED_FINALS = {"ang": "an", "eng": "en", "ing": "in", "iang": "ian", "uang": "uan"}
_KATAKANA_TO_HIRAGANA = 0x60  # the two blocks lie this far apart


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
    return simplify("".join(c for c in folded if c.isalnum() or unicodedata.category(c)[0] == "M"))


def _spell(text: str, language: str) -> Iterator[tuple[int, Phones]]:
    """Yield (position in ``text``, phones) for all that can be spoken."""
    syllables = dict(read_syllables(text))
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
    reading = read_number(token, language)
    if reading is None:
        return tuple(character for character in fold_digits(token) if character.isdecimal())
    return tuple(phone for _, phones in _spell(reading, language) for phone in phones)


@cache
def _spell_letter(letter: str) -> Phones:
    """Return the base letters of ``letter``, without accents; jamo for a Hangul syllable."""
    folded = unicodedata.normalize("NFKD", letter).casefold()
    bases = (c for c in folded if not unicodedata.combining(c))
    return tuple(chr(ord(c) - _KATAKANA_TO_HIRAGANA) if "ァ" <= c <= "ヶ" else c for c in bases)
