"""Which Chinese words follow each other: how likely a text is, and likelier ones by sound."""

from subtools.ngrams.reading import Rereading, reread_text, score_text
from subtools.ngrams.tables import STEP as NGRAMS_STEP
from subtools.ngrams.tables import Ngrams, load_ngrams

__all__ = ["NGRAMS_STEP", "Ngrams", "Rereading", "load_ngrams", "reread_text", "score_text"]
