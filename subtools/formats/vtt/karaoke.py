"""The times of words in the text of a cue, as karaoke shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from subtools.core import Cue, Seconds
from subtools.markup import Token, TokenKind, compose_markup, parse_markup, time_token
from subtools.timecode import to_milliseconds, to_seconds


def add_word_times(markup: str, cue: Cue) -> str:
    """Return ``markup`` with the onset of each word of ``cue`` before it.

    Times are inside the cue and increase, as the specification asks for: a word that
    begins with the cue, has no time, or that of the word before it, comes without one.
    Other times in ``markup`` are left out. Where the words are not the text of the cue
    it stays as it is.

    >>> from subtools.core import Span, Word
    >>> words = (Word("Oh ", Span(0, 1)), Word("no", Span(1.5, 2)))
    >>> add_word_times("<i>Oh no</i>", Cue(0, 2, ("Oh no",), words=words))
    '<i>Oh <00:00:01.500>no</i>'
    """
    tokens = [token for token in parse_markup(markup) if token.kind is not TokenKind.TIME]
    shown = "".join(token.text for token in tokens)
    if _without_space(shown) != _without_space("".join(word.text for word in cue.words)):
        return markup
    return compose_markup(_place_times(tokens, _find_times(cue)))


def _find_times(cue: Cue) -> Sequence[tuple[int, Seconds]]:
    """Return at which characters a time stands, white space not counted."""
    times: list[tuple[int, Seconds]] = []
    offset, last = 0, to_milliseconds(cue.start)
    for word in cue.words:
        onset = last if word.span is None else to_milliseconds(word.span.start)
        if last < onset < to_milliseconds(cue.end):
            times.append((offset, to_seconds(onset)))
            last = onset
        offset += len(_without_space(word.text))
    return times


def _place_times(tokens: Sequence[Token], times: Sequence[tuple[int, Seconds]]) -> Iterator[Token]:
    waiting = list(reversed(times))
    offset = 0
    for token in tokens:
        if token.kind is not TokenKind.TEXT:
            yield token
            continue
        begun = 0
        for index, character in enumerate(token.text):
            if character.isspace():
                continue
            if waiting and waiting[-1][0] == offset:
                yield Token(TokenKind.TEXT, token.text[begun:index])
                yield time_token(waiting.pop()[1])
                begun = index
            offset += 1
        yield Token(TokenKind.TEXT, token.text[begun:])


def _without_space(text: str) -> str:
    return "".join(text.split())
