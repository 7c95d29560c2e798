"""What speaks for and against a candidate, in log odds.

Source of the numbers: chosen by hand so that altered texts of known talks come out right
(``docs/cleaning.md`` says which); a step of a third up or down changes few decisions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subtools.cleaning.candidates import is_broken_number, is_han
from subtools.cleaning.choosing import ALMOST, is_trusted
from subtools.cleaning.comparing import Fit
from subtools.cleaning.values import Candidate, fold
from subtools.core import Evidence, EvidenceKind

PRIOR = -4.0  # of fifty candidates that are looked at closely, one is right
SOUND_NAT, MOST_SOUND, LEAST_SOUND = 0.25, 5.0, -6.0  # a nat of sound; at most; at least
USUAL_MISFIT, MISFIT_NAT = 1.0, 2.0  # nats a phone unexplained by right words; each more
ALIKE = 1.0  # nats; less is no difference that anybody hears
JUDGE_NAT, MOST_JUDGE, LEAST_JUDGE = 0.25, 4.5, -4.0  # the same of a recogniser's judgement
# A small recogniser does not know how rare names are spelled.
LEAST_JUDGE_OF_TERM = -2.5
# What a recogniser wrote in Latin letters, by how much more like the one than like the other.
HEARD_NEARER, MOST_NEARER = 6.0, 2.0
FOREIGN = -3.0  # what a recogniser writes for Latin words, or in Latin letters, is mostly a guess
ENGLISH = -1.5  # but English words in the place of Han characters are seldom made up
SWALLOWED = -8.0  # the more so what it writes in Han where Latin letters stand
WROTE_IT, WROTE_THE_OTHER = 1.0, -2.5  # a recogniser by itself wrote the one or the other
WROTE_NO_WORD = -0.5  # the other being no word, and the one in the user's glossary
LISTED, LISTED_BY_USER = 1.5, 2.5  # by a glossary that ships; by one for this talk
ALL_HEARD = 1.0  # a listed term whose every phone is heard, and no worse than what is written
ALL_HEARD_MISFIT, ALL_HEARD_PHONES = 0.4, 4  # nats a phone unexplained at most; phones at least
NO_WORD = 1.0  # what is written in Han makes no word, and a listed term sounds just so
# What is written in Han is read just like a term in Latin letters: a listed one, one of the user's.
READ_SO, READ_SO_OWN = 1.0, 2.5
STRANGE = 2.5  # what is written in Latin letters is no word, and a listed term sounds so
LATIN = 1.0  # it is a word, or several, but no term, in a document that is not in Latin letters
GUESS_MISFIT_NAT = 5.0  # where words stand that make no sense, anything else is likelier
STRANGE_MISFIT = -2.0  # the most that sound left unexplained says against it: accents vary
SPELLED_ALIKE, LEAST_ALIKE = 3.0, 0.5  # times the likeness in letters above this
LISTED_TOO = -3.0  # what is written is a term of the glossary as well
SEEN = 0.7  # times the logarithm of how often the document writes it elsewhere
WRITTEN = 1.2  # the same of how often it writes elsewhere what is to be replaced
REPEATED = 0.35  # for every other place where the same change is proposed
MOST_CONSISTENCY = 2.0
WORDING_NAT, MOST_WORDING, LEAST_WORDING = 0.45, 6.0, -3.0  # a nat of the clause as words
LEAST_WORDING_OF_TERM = -0.5  # terms are rare everywhere but here
# In the place of Han that makes no sense any Latin word is likelier, listed or guessed.
MOST_WORDING_OF_LATIN, MOST_WORDING_OF_GUESS = 2.5, 1.0
MOST_WORDING_OF_NONSENSE = 3.0  # the same for other Han that nobody lists
FALLS_APART = -3.0  # several characters that make no word at all, and nobody lists
ADVISED, ADVISED_AGAINST = 1.5, -2.0  # by a language model, which hears nothing
PUT_RIGHT = 1.5  # for a change that is made at another place already
BROKEN_NUMBER = 2.0  # a sentence that ends between two digits


@dataclass(frozen=True, slots=True)
class Observation:
    """What is known about a candidate.

    Attributes:
        fit: How it fits the sound; None where nobody listened.
        judged: By how much likelier a recogniser finds it, in nats; None where none was asked.
        heard: What a recogniser wrote there by itself; None where none was asked.
        wording: By how much likelier its clause is as a sequence of words, in nats; None where
            nothing is written in Han.
        falls_apart: Whether what is proposed are Han characters that make no word.
        written: How often the document writes elsewhere what is written here, if that is more
            than one character: nobody means something else each time.
        repeats: At how many other places the same change is proposed.
        is_listed: Whether what is written is a term of the glossary.
        strangeness: Of what is written in Latin letters, whether it is no word (1.0) or
            words that are no term of a document in other letters (0.5); else 0.
        is_no_word: Whether what is written are Han characters that make no word.
        is_english: Whether what is proposed is English words of the dictionary.
        likeness: How much of the letters of both is the same, 0..1.
        phones: How many phones what is proposed has.
        heard_nearer: By how much what a recogniser wrote in Latin letters is more like what is
            proposed than like what is written, -1..1.
        advised: Whether a language model chose it; None where none answered.
    """

    fit: Fit | None = None
    judged: float | None = None
    heard: str | None = None
    wording: float | None = None
    falls_apart: bool = False
    written: int = 0
    repeats: int = 0
    is_listed: bool = False
    strangeness: float = 0.0
    is_no_word: bool = False
    is_english: bool = False
    likeness: float = 0.0
    phones: int = 0
    heard_nearer: float = 0.0
    advised: bool | None = None


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
        *_weigh_sound(candidate, seen),
        *_weigh_recogniser(candidate, seen),
        *_weigh_glossary(candidate, seen),
        *_weigh_consistency(candidate, seen),
        *_weigh_frequency(candidate, seen),
        *_weigh_advice(seen),
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


def could_reach(score: float, evidence: Sequence[Evidence]) -> bool:
    """Tell whether a candidate could have ``score`` if a recogniser found it likelier."""
    most = sum_up(evidence) + MOST_JUDGE + PUT_RIGHT
    return most >= math.log(score / (1 - score)) if 0 < score < 1 else score <= 0


def _nats(value: float) -> str:
    rounded = f"{abs(value):.0f}"
    return f"{rounded} nat" if rounded == "1" else f"{rounded} nats"


def _clamp(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))


def _weigh_sound(candidate: Candidate, seen: Observation) -> Iterator[Evidence]:
    if seen.fit is None or candidate.is_read_so:
        return
    gain, misfit = seen.fit.gain, seen.fit.misfit
    weight = _clamp(SOUND_NAT * gain, LEAST_SOUND, MOST_SOUND) if abs(gain) >= ALIKE else 0.0
    word = "better" if gain > 0 else "worse"
    reason = f"fits the sound {word} by {_nats(gain)}" if weight else "sounds the same"
    reason += f", {misfit:.1f} nats a phone unexplained"
    nat = GUESS_MISFIT_NAT if _is_guess(candidate, seen) else MISFIT_NAT
    against = -nat * max(0.0, misfit - USUAL_MISFIT)
    if gain >= 0 and _is_accent(candidate, seen):
        against = max(STRANGE_MISFIT, against)
    weight += against
    if is_trusted(candidate) and gain >= 0 and misfit <= ALL_HEARD_MISFIT:
        weight += ALL_HEARD if seen.phones >= ALL_HEARD_PHONES else 0.0
    yield Evidence(EvidenceKind.SOUND, reason, max(LEAST_SOUND, weight))


def _is_guess(candidate: Candidate, seen: Observation) -> bool:
    """Tell whether anything in Latin letters would be likelier than what is written."""
    if is_han(candidate.after):
        return False
    is_other_word = 0 < seen.strangeness < 1 and seen.likeness < LEAST_ALIKE
    return seen.is_no_word or is_other_word


def _is_accent(candidate: Candidate, seen: Observation) -> bool:
    """Tell whether sound that a candidate leaves unexplained may be how somebody says it."""
    if seen.is_no_word:  # any English would do for what makes no sense
        return False
    if not is_trusted(candidate):
        return seen.is_english
    return seen.strangeness == 1.0 or seen.likeness >= ALMOST


def _weigh_recogniser(candidate: Candidate, seen: Observation) -> Iterator[Evidence]:
    weight, reasons = 0.0, []
    if seen.judged is not None:
        is_term = is_trusted(candidate) and not is_han(candidate.after)
        least = LEAST_JUDGE_OF_TERM if is_term and not seen.strangeness else LEAST_JUDGE
        weight += _clamp(JUDGE_NAT * seen.judged, least, MOST_JUDGE)
        word = "likelier" if seen.judged > 0 else "less likely"
        reasons.append(f"a recogniser finds it {word} by {_nats(seen.judged)}")
    if seen.heard is not None:
        heard, after, before = map(fold, (seen.heard, candidate.after, candidate.before))
        if after and after in heard:
            weight += WROTE_IT
            reasons.append("a recogniser wrote it")
        elif before and before in heard and seen.strangeness < 1.0:  # no word is no evidence
            is_known = candidate.is_own and seen.is_no_word
            weight += WROTE_NO_WORD if is_known else WROTE_THE_OTHER
            reasons.append(f"a recogniser wrote {candidate.before}")
    if seen.heard_nearer and is_trusted(candidate):
        weight += _clamp(HEARD_NEARER * seen.heard_nearer, -MOST_NEARER, MOST_NEARER)
        reasons.append("it heard something " + ("nearer" if seen.heard_nearer > 0 else "less near"))
    if candidate.origin is EvidenceKind.RECOGNISER and _has_latin(candidate):
        weight += _foreignness(candidate, seen)
        reasons.append("it is no judge of words in Latin letters")
    if reasons:
        yield Evidence(EvidenceKind.RECOGNISER, "; ".join(reasons), weight)


def _foreignness(candidate: Candidate, seen: Observation) -> float:
    if is_han(candidate.after):
        return SWALLOWED
    return ENGLISH if seen.is_english and is_han(candidate.before) else FOREIGN


def _weigh_glossary(candidate: Candidate, seen: Observation) -> Iterator[Evidence]:
    if candidate.origin is EvidenceKind.GLOSSARY:
        yield Evidence(
            EvidenceKind.GLOSSARY, candidate.reason, LISTED_BY_USER if candidate.is_own else LISTED
        )
    if seen.is_listed:
        reason = f"{candidate.before} is a term, too"
        yield Evidence(EvidenceKind.GLOSSARY, reason, LISTED_TOO)


def _weigh_consistency(candidate: Candidate, seen: Observation) -> Iterator[Evidence]:
    weight, reasons = 0.0, []
    if candidate.count:
        weight += SEEN * math.log1p(candidate.count)
        times = "once" if candidate.count == 1 else f"{candidate.count} times"
        reasons.append(f"the document writes {candidate.after} {times}")
    if seen.written and not is_trusted(candidate):
        weight -= WRITTEN * math.log1p(seen.written)
        times = "once" if seen.written == 1 else f"{seen.written} times"
        reasons.append(f"{candidate.before} is written {times} elsewhere")
    if seen.repeats and is_trusted(candidate):
        weight += REPEATED * seen.repeats
        places = "place" if seen.repeats == 1 else "places"
        reasons.append(f"the same at {seen.repeats} other {places}")
    if reasons:
        capped = min(MOST_CONSISTENCY, weight)
        yield Evidence(EvidenceKind.CONSISTENCY, "; ".join(reasons), capped)


def _weigh_frequency(candidate: Candidate, seen: Observation) -> Iterator[Evidence]:
    if is_broken_number(candidate):
        yield Evidence(EvidenceKind.FREQUENCY, candidate.reason, BROKEN_NUMBER)
        return
    weight, reasons = 0.0, []
    if seen.strangeness and is_trusted(candidate) and not seen.is_listed:
        is_strange = seen.strangeness == 1.0
        weight += STRANGE if is_strange else LATIN
        weight += SPELLED_ALIKE * max(0.0, seen.likeness - LEAST_ALIKE)
        reasons.append(f"{candidate.before} is no " + ("word" if is_strange else "term"))
    wording = None if candidate.is_person else seen.wording  # of names it knows nothing
    if wording is not None and abs(wording) >= 1:
        weight += _clamp(WORDING_NAT * wording, *_wording_limits(candidate, seen))
        word = "likelier" if wording > 0 else "less likely"
        reasons.append(f"as words {word} by {_nats(wording)}")
    if seen.is_no_word and is_trusted(candidate):
        weight += NO_WORD
        reasons.append(f"{candidate.before} is no word")
    if candidate.is_read_so:
        weight += READ_SO_OWN if candidate.is_own else READ_SO
        reasons.append(f"{candidate.before} is read just like it")
    if seen.falls_apart and not is_trusted(candidate):
        weight += FALLS_APART
        reasons.append(f"{candidate.after} is no word")
    if reasons:
        yield Evidence(EvidenceKind.FREQUENCY, "; ".join(reasons), weight)


def _wording_limits(candidate: Candidate, seen: Observation) -> tuple[float, float]:
    """Return the least and the most that the likelihood of words says about a candidate."""
    is_term = is_trusted(candidate)
    least = LEAST_WORDING_OF_TERM if is_term else LEAST_WORDING
    if is_han(candidate.after):
        is_guess = seen.is_no_word and seen.falls_apart and not is_term
        return least, MOST_WORDING_OF_NONSENSE if is_guess else MOST_WORDING
    return least, MOST_WORDING_OF_LATIN if is_term else MOST_WORDING_OF_GUESS


def _weigh_advice(seen: Observation) -> Iterator[Evidence]:
    if seen.advised is not None:
        reason = "a language model chose " + ("it" if seen.advised else "what is written")
        weight = ADVISED if seen.advised else ADVISED_AGAINST
        yield Evidence(EvidenceKind.LANGUAGE_MODEL, reason, weight)


def _has_latin(candidate: Candidate) -> bool:
    return any(
        letter.isascii() and letter.isalpha() for letter in candidate.before + candidate.after
    )
