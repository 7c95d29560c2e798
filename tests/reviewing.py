"""The clip as a document to be reviewed: its true times, the document's errors, corrections."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from subtools.core import (
    Alignment,
    Correction,
    Decision,
    Evidence,
    EvidenceKind,
    Finding,
    FindingKind,
    Paragraph,
    Span,
    Transcript,
    Turn,
    Word,
)
from subtools.formats.corrections import compose_corrections
from subtools.formats.words import compose_words
from subtools.lexicon import clause_ranges, split_words

CLIP = Path(__file__).resolve().parent / "data" / "clip"
READINGS = {"幣": ("比", "億")}  # what else may have been said
SAID = "not in the text: /s k ey l/"


def load_reference() -> dict[str, Any]:
    return dict(json.loads((CLIP / "clip.ref.json").read_text(encoding="utf-8")))


def clip_alignment() -> Alignment:
    """Return the clip's document; words share the true time of their clause evenly."""
    reference = load_reference()
    clauses = iter(reference["clauses"])
    paragraphs, turns = [], []
    for turn in reference["turns"]:
        words: list[Word] = []
        texts = split_words(turn["text"])
        for places in clause_ranges(texts):
            clause = next(clauses)
            step = (clause["end"] - clause["start"]) / len(places)
            for number, place in enumerate(places):
                start = clause["start"] + number * step
                span = Span(round(start, 3), round(start + step, 3))
                words.append(Word(texts[place], span, 0.9, turn["speaker"]))
        paragraphs.append(Paragraph(tuple(words)))
        turns.append(Turn(turn["speaker"], turn["start"], turn["end"], 0.9))
    transcript = Transcript(tuple(paragraphs))
    body = transcript.body
    first = body.index("國揚")
    findings = (
        Finding(
            FindingKind.MISHEARD,
            "國揚",
            "heard here: guo yang",
            Span(188.4, 189.0),
            (first, first + 2),
        ),
        Finding(FindingKind.NOT_IN_TEXT, "/s k ey l/", "heard for 0.4 s", Span(157.4, 157.8)),
    )
    return Alignment(transcript, findings, "zh", "phones", tuple(turns))


def clip_corrections(alignment: Alignment) -> tuple[Correction, ...]:
    """Return the document's true corrections: terms are safe, homophones are proposed."""
    body = alignment.transcript.body
    found: list[Correction] = []
    for entry in load_reference()["corrections"]:
        first = body.index(entry["seed"], found[-1].offsets[1] if found else 0)
        is_term = entry["seed"].isascii()
        voices = (
            Evidence(EvidenceKind.SOUND, f"“{entry['spoken']}” fits what is heard better", 2.1),
            Evidence(EvidenceKind.FREQUENCY, f"“{entry['seed']}” is usual here, too", -0.4),
        )
        found.append(
            Correction(
                (first, first + len(entry["seed"])),
                entry["seed"],
                entry["spoken"],
                Decision.APPLY if is_term else Decision.PROPOSE,
                0.98 if is_term else 0.62,
                voices,
                Span(entry["start"], entry["end"]),
                READINGS.get(entry["seed"], ()),
            )
        )
    first = body.index("代際差")
    kept = Correction((first, first + 3), "代際差", "代繼差", Decision.KEEP, 0.08)
    return (*found, kept)


def write_talk(folder: Path) -> Path:
    """Write words, corrections and sound of the clip; return the folder."""
    alignment = clip_alignment()
    (folder / "words.json").write_text(compose_words(alignment), encoding="utf-8")
    corrections = compose_corrections(clip_corrections(alignment))
    (folder / "clip.corrections.json").write_text(corrections, encoding="utf-8")
    shutil.copy(CLIP / "clip.opus", folder / "clip.opus")
    return folder
