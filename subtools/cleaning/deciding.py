"""Apply, propose or keep."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from subtools.cleaning.choosing import Places, is_trusted
from subtools.cleaning.safety import Case, find_objection, find_touchy
from subtools.cleaning.values import Candidate, Page, fold
from subtools.cleaning.weighing import PUT_RIGHT, Observation, add_up, sum_up, weigh
from subtools.core import Correction, Decision, Evidence, EvidenceKind


@dataclass(frozen=True, slots=True)
class CleaningSettings:
    """What decides about corrections.

    Attributes:
        apply: Score from which a correction is made without asking.
        apply_touchy: The same for numbers, names and negations.
        propose: Score from which it is shown to a person.
        alternative: Score from which another reading of the same words is shown beside it.
        without: Kinds of evidence that are not asked.
    """

    apply: float = 0.9
    apply_touchy: float = 0.98
    propose: float = 0.3
    alternative: float = 0.1
    without: frozenset[EvidenceKind] = frozenset()


DEFAULT = CleaningSettings()
# Of what a rule holds back although its evidence adds up to 0.9 and more, 40 of 66 are right on
# the eleven documents of ``docs/cleaning.md``.
HELD_BACK = 0.6
LEAST_LEAD = 1.5  # log odds before the next other reading of the same words
MOST_BEHIND = 1.0  # log odds behind it, if no recogniser is asked
CHANGED = 0.5  # log odds for a word that is not as written, among rivals
HEARSAY = 1.0  # the same for one of which only the sound was heard
MOST_ALTERNATIVES = 3  # other readings that a person is shown


@dataclass(frozen=True, slots=True)
class _Reading:
    """A candidate with what speaks for it and against it."""

    candidate: Candidate
    evidence: tuple[Evidence, ...]
    is_made_elsewhere: bool = False

    @property
    def words(self) -> range:
        return self.candidate.words

    @property
    def odds(self) -> float:
        return sum_up(self.evidence)

    @property
    def unheard_odds(self) -> float:
        """The same without what a recogniser says."""
        return sum_up([v for v in self.evidence if v.kind is not EvidenceKind.RECOGNISER])

    @property
    def rank(self) -> float:
        """Odds by which readings of the same words compete: what keeps more is likelier."""
        candidate = self.candidate
        before, after = candidate.before, candidate.after
        is_alike = len(before) == len(after) == len(candidate.words)  # a word is a character
        kept = sum(map(str.__eq__, before, after)) if is_alike else 0
        return self.odds - CHANGED * (len(candidate.words) - kept) - HEARSAY * candidate.is_reheard

    @property
    def score(self) -> float:
        return add_up(self.evidence)

    @property
    def change(self) -> tuple[str, str]:
        return fold(self.candidate.before), fold(self.candidate.after)


def decide(
    page: Page,
    candidates: Sequence[Candidate],
    observations: Sequence[Observation],
    settings: CleaningSettings = DEFAULT,
) -> tuple[Correction, ...]:
    """Return the corrections, in the order of the text; no two are about the same words.

    A change is made without asking only if two kinds of evidence at least speak for it,
    the sound does not speak against it, and somebody vouches for its spelling: the
    glossary, the document itself, or the dictionary. A recogniser alone never is enough.
    ``safety`` has all the rules.

    Args:
        page: The document.
        candidates: What may be wrong.
        observations: What is known about each.
        settings: The thresholds, and who is asked.
    """
    without = tuple(settings.without)
    readings = [
        _Reading(candidate, weigh(candidate, seen, without))
        for candidate, seen in zip(candidates, observations, strict=True)
    ]
    found = _decide_each(page, readings, settings)
    if EvidenceKind.CONSISTENCY in without:
        return found
    made = {
        ((fold(one.before), fold(one.after)), one.offsets)
        for one in found
        if one.decision is Decision.APPLY
    }
    return _decide_each(page, [_with_others(reading, made) for reading in readings], settings)


def _with_others(
    reading: _Reading, made: Collection[tuple[tuple[str, str], tuple[int, int]]]
) -> _Reading:
    """Return a reading; what is put right elsewhere is likelier here, too."""
    mine, offsets = reading.change, reading.candidate.offsets
    elsewhere = any(change == mine and place != offsets for change, place in made)
    if not (elsewhere and is_trusted(reading.candidate)):
        return reading
    voice = Evidence(EvidenceKind.CONSISTENCY, "the same is put right elsewhere", PUT_RIGHT)
    evidence = sorted((*reading.evidence, voice), key=lambda one: -abs(one.weight))
    return _Reading(reading.candidate, tuple(evidence), is_made_elsewhere=True)


def _decide_each(
    page: Page, readings: Sequence[_Reading], settings: CleaningSettings
) -> tuple[Correction, ...]:
    ranked = sorted(readings, key=lambda one: (-one.rank, one.candidate.offsets))
    places = Places()
    for place, reading in enumerate(ranked):
        places.put(place, reading.words)
    taken: set[int] = set()
    corrections = []
    for place, reading in enumerate(ranked):
        others = places.at(reading.words) - {place}
        if others & taken:
            continue
        taken.add(place)
        weaker = [ranked[k] for k in sorted(others) if k > place]
        corrections.append(_decide(page, reading, weaker, settings))
    return tuple(sorted(corrections, key=lambda correction: correction.offsets))


def _decide(
    page: Page, reading: _Reading, weaker: Sequence[_Reading], settings: CleaningSettings
) -> Correction:
    """Return what is done about a reading.

    Args:
        page: The document.
        reading: The likeliest of some words.
        weaker: Others of them, the likeliest first.
        settings: The thresholds.
    """
    candidate, score = reading.candidate, reading.score
    held_back = ""
    if score >= settings.apply:
        held_back = _find_doubt(page, reading, weaker, settings)
    if score >= settings.apply and not held_back:
        decision = Decision.APPLY
    else:
        decision = Decision.PROPOSE if score >= settings.propose else Decision.KEEP
        score = min(score, HELD_BACK) if held_back else score
    return Correction(
        offsets=candidate.offsets,
        before=candidate.before,
        after=candidate.after,
        decision=decision,
        score=round(score, 4),
        evidence=reading.evidence,
        span=page.span(candidate.words),
        alternatives=_read_otherwise(candidate, weaker, settings.alternative),
        held_back=held_back,
    )


def _find_doubt(
    page: Page, reading: _Reading, weaker: Sequence[_Reading], settings: CleaningSettings
) -> str:
    """Return why a likely reading is not taken without asking; nothing if it is."""
    case = Case(reading.candidate, reading.evidence, reading.is_made_elsewhere)
    objection = find_objection(case)
    if objection:
        return objection
    if not _is_clear(reading, weaker):
        return "another reading is nearly as likely"
    touchy = find_touchy(page, reading.candidate)
    return touchy if reading.score < settings.apply_touchy else ""


def _read_otherwise(
    candidate: Candidate, weaker: Sequence[_Reading], least: float
) -> tuple[str, ...]:
    """Return what else a person may choose for the words of a candidate."""
    start, end = candidate.offsets
    known, readings = {fold(candidate.before), fold(candidate.after)}, []
    for rival in weaker:
        first, last = rival.candidate.offsets
        if rival.score < least or first < start or last > end:
            continue
        before = candidate.before
        other = before[: first - start] + rival.candidate.after + before[last - start :]
        if fold(other) not in known:
            known.add(fold(other))
            readings.append(other)
    return tuple(readings[:MOST_ALTERNATIVES])


def _is_clear(reading: _Reading, weaker: Sequence[_Reading]) -> bool:
    """Tell whether no other reading of the same words is nearly as good.

    Nor clearly better for all but the recogniser, which has its own favourites. Readings of
    which only the sound was heard do not count: there are always some.
    """
    rivals = [
        other
        for other in weaker
        if _contradict(reading.candidate, other.candidate) and not other.candidate.is_reheard
    ]
    lead = reading.odds - max((other.odds for other in rivals), default=-math.inf)
    unheard = max((other.unheard_odds for other in rivals), default=-math.inf)
    return lead >= LEAST_LEAD and unheard - reading.unheard_odds <= MOST_BEHIND


def _contradict(a: Candidate, b: Candidate) -> bool:
    """Tell whether two candidates for the same words read them in ways that contradict."""
    one, other = fold(a.after), fold(b.after)
    return one not in other and other not in one
