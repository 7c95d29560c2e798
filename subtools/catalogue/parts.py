"""A long term to its words, for what is said with other words between."""

from __future__ import annotations

from itertools import accumulate, pairwise

from subtools.catalogue.questions import Term
from subtools.lexicon import split_words
from subtools.phrasing import INSIDE, break_costs

_SHORTEST = 4  # units; shorter terms are one word
_MOST_PARTS = 5


def split_term(term: Term) -> tuple[Term, ...]:
    """Return the words of ``term``; itself where it is one word, or too many."""
    if term.is_quoted or len(term.units) < _SHORTEST:
        return (term,)
    if not all(unit.is_character for unit in term.units):
        return (term,)
    written = "".join(unit.surface for unit in term.units)
    costs = break_costs(split_words(written))
    borders = [0, *(k for k in range(1, len(written)) if costs[k] < INSIDE), len(written)]
    lengths = [b - a for a, b in pairwise(borders)]
    ends = list(accumulate(lengths))
    parts = [term.units[end - length : end] for end, length in zip(ends, lengths, strict=True)]
    said = [part for part in parts if len(part) > 1]
    if len(said) < 2 or len(said) > _MOST_PARTS:
        return (term,)
    return tuple(Term("".join(unit.surface for unit in part), part) for part in said)
