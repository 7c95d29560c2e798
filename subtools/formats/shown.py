"""What all formats agree on: which cues and lines are shown, and where words stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeGuard

from subtools.core import Cue, Remark, Seconds, Span, Word
from subtools.formats.text import joint
from subtools.formats.voices import split_voices
from subtools.lexicon import clean_name
from subtools.markup import parse_markup
from subtools.timecode import to_milliseconds

LONGEST_TIME = 1e9  # seconds, 31 years; what is beyond it was never a time


def shown_cues(cues: Iterable[Cue], *, parted: bool = True) -> tuple[Cue, ...]:
    """Return the cues that have text, without their blank lines.

    Args:
        cues: All of them.
        parted: Whether a cue of several speakers becomes a cue for each.

    >>> shown_cues([Cue(0, 1, ("a", " ", "b")), Cue(1, 2, ("",))])[0].lines
    ('a', 'b')
    """
    parts = (part for cue in cues for part in (split_voices(cue) if parted else (cue,)))
    cleaned = (
        replace(cue, lines=lines) if (lines := split_lines(cue.text)) != cue.lines else cue
        for cue in parts
    )
    return tuple(cue for cue in cleaned if cue.lines)


def split_lines(text: str) -> tuple[str, ...]:
    """Return the lines of ``text`` that are not blank, with no half of a surrogate pair in them."""
    lines = tuple(line for line in text.splitlines() if line.strip())
    try:
        text.encode()
    except UnicodeEncodeError:  # "\ud83d" alone in JSON: no file can hold it
        return tuple(line.encode("utf-8", "replace").decode() for line in lines)
    return lines


def name_of(cue: Cue) -> str:
    """Return the name of the speaker as it is written; empty if there is none."""
    return clean_name(cue.speaker or "")


def make_cue(start: Seconds, end: Seconds, text: str, speaker: str = "") -> Cue:
    """Return a cue of ``text``; its lines may be none, for ``shown_cues`` to leave out."""
    return Cue(start, end, split_lines(text), clean_name(speaker) or None)


def mend_times(start: Seconds, end: Seconds, where: str) -> tuple[Seconds, Seconds, list[Remark]]:
    """Return times that a cue can have, with remarks on what was changed.

    >>> mend_times(-1, 2, "entry 3")[2]
    [Remark(text='entry 3 begins before 0: moved there', line=None)]
    """
    remarks = []
    if start < 0:
        remarks.append(Remark(f"{where} begins before 0: moved there"))
        start, end = 0.0, max(end, 0.0)
    if end < start:
        remarks.append(Remark(f"{where} ends before it begins: shown for no time"))
        end = start
    return start, end, remarks


def is_time(value: object) -> TypeGuard[float]:
    """Tell whether ``value`` is a number that can be a time in seconds.

    >>> is_time(1), is_time(1.5), is_time(True), is_time("1"), is_time(float("nan"))
    (True, True, False, False, False)
    """
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return abs(value) <= LONGEST_TIME


def find_words(text: str, words: Sequence[Word]) -> list[int]:
    r"""Return where in ``text`` each of ``words`` begins; nothing if they are not its words.

    >>> find_words("Hello,\nworld", [Word("Hello, "), Word("world")])
    [0, 7]
    """
    places, position = [], 0
    for word in words:
        core = word.text.strip()
        place = text.find(core, position) if core else -1
        if place < 0:
            return []
        places.append(place)
        position = place + len(core)
    return places


def fit_words(cue: Cue, words: Sequence[Word]) -> tuple[Word, ...]:
    """Return ``words`` with the texts that they have in ``cue``, punctuation and spaces too.

    Joined, they are the text of the cue; none if they are not its words.

    >>> [word.text for word in fit_words(Cue(0, 1, ("So, you",)), [Word("So"), Word("you")])]
    ['So, ', 'you']
    """
    text = cue.text
    places = find_words(text, words)
    if not places:
        return ()
    borders = [0, *places[1:], len(text)]
    pieces = (text[a:b] for a, b in pairwise(borders))
    following = [*(text[place : place + 1] for place in places[1:]), ""]
    return tuple(
        replace(word, text=_on_one_line(piece, after))
        for word, piece, after in zip(words, pieces, following, strict=True)
    )


def words_of(cue: Cue) -> tuple[Word, ...]:
    """Return the words of ``cue``; where it has none, what stands between the times in its markup.

    >>> [word.text for word in words_of(Cue(0, 2, ("so long",), markup="so <00:01.500>long"))]
    ['so ', 'long']
    """
    if cue.words or "<" not in cue.markup:
        return cue.words
    pieces: list[tuple[Seconds, str]] = [(cue.start, "")]
    for token in parse_markup(cue.markup):
        if token.time is not None:
            pieces.append((token.time, ""))
        else:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + token.text)
    if len(pieces) == 1:
        return ()
    ends = [*(start for start, _ in pieces[1:]), cue.end]
    return fit_words(
        cue,
        [
            Word(text, Span(start, end) if start < end else None)
            for (start, text), end in zip(pieces, ends, strict=True)
            if text.strip()
        ],
    )


def timed_words(cue: Cue) -> list[tuple[int, Word, Span]]:
    """Return the words of ``cue`` that have a time: where in its text, the word, when.

    Times that run backwards are not there; nor is any word, if they are not those of the text.
    """
    found, reached = [], to_milliseconds(cue.start)
    words = words_of(cue)
    for place, word in zip(find_words(cue.text, words), words, strict=False):
        if word.span is not None and to_milliseconds(word.span.start) >= reached:
            found.append((place, word, word.span))
            reached = to_milliseconds(word.span.end)
    return found


def _on_one_line(piece: str, following: str) -> str:
    """Return a piece of a cue without its line breaks."""
    first, *others = piece.split("\n")
    for line in others:
        first += joint(first, line or following) + line
    return first
