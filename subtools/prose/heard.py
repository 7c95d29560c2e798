"""The marks that a recogniser set in the same sound, word by word."""

from __future__ import annotations

from collections.abc import Sequence

from subtools.matching import equal_positions
from subtools.phonetics.scripts import fold_characters
from subtools.prose.detecting import MarksKind, detect_marks
from subtools.prose.tokens import Token

SOME_MARK = "-"  # of a recogniser whose full stops mean nothing


def find_heard(tokens: Sequence[Token], recognised: Sequence[Token]) -> tuple[str | None, ...]:
    """Return for each of ``tokens`` the mark that a recogniser set after the same word.

    Empty where it set none; None where it heard another word, so that nothing can be said.
    Where its own full stops are mechanical, it says only that there is a mark.
    """
    is_careful = detect_marks(recognised) is MarksKind.CAREFUL
    heard: list[str | None] = [None] * len(tokens)
    for place, other in equal_positions(_keys(tokens), _keys(recognised)).items():
        mark = recognised[other].mark
        heard[place] = mark if is_careful or not mark else SOME_MARK
    return tuple(heard)


def _keys(tokens: Sequence[Token]) -> tuple[str, ...]:
    return fold_characters([token.core.casefold() for token in tokens])
