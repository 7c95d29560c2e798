"""How good a result is, against what is known to be true.

Values in, values out: text errors, how far onsets are off, who speaks when and under
which name, and what a viewer would notice of the cues. Every score gives plain data for
JSON by ``as_dict``.
"""

from subtools.metrics.alignment import (
    AlignmentScore,
    CueScore,
    clause_onsets,
    score_cues,
    score_words,
)
from subtools.metrics.boundaries import BoundaryScore, score_boundaries
from subtools.metrics.corrections import (
    CorrectionScore,
    Judged,
    Repair,
    score_corrections,
)
from subtools.metrics.cue_statistics import CueStatistics, cue_statistics
from subtools.metrics.diarization import (
    DiarizationScore,
    score_turns,
)
from subtools.metrics.folding import fold_spoken, fold_tokens
from subtools.metrics.intervals import Share, wilson_interval
from subtools.metrics.kinds import Kind, classify
from subtools.metrics.punctuation import EndScore, score_sentence_ends
from subtools.metrics.reference import Clause, Misheard, Reference, Unit, parse_reference
from subtools.metrics.speakers import SpeakerScore, score_speakers, score_turn_speakers
from subtools.metrics.text import TextScore, score_text
from subtools.pairing import pair_best

__all__ = [
    "AlignmentScore",
    "BoundaryScore",
    "Clause",
    "CorrectionScore",
    "CueScore",
    "CueStatistics",
    "DiarizationScore",
    "EndScore",
    "Judged",
    "Kind",
    "Misheard",
    "Reference",
    "Repair",
    "Share",
    "SpeakerScore",
    "TextScore",
    "Unit",
    "classify",
    "clause_onsets",
    "cue_statistics",
    "fold_spoken",
    "fold_tokens",
    "pair_best",
    "parse_reference",
    "score_boundaries",
    "score_corrections",
    "score_cues",
    "score_sentence_ends",
    "score_speakers",
    "score_text",
    "score_turn_speakers",
    "score_turns",
    "score_words",
    "wilson_interval",
]
