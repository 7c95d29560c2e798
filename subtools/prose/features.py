"""What stands beside a place between two words, as names that weights are kept for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

# Nouns, adjectives, idioms: what a text is about, which says nothing about another text. A few
# nouns do the work of conjunctions.
_CONTENT = ("n", "a", "i", "l", "j", "s", "z", "eng")
_LIKE_CONJUNCTIONS = frozenset(["时候", "时", "后", "情况", "的话", "同时"])
_OPENING = 5  # words of a clause in which it says how it hangs together with others
_CLAUSE_STEPS = (3, 5, 8, 12, 16, 22)  # characters since the last mark
_SENTENCE_STEPS = (7, 12, 18, 26, 36, 50, 70, 100)  # characters since the last sentence end


@dataclass(frozen=True, slots=True)
class Piece:
    """A word as the dictionary has it.

    Attributes:
        text: In Simplified characters.
        tag: Part of speech, as jieba's dictionary names it.
    """

    text: str
    tag: str


def clause_features(pieces: Sequence[Piece], place: int, size: int) -> tuple[str, ...]:
    """Return what tells whether there is a mark before ``pieces[place]``.

    Args:
        pieces: The words of a text.
        place: Which of them, from 1.
        size: Characters since the last mark.
    """
    return (size_feature(size), *place_features(pieces[place - 1], pieces[place]))


def size_feature(size: int) -> str:
    """Return how long a clause is, as the name of a weight."""
    return f"size={bisect_right(_CLAUSE_STEPS, size)}"


def place_features(before: Piece, after: Piece) -> tuple[str, ...]:
    """Return what stands beside a place between two words."""
    return (
        "bias",
        f"before={_word(before)}",
        f"before:{before.tag}",
        f"after={_word(after)}",
        f"after:{after.tag}",
        f"between:{before.tag} {after.tag}",
    )


def sentence_features(
    clause: Sequence[Piece], following: Sequence[Piece], length: int
) -> tuple[str, ...]:
    """Return what tells whether the mark between two clauses ends a sentence.

    Args:
        clause: The words before the mark, since the one before it.
        following: The words after it, to the next one; at least one word.
        length: Characters since the last sentence end.
    """
    return (
        f"length={bisect_right(_SENTENCE_STEPS, length)}",
        f"this={_steps(clause)}",
        f"next={_steps(following)}",
        *{f"this~{word}" for word in _openers(clause)},
        *{f"next~{word}" for word in _openers(following)},
        *place_features(clause[-1], following[0]),
    )


def _steps(clause: Sequence[Piece]) -> int:
    return bisect_right(_CLAUSE_STEPS, sum(len(piece.text) for piece in clause))


def _openers(clause: Sequence[Piece]) -> list[str]:
    """Return the adverbs, conjunctions and prepositions among the first words of a clause."""
    return [piece.text for piece in clause[:_OPENING] if piece.tag[:1] in {"c", "d", "p", "r"}]


def _word(piece: Piece) -> str:
    """Return a word that has a part in grammar, else nothing."""
    is_content = piece.tag.startswith(_CONTENT) and piece.text not in _LIKE_CONJUNCTIONS
    return "" if is_content else piece.text
