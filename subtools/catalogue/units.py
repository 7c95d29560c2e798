"""Text to units: what is compared, one code point each.

A unit is a Han character or one of another script without spaces (by itself, folded), or a
word or number (by its number in the library's list). A text is two strings: what is written,
and how it sounds. Finding a phrase is then finding a string in a string.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from subtools.catalogue.characters import Characters, syllable_to_sound
from subtools.lexicon import is_spaceless
from subtools.phonetics.mandarin import read_syllables
from subtools.phonetics.numbers import CHINESE, fold_digits, read_number
from subtools.phonetics.scripts import HAN

LONGEST_WORD = 64  # characters; what is longer is no word, and is known by its beginning
_MARK = "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
_UNIT = re.compile(
    rf"(?P<han>[{HAN}])"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    rf"|(?P<word>[^\W\d_](?:[^\W\d_{HAN}]|[{_MARK}]|['’](?=[^\W\d_{HAN}]))*)"
)
_HAN_CHARACTER = re.compile(f"[{HAN}]")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a text.

    Attributes:
        written: A folded character, or a word or number in lower case.
        sounds: One code point for each syllable; None where it sounds as it is written
            (a word of an alphabet, an unknown character). Empty for what is said with the
            unit before it (the 5 of 3.5).
        word: Number of the word it is in.
        surface: The word as it stands in the text; capitals say how it is spoken.
    """

    written: str
    sounds: str | None
    word: int
    surface: str

    @property
    def is_character(self) -> bool:
        """Whether it is its own code point, and not a word with a number."""
        return len(self.written) == 1 and is_spaceless(self.written)


def split_words_to_units(
    words: Sequence[str], characters: Characters, *, language: str = "zh"
) -> Iterator[Unit]:
    """Yield the units of ``words``, consecutive ones of a text; no unit goes over two words.

    Args:
        words: With punctuation and spaces, which are left out.
        characters: What is known of Han characters.
        language: ISO 639-1 code; numbers sound as in Chinese or as they are written.
    """
    text = "".join(words)
    syllables = dict(read_syllables(text)) if _HAN_CHARACTER.search(text) else {}
    start = 0
    for number, word in enumerate(words):
        for match in _UNIT.finditer(word):
            if match.lastgroup == "han":
                sound = syllable_to_sound(syllables.get(start + match.start(), "")) or None
                yield Unit(characters.fold(match.group()), sound, number, match.group())
            else:
                yield from _split_match(match, number, language)
        start += len(word)


def split_question(text: str, characters: Characters) -> Iterator[Unit]:
    """Yield the units of what is asked for, with all sounds that a character may have."""
    for match in _UNIT.finditer(text):
        if match.lastgroup == "han":
            surface = match.group()
            yield Unit(characters.fold(surface), characters.sounds(surface) or None, 0, surface)
        else:
            yield from _split_match(match, 0, "zh")


def words_of_units(words: Sequence[str]) -> list[int]:
    """Return for each unit of ``words`` the number of its word."""
    return [
        number
        for number, word in enumerate(words)
        for match in _UNIT.finditer(word)
        for _ in (("",) if match.lastgroup == "han" else _split_match(match, number, ""))
    ]


def fold_word(word: str) -> str:
    """Return a word of an alphabet as it is compared: no case, width, accent or apostrophe.

    >>> fold_word("Ｎaïve"), fold_word("Don’t")
    ('naive', 'dont')
    """
    folded = unicodedata.normalize("NFKD", word).casefold()
    letters = (c for c in folded if c.isalnum())
    return unicodedata.normalize("NFC", "".join(letters))[:LONGEST_WORD]


def _split_match(match: re.Match[str], word: int, language: str) -> Iterator[Unit]:
    """Yield the units of a number, a word, or a run of characters that are not Han."""
    surface = match.group()
    if match.lastgroup == "number":
        yield from _split_number(surface, word, language)
    elif is_spaceless(surface[0]):
        yield from _split_spaceless(surface, word)
    elif folded := fold_word(surface):
        yield Unit(folded, None, word, surface)


def _split_number(surface: str, word: int, language: str) -> Iterator[Unit]:
    """Yield the groups of a number, and its reading with the first; 1,000 is one group."""
    digits = _THOUSANDS.sub("", fold_digits(surface))
    groups = [group for group in re.split(r"\D", digits) if group]
    sounds = _read_in_chinese(digits) if language in CHINESE else None
    for number, group in enumerate(groups):
        said = "" if sounds and number else sounds  # the first group has it all
        yield Unit(group[:LONGEST_WORD], said, word, surface)


@cache
def _read_in_chinese(digits: str) -> str | None:
    reading = read_number(digits, "zh") if len(digits) <= LONGEST_WORD else None
    if reading is None:
        return None
    return "".join(syllable_to_sound(syllable) for _, syllable in read_syllables(reading))


def _split_spaceless(run: str, word: int) -> Iterator[Unit]:
    """Yield characters of kana, Thai and others one by one."""
    for character in run:
        folded = unicodedata.normalize("NFKC", character)
        if folded.isalnum():
            yield Unit(folded, None, word, character)
