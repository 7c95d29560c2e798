"""What goes into the library of talks, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from subtools.core import Seconds, Transcript


@dataclass(frozen=True, slots=True)
class Recording:
    """A talk to be indexed.

    Attributes:
        key: What tells it from others; the same talk, indexed again, takes its own place.
        path: The ``words.json`` it was read from.
        digest: SHA-256 of that file, in hex.
        transcript: What is said, and when.
        language: ISO 639-1 code of the spoken language.
        title: What it is called.
        page: Address of its page; None if it has none.
        media: Path of its sound or video; None where that is not known.
        page_file: Name that its own HTML page would have beside ``path``.
        published: When it was published, ``YYYY-MM-DD``; None if that is not known.
    """

    key: str
    path: str
    digest: str
    transcript: Transcript
    language: str
    title: str
    page: str | None = None
    media: str | None = None
    page_file: str = ""
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A talk in the library.

    Attributes:
        key: What tells it from others.
        path: The ``words.json`` it was read from.
        title: What it is called.
        page: Address of its page, if it has one.
        media: Path of its sound or video, if that is known.
        page_file: Name that its own HTML page would have beside ``path``.
        published: ``YYYY-MM-DD``; None if that is not known.
        indexed: When it came into the library, ``YYYY-MM-DD``.
        language: ISO 639-1 code.
        words: How many words it has.
        duration: When its last word begins, in seconds.
        speakers: Who speaks, in no order.
    """

    key: str
    path: str
    title: str
    page: str | None
    media: str | None
    page_file: str
    published: str | None
    indexed: str
    language: str
    words: int
    duration: Seconds
    speakers: tuple[str, ...] = ()

    @property
    def date(self) -> str:
        """When it was published or, where nobody knows, indexed."""
        return self.published or self.indexed


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to.

    Attributes:
        speaker: Part of a speaker's name, in either script.
        video: Key of a talk, or part of its key, title or path.
        since: Not before this day, ``YYYY-MM-DD``.
        until: Not after this day.
    """

    speaker: str | None = None
    video: str | None = None
    since: str | None = None
    until: str | None = None


class Closeness(IntEnum):
    """How far what is written may be from what is asked for."""

    WRITTEN = 0  # but for script, case and width
    FORM = 1  # another form of the word, or another name for the same
    SOUND = 2  # the same syllables, or an English word that sounds nearly so
    CONFUSED = 3  # syllables that many speakers do not tell apart: zhang, zan
    NEAR = 4  # one syllable that sounds similar


class Match(StrEnum):
    """How a moment matches, from best to worst."""

    PHRASE = "as written"
    WORDS = "the same words, near each other"
    FORM = "another form or name"
    FORMS = "other forms or names, near each other"
    SOUND = "the same sounds"
    SOUNDS = "the same sounds, near each other"
    CONFUSED = "sounds often confused"
    CONFUSEDS = "sounds often confused, near each other"
    NEAR = "similar sounds"
    PARTS = "parts of it, near each other"


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a talk where what was asked for is said.

    Attributes:
        talk: The talk.
        speaker: Who says it, if known.
        start: When the words that match begin, in seconds; None where no word around them
            has a time.
        is_exact: Whether that is the time of the word itself, not of one near it.
        text: The words around it, as written.
        marks: The stretches [first, last) of ``text`` that match, in order.
        match: How it matches.
        score: Rank among moments of the same ``match``; the higher, the better.
    """

    talk: Entry
    speaker: str | None
    start: Seconds | None
    is_exact: bool
    text: str
    marks: tuple[tuple[int, int], ...]
    match: Match
    score: float

    @property
    def matched(self) -> tuple[str, ...]:
        """The words that match, as written."""
        return tuple(self.text[first:last] for first, last in self.marks)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        moments: The best first.
        is_all: Whether there are no others; looking ends when there are enough.
    """

    moments: tuple[Moment, ...]
    is_all: bool
