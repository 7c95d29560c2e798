"""A transcript as naming reads it: one text, cut where the voice changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from subtools.core import Span, Transcript, Turn, Word
from subtools.lexicon import is_spaceless, word_core
from subtools.phonetics.scripts import simplify

_CLAUSE_END = frozenset("，。！？；,.!?;…")
_LONGEST_QUOTE = 24  # characters to each side of what the quote is about
_LATIN_SIZE = 2  # characters of Chinese that say as much as one Latin word


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive words of one voice.

    Attributes:
        label: Whose voice.
        first: Offset of its first character in the text.
        last: Offset behind its last character.
        size: How much is said: Han characters, each Latin word as two.
    """

    label: str
    first: int
    last: int
    size: int


@dataclass(frozen=True, slots=True)
class Talk:
    """What is said, and by whom.

    Attributes:
        text: All words joined, as written.
        folded: The same in Simplified characters, offset for offset.
        words: The words.
        offsets: Where each word begins in the text, and the length of the text.
        stretches: The text, cut where the voice changes; all of it is in one.
        sizes: How much is said before each word, and in all (as ``Stretch.size``).
    """

    text: str
    folded: str
    words: tuple[Word, ...]
    offsets: tuple[int, ...]
    stretches: tuple[Stretch, ...]
    sizes: tuple[int, ...]

    def stretch_at(self, offset: int) -> int:
        """Return the index of the stretch that the character at ``offset`` is in."""
        return bisect_right(self.stretches, offset, key=lambda stretch: stretch.first) - 1

    def span(self, first: int, last: int) -> Span | None:
        """Return when the characters [first, last) were said; None if nobody knows."""
        a = bisect_right(self.offsets, first) - 1
        b = bisect_right(self.offsets, max(first, last - 1))
        spans = [word.span for word in self.words[a:b] if word.span is not None]
        if not spans:
            return None
        return Span(min(span.start for span in spans), max(span.end for span in spans))

    def size(self, first: int, last: int) -> int:
        """Return how much is said from one offset to another, as ``Stretch.size``."""
        a, b = bisect_right(self.offsets, first) - 1, bisect_right(self.offsets, last - 1)
        return self.sizes[b] - self.sizes[a] if last > first else 0

    def clause(self, first: int, last: int) -> tuple[int, int]:
        """Return the clause around [first, last), in its stretch and not too long."""
        stretch = self.stretches[self.stretch_at(first)]
        a, b = first, last
        while (
            a > max(stretch.first, first - _LONGEST_QUOTE) and self.text[a - 1] not in _CLAUSE_END
        ):
            a -= 1
        while b < min(stretch.last, last + _LONGEST_QUOTE) and self.text[b - 1] not in _CLAUSE_END:
            b += 1
        return _whole_words(self.text, a, b)


def read_talk(transcript: Transcript, turns: Sequence[Turn]) -> Talk:
    """Return the talk that a transcript is when the voices of ``turns`` speak it.

    A word without a voice has that of the turn it is said in, else that of the word before it.
    """
    words = transcript.words
    text = "".join(word.text for word in words)
    offsets = tuple(accumulate((len(word.text) for word in words), initial=0))
    labels = _label_words(words, turns)
    sizes = tuple(accumulate(map(_size, words), initial=0))
    stretches = tuple(_cut(words, labels, offsets))
    return Talk(text, simplify(text), words, offsets, stretches, sizes)


def _label_words(words: Sequence[Word], turns: Sequence[Turn]) -> list[str]:
    known = {turn.speaker for turn in turns}
    found = [_label_word(word, turns, known) for word in words]
    first = next(filter(None, found), turns[0].speaker if turns else "")
    labels: list[str] = []
    for label in found:
        labels.append(label or (labels[-1] if labels else first))
    return labels


def _label_word(word: Word, turns: Sequence[Turn], known: set[str]) -> str | None:
    if word.speaker in known or not turns or word.span is None:
        return word.speaker
    middle = (word.span.start + word.span.end) / 2
    last = bisect_right(turns, middle, key=lambda turn: turn.start)
    return next((t.speaker for t in reversed(turns[:last]) if middle <= t.end), word.speaker)


def _cut(words: Sequence[Word], labels: Sequence[str], offsets: Sequence[int]) -> Iterator[Stretch]:
    for label, group in groupby(range(len(words)), key=lambda index: labels[index]):
        indices = list(group)
        size = sum(_size(words[index]) for index in indices)
        yield Stretch(label, offsets[indices[0]], offsets[indices[-1] + 1], size)


def _size(word: Word) -> int:
    core = word_core(word.text)
    return (1 if is_spaceless(core) else _LATIN_SIZE) if core else 0


def _whole_words(text: str, first: int, last: int) -> tuple[int, int]:
    """Return [first, last) without Latin words that it cuts in two, and without spaces."""
    while first < last and first and text[first - 1].isascii() and text[first - 1].isalnum():
        if not (text[first].isascii() and text[first].isalnum()):
            break
        first += 1
    while first < last < len(text) and text[last].isascii() and text[last].isalnum():
        if not (text[last - 1].isascii() and text[last - 1].isalnum()):
            break
        last -= 1
    while first < last and text[first].isspace():
        first += 1
    while first < last and text[last - 1].isspace():
        last -= 1
    return first, last
