"""The text of a cue: what is shown, who says it, and its tags."""

from __future__ import annotations

import re
from collections.abc import Sequence

from subtools.markup import (
    Token,
    TokenKind,
    compose_markup,
    markup_voices,
    parse_markup,
    unescape_references,
)

_SPACE = re.compile(r"[\t\f ]+")
# One voice around all of a text, as most files with speakers have it.
_VOICED = re.compile(r"<v[ \t]([^<>&\n]*[^<>&\s])>([^<]*)(?:</v>)?")


def read_text(text: str) -> tuple[tuple[str, ...], str | None, str]:
    """Return the lines of cue text as they are shown, the speaker, and the markup.

    >>> read_text("<v Ann>R&amp;D")
    (('R&D',), 'Ann', '')
    >>> read_text("<v Ann>Hi</v> <v Bob>Yo")
    (('Hi Yo',), None, '<v Ann>Hi</v> <v Bob>Yo</v>')
    """
    if "<" not in text:
        return tuple(unescape_references(text).split("\n")), None, ""
    match = _VOICED.fullmatch(text)
    if match:
        name = _SPACE.sub(" ", match[1]).strip(" ")
        return tuple(unescape_references(match[2]).split("\n")), name, ""
    tokens = parse_markup(text)
    shown = "".join(token.text for token in tokens if token.kind is TokenKind.TEXT)
    speaker, kept = _take_speaker(tokens)
    has_tags = any(token.kind is not TokenKind.TEXT for token in kept)
    return tuple(shown.split("\n")), speaker, compose_markup(kept) if has_tags else ""


def _take_speaker(tokens: Sequence[Token]) -> tuple[str | None, Sequence[Token]]:
    """Return the only speaker, and ``tokens`` without a voice that says no more than that."""
    voices = [token for token in tokens if token.name == "v" and token.kind is TokenKind.START]
    if not voices:
        return None, tokens
    first = tokens[0]
    if len(voices) == 1 and first is voices[0] and not first.classes and first.annotation:
        end = next(index for index, token in enumerate(tokens) if token.name == "v" and index)
        if end == len(tokens) - 1:
            return first.annotation, tokens[1:-1]
    names = {name for name, _ in markup_voices(compose_markup(tokens))}
    return (names.pop() if len(names) == 1 else None), tokens
