"""How far what is said before a moment and after it is about other things.

Source: M. Hearst, "TextTiling: Segmenting Text into Multi-paragraph Subtopic Passages",
Computational Linguistics 23 (1997): the likeness of the words on both sides, and how deep
it falls between its peaks.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from subtools.core import Seconds
from subtools.topics.clauses import Clause, find_terms, term_key

LONGEST_WINDOW: Seconds = 75.0  # to each side; a topic of a long talk lasts minutes
SHORTEST_WINDOW: Seconds = 25.0
_WINDOWS = 14  # of a short talk
_EMPTY_LIKENESS = 0.0
_SHORT_LATIN = 3  # letters; words no longer than that are everywhere


def count_terms(clauses: Sequence[Clause]) -> list[Counter[str]]:
    """Return the terms of each clause, counted."""
    return [Counter(map(term_key, find_terms(clause.text))) for clause in clauses]


def window_of(clauses: Sequence[Clause]) -> Seconds:
    """Return how far to each side of a moment is looked: less in a short talk."""
    length = clauses[-1].end - clauses[0].start if clauses else 0.0
    return min(LONGEST_WINDOW, max(SHORTEST_WINDOW, length / _WINDOWS))


def weigh_terms(clauses: Sequence[Clause], counts: Sequence[Counter[str]]) -> dict[str, float]:
    """Return the weight of each term: the rarer the minutes it is said in, the more.

    It is the logarithm of all minutes over those with the term (inverse document
    frequency, a minute being a document).
    """
    minutes: dict[int, set[str]] = {}
    for clause, terms in zip(clauses, counts, strict=True):
        minutes.setdefault(int(clause.start // 60), set()).update(terms)
    seen = Counter(term for terms in minutes.values() for term in terms)
    return {term: math.log((1 + len(minutes)) / count) + 0.1 for term, count in seen.items()}


def measure_depths(
    clauses: Sequence[Clause], counts: Sequence[Counter[str]], weights: Mapping[str, float]
) -> list[float]:
    """Return how deep the likeness falls before each clause: 0 not at all, 1 or more a lot.

    In units of the talk's own spread: a depth of 1 is one standard deviation above the
    mean of its depths.
    """
    likeness = _measure_likeness(clauses, counts, weights)
    depths = [_depth(likeness, index) for index in range(len(likeness))]
    mean = sum(depths) / max(1, len(depths))
    spread = math.sqrt(sum((depth - mean) ** 2 for depth in depths) / max(1, len(depths)))
    return [max(0.0, (depth - mean) / spread) if spread > 0 else 0.0 for depth in depths]


def _measure_likeness(
    clauses: Sequence[Clause], counts: Sequence[Counter[str]], weights: Mapping[str, float]
) -> list[float]:
    """Return the cosine of the terms within the window before and after each clause begins."""
    window = window_of(clauses)
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    first = reach = 0
    likeness = []
    for index, clause in enumerate(clauses):
        while reach < len(clauses) and clauses[reach].start < clause.start + window:
            after.update(counts[reach])
            reach += 1
        while clauses[first].end < clause.start - window:
            before.subtract(counts[first])
            first += 1
        likeness.append(_cosine(before, after, weights))
        before.update(counts[index])
        after.subtract(counts[index])
    return likeness


def _cosine(a: Counter[str], b: Counter[str], weights: Mapping[str, float]) -> float:
    shared = sum(
        weights[t] ** 2 * math.log1p(n) * math.log1p(b[t]) for t, n in a.items() if b[t] > 0 < n
    )
    lengths = _length(a, weights) * _length(b, weights)
    return shared / lengths if lengths else _EMPTY_LIKENESS


def _length(terms: Counter[str], weights: Mapping[str, float]) -> float:
    return math.sqrt(sum((weights[t] * math.log1p(n)) ** 2 for t, n in terms.items() if n > 0))


def _depth(likeness: Sequence[float], index: int) -> float:
    """Return how far ``likeness`` falls from the peaks on both sides."""
    return (_climb(likeness, index, -1) + _climb(likeness, index, 1)) / 2


def _climb(likeness: Sequence[float], index: int, step: int) -> float:
    peak, here = likeness[index], index
    while 0 <= here + step < len(likeness) and likeness[here + step] >= peak - 0.01:
        here += step
        peak = max(peak, likeness[here])
    return peak - likeness[index]


def measure_novelty(
    clauses: Sequence[Clause],
    counts: Sequence[Counter[str]],
    weights: Mapping[str, float],
    passage: range,
) -> float:
    """Return how much of what a passage is about is new and taken up afterwards, 0..1.

    Args:
        clauses: The talk.
        counts: Terms of each clause.
        weights: Weights of the terms.
        passage: The clauses that may open a topic.
    """
    terms = {term for index in passage for term in counts[index]}
    window = window_of(clauses)
    start, end = clauses[passage.start].start, clauses[passage.stop - 1].end
    before = _terms_between(clauses, counts, start - 2 * window, start)
    after = _terms_between(clauses, counts, end, end + 3 * window)
    total = sum(weights[term] for term in terms)
    fresh = sum(weights[term] for term in terms if term not in before and term in after)
    return fresh / total if total else 0.0


def measure_echo(clauses: Sequence[Clause], passage: range, back: Seconds = 20.0) -> float:
    """Return how much of a passage repeats what was said right before it, 0..1.

    It is the share of its pairs of letters or characters; who only follows up takes up the
    words of the answer.
    """
    start = clauses[passage.start].start
    first = passage.start
    while first > 0 and clauses[first - 1].end > start - back:
        first -= 1
    heard = {pair for k in range(first, passage.start) for pair in _pairs(clauses[k].folded)}
    own = [pair for k in passage for pair in _pairs(clauses[k].folded)]
    return sum(pair in heard for pair in own) / len(own) if own else 0.0


def _pairs(folded: str) -> list[str]:
    """Return the pairs of neighbouring Han characters, and the longer Latin words."""
    latin = [word for word in re.findall(r"[a-z]+", folded) if len(word) > _SHORT_LATIN]
    return latin + [
        a + b for a, b in pairwise(folded) if not (a + b).isascii() and (a + b).isalnum()
    ]


def _terms_between(
    clauses: Sequence[Clause], counts: Sequence[Counter[str]], start: Seconds, end: Seconds
) -> set[str]:
    first = bisect_left(clauses, start, key=lambda clause: clause.start)
    last = bisect_left(clauses, end, key=lambda clause: clause.start)
    return {term for terms in counts[first:last] for term in terms}
