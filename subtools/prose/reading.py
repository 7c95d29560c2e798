"""A talk as a text to be read."""

from __future__ import annotations

from dataclasses import dataclass

from subtools.core import Seconds, Source


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of what one person says.

    Attributes:
        speaker: Who says it; None where nobody knows.
        start: When its first word with a time is said; None if none has one.
        text: The text.
    """

    speaker: str | None
    start: Seconds | None
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """What is said about one topic.

    Attributes:
        title: The topic; empty where there are none.
        start: When it begins; None where nobody knows.
        passages: Its paragraphs.
    """

    title: str
    start: Seconds | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A talk as a text.

    Attributes:
        title: What it is called; may be empty.
        source: Where it comes from.
        page: The address that times lead to; None if it is not known.
        language: Code of the language, as HTML has it: ``zh-Hant``, ``en``.
        sections: Its parts, in order.
        is_abridged: Whether hesitations were to be left out.
        left_out: How many words were.
    """

    title: str
    source: Source
    page: str | None
    language: str
    sections: tuple[Section, ...]
    is_abridged: bool = False
    left_out: int = 0
