"""How good corrections of a document are, against what was really said.

A correction is right if the stretch it leaves is what was said there, whole words and
numbers compared, script, spacing, case and number form folded. Half a repair is not right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from subtools.core import Correction, Decision
from subtools.metrics.folding import fold_spoken
from subtools.metrics.intervals import Share
from subtools.metrics.kinds import Kind, classify
from subtools.metrics.reference import Misheard, Reference
from subtools.metrics.stretches import Passage
from subtools.metrics.summary import finite


@dataclass(frozen=True, slots=True)
class Judged:
    """A correction and what it is worth.

    Attributes:
        correction: As it was made.
        kind: What it repairs, or would.
        is_right: Whether it leaves what was said.
        was_right: Whether what it replaces was what was said.
    """

    correction: Correction
    kind: Kind
    is_right: bool
    was_right: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """Something misheard, and whether it was mended.

    Attributes:
        misheard: What is written and what was said.
        kind: Of what sort it is.
        is_applied: Whether what is applied mends it.
        is_found: Whether what is applied or proposed mends it.
        is_shown: The same, or one other reading that is shown beside any of those.
    """

    misheard: Misheard
    kind: Kind
    is_applied: bool
    is_found: bool
    is_shown: bool


@dataclass(frozen=True, slots=True)
class CorrectionScore:
    """Corrections of one document or of several, judged.

    Attributes:
        judged: Applied and proposed corrections; those that change only the form of what
            is written (script, spacing, case, figures) and those outside the truth left out.
        repairs: What was misheard.
        clauses: How many of the clauses that were right are wrong with what is applied.
        edits_before: Character edits from the document to what was said.
        edits_after: The same with what is applied.
        length: Characters that were said.
    """

    judged: tuple[Judged, ...] = ()
    repairs: tuple[Repair, ...] = ()
    clauses: Share = field(default_factory=lambda: Share(0, 0))
    edits_before: int = 0
    edits_after: int = 0
    length: int = 0

    def __add__(self, other: CorrectionScore) -> CorrectionScore:
        """Return the score of both documents together."""
        return CorrectionScore(
            self.judged + other.judged,
            self.repairs + other.repairs,
            self.clauses + other.clauses,
            self.edits_before + other.edits_before,
            self.edits_after + other.edits_after,
            self.length + other.length,
        )

    def precision(self, decision: Decision, kind: Kind | None = None) -> Share:
        """Return how many of the corrections so decided are right."""
        chosen = [
            one
            for one in self.judged
            if one.correction.decision is decision and kind in {None, one.kind}
        ]
        return Share(sum(one.is_right for one in chosen), len(chosen))

    def recall(
        self, kind: Kind | None = None, *, proposed: bool = False, shown: bool = False
    ) -> Share:
        """Return how much of what was misheard is mended.

        Args:
            kind: Of which sort; None: of all.
            proposed: Also by what is proposed.
            shown: And by the other readings that are shown beside it.
        """
        chosen = [one for one in self.repairs if kind in {None, one.kind}]
        mended = [
            one.is_shown if shown else one.is_found if proposed else one.is_applied
            for one in chosen
        ]
        return Share(sum(mended), len(chosen))

    @property
    def cer_before(self) -> float:
        """Character error rate of the document; NaN if nothing was said."""
        return self.edits_before / self.length if self.length else float("nan")

    @property
    def cer_after(self) -> float:
        """Character error rate with what is applied."""
        return self.edits_after / self.length if self.length else float("nan")

    def as_dict(self) -> dict[str, Any]:
        """Return counts and rates as plain data for JSON."""
        kinds: Mapping[str, Kind | None] = {"all": None, **{kind.value: kind for kind in Kind}}
        by_kind = {
            name: {
                "applied": _plain(self.precision(Decision.APPLY, kind)),
                "proposed": _plain(self.precision(Decision.PROPOSE, kind)),
                "mended": _plain(self.recall(kind)),
                "mended or proposed": _plain(self.recall(kind, proposed=True)),
                "mended or shown": _plain(self.recall(kind, shown=True)),
            }
            for name, kind in kinds.items()
        }
        rates = {"cer before": self.cer_before, "cer after": self.cer_after}
        plain: dict[str, Any] = finite(
            by_kind | {"clauses made wrong": _plain(self.clauses)} | rates
        )
        return plain


def _plain(share: Share) -> dict[str, float]:
    return {"hits": share.hits, "of": share.total}


def score_corrections(
    body: str, corrections: Sequence[Correction], truth: Reference, *, terms: Sequence[str] = ()
) -> CorrectionScore:
    """Return how good ``corrections`` of a document are.

    Args:
        body: The document, without header and line breaks.
        corrections: Of it; those decided as KEEP do not count. Where two overlap, the one
            of the higher score does, and what is applied before what is proposed.
        truth: What was said; what lies outside its clauses does not count.
        terms: What counts as a term, beside what the truth lists and Latin words.
    """
    listed = tuple(term for term in (*truth.terms, *terms) if fold_spoken(term))
    offered = _without_overlaps([c for c in corrections if c.decision is not Decision.KEEP])
    score = CorrectionScore()
    for group in _group_clauses(body, offered, truth):
        score += _score_group(group, listed)
    return score


@dataclass(frozen=True, slots=True)
class _Group:
    """Clauses that corrections reach across, mostly one; offsets count from its beginning.

    Attributes:
        offset: Of its first character in the body.
        passage: What is written and what was said.
        corrections: Those in it.
        misheard: What is wrong in it.
    """

    offset: int
    passage: Passage
    corrections: tuple[Correction, ...]
    misheard: tuple[Misheard, ...]

    def place(self, stretch: Correction | Misheard) -> tuple[int, int]:
        """Return where something stands in the passage."""
        start, end = stretch.offsets if isinstance(stretch, Correction) else stretch.doc
        return start - self.offset, end - self.offset


def _without_overlaps(corrections: Sequence[Correction]) -> tuple[Correction, ...]:
    kept: list[Correction] = []
    for one in sorted(corrections, key=lambda c: (c.decision is not Decision.APPLY, -c.score)):
        if not any(_overlaps(one.offsets, other.offsets) for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.offsets))


def _overlaps(a: tuple[int, int], b: tuple[int, int]) -> bool:
    return (a[0] < b[1] and b[0] < a[1]) or a == b


def _group_clauses(
    body: str, corrections: Sequence[Correction], truth: Reference
) -> Iterator[_Group]:
    """Yield the clauses, each with the marks after it; joined where a correction spans several."""
    clauses = truth.clauses
    if not clauses:
        return
    borders = [*(clause.doc[0] for clause in clauses), clauses[-1].doc[1]]
    first = 0
    for last in range(1, len(borders)):
        start, border = borders[first], borders[last]
        is_crossed = any(c.offsets[0] < border < c.offsets[1] for c in corrections)
        if is_crossed and last + 1 < len(borders):
            continue
        spoken = "，".join(clause.spoken for clause in clauses[first:last])
        is_last = last + 1 == len(borders)
        inside = [
            c
            for c in corrections
            if start <= c.offsets[0] and (c.offsets[1] < border or _ends_at(c, border, is_last))
        ]
        wrong = [m for m in truth.misheard if first <= m.clause < last]
        passage = Passage(body[start:border], spoken)
        yield _Group(start, passage, tuple(inside), tuple(wrong))
        first = last


def _ends_at(correction: Correction, border: int, is_last: bool) -> bool:
    """Tell whether a correction that ends at a border is before it: not if it only inserts."""
    start, end = correction.offsets
    return end == border and (start < end or is_last)


def _score_group(group: _Group, terms: Sequence[str]) -> CorrectionScore:
    passage = group.passage
    kinds = {wrong: classify(wrong, passage.spoken, terms) for wrong in group.misheard}
    judged = [_judge(group, one, kinds, terms) for one in group.corrections]
    applied = [one for one in group.corrections if one.decision is Decision.APPLY]
    repairs = [
        Repair(
            wrong,
            kind,
            _is_mended(group, wrong, applied),
            _is_mended(group, wrong, group.corrections),
            any(_is_mended(group, wrong, those) for those in _choices(group)),
        )
        for wrong, kind in kinds.items()
    ]
    cleaned = Passage(_replace(group, 0, len(passage.written), applied), passage.spoken)
    was_right = passage.edits == 0
    return CorrectionScore(
        tuple(one for one in judged if one is not None),
        tuple(repairs),
        Share(int(was_right and cleaned.edits > 0), int(was_right)),
        passage.edits,
        cleaned.edits,
        len(passage.true),
    )


def _judge(
    group: _Group, correction: Correction, kinds: Mapping[Misheard, Kind], terms: Sequence[str]
) -> Judged | None:
    """Return what a correction is worth; None if it changes nothing that is compared."""
    passage = group.passage
    start, end = group.place(correction)
    a, b = passage.widen(start, end)
    before = passage.written[a:b]
    after = passage.written[a:start] + correction.after + passage.written[end:b]
    if fold_spoken(before) == fold_spoken(after):
        return None
    met = [kind for wrong, kind in kinds.items() if _overlaps(group.place(wrong), (a, b))]
    own = Misheard(before, after, 0, correction.offsets)
    kind = met[0] if met else classify(own, after, terms)
    return Judged(
        correction,
        kind,
        passage.is_said(start, end, correction.after),
        passage.is_said(start, end, correction.before),
    )


def _is_mended(group: _Group, wrong: Misheard, corrections: Sequence[Correction]) -> bool:
    """Tell whether the stretch of something misheard, with corrections, is what was said."""
    start, end = group.passage.widen(*group.place(wrong))
    near = [one for one in corrections if _touches(group.place(one), (start, end))]
    if not near:
        return False
    a = min(start, *(group.place(one)[0] for one in near))
    b = max(end, *(group.place(one)[1] for one in near))
    a, b = group.passage.widen(a, b)
    return group.passage.is_said(a, b, _replace(group, a, b, corrections))


def _choices(group: _Group) -> Iterator[Sequence[Correction]]:
    """Yield the corrections, and those with one of the other readings chosen."""
    yield group.corrections
    for k, one in enumerate(group.corrections):
        for reading in one.alternatives:
            chosen = replace(one, after=reading)
            yield (*group.corrections[:k], chosen, *group.corrections[k + 1 :])


def _touches(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Tell whether stretches share something; where words are missing, whether they meet."""
    if a[0] == a[1] or b[0] == b[1]:
        return a[0] <= b[1] and b[0] <= a[1]
    return _overlaps(a, b)


def _replace(group: _Group, start: int, end: int, corrections: Sequence[Correction]) -> str:
    """Return [start, end) of the passage with the corrections that lie in it."""
    text, place = "", start
    for one in corrections:
        a, b = group.place(one)
        if start <= a and b <= end:
            text += group.passage.written[place:a] + one.after
            place = b
    return text + group.passage.written[place:end]
