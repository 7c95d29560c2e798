"""Which of the places where a topic may begin are taken."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from subtools.core import Seconds
from subtools.topics.boundaries import THRESHOLD, Candidate
from subtools.topics.clauses import Clause

_SHORTEST: Seconds = 40.0  # of a topic in a long talk
_SHORTEST_SHARE = 1 / 20  # of a short one
_SECONDS_EACH: Seconds = 35.0  # at least, on average; more topics are no overview
_MOST_MINUTES_EACH = 8.0  # fewer topics are none either
_EVERY_ONE = 1e3  # evidence that makes every candidate count, whatever speaks for it
_MOST_IN_LONG, _MINUTES_FOR_MORE = 10, 6.0  # in long talks so many, and one more each


def choose_boundaries(
    clauses: Sequence[Clause], candidates: Sequence[Candidate], count: int | None = None
) -> tuple[Candidate, ...]:
    """Return the candidates that begin a topic, in order; the first topic begins with the talk.

    Those are taken that have most evidence together, not too near to each other, each with
    more than ``THRESHOLD``; or so many that there are ``count`` topics, whatever the evidence.

    Args:
        clauses: The talk.
        candidates: Where topics may begin.
        count: How many topics there are to be; None: as many as there is evidence for.
    """
    if not clauses:
        return ()
    length = clauses[-1].end - clauses[0].start
    spacing = min(_SHORTEST, length * _SHORTEST_SHARE)
    inside = [c for c in candidates if clauses[c.clause].start >= clauses[0].start + spacing]
    if count is not None:
        return _best_chain(clauses, inside, spacing, count - 1, _EVERY_ONE)
    worth = [candidate for candidate in inside if candidate.score > THRESHOLD]
    chosen = _best_chain(clauses, worth, spacing, most_topics(length) - 1, 0.0)
    least = least_topics(length)
    if len(chosen) + 1 < least:
        return _best_chain(clauses, inside, spacing, least - 1, _EVERY_ONE)
    return chosen


def least_topics(length: Seconds) -> int:
    """Return how many topics a talk has at least, if there is anywhere to begin one.

    >>> [least_topics(minutes * 60) for minutes in (3.8, 15, 60, 180)]
    [1, 1, 7, 22]
    """
    return max(1, int(length / 60 / _MOST_MINUTES_EACH))


def most_topics(length: Seconds) -> int:
    """Return how many topics a talk may have.

    >>> [most_topics(minutes * 60) for minutes in (1, 3.8, 6.5, 60, 180)]
    [1, 6, 11, 20, 40]
    """
    many = int(length / _SECONDS_EACH)
    return max(1, min(many, _MOST_IN_LONG + int(length / 60 / _MINUTES_FOR_MORE)))


def _best_chain(
    clauses: Sequence[Clause],
    candidates: Sequence[Candidate],
    spacing: Seconds,
    most: int,
    bonus: float,
) -> tuple[Candidate, ...]:
    """Return at most ``most`` candidates, ``spacing`` apart, with the largest sum of evidence.

    The cost grows with the number of candidates, times ``most``.
    """
    starts = [clauses[candidate.clause].start for candidate in candidates]
    # best[n][k]: the largest sum of n of the first k candidates, and the last one it takes.
    best: list[list[tuple[float, int]]] = [[(0.0, -1)] * (len(candidates) + 1)]
    before = [bisect_right(starts, start - spacing) for start in starts]
    for _ in range(min(most, len(candidates))):
        row = [(-math.inf, -1)]
        for k, candidate in enumerate(candidates):
            value = best[-1][before[k]][0] + candidate.score - THRESHOLD + bonus
            row.append(max(row[-1], (value, k), key=lambda found: found[0]))
        best.append(row)
    size = max(range(len(best)), key=lambda n: best[n][-1][0])
    return tuple(candidates[k] for k in _trace(best, before, size))


def _trace(
    best: Sequence[Sequence[tuple[float, int]]], before: Sequence[int], size: int
) -> list[int]:
    """Return the indices of the candidates that the best ``size`` are."""
    end, chosen = len(best[0]) - 1, []
    for n in range(size, 0, -1):
        last = best[n][end][1]
        chosen.append(last)
        end = before[last]
    return chosen[::-1]
