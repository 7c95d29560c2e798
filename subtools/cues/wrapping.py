"""Words to the lines of a cue."""

from __future__ import annotations

from collections.abc import Sequence

from subtools.core import CueRules, Word
from subtools.cues.breaking import break_cost, join_words
from subtools.cues.cutting import Piece
from subtools.lexicon import columns


def wrap_piece(piece: Piece, rules: CueRules) -> tuple[str, ...]:
    """Return the lines of a cue: one if it fits, else two that are about as long."""
    words, room = piece.words, piece.room
    text = join_words(words).strip()
    if columns(text) + room <= rules.max_columns or len(words) < 2:
        return (text,)
    cuts = range(1, len(words))
    fitting = [c for c in cuts if max(_widths(words, c, room)) <= rules.max_columns]
    cut = min(fitting or cuts, key=lambda index: _wrap_cost(words, index, room))
    return tuple(line for line in _halves(words, cut) if line)


def _wrap_cost(words: Sequence[Word], index: int, room: int) -> float:
    """Return how bad a line break is; the words are on screen together, so pauses do not count."""
    left, right = _widths(words, index, room)
    return abs(left - right) / max(1, left + right) + break_cost(words, index) / 2


def _widths(words: Sequence[Word], index: int, room: int) -> tuple[int, int]:
    first, second = map(columns, _halves(words, index))
    return first + room, second


def _halves(words: Sequence[Word], index: int) -> tuple[str, str]:
    return join_words(words[:index]).strip(), join_words(words[index:]).strip()
