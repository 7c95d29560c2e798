"""Times of cues and of all that is in them, moved exactly.

Times are floats of decimal numbers: 1.001 + 2.5 - 2.5 is not 1.001. So they are taken as
the decimal numbers that they stand for, moved as fractions, and become floats again at the
end: there and back is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from subtools.core import Cue, Native, Seconds, Span, Word
from subtools.markup import TokenKind, compose_markup, parse_markup, time_token

Move = Callable[[Fraction], Fraction]
"""An old time to a new one, in seconds; never turns two times around."""

FOREVER = float("inf")
_MARKUP_TIME = re.compile(r"<\d")
# Times that a text of some format holds and only it could move: <00:01.00>, begin="1s".
_FOREIGN_TIME = re.compile(r"<\d+:|\b(?:begin|end|dur)=")
_KARAOKE = re.compile(r"(\\(?:kf|ko|k|K))(\d+)")  # hundredths of a second, of one syllable


def exact(seconds: Seconds) -> Fraction:
    """Return the decimal number that ``seconds`` stands for.

    >>> exact(0.1) + exact(0.2) == exact(0.3)
    True
    """
    return Fraction(repr(float(seconds)))


def move_seconds(seconds: Seconds, move: Move) -> Seconds:
    """Return ``seconds`` moved; what rounds to 0 milliseconds from below is 0, not before it."""
    moved = float(move(exact(seconds)))
    return 0.0 if -0.0005 < moved < 0 else moved


def move_cue(cue: Cue, move: Move) -> Cue:
    """Return ``cue`` with all its times moved, words and markup too; they may be below 0."""
    start, end = move_seconds(cue.start, move), move_seconds(cue.end, move)
    return replace(
        cue,
        start=start,
        end=end,
        words=tuple(_move_word(word, move) for word in cue.words),
        markup=_move_markup(cue.markup, move),
        native=_move_native(cue, end - start),
    )


def clip_cue(cue: Cue, start: Seconds, end: Seconds = FOREVER) -> Cue:
    """Return ``cue`` as it is shown from ``start`` to ``end``, its text whole.

    Words that are spoken outside have no time; what of a word is outside is cut off.
    """
    if start <= cue.start and cue.end <= end:
        return cue
    return replace(
        cue,
        start=max(cue.start, start),
        end=min(cue.end, end),
        words=tuple(_clip_word(word, start, end) for word in cue.words),
        markup=_clip_markup(cue.markup, start, end),
    )


def is_within(start: Seconds, end: Seconds, first: Seconds, past: Seconds) -> bool:
    """Tell whether something of ``start`` to ``end`` is in ``first`` to ``past``.

    What lasts no time is where it begins; at a border, after it.
    """
    return start < past and (end > first or start >= first)


def drop_markup_times(markup: str) -> str:
    """Return ``markup`` without the times in it.

    >>> drop_markup_times("<i>a</i> <00:01.000>b")
    '<i>a</i> b'
    """
    if not _MARKUP_TIME.search(markup):
        return markup
    tokens = parse_markup(markup)
    return compose_markup(token for token in tokens if token.kind is not TokenKind.TIME)


def _move_word(word: Word, move: Move) -> Word:
    if word.span is None:
        return word
    span = Span(move_seconds(word.span.start, move), move_seconds(word.span.end, move))
    return replace(word, span=span)


def _move_markup(markup: str, move: Move) -> str:
    if not _MARKUP_TIME.search(markup):
        return markup
    moved = []
    for token in parse_markup(markup):
        if token.time is None:
            moved.append(token)
        elif (time := move_seconds(token.time, move)) >= 0:  # others cannot be written
            moved.append(time_token(time))
    return compose_markup(moved)


def _move_native(cue: Cue, duration: Seconds) -> Native | None:
    """Return what only the format of ``cue`` knows, as far as it is true at other times."""
    native = cue.native
    if native is None or not native.text:
        return native
    if _FOREIGN_TIME.search(native.text):
        return replace(native, text="") if native.fields else None
    before = cue.end - cue.start
    if not before or abs(duration - before) < 1e-6:
        return native
    pace = duration / before
    text = _KARAOKE.sub(lambda match: f"{match[1]}{round(int(match[2]) * pace)}", native.text)
    return replace(native, text=text)


def _clip_word(word: Word, start: Seconds, end: Seconds) -> Word:
    span = word.span
    if span is None or (start <= span.start and span.end <= end):
        return word
    if not is_within(span.start, span.end, start, end):
        return replace(word, span=None, confidence=None)
    return replace(word, span=Span(max(span.start, start), min(span.end, end)))


def _clip_markup(markup: str, start: Seconds, end: Seconds) -> str:
    if not _MARKUP_TIME.search(markup):
        return markup
    tokens = parse_markup(markup)
    return compose_markup(t for t in tokens if t.time is None or start <= t.time < end)


def join_words(before: Sequence[Word], after: Sequence[Word]) -> tuple[Word, ...]:
    """Return words that a border has cut in two, with the times that either side knows."""
    return tuple(_join_word(a, b) for a, b in zip(before, after, strict=True))


def _join_word(before: Word, after: Word) -> Word:
    if before.span is None or after.span is None:
        return before if after.span is None else after
    return replace(before, span=Span(before.span.start, after.span.end))
