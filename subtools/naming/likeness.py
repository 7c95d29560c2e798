"""Spellings of names, and how alike they sound."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from subtools.matching import count_edits
from subtools.naming.vocabulary import ANY_TITLES, SURNAME_READINGS, TITLE_KINDS
from subtools.phonetics import read_words
from subtools.phonetics.scripts import HAN, simplify

# What speakers of Mandarin often do not tell apart, and recognisers confuse.
_NEAR_INITIALS = (
    *({"zh", "z"}, {"ch", "c"}, {"sh", "s"}, {"n", "l"}, {"f", "h"}, {"r", "l"}, {"j", "zh"}),
    *({"q", "ch"}, {"x", "sh"}, {"b", "p"}, {"d", "t"}, {"g", "k"}, {"j", "q"}, {"g", "h"}),
)
_NEAR_FINALS = (
    *({"an", "ang"}, {"en", "eng"}, {"in", "ing"}, {"ian", "iang"}, {"uan", "uang"}),
    *({"un", "ong"}, {"eng", "ong"}, {"in", "vn"}, {"un", "en"}, {"vn", "un"}, {"ai", "ei"}),
    *({"o", "uo"}, {"ao", "ang"}, {"iao", "iang"}, {"ou", "uo"}, {"v", "i"}, {"ui", "ei"}),
)
_HAN = re.compile(f"[{HAN}]")
_NEAR = 0.7  # likeness of two such sounds; equal ones have 1, all others none

Syllable = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """A way in which a person is called.

    Attributes:
        text: As written, title included: 曾老師, Dr. Chen, Sarah.
        family: The surname, folded (Simplified, lower case); empty if it is not said.
        given: The given name, folded; empty if it is not said.
        title: The form of address, folded; empty if there is none.
    """

    text: str
    family: str = ""
    given: str = ""
    title: str = ""

    @property
    def is_full(self) -> bool:
        """Whether surname and given name are said."""
        return bool(self.family and self.given)


def sound_alike(a: Spelling, b: Spelling) -> bool:
    """Tell whether two spellings are said the same, their titles aside, as far as they go.

    >>> sound_alike(Spelling("東老師", "东", "", "老师"), Spelling("董教授", "董", "", "教授"))
    True
    >>> sound_alike(Spelling("Sarah Chen", "chen", "sarah"), Spelling("Sara", "", "sara"))
    True
    >>> sound_alike(Spelling("Sarah", "", "sarah"), Spelling("Dr. Chen", "chen", "", "dr"))
    False
    """
    pairs = [(x, y) for x, y in ((a.family, b.family), (a.given, b.given)) if x and y]
    return bool(pairs) and all(likeness(x, y) == 1.0 for x, y in pairs)


def are_titles_apart(a: Spelling, b: Spelling) -> bool:
    """Tell whether two titles are hardly those of one person: 陈总 and 陈教授.

    >>> are_titles_apart(Spelling("陈总", "陈", "", "总"), Spelling("陈教授", "陈", "", "教授"))
    True
    >>> are_titles_apart(Spelling("陈总", "陈", "", "总"), Spelling("陈老师", "陈", "", "老师"))
    False
    """
    if {a.title, b.title} & ANY_TITLES:
        return False
    return TITLE_KINDS.get(a.title, a.title) != TITLE_KINDS.get(b.title, b.title)


def nearness(a: Spelling, b: Spelling) -> float:
    """Return how alike two spellings sound where both say something, 0..1."""
    pairs = [(x, y) for x, y in ((a.family, b.family), (a.given, b.given)) if x and y]
    return min((likeness(x, y) for x, y in pairs), default=0.0)


@cache
def likeness(a: str, b: str) -> float:
    """Return how alike two names sound, 0..1; 1 if a listener could not tell them apart.

    >>> likeness("东", "董"), likeness("孙", "宋"), likeness("贺", "赵"), likeness("sara", "sarah")
    (1.0, 0.85, 0.0, 1.0)
    """
    if a == b:
        return 1.0
    if _HAN.search(a) and _HAN.search(b):
        return _mandarin_likeness(a, b)
    return 0.0 if _HAN.search(a + b) else _latin_likeness(a, b)


def _mandarin_likeness(a: str, b: str) -> float:
    if len(a) != len(b):
        return 0.0
    least = 1.0
    for x, y in zip(a, b, strict=True):
        pairs = ((p, q) for p in _read(x) for q in _read(y))
        least = min(least, max((_syllable_likeness(p, q) for p, q in pairs), default=0.0))
    return least


def _syllable_likeness(a: Syllable, b: Syllable) -> float:
    (initial_a, final_a), (initial_b, final_b) = _parts(a), _parts(b)
    initial = _part_likeness(initial_a, initial_b, _NEAR_INITIALS)
    final = _part_likeness(final_a, final_b, _NEAR_FINALS)
    return (initial + final) / 2 if initial and final else 0.0


def _part_likeness(a: str, b: str, near: Sequence[set[str]]) -> float:
    if a == b:
        return 1.0
    return _NEAR if {a, b} in near else 0.0


def _parts(syllable: Syllable) -> tuple[str, str]:
    return (syllable[0], syllable[1]) if len(syllable) == 2 else ("", syllable[0])


@cache
def _read(character: str) -> tuple[Syllable, ...]:
    """Return the syllables of a Han character: as a surname, if it is one of its own."""
    character = simplify(character)
    if character in SURNAME_READINGS:
        return (tuple(SURNAME_READINGS[character].split()),)
    readings = read_words([character])[0]
    return tuple(reading for reading in readings if 0 < len(reading) <= 2)[:2]


def _latin_likeness(a: str, b: str) -> float:
    """Return how alike two names in Latin letters are said, 1 for the same phones."""
    said_a, said_b = _say(a), _say(b)
    edits = count_edits(said_a, said_b)
    return max(0.0, 1.0 - edits.errors / max(len(said_a), len(said_b), 1))


def _say(name: str) -> Syllable:
    readings = read_words([f"{word.capitalize()} " for word in name.split()])
    return tuple(phone for reading in readings if reading for phone in reading[0]) or tuple(name)
