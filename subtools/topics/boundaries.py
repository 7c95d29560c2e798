"""Where a topic may begin, and what speaks for it.

Whoever leads a talk opens its topics with a question that says something of its own; one
that only hands over (``張老師呢``) or asks for more opens none. Somebody from the audience
opens one. In a lecture nobody asks: there phrases (``接下來``), pauses, and other words
before and after count.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from statistics import median

from subtools.core import Seconds
from subtools.topics.asking import (
    ASKS,
    CALLS_AUDIENCE,
    CLOSING,
    FOLLOW_UP,
    FOR_MORE,
    OPENING,
    asks_something,
)
from subtools.topics.clauses import Clause, fold
from subtools.topics.cohesion import measure_echo, measure_novelty

THRESHOLD = 1.5  # of evidence that opens a topic
_LONGEST_OPENING: Seconds = 45.0  # of a turn, in which a question has to come
_HOST_ROLES = frozenset(("主持人", "host", "moderator"))
_LEAST_ASKING = 0.25  # of the turns of whoever leads
_FEWEST_ASKING = 3  # turns with a question of whoever leads
_FEW_TURNS = 4  # of somebody from the audience
_LITTLE = 0.12  # of all words
_ENOUGH_TERMS = 3.0
_SHORT_ANSWER: Seconds = 5.0
_SHORTEST_PAUSE: Seconds = 0.6  # that says anything


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a topic may begin.

    Attributes:
        clause: Index of its first clause.
        score: What speaks for it; ``THRESHOLD`` is enough.
        reasons: That, in words.
        opening: The clauses that open it: the question, if there is one.
    """

    clause: int
    score: float
    reasons: tuple[str, ...]
    opening: range


def find_candidates(
    clauses: Sequence[Clause],
    counts: Sequence[Counter[str]],
    weights: Mapping[str, float],
    depths: Sequence[float],
) -> list[Candidate]:
    """Return the places where something speaks for a new topic, in order."""
    turns = [
        range(group[0], group[-1] + 1)
        for _, indices in groupby(range(len(clauses)), lambda k: clauses[k].turn)
        for group in [list(indices)]
    ]
    leader = find_leader(clauses, turns)
    audience = _find_audience(clauses, turns, leader)
    usual = _usual_length(clauses, [t for t in turns if clauses[t.start].speaker == leader])
    names = _name_parts(clauses)
    long_pause = _long_pause(clauses)
    finder = _Finder(clauses, counts, weights, depths, leader, audience, names, usual, long_pause)
    found = [candidate for turn in turns for candidate in finder.candidates_in(turn)]
    return sorted(found, key=lambda candidate: candidate.clause)


def find_leader(clauses: Sequence[Clause], turns: Sequence[range]) -> str | None:
    """Return who asks the others; None if nobody does, or nobody is known."""
    speakers = {clause.speaker for clause in clauses}
    if None in speakers or len(speakers) < 2:
        return None
    named = [name for name in speakers if name and name.casefold() in _HOST_ROLES]
    if named:
        return named[0]
    asking: Counter[str] = Counter()
    all_turns: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for turn in turns:
        name = clauses[turn.start].speaker or ""
        all_turns[name] += 1
        said[name] += sum(len(clauses[k].words) for k in turn)
        asking[name] += any(_asks(clauses[k]) for k in turn)
    total = said.total()
    fit = [
        name
        for name, count in asking.items()
        if count >= _FEWEST_ASKING and count >= _LEAST_ASKING * all_turns[name]
        if said[name] < total / 2
    ]
    return max(fit, key=lambda name: (asking[name], name), default=None)


def _asks(clause: Clause) -> bool:
    return asks_something(clause.folded) or bool(FOLLOW_UP.search(clause.folded))


def _find_audience(
    clauses: Sequence[Clause], turns: Sequence[range], leader: str | None
) -> frozenset[str]:
    """Return who comes late, asks, and says little."""
    if leader is None:
        return frozenset()
    counts = Counter(clauses[turn.start].speaker for turn in turns)
    said: Counter[str | None] = Counter()
    for clause in clauses:
        said[clause.speaker] += len(clause.words)
    little = _LITTLE * said.total()
    first: dict[str | None, int] = {}
    for index, turn in enumerate(turns):
        first.setdefault(clauses[turn.start].speaker, index)
    late = len(turns) // 4
    return frozenset(
        name
        for name, index in first.items()
        if name
        and name != leader
        and counts[name] <= _FEW_TURNS
        and index >= late
        and said[name] <= little
        if any(
            asks_something(clauses[k].folded) or ASKS.search(clauses[k].folded)
            for k in turns[index]
        )
    )


def _usual_length(clauses: Sequence[Clause], turns: Sequence[range]) -> Seconds:
    """Return the median length of ``turns``."""
    lengths = [clauses[turn.stop - 1].end - clauses[turn.start].start for turn in turns]
    return median(lengths) if lengths else 1.0


def _long_pause(clauses: Sequence[Clause]) -> Seconds:
    """Return what is a long pause in this talk: as long as one in ten, and 0.6 s at least."""
    pauses = sorted(clause.pause for clause in clauses)
    return max(_SHORTEST_PAUSE, pauses[len(pauses) * 9 // 10])


def _name_parts(clauses: Sequence[Clause]) -> frozenset[str]:
    """Return the words of the speakers' names: whoever is addressed is no topic."""
    names = {clause.speaker for clause in clauses if clause.speaker}
    return frozenset(part for name in names for part in (fold(name), *fold(name).split()))


@dataclass(frozen=True, slots=True)
class _Finder:
    clauses: Sequence[Clause]
    counts: Sequence[Counter[str]]
    weights: Mapping[str, float]
    depths: Sequence[float]
    leader: str | None
    audience: frozenset[str]
    names: frozenset[str]
    usual: Seconds
    long_pause: Seconds

    def candidates_in(self, turn: range) -> Iterator[Candidate]:
        """Yield the places in one turn."""
        speaker = self.clauses[turn.start].speaker
        if self.leader is None:
            yield from self._inside(turn, 1.0)
        elif speaker == self.leader:
            yield from self._of_leader(turn)
        elif speaker in self.audience:
            yield from self._of_audience(turn)
        else:
            yield from self._inside(turn, 0.4)

    def _of_leader(self, turn: range) -> Iterator[Candidate]:
        """Yield where whoever leads opens a topic: their question, from where it begins."""
        begin = self._skip_feedback(turn)
        opening = range(begin, turn.stop)
        asked = [k for k in opening if asks_something(self.clauses[k].folded)]
        text = "".join(self.clauses[k].folded for k in opening)
        if not (asked or OPENING.search(text) or self._length(opening) > self.usual):
            return
        score, reasons = self._weigh_question(opening, asked)
        yield Candidate(begin, score, reasons, opening)

    def _length(self, passage: range) -> Seconds:
        return self.clauses[passage.stop - 1].end - self.clauses[passage.start].start

    def _skip_feedback(self, turn: range) -> int:
        """Return where in a long turn what is said of the last answer is over."""
        if self.clauses[turn.stop - 1].end - self.clauses[turn.start].start < _LONGEST_OPENING / 2:
            return turn.start
        places = [k for k in turn if k > turn.start and OPENING.search(self.clauses[k].folded)]
        return places[0] if places else turn.start

    def _weigh_question(
        self, opening: range, asked: Sequence[int]
    ) -> tuple[float, tuple[str, ...]]:
        text = "".join(self.clauses[k].folded for k in opening)
        last = self.clauses[asked[-1]].folded if asked else ""
        own = self._own_terms(opening)
        novelty = measure_novelty(self.clauses, self.counts, self.weights, opening)
        longer = math.log2(max(0.1, self._length(opening)) / max(0.1, self.usual))
        opens = OPENING.search(text) is not None
        follows = FOLLOW_UP.search(text) is not None
        if FOLLOW_UP.search(last) and not opens:
            own = 0.0  # what it names is what was spoken of
        evidence = [
            (0.8 if asked else 0.0, "a question of whoever leads"),
            (0.0 if asked or opens else -0.4, ""),
            (0.8 * min(1.0, own / _ENOUGH_TERMS), "which names something"),
            (0.8 if opens else 0.0, "with words that open a topic"),
            (1.2 * novelty * min(1.0, own / 2), "about something new that is taken up"),
            (0.4 * max(-2.0, min(1.5, longer)), "longer than their usual one"),
            (0.35 * min(2.0, self.depths[opening.start]), "other words before and after"),
            (-1.2 * measure_echo(self.clauses, opening), ""),
            (-1.0 if follows and own < 2 * _ENOUGH_TERMS else 0.0, ""),
            (-1.5 if FOR_MORE.search(last) else 0.0, ""),
            (-1.0 if self._is_after_audience(opening.start) else 0.0, ""),
            (-1.0 if self._is_answered_at_once(opening) else 0.0, ""),
            (-0.8 if CALLS_AUDIENCE.search(text) else 0.0, ""),
            (-0.8 if CLOSING.search(text) else 0.0, ""),
        ]
        return _sum_up(evidence)

    def _is_after_audience(self, index: int) -> bool:
        """Tell whether somebody from the audience has just asked: then it is said again."""
        return index > 0 and self.clauses[index - 1].speaker in self.audience

    def _is_answered_at_once(self, opening: range) -> bool:
        """Tell whether whoever leads speaks again in a moment: then it was about little."""
        limit = self.clauses[opening.stop - 1].end + _SHORT_ANSWER
        later = (self.clauses[k] for k in range(opening.stop, len(self.clauses)))
        soon = takewhile(lambda clause: clause.start < limit, later)
        return any(clause.speaker == self.leader for clause in soon)

    def _own_terms(self, passage: range) -> float:
        """Return how many terms a passage has; names of those who speak are none."""
        return float(len({term for k in passage for term in self.counts[k]} - self.names))

    def _of_audience(self, turn: range) -> Iterator[Candidate]:
        asked = [k for k in turn if asks_something(self.clauses[k].folded)]
        own = self._own_terms(turn)
        if asked and own >= _ENOUGH_TERMS:
            yield Candidate(turn.start, 2.5, ("somebody from the audience asks",), turn)

    def _inside(self, turn: range, share: float) -> Iterator[Candidate]:
        """Yield where a speaker goes on to something else."""
        for index in turn:
            clause = self.clauses[index]
            opens = OPENING.search(clause.folded) is not None
            opens = opens and not CLOSING.search(clause.folded)
            pause = min(1.5, clause.pause / self.long_pause)
            if index == 0 or not (
                opens or clause.is_first or pause >= 1 or self.depths[index] > 1.0
            ):
                continue
            evidence = [
                (1.3 if opens else 0.0, "words that open a topic"),
                (1.35 * max(0.0, pause - 0.5), "a pause"),
                (0.6 * min(2.5, self.depths[index]), "other words before and after"),
                (0.3 if clause.is_first else 0.0, "a new paragraph or speaker"),
            ]
            score, reasons = _sum_up(evidence)
            yield Candidate(index, share * score, reasons, self._sentence(index, turn))

    def _sentence(self, index: int, turn: range) -> range:
        """Return the first clauses of what begins at ``index``."""
        end = index + 1
        while end < turn.stop and self.clauses[end].start < self.clauses[index].start + 15.0:
            end += 1
        return range(index, end)


def _sum_up(evidence: Sequence[tuple[float, str]]) -> tuple[float, tuple[str, ...]]:
    """Return the sum of ``evidence`` and what speaks for it most, at most three things."""
    said = sorted((e for e in evidence if e[0] >= 0.2 and e[1]), reverse=True)[:3]
    return sum(value for value, _ in evidence), tuple(reason for _, reason in said)
