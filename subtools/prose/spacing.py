"""Spaces between Chinese characters and Latin words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import pairwise

from subtools.prose.tokens import Token

_WITH_NUMBER = frozenset({"", "%", "％", "+", "°"})


class Spacing(StrEnum):
    """What is between Chinese characters and Latin words or numbers."""

    KEEP = "keep"  # what the document has
    SPACE = "space"  # one space: 用 GPT-4 來做
    NONE = "none"  # nothing: 用GPT-4來做


def space_tokens(tokens: Sequence[Token], spacing: Spacing) -> tuple[Token, ...]:
    """Return ``tokens`` with the spaces that ``spacing`` wants.

    Marks and brackets bring their own room; between Latin words nothing changes.
    """
    if spacing is Spacing.KEEP:
        return tuple(tokens)
    space = " " if spacing is Spacing.SPACE else ""
    return tuple(
        replace(token, space=space) if _meet(token, after) else token
        for token, after in pairwise((*tokens, Token("")))
    )


def _meet(before: Token, after: Token) -> bool:
    if before.is_han == after.is_han or not (before.core and after.core):
        return False
    opens = after.text[0] != after.core[0] and after.text[0] not in "#@$€£"
    return before.head in _WITH_NUMBER and not (before.mark or before.closing or opens)
