"""Corrections for a timed document: the sound, a recogniser and a glossary put together.

words.json, sound ──► phone posteriors ──┬─► terms heard where something else is written ─┐
                  ──► recognised words ──┴─► other readings ──────────────────────────────┤
corrections, clean words.json ◄── decisions ◄── evidence ◄── both readings put to all ◄───┘
"""

from subtools.correcting.files import (
    Cleaned,
    apply_corrections,
    clean_alignment,
    clean_captions,
    clean_file,
    clean_heard,
)
from subtools.correcting.finding import find_corrections
from subtools.correcting.witnesses import (
    CleanSettings,
    Witnesses,
    ask_judge,
    call_witnesses,
    heard_words,
    load_glossaries,
)

__all__ = [
    "CleanSettings",
    "Cleaned",
    "Witnesses",
    "apply_corrections",
    "ask_judge",
    "call_witnesses",
    "clean_alignment",
    "clean_captions",
    "clean_file",
    "clean_heard",
    "find_corrections",
    "heard_words",
    "load_glossaries",
]
