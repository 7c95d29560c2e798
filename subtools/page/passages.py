"""A document cut into the paragraphs that a page shows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from subtools.core import Seconds, Topic, Transcript, Word

# Words; for Chinese, characters. The documents of `seeds/` have paragraphs of up to 94; a text
# without paragraphs is cut where a sentence ends, else at a lesser mark, else anywhere.
_LONG, _LONGER, _LONGEST = 120, 180, 300
_SENTENCE_END = re.compile(r"[。！？.!?…][”’」』）)\"']*\s*$")
_MARK = re.compile(r"[，、；：,;:—][”’」』）)\"']*\s*$")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of one speaker.

    Attributes:
        first: Index of its first word in the document.
        words: Its words; at least one.
        speaker: Who says them, if it is known.
        topics: Indices of the topics that begin with it.
    """

    first: int
    words: tuple[Word, ...]
    speaker: str | None
    topics: tuple[int, ...] = ()

    @property
    def start(self) -> Seconds | None:
        """When its first word with a time is spoken; None if there is none."""
        return next((word.span.start for word in self.words if word.span), None)


def cut_passages(transcript: Transcript, topics: Sequence[Topic]) -> tuple[Passage, ...]:
    """Return the words in paragraphs: the document's, cut at speakers, topics and where too long.

    A topic begins with the first word that is spoken from its start on; where none is, it
    begins nowhere.
    """
    words = transcript.words
    openings = _find_openings(words, topics)
    borders = sorted({0, *_borders(transcript), *openings, len(words)})
    return tuple(
        Passage(first, words[first:last], words[first].speaker, tuple(openings.get(first, ())))
        for first, last in pairwise(borders)
    )


def _find_openings(words: Sequence[Word], topics: Sequence[Topic]) -> dict[int, list[int]]:
    """Return, for the word that each topic begins with, the topics that do."""
    timed = sorted((word.span.start, index) for index, word in enumerate(words) if word.span)
    starts = [start for start, _ in timed]
    openings: dict[int, list[int]] = {}
    for number, topic in enumerate(topics):
        place = bisect_left(starts, topic.start - 0.001)  # files keep whole milliseconds
        if place < len(timed):
            openings.setdefault(timed[place][1], []).append(number)
    return openings


def _borders(transcript: Transcript) -> Iterator[int]:
    """Yield where a passage begins: at a paragraph, another speaker, or after so many words."""
    index = 0
    for paragraph in transcript.paragraphs:
        yield index
        length, before = 0, paragraph.words[0]
        is_long = len(paragraph.words) > _LONGER
        for word in paragraph.words:
            if word.speaker != before.speaker or (is_long and _is_enough(length, before)):
                yield index
                length = 0
            index, length, before = index + 1, length + 1, word


def _is_enough(length: int, last: Word) -> bool:
    """Tell whether ``length`` words may end with ``last``."""
    if length >= _LONGER:
        return length >= _LONGEST or bool(_MARK.search(last.text)) or _ends_sentence(last)
    return length >= _LONG and _ends_sentence(last)


def _ends_sentence(word: Word) -> bool:
    return bool(_SENTENCE_END.search(word.text))
