"""Plain words to phones, and choices of readings joined to one.

Texts here are spoken as they stand: Han characters, English words in lower case, and
capital letters that are said one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from subtools.phonetics.english import pronounce_word, spell_letters
from subtools.phonetics.mandarin import Reading, read_character, read_syllables
from subtools.phonetics.scripts import HAN

MOST_READINGS = 8  # of one word; more cost time in the search, and are hardly ever said
_SPOKEN = re.compile(rf"[{HAN}]+|[A-Z]|[a-z]+")

Languages = tuple[str, ...]  # "zh" and "en": those possible at a place, likelier first


@cache
def speak(text: str) -> Reading:
    """Return the phones of ``text``.

    >>> speak("四 K")
    ('s', 'ih', 'K', 'EY')
    """
    return tuple(phone for match in _SPOKEN.finditer(text) for phone in _speak_run(match.group()))


def join_choices(choices: Sequence[Sequence[Reading]]) -> tuple[Reading, ...]:
    """Return the likeliest ways through ``choices``, one of each after the other.

    Args:
        choices: For each part its readings, likeliest first; at least one each.
    """
    ways: list[tuple[int, Reading]] = [(0, ())]
    for readings in choices:
        longer = [
            (rank + place, (*way, *reading))
            for rank, way in ways
            for place, reading in enumerate(readings)
        ]
        ways = sorted(longer, key=lambda way: way[0])[:MOST_READINGS]
    return distinct(way for _, way in ways)


def distinct(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Return the first readings, each once, without empty ones."""
    return tuple(dict.fromkeys(filter(None, readings)))[:MOST_READINGS]


def _speak_run(run: str) -> Iterator[str]:
    if run.isascii():
        readings = spell_letters(run) if run.isupper() else pronounce_word(run)
        yield from readings[0] if readings else ()
        return
    for position, syllable in read_syllables(run):
        yield from read_character(run[position], syllable)[0]
