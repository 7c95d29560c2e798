"""Diarizers: what finds out who speaks when, by name.

One is built in, ``voices``; ``senko`` and ``pyannote`` come with extras, and installed packages
add others by the entry point ``subtools.diarizers``.
"""

from subtools.diarizers.builtin import SpanEmbedder
from subtools.diarizers.interface import VOICES, Diarizer, DiarizerOptions
from subtools.diarizers.registry import diarizer_names, load_diarizer

__all__ = [
    "VOICES",
    "Diarizer",
    "DiarizerOptions",
    "SpanEmbedder",
    "diarizer_names",
    "load_diarizer",
]
