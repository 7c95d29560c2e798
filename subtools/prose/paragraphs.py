"""Sentences to paragraphs: one speaker, one topic, and no longer than a reader likes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from subtools.core import Seconds
from subtools.phonetics.scripts import simplify
from subtools.prose.tokens import Token, pause_after

# A screen of text: a dozen lines of 20 characters, as many of a dozen English words.
_WISHED, _WISHED_LATIN = 220, 110  # words
_WHOLE = 1.35  # times that: what is shorter needs no break
_LONG_PAUSE: Seconds = 2.0  # a listener takes it for the end of a thought
_OPENERS = (
    *("那么", "所以", "另外", "首先", "其次", "第一", "第二", "第三", "第四", "最后", "接下来"),
    *("然后", "但是", "同时", "下面", "其实", "好"),
    *("so", "now", "okay", "well", "first", "second", "third", "finally", "another", "but", "let"),
)
_WRITTEN = 2.0  # what a break of a careful document is worth, against the same
_OPENS, _RESTS = 0.25, 0.35  # what a break there is worth, against the squared error of length


def cut_paragraphs(
    tokens: Sequence[Token], *, heeds_document: bool = False
) -> tuple[tuple[Token, ...], ...]:
    """Return ``tokens`` in paragraphs: of one speaker each, ended where a sentence ends.

    Args:
        tokens: What is said.
        heeds_document: Whether the document's own paragraphs mean something.
    """
    return tuple(
        paragraph
        for _, speech in groupby(tokens, key=lambda token: token.speaker)
        for paragraph in _cut_speech(tuple(speech), heeds_document=heeds_document)
    )


def _cut_speech(speech: tuple[Token, ...], *, heeds_document: bool) -> Iterator[tuple[Token, ...]]:
    wished = _WISHED if 2 * sum(t.is_han for t in speech) > len(speech) else _WISHED_LATIN
    ends = [k for k, token in enumerate(speech, start=1) if token.is_end or k == len(speech)]
    written = {k for k in ends if heeds_document and speech[k - 1].ends_paragraph}
    is_whole = len(speech) < _WHOLE * wished and not written - {len(speech)}
    borders = [len(speech)] if is_whole else _search(speech, ends, wished, written)
    for first, last in pairwise([0, *borders]):
        yield speech[first:last]


def _search(
    speech: Sequence[Token], ends: Sequence[int], wished: int, written: set[int]
) -> list[int]:
    """Return the ends of paragraphs that are nearest to the length wished for."""
    places = [0, *ends]
    best = [0.0] + [math.inf] * len(ends)
    back = [0] * len(places)
    for last in range(1, len(places)):
        for first in range(last - 1, -1, -1):
            length = places[last] - places[first]
            cost = best[first] + ((length - wished) / wished) ** 2 - _worth(speech, places[last])
            cost -= _WRITTEN * (places[last] in written)
            if cost < best[last]:
                best[last], back[last] = cost, first
            if length > 3 * wished:
                break
    borders, place = [], len(places) - 1
    while place:
        borders.append(places[place])
        place = back[place]
    return borders[::-1]


def _worth(speech: Sequence[Token], place: int) -> float:
    if place == len(speech):
        return 0.0
    opening = simplify("".join(token.core for token in speech[place : place + 3])).casefold()
    pause = pause_after(speech[place - 1], speech[place]) or 0.0
    return _OPENS * opening.startswith(_OPENERS) + _RESTS * min(1.0, pause / _LONG_PAUSE)
