"""What FTS5 keeps of a passage: its units, pairs of neighbours, and pairs of sounds.

A pair of characters finds what SQLite's trigrams cannot: words of two characters, the usual
length of a Chinese word. Sounds are kept as merged pairs only: single syllables stand in
nearly every passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from subtools.catalogue.characters import folded_sounds


def make_tokens(
    written: str, own: int, sounds: str, *, talk: int, speaker: int | None
) -> tuple[str, ...]:
    """Return the tokens of a passage, each once.

    Args:
        written: Its units and the first of the next passage, so that no phrase is cut.
        own: How many of them are its own.
        sounds: The same as sounds.
        talk: Number of its talk.
        speaker: Number of its speaker.
    """
    folded = sounds.translate(folded_sounds())
    names = {talk_token(talk), *([] if speaker is None else [speaker_token(speaker)])}
    pairs = map(str.__add__, written, written[1:])
    pairs_of_sounds = map(str.__add__, folded, folded[1:])
    return tuple(sorted({*names, *written[:own], *pairs, *pairs_of_sounds}))


def talk_token(talk: int) -> str:
    """Return the token that all passages of a talk have; others hold no ASCII."""
    return f"t{talk}"


def speaker_token(speaker: int) -> str:
    """Return the token that all passages of a speaker have."""
    return f"s{speaker}"


def join_any(expressions: Iterable[str]) -> str:
    """Return the FTS5 expression for any of ``expressions``; empty for none.

    >>> join_any(['"a"', '"b"']), join_any([]), join_any(['"a"'])
    ('("a" OR "b")', '', '"a"')
    """
    return _join(list(dict.fromkeys(expressions)), " OR ")


def join_all(expressions: Iterable[str]) -> str:
    """Return the FTS5 expression for all of ``expressions``; empty for none."""
    return _join(list(dict.fromkeys(expressions)), " AND ")


def quote(token: str) -> str:
    """Return ``token`` as FTS5 takes it for itself; tokens hold no quotation marks."""
    return f'"{token}"'


def _join(expressions: Sequence[str], word: str) -> str:
    if len(expressions) < 2:
        return "".join(expressions)
    return f"({word.join(expressions)})"
