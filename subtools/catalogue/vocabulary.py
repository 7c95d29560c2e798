"""The words of alphabets in the library: one code point each, their stems, how they sound."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from subtools.phonetics.latin import fold_latin, read_token
from subtools.phonetics.nearness import outline_phones

_FIRST_WORD = 0x40000  # planes without characters, up to the last one of Unicode
_PLACES = 0x110000 - _FIRST_WORD
_SHORTEST_STEMMED = 4  # letters


def word_symbol(number: int) -> str:
    """Return the code point of the word with ``number``.

    There is room for 851,968 words; further ones share code points, and are then found
    where the other is meant.
    """
    return chr(_FIRST_WORD + number % _PLACES)


def is_word(symbol: str) -> bool:
    """Tell whether a code point stands for a word of the vocabulary."""
    return ord(symbol) >= _FIRST_WORD


def stem_word(word: str) -> str:
    """Return the English stem of a folded word; other languages' words get none of their own.

    >>> stem_word("scaling"), stem_word("laws"), stem_word("мир")
    ('scale', 'law', 'мир')
    """
    if not (word.isascii() and word.isalpha() and len(word) >= _SHORTEST_STEMMED):
        return word
    return str(_stemmer().stemWord(word))


def pronounce(surface: str) -> tuple[str, ...]:
    """Return how a word is likeliest spoken; empty if it is not in Latin letters."""
    latin = fold_latin(surface[:40])
    readings = read_token(latin, ("en",)) if latin.isalpha() else ()
    return tuple(phone for phone in readings[0]) if readings else ()


def add_words(connection: sqlite3.Connection, surfaces: Mapping[str, str]) -> dict[str, str]:
    """Return the code point of each folded word, new ones added to the library.

    Args:
        connection: The library, in a transaction.
        surfaces: Folded words, each as it stands in some text.
    """
    symbols = {}
    for word, surface in surfaces.items():
        row = connection.execute("SELECT id FROM words WHERE word = ?", (word,)).fetchone()
        symbols[word] = word_symbol(row[0] if row else _add_word(connection, word, surface))
    return symbols


def count_uses(connection: sqlite3.Connection, texts: Iterable[str], sign: int) -> None:
    """Note that the words in ``texts`` (written units) are used more or less often.

    Words that nothing uses any more are forgotten: they may be names.
    """
    counts = Counter(symbol for text in texts for symbol in text if is_word(symbol))
    rows = [(sign * count, ord(symbol) - _FIRST_WORD) for symbol, count in counts.items()]
    connection.executemany("UPDATE words SET uses = uses + ? WHERE id = ?", rows)
    if sign < 0:
        connection.execute("DELETE FROM words WHERE uses <= 0")


def find_word(connection: sqlite3.Connection, word: str) -> str:
    """Return the code point of a folded word; empty if no text has it."""
    row = connection.execute("SELECT id FROM words WHERE word = ?", (word,)).fetchone()
    return word_symbol(row[0]) if row else ""


def find_forms(connection: sqlite3.Connection, word: str) -> frozenset[str]:
    """Return the code points of the words with the same stem."""
    rows = connection.execute("SELECT id FROM words WHERE stem = ?", (stem_word(word),))
    return frozenset(word_symbol(number) for (number,) in rows)


def _add_word(connection: sqlite3.Connection, word: str, surface: str) -> int:
    phones = pronounce(surface)
    values = (word, stem_word(word), outline_phones(phones), " ".join(phones))
    statement = "INSERT INTO words (word, stem, outline, phones, uses) VALUES (?, ?, ?, ?, 0)"
    return int(connection.execute(statement, values).lastrowid or 0)


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
