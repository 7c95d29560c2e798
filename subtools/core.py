"""Every type that crosses a module boundary.

All values are frozen; times are seconds from the start of the media file's
presentation timeline, as ``float``; only ``timecode`` rounds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Seconds = float

SAMPLE_RATE = 16_000  # Hz; what Whisper and Silero VAD are trained on
FRAME = 0.01  # s; one frame of posteriors: frame k is the sound in [k * FRAME, (k + 1) * FRAME)


class Timed(Protocol):
    """Anything with an onset and an offset."""

    @property
    def start(self) -> Seconds:
        """Onset, in seconds."""

    @property
    def end(self) -> Seconds:
        """Offset, in seconds."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of time.

    Attributes:
        start: Onset, in seconds.
        end: Offset, in seconds; never before ``start``.
    """

    start: Seconds
    end: Seconds

    def __post_init__(self) -> None:
        if not self.start <= self.end:  # also refuses NaN
            raise ValueError(f"a span cannot end before it starts: {self.start} .. {self.end}")

    @property
    def duration(self) -> Seconds:
        """Length, in seconds."""
        return self.end - self.start

    def shifted(self, offset: Seconds) -> Span:
        """Return this span moved later by ``offset`` seconds."""
        return Span(self.start + offset, self.end + offset)


def overlap(a: Timed, b: Timed) -> Seconds:
    """Return how long ``a`` and ``b`` sound together, in seconds.

    >>> overlap(Span(0.0, 2.0), Span(1.5, 3.0))
    0.5
    """
    return max(0.0, min(a.end, b.end) - max(a.start, b.start))


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text (for Chinese: one character) and when it was spoken.

    A word that was not found in the sound has no span: its time is unknown, and
    nothing may invent one. A word with a span and no confidence got its time from
    its neighbours.

    Attributes:
        text: The word as written, with the punctuation and spaces that follow it
            (an opening bracket or quotation mark belongs to the word after it), so
            that the texts of a paragraph's words, joined, give back the paragraph.
        span: When it was spoken; None where that is unknown.
        confidence: How sure the aligner is that it was spoken there, 0..1; None
            where the time is interpolated or unknown.
        speaker: Label of the speaker, if known.
    """

    text: str
    span: Span | None = None
    confidence: float | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Consecutive words that the document sets as one block.

    Attributes:
        words: Its words, in order; at least one.
    """

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The paragraph as written."""
        return "".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a talk comes from, as its document says.

    Attributes:
        title: Title of the video or document.
        part: Number of the part in a multi-part video, from 1.
        part_title: Title of that part.
        uploader: Who published it.
        bvid: Bilibili's id of the video ("BV" and ten letters or digits).
    """

    title: str | None = None
    part: int | None = None
    part_title: str | None = None
    uploader: str | None = None
    bvid: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A document: its paragraphs of words, timed or not.

    The *body* is the text of all paragraphs joined without line breaks; character
    offsets in findings and references count in it.

    Attributes:
        paragraphs: In document order.
        source: What its header says.
    """

    paragraphs: tuple[Paragraph, ...]
    source: Source = Source()

    @property
    def words(self) -> tuple[Word, ...]:
        """All words, in document order."""
        return tuple(word for paragraph in self.paragraphs for word in paragraph.words)

    @property
    def body(self) -> str:
        """The text of all paragraphs, joined without line breaks."""
        return "".join(paragraph.text for paragraph in self.paragraphs)

    def with_words(self, words: Sequence[Word]) -> Transcript:
        """Return this transcript with other words in the same paragraphs.

        Args:
            words: As many words as there are now, in document order.

        Raises:
            ValueError: If the number of words differs.
        """
        if len(words) != sum(len(paragraph.words) for paragraph in self.paragraphs):
            raise ValueError("with_words needs one word for each word")
        paragraphs, first = [], 0
        for paragraph in self.paragraphs:
            last = first + len(paragraph.words)
            paragraphs.append(Paragraph(tuple(words[first:last])))
            first = last
        return Transcript(tuple(paragraphs), self.source)


class FindingKind(StrEnum):
    """What a finding is about."""

    NOT_IN_AUDIO = "not in the audio"  # written, but not heard: the words have no time
    NOT_IN_TEXT = "not in the text"  # heard, but not written
    MISHEARD = "misheard?"  # text and sound disagree at the same place
    LOW_CONFIDENCE = "low confidence"  # found, but the time may be wrong
    OVERLAPPING_SPEECH = "overlapping speech"  # several speak at once: times may be wrong
    OUT_OF_ORDER = "out of order"  # written here, heard elsewhere
    OUTSIDE_VIDEO = "outside the video"  # shifted to before the first frame


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should look at.

    Attributes:
        kind: What it is about.
        text: The words it is about, as written (or as heard, if not written).
        reason: Why it was reported, in words.
        span: Where to listen; for words that were not heard, the gap between the
            heard words around them. None where there is no such place.
        offsets: The characters [first, last) of the body it is about; None where
            nothing is written.
    """

    kind: FindingKind
    text: str
    reason: str
    span: Span | None = None
    offsets: tuple[int, int] | None = None


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


@dataclass(frozen=True, slots=True)
class Alignment:
    """A document put in time.

    Attributes:
        transcript: The document; its words carry their times.
        findings: What a person should look at, in order of time.
        language: ISO 639-1 code of the spoken language.
        aligner: Name of the method that found the times.
    """

    transcript: Transcript
    findings: tuple[Finding, ...]
    language: str
    aligner: str


@dataclass(frozen=True, slots=True)
class Input:
    """A file that a result was made from.

    Attributes:
        name: Its name, without folders.
        sha256: SHA-256 of its bytes, in hex.
    """

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a result was made from and with; the same again gives the same result.

    Attributes:
        inputs: The files, by what they are (``audio``, ``document``).
        model: Name of the speech model and the start of its SHA-256.
        versions: Versions of subtools and of the packages that decide the result.
        settings: The settings that decide the result.
    """

    inputs: Mapping[str, Input] = field(default_factory=dict)
    model: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str | float | int | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle.

    Attributes:
        start: When it appears, in seconds.
        end: When it disappears, in seconds; never before ``start``.
        lines: Its lines, top first; at least one.
        speaker: Who speaks, if known.
        confidence: How sure the aligner is of its time, 0..1; None if unknown.
        reason: Why the confidence is what it is, in words.
    """

    start: Seconds
    end: Seconds
    lines: tuple[str, ...]
    speaker: str | None = None
    confidence: float | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.start <= self.end:
            raise ValueError(f"a cue cannot end before it starts: {self.start} .. {self.end}")

    @property
    def text(self) -> str:
        """The lines, joined by line feeds."""
        return "\n".join(self.lines)


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


class Progress(Protocol):
    """Told how far a long step has come."""

    def __call__(self, stage: str, done: float, total: float, /) -> None:
        """Take note that ``done`` of ``total`` (any unit) of ``stage`` is finished."""


def no_progress(stage: str, done: float, total: float, /) -> None:
    """Ignore the progress."""


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
