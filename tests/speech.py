"""Made-up recognitions for tests of pure logic: words spoken evenly, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from subtools.core import HeardWord, Paragraph, Recognition, Span, Transcript, Word
from subtools.lexicon import split_words

SYLLABLE = 0.2  # s


def document(*paragraphs: str) -> Transcript:
    """Return a document of untimed words."""
    return Transcript(tuple(Paragraph(tuple(map(Word, split_words(p)))) for p in paragraphs))


def heard(
    *segments: str | tuple[float, str], language: str = "zh", probability: float = 0.9
) -> Recognition:
    """Return a recognition of ``segments``, spoken one after the other.

    A segment is its text, or (onset, text); each word lasts ``SYLLABLE`` seconds.
    """
    now = 0.0
    spoken: list[tuple[HeardWord, ...]] = []
    for segment in segments:
        start, text = segment if isinstance(segment, tuple) else (now, segment)
        words = split_words(text)
        times = [start + SYLLABLE * k for k in range(len(words) + 1)]
        now = times[-1]
        spoken.append(
            tuple(
                HeardWord(word, a, b, probability)
                for word, a, b in zip(words, times, times[1:], strict=False)
            )
        )
    return Recognition(tuple(spoken), speech_of(spoken), language)


def speech_of(segments: Sequence[Sequence[HeardWord]]) -> tuple[Span, ...]:
    """Return one span of speech for each segment."""
    return tuple(Span(words[0].start, words[-1].end) for words in segments if words)
