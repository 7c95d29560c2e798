"""What is written wrong, what was said instead, and why somebody should believe it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from subtools.core.spans import Span


class EvidenceKind(StrEnum):
    """Who speaks for or against a correction."""

    SOUND = "sound"  # how well each reading fits what is heard
    RECOGNISER = "recogniser"  # what a recogniser wrote there
    GLOSSARY = "glossary"  # a term that somebody lists
    CONSISTENCY = "consistency"  # how the document writes the same thing elsewhere
    FREQUENCY = "frequency"  # how usual each reading is between its neighbours
    LANGUAGE_MODEL = "language model"
    PERSON = "person"  # somebody listened


@dataclass(frozen=True, slots=True)
class Evidence:
    """One voice about a correction.

    Attributes:
        kind: Whose.
        reason: What it says, in words that a reader can check.
        weight: Log odds it adds: positive for the correction, negative against it.
    """

    kind: EvidenceKind
    reason: str
    weight: float


class Decision(StrEnum):
    """What is done about a correction."""

    APPLY = "apply"  # safe: the clean text has it
    PROPOSE = "propose"  # a person should decide
    KEEP = "keep"  # the text stays as it is


@dataclass(frozen=True, slots=True)
class Correction:
    """Other words for a stretch of a document.

    Attributes:
        offsets: The characters [first, last) of the document's body that are replaced;
            as many as ``before`` has.
        before: What is written there.
        after: What was probably said; empty where nothing was.
        decision: What is done about it.
        score: How sure it is that ``after`` is right, 0..1.
        evidence: Why, the strongest first.
        span: Where to listen; None where that is unknown.
        alternatives: What else may have been said there, the likeliest first; each stands for
            all of ``before``.
        held_back: Why it is only proposed although the evidence speaks for it; else empty.
    """

    offsets: tuple[int, int]
    before: str
    after: str
    decision: Decision
    score: float
    evidence: tuple[Evidence, ...] = ()
    span: Span | None = None
    alternatives: tuple[str, ...] = ()
    held_back: str = ""

    def __post_init__(self) -> None:
        if self.offsets[1] - self.offsets[0] != len(self.before):
            raise ValueError(f"{self.before!r} does not fill {self.offsets}")
        if not 0.0 <= self.score <= 1.0:  # also refuses NaN
            raise ValueError(f"a score is from 0 to 1, not {self.score}")
