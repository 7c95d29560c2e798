"""A phrase that is asked for to what may be written in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice, pairwise, product

from subtools.catalogue.characters import (
    Characters,
    confused_sounds,
    folded_sounds,
    is_sound,
    near_sounds,
)
from subtools.catalogue.pinyin import read_pinyin
from subtools.catalogue.questions import Term
from subtools.catalogue.schema import Catalogue
from subtools.catalogue.spoken import FARTHEST, MOST_PHONES
from subtools.catalogue.tokens import join_all, join_any, quote
from subtools.catalogue.units import Unit, split_question
from subtools.catalogue.values import Closeness
from subtools.catalogue.vocabulary import (
    find_forms,
    find_word,
    pronounce,
)
from subtools.core import Glossary

Choices = frozenset[str]  # code points of which any may stand at a place

MOST_PATTERNS = 48  # of one phrase and closeness
_MOST_ROWS = 40  # of words that sound like those asked for, the nearest ones
_MOST_SIMILAR = 4  # ways to sound, of which each place may be another
_LIKE = 0.15  # edits a phone: an English word that is nearly the same
_SHORTEST_NEAR = 3  # units; of two, one that is only similar makes nearly any word
INDEXED = 13  # units: what the index of a passage holds of a phrase for certain
_HEARD = 0.7  # of what is read, for words that may be one or the other
_MOST_PAIRS = 600  # of the choices of two neighbours


@dataclass(frozen=True, slots=True)
class Pattern:
    """What may be written for a phrase.

    Attributes:
        by_sound: Whether it is about sounds, or about what is written.
        choices: For each place, what may stand there.
        ideal: For each place, what should.
    """

    by_sound: bool
    choices: tuple[Choices, ...]
    ideal: tuple[Choices, ...]

    @property
    def is_syllable(self) -> bool:
        """Whether it is no more than one syllable, which stands in nearly every passage."""
        return self.by_sound and len(self.choices) == 1 and any(map(is_sound, self.choices[0]))

    def fit(self, text: str) -> float:
        """Return which share of ``text`` is as it should be; 0 if it does not match at all.

        What is only heard fits less well than what is read.
        """
        if len(text) != len(self.choices) or not all(map(_is_in, text, self.choices)):
            return 0.0
        share = sum(map(_is_in, text, self.ideal)) / len(text)
        return share * (_HEARD if self.by_sound else 1.0)


def _is_in(symbol: str, choices: Choices) -> bool:
    return symbol in choices


def find_patterns(
    catalogue: Catalogue, glossary: Glossary, term: Term, closeness: Closeness
) -> tuple[Pattern, ...]:
    """Return what may be written for ``term``, no farther from it than ``closeness``."""
    makers: dict[Closeness, Callable[[], Iterator[Pattern]]] = {
        Closeness.WRITTEN: lambda: _as_written(catalogue, term.units),
        Closeness.FORM: lambda: _forms(catalogue, term, glossary),
        Closeness.SOUND: lambda: _sounds(catalogue, term),
        Closeness.CONFUSED: lambda: _confused(catalogue, term),
        Closeness.NEAR: lambda: _similar(catalogue, term),
    }
    return tuple(islice(dict.fromkeys(makers[closeness]()), MOST_PATTERNS))


def compile_patterns(patterns: Iterable[Pattern]) -> re.Pattern[str] | None:
    """Return a regular expression for any of ``patterns``; None for none."""
    texts = ["".join(map(_write_choices, pattern.choices)) for pattern in patterns]
    return re.compile("|".join(texts)) if texts else None


def compose_expression(pattern: Pattern, characters: Characters) -> str:
    """Return the FTS5 expression for the passages that may hold ``pattern``; empty for none."""
    choices = pattern.choices[:INDEXED]
    if len(choices) == 1:
        return join_any(map(quote, _symbols_of(choices[0], characters)))
    folded = [_fold(choice) if pattern.by_sound else choice for choice in choices]
    small = [pair for pair in pairwise(folded) if len(pair[0]) * len(pair[1]) <= _MOST_PAIRS]
    pairs = ([a + b for a, b in product(sorted(x), sorted(y))] for x, y in small)
    return join_all(join_any(map(quote, pair)) for pair in pairs)


def _write_choices(choices: Choices) -> str:
    symbols = "".join(sorted(choices))
    return symbols if len(symbols) == 1 else f"[{symbols}]"


def _symbols_of(choices: Choices, characters: Characters) -> list[str]:
    """Return the units that may stand for one of ``choices``: those of sounds are not indexed."""
    sounds = {choice for choice in choices if is_sound(choice)}
    return sorted((choices - sounds) | (characters.read_as(sounds) if sounds else frozenset()))


def _fold(choices: Choices) -> Choices:
    return frozenset(choice.translate(folded_sounds()) for choice in choices)


def _as_written(catalogue: Catalogue, units: Sequence[Unit]) -> Iterator[Pattern]:
    symbols = [_symbol(catalogue, unit) for unit in units]
    if all(symbols):
        yield _exact(symbols)


def _symbol(catalogue: Catalogue, unit: Unit) -> str:
    """Return the code point of a unit; empty if no text has the word."""
    return unit.written if unit.is_character else find_word(catalogue.connection, unit.written)


def _exact(symbols: Iterable[str]) -> Pattern:
    choices = tuple(frozenset({symbol}) for symbol in symbols)
    return Pattern(False, choices, choices)


def _forms(catalogue: Catalogue, term: Term, glossary: Glossary) -> Iterator[Pattern]:
    """Yield other names of the same, words written as one or as two, and other forms of words."""
    for units in (term.units, *_renamed(catalogue.characters, term, glossary)):
        if units != term.units:
            yield from _as_written(catalogue, units)
        for joined in _rejoined(units):
            yield from _as_written(catalogue, joined)
        choices = tuple(_forms_of(catalogue, unit) for unit in units)
        ideal = tuple(frozenset({_symbol(catalogue, unit)}) for unit in units)
        if all(choices) and choices != ideal:
            yield Pattern(False, choices, ideal)


def _forms_of(catalogue: Catalogue, unit: Unit) -> Choices:
    if unit.is_character:
        return frozenset({unit.written})
    return find_forms(catalogue.connection, unit.written)


def _renamed(characters: Characters, term: Term, glossary: Glossary) -> Iterator[tuple[Unit, ...]]:
    """Yield the units of ``term`` with a term of the glossary called otherwise."""
    for entry in glossary.terms:
        spelled = [tuple(split_question(name, characters)) for name in entry.names]
        for name in filter(None, spelled):
            for place in _places(term.units, name):
                rest = term.units[place + len(name) :]
                for other in spelled:
                    if other and other != name:
                        yield (*term.units[:place], *other, *rest)


def _places(units: Sequence[Unit], name: Sequence[Unit]) -> Iterator[int]:
    written = [unit.written for unit in name]
    for place in range(len(units) - len(name) + 1):
        if [unit.written for unit in units[place : place + len(name)]] == written:
            yield place


def _rejoined(units: Sequence[Unit]) -> Iterator[tuple[Unit, ...]]:
    """Yield ``units`` with two words written as one, or one as two (chat gpt, chatgpt)."""
    for place, (a, b) in enumerate(pairwise(units)):
        if _is_alphabetic(a) and _is_alphabetic(b):
            joined = Unit(a.written + b.written, None, a.word, a.surface + b.surface)
            yield (*units[:place], joined, *units[place + 2 :])
    for place, unit in enumerate(units):
        if _is_alphabetic(unit):
            for cut in range(2, len(unit.written) - 1):
                halves = (unit.written[:cut], unit.written[cut:])
                parts = [Unit(half, None, unit.word, half) for half in halves]
                yield (*units[:place], *parts, *units[place + 1 :])


def _is_alphabetic(unit: Unit) -> bool:
    return not unit.is_character and unit.written.isalpha()


def _sounds(catalogue: Catalogue, term: Term, farthest: float = _LIKE) -> Iterator[Pattern]:
    """Yield the ways in which ``term`` may sound; what is typed may be pinyin.

    Args:
        catalogue: The library.
        term: What is asked for.
        farthest: How unlike English words may be, in edits a phone.
    """
    if not any(unit.is_character for unit in term.units):
        for said in read_pinyin(term.text, catalogue.characters.used_sounds):
            yield _heard(tuple(map(frozenset, said)))
    elif len(term.units) == 1:
        return  # one character: so short, nearly every passage sounds so somewhere
    runs = groupby(term.units, _is_alphabetic)
    choices = [
        list(_ways_of_words(catalogue, tuple(run), farthest))
        if is_alphabetic
        else _ways_of_others(catalogue, run)
        for is_alphabetic, run in runs
    ]
    for ways in islice(product(*choices), MOST_PATTERNS):
        if any(ways):
            yield _heard(tuple(sounds for way in ways for sounds in way))


def _heard(ideal: tuple[Choices, ...]) -> Pattern:
    return Pattern(True, ideal, ideal)


def _confused(catalogue: Catalogue, term: Term) -> Iterator[Pattern]:
    """Yield the ways in which ``term`` may sound to who does not tell zh from z, ang from an."""
    for pattern in _sounds(catalogue, term):
        wide = tuple(map(_widen, pattern.ideal))
        if wide != pattern.ideal:
            yield replace(pattern, choices=wide)


def _ways_of_others(catalogue: Catalogue, units: Iterable[Unit]) -> list[tuple[Choices, ...]]:
    """Return the ways in which characters and numbers may sound, each a row of choices."""
    each = [list(_ways_of_other(catalogue, unit)) for unit in units]
    rows = islice(product(*each), MOST_PATTERNS)
    return [tuple(choices for way in row for choices in way) for row in rows]


def _ways_of_other(catalogue: Catalogue, unit: Unit) -> Iterator[tuple[Choices, ...]]:
    if unit.is_character:
        yield (frozenset(unit.sounds or unit.written),)
        return
    if unit.sounds is not None:
        yield tuple(map(frozenset, unit.sounds))  # a number: its digits, each a sound
    if symbol := find_word(catalogue.connection, unit.written):
        yield (frozenset({symbol}),)


def _ways_of_words(
    catalogue: Catalogue, units: tuple[Unit, ...], farthest: float
) -> Iterator[tuple[Choices, ...]]:
    """Yield the ways in which words of an alphabet may sound: word by word, as a row, as pinyin."""
    connection = catalogue.connection
    pinyin = read_pinyin(" ".join(unit.surface for unit in units), catalogue.characters.used_sounds)
    if pinyin and not all(find_word(connection, unit.written) for unit in units):
        yield from (tuple(map(frozenset, way)) for way in pinyin)
        return  # nothing else was meant
    said = [pronounce(unit.surface) for unit in units]
    alike = [
        find_forms(connection, unit.written)
        | {row[0] for row in catalogue.hearing.find(phones, farthest) if len(row) == 1}
        for unit, phones in zip(units, said, strict=True)
    ]
    if all(alike):
        yield tuple(alike)
    phones = tuple(phone for word in said for phone in word)
    if len(units) > 1 and len(phones) > MOST_PHONES:
        each = [list(_ways_of_words(catalogue, (unit,), farthest)) for unit in units]
        for ways in islice(product(*each), MOST_PATTERNS):
            yield tuple(choices for way in ways for choices in way)
        return
    rows = catalogue.hearing.find(phones, farthest)[:_MOST_ROWS]
    endings: dict[tuple[str, ...], set[str]] = {}  # the best first
    for row in rows:
        endings.setdefault(row[:-1], set()).add(row[-1])
    for beginning, lasts in endings.items():
        yield (*map(frozenset, beginning), frozenset(lasts))
    yield from (tuple(map(frozenset, way)) for way in pinyin)


def _widen(choices: Choices) -> Choices:
    """Return ``choices`` with the sounds that speakers take for each other."""
    return frozenset(
        other
        for choice in choices
        for other in (confused_sounds(choice) if is_sound(choice) else (choice,))
    )


def _similar(catalogue: Catalogue, term: Term) -> Iterator[Pattern]:
    """Yield the ways in which ``term`` may sound but for one syllable, which sounds similar.

    English words may all be less alike.
    """
    used = catalogue.characters.used_sounds
    for number, pattern in enumerate(_sounds(catalogue, term, FARTHEST)):
        if any(not is_sound(choice) for choices in pattern.choices for choice in choices):
            yield pattern
        if len(pattern.choices) >= _SHORTEST_NEAR and number < _MOST_SIMILAR:
            confused = tuple(map(_widen, pattern.ideal))
            for place, choices in enumerate(pattern.ideal):
                wide = confused[place] | _similar_to(catalogue.characters, choices, used)
                changed = (*confused[:place], wide, *confused[place + 1 :])
                yield replace(pattern, choices=changed)


def _similar_to(characters: Characters, choices: Choices, used: frozenset[str]) -> Choices:
    """Return the sounds near to ``choices``, and how else characters with these are read."""
    sounds = [choice for choice in choices if is_sound(choice)]
    near = (near_sounds(sound, used) for sound in sounds)
    other = (characters.other_sounds(sound) for sound in sounds)
    return frozenset().union(*near, *other)
