"""Places where a Chinese sentence goes on, whatever else speaks for its end.

Sources: Li and Thompson, Mandarin Chinese (1981), ch. 23 (linked clauses: 就 and what joins stand
in the second of two; 當...的時候 and ...之後 need a main clause).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from subtools.prose.features import Piece

# They join what follows to what was said. 還是 parts alternatives and 就 answers a condition.
# Not 而且: people who speak begin sentences with it, too.
_JOINS = frozenset(["就", "或者", "或是", "以及", "还是", "并且"])
_JUST_SO = frozenset(["这样", "那样"])  # 就這樣: that is all
_WHEN = "当"
_BEFORE_WHEN = 3  # words: 那麼 其實 當; a 當 that comes later is a verb
_CLOSES_WHEN = frozenset(["时候", "时", "之时", "之后", "以后", "后"])
_LONGEST_WHEN = 4  # clauses


def joins(clause: Sequence[Piece]) -> bool:
    """Return whether a clause begins no sentence, unless after a long silence."""
    first, second = (*(piece.text for piece in clause[:2]), "")[:2]
    return first in _JOINS and not (first == "就" and second in _JUST_SO)


def find_open_whens(clauses: Sequence[Sequence[Piece]]) -> frozenset[int]:
    """Return the clauses, from 1, after which 當 waits for its 之後, or for the main clause."""
    return frozenset(number for k in range(len(clauses)) for number in _waiting(clauses, k))


def _waiting(clauses: Sequence[Sequence[Piece]], first: int) -> Iterator[int]:
    opening = [piece.text for piece in clauses[first][:_BEFORE_WHEN]]
    if _WHEN not in opening:
        return
    for last in range(first, min(first + _LONGEST_WHEN, len(clauses))):
        words = [piece.text for piece in clauses[last]]
        if last == first:
            words = words[opening.index(_WHEN) + 1 :]
        if _CLOSES_WHEN.intersection(words):
            is_closed = words[-1] not in _CLOSES_WHEN  # 當我們訓練的時候就發現
            yield from range(first + 1, last + 1 if is_closed else last + 2)
            return
