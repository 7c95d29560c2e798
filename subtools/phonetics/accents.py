"""English as a speaker of Mandarin may say it: with the sounds of Mandarin.

Source: which Mandarin sound stands for which English one in loans and in accents, as
S. Duanmu, The Phonology of Standard Chinese (2007), chapter on loan words, describes it; the single
best one of each, as far as the inventory has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

# (Tables have several entries to a line, so that they can be seen at once.)
# fmt: off
_SOUNDS = {
    "B": "b", "CH": "ch", "D": "d", "DH": "z", "F": "f", "G": "g", "HH": "h", "JH": "j", "K": "k",
    "L": "l", "M": "m", "N": "n", "NG": "ng", "P": "p", "R": "r", "S": "s", "SH": "sh", "T": "t",
    "TH": "s", "V": "u", "W": "u", "Y": "i", "Z": "z", "ZH": "r",
    "AA": "a", "AE": "ai", "AH": "e", "AO": "ao", "AW": "ao", "AY": "ai", "EH": "ai", "ER": "er",
    "EY": "ei", "IH": "i", "IY": "i", "OW": "ou", "OY": "o i", "UH": "u", "UW": "u",
}
_LAST_VOWELS = {"AH": "a"}  # of a name: Kafka, LLaMA
_NASAL = {
    "AA N": "an", "AE N": "an", "AH N": "en", "EH N": "en", "IH N": "in", "IY N": "in",
    "AY N": "ai n", "AA NG": "ang", "AE NG": "ang", "AH NG": "ang", "AO NG": "ong",
    "IH NG": "ing", "EH NG": "eng",
}
# fmt: on


def accent_phones(phones: Sequence[str]) -> tuple[str, ...]:
    """Return English ``phones`` in sounds of Mandarin; others stay as they are.

    >>> accent_phones("L AA M AH".split()), accent_phones("S K EY L IH NG".split())
    (('l', 'a', 'm', 'a'), ('s', 'k', 'ei', 'l', 'ing'))
    """
    return tuple(_accent(phones))


def _accent(phones: Sequence[str]) -> Iterator[str]:
    place = 0
    while place < len(phones):
        pair = " ".join(phones[place : place + 2])
        is_last = place == len(phones) - 1
        if pair in _NASAL and not _has_vowel(phones, place + 2):
            yield from _NASAL[pair].split()
            place += 2
            continue
        phone = phones[place]
        sounds = _LAST_VOWELS.get(phone) if is_last else None
        yield from (sounds or _SOUNDS.get(phone, phone)).split()
        place += 1


def _has_vowel(phones: Sequence[str], place: int) -> bool:
    """Tell whether a vowel stands at ``place``, to which a nasal before it would belong."""
    return place < len(phones) and phones[place][:1] in "AEIOU" and phones[place].isupper()
