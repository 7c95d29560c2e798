"""Readable text: marks set anew, hesitations left out if wanted, paragraphs, files."""

from __future__ import annotations

from subtools.prose.composing import TEXT_FORMATS, TextFormat, compose_reading
from subtools.prose.detecting import MarksKind, detect_marks
from subtools.prose.numbers import Numbers
from subtools.prose.reading import Passage, Reading, Section
from subtools.prose.spacing import Spacing
from subtools.prose.tokens import read_tokens
from subtools.prose.writing import Marks, ProseSettings, write_reading

__all__ = [
    "TEXT_FORMATS",
    "Marks",
    "MarksKind",
    "Numbers",
    "Passage",
    "ProseSettings",
    "Reading",
    "Section",
    "Spacing",
    "TextFormat",
    "compose_reading",
    "detect_marks",
    "read_tokens",
    "write_reading",
]
