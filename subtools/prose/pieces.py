"""Tokens grouped into the words of a dictionary, so that no mark parts one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from subtools.core import Seconds
from subtools.phonetics.scripts import simplify
from subtools.phrasing import tag_words
from subtools.prose.features import Piece
from subtools.prose.tokens import Token, pause_after

_NO_WORD_RESTS: Seconds = 0.2  # a longer silence is no part of a word


@dataclass(frozen=True, slots=True)
class Group:
    """Tokens that are one word.

    Attributes:
        first: The first token.
        last: The one after the last.
        piece: The word.
    """

    first: int
    last: int
    piece: Piece


def group_tokens(tokens: Sequence[Token]) -> tuple[Group, ...]:
    """Return the words of ``tokens``; one crosses no mark, no silence, no speaker."""
    return tuple(_groups(tokens))


def _groups(tokens: Sequence[Token]) -> Iterator[Group]:
    first = 0
    for (_, is_han), run in groupby(enumerate(_run_numbers(tokens)), lambda pair: pair[1]):
        last = first + len(list(run))
        if is_han:
            yield from _han_groups(tokens, first, last)
        else:
            for place in range(first, last):
                yield Group(place, place + 1, _latin_piece(tokens[place]))
        first = last


def _run_numbers(tokens: Sequence[Token]) -> Iterator[tuple[int, bool]]:
    """Yield for each token the number of the run it is in, and whether that is Chinese."""
    number, before = 0, None
    for token in tokens:
        if before is not None and (before.is_han != token.is_han or _parts(before, token)):
            number += 1
        yield number, token.is_han
        before = token


def _parts(before: Token, after: Token) -> bool:
    if before.head or before.mark or before.closing or before.space:
        return True
    if before.speaker != after.speaker or after.text[0] != after.core[:1]:
        return True
    return (pause_after(before, after) or 0.0) > _NO_WORD_RESTS


def _han_groups(tokens: Sequence[Token], first: int, last: int) -> Iterator[Group]:
    # A variant selector makes a character longer than one code point.
    text = simplify("".join(token.core[0] for token in tokens[first:last]))
    for word in tag_words(text):
        end = first + len(word.text)
        yield Group(first, end, Piece(word.text, word.tag))
        first = end


def _latin_piece(token: Token) -> Piece:
    return Piece("", "m" if token.core.isdigit() else "eng")
