"""Every type that crosses a module boundary.

All values are frozen; times are seconds from the start of the media file's
presentation timeline, as ``float``; only ``timecode`` rounds them.
"""

from subtools.core.progress import Progress, no_progress
from subtools.core.results import Alignment, Cue, Finding, FindingKind, Input, Provenance
from subtools.core.sound import (
    ENCODER_WINDOW,
    FRAME,
    SAMPLE_RATE,
    Audio,
    Encoded,
    Encoder,
    HeardWord,
    Posteriors,
    Recognition,
)
from subtools.core.spans import Seconds, Span, Timed, overlap
from subtools.core.speech import NameBasis, Quote, Speaker, Turn
from subtools.core.text import Paragraph, Source, Transcript, Word

__all__ = [
    "ENCODER_WINDOW",
    "FRAME",
    "SAMPLE_RATE",
    "Alignment",
    "Audio",
    "Cue",
    "Encoded",
    "Encoder",
    "Finding",
    "FindingKind",
    "HeardWord",
    "Input",
    "NameBasis",
    "Paragraph",
    "Posteriors",
    "Progress",
    "Provenance",
    "Quote",
    "Recognition",
    "Seconds",
    "Source",
    "Span",
    "Speaker",
    "Timed",
    "Transcript",
    "Turn",
    "Word",
    "no_progress",
    "overlap",
]
