"""How a system took a text that does not fit its sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from scripts.bench.altering import Alteration
from subtools.core import Alignment, Finding, FindingKind, Seconds, Span, Word, overlap
from subtools.metrics import Clause, Reference

NEAR: Seconds = 0.2
_HALF = 0.5  # of a text, or intersection over union of two stretches of time
_FLOAT_ERROR = 1e-9


@dataclass(frozen=True, slots=True)
class Mismatch:
    """How a system took a text that does not fit its sound; counts.

    Attributes:
        untouched: Clauses that stand where they were spoken.
        untouched_near: Those of them whose onset is within ``NEAR``.
        falsely_reported: Those reported as not in the audio or out of order.
        deleted: Stretches of speech whose text was deleted, neighbours joined.
        deleted_found: Those that a finding ``not in the text`` covers (IoU of a half).
        extra_reports: Findings ``not in the text`` that meet no deleted stretch.
        inserted: Foreign clauses.
        inserted_found: Those reported as not in the audio (for more than half their text).
        swapped: Clauses of the paragraphs that were swapped.
        swapped_reported: Those reported as out of order.
        swapped_placed: Those of them whose finding says where they were spoken.
    """

    untouched: int
    untouched_near: int
    falsely_reported: int
    deleted: int
    deleted_found: int
    extra_reports: int
    inserted: int
    inserted_found: int
    swapped: int
    swapped_reported: int
    swapped_placed: int

    def as_dict(self) -> dict[str, int]:
        """Return plain data for JSON."""
        return asdict(self)


def judge_mismatch(alignment: Alignment, alteration: Alteration, reference: Reference) -> Mismatch:
    """Return how ``alignment``, of the altered text, took it.

    Args:
        alignment: What was found.
        alteration: What had been done to the text.
        reference: The truth about the text before.
    """
    placed = list(zip(alteration.pieces, alteration.offsets, strict=True))
    words = _WordsByOffset(alignment.transcript.words)
    findings = alignment.findings
    unheard = [f for f in findings if f.kind is FindingKind.NOT_IN_AUDIO]
    moved = [f for f in findings if f.kind is FindingKind.OUT_OF_ORDER]
    unwritten = [f.span for f in findings if f.kind is FindingKind.NOT_IN_TEXT and f.span]
    foreign = [at for piece, at in placed if piece.clause is None]
    own = [
        (reference.clauses[piece.clause], at)
        for piece, at in placed
        if piece.clause is not None and not piece.is_swapped
    ]
    swapped = [
        (reference.clauses[piece.clause], at)
        for piece, at in placed
        if piece.clause is not None and piece.is_swapped
    ]
    gone = deleted_spans(alteration.deleted, reference)
    return Mismatch(
        untouched=len(own),
        untouched_near=sum(_is_near(words.onset(at), clause) for clause, at in own),
        falsely_reported=sum(_covers([*unheard, *moved], at) for _, at in own),
        deleted=len(gone),
        deleted_found=sum(any(_iou(span, f) >= _HALF for f in unwritten) for span in gone),
        extra_reports=sum(not any(overlap(f, span) > 0 for span in gone) for f in unwritten),
        inserted=len(foreign),
        inserted_found=sum(_covers(unheard, at) for at in foreign),
        swapped=len(swapped),
        swapped_reported=sum(_covers(moved, at) for _, at in swapped),
        swapped_placed=sum(_is_placed(moved, clause, at) for clause, at in swapped),
    )


class _WordsByOffset:
    """Onsets of words by their place in the body."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._borders = np.cumsum([0, *(len(word.text) for word in words)])
        self._body = "".join(word.text for word in words)

    def onset(self, at: tuple[int, int]) -> Seconds | None:
        """Return the onset of the word with the first letter of the text ``at`` this place."""
        first, last = at
        letter = next((k for k in range(first, last) if self._body[k].isalnum()), first)
        span = self._words[int(np.searchsorted(self._borders, letter, side="right")) - 1].span
        return None if span is None else span.start


def deleted_spans(deleted: Sequence[int], reference: Reference) -> tuple[Span, ...]:
    """Return when the deleted clauses are spoken; those next to each other are one."""
    groups: list[list[int]] = []
    for clause in deleted:
        if groups and groups[-1][-1] == clause - 1:
            groups[-1].append(clause)
        else:
            groups.append([clause])
    return tuple(
        Span(reference.clauses[g[0]].start, max(reference.clauses[k].end for k in g))
        for g in groups
    )


def _is_near(found: Seconds | None, clause: Clause) -> bool:
    return found is not None and abs(found - clause.start) <= NEAR + _FLOAT_ERROR


def _covers(findings: Sequence[Finding], at: tuple[int, int]) -> bool:
    """Tell whether findings are about more than half of the text ``at`` this place."""
    offsets = [finding.offsets for finding in findings if finding.offsets is not None]
    covered = sum(max(0, min(b, at[1]) - max(a, at[0])) for a, b in offsets)
    return covered > _HALF * (at[1] - at[0])


def _is_placed(moved: Sequence[Finding], clause: Clause, at: tuple[int, int]) -> bool:
    """Tell whether a finding about this text names a time in which most of it is spoken."""
    spoken = Span(clause.start, clause.end)
    return any(
        _covers([finding], at)
        and finding.span is not None
        and overlap(finding.span, spoken) > _HALF * spoken.duration
        for finding in moved
    )


def _iou(a: Span, b: Span) -> float:
    """Return the intersection over the union of two stretches of time."""
    union = max(a.end, b.end) - min(a.start, b.start)
    return overlap(a, b) / union if union > 0 else 0.0
