"""Words as text, and where it can be broken at what cost."""

from __future__ import annotations

from collections.abc import Sequence

from subtools.core import Span, Word
from subtools.lexicon import is_spaceless, may_pause, word_core


def known_spans(words: Sequence[Word]) -> list[Span]:
    """Return when those of ``words`` sound that have a time."""
    return [word.span for word in words if word.span is not None]


def join_words(words: Sequence[Word]) -> str:
    """Return the text of ``words``, as it is written."""
    return "".join(word.text for word in words)


def break_cost(words: Sequence[Word], index: int) -> float:
    """Return 0 at punctuation, 1 inside a phrase, 3 inside a term, less at a space."""
    before, after = words[index - 1].text, words[index].text
    if _is_one_term(before, after):
        return 3.0
    if may_pause(before):
        return 0.0
    return 0.4 if before[-1].isspace() and not _joins_scripts(before, after) else 1.0


def _is_one_term(before: str, after: str) -> bool:
    """Tell whether two words are written as one: ``GPT-`` and ``4``, ``3。`` and ``5``."""
    if before[-1].isspace() or is_spaceless(word_core(before)) or is_spaceless(word_core(after)):
        return False
    is_number = word_core(before)[-1:].isdigit() and after[:1].isdigit()
    return is_number or not may_pause(before)


def _joins_scripts(before: str, after: str) -> bool:
    """Tell whether one of two words is Latin and the other is not."""
    return is_spaceless(word_core(before)) != is_spaceless(word_core(after))
