"""Which Chinese words follow each other: how likely a text is, and likelier ones by sound."""

from subtools.ngrams.idioms import find_idioms
from subtools.ngrams.reading import Rereading, rehear_text, reread_text, score_text
from subtools.ngrams.tables import STEP as NGRAMS_STEP
from subtools.ngrams.tables import Ngrams, load_ngrams

__all__ = [
    "NGRAMS_STEP",
    "Ngrams",
    "Rereading",
    "find_idioms",
    "load_ngrams",
    "rehear_text",
    "reread_text",
    "score_text",
]
