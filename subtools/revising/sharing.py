"""Times for new words, from the words that stood in their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from subtools.core import Seconds, Span, Word
from subtools.lexicon import word_core
from subtools.phonetics import read_words
from subtools.revising.words import Fresh, Piece

PHONE = 0.1  # s; a syllable of Mandarin has two phones and lasts some 0.2 s


def place_fresh(pieces: Sequence[Piece], *, interpolate: bool) -> Iterator[Word]:
    """Yield the words of ``pieces``; new ones have the speaker of those they stand for.

    Args:
        pieces: What became of the words of a paragraph, or of all.
        interpolate: Whether new words share the time of the words that they replace, one
            each where there are as many; words that were put in share the room there is.
    """
    for place, piece in enumerate(pieces):
        if isinstance(piece, Word):
            yield piece
            continue
        before, after = _neighbour(pieces, place, -1), _neighbour(pieces, place, 1)
        spans = _share(piece, before, after) if interpolate else [None] * len(piece.texts)
        speakers = _speakers(piece, before or after)
        for text, span, speaker in zip(piece.texts, spans, speakers, strict=True):
            yield Word(text, span, None, speaker)


def _neighbour(pieces: Sequence[Piece], place: int, step: int) -> Word | None:
    """Return the word next to a piece; what was taken out between them does not count."""
    place += step
    while 0 <= place < len(pieces):
        piece = pieces[place]
        if isinstance(piece, Word):
            return piece
        if piece.replaced:
            return piece.replaced[0 if step > 0 else -1]
        place += step
    return None


def _speakers(piece: Fresh, neighbour: Word | None) -> list[str | None]:
    """Return who says each new word: who said what stood there, in proportion."""
    said = [word.speaker for word in piece.replaced] or [neighbour.speaker if neighbour else None]
    count = len(piece.texts)
    return [said[k * len(said) // count] for k in range(count)]


def _share(piece: Fresh, before: Word | None, after: Word | None) -> list[Span | None]:
    """Return times for new words."""
    spans = [word.span for word in piece.replaced]
    known = [span for span in spans if span is not None]
    if len(spans) == len(piece.texts):
        return spans
    if known:
        return _spread(piece.texts, Span(known[0].start, max(known[0].start, known[-1].end)))
    if spans or not piece.texts:
        return [None] * len(piece.texts)  # what stood there had no time either
    return _fit_between(piece.texts, before, after)


def _fit_between(
    texts: Sequence[str], before: Word | None, after: Word | None
) -> list[Span | None]:
    """Return times for words that were put in: right after the word before them."""
    need = PHONE * sum(_weights(texts))
    if before is not None and before.span is not None:
        start = before.span.end
        end = after.span.start if after is not None and after.span is not None else start + need
        return _spread(texts, Span(start, max(start, min(end, start + need))))
    if before is None and after is not None and after.span is not None:
        end = after.span.start
        return _spread(texts, Span(max(0.0, end - need), end))
    return [None] * len(texts)


def _spread(texts: Sequence[str], span: Span) -> list[Span | None]:
    """Return times within ``span``, as long as each word takes to say."""
    weights = _weights(texts)
    total = sum(weights) or 1
    shares = accumulate(weights, initial=0)
    borders: list[Seconds] = [span.start + span.duration * share / total for share in shares]
    return [Span(a, max(a, b)) for a, b in pairwise(borders)]


def _weights(texts: Sequence[str]) -> list[int]:
    """Return how many phones each word has; letters, where nobody knows how it is read."""
    return [
        len(readings[0]) if readings else sum(map(str.isalnum, word_core(text)))
        for text, readings in zip(texts, read_words(texts), strict=True)
    ]
