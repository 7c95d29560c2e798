"""How likely a text is, and which likelier one sounds the same.

A text is cut into the words that make it likeliest; what is not written in Han parts it. For
another reading every character may be another one of the same sound, at a price: what is
written has somebody's word for it. This is how an input method turns pinyin into text (Z. Chen
and K. Lee, A New Statistical Approach to Chinese Pinyin Input, 2000), with what is written as
a guide. What a document writes often is likelier in it (R. Kuhn and R. De Mori, A Cache-Based
Natural Language Model for Speech Recognition, 1990).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from subtools.ngrams.tables import NO_WORD, UNKNOWN, Context, Ngrams, load_ngrams
from subtools.phonetics import simplify
from subtools.phonetics.mandarin import read_syllables

FOREIGN = -10.0  # nats; a word in other letters: about a word of everyday speech
LISTED = -11.0  # nats; a word that only a glossary knows: as rare as one in 60,000
CHANGED = -4.0  # nats for a character that is not as written
CONFUSED = -2.0  # nats for a syllable that many do not tell from what was heard
OWN_SHARE = 0.1  # of the words of a document come from those it has used already
BEAM = 10  # ways to have cut a text that are followed
MOST_ALIKE = 12  # words of the same sound that are tried
MOST_REHEARD = 3  # of them, in the place of what was heard
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_HAN_BEFORE = re.compile(r"[\u4e00-\u9fff]+$")
_PARTS = re.compile(r"[\u4e00-\u9fff]+|[^\W\u4e00-\u9fff]+(?:['.\-][^\W\u4e00-\u9fff]+)*")
# What many speakers, and the recognisers that heard them, do not tell apart.
_MERGED = ((re.compile(r"^([zcs])h"), r"\1"), (re.compile(r"([aei]n)g$"), r"\1"))
_START: Context = (NO_WORD, NO_WORD)


@dataclass(frozen=True, slots=True)
class Rereading:
    """Other characters of the same sound, which are likelier.

    Attributes:
        start: Offset of the first character of the word, or words, that change.
        end: The offset after the last one.
        text: What may have been meant, Simplified.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Path:
    likelihood: float
    words: tuple[tuple[int, str], ...]  # where each begins


@lru_cache(maxsize=4096)
def score_text(text: str, listed: frozenset[str] = frozenset()) -> float:
    """Return the log-probability of ``text``, cut into the words that make it likeliest; nats.

    >>> score_text("能够战胜对手") > score_text("能够佔胜对手") + 5
    True

    Args:
        text: Chinese, with words in other letters or without.
        listed: Words that the table need not know, Simplified.
    """
    total = 0.0
    for part in _PARTS.findall(simplify(text)):
        is_han = _HAN.fullmatch(part)
        total += _cut(part, _written(part, listed), listed).likelihood if is_han else FOREIGN
    return total


def reread_text(text: str, listed: frozenset[str] = frozenset()) -> Iterator[Rereading]:
    """Yield words of ``text`` for which others of the same sound are much likelier.

    >>> [(word.start, word.end, word.text) for word in reread_text("我们能够佔勝对手")]
    [(4, 6, '战胜')]

    Args:
        text: Chinese; what is not written in Han is left as it is.
        listed: Words that the table need not know, Simplified.
    """
    folded = simplify(text)
    if len(folded) != len(text):
        return
    syllables = dict(read_syllables(text))
    for run in _HAN.finditer(folded):
        sounds = [_merge(syllables.get(k, "")) for k in range(run.start(), run.end())]
        found = _cut(run.group(), _alike(run.group(), sounds, listed), listed)
        for start, end in _differences(run.group(), found):
            meant = "".join(word for place, word in found.words if start <= place < end)
            yield Rereading(run.start() + start, run.start() + end, meant)


def rehear_text(
    text: str, heard: range, body: str, listed: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Return the likeliest words that sound like the characters ``heard`` of ``text``.

    >>> "泛化" in rehear_text("学到更加范化的能力", range(4, 6), "泛化的能力")
    True

    Args:
        text: Chinese, with characters in it of which only the sound is known.
        heard: Which those are.
        body: The document, Simplified; what it writes often is likelier.
        listed: Words that the table need not know, Simplified.
    """
    folded = simplify(text)
    if len(folded) != len(text):
        return ()
    syllables = dict(read_syllables(text))
    spoken = [syllables.get(place, "") for place in heard]
    sound = " ".join(map(_merge, spoken))
    alike = {*_words_by_sound().get(sound, ()), *_listed_by_sound(listed).get(sound, ())}
    before, after = _HAN_BEFORE.search(folded[: heard.start]), _HAN.match(folded[heard.stop :])
    left, right = before.group() if before else "", after.group() if after else ""
    written = folded[heard.start : heard.stop]
    ranked = sorted(
        (word for word in alike if simplify(word) != written),  # the table has 丟, too
        key=lambda word: (
            _apart(word, spoken) - _score(left + word + right, listed, body),
            word,
        ),
    )
    return tuple(ranked[:MOST_REHEARD])


def _apart(word: str, spoken: Sequence[str]) -> float:
    said = [syllable for _, syllable in read_syllables(word)]
    return -CONFUSED * sum(a != b for a, b in zip(said, spoken, strict=True))


def _score(text: str, listed: frozenset[str], body: str) -> float:
    return _cut(text, _written(text, listed), listed, body).likelihood


def _differences(text: str, path: _Path) -> Iterator[tuple[int, int]]:
    """Yield where words of ``path`` are not as written; neighbours together."""
    start = end = -1
    for place, word in path.words:
        if text.startswith(word, place):
            continue
        if place != end:
            if start >= 0:
                yield start, end
            start = place
        end = place + len(word)
    if start >= 0:
        yield start, end


# --- the words that a text may be cut into --------------------------------------------

_Choice = tuple[str, float]  # a word, and the price of taking it
_Choices = Sequence[Sequence[_Choice]]  # that may begin at each character


def _written(text: str, listed: frozenset[str]) -> _Choices:
    """Return the words that are written in ``text``."""
    table = load_ngrams()
    return [
        [
            (text[start:end], 0.0)
            for end in range(start + 1, min(len(text), start + table.longest) + 1)
            if end == start + 1 or text[start:end] in table.places or text[start:end] in listed
        ]
        for start in range(len(text))
    ]


def _alike(text: str, sounds: Sequence[str], listed: frozenset[str]) -> _Choices:
    """Return the words that are written in ``text``, and those that sound the same."""
    by_sound, theirs, longest = _words_by_sound(), _listed_by_sound(listed), load_ngrams().longest
    choices = []
    for start, written in enumerate(_written(text, listed)):
        here = dict(written)
        for end in range(start + 1, min(len(text), start + longest) + 1):
            sound = " ".join(sounds[start:end])
            for word in (*by_sound.get(sound, ()), *theirs.get(sound, ())):
                changed = sum(a != b for a, b in zip(word, text[start:end], strict=True))
                here.setdefault(word, CHANGED * changed)
        choices.append(list(here.items()))
    return choices


@cache
def _words_by_sound() -> Mapping[str, Sequence[str]]:
    """Return the likeliest words of each sound."""
    table = load_ngrams()
    return _gather(zip(table.words, (sound.split(" ") for sound in table.sounds), strict=True))


@cache
def _listed_by_sound(listed: frozenset[str]) -> Mapping[str, Sequence[str]]:
    words = sorted(listed)
    return _gather((word, [syllable for _, syllable in read_syllables(word)]) for word in words)


def _gather(words: Iterable[tuple[str, Sequence[str]]]) -> Mapping[str, Sequence[str]]:
    """Return words by their sound, the first of each."""
    found: dict[str, list[str]] = {}
    for word, syllables in words:
        alike = found.setdefault(" ".join(map(_merge, syllables)), [])
        if len(alike) < MOST_ALIKE and len(word) == len(syllables):
            alike.append(word)
    return found


@cache
def _merge(syllable: str) -> str:
    """Return ``syllable`` without what many do not tell apart.

    >>> _merge("zheng"), _merge("xing"), _merge("kuang")
    ('zen', 'xin', 'kuan')
    """
    for pattern, short in _MERGED:
        syllable = pattern.sub(short, syllable)
    return syllable


def _cut(text: str, choices: _Choices, listed: frozenset[str], body: str = "") -> _Path:
    """Return the likeliest way to go through ``text``, out of ``body``, by ``choices``."""
    table = load_ngrams()
    reached: list[dict[Context, _Path]] = [{} for _ in range(len(text) + 1)]
    reached[0][_START] = _Path(0.0, ())
    for start in range(len(text)):
        ways = sorted(reached[start].items(), key=lambda way: -way[1].likelihood)[:BEAM]
        for word, price in choices[start]:
            for before, path in ways:
                after, likelihood = _follow(table, word, before, listed)
                if body:
                    likelihood = _mix(likelihood, _share(word, body))
                total = path.likelihood + likelihood + price
                there = reached[start + len(word)]
                if after not in there or total > there[after].likelihood:
                    there[after] = _Path(total, (*path.words, (start, word)))
    return max(reached[-1].values(), key=lambda path: path.likelihood)


def _follow(
    table: Ngrams, word: str, before: Context, listed: frozenset[str]
) -> tuple[Context, float]:
    """Return what stands before the next word, and how likely ``word`` is."""
    place = table.places.get(word)
    if place is None:
        return _START, LISTED if word in listed else UNKNOWN * len(word)
    return (before[1], place), table.likelihood(place, before)


def _mix(likelihood: float, share: float) -> float:
    return math.log((1 - OWN_SHARE) * math.exp(likelihood) + OWN_SHARE * share)


@lru_cache(maxsize=65536)
def _share(word: str, body: str) -> float:
    """Return how much of ``body`` is ``word``, of its words or characters."""
    return body.count(word) / len(body)
