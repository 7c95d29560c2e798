"""Topics that somebody has written down, found in the talk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from subtools.core import Seconds, Topic, Transcript
from subtools.errors import DocumentError
from subtools.topics.boundaries import THRESHOLD, find_candidates
from subtools.topics.clauses import Clause, find_clauses, find_terms, fold, term_key
from subtools.topics.cohesion import count_terms, measure_depths, weigh_terms

_AHEAD: Seconds = 45.0  # in which a topic says what its title says
_SAME_WORDS = 6.0  # evidence of first words that all agree
_AGREE = 0.5  # of the pairs of letters, so that first words count at all


@dataclass(frozen=True, slots=True)
class Wanted:
    """A topic that is to be found.

    Attributes:
        title: What it is called.
        first_words: What is said where it begins; empty if that is not known.
    """

    title: str
    first_words: str = ""


def parse_wanted(text: str) -> tuple[Wanted, ...]:
    r"""Return the topics of a file: a title a line, and behind a tab or ``|`` its first words.

    >>> parse_wanted("數據 | 大家有一個擔心\n\n# a comment\n多模態\n")
    (Wanted(title='數據', first_words='大家有一個擔心'), Wanted(title='多模態', first_words=''))

    Raises:
        DocumentError: If it has no title.
    """
    lines = (line.strip() for line in text.splitlines())
    kept = [line.replace("\t", "|") for line in lines if line and not line.startswith("#")]
    parts = (line.partition("|") for line in kept)
    wanted = tuple(Wanted(title.strip(), words.strip()) for title, _, words in parts)
    if not wanted or not all(topic.title for topic in wanted):
        raise DocumentError(
            "no titles of topics", hint="write a title a line, and after | its first words"
        )
    return wanted


def locate_topics(transcript: Transcript, wanted: Sequence[Wanted]) -> tuple[Topic, ...]:
    """Return where the ``wanted`` topics begin, in their order.

    Each goes where its first words are said, or where its title's terms come up and
    something speaks for a new topic, such that all together fit best. One that nothing in
    the talk speaks for has the confidence 0.

    Raises:
        DocumentError: If the talk has fewer clauses than there are topics.
    """
    clauses = find_clauses(transcript)
    if len(clauses) < len(wanted):
        raise DocumentError("there are more topics than clauses in the talk")
    counts = count_terms(clauses)
    weights = weigh_terms(clauses, counts)
    depths = measure_depths(clauses, counts, weights)
    opens = {c.clause: c.score for c in find_candidates(clauses, counts, weights, depths)}
    prior = [min(1.0, max(0.0, opens.get(k, 0.0) / THRESHOLD)) for k in range(len(clauses))]
    evidence = [_find_evidence(topic, clauses, counts, weights) for topic in wanted]
    scores = [[e + 0.5 * p for e, p in zip(row, prior, strict=True)] for row in evidence]
    places = _best_places(scores)
    ends = [clauses[k].start for k in places[1:]] + [clauses[-1].end]
    found = zip(wanted, places, ends, evidence, strict=True)
    return tuple(
        _compose(topic, clauses[place].start, end, row[place]) for topic, place, end, row in found
    )


def _compose(topic: Wanted, start: Seconds, end: Seconds, evidence: float) -> Topic:
    sure = round(min(1.0, evidence / 2), 3)
    reason = "given; its words are said here" if evidence > 0 else "given; nothing speaks for it"
    return Topic(topic.title, start, max(start, end), reason, sure)


def _find_evidence(
    topic: Wanted,
    clauses: Sequence[Clause],
    counts: Sequence[Counter[str]],
    weights: Mapping[str, float],
) -> list[float]:
    """Return what speaks for it that ``topic`` begins with each clause."""
    terms = {term_key(word) for word in find_terms(topic.title)}
    known = {term for term in terms if term in weights}
    total = sum(weights[term] for term in known) or 1.0
    values = []
    for index, clause in enumerate(clauses):
        near: dict[str, Seconds] = {}
        for k in range(index, len(clauses)):
            late = clauses[k].start - clause.start
            if late > _AHEAD:
                break
            for term in known & counts[k].keys():
                near.setdefault(term, late)
        said = sum(weights[term] * (1 - late / _AHEAD / 2) for term, late in near.items()) / total
        values.append(2 * said + _SAME_WORDS * _agreement(topic.first_words, clauses, index))
    return values


def _agreement(first_words: str, clauses: Sequence[Clause], index: int) -> float:
    """Return how well what is said from a clause on begins with ``first_words``, 0..1."""
    wanted = "".join(filter(str.isalnum, fold(first_words)))
    if len(wanted) < 2:
        return 0.0
    said = ""
    for clause in clauses[index : index + 12]:
        said += "".join(filter(str.isalnum, clause.folded))
        if len(said) >= len(wanted):
            break
    pairs = Counter(map("".join, pairwise(wanted)))
    common = pairs & Counter(map("".join, pairwise(said[: len(wanted) + 2])))
    share = common.total() / pairs.total()
    return share if share >= _AGREE else 0.0


def _best_places(scores: Sequence[Sequence[float]]) -> list[int]:
    """Return a place for each row, each after the one before, with the largest sum."""
    size = len(scores[0])
    best = [[float("-inf")] * size for _ in scores]
    came = [[-1] * size for _ in scores]
    for row, values in enumerate(scores):
        reach, where = (0.0, -1) if row == 0 else (float("-inf"), -1)
        for place, value in enumerate(values):
            if row and place and best[row - 1][place - 1] > reach:
                reach, where = best[row - 1][place - 1], place - 1
            best[row][place], came[row][place] = reach + value, where
    place = max(range(size), key=lambda k: best[-1][k])
    places = [place]
    for row in range(len(scores) - 1, 0, -1):
        place = came[row][place]
        places.append(place)
    return places[::-1]
