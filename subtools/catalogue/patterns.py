"""A phrase that is asked for to what may be written in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise, product

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
from subtools.catalogue.tokens import join_all, join_any, quote
from subtools.catalogue.units import Unit, split_question
from subtools.catalogue.values import Closeness, Glossary
from subtools.catalogue.vocabulary import find_forms, find_like_sounding, find_word

Choices = frozenset[str]  # code points of which any may stand at a place

MOST_PATTERNS = 48  # of one phrase and closeness
_LIKE, _FAR = 0.15, 0.25  # edits a phone: an English word nearly the same, and similar
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
    catalogue: Catalogue, term: Term, closeness: Closeness, glossary: Glossary
) -> tuple[Pattern, ...]:
    """Return what may be written for ``term``, no farther from it than ``closeness``."""
    makers: dict[Closeness, Callable[[], Iterator[Pattern]]] = {
        Closeness.WRITTEN: lambda: _as_written(catalogue, term.units),
        Closeness.FORM: lambda: _forms(catalogue, term, glossary),
        Closeness.SOUND: lambda: _sounds(catalogue, term),
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
        choices = [_forms_of(catalogue, unit) for unit in units]
        if all(choices) and any(len(choice) > 1 for choice in choices):
            ideal = tuple(frozenset({_symbol(catalogue, unit)}) for unit in units)
            yield Pattern(False, tuple(choices), ideal)


def _forms_of(catalogue: Catalogue, unit: Unit) -> Choices:
    if unit.is_character:
        return frozenset({unit.written})
    return find_forms(catalogue.connection, unit.written)


def _renamed(characters: Characters, term: Term, glossary: Glossary) -> Iterator[tuple[Unit, ...]]:
    """Yield the units of ``term`` with a term of the glossary called otherwise."""
    for names in glossary.names.values():
        spelled = [tuple(split_question(name, characters)) for name in names]
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
    choices = [_ways(catalogue, unit, farthest) for unit in term.units]
    for ways in islice(product(*choices), MOST_PATTERNS):
        ideal = tuple(sounds for way in ways for sounds in way)
        if ideal:
            yield Pattern(True, tuple(map(_widen, ideal)), ideal)
    if not any(unit.is_character for unit in term.units):
        for said in read_pinyin(term.text):
            ideal = tuple(map(frozenset, said))
            yield Pattern(True, tuple(map(_widen, ideal)), ideal)


def _ways(catalogue: Catalogue, unit: Unit, farthest: float) -> list[tuple[Choices, ...]]:
    """Return the ways in which a unit may sound, each a row of choices."""
    if unit.is_character:
        return [(frozenset(unit.sounds or unit.written),)]
    ways: list[tuple[Choices, ...]] = []
    if unit.sounds is not None:
        ways.append(tuple(map(frozenset, unit.sounds)))  # a number: its digits, each a sound
    words = _like(catalogue, unit, farthest)
    if words:
        ways.append((words,))
    if unit.sounds is None:
        ways += [tuple(map(frozenset, way)) for way in read_pinyin(unit.surface)]
    return ways


def _like(catalogue: Catalogue, unit: Unit, farthest: float) -> Choices:
    """Return the words that a word of the question may be taken for."""
    if not _is_alphabetic(unit):
        symbol = find_word(catalogue.connection, unit.written)
        return frozenset({symbol} if symbol else ())
    forms = find_forms(catalogue.connection, unit.written)
    return forms | find_like_sounding(catalogue.connection, unit.surface, farthest)


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
    used = catalogue.characters.used_sounds()
    for pattern in _sounds(catalogue, term, _FAR):
        if any(not is_sound(choice) for choices in pattern.choices for choice in choices):
            yield pattern
        if len(pattern.choices) >= _SHORTEST_NEAR:
            for place, choices in enumerate(pattern.ideal):
                wide = pattern.choices[place] | _similar_to(catalogue.characters, choices, used)
                changed = (*pattern.choices[:place], wide, *pattern.choices[place + 1 :])
                yield replace(pattern, choices=changed)


def _similar_to(characters: Characters, choices: Choices, used: Sequence[str]) -> Choices:
    """Return the sounds near to ``choices``, and how else characters with these are read."""
    sounds = [choice for choice in choices if is_sound(choice)]
    near = (near_sounds(sound, used) for sound in sounds)
    other = (characters.other_sounds(sound) for sound in sounds)
    return frozenset().union(*near, *other)
