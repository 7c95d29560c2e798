"""Frame posteriors and the words of a text: when each word is spoken, and what does not match."""

from subtools.alignment.aligning import ALIGNER, align_posteriors
from subtools.alignment.confidence import Weights, rate_words
from subtools.alignment.evidence import Evidence, weigh_words
from subtools.alignment.hearing import Hearing, hear
from subtools.alignment.path import UNSPOKEN, Path, find_times
from subtools.alignment.prices import Prices
from subtools.alignment.spelling import Script, spell_script

__all__ = [
    "ALIGNER",
    "UNSPOKEN",
    "Evidence",
    "Hearing",
    "Path",
    "Prices",
    "Script",
    "Weights",
    "align_posteriors",
    "find_times",
    "hear",
    "rate_words",
    "spell_script",
    "weigh_words",
]
