"""A talk to its topics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from subtools.core import Topic, Transcript
from subtools.topics.boundaries import THRESHOLD, Candidate, find_candidates
from subtools.topics.choosing import choose_boundaries
from subtools.topics.clauses import Clause, find_clauses
from subtools.topics.cohesion import count_terms, measure_depths, weigh_terms
from subtools.topics.titles import title_topics

_FIRST = "the talk begins"
_UNTITLED = "…"  # a talk of which no word can be written
_OPENING_SECONDS = 60.0  # of a talk, in which the question of its first topic is looked for


def find_topics(transcript: Transcript, *, count: int | None = None) -> tuple[Topic, ...]:
    """Return what a talk is about, in order, without gaps from its first word to its last.

    Args:
        transcript: Words with their times, and their speakers if these are known.
        count: How many topics there are to be; None: as many as there is evidence for.
            There may be fewer where there is no other place to begin one.
    """
    clauses = find_clauses(transcript)
    if not clauses:
        return ()
    counts = count_terms(clauses)
    weights = weigh_terms(clauses, counts)
    depths = measure_depths(clauses, counts, weights)
    candidates = find_candidates(clauses, counts, weights, depths)
    chosen = choose_boundaries(clauses, candidates, count)
    while True:
        ranges = _divide(clauses, chosen)
        first = _first_opening(clauses, ranges[0])
        openings = [first, *(candidate.opening for candidate in chosen)]
        titles = title_topics(clauses, ranges, openings, counts, weights)
        named = [c for c, title in zip(chosen, titles[1:], strict=True) if title is not None]
        if len(named) == len(chosen):
            return tuple(_compose_topics(clauses, ranges, titles, chosen))
        chosen = tuple(named)  # what has no word of its own is no topic of its own


def _divide(clauses: Sequence[Clause], chosen: Sequence[Candidate]) -> list[range]:
    starts = [0, *(candidate.clause for candidate in chosen)]
    return [range(a, b) for a, b in pairwise([*starts, len(clauses)])]


def _first_opening(clauses: Sequence[Clause], topic: range) -> range:
    limit = clauses[topic.start].start + _OPENING_SECONDS
    return range(topic.start, next((k for k in topic if clauses[k].start > limit), topic.stop))


def _compose_topics(
    clauses: Sequence[Clause],
    ranges: Sequence[range],
    titles: Sequence[str | None],
    chosen: Sequence[Candidate],
) -> list[Topic]:
    ends = [clauses[topic.start].start for topic in ranges[1:]] + [clauses[-1].end]
    reasons = [_FIRST, *(", ".join(candidate.reasons) for candidate in chosen)]
    sure = [None, *(_confidence(candidate.score) for candidate in chosen)]
    return [
        Topic(
            title or _UNTITLED,
            clauses[topic.start].start,
            max(clauses[topic.start].start, end),
            why,
            how,
        )
        for title, topic, end, why, how in zip(titles, ranges, ends, reasons, sure, strict=True)
    ]


def _confidence(score: float) -> float:
    """Return ``score`` as a share: a half at the threshold."""
    return round(1 / (1 + math.exp(2 * (THRESHOLD - score))), 3)
