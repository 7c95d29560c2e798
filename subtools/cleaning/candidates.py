"""What might be wrong: terms heard where something else is written, and other hearings."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from subtools.cleaning.spotting import Spotted
from subtools.cleaning.values import Candidate, Page, Sought, fold, join_texts
from subtools.core import FRAME, EvidenceKind, HeardWord
from subtools.lexicon import is_spaceless, split_words, word_core
from subtools.matching import equal_runs
from subtools.ngrams import find_idioms, rehear_text, reread_text
from subtools.phonetics import read_words, simplify

COVERED = 0.4  # share of a word that a term must take for the word to be in its place
MOST_WORDS = 12  # a term takes the place of; more is no mishearing of one
LONGEST_DISAGREEMENT = 6  # words on either side; longer ones are other sentences
_POINT = re.compile(r"[。．，、+]")
# Words that sound the same and are told apart by grammar alone, by recognisers badly.
_PARTICLES_ALIKE = (frozenset("他她它牠祂"), frozenset("的得地"))
_PARTICLES = frozenset().union(*_PARTICLES_ALIKE)


def locate_terms(
    page: Page, sought: Sequence[Sought], spotted: Sequence[tuple[int, Spotted]]
) -> Iterator[Candidate]:
    """Yield a term for every stretch of words in whose time it is heard and not written.

    Of every stretch, those a word longer or shorter at either end are yielded, too.

    Args:
        page: The document.
        sought: The terms.
        spotted: Which term is heard where.
    """
    timed = [k for k, word in enumerate(page.words) if word.span is not None and page.cores[k]]
    starts = np.array([page.words[k].span.start for k in timed])  # type: ignore[union-attr]
    ends = np.array([page.words[k].span.end for k in timed])  # type: ignore[union-attr]
    for term, hit in spotted:
        begin, end = hit.first * FRAME, hit.last * FRAME
        near = range(
            int(np.searchsorted(ends, begin, "right")), int(np.searchsorted(starts, end, "left"))
        )
        inside = [k for k in near if _is_covered(starts[k], ends[k], begin, end)]
        if inside and timed[inside[-1]] - timed[inside[0]] < MOST_WORDS:
            yield from _variants(page, timed[inside[0]], timed[inside[-1]] + 1, sought[term])


def _is_covered(start: float, end: float, begin: float, stop: float) -> bool:
    return min(end, stop) - max(start, begin) >= COVERED * (end - start)


def _variants(page: Page, first: int, last: int, term: Sought) -> Iterator[Candidate]:
    known = {fold(form) for form in (term.name, *term.forms)}
    ranges = [
        page.clip(a, b)
        for a in (first, first - 1, first + 1)
        for b in (last, last - 1, last + 1)
        if a < b
    ]
    ranges = [words for words in ranges if words and page.cores[words.start]]
    if any(fold(page.text(words)) in known for words in ranges):
        return
    parts = [fold(core) for core in _cores(term.name)]
    ranges = [w for w in ranges if _is_whole(page, w) and not _doubles(page, w, parts)]
    if _is_within(page, first, last, known):
        return
    for words in ranges:
        reason = f"{term.name} is in {term.source}" if term.source else f"{term.name} is known"
        yield replace(
            page.propose(words, term.name, term.kind, reason),
            count=term.count,
            is_person=term.is_person,
            is_own=term.is_own,
            sounds=term.sounds,
        )


def _is_whole(page: Page, words: range) -> bool:
    """Tell whether ``words`` begin and end with something spoken and no clause ends inside."""
    spoken = page.cores[words.start] and page.cores[words.stop - 1]
    return bool(spoken) and page.is_one_clause(words)


def _doubles(page: Page, words: range, parts: Sequence[str]) -> bool:
    """Tell whether the first or last word of a term stands beside ``words`` already."""
    before = fold(page.cores[words.start - 1]) if words.start else ""
    after = fold(page.cores[words.stop]) if words.stop < len(page.cores) else ""
    return len(parts) > 1 and (before == parts[0] or after == parts[-1])


def _is_within(page: Page, first: int, last: int, known: set[str]) -> bool:
    """Tell whether the term is written a word or two from where it is heard."""
    around = fold(page.text(page.clip(first - 2, last + 2))) if page.cores[first] else ""
    return any(form in around for form in known if len(form) > 2)


def find_disagreements(page: Page, heard: Sequence[HeardWord]) -> Iterator[Candidate]:
    """Yield what a recogniser wrote in the place of a few words, between words it agrees on."""
    pieces = _heard_pieces(heard)
    mine = [fold(core) for core in page.cores]
    runs = equal_runs(mine, list(map(fold, pieces))).tolist()
    for (a, b, length), (c, d, _) in pairwise(runs):
        words, others = range(a + length, c), range(b + length, d)
        if not (0 < len(words) <= LONGEST_DISAGREEMENT and others):
            continue
        if len(others) > LONGEST_DISAGREEMENT or not _is_whole(page, words):
            continue
        after = _keep_particles(page.text(words), join_texts([pieces[k] for k in others]))
        before = fold(page.text(words))
        if fold(after) != before and _without_particles(after) != _without_particles(before):
            reason = f"a recogniser wrote {after}"
            yield page.propose(words, after, EvidenceKind.RECOGNISER, reason)
            yield from _without_homophones(page, words, after, reason)


def _heard_pieces(heard: Sequence[HeardWord]) -> list[str]:
    """Return the words that were heard; Latin letters with no space between them are one."""
    texts: list[str] = []
    for word in heard:
        is_joined = texts and _is_letter(texts[-1][-1:]) and _is_letter(word.text[:1])
        if is_joined:
            texts[-1] += word.text
        else:
            texts.append(word.text)
    return [core for text in texts for core in _cores(text)]


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _without_homophones(page: Page, words: range, after: str, reason: str) -> Iterator[Candidate]:
    """Yield the same without characters at either end that only look different."""
    before = [page.cores[k] for k in words]
    if len(after) != len(before) or not is_han("".join(before) + after):
        return
    alike = [_sound(a) == _sound(b) for a, b in zip(before, after, strict=True)]
    if all(alike):
        return
    first, last = alike.index(False), len(alike) - alike[::-1].index(False)
    for start in range(first + 1):
        for stop in range(last, len(alike) + 1):
            if stop - start < len(alike):
                inner = range(words.start + start, words.start + stop)
                yield page.propose(inner, after[start:stop], EvidenceKind.RECOGNISER, reason)


def _sound(character: str) -> tuple[tuple[str, ...], ...]:
    return read_words([character])[0][:1]


def _keep_particles(before: str, after: str) -> str:
    """Return ``after`` with the particles of ``before`` that it has only spelled in another way.

    >>> _keep_particles("鍥它", "且他"), _keep_particles("他們", "她們的")
    ('且它', '她們的')
    """
    if len(before) != len(after):
        return after
    return "".join(a if _are_particles(a, b) else b for a, b in zip(before, after, strict=True))


def _are_particles(a: str, b: str) -> bool:
    return any({a, b} <= group for group in _PARTICLES_ALIKE)


def _without_particles(text: str) -> str:
    return "".join("的" if letter in _PARTICLES else letter for letter in fold(text))


def _cores(text: str) -> list[str]:
    return [core for core in (word_core(word) for word in split_words(text)) if core]


def find_broken_numbers(page: Page) -> Iterator[Candidate]:
    """Yield numbers whose point was taken for another mark: ``3。5``, ``3+5``."""
    for k in range(len(page.words) - 1):
        text, following = page.words[k].text, page.words[k + 1].text
        mark = text.removeprefix(page.cores[k])
        if not (page.cores[k].isdecimal() and _POINT.fullmatch(mark)):
            continue
        after = page.cores[k + 1]
        is_one = page.is_one_clause(range(k, k + 2))  # not the end of a paragraph
        if after.isdecimal() and following.startswith(after) and len(after) <= 2 and is_one:
            reason = f"{mark} between two digits"
            yield page.propose(
                range(k, k + 2), f"{page.cores[k]}.{after}", EvidenceKind.FREQUENCY, reason
            )


def is_broken_number(candidate: Candidate) -> bool:
    """Tell whether a candidate only mends the point of a number."""
    return candidate.origin is EvidenceKind.FREQUENCY and "." in candidate.after


def find_rereadings(page: Page, listed: frozenset[str] = frozenset()) -> Iterator[Candidate]:
    """Yield words that are much likelier in their clause than those written, and sound the same.

    Idioms need only sound nearly so.

    Args:
        page: The document.
        listed: Words of a glossary, Simplified.
    """
    for first, last in pairwise(page.clauses):
        text = "".join(page.words[k].text for k in range(first, last))
        origin = page.offsets[first]
        for found in (*reread_text(text, listed), *find_idioms(text)):
            words = range(
                page.word_at(origin + found.start), page.word_at(origin + found.end - 1) + 1
            )
            yield page.propose(words, found.text, EvidenceKind.FREQUENCY, "it is likelier here")


def find_rehearings(
    page: Page, candidate: Candidate, listed: frozenset[str] = frozenset()
) -> Iterator[Candidate]:
    """Yield other words of the sound that a recogniser heard in the place of something.

    It is a better witness of sounds than of which word is meant.

    Args:
        page: The document.
        candidate: What it wrote.
        listed: Words of a glossary, Simplified.
    """
    words, after = candidate.words, candidate.after
    if not (is_han(candidate.before) and is_han(after) and page.is_one_clause(words)):
        return
    place = bisect_right(page.clauses, words.start)
    before = "".join(page.words[k].text for k in range(page.clauses[place - 1], words.start))
    end = page.clauses[place] if place < len(page.clauses) else len(page.words)
    rest = "".join(page.words[k].text for k in range(words.stop, end))
    heard = range(len(before), len(before) + len(after))
    for reading in rehear_text(before + after + rest, heard, page.folded, listed):
        if reading != simplify(candidate.before):
            reason = f"a recogniser wrote {after}, which sounds so"
            found = page.propose(words, reading, EvidenceKind.FREQUENCY, reason)
            yield replace(found, is_reheard=True)


def is_han(text: str) -> bool:
    """Tell whether all of ``text`` is written without spaces."""
    return all(map(is_spaceless, text))
