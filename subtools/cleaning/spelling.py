"""Terms that are written nearly right in Latin letters: ``bunchmark``, ``GBT5``, ``Rack`` for RAG.

Where the sound lies is known already, so it is enough to look at the text: a small slip in
the letters, letters whose names rhyme, or a word that sounds much like the term.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from subtools.cleaning.candidates import is_han
from subtools.cleaning.choosing import overlap
from subtools.cleaning.values import Candidate, Page, Sought, fold
from subtools.core import EvidenceKind
from subtools.matching import likeness
from subtools.phonetics import read_words, simplify
from subtools.phonetics.mandarin import read_syllables
from subtools.phonetics.nearness import phones_distance

LONGEST = 3  # words
LONGEST_IN_HAN, FEWEST_OF_HAN = 6, 4  # characters; phones: less sounds like many things
LEAST_ALIKE = 0.75  # of the letters of a word of five and more
FEWEST_LETTERS = 5
MOST_APART = 0.15  # edits a phone; of three phones one may be voiced or not
FEWEST_PHONES = 3
_WORD = re.compile(r"([A-Za-z][A-Za-z'’]*)[-.]?(\d*)")
_UNIT = re.compile(r"\d+(?:\.\d+)?([A-Za-z])")
# Letters that units are called by, and how their names sound in Mandarin.
_NAMES = {"B": "bi", "C": "xi", "D": "di", "G": "ji", "K": "kei", "P": "pi", "T": "ti"}
_COUNTING = frozenset("零一二三四五六七八九十百千万亿两几多少个")
_ENGLISH = re.compile(r"[A-Z]+")  # phones in capitals
# Letters whose English names rhyme, or differ in one sound that is easily misheard.
_RHYMES = ("BCDEGPTVZ", "AJKH", "IY", "QUW", "FSX", "MN")


@dataclass(frozen=True)
class _Written:
    """Some words of a document, or a term, in Latin letters.

    Attributes:
        text: The letters, with what stands between them.
        number: Digits after them.
    """

    text: str
    number: str

    @cached_property
    def letters(self) -> str:
        """Letters and digits, folded."""
        return fold(self.text)

    @cached_property
    def is_abbreviation(self) -> bool:
        """Whether its letters are named one by one."""
        return self.text.isalpha() and self.text.isupper() and 1 < len(self.text) < FEWEST_LETTERS

    @cached_property
    def phones(self) -> tuple[str, ...]:
        """How it is said in English; empty if nobody says it so."""
        ways = [readings[0] for readings in read_words(self.text.split()) if readings]
        said = tuple(phone for way in ways for phone in way)
        return said if all(map(_ENGLISH.fullmatch, said)) else ()


def find_misspelled_terms(page: Page, sought: Sequence[Sought]) -> Iterator[Candidate]:
    """Yield terms in Latin letters for what is written nearly so.

    Args:
        page: The document.
        sought: The terms.
    """
    terms = [(term, _take_apart(term.name)) for term in sought if term.name.isascii()]
    lists = [(term, written) for term, written in terms if written and written.letters]
    found: dict[str, list[tuple[Sought, _Written]]] = {}
    proposed: dict[str, list[Candidate]] = {}
    for words in _stretches(page):
        text = page.text(words)
        if text not in found:
            written = _take_apart(text)
            found[text] = [pair for pair in lists if written and _is_near(written, pair[1])]
        for term, form in found[text]:
            proposed.setdefault(term.name, []).append(_propose(page, words, term, form))
    for candidates in proposed.values():
        yield from _most_alike(candidates)


def _most_alike(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield those of candidates for one term that no more similar one overlaps."""
    alike = [likeness(fold(one.before), fold(one.after)) for one in candidates]
    for one, mine in zip(candidates, alike, strict=True):
        rivals = zip(candidates, alike, strict=True)
        if not any(theirs > mine and overlap(one, other) for other, theirs in rivals):
            yield one


def find_lettered_units(page: Page) -> Iterator[Candidate]:
    """Yield letters for Han characters that sound like them, where the document counts in them.

    Whoever writes ``7B`` and ``128K`` has not meant the coin in 幾幣參數.
    """
    units = Counter(match[1].upper() for core in page.cores if (match := _UNIT.fullmatch(core)))
    sounds = {_NAMES[unit]: unit for unit in units if unit in _NAMES}
    if not sounds:
        return
    for offset, syllable in read_syllables(page.body):
        unit = sounds.get(syllable)
        place = page.word_at(offset)
        if unit and place and _counts(page.cores[place - 1]):
            reason = f"the document counts in {unit}"
            words = range(place, place + 1)
            found = page.propose(words, unit, EvidenceKind.CONSISTENCY, reason)
            yield replace(found, count=units[unit])


def find_transliterations(page: Page, sought: Sequence[Sought]) -> Iterator[Candidate]:
    """Yield terms in Latin letters for Han characters that are read just like them: 拉瑪.

    A recogniser that does not know a name writes what it sounds like to a speaker of Mandarin.

    Args:
        page: The document.
        sought: The terms.
    """
    terms: dict[tuple[str, ...], list[Sought]] = {}
    for term in sought:
        for sound in term.sounds if term.name.isascii() else ():
            if len(sound) >= FEWEST_OF_HAN and all(map(str.islower, sound)):
                terms.setdefault(sound, []).append(term)
    longest = max(map(len, terms), default=0)
    readings = [ways[0] if ways else () for ways in read_words(page.cores)]
    for first in range(len(page.words)):
        said: tuple[str, ...] = ()
        for last in range(first, min(first + LONGEST_IN_HAN, len(page.words))):
            said += readings[last]
            if not (is_han(page.cores[last]) and page.cores[last]) or len(said) > longest:
                break
            words = range(first, last + 1)
            for term in terms.get(said, ()) if page.is_one_clause(words) else ():
                reason = f"{term.name} is in {term.source}" if term.source else "it is known"
                found = page.propose(words, term.name, term.kind, reason)
                yield replace(
                    found,
                    count=term.count,
                    is_person=term.is_person,
                    is_own=term.is_own,
                    sounds=(said,),
                    is_read_so=True,
                )


def _counts(before: str) -> bool:
    """Tell whether a unit may follow."""
    return bool(before) and (before[-1].isdecimal() or simplify(before[-1]) in _COUNTING)


def _stretches(page: Page) -> Iterator[range]:
    for first, core in enumerate(page.cores):
        for last in range(first + 1, min(first + LONGEST, len(page.words)) + 1):
            if not (core.isascii() and page.cores[last - 1].isascii() and page.cores[last - 1]):
                break
            if core[:1].isalpha() and page.is_one_clause(range(first, last)):
                yield range(first, last)


def _take_apart(text: str) -> _Written | None:
    """Return letters and the number after them; None if there is more than that."""
    *before, last = text.replace("-", " ").split() or [""]
    if before and last.isdecimal():
        return _Written(" ".join(before), last) if all(map(str.isalpha, before)) else None
    match = _WORD.fullmatch(last)
    if match is None:
        return None
    return _Written(" ".join((*before, match[1])), match[2])


def _is_near(written: _Written, term: _Written) -> bool:
    if written.letters == term.letters or (term.number and term.number != written.number):
        return False
    if term.is_abbreviation or written.is_abbreviation:
        if written.text.isupper() and term.is_abbreviation:
            return _rhyme(written.text, term.text)
        return _sounds_near(written, term)
    is_long = min(len(written.letters), len(term.letters)) >= FEWEST_LETTERS
    if is_long and likeness(written.letters, term.letters) >= LEAST_ALIKE:
        return True
    return _sounds_near(written, term)


def _rhyme(a: str, b: str) -> bool:
    """Tell whether the letters that differ, but not all, have names that rhyme."""
    if len(a) != len(b):
        return False
    differing = [{x, y} for x, y in zip(a, b, strict=True) if x != y]
    return len(differing) < len(a) and all(
        any(pair <= set(group) for group in _RHYMES) for pair in differing
    )


def _sounds_near(a: _Written, b: _Written) -> bool:
    if min(len(a.phones), len(b.phones)) < FEWEST_PHONES:
        return False
    return phones_distance(a.phones, b.phones) <= MOST_APART


def _propose(page: Page, words: range, term: Sought, form: _Written) -> Candidate:
    """Return ``term`` in the place of ``words``, with the number that they have."""
    written = _take_apart(page.text(words))
    number = written.number if written and not form.number else ""
    after = term.name + number
    reason = f"{term.name} is in {term.source}" if term.source else f"{term.name} is known"
    return replace(
        page.propose(words, after, term.kind, reason),
        count=term.count,
        is_person=term.is_person,
        is_own=term.is_own,
        sounds=() if number else term.sounds,
    )
