"""How alike sounds are that speakers and recognisers take for each other.

A Mandarin syllable is a pair of ``inventory``: initial (may be empty) and final. English
words are rows of ARPABET phones. Distances run from 0 (the same) to 1.

Source: place and manner of articulation, as any phonology of Mandarin has them (S. Duanmu,
The Phonology of Standard Chinese, 2007); the numbers are steps of a scale, not measured.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache

from subtools.phonetics.inventory import (
    ENGLISH_CONSONANTS,
    ENGLISH_VOWELS,
    FINALS,
    INITIALS,
)

Syllable = tuple[str, str]

# What many speakers of Mandarin do not tell apart.
_MERGED_INITIALS = {"zh": "z", "ch": "c", "sh": "s"}
_MERGED_FINALS = {"ang": "an", "eng": "en", "ing": "in", "iang": "ian", "uang": "uan"}
# (Tables have several entries to a line, so that they can be seen at once.)
# fmt: off
_NEAR_INITIALS = {
    0.1: ("zh z", "ch c", "sh s"),
    0.3: ("n l", "r l", "f h"),
    0.4: ("b p", "d t", "g k", "j q", "zh ch", "z c", "zh c", "z ch"),
    0.5: ("j x", "q x", "zh sh", "ch sh", "z s", "c s", "j zh", "q ch", "x sh", "j z", "q c",
          "x s", "g h", "k h", "m n", "b m", "d n", "r n"),
}
# Medial glide, vowel, ending. The e of ie, ian, van and ve is one vowel.
_FINAL_PARTS = {
    "a": "-a-", "o": "-o-", "e": "-e-", "i": "i--", "ih": "-I-", "u": "u--", "v": "v--",
    "er": "-er", "ai": "-ai", "ei": "-Ei", "ao": "-au", "ou": "-ou", "an": "-an", "en": "-en",
    "ang": "-ag", "eng": "-eg", "ong": "-og", "ng": "--g", "ia": "ia-", "ie": "iE-",
    "iao": "iau", "iu": "iou", "ian": "iEn", "in": "i-n", "iang": "iag", "ing": "i-g",
    "iong": "iog", "ua": "ua-", "uo": "uo-", "uai": "uai", "ui": "uEi", "uan": "uan",
    "un": "uen", "uang": "uag", "ueng": "ueg", "ve": "vE-", "van": "vEn", "vn": "v-n",
}
_NEAR_PARTS = {
    "iv": 0.4, "uv": 0.6, "eE": 0.3, "aE": 0.5, "eo": 0.4, "ao": 0.6, "ae": 0.6, "oE": 0.7,
    "-e": 0.4, "-E": 0.4, "Ie": 0.4, "-I": 0.5, "gn": 0.2, "-n": 0.6, "-g": 0.6, "-i": 0.6,
    "-u": 0.6, "gu": 0.8, "nu": 0.9, "in": 0.9,
}
_ENGLISH_CLASSES = {
    "B": "P", "P": "P", "F": "P", "V": "P", "D": "T", "T": "T", "DH": "S", "TH": "S",
    "S": "S", "Z": "S", "SH": "S", "ZH": "S", "CH": "S", "JH": "S", "K": "K", "G": "K",
    "M": "N", "N": "N", "NG": "N", "L": "N", "R": "N",
}
_GLIDES = frozenset({"HH", "W", "Y"})
OUTLINE = "PTKSNA"  # what an outline is made of
_NEAR_PHONES = {
    0.2: ("B P", "D T", "G K", "V F", "Z S", "ZH SH", "JH CH", "DH TH", "N NG", "N M", "IH IY",
          "UH UW", "AA AO", "AA AH", "AE EH", "AH UH", "AO OW", "AH ER", "AH IH", "EH IH"),
    0.4: ("N L", "L R", "SH S", "ZH Z", "JH ZH", "CH SH", "TH S", "DH Z", "TH F", "DH D",
          "TH T", "V W", "B V", "P F", "AE EY", "EH EY", "AY AE", "AY AA", "AW AA", "AO AH",
          "AE AA", "AE AH", "EH AH", "OW UH", "OW AH", "OW AW", "IY EY", "AO ER", "ER EH"),
}
# fmt: on
_MEDIAL, _VOWEL, _ENDING = 0.3, 0.4, 0.3  # shares of a final
_INITIAL_SHARE = 0.5  # of a syllable
_VOWELS_APART = 0.6  # two English vowels that are not near are still vowels
MISSING_PHONE = 0.7


def fold_syllable(syllable: Syllable) -> Syllable:
    """Return a syllable with the sounds merged that many speakers do not tell apart.

    >>> fold_syllable(("zh", "ang")), fold_syllable(("s", "i"))
    (('z', 'an'), ('s', 'i'))
    """
    initial, final = syllable
    return _MERGED_INITIALS.get(initial, initial), _MERGED_FINALS.get(final, final)


@cache
def syllable_distance(a: Syllable, b: Syllable) -> float:
    """Return how unlike two syllables sound: 0 for the same, 1 for nothing in common.

    >>> round(syllable_distance(("", "van"), ("", "ie")), 2)  # yuan, ye
    0.15
    >>> syllable_distance(("m", "o"), ("x", "ing")) > 0.6
    True
    """
    initial = _initial_distance(a[0], b[0])
    final = _final_distance(a[1], b[1])
    return _INITIAL_SHARE * initial + (1 - _INITIAL_SHARE) * final


def phones_distance(a: Sequence[str], b: Sequence[str]) -> float:
    """Return how unlike two English words sound, in edits a phone of the longer one.

    >>> round(phones_distance("S K EY L IH NG".split(), "S K AE N IH NG".split()), 2)
    0.13
    """
    longest = max(len(a), len(b))
    return phones_edits(a, b, math.inf) / longest if longest else 0.0


def phones_edits(a: Sequence[str], b: Sequence[str], most: float) -> float:
    """Return the edits from ``a`` to ``b``; infinity as soon as they are more than ``most``."""
    if abs(len(a) - len(b)) * MISSING_PHONE > most:
        return math.inf
    distances = _phone_distances()
    row = [MISSING_PHONE * j for j in range(len(b) + 1)]
    for i, phone in enumerate(a, start=1):
        before, row, known = row, [MISSING_PHONE * i], distances[phone]
        for j, other in enumerate(b):
            least = before[j] + known[other]
            missing = MISSING_PHONE + min(before[j + 1], row[j])
            row.append(least if least < missing else missing)
        if min(row) > most:
            return math.inf
    return row[-1] if row[-1] <= most else math.inf


def outline_phones(phones: Sequence[str]) -> str:
    """Return the classes of the sounds of an English word: what survives mishearing.

    Consonants by place and manner, and A for vowels side by side; h, w and y are none.

    >>> outline_phones("S K EY L IH NG".split()), outline_phones("JH IY P IY".split())
    ('SKANAN', 'SAPA')
    """
    classes = (_ENGLISH_CLASSES.get(phone, "A") for phone in phones if phone not in _GLIDES)
    return re.sub("A+", "A", "".join(classes))


@cache
def _pairs(groups: tuple[tuple[float, tuple[str, ...]], ...]) -> dict[frozenset[str], float]:
    return {frozenset(pair.split()): cost for cost, pairs in groups for pair in pairs}


@cache
def _initial_distance(a: str, b: str) -> float:
    if a == b:
        return 0.0
    known = _pairs(tuple(_NEAR_INITIALS.items()))
    return known.get(frozenset((a, b)), 1.0)


@cache
def _final_distance(a: str, b: str) -> float:
    shares = (_MEDIAL, _VOWEL, _ENDING)
    parts = zip(shares, _FINAL_PARTS[a], _FINAL_PARTS[b], strict=True)
    return sum(share * _part_distance(x, y) for share, x, y in parts)


def _part_distance(a: str, b: str) -> float:
    if a == b:
        return 0.0
    return _NEAR_PARTS.get(a + b, _NEAR_PARTS.get(b + a, 1.0))


@cache
def _phone_distances() -> dict[str, dict[str, float]]:
    phones = (*ENGLISH_CONSONANTS, *ENGLISH_VOWELS)
    return {a: {b: _phone_distance(a, b) for b in phones} for a in phones}


def _phone_distance(a: str, b: str) -> float:
    if a == b:
        return 0.0
    near = _pairs(tuple(_NEAR_PHONES.items())).get(frozenset((a, b)))
    if near is not None:
        return near
    are_vowels = a in ENGLISH_VOWELS and b in ENGLISH_VOWELS
    return _VOWELS_APART if are_vowels else 1.0


SYLLABLES: tuple[Syllable, ...] = tuple((i, f) for i in ("", *INITIALS) for f in FINALS)
