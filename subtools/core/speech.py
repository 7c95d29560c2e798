"""Who speaks, and why they are called so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from subtools.core.spans import Seconds, Span


@dataclass(frozen=True, slots=True)
class Turn:
    """One person speaking, inner pauses included.

    Turns of two people overlap where both speak.

    Attributes:
        speaker: Who speaks, as in ``Word.speaker``.
        start: Onset, in seconds.
        end: Offset, in seconds; never before ``start``.
        confidence: How sure it is that this person speaks and no other, 0..1; None if
            nobody can say.
    """

    speaker: str
    start: Seconds
    end: Seconds
    confidence: float | None = None

    def __post_init__(self) -> None:
        if not self.start <= self.end:
            raise ValueError(f"a turn cannot end before it starts: {self.start} .. {self.end}")
        _check_confidence(self.confidence)


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """How many people speak, as far as somebody knows.

    Attributes:
        least: At least so many.
        most: At most so many; None: nobody knows.
    """

    least: int = 1
    most: int | None = None

    def __post_init__(self) -> None:
        if self.least < 1 or (self.most is not None and self.most < self.least):
            raise ValueError(f"not a number of speakers: {self.least} to {self.most}")

    def __str__(self) -> str:
        """Return it in words."""
        if self.least == self.most:
            return f"{self.least} speakers"
        return f"{self.least} to {self.most} speakers" if self.most else f"{self.least} or more"


ANY_NUMBER = SpeakerCount()


class NameBasis(StrEnum):
    """What the name of a speaker rests on."""

    GIVEN = "given"  # the user or the document says so
    LIBRARY = "voice library"  # a voice known from another recording
    SAID = "said"  # people call them so in this recording
    ROLE = "role"  # no name, but what they do: 主持人, 觀眾 1
    NONE = "none"  # a label


@dataclass(frozen=True, slots=True)
class Quote:
    """What was said that gives a speaker a name.

    Attributes:
        text: The words, as written.
        reason: How they count, in words.
        span: When they were said; None where that is unknown.
    """

    text: str
    reason: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person of a recording, and why they bear the name they have.

    Attributes:
        name: What is shown, and what ``Word.speaker`` and ``Turn.speaker`` say; no two
            speakers of a recording have the same.
        label: What the voice was called before it had a name, such as ``SPEAKER_02``.
        basis: What the name rests on.
        confidence: How sure the name is, 0..1; None where it is a label.
        quotes: The evidence, in order of time.
    """

    name: str
    label: str
    basis: NameBasis = NameBasis.NONE
    confidence: float | None = None
    quotes: tuple[Quote, ...] = ()

    def __post_init__(self) -> None:
        _check_confidence(self.confidence)


def _check_confidence(confidence: float | None) -> None:
    if confidence is not None and not 0.0 <= confidence <= 1.0:  # also refuses NaN
        raise ValueError(f"a confidence is from 0 to 1, not {confidence}")
