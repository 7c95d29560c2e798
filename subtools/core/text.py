"""Words, and the documents that they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from subtools.core.spans import Span


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
    """Where a talk comes from, as its document or its site says.

    Attributes:
        title: Title of the video or document.
        part: Number of the part in a multi-part video, from 1.
        part_title: Title of that part.
        uploader: Who published it.
        bvid: Bilibili's id of the video ("BV" and ten letters or digits).
        url: Address of the page, if the sound was fetched from one.
    """

    title: str | None = None
    part: int | None = None
    part_title: str | None = None
    uploader: str | None = None
    bvid: str | None = None
    url: str | None = None


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
