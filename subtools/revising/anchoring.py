"""Places found again by their text, what stands around it, and when it is spoken."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from subtools.core import Edit, Seconds, Word
from subtools.lexicon import visible_text
from subtools.matching import count_edits
from subtools.phonetics.scripts import fold_characters
from subtools.revising.changes import Offsets

# Of the letters around a place that must be what they were. A correction beside it changes
# three or four of 24; other text has hardly any in common.
LEAST_ALIKE = 0.6
CLEARER = 0.1  # by which the right place must fit better than any other


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that an edit may be about.

    Attributes:
        offsets: The characters [first, last) of the body.
        alike: How much of what stands around it is the same, 0..1.
        time: When it is spoken, as far as that is known.
        is_done: Whether the edit's new text stands there, not the old one.
    """

    offsets: Offsets
    alike: float
    time: Seconds | None
    is_done: bool = False


class Anchorage:
    """A document in which places are looked for.

    Letters are compared without regard to case, width, Chinese script, punctuation and
    spaces; the text of a place itself has to be there exactly, but for what nobody sees.
    """

    def __init__(self, words: Sequence[Word]) -> None:
        body = "".join(word.text for word in words)
        self._words = words
        self._starts = list(accumulate((len(word.text) for word in words), initial=0))
        seen = [(place, visible_text(c)) for place, c in enumerate(body)]
        self._places = [place for place, c in seen if c]  # in the body, of what is seen
        self._seen = "".join(c for _, c in seen)
        letters = list(_fold(self._seen))
        self._letter_places = [place for place, _ in letters]  # in what is seen
        self._letters = "".join(letter for _, letter in letters)

    def find_exact(self, edit: Edit) -> tuple[Candidate, ...]:
        """Return where all around is as it was when ``edit`` was made."""
        found = self._places_of(edit)
        return tuple(replace(p, alike=1.0) for p in found if self._compare(edit, p, least=1.0) == 1)

    def find(self, edit: Edit, near: Seconds, shift: Seconds) -> tuple[Candidate, ...]:
        """Return where ``edit`` may belong, or may have been made, the likeliest first.

        Args:
            edit: The edit.
            near: How far from its time it may be, in seconds.
            shift: By how much the document was moved in time since.
        """
        places = [p for p in self._places_of(edit) if distance(p, edit, shift) <= near]
        rated = [replace(p, alike=self._compare(edit, p)) for p in places]
        return tuple(sorted(rated, key=lambda c: (-c.alike, not c.is_done, c.offsets)))

    def time_at(self, offset: int) -> Seconds | None:
        """Return when the word at a character is spoken, or the next that has a time."""
        first = max(0, bisect_right(self._starts, offset) - 1)
        near = self._words[first : first + 12]
        return next((word.span.start for word in near if word.span), None)

    def words_at(self, offsets: Offsets) -> tuple[Word, ...]:
        """Return the words with characters inside ``offsets``."""
        first = max(0, bisect_right(self._starts, offsets[0]) - 1)
        last = bisect_left(self._starts, offsets[1])
        return tuple(self._words[first:last])

    def _places_of(self, edit: Edit) -> Iterator[Candidate]:
        """Yield where the old text stands, or the new one."""
        yield from self._find(edit, edit.before, is_done=False)
        if edit.speaker is None:
            yield from self._find(edit, edit.after, is_done=True)

    def _find(self, edit: Edit, text: str, *, is_done: bool) -> Iterator[Candidate]:
        places = _occurrences(self._seen, text) if text else self._seams(edit)
        for first in places:
            last = first + len(text)
            begin = self._places[first] if first < len(self._places) else 0
            end = self._places[last - 1] + 1 if text else begin
            yield Candidate((begin, end), 0.0, self.time_at(begin), is_done)

    def _seams(self, edit: Edit) -> Iterator[int]:
        """Yield where what stood around meets: something was taken out there."""
        left, right = _letters(edit.left), _letters(edit.right)
        if left and right:
            for place in _occurrences(self._letters, left + right):
                yield self._letter_places[place + len(left)]

    def _compare(self, edit: Edit, place: Candidate, least: float = 0.0) -> float:
        """Return the share of what stood around that stands around ``place``.

        Args:
            edit: What stood around.
            place: The place.
            least: 1: nothing but the whole is of interest.
        """
        left, right = _letters(edit.left), _letters(edit.right)
        begin, end = self._letters_of(place.offsets)
        before = self._letters[max(0, begin - len(left)) : begin]
        after = self._letters[end : end + len(right)]
        if left + right == before + after:
            return 1.0
        wanted = len(left) + len(right)
        if least == 1 or not wanted:
            return 0.0
        return (_alike(left, before) + _alike(right, after)) / wanted

    def _letters_of(self, offsets: Offsets) -> Offsets:
        """Return which letters stand inside some characters of the body."""
        first = bisect_left(self._letter_places, bisect_left(self._places, offsets[0]))
        return first, bisect_left(self._letter_places, bisect_left(self._places, offsets[1]))


def distance(place: Candidate, edit: Edit, shift: Seconds) -> Seconds:
    """Return how far from its time an edit would be; nothing where that is unknown."""
    if edit.time is None or place.time is None:
        return 0.0
    return abs(place.time - edit.time - shift)


def _occurrences(text: str, part: str) -> Iterator[int]:
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)


def _alike(wanted: str, found: str) -> int:
    """Return how many letters of ``wanted`` stand in ``found``."""
    if wanted == found:
        return len(wanted)
    return max(0, len(wanted) - count_edits(wanted, found).errors)


@lru_cache(maxsize=4096)
def _letters(text: str) -> str:
    return "".join(letter for _, letter in _fold(text))


def _fold(text: str) -> Iterator[tuple[int, str]]:
    """Yield the letters and digits of ``text`` with their places, as they are compared."""
    letters = [
        (place, letter)
        for place, character in enumerate(text)
        for letter in unicodedata.normalize("NFKC", character).casefold()
        if letter.isalnum()
    ]
    folded = fold_characters([letter for _, letter in letters]) if letters else ()
    yield from zip((place for place, _ in letters), folded, strict=True)
