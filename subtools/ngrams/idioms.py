"""Idioms, and other long words, that sound nearly like what is written.

A misheard idiom is written in words that make no sense, and of two syllables that are heard
right there is hardly more than one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations

from subtools.ngrams.reading import Rereading, score_text
from subtools.ngrams.tables import load_ngrams
from subtools.phonetics import simplify
from subtools.phonetics.mandarin import read_syllables, syllable_phones
from subtools.phonetics.nearness import Syllable, syllable_distance

LENGTHS = (4, 5, 6)  # characters; of shorter words too many sound alike
MOST_APART = 0.16  # distance of the syllables, of 0 to 1 each, in the mean
LEAST_GAIN = 8.0  # nats by which a clause must be likelier with it


def find_idioms(text: str) -> Iterator[Rereading]:
    """Yield idioms that make ``text`` much likelier where they nearly sound like it.

    >>> [(found.start, found.text) for found in find_idioms("我先抱着隐喻")]
    [(2, '抛砖引玉')]

    Args:
        text: A clause; only what is written in Han is looked at.
    """
    folded = simplify(text)
    if len(folded) != len(text):
        return
    syllables = {
        place: _syllable(syllable)
        for place, syllable in read_syllables(text)
        if syllable_phones(syllable)  # of some rare characters nobody knows how they are read
    }
    words = load_ngrams().places
    for length in LENGTHS:
        for start in range(len(text) - length + 1):
            end = start + length
            sounds = [syllables.get(place) for place in range(start, end)]
            if None in sounds or folded[start:end] in words:
                continue
            for word in _near(sounds):
                gain = score_text(folded[:start] + word + folded[end:]) - score_text(folded)
                if gain >= LEAST_GAIN:
                    yield Rereading(start, end, word)


def _near(sounds: Sequence[Syllable | None]) -> list[str]:
    """Return the words that sound nearly like some syllables, two of which are right."""
    index, places = _index(), range(len(sounds))
    found = {
        word
        for a, b in combinations(places, 2)
        for word in index.get((len(sounds), a, sounds[a], b, sounds[b]), ())
    }
    return sorted(word for word in found if _distance(word, sounds) <= MOST_APART * len(sounds))


def _distance(word: str, sounds: Sequence[Syllable | None]) -> float:
    pairs = zip(_said()[word], sounds, strict=True)
    return sum(1.0 if b is None else syllable_distance(a, b) for a, b in pairs)


_Key = tuple[int, int, Syllable | None, int, Syllable | None]


@cache
def _index() -> Mapping[_Key, Sequence[str]]:
    """Return long words by their length and two of their syllables, with their places."""
    found: dict[_Key, list[str]] = defaultdict(list)
    for word, sounds in _said().items():
        for a, b in combinations(range(len(sounds)), 2):
            found[len(word), a, sounds[a], b, sounds[b]].append(word)
    return found


@cache
def _said() -> Mapping[str, tuple[Syllable, ...]]:
    """Return the syllables of long words."""
    table = load_ngrams()
    return {
        word: tuple(map(_syllable, sound.split(" ")))
        for word, sound in zip(table.words, table.sounds, strict=True)
        if len(word) in LENGTHS and len(word) == len(sound.split(" "))
    }


@cache
def _syllable(syllable: str) -> Syllable:
    """Return initial and final."""
    phones = syllable_phones(syllable)
    return (phones[0], phones[1]) if len(phones) == 2 else ("", "".join(phones))
