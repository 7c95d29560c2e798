"""Words to pieces that fit a cue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from subtools.core import CueRules, NameRoom, Transcript, Word
from subtools.cues.breaking import break_cost, join_words, known_spans
from subtools.lexicon import clause_ranges, columns

_COLON = 2  # columns; ": " or a full-width one


@dataclass(frozen=True, slots=True)
class Piece:
    """The words of a cue.

    Attributes:
        words: At least one, all of one speaker.
        room: Columns that its first line leaves free.
    """

    words: list[Word]
    room: int


def cut_pieces(transcript: Transcript, rules: CueRules) -> Iterator[Piece]:
    """Yield the words of cues, in order."""
    stretches = [
        stretch
        for paragraph in transcript.paragraphs
        for clause in _clauses(paragraph.words)
        for stretch in _stretches(clause, rules)
    ]
    yield from _cut_all(stretches, rules)


def _clauses(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Yield the clauses of a paragraph."""
    for indices in clause_ranges([word.text for word in words]):
        yield words[indices.start : indices.stop]


def _stretches(words: Sequence[Word], rules: CueRules) -> Iterator[list[Word]]:
    """Yield stretches of words that have one speaker and no long pause.

    Words without a time end a stretch and are in none, unless they are kept.
    """
    stretch: list[Word] = []
    for word in words:
        if stretch and not _goes_on(stretch, word, rules):
            yield stretch
            stretch = []
        if rules.keep_untimed or word.span is not None:
            stretch.append(word)
    if stretch:
        yield stretch


def _goes_on(stretch: Sequence[Word], after: Word, rules: CueRules) -> bool:
    if after.span is None and not rules.keep_untimed:
        return False
    before = known_spans(stretch)
    pause = after.span.start - before[-1].end if after.span and before else 0.0
    return stretch[-1].speaker == after.speaker and pause <= rules.max_pause


def _cut_all(stretches: Sequence[list[Word]], rules: CueRules) -> Iterator[Piece]:
    """Yield the stretches in pieces that fit a cue, with the room that names take."""
    before = None
    for stretch in stretches:
        speaker = stretch[0].speaker
        named = _name_room(speaker, rules) if speaker != before else 0
        later = _name_room(speaker, rules) if rules.name_room is NameRoom.EVERY else 0
        yield from _cut_to_size(stretch, rules, max(named, later), later)
        before = speaker


def _name_room(speaker: str | None, rules: CueRules) -> int:
    if not speaker or rules.name_room is NameRoom.NONE:
        return 0
    return min(columns(" ".join(speaker.split())) + _COLON, rules.max_columns // 2)


def _cut_to_size(words: list[Word], rules: CueRules, room: int, later: int) -> Iterator[Piece]:
    """Yield ``words`` in pieces that fit a cue, halved where it is best.

    The first line of the first piece leaves ``room`` columns, that of the others ``later``.
    """
    if len(words) < 2 or _fits(words, rules, room):
        yield Piece(words, room)
        return
    left = list(accumulate(columns(word.text) for word in words))
    cut = min(range(1, len(words)), key=lambda k: _cut_cost(words, k, left[k - 1] / left[-1]))
    yield from _cut_to_size(words[:cut], rules, room, later)
    yield from _cut_to_size(words[cut:], rules, later, later)


def _fits(words: Sequence[Word], rules: CueRules, room: int) -> bool:
    spans = known_spans(words)
    duration = spans[-1].end - spans[0].start if spans else 0.0
    return duration <= rules.max_duration and columns(join_words(words)) + room <= rules.capacity


def _cut_cost(words: Sequence[Word], index: int, left: float) -> float:
    """Return how bad it is to cut before ``words[index]``: uneven halves, no rest, no pause.

    ``left`` is the share of the text before the cut. In shares of the whole: a cut at the
    very edge costs 1, one inside a phrase 0.5 more than one at punctuation, and a pause
    of a second is worth 0.5.
    """
    before, after = words[index - 1].span, words[index].span
    pause = after.start - before.end if before and after else 0.0
    return abs(2 * left - 1) + break_cost(words, index) / 2 - min(1.0, max(0.0, pause)) / 2
