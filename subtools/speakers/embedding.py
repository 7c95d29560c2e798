"""Spans of a recording to embeddings, by a function that has the sound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from subtools.core import Span
from subtools.speakers.clustering import Voiced


class EmbedSpans(Protocol):
    """Anything that gives the embeddings of stretches of one recording."""

    def __call__(self, spans: Sequence[Span], /) -> npt.NDArray[np.float32]:
        """Return (spans, dimensions), unit length; each span lasts ``SHORTEST_VOICE`` or more."""


def embed_all(embed: EmbedSpans, spans: Sequence[Span]) -> Voiced:
    """Return the embeddings of ``spans`` with their durations."""
    durations = np.array([span.duration for span in spans], np.float64)
    return Voiced(embed(spans), durations)
