"""Questions about known moments: phrases of random places, as written and altered."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from scripts.bench.search.talks import MISHEARD, Talk
from subtools.core import Seconds

_SHORTEST, _LONGEST = 3, 8  # characters of a phrase
_COMMON = range(0x4E00, 0x9FA6)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose answer is known.

    Attributes:
        kind: How it was made.
        text: What is typed.
        meant: The phrase that is said there, as it stands in the text.
        key: The talk.
        time: When it is said, in seconds.
    """

    kind: str
    text: str
    meant: str
    key: str
    time: Seconds


def make_questions(talks: Sequence[Talk], each: int, *, seed: int = 7) -> Iterator[Asked]:
    """Yield ``each`` questions of every kind about random moments of ``talks``."""
    chance = random.Random(seed)  # noqa: S311 - a benchmark, no secret
    makers: dict[str, Callable[[str], str]] = {
        "as written": lambda phrase: phrase,
        "in the other script": _convert,
        "with homophone errors": lambda phrase: _mishear(phrase, chance),
        "in pinyin": lambda phrase: _spell(phrase, chance),
    }
    for kind, alter in makers.items():
        for _ in range(each):
            talk = chance.choice(talks)
            phrase, time = _choose_phrase(talk, chance)
            yield Asked(kind, alter(phrase), phrase, talk.recording.key, time)
    for _ in range(each):
        talk = chance.choice([talk for talk in talks if talk.misheard])
        offset, meant = chance.choice(talk.misheard)
        time = _time_at(talk, offset)
        yield Asked("English, misheard in the text", meant, meant, talk.recording.key, time)


def sounds_alike(a: str, b: str) -> bool:
    """Tell whether two texts have the same toneless pinyin, whatever marks are in them.

    What recognisers write for an English term sounds like it.
    """
    said, meant = (" ".join(re.findall(r"\w+", text.casefold())) for text in (a, b))
    written = {known.casefold(): heard.casefold() for known, heard in MISHEARD.items()}
    if meant in written:
        return said in {meant, written[meant]}
    return _syllables(said) == _syllables(meant)


def _choose_phrase(talk: Talk, chance: random.Random) -> tuple[str, Seconds]:
    """Return a phrase of a few Han characters without a mark between, and its time."""
    while True:
        length = chance.randint(_SHORTEST, _LONGEST)
        offset = chance.randrange(len(talk.body) - length)
        phrase = talk.body[offset : offset + length]
        if all(ord(character) in _COMMON for character in phrase):
            return phrase, _time_at(talk, offset)


def _time_at(talk: Talk, offset: int) -> Seconds:
    """Return when the word at ``offset`` of the body begins."""
    passed = 0
    for word in talk.recording.transcript.words:
        passed += len(word.text)
        if passed > offset and word.span is not None:
            return word.span.start
    raise ValueError("there is no such place")


def _convert(phrase: str) -> str:
    """Return ``phrase`` in the other script, whichever it is in."""
    simplified = str(_converter("t2s").convert(phrase))
    return simplified if simplified != phrase else str(_converter("s2tw").convert(phrase))


def _mishear(phrase: str, chance: random.Random) -> str:
    """Return ``phrase`` with one or two characters replaced by others of the same syllable."""
    characters = list(phrase)
    places = list(range(len(phrase)))
    chance.shuffle(places)
    wanted = 1 if len(phrase) < 5 else 2
    for place, syllable in ((p, _syllables(phrase)[p]) for p in places):
        others = [c for c in _homophones().get(syllable, ()) if c not in phrase]
        if others and wanted:
            characters[place], wanted = chance.choice(others), wanted - 1
    return "".join(characters)


def _spell(phrase: str, chance: random.Random) -> str:
    """Return ``phrase`` in pinyin, as somebody may type it: apart, in words, or in one."""
    syllables = list(_syllables(phrase))
    style = chance.randrange(3)
    if style == 0:
        return " ".join(syllables)
    if style == 1:
        return "".join(syllables)
    cut = chance.randint(1, len(syllables) - 1)
    return "".join(syllables[:cut]) + " " + "".join(syllables[cut:])


@cache
def _homophones() -> dict[str, list[str]]:
    """Return the 3,755 usual characters (GB 2312, level 1) by syllable."""
    found: dict[str, list[str]] = {}
    for character in map(chr, _COMMON):
        try:
            code = character.encode("gb2312")
        except UnicodeEncodeError:
            continue
        if code < b"\xd8":
            found.setdefault(_syllables(character)[0], []).append(character)
    return found


@cache
def _syllables(text: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    han = "".join(character for character in text if ord(character) in _COMMON)
    return tuple(lazy_pinyin(_converter("t2s").convert(han), errors=_keep_each))


def _keep_each(characters: str) -> Any:
    """Return characters without a reading one by one; pypinyin would join them."""
    return list(characters)


@cache
def _converter(direction: str) -> Any:
    from opencc import OpenCC

    return OpenCC(direction)
