"""Corrections for a person to read, as Markdown; every one can be listened to.

All texts come from documents and recognisers: they are escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subtools.core import (
    Correction,
    Decision,
    Sureness,
    explain_evidence,
    format_score,
    judge_score,
    name_stance,
)
from subtools.formats.markdown import escape_markdown
from subtools.lexicon import clean_name
from subtools.links import moment_link
from subtools.timecode import compose_clock

CONTEXT = 12  # characters shown on either side
_NOTES = {
    Sureness.LIKELY: "Nearly sure; listen before you accept.",
    Sureness.POSSIBLE: "More likely right than wrong; some are held back by a rule for safety.",
    Sureness.UNLIKELY: "More likely wrong than right.",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Corrections that a person reads together.

    Attributes:
        title: What is done about them, and how sure they are.
        note: What that means.
        corrections: In the order of the text.
    """

    title: str
    note: str
    corrections: tuple[Correction, ...]


def group_corrections(corrections: Sequence[Correction]) -> tuple[Group, ...]:
    """Return what is applied, and what is proposed, the surest first; what is kept is left out.

    Proposals come by how sure they are; a kind of which there are none is left out.
    """
    applied = tuple(c for c in corrections if c.decision is Decision.APPLY)
    note = "The clean text has these; `subtools review` takes back what you reject."
    if not applied:
        note = "Nothing was safe enough to be put right without asking."
    return (Group("Applied", note, applied), *_proposed(corrections))


def _proposed(corrections: Sequence[Correction]) -> Iterator[Group]:
    for sureness in Sureness:
        chosen = tuple(
            c
            for c in corrections
            if c.decision is Decision.PROPOSE and judge_score(c.score) is sureness
        )
        if chosen:
            yield Group(f"Proposed, {sureness.value}", _NOTES[sureness], chosen)


def compose_correction_markdown(
    corrections: Sequence[Correction], body: str, *, title: str = "", page: str | None = None
) -> str:
    """Return the corrections as Markdown, by what is done about them and how sure they are.

    Args:
        corrections: In the order of the text.
        body: The document's body that their offsets count in.
        title: What it is of.
        page: Address at which it plays; times then lead there.
    """
    lines = [f"# {escape_markdown(clean_name(title) or 'Corrections')}", ""]
    for group in group_corrections(corrections):
        lines += [f"## {group.title} ({len(group.corrections)})", "", group.note, ""]
        for correction in group.corrections:
            lines += _entry(correction, body, page)
        lines.append("")
    return "\n".join(lines)


def _entry(correction: Correction, body: str, page: str | None) -> Iterator[str]:
    left, right = context_of(correction, body, CONTEXT)
    changed = f"~~{_inline(correction.before)}~~ **{_inline(correction.after) or '–'}**"
    changed += _or_else(correction.alternatives)
    clock, place = clock_of(correction), moment_of(correction, page)
    time = f"[{clock}](<{place}>)" if place and clock else clock
    sure = f"{judge_score(correction.score).value}, {format_score(correction.score)}"
    yield f"- {time} {_inline(left)}{changed}{_inline(right)} ({sure})"
    if correction.held_back:
        yield f"  - held back: {_inline(correction.held_back)}"
    for voice in correction.evidence:
        said = f"{explain_evidence(voice)} ({voice.kind.value} {voice.weight:+.1f}: "
        yield f"  - {name_stance(voice)}: {said}{_inline(voice.reason)})"


def _or_else(readings: Sequence[str]) -> str:
    """Return what else may have been said; in brackets, as the sentence goes on behind it."""
    listed = ", ".join(f"*{_inline(reading) or '–'}*" for reading in readings)
    return f" (or {listed})" if listed else ""


def context_of(correction: Correction, body: str, characters: int) -> tuple[str, str]:
    """Return what stands before and after the place of a correction."""
    first, last = correction.offsets
    return body[max(0, first - characters) : first], body[last : last + characters]


def clock_of(correction: Correction) -> str:
    """Return when it is spoken, as a player shows it; empty if that is not known."""
    return "" if correction.span is None else compose_clock(correction.span.start)


def moment_of(correction: Correction, page: str | None) -> str | None:
    """Return where a correction can be listened to, a second before it."""
    if page is None or correction.span is None:
        return None
    return moment_link(page, max(0.0, correction.span.start - 1.0)).replace(">", "%3E")


def _inline(text: str) -> str:
    return escape_markdown(" ".join(text.split()) if "\n" in text else text)
