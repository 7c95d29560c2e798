"""Times for new words, from the words that stood in their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from subtools.core import Seconds, Span, Word
from subtools.lexicon import word_core
from subtools.phonetics import read_words
from subtools.revising.words import Fresh, Piece

PHONE = 0.1  # s; a syllable of Mandarin has two phones and lasts some 0.2 s


def place_fresh(
    paragraphs: Sequence[Sequence[Piece]], *, interpolate: bool
) -> Iterator[tuple[Word, ...]]:
    """Yield the words of each paragraph; new ones have the speaker of those they stand for.

    Args:
        paragraphs: What became of the words of each.
        interpolate: Whether new words share the time of the words that they replace, one
            each where there are as many; words that were put in share the room there is.
    """
    before: Word | None = None
    following = [*(_first_word(pieces) for pieces in paragraphs[1:]), None]
    for pieces, after in zip(paragraphs, following, strict=True):
        around = _Around(before, after)
        words = [
            word for k in range(len(pieces)) for word in _place(pieces, k, around, interpolate)
        ]
        before = words[-1] if words else before
        yield tuple(words)


@dataclass(frozen=True, slots=True)
class _Around:
    """The words before and after a paragraph."""

    before: Word | None
    after: Word | None


def _place(
    pieces: Sequence[Piece], place: int, around: _Around, interpolate: bool
) -> Iterator[Word]:
    """Yield the words of one piece."""
    piece = pieces[place]
    if isinstance(piece, Word):
        yield piece
        return
    before, after = _neighbour(pieces, place, -1), _neighbour(pieces, place, 1)
    spans: Sequence[Span | None] = [None] * len(piece.texts)
    if interpolate:
        spans = _share(piece, before, after, around)
    speakers = _speakers(piece, before or after or around.before)
    for text, span, speaker in zip(piece.texts, spans, speakers, strict=True):
        yield Word(text, span, None, speaker)


def _first_word(pieces: Sequence[Piece]) -> Word | None:
    return _neighbour(pieces, -1, 1)


def _neighbour(pieces: Sequence[Piece], place: int, step: int) -> Word | None:
    """Return the word next to a piece of a paragraph, as it was before the changes."""
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


def _share(
    piece: Fresh, before: Word | None, after: Word | None, around: _Around
) -> Sequence[Span | None]:
    """Return times for new words."""
    spans = [word.span for word in piece.replaced]
    known = [span for span in spans if span is not None]
    if len(spans) == len(piece.texts):
        return spans
    if known:
        return _spread(piece.texts, Span(known[0].start, max(known[0].start, known[-1].end)))
    if spans or not piece.texts:
        return [None] * len(piece.texts)  # what stood there had no time either
    if before is None and after is not None:
        return _fit_before(piece.texts, around.before, after)
    return _fit_after(piece.texts, before or around.before, after or around.after)


def _fit_after(
    texts: Sequence[str], before: Word | None, after: Word | None
) -> Sequence[Span | None]:
    """Return times for words that were put in: right after the word before them."""
    if before is None or before.span is None:
        return [None] * len(texts)
    start, need = before.span.end, PHONE * sum(_weights(texts))
    end = start + need if after is None or after.span is None else after.span.start
    return _spread(texts, Span(start, max(start, min(end, start + need))))


def _fit_before(texts: Sequence[str], before: Word | None, after: Word) -> Sequence[Span | None]:
    """Return times for words that now begin a paragraph: right before the word after them."""
    if after.span is None:
        return [None] * len(texts)
    end, need = after.span.start, PHONE * sum(_weights(texts))
    start = 0.0 if before is None or before.span is None else before.span.end
    return _spread(texts, Span(min(end, max(start, end - need)), end))


def _spread(texts: Sequence[str], span: Span) -> Sequence[Span | None]:
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
