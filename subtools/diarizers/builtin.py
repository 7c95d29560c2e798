"""The built-in diarizer: local speakers and voices, models loaded when the sound is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.core import (
    ANY_NUMBER,
    Audio,
    Embedder,
    Progress,
    Seconds,
    Segmenter,
    Span,
    SpeakerCount,
    Turn,
    no_progress,
)
from subtools.speakers import diarize

_STAGE = "comparing voices"
_AT_ONCE = 64  # spans in memory together, so that three hours cost no more than one


@dataclass(frozen=True, slots=True)
class SpanEmbedder:
    """Embeddings of stretches of one recording.

    Attributes:
        embed: Gives the embeddings of samples.
        audio: The recording.
        progress: Told how far the work has come, in spans.
    """

    embed: Embedder
    audio: Audio
    progress: Progress = no_progress

    def __call__(self, spans: Sequence[Span], /) -> npt.NDArray[np.float32]:
        """Return the embeddings of ``spans``: (spans, dimensions)."""
        found = []
        for first in range(0, len(spans), _AT_ONCE):
            some = spans[first : first + _AT_ONCE]
            found.append(self.embed([self.audio.slice(span) for span in some]))
            if len(spans) > _AT_ONCE:
                self.progress(_STAGE, first + len(some), len(spans))
        return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class VoiceDiarizer:
    """Tells who speaks by their voices.

    Attributes:
        load_segmenter: Loads what tells the speakers of ten seconds apart.
        load_embedder: Loads what knows a voice again.
    """

    load_segmenter: Callable[[], Segmenter]
    load_embedder: Callable[[], Embedder]

    def __call__(
        self,
        audio: Audio,
        /,
        *,
        borders: Sequence[Seconds] = (),
        count: SpeakerCount = ANY_NUMBER,
        progress: Progress = no_progress,
    ) -> tuple[Turn, ...]:
        """Return the turns of ``audio``, by onset."""
        local = self.load_segmenter()(audio, progress=progress)
        embed = SpanEmbedder(self.load_embedder(), audio, progress)
        return diarize(local, audio.duration, embed, borders=borders, count=count)
