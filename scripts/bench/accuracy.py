"""How well the clauses of a talk were put in time, and whether doubts are said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from subtools.core import Alignment, Finding, FindingKind, Seconds, Word, overlap
from subtools.metrics import BoundaryScore, Clause, Reference, clause_onsets, score_words

FLAGGED_BELOW = 0.5  # confidence of a clause
FAR_OFF: Seconds = 0.5
_FLOAT_ERROR = 1e-9


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well the clauses of a talk were put in time.

    Attributes:
        clauses: Onsets of the clauses.
        characters: Onsets of characters and words.
        flagged: Clauses a person is told to look at.
        far_off: Clauses more than ``FAR_OFF`` off.
        far_off_unflagged: Those of them nobody is told about.
    """

    clauses: BoundaryScore
    characters: BoundaryScore
    flagged: int
    far_off: int
    far_off_unflagged: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        counts = {
            "flagged": self.flagged,
            "far_off": self.far_off,
            "far_off_unflagged": self.far_off_unflagged,
        }
        return {
            "clauses": self.clauses.as_dict(),
            "characters": self.characters.as_dict(),
            **counts,
        }


def judge_accuracy(alignment: Alignment, reference: Reference) -> Accuracy:
    """Return how well ``alignment`` agrees with ``reference``."""
    words = alignment.transcript.words
    score = score_words(words, reference)
    onsets = clause_onsets(words, reference)
    flags = flag_clauses(alignment, reference.clauses)
    far = [
        found is not None and abs(found - clause.start) > FAR_OFF + _FLOAT_ERROR
        for found, clause in zip(onsets, reference.clauses, strict=True)
    ]
    return Accuracy(
        clauses=score.clauses,
        characters=score.words,
        flagged=sum(flags),
        far_off=sum(far),
        far_off_unflagged=sum(f and not flag for f, flag in zip(far, flags, strict=True)),
    )


def flag_clauses(alignment: Alignment, clauses: Sequence[Clause]) -> list[bool]:
    """Tell for each clause whether a person is told to look at it.

    That is: a finding is about characters of it (or, where it names none, about its time;
    speech that is not in the text is no doubt about the text), or the mean confidence of
    its words is below ``FLAGGED_BELOW``, words without one counting as 0. A system that
    gives no confidence at all flags nothing by it.
    """
    words = alignment.transcript.words
    is_rated = any(word.confidence is not None for word in words)
    borders = np.cumsum([0, *(len(word.text) for word in words)])
    flags = []
    for clause in clauses:
        first = int(np.searchsorted(borders, clause.doc[0], side="right")) - 1
        last = int(np.searchsorted(borders, clause.doc[1], side="left"))
        mine = words[first:last]
        doubted = is_rated and _confidence(mine) < FLAGGED_BELOW
        flags.append(doubted or any(_is_about(f, clause, mine) for f in alignment.findings))
    return flags


def _confidence(words: Sequence[Word]) -> float:
    return sum(word.confidence or 0.0 for word in words) / max(1, len(words))


def _is_about(finding: Finding, clause: Clause, words: Sequence[Word]) -> bool:
    if finding.offsets is not None:
        return finding.offsets[0] < clause.doc[1] and clause.doc[0] < finding.offsets[1]
    if finding.span is None or finding.kind is FindingKind.NOT_IN_TEXT:
        return False
    spans = [word.span for word in words if word.span is not None]
    return any(overlap(finding.span, span) > 0 for span in spans)
