"""What comes out, and what it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from subtools.core.spans import Span
from subtools.core.speech import NameBasis, Speaker, Turn
from subtools.core.text import Source, Transcript
from subtools.core.topics import Topic


class FindingKind(StrEnum):
    """What a finding is about."""

    NOT_IN_AUDIO = "not in the audio"  # written, but not heard: the words have no time
    NOT_IN_TEXT = "not in the text"  # heard, but not written
    MISHEARD = "misheard?"  # text and sound disagree at the same place
    LOW_CONFIDENCE = "low confidence"  # found, but the time may be wrong
    OVERLAPPING_SPEECH = "overlapping speech"  # several speak at once: times may be wrong
    OUT_OF_ORDER = "out of order"  # written here, heard elsewhere
    OUTSIDE_VIDEO = "outside the video"  # shifted to before the first frame
    DOUBTFUL_SPEAKER = "doubtful speaker"  # who speaks here is not sure


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
class Alignment:
    """A document put in time.

    Attributes:
        transcript: The document; its words carry their times.
        findings: What a person should look at, in order of time.
        language: ISO 639-1 code of the spoken language.
        aligner: Name of the method that found the times.
        turns: Who speaks when, by onset; empty where nobody looked.
        speakers: The people of ``turns``, by their first turn.
        topics: What it is about, in order; empty where nobody looked.
    """

    transcript: Transcript
    findings: tuple[Finding, ...]
    language: str
    aligner: str
    turns: tuple[Turn, ...] = ()
    speakers: tuple[Speaker, ...] = ()
    topics: tuple[Topic, ...] = ()

    @property
    def has_lone_label(self) -> bool:
        """Whether one voice says everything, and has but a label such as ``SPEAKER_00``."""
        said = {word.speaker for word in self.transcript.words if word.speaker}
        labels = {one.name for one in self.speakers if one.basis is NameBasis.NONE}
        return len(said) == 1 and said <= labels and len(self.speakers) == 1

    def without_lone_label(self) -> Alignment:
        """Return it for a reader, whom the label of the only voice tells nothing."""
        if not self.has_lone_label:
            return self
        words = [replace(word, speaker=None) for word in self.transcript.words]
        return replace(self, transcript=self.transcript.with_words(words))


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
class Origin:
    """Where sound and text were fetched from.

    Attributes:
        source: The page, for a document that does not say what it is of.
        text: Who wrote the text, in words; empty for a document of the user's.
    """

    source: Source = field(default_factory=Source)
    text: str = ""
