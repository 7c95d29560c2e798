"""How likely the model finds given words in a sound: its decoder asked, not left to write.

Where a recogniser writes down one text, this compares several: the same sound, the same words
before, and one or the other reading. Encoder states hold the tones that the phone classifier
leaves out, and the decoder knows which words go together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from subtools.whisper.loading import load_model

BATCH = 8  # texts scored together
_LEAST = 1e-8  # probability; less is a text that the model would never write
_FRAMES = 2  # mel frames for one encoder state
_HOP = 160  # samples of a mel frame


class Judge(Protocol):
    """Anything that says how likely texts are what is said in a sound."""

    def __call__(
        self, sound: npt.NDArray[np.float32], texts: Sequence[str], /, *, language: str
    ) -> list[float]:
        """Return the log-probability of each of ``texts``, in nats.

        Args:
            sound: Samples at 16 kHz, 30 s at most.
            texts: What may be said from the beginning of the sound on; the end may be missing.
            language: ISO 639-1 code of the spoken language.
        """


def load_judge(folder: Path, *, threads: int | None = None) -> Judge:
    """Return a judge that asks the Whisper model in ``folder``.

    Raises:
        ModelError: If the model cannot be loaded.
    """
    return _Judge(load_model(folder, threads=threads))


@dataclass(frozen=True, slots=True)
class _Judge:
    """A loaded model."""

    model: Any

    def __call__(
        self, sound: npt.NDArray[np.float32], texts: Sequence[str], /, *, language: str
    ) -> list[float]:
        from faster_whisper.tokenizer import Tokenizer

        multilingual = self.model.model.is_multilingual
        code = language if multilingual else "en"
        tokenizer = Tokenizer(self.model.hf_tokenizer, multilingual, "transcribe", code)
        mel = self.model.feature_extractor(sound, padding=0)
        states = np.asarray(self.model.encode(_pad(mel)), np.float32)
        frames = max(_FRAMES, min(len(sound) // _HOP, mel.shape[1]))
        scores: list[float] = []
        for first in range(0, len(texts), BATCH):
            tokens = [tokenizer.encode(text) for text in texts[first : first + BATCH]]
            scores += self._score(states, tokenizer.sot_sequence, tokens, frames)
        return scores

    def _score(
        self, states: npt.NDArray[np.float32], start: Any, tokens: list[list[int]], frames: int
    ) -> list[float]:
        import ctranslate2

        tiled = np.repeat(states, len(tokens), axis=0)
        view = ctranslate2.StorageView.from_array(np.ascontiguousarray(tiled))
        found = self.model.model.align(view, list(start), tokens, frames)
        return [
            float(np.log(np.maximum(np.asarray(result.text_token_probs), _LEAST)).sum())
            for result in found
        ]


def _pad(mel: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return ``mel`` as wide as the encoder takes it."""
    from faster_whisper.audio import pad_or_trim

    padded: npt.NDArray[np.float32] = pad_or_trim(mel)
    return padded
