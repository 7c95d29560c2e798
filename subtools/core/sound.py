"""Sound, and what models make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from subtools.core.spans import Seconds, Span, Timed

SAMPLE_RATE = 16_000  # Hz; what Whisper and Silero VAD are trained on
FRAME = 0.01  # s; one frame of posteriors: frame k is the sound in [k * FRAME, (k + 1) * FRAME)


class Audio(NamedTuple):
    """Mono sound at ``SAMPLE_RATE``, on disk until it is used.

    Sample 0 is presentation time 0 of the media file.

    Attributes:
        samples: 16-bit samples, usually a read-only memory map, so that an hour never
            sits in memory.
    """

    samples: npt.NDArray[np.int16]

    @property
    def duration(self) -> Seconds:
        """Length, in seconds."""
        return len(self.samples) / SAMPLE_RATE

    def slice(self, span: Timed) -> npt.NDArray[np.float32]:
        """Return the samples of ``span`` as float32 in -1..1 (clipped to the file)."""
        first = max(0, round(span.start * SAMPLE_RATE))
        last = max(first, round(span.end * SAMPLE_RATE))
        return self.samples[first:last].astype(np.float32) / 32768.0


@dataclass(frozen=True, slots=True, eq=False)
class Posteriors:
    """What a classifier of sounds makes of each ``FRAME`` of a sound file.

    Attributes:
        log_probs: (frames, phones): natural logarithm of the probability of every class
            of ``phonetics.PHONES``, in that order.
        two_voices: (frames,): probability that more than one person speaks.
        level: (frames,): level of the sound, in dB (10 log10 of the mean square of
            samples in -1..1; -100 at least).
    """

    log_probs: npt.NDArray[np.float16]
    two_voices: npt.NDArray[np.float16]
    level: npt.NDArray[np.float32]

    @property
    def duration(self) -> Seconds:
        """Length, in seconds."""
        return len(self.log_probs) * FRAME


ENCODER_WINDOW = 30  # s; what Whisper's encoder takes, no less and no more


class Encoded(NamedTuple):
    """What a speech model's encoder makes of some windows of ``ENCODER_WINDOW``.

    Attributes:
        mels: Its input, log-mel bands of 10 ms: (windows, 3000, 80).
        states: Its last layer, one state for 20 ms: (windows, 1500, width of the model).
    """

    mels: npt.NDArray[np.float32]
    states: npt.NDArray[np.float32]


class Encoder(Protocol):
    """Anything that gives the states of windows of sound."""

    def __call__(self, windows: npt.NDArray[np.float32], /) -> Encoded:
        """Return the states of ``windows``: (windows, samples), -1..1."""


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word as a recogniser wrote it.

    Attributes:
        text: As recognised, with the punctuation that follows it.
        start: Onset, in seconds.
        end: Offset, in seconds.
        probability: The recogniser's own estimate that the word is right, 0..1.
    """

    text: str
    start: Seconds
    end: Seconds
    probability: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a recogniser heard in a sound file.

    Attributes:
        segments: Its words, in order of time, grouped as the recogniser grouped
            them (about a sentence or a breath each).
        speech: Where someone speaks, by a voice activity detector, in order.
        language: ISO 639-1 code of the language, as detected or given.
    """

    segments: tuple[tuple[HeardWord, ...], ...]
    speech: tuple[Span, ...]
    language: str

    @property
    def words(self) -> tuple[HeardWord, ...]:
        """All words, in order of time."""
        return tuple(word for segment in self.segments for word in segment)
