"""Words measured: what the search for the best cues looks up instead of computing it again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

from subtools.core import CueRules, NameRoom, Punctuation, Seconds, Word
from subtools.cues.stretches import Stretch
from subtools.lexicon import columns, is_spaceless, word_core
from subtools.phrasing import INSIDE, PLAIN, SENTENCE, break_costs
from subtools.typography import typeset_lines

_COLON = 2  # columns; ": " or a full-width one
DASH = 1  # columns
BREATH: Seconds = 0.3  # a shorter silence is not heard as one


@dataclass(frozen=True, slots=True)
class Layout:
    """The words that are shown, as numbers; ``n`` words have places 0 to ``n`` between them.

    Attributes:
        words: All of them, in order.
        breaks: What it costs to break before each place (``phrasing``); n + 1 values.
        ends: For each place, the first place after it where a stretch ends.
        answers: Places where somebody else goes on at once.
        before: Columns of all words before each place; n + 1 values.
        trimmed: How many columns each word is narrower at the end of a line.
        onsets: When each word begins (or the next that has a time), on the grid of times.
        offsets: When each word is over (or the last that has a time).
        is_timed: Whether each word's stretch has times.
        rooms: Columns that the first line of a cue leaves free that begins with each word.
        pauses: Silence before each word, in seconds.
        sentences: How many sentences have ended before each place.
        silence: Seconds of pauses before each place, breaths left out.
        spaced: How many words of scripts with spaces stand before each place.
    """

    words: tuple[Word, ...]
    breaks: tuple[float, ...]
    ends: tuple[int, ...]
    answers: frozenset[int]
    before: tuple[int, ...]
    trimmed: tuple[int, ...]
    onsets: tuple[Seconds, ...]
    offsets: tuple[Seconds, ...]
    is_timed: tuple[bool, ...]
    rooms: tuple[int, ...]
    pauses: tuple[Seconds, ...]
    sentences: tuple[int, ...]
    silence: tuple[Seconds, ...]
    spaced: tuple[int, ...]

    def width(self, first: int, last: int) -> int:
        """Return the columns of a line of the words [first, last)."""
        return self.before[last] - self.before[first] - self.trimmed[last - 1]


def measure_words(
    stretches: Sequence[Stretch], rules: CueRules, names: Collection[str] = ()
) -> Layout:
    """Return the words of ``stretches``, measured.

    Args:
        stretches: In order.
        rules: How they are written.
        names: Names and terms that stay whole.
    """
    words = tuple(word for stretch in stretches for word in stretch.words)
    widths = [_widths(word.text, rules.punctuation) for word in words]
    lengths = [len(stretch.words) for stretch in stretches]
    bounds = list(accumulate(lengths))
    onsets, offsets = _times(stretches, rules)
    silences = (
        max(0.0, after - before) for before, after in zip(offsets, onsets[1:], strict=False)
    )
    pauses = (0.0, *silences)[: len(words)]
    breaks = _breaks(stretches, pauses, names)
    return Layout(
        words=words,
        breaks=(*breaks, 0.0),
        ends=tuple(end for end, n in zip(bounds, lengths, strict=True) for _ in range(n)),
        answers=frozenset(end for end, s in zip(bounds, stretches, strict=True) if s.is_answered),
        before=(0, *accumulate(inside for inside, _ in widths)),
        trimmed=tuple(inside - last for inside, last in widths),
        onsets=onsets,
        offsets=offsets,
        is_timed=tuple(timed for s in stretches for timed in [_has_times(s)] * len(s.words)),
        rooms=tuple(_rooms(stretches, rules)),
        pauses=pauses,
        sentences=tuple(accumulate(cost == SENTENCE for cost in [*breaks, 1.0])),
        spaced=(0, *accumulate(_is_spaced(word) for word in words)),
        silence=tuple(accumulate(pause if pause > BREATH else 0.0 for pause in [*pauses, 0.0])),
    )


def _is_spaced(word: Word) -> bool:
    core = word_core(word.text)
    return bool(core) and not is_spaceless(core)


@cache
def _widths(text: str, punctuation: Punctuation) -> tuple[int, int]:
    """Return the columns of a word inside a line, and at its end."""
    if punctuation is Punctuation.KEPT:
        return columns(text), columns(text.rstrip())
    (inside,) = typeset_lines([f"{text}口"], punctuation)
    (last,) = typeset_lines([text], punctuation)
    return columns(inside) - 2, columns(last)


def _breaks(
    stretches: Sequence[Stretch], pauses: Sequence[Seconds], names: Collection[str]
) -> list[float]:
    """Return what it costs to break before each word; where somebody pauses ends a word."""
    texts = [[word.text for word in stretch.words] for stretch in stretches]
    costs = [cost for words in texts for cost in break_costs(words, names)]
    return [
        min(cost, PLAIN) if pause > BREATH else cost
        for cost, pause in zip(costs, pauses, strict=True)
    ]


def _has_times(stretch: Stretch) -> bool:
    return any(word.span is not None for word in stretch.words)


def _times(
    stretches: Sequence[Stretch], rules: CueRules
) -> tuple[tuple[Seconds, ...], tuple[Seconds, ...]]:
    """Return onset and offset of each word; one without a time has its neighbours'.

    Onsets lie on the grid that the times of cues are put on.
    """
    onsets: list[Seconds] = []
    offsets: list[Seconds] = []
    last = 0.0
    for stretch in stretches:
        following = last
        backwards: list[Seconds] = []
        for word in reversed(stretch.words):
            following = word.span.start if word.span else (following if backwards else last)
            backwards.append(following)
        onsets += [on_grid(onset, rules) for onset in reversed(backwards)]
        for word in stretch.words:
            last = word.span.end if word.span else last
            offsets.append(last)
    return tuple(onsets), tuple(offsets)


def on_grid(seconds: Seconds, rules: CueRules) -> Seconds:
    """Return the frame that is next to ``seconds``, where the rules have frames.

    >>> on_grid(1.0101, CueRules(frame_rate=25)), on_grid(1.0101, CueRules())
    (1.0, 1.0101)
    """
    if rules.frame_rate is None:
        return seconds
    return int(seconds * rules.frame_rate + 0.5) / rules.frame_rate


def _rooms(stretches: Sequence[Stretch], rules: CueRules) -> list[int]:
    """Return the room for a name before the cue that begins with each word."""
    rooms, before = [], None
    for stretch in stretches:
        room = _name_room(stretch.speaker, rules)
        first = room if stretch.speaker != before or rules.name_room is NameRoom.EVERY else 0
        later = room if rules.name_room is NameRoom.EVERY else 0
        rooms += [first, *[later] * (len(stretch.words) - 1)]
        before = stretch.speaker
    return rooms


def _name_room(speaker: str | None, rules: CueRules) -> int:
    if not speaker or rules.name_room is NameRoom.NONE:
        return 0
    return min(columns(" ".join(speaker.split())) + _COLON, rules.max_columns // 2)


def find_places(layout: Layout, rules: CueRules) -> list[int]:
    """Return the places where a line or a cue may end: all but those inside words.

    Where a line is too short for what would have to stay whole, that may be parted, too.
    """
    length = len(layout.words)
    whole = [k for k in range(length + 1) if k in (0, length) or _is_open(layout, k)]
    places = []
    for first, last in pairwise(whole):
        places.append(first)
        if layout.width(first, last) + layout.rooms[first] > rules.max_columns:
            places += range(first + 1, last)
    return [*places, length]


def _is_open(layout: Layout, place: int) -> bool:
    return layout.breaks[place] < INSIDE or layout.ends[place - 1] == place
