"""Apply, propose or keep."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from subtools.cleaning.candidates import is_broken_number, is_han
from subtools.cleaning.choosing import Places, is_trusted
from subtools.cleaning.values import Candidate, Page, fold
from subtools.cleaning.weighing import PUT_RIGHT, STRANGE, Observation, add_up, sum_up, weigh
from subtools.core import Correction, Decision, Evidence, EvidenceKind
from subtools.persons import TITLES
from subtools.phonetics import simplify

# What turns a sentence round, or is not guessed: no small doubt is allowed there.
_NEGATION = re.compile(r"[不没無无未别非勿莫]|\b(?:not|no|never|none|without)\b|n['’]t\b", re.I)
_TITLE = re.compile("|".join(title for title in TITLES if len(title) > 1))  # after a name
_NUMBER = re.compile(r"[\d零一二三四五六七八九十百千万亿两]")


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
LEAST_KINDS = 2  # independent voices for a change that is made without asking
# Where nobody vouches for the spelling: what a clause gains in sense, and what a recogniser, which
# hears tones, has to say for it.
LEAST_SENSE, LEAST_HEARING = 2.0, 1.0
# For a listed term against a recogniser: how much more sense it makes, and how much it may object.
TERM_MAKES_SENSE, MOST_OBJECTION = 4.5, -2.5
# For one that differs by a slip of letters, which a small recogniser cannot spell.
SLIP, SLIGHT_OBJECTION = 1.7, -1.5
ELSEWHERE = "the same is put right elsewhere"
# Of what a rule holds back although its evidence adds up to 0.9 and more, two of three are right
# (34 of 51 on ten documents of ``docs/cleaning.md``).
HELD_BACK = 0.85
LEAST_LEAD = 1.5  # log odds before the next other reading of the same words
MOST_BEHIND = 1.0  # log odds behind it, if no recogniser is asked
MOST_ALTERNATIVES = 3  # other readings that a person is shown


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

    Args:
        page: The document.
        candidates: What may be wrong.
        observations: What is known about each.
        settings: The thresholds, and who is asked.
    """
    without = tuple(settings.without)
    weighed = [
        (candidate, weigh(candidate, seen, without))
        for candidate, seen in zip(candidates, observations, strict=True)
    ]
    found = _decide_each(page, weighed, settings)
    if EvidenceKind.CONSISTENCY in without:
        return found
    made = {
        (_change(one.before, one.after), one.offsets)
        for one in found
        if one.decision is Decision.APPLY
    }
    return _decide_each(page, [_with_others(pair, made) for pair in weighed], settings)


def _change(before: str, after: str) -> tuple[str, str]:
    return fold(before), fold(after)


def _with_others(
    weighed: tuple[Candidate, tuple[Evidence, ...]],
    made: Collection[tuple[tuple[str, str], tuple[int, int]]],
) -> tuple[Candidate, tuple[Evidence, ...]]:
    """Return a candidate and its evidence; what is put right elsewhere is likelier here."""
    candidate, evidence = weighed
    mine = _change(candidate.before, candidate.after)
    elsewhere = any(change == mine and place != candidate.offsets for change, place in made)
    if not (elsewhere and is_trusted(candidate)):
        return weighed
    voice = Evidence(EvidenceKind.CONSISTENCY, ELSEWHERE, PUT_RIGHT)
    return candidate, tuple(sorted((*evidence, voice), key=lambda one: -abs(one.weight)))


def _decide_each(
    page: Page,
    weighed: Sequence[tuple[Candidate, tuple[Evidence, ...]]],
    settings: CleaningSettings,
) -> tuple[Correction, ...]:
    ranked = sorted(weighed, key=lambda pair: (-add_up(pair[1]), pair[0].offsets))
    places = Places()
    for place, (candidate, _) in enumerate(ranked):
        places.put(place, candidate.words)
    taken: set[int] = set()
    corrections = []
    for place, (candidate, evidence) in enumerate(ranked):
        others = places.at(candidate.words) - {place}
        if others & taken:
            continue
        taken.add(place)
        weaker = [ranked[k] for k in sorted(others) if k > place]
        rivals = [pair for pair in weaker if _contradict(candidate, pair[0])]
        is_clear = _is_clear(evidence, rivals)
        decision = _choose(page, candidate, evidence, settings, is_clear=is_clear)
        found = _correct(page, candidate, evidence, decision)
        others_read = _read_otherwise(found, weaker, settings.alternative)
        corrections.append(replace(found, alternatives=others_read))
    return tuple(sorted(corrections, key=lambda correction: correction.offsets))


def _read_otherwise(
    found: Correction,
    weaker: Sequence[tuple[Candidate, Sequence[Evidence]]],
    least: float,
) -> tuple[str, ...]:
    """Return what else a person may choose for the words of a correction."""
    start, end = found.offsets
    known, readings = {fold(found.before), fold(found.after)}, []
    for rival, evidence in weaker:
        first, last = rival.offsets
        if add_up(evidence) < least or first < start or last > end:
            continue
        reading = found.before[: first - start] + rival.after + found.before[last - start :]
        if fold(reading) not in known:
            known.add(fold(reading))
            readings.append(reading)
    return tuple(readings[:MOST_ALTERNATIVES])


def _is_clear(
    evidence: Sequence[Evidence], rivals: Sequence[tuple[Candidate, Sequence[Evidence]]]
) -> bool:
    """Tell whether no other reading of the same words is nearly as good.

    Nor clearly better for all but the recogniser, which has its own favourites.
    """
    others = [sum_up(theirs) for _, theirs in rivals]
    unheard = [_without_recogniser(theirs) for _, theirs in rivals]
    return (
        sum_up(evidence) - max(others, default=-math.inf) >= LEAST_LEAD
        and max(unheard, default=-math.inf) - _without_recogniser(evidence) <= MOST_BEHIND
    )


def _without_recogniser(evidence: Sequence[Evidence]) -> float:
    return sum_up([one for one in evidence if one.kind is not EvidenceKind.RECOGNISER])


def _contradict(a: Candidate, b: Candidate) -> bool:
    """Tell whether two candidates for the same words read them in ways that contradict."""
    one, other = fold(a.after), fold(b.after)
    return one not in other and other not in one


def _correct(
    page: Page, candidate: Candidate, evidence: Sequence[Evidence], decision: Decision
) -> Correction:
    score = add_up(evidence)
    if decision is not Decision.APPLY:
        score = min(score, HELD_BACK)
    return Correction(
        offsets=candidate.offsets,
        before=candidate.before,
        after=candidate.after,
        decision=decision,
        score=round(score, 4),
        evidence=tuple(evidence),
        span=page.span(candidate.words),
    )


def _choose(
    page: Page,
    candidate: Candidate,
    evidence: Sequence[Evidence],
    settings: CleaningSettings,
    *,
    is_clear: bool,
) -> Decision:
    score = add_up(evidence)
    is_name = _is_name(page, candidate)
    least = settings.apply_touchy if is_name or is_touchy(candidate) else settings.apply
    if score >= least and is_clear and is_safe(candidate, evidence):
        return Decision.APPLY
    return Decision.PROPOSE if score >= settings.propose else Decision.KEEP


def _is_name(page: Page, candidate: Candidate) -> bool:
    """Tell whether a part of what looks like a name of somebody would change."""
    start, end = candidate.offsets
    if _TITLE.match(simplify(page.body[end : end + 2])):
        return True
    return any(offset in page.names for offset in range(start, end))


def is_safe(candidate: Candidate, evidence: Sequence[Evidence]) -> bool:
    """Tell whether a change may be made without asking, whatever its score.

    Of two readings that sound the same, only a recogniser that hears tones can tell.
    """
    weights = dict.fromkeys(EvidenceKind, 0.0)
    for voice in evidence:
        weights[voice.kind] += voice.weight
    sound, frequency = weights[EvidenceKind.SOUND], weights[EvidenceKind.FREQUENCY]
    speaking = [kind for kind, weight in weights.items() if weight > 0]
    hears = max(sound, weights[EvidenceKind.RECOGNISER]) > 0
    if len(speaking) < LEAST_KINDS or not hears or sound < 0:
        return False
    if weights[EvidenceKind.GLOSSARY] < 0:  # what is written is a term, too
        return False
    hearing = weights[EvidenceKind.RECOGNISER]
    if any(voice.reason == ELSEWHERE for voice in evidence):
        hearing -= MOST_OBJECTION
    if is_trusted(candidate):  # against a recogniser only what is no word, or makes no sense
        is_strange = frequency >= STRANGE and (candidate.before.isascii() or candidate.is_own)
        makes_sense = frequency >= TERM_MAKES_SENSE and is_han(candidate.after)
        is_slip = frequency >= SLIP and candidate.before.isascii() and candidate.after.isascii()
        least = SLIGHT_OBJECTION if is_slip else 0.0
        return is_strange or hearing >= least or (makes_sense and hearing >= MOST_OBJECTION)
    if is_broken_number(candidate):
        return True
    return hearing >= LEAST_HEARING and frequency >= LEAST_SENSE


def is_touchy(candidate: Candidate) -> bool:
    """Tell whether numbers, negations or names of people are changed."""
    if candidate.is_person:
        return True
    before, after = simplify(candidate.before), simplify(candidate.after)
    return any(
        sorted(pattern.findall(before)) != sorted(pattern.findall(after))
        for pattern in (_NEGATION, _NUMBER)
    ) or _digits(before) != _digits(after)


def _digits(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isdecimal())
