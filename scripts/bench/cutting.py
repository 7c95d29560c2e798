"""Parts of a talk, and talks put together from parts: text, sound and truth alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from scripts.bench.talks import make_transcript
from subtools.core import Seconds, Transcript
from subtools.metrics import Clause, Reference, Unit

_LEAST = 30.0  # s; a shorter part is not worth a cut


@dataclass(frozen=True, slots=True, order=True)
class CutPoint:
    """A moment at which sound and text can be cut: nobody speaks across it.

    Attributes:
        seconds: When.
        offset: Where in the body.
    """

    seconds: Seconds
    offset: int


@dataclass(frozen=True, slots=True)
class Part:
    """The stretch of a talk between two cut points."""

    first: CutPoint
    last: CutPoint

    @property
    def duration(self) -> Seconds:
        """Length, in seconds."""
        return self.last.seconds - self.first.seconds


def cut_points(reference: Reference, body: str, duration: Seconds) -> tuple[CutPoint, ...]:
    """Return where the talk can be cut, its beginning and its end included.

    Between two clauses of which the second begins after all before it have ended, the cut
    goes to the middle of the pause. After the end of the truth there is only the end.
    """
    points = [CutPoint(0.0, 0)]
    ended = 0.0
    starts = [clause.start for clause in reference.clauses]
    earliest = list(accumulate(reversed(starts), min))[::-1]
    for clause, start in zip(reference.clauses, earliest, strict=True):
        if ended and start >= ended:
            points.append(CutPoint((ended + start) / 2, clause.doc[0]))
        ended = max(ended, clause.end)
    if reference.truth_until < duration and reference.truth_until >= ended > 0:
        points.append(CutPoint(reference.truth_until, _after_punctuation(reference, body)))
    return (*points, CutPoint(duration, len(body)))


def _after_punctuation(reference: Reference, body: str) -> int:
    offset = max(clause.doc[1] for clause in reference.clauses)
    while offset < len(body) and not body[offset].isalnum():
        offset += 1
    return offset


def truth_part(points: Sequence[CutPoint], reference: Reference) -> Part:
    """Return the part of the talk about which the truth is known."""
    return Part(points[0], max(p for p in points if p.seconds <= reference.truth_until + 1e-6))


def head_part(points: Sequence[CutPoint], seconds: Seconds) -> Part:
    """Return the part up to the last cut point within the first ``seconds``.

    It ends at the first cut point if that comes later.
    """
    within = (p for p in points[1:] if p.seconds <= seconds)
    return Part(points[0], max(within, default=points[1]))


def stretch_parts(points: Sequence[CutPoint], seconds: Seconds) -> tuple[Part, ...]:
    """Return parts that together last ``seconds``, as nearly as the cut points allow.

    The talk is repeated, and each time begins a little later, so that no repetition has
    the same text; the last is cut to length.
    """
    parts: list[Part] = []
    rest = seconds
    while rest >= _LEAST:
        part = _next_part(points, rest, first=len(parts))
        parts.append(part)
        rest -= part.duration
    return tuple(parts)


def _next_part(points: Sequence[CutPoint], rest: Seconds, *, first: int) -> Part:
    begin = points[min(first * max(1, len(points) // 10), len(points) // 2)]
    if points[-1].seconds - begin.seconds <= rest:
        return Part(begin, points[-1])
    head = min(points, key=lambda p: abs(p.seconds - begin.seconds - rest))
    tail = min(points, key=lambda p: abs(points[-1].seconds - p.seconds - rest))
    candidates = [part for part in (Part(begin, head), Part(tail, points[-1])) if part.duration > 0]
    whole = Part(points[0], points[-1])
    return min(candidates, key=lambda part: abs(part.duration - rest), default=whole)


def join_text(transcript: Transcript, parts: Sequence[Part]) -> Transcript:
    """Return the text of ``parts``, one after the other."""
    paragraphs = [paragraph.text for paragraph in transcript.paragraphs]
    ranges = ((part.first.offset, part.last.offset) for part in parts)
    return make_transcript([text for a, b in ranges for text in _slices(paragraphs, a, b)])


def _slices(paragraphs: Sequence[str], first: int, last: int) -> Iterator[str]:
    begin = 0
    for paragraph in paragraphs:
        end = begin + len(paragraph)
        if begin < last and first < end:
            yield paragraph[max(0, first - begin) : last - begin]
        begin = end


def join_truth(reference: Reference, parts: Sequence[Part]) -> Reference:
    """Return the truth about ``parts``, one after the other."""
    clauses: list[Clause] = []
    units: list[Unit] = []
    seconds, offset = 0.0, 0
    for part in parts:
        chosen = [k for k, clause in enumerate(reference.clauses) if _is_in(clause, part)]
        numbers = {old: len(clauses) + new for new, old in enumerate(chosen)}
        later, further = seconds - part.first.seconds, offset - part.first.offset
        clauses += [_move(reference.clauses[k], later, further) for k in chosen]
        units += [
            replace(u, start=u.start + later, end=u.end + later, clause=numbers[u.clause])
            for u in reference.units
            if u.clause in numbers
        ]
        seconds += part.duration
        offset += part.last.offset - part.first.offset
    return Reference(seconds, seconds, reference.speakers, (), tuple(clauses), tuple(units))


def _is_in(clause: Clause, part: Part) -> bool:
    return part.first.offset <= clause.doc[0] < part.last.offset


def _move(clause: Clause, later: Seconds, further: int) -> Clause:
    doc = (clause.doc[0] + further, clause.doc[1] + further)
    return replace(clause, start=clause.start + later, end=clause.end + later, doc=doc)


def scale_truth(reference: Reference, factor: float) -> Reference:
    """Return the truth about the same talk played ``factor`` times as fast."""
    return replace(
        reference,
        duration=reference.duration / factor,
        truth_until=reference.truth_until / factor,
        turns=(),
        clauses=tuple(
            replace(c, start=c.start / factor, end=c.end / factor) for c in reference.clauses
        ),
        units=tuple(
            replace(u, start=u.start / factor, end=u.end / factor) for u in reference.units
        ),
    )
