"""Voices: whose they are (embeddings) and how many sound at once (local speakers).

Both models run in onnxruntime, without PyTorch; where they come from and what was done to
them stands in ``MODEL_CARD.md`` beside this file.
"""

from subtools.voices.embedding import EMBEDDING_MODEL, EMBEDDING_SIZE, load_embedder
from subtools.voices.segmenting import load_segmenter

__all__ = [
    "EMBEDDING_MODEL",
    "EMBEDDING_SIZE",
    "load_embedder",
    "load_segmenter",
]
