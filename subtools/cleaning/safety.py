"""What keeps a change from being made without asking, although the evidence speaks for it.

Source of the numbers: as in ``weighing``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from subtools.cleaning.candidates import is_broken_number, is_han
from subtools.cleaning.choosing import is_trusted
from subtools.cleaning.values import Candidate, Page, fold
from subtools.cleaning.weighing import STRANGE
from subtools.core import Evidence, EvidenceKind
from subtools.persons import TITLES
from subtools.phonetics import simplify

LEAST_KINDS = 2  # independent voices for a change that is made without asking
# Where nobody vouches for the spelling: what a clause gains in sense, and what a recogniser, which
# hears tones, has to say for it.
LEAST_SENSE, LEAST_HEARING = 2.0, 1.0
# For a listed term against a recogniser: how much more sense it makes, and how much it may object.
TERM_MAKES_SENSE, MOST_OBJECTION = 4.5, -2.5
# For one that differs by a slip of letters, which a small recogniser cannot spell.
SLIP, SLIGHT_OBJECTION = 1.7, -1.5
# What turns a sentence round, or is not guessed: no small doubt is allowed there.
_NEGATION = re.compile(r"[不没無无未别非勿莫]|\b(?:not|no|never|none|without)\b|n['’]t\b", re.I)
_TITLE = re.compile("|".join(title for title in TITLES if len(title) > 1))
_NUMBER = re.compile(r"[\d零一二三四五六七八九十百千万亿两]")


@dataclass(frozen=True)
class Case:
    """A change that somebody may make.

    Attributes:
        candidate: The change.
        evidence: About it.
        is_made_elsewhere: Whether the same is put right at another place.
    """

    candidate: Candidate
    evidence: Sequence[Evidence]
    is_made_elsewhere: bool = False

    @cached_property
    def weights(self) -> Mapping[EvidenceKind, float]:
        """How much each kind of evidence weighs."""
        found = dict.fromkeys(EvidenceKind, 0.0)
        for voice in self.evidence:
            found[voice.kind] += voice.weight
        return found

    @property
    def hearing(self) -> float:
        """How much the recogniser says; what is put right elsewhere outweighs an objection."""
        heard = self.weights[EvidenceKind.RECOGNISER]
        return heard - MOST_OBJECTION if self.is_made_elsewhere else heard

    @property
    def sense(self) -> float:
        """How much the words say."""
        return self.weights[EvidenceKind.FREQUENCY]


def _speaks_alone(case: Case) -> bool:
    return sum(weight > 0 for weight in case.weights.values()) < LEAST_KINDS


def _is_unheard(case: Case) -> bool:
    weights = case.weights
    return max(weights[EvidenceKind.SOUND], weights[EvidenceKind.RECOGNISER]) <= 0


def _is_against_the_sound(case: Case) -> bool:
    return case.weights[EvidenceKind.SOUND] < 0


def _replaces_a_term(case: Case) -> bool:
    return case.weights[EvidenceKind.GLOSSARY] < 0


def _is_against_the_recogniser(case: Case) -> bool:
    """Tell whether a recogniser objects to a term, and what is written is neither no word.

    Nor is the term a slip of letters away, or makes much more sense.
    """
    candidate = case.candidate
    if not is_trusted(candidate):
        return False
    is_latin = candidate.before.isascii()
    if case.sense >= STRANGE and (is_latin or candidate.is_own):
        return False
    if case.sense >= TERM_MAKES_SENSE and is_han(candidate.after):
        return case.hearing < MOST_OBJECTION
    is_slip = case.sense >= SLIP and is_latin and candidate.after.isascii()
    return case.hearing < (SLIGHT_OBJECTION if is_slip else 0.0)


def _is_a_guess(case: Case) -> bool:
    """Tell whether nobody vouches for the spelling, and too little speaks for it.

    Of two readings that sound the same, only a recogniser that hears tones can tell.
    """
    if is_trusted(case.candidate) or is_broken_number(case.candidate):
        return False
    return case.hearing < LEAST_HEARING or case.sense < LEAST_SENSE


def _is_reheard(case: Case) -> bool:
    return case.candidate.is_reheard


RULES: Sequence[tuple[str, Callable[[Case], bool]]] = (
    ("one kind of evidence alone speaks for it", _speaks_alone),
    ("nobody heard it", _is_unheard),
    ("the sound speaks against it", _is_against_the_sound),
    ("what is written is a term, too", _replaces_a_term),
    ("a speech recogniser objects", _is_against_the_recogniser),
    ("only its sound was heard, not the word", _is_reheard),
    ("no list and no word nearby vouches for its spelling", _is_a_guess),
)


def find_objection(case: Case) -> str:
    """Return why a change may not be made without asking, whatever its score; else nothing."""
    return next((reason for reason, forbids in RULES if forbids(case)), "")


def find_touchy(page: Page, candidate: Candidate) -> str:
    """Return what would change that no small doubt is allowed about; mostly nothing."""
    if candidate.is_person or _is_in_name(page, candidate):
        return "a name would change"
    before, after = simplify(candidate.before), simplify(candidate.after)
    if _differ(_NEGATION, before, after):
        return "a negation would change"
    if _differ(_NUMBER, before, after) or _digits(before) != _digits(after):
        return "a number would change"
    return ""


def _is_in_name(page: Page, candidate: Candidate) -> bool:
    """Tell whether a part of what looks like a name of somebody would change."""
    start, end = candidate.offsets
    if _TITLE.match(simplify(page.body[end : end + 2])):
        return True
    return any(offset in page.names for offset in range(start, end))


def _differ(pattern: re.Pattern[str], before: str, after: str) -> bool:
    return sorted(pattern.findall(before)) != sorted(pattern.findall(after))


def _digits(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isdecimal())
