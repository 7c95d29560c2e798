"""What a run says of its results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from subtools import console
from subtools.core import Alignment, Cue, Finding, NameBasis
from subtools.cues import DOUBTFUL, NO_TIME_KNOWN
from subtools.formats.words import finding_to_json
from subtools.labelling import SpeakerSettings, unused_names
from subtools.naming import NamesFile, report_names
from subtools.pipeline import Captions
from subtools.scoring import Scores
from subtools.timecode import compose_clock


def summarise(captions: Captions, paths: list[Path], notes: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a program wants to know of a run, as plain data."""
    alignment = captions.alignment
    return {
        "files": [str(path) for path in paths],
        "text": captions.provenance.settings.get("text", "document"),
        "language": alignment.language,
        "aligner": alignment.aligner,
        "duration": round(captions.duration, 3),
        **_count_words(alignment),
        "cues": len(captions.cues),
        "cues_without_time": count_untimed(captions.cues),
        **summarise_speakers(alignment),
        "findings": [finding_to_json(finding) for finding in alignment.findings],
        "notes": list(notes),
    }


def summarise_speakers(alignment: Alignment) -> dict[str, Any]:
    """Return who speaks and for how long, as plain data."""
    seconds = _speaking_time(alignment)
    return {
        "speakers": [
            {
                "name": speaker.name,
                "label": speaker.label,
                "basis": speaker.basis.value,
                "confidence": speaker.confidence,
                "seconds": round(seconds.get(speaker.name, 0.0), 3),
            }
            for speaker in alignment.speakers
        ],
        "turns": len(alignment.turns),
    }


def list_speakers(alignment: Alignment) -> str:
    """Return the speakers and for how long they speak, in one line."""
    seconds = _speaking_time(alignment)
    return ", ".join(
        f"{speaker.name} {compose_clock(seconds.get(speaker.name, 0.0))}"
        for speaker in alignment.speakers
    )


def print_speakers(alignment: Alignment, *, is_result: bool) -> None:
    """Print who speaks, for how long, and what the names rest on; to stdout as a result."""
    show = console.print_line if is_result else console.print_note
    show(f"speakers: {list_speakers(alignment) or 'nobody speaks'}")
    for speaker in alignment.speakers:
        for line in report_names([speaker]):
            show(line)
        if speaker.basis is NameBasis.NONE:
            first = min(turn.start for turn in alignment.turns if turn.speaker == speaker.name)
            show(f"  heard from {compose_clock(first)} on")


def print_unmet(settings: SpeakerSettings, alignment: Alignment) -> None:
    """Print what was asked for and could not be done: a number of people, names."""
    found, count = len(alignment.speakers), settings.count
    if (
        alignment.turns
        and settings.turns is None
        and not count.least <= found <= (count.most or found)
    ):
        console.print_note(f"asked for {count}, found {found}: there is no more to tell apart")
    for line in unused_names(settings.names or NamesFile(), alignment.speakers):
        console.print_note(f"names file: {line}")


def _speaking_time(alignment: Alignment) -> dict[str, float]:
    seconds: dict[str, float] = {}
    for turn in alignment.turns:
        seconds[turn.speaker] = seconds.get(turn.speaker, 0.0) + turn.end - turn.start
    return seconds


def _count_words(alignment: Alignment) -> dict[str, int]:
    words = alignment.transcript.words
    return {
        "words": len(words),
        "heard": sum(word.confidence is not None for word in words),
        "doubtful": sum(w.confidence is not None and w.confidence < DOUBTFUL for w in words),
        "interpolated": sum(word.span is not None and word.confidence is None for word in words),
        "untimed": sum(word.span is None for word in words),
    }


def print_summary(captions: Captions, paths: list[Path], notes: Sequence[str] = ()) -> None:
    """Print what a person wants to know of a run: counts, findings, where the files are."""
    for line in notes:
        console.print_note(f"note: {line}")
    text = captions.provenance.settings.get("text", "document")
    if text == "clean":
        console.print_note("the text is the document with what is safe put right")
    elif text not in {"document", "recognised"}:
        console.print_note(f"the text is a {text}")
    count = _count_words(captions.alignment)
    console.print_note(
        f"{count['words']} words in {len(captions.cues)} cues: {count['heard']} heard "
        f"({count['doubtful']} doubtful), "
        f"{count['interpolated']} timed between heard ones, {count['untimed']} without a time; "
        f"language {captions.alignment.language}, aligner {captions.alignment.aligner}"
    )
    untimed = count_untimed(captions.cues)
    if untimed:
        console.print_note(
            f"{untimed} cues stand between their neighbours because no time is known; "
            f"a comment marks them in WebVTT"
        )
    if captions.alignment.speakers:
        console.print_note(f"speakers: {list_speakers(captions.alignment)}")
    if captions.alignment.findings:
        console.print_note(count_findings(captions.alignment.findings))
    console.print_findings(captions.alignment.findings)
    console.print_files(paths)


def count_untimed(cues: Sequence[Cue]) -> int:
    """Return how many cues have no known time."""
    return sum(cue.reason == NO_TIME_KNOWN for cue in cues)


def count_findings(findings: Sequence[Finding]) -> str:
    """Return how many findings of each kind there are, in words, the most frequent first."""
    kinds = Counter(finding.kind.value for finding in findings)
    return "findings: " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())


def print_scores(scores: Scores) -> None:
    """Print each score as a table of names and values."""
    for title, values in scores.as_dict().items():
        console.print_table(title, _flatten(values))


def _flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return nested values as one level, numbers shortened for reading."""
    flat: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, f"{prefix}{name} ")
        else:
            flat[f"{prefix}{name}"] = f"{value:.3f}" if isinstance(value, float) else str(value)
    return flat
