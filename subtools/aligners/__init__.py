"""Aligners: what puts the words of a document in time, by name.

Two are built in: ``phones`` (the sound against the sounds of the text) and
``recognition`` (recognised words against the words of the text). Installed packages
add others by an entry point; see ``docs/aligners.md``.
"""

from subtools.aligners.builtin import RECOGNISED, PhoneAligner, RecognitionAligner
from subtools.aligners.choosing import (
    AUTO,
    PHONES_LANGUAGES,
    choose_aligner,
    guess_language,
)
from subtools.aligners.interface import PHONES, RECOGNITION, Aligner, AlignerOptions, Factory
from subtools.aligners.registry import (
    ENTRY_POINTS,
    Engine,
    adopt_aligner,
    adopt_recognizer,
    aligner_names,
    load_engine,
    load_transcriber,
)

__all__ = [
    "AUTO",
    "ENTRY_POINTS",
    "PHONES",
    "PHONES_LANGUAGES",
    "RECOGNISED",
    "RECOGNITION",
    "Aligner",
    "AlignerOptions",
    "Engine",
    "Factory",
    "PhoneAligner",
    "RecognitionAligner",
    "adopt_aligner",
    "adopt_recognizer",
    "aligner_names",
    "choose_aligner",
    "guess_language",
    "load_engine",
    "load_transcriber",
]
