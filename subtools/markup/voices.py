"""Who says what in a text with voices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from subtools.markup.tokens import Token, TokenKind, balance_tokens, compose_markup, parse_markup

_MOST_OPEN = 8  # tags that are begun anew for each voice: nobody nests more


def markup_voices(markup: str) -> tuple[tuple[str | None, str], ...]:
    """Return who says what in ``markup``, in order: names, and markup without voices.

    The name is None outside of voices and where it is empty. The innermost voice counts;
    what one says in a row is one part; white space between voices is nobody's and left out.

    >>> markup_voices("<v Ann>Hi!</v> <i><v Bob>Yo.")
    (('Ann', 'Hi!'), ('Bob', '<i>Yo.</i>'))
    """
    tokens = parse_markup(markup)
    runs = [list(run) for _, run in groupby(_find_voices(tokens), key=itemgetter(1))]
    ends = [*(run[-1][0] + 1 for run in runs[:-1]), len(tokens)]
    parts = map(compose_markup, map(_trim, _cut(tokens, ends)))
    return tuple((run[0][1], part) for run, part in zip(runs, parts, strict=False))


def _find_voices(tokens: Iterable[Token]) -> Iterator[tuple[int, str | None]]:
    """Yield the index of each text that is more than white space, and whose it is."""
    voices: list[str | None] = [None]
    for index, token in enumerate(tokens):
        if token.name == "v" and token.kind is TokenKind.START:
            voices.append(token.annotation or None)
        elif token.name == "v":
            voices.pop()
        elif token.kind is TokenKind.TEXT and token.text.strip():
            yield index, voices[-1]


def _cut(tokens: Sequence[Token], ends: Iterable[int]) -> Iterator[list[Token]]:
    """Yield the tokens up to each of ``ends`` without voices, begun tags begun anew."""
    opened: list[Token] = []
    first = 0
    for past in ends:
        part = [*opened[:_MOST_OPEN], *tokens[first:past]]
        for token in tokens[first:past]:
            if token.kind is TokenKind.START:
                opened.append(token)
            elif token.kind is TokenKind.END:
                opened.pop()
        yield list(_drop_empty(balance_tokens(token for token in part if token.name != "v")))
        first = past


def _drop_empty(tokens: Iterable[Token]) -> list[Token]:
    """Return ``tokens`` without tags around nothing."""
    kept: list[Token] = []
    for token in tokens:
        if token.kind is TokenKind.END and kept[-1:] and kept[-1].kind is TokenKind.START:
            kept.pop()
        else:
            kept.append(token)
    return kept


def _trim(tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield ``tokens`` without white space before the first and after the last character."""
    shown = [
        i for i, token in enumerate(tokens) if token.kind is TokenKind.TEXT and token.text.strip()
    ]
    for index, token in enumerate(tokens):
        text = token.text
        if token.kind is TokenKind.TEXT:
            text = text.lstrip() if index <= shown[0] else text
            text = text.rstrip() if index >= shown[-1] else text
        yield replace(token, text=text)
