"""How sure a correction is, and what speaks for it, in words that everybody understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from subtools.core.corrections import Evidence, EvidenceKind

# Of the score, which is a probability: from 0.9 on `clean` applies what no rule forbids, and
# below 0.5 it is likelier that the text is right.
LIKELY, POSSIBLE = 0.9, 0.5
STRONG, SOME = 3.0, 1.0  # log odds: twenty to one, and about three to one
_ALIKE = "sounds the same"  # with which `cleaning` begins where the sound cannot tell


class Sureness(StrEnum):
    """How likely it is that a correction is right."""

    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


def judge_score(score: float) -> Sureness:
    """Return how sure a score from 0 to 1 is.

    >>> [judge_score(score).value for score in (0.93, 0.7, 0.3)]
    ['likely', 'possible', 'unlikely']
    """
    if score >= LIKELY:
        return Sureness.LIKELY
    return Sureness.POSSIBLE if score >= POSSIBLE else Sureness.UNLIKELY


def format_score(score: float) -> str:
    """Return a score as a percentage; no score says that something is certain.

    >>> format_score(0.9988), format_score(0.704), format_score(0.001)
    ('over 99 %', '70 %', 'under 1 %')
    """
    percent = round(100 * score)
    if percent >= 100:
        return "over 99 %"
    return "under 1 %" if percent < 1 else f"{percent} %"


def explain_all(evidence: Sequence[Evidence]) -> tuple[tuple[str, str], ...]:
    """Return how strongly each kind of voice speaks, and what it says; the strongest first.

    Voices that say the same count together.

    >>> explain_all([Evidence(EvidenceKind.CONSISTENCY, "twice", 2.0)] * 2)
    (('strongly for', 'it agrees with other places of the document'),)
    """
    joined: dict[str, Evidence] = {}
    for voice in evidence:
        words = explain_evidence(voice)
        before = joined[words].weight if words in joined else 0.0
        joined[words] = replace(voice, weight=before + voice.weight)
    ordered = sorted(joined.items(), key=lambda pair: -abs(pair[1].weight))
    return tuple((name_stance(voice), words) for words, voice in ordered)


def name_stance(voice: Evidence) -> str:
    """Return how strongly somebody speaks for or against a correction.

    >>> name_stance(Evidence(EvidenceKind.SOUND, "", -3.4))
    'strongly against'
    """
    weight = abs(voice.weight)
    strength = "strongly " if weight >= STRONG else "" if weight >= SOME else "a little "
    return strength + ("for" if voice.weight > 0 else "against")


def explain_evidence(voice: Evidence) -> str:
    """Return what somebody says about a correction, without a number."""
    if voice.kind is EvidenceKind.SOUND and voice.reason.startswith(_ALIKE):
        return _SOUNDS_ALIKE
    return _WORDS[voice.kind][voice.weight <= 0]


_SOUNDS_ALIKE = "both sound alike here"
_WORDS = {  # for a correction, and against it
    EvidenceKind.SOUND: (
        "it fits what is heard better than what is written",
        "it does not fit what is heard",
    ),
    EvidenceKind.RECOGNISER: (
        "a speech recogniser finds it likelier than what is written",
        "a speech recogniser finds what is written likelier",
    ),
    EvidenceKind.GLOSSARY: (
        "it stands in a list of terms",
        "what is written stands in a list of terms, too",
    ),
    EvidenceKind.CONSISTENCY: (
        "it agrees with other places of the document",
        "other places of the document speak against it",
    ),
    EvidenceKind.FREQUENCY: (
        "it makes better words than what is written",
        "what is written makes better words",
    ),
    EvidenceKind.LANGUAGE_MODEL: (
        "a language model chose it",
        "a language model chose what is written",
    ),
    EvidenceKind.PERSON: ("somebody listened and says so", "somebody listened and says no"),
}
