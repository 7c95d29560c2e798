"""What the library knows of Han characters: their Simplified form, and how they are read.

Both are kept in the library, so that a search loads neither OpenCC nor pypinyin, which
takes longer than the search. A *sound* is one code point for a toneless syllable.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from itertools import groupby

from subtools.phonetics.mandarin import read_character, read_syllables, syllable_phones
from subtools.phonetics.nearness import SYLLABLES, fold_syllable, syllable_distance
from subtools.phonetics.scripts import fold_characters

FIRST_SOUND = 0x100  # two bytes in UTF-8, and no character that is a unit of text lies there
NEAR_SYLLABLES = 0.25  # distance; some 16 of 412 syllables are so near to one
_CHARSETS = ("gb2312", "big5")  # the characters of these two are in every library
_IDEOGRAPHS = range(0x4E00, 0xA000)


class Characters:
    """Folded forms and sounds of characters, read from the library when they are needed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[str, tuple[str, str]] = {}
        self._added: dict[str, tuple[str, str]] = {}

    def fold(self, character: str) -> str:
        """Return a Han character in Simplified; any other as it is."""
        return self._find(character)[0]

    def sounds(self, character: str) -> str:
        """Return the sounds of a character, the likeliest first; empty if it has none."""
        return self._find(character)[1]

    def load_all(self) -> None:
        """Read the whole table at once; for writers."""
        rows = self._connection.execute("SELECT character, folded, sounds FROM characters")
        self._known |= {character: (folded, sounds) for character, folded, sounds in rows}

    def keep_added(self) -> None:
        """Write what was not in the table; inside the caller's transaction."""
        rows = [(c, folded, sounds) for c, (folded, sounds) in self._added.items()]
        statement = "INSERT OR IGNORE INTO characters VALUES (?, ?, ?)"
        self._connection.executemany(statement, rows)
        self._added.clear()

    def read_as(self, sounds: Iterable[str]) -> frozenset[str]:
        """Return the folded characters that may be read as one of ``sounds``."""
        statement = "SELECT DISTINCT folded FROM characters WHERE instr(sounds, ?)"
        rows = (row for s in sounds for row in self._connection.execute(statement, (s,)))
        return frozenset(folded for (folded,) in rows)

    @cached_property
    def used_sounds(self) -> frozenset[str]:
        """All sounds that some character has."""
        return frozenset(sound for sounds in self._readings for sound in sounds)

    def other_sounds(self, sound: str) -> frozenset[str]:
        """Return how else the characters are read that may be read as ``sound``."""
        return self._others.get(sound, frozenset())

    @cached_property
    def _others(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for sounds in self._readings:
            for sound in sounds:
                found.setdefault(sound, set()).update(sounds)
        return {sound: frozenset(others) for sound, others in found.items()}

    @cached_property
    def _readings(self) -> list[str]:
        rows = self._connection.execute("SELECT DISTINCT sounds FROM characters")
        return [sounds for (sounds,) in rows]

    def _find(self, character: str) -> tuple[str, str]:
        known = self._known.get(character)
        if known is None:
            statement = "SELECT folded, sounds FROM characters WHERE character = ?"
            known = self._connection.execute(statement, (character,)).fetchone()
            if known is None:
                ((_, *rest),) = describe_characters([character])
                known = self._added[character] = (rest[0], rest[1])
            self._known[character] = known
        return known


def everyday_characters() -> tuple[str, ...]:
    """Return the characters of the two standards, Simplified and Traditional."""
    return tuple(c for c in map(chr, _IDEOGRAPHS) if any(_is_in(c, name) for name in _CHARSETS))


def describe_characters(characters: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Yield each character, its folded form, and its sounds."""
    listed = list(characters)
    folded = fold_characters(listed)
    read = dict(read_syllables("\n".join(folded)))
    for place, (character, simplified) in enumerate(zip(listed, folded, strict=True)):
        syllable = read.get(2 * place)
        readings = read_character(simplified, syllable) if syllable else ()
        sounds = (to_sound(reading) for reading in readings)
        yield character, simplified, "".join(dict.fromkeys(filter(None, sounds)))


def to_sound(phones: tuple[str, ...]) -> str:
    """Return the code point of a syllable's phones; empty if they are none.

    >>> to_sound(("zh", "ang")) == to_sound(syllable_phones("zhang"))
    True
    """
    place = _places().get(("", *phones) if len(phones) == 1 else phones)
    return "" if place is None else chr(FIRST_SOUND + place)


def syllable_to_sound(syllable: str) -> str:
    """Return the code point of a toneless pinyin syllable; empty if it is none."""
    return to_sound(syllable_phones("er" if syllable == "r" else syllable))


def is_sound(symbol: str) -> bool:
    """Tell whether a code point stands for a syllable."""
    return FIRST_SOUND <= ord(symbol) < FIRST_SOUND + len(SYLLABLES)


@cache
def folded_sounds() -> Mapping[int, str]:
    """Return the table (for ``str.translate``) that merges sounds which speakers confuse."""
    places = _places()
    folded = {place: places[fold_syllable(s)] for place, s in enumerate(SYLLABLES)}
    return {FIRST_SOUND + a: chr(FIRST_SOUND + b) for a, b in folded.items() if a != b}


@cache
def confused_sounds(sound: str) -> frozenset[str]:
    """Return the sounds that fold to the same as ``sound``, itself among them."""
    return _groups()[sound.translate(folded_sounds())]


@cache
def near_sounds(sound: str, used: frozenset[str]) -> frozenset[str]:
    """Return those of ``used`` that are similar to ``sound``."""
    syllable = SYLLABLES[ord(sound) - FIRST_SOUND]
    return frozenset(
        other
        for other in used
        if syllable_distance(syllable, SYLLABLES[ord(other) - FIRST_SOUND]) <= NEAR_SYLLABLES
    )


@cache
def _places() -> dict[tuple[str, ...], int]:
    return {syllable: place for place, syllable in enumerate(SYLLABLES)}


@cache
def _groups() -> dict[str, frozenset[str]]:
    sounds = [chr(FIRST_SOUND + place) for place in range(len(SYLLABLES))]
    by_folded = sorted(sounds, key=_fold)
    return {folded: frozenset(group) for folded, group in groupby(by_folded, key=_fold)}


def _fold(sound: str) -> str:
    return sound.translate(folded_sounds())


def _is_in(character: str, charset: str) -> bool:
    try:
        return bool(character.encode(charset))
    except UnicodeEncodeError:
        return False
