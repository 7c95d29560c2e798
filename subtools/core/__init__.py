"""Every type that crosses a module boundary.

All values are frozen; times are seconds from the start of the media file's
presentation timeline, as ``float``; only ``timecode`` rounds them.
"""

from subtools.core.advice import Adviser, Answer, Question
from subtools.core.corrections import Correction, Decision, Evidence, EvidenceKind
from subtools.core.edits import Edit, EditBasis, EditKind
from subtools.core.glossary import Glossary, Term
from subtools.core.hearing import NO_HINTS, Hints, Keep, Parts, glossary_to_hints, keep_nothing
from subtools.core.progress import Progress, no_progress
from subtools.core.results import (
    Alignment,
    Finding,
    FindingKind,
    Input,
    Origin,
    Provenance,
)
from subtools.core.rules import PLAIN_RULES, Balance, CueRules, Cutting, NameRoom, Punctuation
from subtools.core.sound import (
    ENCODER_WINDOW,
    FRAME,
    SAMPLE_RATE,
    SHORTEST_VOICE,
    Audio,
    Dropped,
    Embedder,
    Encoded,
    Encoder,
    HeardWord,
    KnownVoice,
    LocalSpeakers,
    Posteriors,
    Recognition,
    Segmenter,
    Voices,
    VoiceSample,
)
from subtools.core.spans import Seconds, Span, Timed, overlap
from subtools.core.speech import ANY_NUMBER, NameBasis, Quote, Speaker, SpeakerCount, Turn
from subtools.core.subtitles import Block, Cue, Native, Remark, Subtitles
from subtools.core.sureness import (
    Sureness,
    explain_all,
    explain_evidence,
    format_score,
    judge_score,
    name_stance,
)
from subtools.core.text import Paragraph, Source, Transcript, Word
from subtools.core.topics import Topic
from subtools.core.violations import Rule, Violation

__all__ = [
    "ANY_NUMBER",
    "ENCODER_WINDOW",
    "FRAME",
    "NO_HINTS",
    "PLAIN_RULES",
    "SAMPLE_RATE",
    "SHORTEST_VOICE",
    "Adviser",
    "Alignment",
    "Answer",
    "Audio",
    "Balance",
    "Block",
    "Correction",
    "Cue",
    "CueRules",
    "Cutting",
    "Decision",
    "Dropped",
    "Edit",
    "EditBasis",
    "EditKind",
    "Embedder",
    "Encoded",
    "Encoder",
    "Evidence",
    "EvidenceKind",
    "Finding",
    "FindingKind",
    "Glossary",
    "HeardWord",
    "Hints",
    "Input",
    "Keep",
    "KnownVoice",
    "LocalSpeakers",
    "NameBasis",
    "NameRoom",
    "Native",
    "Origin",
    "Paragraph",
    "Parts",
    "Posteriors",
    "Progress",
    "Provenance",
    "Punctuation",
    "Question",
    "Quote",
    "Recognition",
    "Remark",
    "Rule",
    "Seconds",
    "Segmenter",
    "Source",
    "Span",
    "Speaker",
    "SpeakerCount",
    "Subtitles",
    "Sureness",
    "Term",
    "Timed",
    "Topic",
    "Transcript",
    "Turn",
    "Violation",
    "VoiceSample",
    "Voices",
    "Word",
    "explain_all",
    "explain_evidence",
    "format_score",
    "glossary_to_hints",
    "judge_score",
    "keep_nothing",
    "name_stance",
    "no_progress",
    "overlap",
]
