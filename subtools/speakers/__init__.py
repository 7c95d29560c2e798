"""Who speaks when: local speakers and embeddings to turns, and turns to the words."""

from subtools.speakers.diarizing import diarize
from subtools.speakers.embedding import EmbedSpans
from subtools.speakers.knowing import (
    Known,
    Voiceprint,
    average_voiceprints,
    learn_voiceprint,
    learn_voiceprints,
    recognise_voices,
    spans_alone,
)
from subtools.speakers.reporting import report_speakers
from subtools.speakers.wording import assign_words, fit_turns, turns_of_words

__all__ = [
    "EmbedSpans",
    "Known",
    "Voiceprint",
    "assign_words",
    "average_voiceprints",
    "diarize",
    "fit_turns",
    "learn_voiceprint",
    "learn_voiceprints",
    "recognise_voices",
    "report_speakers",
    "spans_alone",
    "turns_of_words",
]
