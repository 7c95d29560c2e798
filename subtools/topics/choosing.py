"""Which of the places where a topic may begin are taken."""

from __future__ import annotations

from collections.abc import Sequence

from subtools.core import Seconds
from subtools.topics.boundaries import THRESHOLD, Candidate
from subtools.topics.clauses import Clause

_SHORTEST: Seconds = 40.0  # of a topic in a long talk
_SHORTEST_SHARE = 1 / 20  # of a short one
_SECONDS_EACH: Seconds = 35.0  # at least, on average; more topics are no overview
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
    most = most_topics(length) - 1 if count is None else count - 1
    inside = [c for c in candidates if clauses[c.clause].start >= clauses[0].start + spacing]
    worth = [c for c in inside if count is not None or c.score > THRESHOLD]
    bonus = 0.0 if count is None else 1e3  # every one counts, whatever speaks for it
    return _best_chain(clauses, worth, spacing, most, bonus)


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
    """Return at most ``most`` candidates, ``spacing`` apart, with the largest sum of evidence."""
    best: list[tuple[float, tuple[Candidate, ...]]] = [(0.0, ())]
    # by_size[n]: the best chains of n candidates that end with each candidate.
    chains: list[tuple[float, tuple[Candidate, ...]]] = []
    for candidate in candidates:
        start = clauses[candidate.clause].start
        reachable = [
            (value, chain)
            for value, chain in [(0.0, ()), *chains]
            if len(chain) < most
            and (not chain or clauses[chain[-1].clause].start + spacing <= start)
        ]
        by_size: dict[int, tuple[float, tuple[Candidate, ...]]] = {}
        for value, chain in reachable:
            gain = value + candidate.score - THRESHOLD + bonus
            size = len(chain) + 1
            if size not in by_size or gain > by_size[size][0]:
                by_size[size] = (gain, (*chain, candidate))
        chains += by_size.values()
        best += by_size.values()
    return max(best, key=lambda found: found[0])[1]
