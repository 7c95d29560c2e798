"""How well a talk is divided, and the simple ways to divide it that others are measured against.

Sources: Pk, D. Beeferman, A. Berger, J. Lafferty, "Statistical Models for Text
Segmentation", Machine Learning 34 (1999); WindowDiff, L. Pevzner, M. Hearst, "A Critique and
Improvement of an Evaluation Metric for Text Segmentation", Computational Linguistics 28
(2002); TextTiling, M. Hearst, Computational Linguistics 23 (1997).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from subtools.core import Seconds, Transcript
from subtools.phrasing import tag_words
from subtools.topics.asking import asks_something
from subtools.topics.clauses import Clause, find_clauses, find_terms, term_key

TOLERANCE: Seconds = 10.0
STEP: Seconds = 1.0  # between the probes of Pk and WindowDiff
_SEQUENCE = 20  # words of a pseudo-sentence; Hearst's w
_BLOCK = 10  # pseudo-sentences to each side; Hearst's k
_APART = 3  # pseudo-sentences between two boundaries


@dataclass(frozen=True, slots=True)
class Score:
    """Boundaries found, and how they lie.

    Attributes:
        hits: True boundaries with a found one within the tolerance, each used once.
        found: How many were found.
        true: How many there are.
        pk: Share of windows of which it is not right whether both ends are in one topic.
        window_diff: Share of windows in which the number of boundaries is not right.
        window: Width of these windows, k, in seconds: half a true topic's mean length.
    """

    hits: int
    found: int
    true: int
    pk: float
    window_diff: float
    window: Seconds

    @property
    def precision(self) -> float:
        """Share of those found that are true."""
        return self.hits / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of the true ones that were found."""
        return self.hits / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.hits / (self.found + self.true) if self.found + self.true else 0.0


def score_boundaries(
    found: Sequence[Seconds],
    true: Sequence[Seconds],
    *,
    end: Seconds,
    tolerance: Seconds = TOLERANCE,
) -> Score:
    """Return how the ``found`` starts of topics lie to the ``true`` ones, up to ``end``."""
    ours, truth = (sorted(t for t in times if t < end) for times in (found, true))
    start = min([*ours, *truth], default=0.0)
    window = (end - start) / max(1, len(truth)) / 2
    probes = [start + STEP * k for k in range(max(1, int((end - start - window) / STEP)))]
    pairs = [(_between(ours, p, p + window), _between(truth, p, p + window)) for p in probes]
    return Score(
        count_hits(ours, truth, tolerance),
        len(ours),
        len(truth),
        sum((a == 0) != (b == 0) for a, b in pairs) / len(pairs),
        sum(a != b for a, b in pairs) / len(pairs),
        window,
    )


def count_hits(found: Sequence[Seconds], true: Sequence[Seconds], tolerance: Seconds) -> int:
    """Return how many of ``true`` have one of ``found`` within ``tolerance``, each used once.

    >>> count_hits([0.0, 4.0, 50.0], [2.0, 41.0, 90.0], 10.0)
    2
    """
    hits, k = 0, 0
    for time in sorted(true):
        while k < len(found) and found[k] < time - tolerance:
            k += 1
        if k < len(found) and found[k] <= time + tolerance:
            hits, k = hits + 1, k + 1
    return hits


def _between(times: Sequence[Seconds], start: Seconds, end: Seconds) -> int:
    """Return how many of ``times`` lie after ``start``, and not after ``end``."""
    return bisect_right(times, end) - bisect_right(times, start)


def space_evenly(transcript: Transcript, count: int) -> list[Seconds]:
    """Return the starts of ``count`` topics of equal length."""
    clauses = find_clauses(transcript)
    if not clauses:
        return []
    start, end = clauses[0].start, clauses[-1].end
    return [start + (end - start) * k / count for k in range(count)]


def follow_questions(transcript: Transcript) -> list[Seconds]:
    """Return the first onset and that of each turn in which somebody asks."""
    clauses = find_clauses(transcript)
    turns: dict[int, Seconds] = {}
    asking = set()
    for clause in clauses:
        turns.setdefault(clause.turn, clause.start)
        if asks_something(clause.folded):
            asking.add(clause.turn)
    return sorted({clauses[0].start, *(turns[turn] for turn in asking)}) if clauses else []


def tile_text(transcript: Transcript) -> list[Seconds]:
    """Return where TextTiling begins topics: by the likeness of words alone.

    Pseudo-sentences of 20 words, blocks of 10 of them, one smoothing over three gaps, and
    boundaries where the depth is above its mean less half its standard deviation, three
    pseudo-sentences apart at least.
    """
    clauses = find_clauses(transcript)
    if not clauses:
        return []
    sequences = list(_pseudo_sentences(clauses))
    gaps = range(1, len(sequences))
    likeness = [
        _likeness(sequences[max(0, k - _BLOCK) : k], sequences[k : k + _BLOCK]) for k in gaps
    ]
    depths = _depths(_smooth(likeness))
    mean = sum(depths) / max(1, len(depths))
    spread = math.sqrt(sum((depth - mean) ** 2 for depth in depths) / max(1, len(depths)))
    chosen: list[int] = []
    for k in sorted(range(len(depths)), key=lambda k: (-depths[k], k)):
        if depths[k] > mean - spread / 2 and all(abs(k - other) >= _APART for other in chosen):
            chosen.append(k)
    return [clauses[0].start, *(sequences[k + 1][0] for k in sorted(chosen))]


_PseudoSentence = tuple[Seconds, Counter[str]]  # its onset and its terms


def _pseudo_sentences(clauses: Sequence[Clause]) -> Iterator[_PseudoSentence]:
    start, size, terms = clauses[0].start, 0, Counter[str]()
    for clause in clauses:
        if size >= _SEQUENCE:
            yield start, terms
            start, size, terms = clause.start, 0, Counter()
        size += len(tag_words(clause.text))
        terms.update(map(term_key, find_terms(clause.text)))
    yield start, terms


def _likeness(before: Sequence[_PseudoSentence], after: Sequence[_PseudoSentence]) -> float:
    a, b = (sum((terms for _, terms in block), Counter[str]()) for block in (before, after))
    length = math.sqrt(sum(n * n for n in a.values()) * sum(n * n for n in b.values()))
    return sum(n * b[term] for term, n in a.items()) / length if length else 0.0


def _smooth(values: Sequence[float]) -> list[float]:
    around = [values[max(0, k - 1) : k + 2] for k in range(len(values))]
    return [sum(few) / len(few) for few in around]


def _depths(likeness: Sequence[float]) -> list[float]:
    """Return how far it falls at each gap from the nearest peaks on both sides."""
    return [
        _climb(likeness[k::-1]) + _climb(likeness[k:]) - 2 * here for k, here in enumerate(likeness)
    ]


def _climb(likeness: Sequence[float]) -> float:
    """Return the peak that is reached from the first on before it falls."""
    rising = takewhile(lambda pair: pair[1] >= pair[0], pairwise(likeness))
    return max((b for _, b in rising), default=likeness[0])
