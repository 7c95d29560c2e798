"""What speaks for and against a candidate, in log odds.

Source of the numbers: chosen by hand so that altered texts of known talks come out right
(``docs/cleaning.md`` says which); a step of a third up or down changes few decisions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subtools.cleaning.candidates import fold, is_han
from subtools.cleaning.choosing import is_trusted
from subtools.cleaning.comparing import Fit
from subtools.cleaning.values import Candidate
from subtools.core import Evidence, EvidenceKind

PRIOR = -4.0  # of fifty candidates that are looked at closely, one is right
SOUND_NAT, MOST_SOUND, LEAST_SOUND = 0.25, 5.0, -6.0  # a nat of sound; at most; at least
USUAL_MISFIT, MISFIT_NAT = 1.0, 2.0  # nats a phone unexplained by right words; each more
ALIKE = 1.0  # nats; less is no difference that anybody hears
JUDGE_NAT, MOST_JUDGE, LEAST_JUDGE = 0.3, 4.0, -4.0  # the same of a recogniser's judgement
# A small recogniser does not know how rare names are spelled.
LEAST_JUDGE_OF_TERM = -2.5
FOREIGN = -3.0  # what a recogniser writes for Latin words, or in Latin letters, is mostly a guess
WROTE_IT, WROTE_THE_OTHER = 1.5, -2.0  # a recogniser by itself wrote the one or the other
LISTED = 1.5  # by a glossary
LISTED_TOO = -3.0  # what is written is a term of the glossary as well
SEEN = 0.7  # times the logarithm of how often the document writes it elsewhere
REPEATED = 0.35  # for every other place where the same change is proposed
MOST_CONSISTENCY = 2.0
A_WORD_LESS, A_WORD_MORE = 1.0, -1.5  # in the dictionary's segmentation of the clause
MOST_FREQUENCY = 2.0
A_WORD = 0.5  # what is proposed is a word of the dictionary
BROKEN_NUMBER = 2.0  # a sentence that ends between two digits


@dataclass(frozen=True, slots=True)
class Observation:
    """What is known about a candidate.

    Attributes:
        fit: How it fits the sound; None where nobody listened.
        judged: By how much likelier a recogniser finds it, in nats; None where none was asked.
        heard: What a recogniser wrote there by itself; None where none was asked.
        words_saved: How many dictionary words fewer its clause has.
        is_word: Whether what is proposed is one word of the dictionary.
        repeats: At how many other places the same change is proposed.
        is_listed: Whether what is written is a term of the glossary.
    """

    fit: Fit | None = None
    judged: float | None = None
    heard: str | None = None
    words_saved: int = 0
    is_word: bool = False
    repeats: int = 0
    is_listed: bool = False


def weigh(
    candidate: Candidate, seen: Observation, without: Sequence[EvidenceKind] = ()
) -> tuple[Evidence, ...]:
    """Return the evidence about a candidate, the strongest first.

    Args:
        candidate: What is proposed.
        seen: What is known about it.
        without: Kinds of evidence that are not asked.
    """
    voices = (
        *_weigh_sound(seen),
        *_weigh_recogniser(candidate, seen),
        *_weigh_glossary(candidate, seen),
        *_weigh_consistency(candidate, seen),
        *_weigh_frequency(candidate, seen),
    )
    asked = (voice for voice in voices if voice.kind not in without and voice.weight)
    return tuple(sorted(asked, key=lambda voice: -abs(voice.weight)))


def add_up(evidence: Sequence[Evidence]) -> float:
    """Return the probability that a candidate with this evidence is right.

    >>> round(add_up([Evidence(EvidenceKind.SOUND, "", 4.0)]), 2)
    0.5
    """
    return 1 / (1 + math.exp(-sum_up(evidence)))


def sum_up(evidence: Sequence[Evidence]) -> float:
    """Return the log odds that a candidate with this evidence is right."""
    return PRIOR + sum(voice.weight for voice in evidence)


def _clamp(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))


def _weigh_sound(seen: Observation) -> Iterator[Evidence]:
    if seen.fit is None:
        return
    gain, misfit = seen.fit.gain, seen.fit.misfit
    weight = _clamp(SOUND_NAT * gain, LEAST_SOUND, MOST_SOUND) if abs(gain) >= ALIKE else 0.0
    word = "better" if gain > 0 else "worse"
    reason = f"fits the sound {word} by {abs(gain):.0f} nats" if weight else "sounds the same"
    reason += f", {misfit:.1f} nats a phone unexplained"
    weight -= MISFIT_NAT * max(0.0, misfit - USUAL_MISFIT)
    yield Evidence(EvidenceKind.SOUND, reason, max(LEAST_SOUND, weight))


def _weigh_recogniser(candidate: Candidate, seen: Observation) -> Iterator[Evidence]:
    weight, reasons = 0.0, []
    if seen.judged is not None:
        is_term = is_trusted(candidate) and not is_han(candidate.after)
        least = LEAST_JUDGE_OF_TERM if is_term else LEAST_JUDGE
        weight += _clamp(JUDGE_NAT * seen.judged, least, MOST_JUDGE)
        word = "likelier" if seen.judged > 0 else "less likely"
        reasons.append(f"a recogniser finds it {word} by {abs(seen.judged):.0f} nats")
    if seen.heard is not None:
        heard, after, before = map(fold, (seen.heard, candidate.after, candidate.before))
        if after and after in heard:
            weight += WROTE_IT
            reasons.append("a recogniser wrote it")
        elif before and before in heard:
            weight += WROTE_THE_OTHER
            reasons.append(f"a recogniser wrote {candidate.before}")
    if candidate.origin is EvidenceKind.RECOGNISER and _has_latin(candidate):
        weight += FOREIGN
        reasons.append("it is no judge of words in Latin letters")
    if reasons:
        yield Evidence(EvidenceKind.RECOGNISER, "; ".join(reasons), weight)


def _weigh_glossary(candidate: Candidate, seen: Observation) -> Iterator[Evidence]:
    if candidate.origin is EvidenceKind.GLOSSARY:
        yield Evidence(EvidenceKind.GLOSSARY, candidate.reason, LISTED)
    if seen.is_listed:
        reason = f"{candidate.before} is a term, too"
        yield Evidence(EvidenceKind.GLOSSARY, reason, LISTED_TOO)


def _weigh_consistency(candidate: Candidate, seen: Observation) -> Iterator[Evidence]:
    weight, reasons = 0.0, []
    if candidate.count:
        weight += SEEN * math.log1p(candidate.count)
        times = "once" if candidate.count == 1 else f"{candidate.count} times"
        reasons.append(f"the document writes {candidate.after} {times}")
    if seen.repeats:
        weight += REPEATED * seen.repeats
        places = "place" if seen.repeats == 1 else "places"
        reasons.append(f"the same at {seen.repeats} other {places}")
    if reasons:
        capped = min(MOST_CONSISTENCY, weight)
        yield Evidence(EvidenceKind.CONSISTENCY, "; ".join(reasons), capped)


def _weigh_frequency(candidate: Candidate, seen: Observation) -> Iterator[Evidence]:
    if candidate.origin is EvidenceKind.FREQUENCY:
        yield Evidence(EvidenceKind.FREQUENCY, candidate.reason, BROKEN_NUMBER)
        return
    saved, weight, reasons = seen.words_saved, 0.0, []
    if saved:
        step = A_WORD_LESS if saved > 0 else A_WORD_MORE
        weight += _clamp(step * abs(saved), -MOST_FREQUENCY, MOST_FREQUENCY)
        word = "fewer" if saved > 0 else "more"
        reasons.append(f"{abs(saved)} dictionary words {word} in the clause")
    if seen.is_word:
        weight += A_WORD
        reasons.append(f"{candidate.after} is a word")
    if reasons:
        yield Evidence(EvidenceKind.FREQUENCY, "; ".join(reasons), weight)


def _has_latin(candidate: Candidate) -> bool:
    return any(
        letter.isascii() and letter.isalpha() for letter in candidate.before + candidate.after
    )
