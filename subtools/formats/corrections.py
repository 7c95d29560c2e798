"""``corrections.json``: every correction with its evidence, to be listened to and undone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from subtools.core import Correction, Decision, Evidence, EvidenceKind, Span
from subtools.errors import DocumentError

_HINT = "give a file that `subtools clean` wrote"


def compose_corrections(corrections: Sequence[Correction]) -> str:
    """Return the file; offsets count characters of the body before any correction."""
    entries = [_describe(correction) for correction in corrections]
    content = {"format": "subtools corrections", "version": 1, "corrections": entries}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def parse_corrections(text: str) -> tuple[Correction, ...]:
    """Return what ``compose_corrections`` wrote.

    Raises:
        DocumentError: If it is something else.

    >>> fixed = Correction((0, 4), "GDP4", "GPT-4", Decision.APPLY, 0.99)
    >>> parse_corrections(compose_corrections([fixed])) == (fixed,)
    True
    """
    try:
        content = json.loads(text)
        if content["format"] != "subtools corrections" or content["version"] != 1:
            raise DocumentError("these are no corrections of this version", hint=_HINT)
        return tuple(_read(entry) for entry in content["corrections"])
    except (ValueError, TypeError, KeyError) as error:
        raise DocumentError(f"these are no corrections ({error})", hint=_HINT) from error


def _describe(correction: Correction) -> dict[str, Any]:
    span = correction.span
    return {
        "offsets": list(correction.offsets),
        "start": None if span is None else round(span.start, 3),
        "end": None if span is None else round(span.end, 3),
        "before": correction.before,
        "after": correction.after,
        "alternatives": list(correction.alternatives),
        "decision": correction.decision.value,
        "score": round(correction.score, 4),
        "held_back": correction.held_back,
        "evidence": [
            {"kind": voice.kind.value, "reason": voice.reason, "weight": round(voice.weight, 3)}
            for voice in correction.evidence
        ],
    }


def _read(entry: dict[str, Any]) -> Correction:
    start, end = entry["start"], entry["end"]
    first, last = entry["offsets"]
    return Correction(
        offsets=(int(first), int(last)),
        before=str(entry["before"]),
        after=str(entry["after"]),
        decision=Decision(entry["decision"]),
        score=float(entry["score"]),
        evidence=tuple(
            Evidence(EvidenceKind(voice["kind"]), str(voice["reason"]), float(voice["weight"]))
            for voice in entry["evidence"]
        ),
        span=None if start is None else Span(float(start), float(end)),
        alternatives=tuple(map(str, entry.get("alternatives", ()))),  # older files have none
        held_back=str(entry.get("held_back", "")),
    )
