"""Findings and corrections of one place, so that a person decides once."""

from __future__ import annotations

from collections.abc import Sequence

from subtools.core import Correction, Decision, Finding, FindingKind, overlap

LEAST_SHARE = 0.5  # of a finding that a correction covers: most of what it is about is decided
_ABOUT_WORDS = {  # the other kinds are about who speaks
    *(FindingKind.MISHEARD, FindingKind.NOT_IN_TEXT, FindingKind.NOT_IN_AUDIO),
    *(FindingKind.LOW_CONFIDENCE, FindingKind.OUT_OF_ORDER),
}


def join_findings(findings: Sequence[Finding], corrections: Sequence[Correction]) -> dict[int, int]:
    """Return which findings are decided with which correction, by their numbers.

    A finding about words belongs to the correction that has most of its time or of its
    characters, if that is half of it at least. What is hardly likely decides nothing.
    """
    shown = [(k, c) for k, c in enumerate(corrections) if c.decision is not Decision.KEEP]
    found: dict[int, int] = {}
    for number, finding in enumerate(findings):
        if finding.kind not in _ABOUT_WORDS:
            continue
        shares = [(_share(finding, correction), -k) for k, correction in shown]
        best, place = max(shares, default=(0.0, 0))
        if best >= LEAST_SHARE:
            found[number] = -place
    return found


def _share(finding: Finding, correction: Correction) -> float:
    """Return how much of a finding a correction is about, 0..1."""
    return max(_share_of_time(finding, correction), _share_of_text(finding, correction))


def _share_of_time(finding: Finding, correction: Correction) -> float:
    if finding.span is None or correction.span is None or not finding.span.duration:
        return 0.0
    return overlap(finding.span, correction.span) / finding.span.duration


def _share_of_text(finding: Finding, correction: Correction) -> float:
    first, last = finding.offsets or (0, 0)
    common = min(last, correction.offsets[1]) - max(first, correction.offsets[0])
    return max(0, common) / (last - first) if last > first else 0.0
