"""What may be asked of somebody who reads well but hears nothing, such as a language model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Question:
    """A stretch of a document that was perhaps misheard.

    Attributes:
        before: What is written.
        readings: What may have been said instead.
        left: The text before the stretch.
        right: The text after it.
    """

    before: str
    readings: tuple[str, ...]
    left: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody chose.

    Attributes:
        choice: The index of the reading that fits best; None where what is written does.
        suggestion: Another reading that nobody gave; empty for none. It counts for nothing
            unless the sound speaks for it.
    """

    choice: int | None
    suggestion: str = ""


class Adviser(Protocol):
    """Answers questions; None for each that got no answer, or none in form."""

    def __call__(self, questions: Sequence[Question], /) -> tuple[Answer | None, ...]:
        """Return an answer to each of ``questions``, in their order."""
        ...
