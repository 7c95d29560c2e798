"""Pinyin as it is typed: with or without tones and spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from subtools.catalogue.characters import syllable_to_sound

MOST_WAYS = 4  # of reading what is typed: xian is one syllable or two
_LONGEST_SYLLABLE = 6  # letters: zhuang
_TONES = re.compile(r"(?<=[a-z])[1-5]")
_LONGEST = 120  # letters; what is longer is no pinyin that anybody types


def read_pinyin(text: str, used: frozenset[str]) -> tuple[str, ...]:
    """Return the sounds that typed pinyin may stand for, fewest syllables first.

    Args:
        text: What is typed.
        used: The sounds that there are: Mandarin has half of those that could be spelled.

    >>> used = frozenset(map(syllable_to_sound, "he cheng shu ju xian xi an".split()))
    >>> [len(sounds) for sounds in read_pinyin("héchéng shù ju4", used)]
    [4]
    >>> [len(sounds) for sounds in read_pinyin("xian", used)]
    [1, 2]
    >>> read_pinyin("scaling", used), read_pinyin("fine", used)
    ((), ())
    """
    plain = "".join(
        c
        for c in unicodedata.normalize("NFD", text.casefold().replace("u:", "v"))
        if c == "\u0308" or not unicodedata.combining(c)
    ).replace("u\u0308", "v")
    parts = re.split(r"[\s'’-]+", _TONES.sub(" ", plain).strip())
    if not all(re.fullmatch("[a-z]+", part) for part in parts) or len(plain) > _LONGEST:
        return ()
    ways = [""]
    for part in parts:
        ways = [way + sounds for way in ways for sounds in _read_part(part, used)][:MOST_WAYS]
    return tuple(ways)


@cache
def _read_part(letters: str, used: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(_ways(letters, used), key=len)[:MOST_WAYS])


def _ways(letters: str, used: frozenset[str]) -> Iterator[str]:
    """Yield the ways to cut ``letters`` into syllables, a few of those that begin longest."""
    found: list[tuple[str, ...]] = [()] * len(letters) + [("",)]
    for start in range(len(letters) - 1, -1, -1):
        ways = []
        for end in range(min(len(letters), start + _LONGEST_SYLLABLE), start, -1):
            sound = _sound(letters[start:end]) if found[end] else ""
            ways += [sound + rest for rest in found[end] if sound in used]
        found[start] = tuple(sorted(ways, key=len)[:MOST_WAYS])
    yield from found[0]


@cache
def _sound(letters: str) -> str:
    """Return the sound of a syllable that somebody may type; interjections such as m are none."""
    if len(letters) == 1 and letters not in "aeo":
        return ""
    if letters in {"ng", "hm", "hng"}:
        return ""
    return syllable_to_sound(letters.replace("ue", "ve") if letters[:1] in "ln" else letters)
