"""How good a result is, against what is known to be true.

Values in, values out: text errors, how far onsets are off, and what a viewer would
notice of the cues. Every score gives plain data for JSON by ``as_dict``.
"""

from subtools.metrics.alignment import (
    AlignmentScore,
    CueScore,
    clause_onsets,
    score_cues,
    score_words,
)
from subtools.metrics.boundaries import BoundaryScore, score_boundaries
from subtools.metrics.cue_statistics import CueStatistics, cue_statistics
from subtools.metrics.reference import Clause, Reference, Unit, parse_reference
from subtools.metrics.text import TextScore, score_text

__all__ = [
    "AlignmentScore",
    "BoundaryScore",
    "Clause",
    "CueScore",
    "CueStatistics",
    "Reference",
    "TextScore",
    "Unit",
    "clause_onsets",
    "cue_statistics",
    "parse_reference",
    "score_boundaries",
    "score_cues",
    "score_text",
    "score_words",
]
