"""What sort of thing was misheard."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from subtools.metrics.folding import fold_spoken
from subtools.metrics.reference import Misheard
from subtools.phonetics.mandarin import read_syllables, syllable_phones
from subtools.phonetics.nearness import fold_syllable


class Kind(StrEnum):
    """What was misheard, or is said to have been."""

    TERM = "term"  # written or said in Latin letters, or part of a listed term or name
    HOMOPHONE = "homophone"  # Han characters of the same syllables, often confused sounds folded
    OTHER = "other"  # anything else: other sounds, words missing or too many


def classify(wrong: Misheard, spoken: str, terms: Sequence[str]) -> Kind:
    """Return what kind of thing is written wrong.

    Args:
        wrong: What is written, and what was said.
        spoken: The clause that was said.
        terms: Names and terms.

    >>> classify(Misheard("快熱", "query", 0, (0, 2)), "用query", ())
    <Kind.TERM: 'term'>
    >>> classify(Misheard("畢業", "閉源", 0, (0, 2)), "閉源模型", ["闭源模型"])
    <Kind.TERM: 'term'>
    >>> [classify(Misheard(*pair, 0, (0, 1)), pair[1], ()).value
    ...     for pair in (("差", "插"), ("船", "床"), ("船", "全"))]
    ['homophone', 'homophone', 'other']
    """
    if _has_latin(wrong.written) or _has_latin(wrong.spoken):
        return Kind.TERM
    said, clause = fold_spoken(wrong.spoken), fold_spoken(spoken)
    for term in map(fold_spoken, terms):
        if said and term in clause and (said in term or term in said):
            return Kind.TERM
    is_alike = bool(said) and _sounds(wrong.written) == _sounds(wrong.spoken)
    return Kind.HOMOPHONE if is_alike else Kind.OTHER


def _has_latin(text: str) -> bool:
    return any(character.isascii() and character.isalpha() for character in text)


@cache
def _sounds(text: str) -> tuple[tuple[str, str], ...]:
    phones = (syllable_phones(syllable) for _, syllable in read_syllables(text))
    return tuple(fold_syllable((p[0], p[1]) if len(p) == 2 else ("", "".join(p))) for p in phones)
