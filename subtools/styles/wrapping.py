"""Lines of a cue broken anew, its words as they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, combinations, pairwise

from subtools.core import Balance, CueRules, Punctuation
from subtools.lexicon import columns, is_spaceless, split_words
from subtools.phrasing import break_costs

_MOST_LINES = 4  # more are not searched
_MOST_WORDS = 80  # in a cue that could still be wrapped into so many lines
_TOP_HEAVY = 0.1  # what a longer upper line costs where the lower one is to be longer


def join_lines(lines: Sequence[str], punctuation: Punctuation) -> str:
    """Return ``lines`` as one: a space between them unless their script has none.

    In the style ``HANS`` the end of a line without a mark may be that of a clause, so it
    becomes a space.

    >>> join_lines(["我們今天", "談大模型"], Punctuation.KEPT)
    '我們今天談大模型'
    """
    text = ""
    for line in (line.strip() for line in lines if line.strip()):
        if not text:
            text = line
        elif _is_open(text[-1]) or _is_open(line[0]):
            text += line
        elif punctuation is Punctuation.HANS or not _touch(text[-1], line[0]):
            text += f" {line}"
        else:
            text += line
    return text


def _is_open(mark: str) -> bool:
    """Tell whether a full-width mark brings its own room."""
    return not mark.isalnum() and columns(mark) == 2


def _touch(before: str, after: str) -> bool:
    return is_spaceless(before) or is_spaceless(after)


def wrap_text(text: str, rules: CueRules) -> tuple[str, ...] | None:
    """Return ``text`` in as few lines as it fits in; None if it fits in no cue.

    Lines break where it costs least (``phrasing``), never inside a word, a number or a term
    unless nothing else fits, and are about equally long or, where the style says so, the
    lower one longer.
    """
    text = " ".join(text.split())
    if columns(text) <= rules.max_columns:
        return (text,) if text else None
    words = split_words(text)
    if columns(text) > rules.capacity or len(words) > _MOST_WORDS * rules.max_lines:
        return None
    costs = break_costs(words)
    for count in range(2, min(rules.max_lines, _MOST_LINES) + 1):
        best = _best_breaks(words, costs, count, rules)
        if best is not None:
            return best
    return None


def _best_breaks(
    words: Sequence[str], costs: Sequence[float], count: int, rules: CueRules
) -> tuple[str, ...] | None:
    places = [0, *accumulate(map(len, words))]
    text = "".join(words)
    inner = range(1, len(words))
    best: tuple[float, tuple[str, ...]] | None = None
    for breaks in _choose(inner, count - 1):
        lines = tuple(
            text[places[a] : places[b]].strip() for a, b in pairwise((0, *breaks, len(words)))
        )
        widths = [columns(line) for line in lines]
        if max(widths) > rules.max_columns or not min(widths):
            continue
        cost = sum(costs[place] for place in breaks) + _cost_shape(widths, rules)
        if best is None or cost < best[0]:
            best = (cost, lines)
    return best[1] if best else None


def _choose(places: Sequence[int], count: int) -> Sequence[tuple[int, ...]]:
    return tuple(combinations(places, count)) if len(places) ** count <= 20_000 else ()


def _cost_shape(widths: Sequence[int], rules: CueRules) -> float:
    uneven = (max(widths) - min(widths)) / max(widths)
    is_heavy = any(above > below for above, below in pairwise(widths))
    return uneven + _TOP_HEAVY * (rules.balance is Balance.LOWER and is_heavy)
