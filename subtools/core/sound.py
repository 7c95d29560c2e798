"""Sound, and what models make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from subtools.core.progress import Progress, no_progress
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
class Voices:
    """Where someone speaks.

    Attributes:
        speech: In order, without overlaps, none longer than a recogniser's window; parted
            where there is a pause.
        voiced: Where phones are heard, in order; empty where nobody looked.
    """

    speech: tuple[Span, ...]
    voiced: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a recogniser wrote and is not believed.

    Attributes:
        text: As it was written.
        span: Where it stood.
        reason: Why it is not believed, in words.
    """

    text: str
    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a recogniser heard in a sound file.

    Attributes:
        segments: Its words, in order of time, grouped as the recogniser grouped
            them (about a sentence or a breath each).
        speech: Where someone speaks, by a voice activity detector, in order.
        language: ISO 639-1 code of the language, as detected or given.
        dropped: What was written and is not believed, by onset.
        voiced: Where phones are heard, more exactly than ``speech``, in order; empty where
            nobody looked.
    """

    segments: tuple[tuple[HeardWord, ...], ...]
    speech: tuple[Span, ...]
    language: str
    dropped: tuple[Dropped, ...] = ()
    voiced: tuple[Span, ...] = ()

    @property
    def words(self) -> tuple[HeardWord, ...]:
        """All words, in order of time."""
        return tuple(word for segment in self.segments for word in segment)


SHORTEST_VOICE = 0.25  # s; less says little about a voice: hardly one syllable


class Embedder(Protocol):
    """Anything that gives the voice of a sound as a point; near points are the same voice."""

    def __call__(self, sounds: Sequence[npt.NDArray[np.float32]], /) -> npt.NDArray[np.float32]:
        """Return one vector of unit length for each of ``sounds``: (sounds, dimensions).

        Args:
            sounds: Samples at ``SAMPLE_RATE``, -1..1, ``SHORTEST_VOICE`` of them at least.

        Raises:
            ValueError: If a sound is too short.
        """


@dataclass(frozen=True, slots=True, eq=False)
class LocalSpeakers:
    """Who is heard when, in windows that know nothing of each other.

    Speaker 0 of one window may be speaker 2 of the next: a window numbers those it hears
    as it likes.

    Attributes:
        starts: (windows,): onset of each window, in seconds, ascending; windows may overlap.
        probabilities: (windows, frames, speakers): that this speaker is heard, 0..1.
        frame_step: Time from a frame to the next, in seconds.
        first_frame: Middle of a window's first frame, in seconds from its onset.
    """

    starts: npt.NDArray[np.float64]
    probabilities: npt.NDArray[np.float16]
    frame_step: Seconds
    first_frame: Seconds

    def times(self, window: int) -> npt.NDArray[np.float64]:
        """Return the middle of each frame of ``window``, in seconds."""
        frames = np.arange(self.probabilities.shape[1])
        return np.asarray(self.starts[window] + self.first_frame + frames * self.frame_step)


class Segmenter(Protocol):
    """Anything that tells the speakers of short windows apart."""

    def __call__(self, audio: Audio, /, *, progress: Progress = no_progress) -> LocalSpeakers:
        """Return who is heard when in the windows of ``audio``."""


@dataclass(frozen=True, slots=True, eq=False)
class VoiceSample:
    """A person's voice as it sounded somewhere.

    Attributes:
        embedding: (dimensions,): where an embedder put it; of unit length.
        model: Which embedder; samples of two of them cannot be compared.
        source: Where it was heard, such as the name of a file.
        span: When; None where it is from all over the source.
    """

    embedding: npt.NDArray[np.float32]
    model: str
    source: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, eq=False)
class KnownVoice:
    """A voice that the user has given a name.

    Attributes:
        name: Of the person.
        samples: How they sounded, oldest first.
    """

    name: str
    samples: tuple[VoiceSample, ...]
