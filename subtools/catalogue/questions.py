"""What is typed to what is asked for: words, phrases in quotation marks, and words to leave out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from subtools.catalogue.characters import Characters
from subtools.catalogue.units import Unit, split_question

MOST_TERMS = 12  # further words of a question are not looked at
LONGEST_TERM = 40  # units; a longer phrase is known by its beginning
_ITEM = re.compile(
    r"""(?P<sign>-?)(?:"(?P<plain>[^"]*)"?|“(?P<curly>[^”]*)”?|「(?P<corner>[^」]*)」?|(?P<word>\S+))"""
)
_QUOTED = ("plain", "curly", "corner")


@dataclass(frozen=True, slots=True)
class Term:
    """Something that has to be said, or must not be.

    Attributes:
        text: As typed.
        units: Its units, in order.
        is_quoted: Whether nothing may stand between them.
    """

    text: str
    units: tuple[Unit, ...]
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for.

    Attributes:
        terms: All of which have to be said.
        excluded: None of which may be said there.
    """

    terms: tuple[Term, ...]
    excluded: tuple[Term, ...] = ()

    @property
    def whole(self) -> Term:
        """All terms as one phrase."""
        return join_terms(self.terms)


def parse_question(text: str, characters: Characters) -> Question:
    """Return what ``text`` asks for; every text is a question, though perhaps an empty one."""
    terms: list[Term] = []
    excluded: list[Term] = []
    for item in _ITEM.finditer(text):
        said = item["word"] or next((item[name] for name in _QUOTED if item[name]), "")
        units = tuple(split_question(said[:1000], characters))[:LONGEST_TERM]
        if units:
            term = Term(said[:1000], units, is_quoted=not item["word"])
            (excluded if item["sign"] else terms).append(term)
    return Question(tuple(terms[:MOST_TERMS]), tuple(excluded[:MOST_TERMS]))


def join_terms(terms: Iterable[Term]) -> Term:
    """Return ``terms``, one after the other, as one."""
    listed = tuple(terms)
    units = tuple(unit for term in listed for unit in term.units)
    return Term(" ".join(term.text for term in listed), units[:LONGEST_TERM])
