"""Texts in an alphabet of one byte a letter, known by whether they read as words."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Letters beyond ASCII that a language needs, by the code page that Windows has for it. Where
# two read the same, the one that comes first counts.
_LATIN = (
    ("cp1252", "éèàêâîôûçëïùüœ"),  # French
    ("cp1252", "äöüß"),
    ("cp1252", "áéíóúñüºª"),  # Spanish
    ("cp1252", "áâãàçéêíóôõú"),  # Portuguese
    ("cp1252", "àèéìòù"),  # Italian
    ("cp1252", "åäöæøé"),  # of the North
    ("cp1252", "áéíóúýþæöð"),  # Icelandic
    ("cp1250", "ąćęłńóśźż"),  # Polish
    ("cp1250", "áčďéěíňóřšťúůýžäľĺŕô"),  # Czech, Slovak
    ("cp1250", "áéíóöőúüű"),  # Hungarian
    ("cp1250", "čćđšž"),  # Croatian, Slovene
    ("cp1250", "ăâîşţ"),  # Romanian
    ("cp1254", "çğıöşüâî"),  # Turkish
)
_OTHERS = (  # code page, first and last letter of the script, the most frequent ones
    ("cp1251", "Ѐ", "ӿ", "оеаинтсрвлкмдпу"),
    ("koi8_r", "Ѐ", "ӿ", "оеаинтсрвлкмдпу"),
    ("cp1253", "Ͱ", "Ͽ", "αοιετσνηυρπκμλςάέίόύ"),
)
_MARKS = "‘’“”„‚…–—«»¿¡°€£§·©®™½¼¾²³ "
_WORD = re.compile(r"[^\W\d_]+")
_SHARE_OF_ACCENTS = 0.7  # été has two in three letters; more is no Latin word


def find_alphabet(sample: bytes) -> tuple[str, float]:
    """Return the likeliest code page of one byte a letter, and how much reads as words, 0..1.

    A word is of one script and small, capitalised or all capitals.

    >>> find_alphabet("Où est-il ?".encode("cp1252"))
    ('cp1252', 1.0)
    >>> find_alphabet("Спасибо".encode("koi8_r"))[0]
    'koi8_r'
    """
    return max(_judge_all(sample), key=lambda judged: judged[1])


def _judge_all(sample: bytes) -> Iterator[tuple[str, float]]:
    texts = {encoding: sample.decode(encoding, "replace") for encoding, *_ in (*_LATIN, *_OTHERS)}
    for encoding, letters in _LATIN:
        yield encoding, _judge_latin(texts[encoding], frozenset(letters + letters.upper() + "İ"))
    for encoding, first, last, frequent in _OTHERS:
        yield encoding, _judge_script(texts[encoding], first, last, frequent)


def _judge_latin(text: str, letters: frozenset[str]) -> float:
    beyond = [c for c in text if c > "\x7f"]
    marks = sum(c in _MARKS for c in beyond)
    words = (word for word in _WORD.findall(text) if not word.isascii() and _is_cased(word))
    return (marks + sum(_count_letters(word, letters) for word in words)) / max(1, len(beyond))


def _count_letters(word: str, letters: frozenset[str]) -> int:
    """Return how many of the letters of ``word`` beyond ASCII are right; none if too many are."""
    accents = [c for c in word if c > "\x7f"]
    if len(accents) > max(1.0, _SHARE_OF_ACCENTS * len(word)):
        return 0
    return sum(c in letters for c in accents)


def _judge_script(text: str, first: str, last: str, frequent: str) -> float:
    beyond = [c for c in text if c > "\x7f"]
    marks = sum(c in _MARKS for c in beyond)
    words = (word for word in _WORD.findall(text) if _is_cased(word))
    letters = "".join(word for word in words if all(first <= c <= last for c in word))
    share = (marks + len(letters)) / max(1, len(beyond))
    # Greek in the code page of Russian has as many words, but odd ones.
    return share * (0.9 + 0.1 * sum(map(letters.lower().count, frequent)) / max(1, len(letters)))


def _is_cased(word: str) -> bool:
    return word[1:] == word[1:].lower() or word == word.upper()
