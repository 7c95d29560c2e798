"""Tags carried over to other line breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from subtools.markup.tokens import Token, TokenKind, compose_markup, parse_markup

_LONGEST_COMPARED = 2000  # characters; comparing texts takes the square of their length


@dataclass(frozen=True, slots=True)
class _Place:
    """Between which characters of the new text one of the old text stands."""

    start: int
    end: int


def rewrap_markup(markup: str, lines: Sequence[str]) -> str:
    r"""Return ``lines`` with the tags of ``markup``, each at the characters it stood at.

    Where the lines say something else, tags stay as near as the likeness of the texts allows.

    >>> rewrap_markup("one <i>two three</i>", ("one two", "three!"))
    'one <i>two\nthree</i>!'
    """
    text = "\n".join(lines)
    tokens = parse_markup(markup)
    shown = "".join(token.text for token in tokens if token.kind is TokenKind.TEXT)
    return compose_markup(_place_tags(tokens, text, _find_characters(shown, text)))


def _find_characters(before: str, after: str) -> list[_Place]:
    """Return where each character of ``before`` that is no white space is in ``after``."""
    old, new = ("".join(text.split()) for text in (before, after))
    indexes = [index for index, character in enumerate(after) if not character.isspace()]
    starts = [*indexes, len(after)]
    ends = [0, *(index + 1 for index in indexes)]
    return [_Place(starts[first], ends[past]) for first, past in _pair_characters(old, new)]


def _pair_characters(old: str, new: str) -> Iterator[tuple[int, int]]:
    """Yield the stretch of ``new`` that each character of ``old`` is; empty if it is gone."""
    if old == new or max(len(old), len(new)) > _LONGEST_COMPARED:
        yield from ((min(k, len(new)), min(k + 1, len(new))) for k in range(len(old)))
        return
    for _, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield from ((min(j1 + k, j2), min(j1 + k + 1, j2)) for k in range(i2 - i1))


def _place_tags(tokens: Iterable[Token], text: str, places: Sequence[_Place]) -> Iterator[Token]:
    """Yield ``text`` with the tags of ``tokens``: ends behind a character, others before one."""
    seen, done = 0, 0
    for token in tokens:
        if token.kind is TokenKind.TEXT:
            seen += len("".join(token.text.split()))
            continue
        if token.kind is TokenKind.END:
            place = places[seen - 1].end if seen else 0
        else:
            place = places[seen].start if seen < len(places) else len(text)
        if place > done:
            yield Token(TokenKind.TEXT, text[done:place])
            done = place
        yield token
    if text[done:]:
        yield Token(TokenKind.TEXT, text[done:])
