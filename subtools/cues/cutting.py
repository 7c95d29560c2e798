"""Where words are cut into cues: the cheapest way there is, over the whole text.

Each way to cut has a cost; dynamic programming finds the cheapest of all. First of
all no line may be too long; then as few rules as possible are broken (too fast to read, on
too briefly or too long): each such fault costs more than all wishes together, so none
remains that words and times allow to avoid. Among ways with equally many faults, wishes
decide:

- end where a reader can rest: after a sentence, then a clause, then a phrase; the more
  so in a pause;
- hold one sentence, not the end of one and the beginning of the next;
- stay on through no pause;
- be neither a lone fragment (``然後``) nor a wall of text; few cues;
- leave time to read; break lines where the text rests, one above the other about as long.

The figures were set by reading subtitles of talks made for training, not of the panel.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

from subtools.core import CueRules, Seconds
from subtools.cues.layout import DASH, Layout, find_places, measure_words
from subtools.cues.lines import LineBreaker, line_breaker
from subtools.cues.stretches import Stretch
from subtools.cues.timing import best_end, reading_time
from subtools.phrasing import INSIDE

FAULT = 1e3
_PARTED = 5 * FAULT  # a cue that ends inside a word or a name
_CUE = 1.0  # each cue: few are better than many
_END = 3.5  # of what it costs to break at its end
_CROSSED = 1.2  # a sentence that ends inside
_PAUSE = 3.0  # a second of silence inside; or before the next cue, but as a gain
_PAUSE_GAIN = 2.0
_FRAGMENT = 1.5  # none of the text that makes a cue worth looking at
_WORTH = 12  # columns that do
_FLASH = 1.5  # a second less than ``_CALM``
_CALM: Seconds = 1.3
_LONG = 0.4  # a second more than ``_EASY``
_EASY: Seconds = 5.0
_HASTE = 3.0  # for each time that easy reading takes longer than the cue is on
_EASE = 0.8  # of the speed that people can read at
_SHARED = 2.0  # two speakers in one cue
_TICK: Seconds = 0.001  # times are written in milliseconds


@dataclass(frozen=True, slots=True)
class Piece:
    """The words of a cue, by place.

    Attributes:
        first: Place of its first word.
        last: Place after its last word.
        breaks: Places where lines after the first begin.
        is_shared: Whether its second line is somebody else's.
    """

    first: int
    last: int
    breaks: tuple[int, ...] = ()
    is_shared: bool = False


def cut_words(
    stretches: Sequence[Stretch], rules: CueRules, names: Collection[str] = ()
) -> tuple[Layout, list[Piece]]:
    """Return the words of ``stretches``, measured, and the best pieces they can be cut into."""
    layout = measure_words(stretches, rules, names)
    places = find_places(layout, rules)
    search = _Search(layout, places, rules, line_breaker(layout, places, rules))
    return layout, search.best_pieces()


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for the best cuts of one text."""

    layout: Layout
    places: Sequence[int]
    rules: CueRules
    break_lines: LineBreaker

    def best_pieces(self) -> list[Piece]:
        """Return the cheapest pieces, in order."""
        size = len(self.places)
        costs = [0.0] + [float("inf")] * (size - 1)
        chosen: list[tuple[int, Piece]] = [(0, Piece(0, 0))] * size
        for first in range(size - 1):
            for last, piece, cost in self._pieces_from(first):
                total = costs[first] + cost
                if total < costs[last]:
                    costs[last], chosen[last] = total, (first, piece)
        return self._trace(chosen)

    def _trace(self, chosen: Sequence[tuple[int, Piece]]) -> list[Piece]:
        pieces, place = [], len(self.places) - 1
        while place > 0:
            place, piece = chosen[place]
            pieces.append(piece)
        return pieces[::-1]

    def _pieces_from(self, first: int) -> Iterator[tuple[int, Piece, float]]:
        """Yield where each piece that begins at ``first`` ends, the piece, and its cost."""
        start = self.places[first]
        stretch_end = self.layout.ends[start]
        for last in range(first + 1, len(self.places)):
            end = self.places[last]
            if end > stretch_end or (last > first + 1 and self._is_hopeless(start, end)):
                break
            cost, piece = self._best_piece(first, last)
            yield last, piece, cost
        if self.rules.is_shared and stretch_end in self.layout.answers:
            yield from self._shared_from(first, stretch_end)

    def _best_piece(self, first: int, last: int) -> tuple[float, Piece]:
        """Return the piece between two places, and its cost; a space less may save it."""
        start, end = self.places[first], self.places[last]
        lines = self.break_lines(first, last)
        piece = Piece(start, end, lines.breaks)
        best = lines.cost + self._cost(piece), piece
        if best[0] < FAULT or not lines.breaks:
            return best
        lines = self.break_lines(first, last, is_narrow=True)
        piece = Piece(start, end, lines.breaks)
        return min(best, (lines.cost + self._cost(piece), piece), key=itemgetter(0))

    def _is_hopeless(self, start: int, end: int) -> bool:
        """Tell whether the words are far too many, or take far too long, for one cue."""
        seconds = self.layout.offsets[end - 1] - self.layout.onsets[start]
        return (
            self.layout.width(start, end) > self.rules.capacity
            or seconds > self.rules.max_duration + self.rules.min_duration
        )

    def _shared_from(self, first: int, change: int) -> Iterator[tuple[int, Piece, float]]:
        """Yield pieces that begin at ``first`` and end with words of whoever goes on."""
        start = self.places[first]
        upper = self.layout.width(start, change) + DASH
        if upper > self.rules.max_columns or self.rules.max_lines < 2:
            return
        for last in range(first + 1, len(self.places)):
            end = self.places[last]
            if end <= change:
                continue
            lower = self.layout.width(change, end) + DASH
            if end > self.layout.ends[change] or lower > self.rules.max_columns:
                return
            piece = Piece(start, end, (change,), is_shared=True)
            yield last, piece, self._cost(piece) + _SHARED

    def _cost(self, piece: Piece) -> float:
        """Return what a piece costs, its lines left out."""
        start, end = piece.first, piece.last
        width = self._width(piece)
        cost = _CUE + self._end_cost(end) + self._inner_cost(start, end)
        cost += _FRAGMENT * max(0.0, 1 - width / _WORTH)
        return cost + (self._time_cost(start, end, width) if self.layout.is_timed[start] else 0.0)

    def _width(self, piece: Piece) -> int:
        """Return the columns that are to be read."""
        places = (piece.first, *piece.breaks, piece.last)
        width = sum(self.layout.width(first, last) for first, last in pairwise(places))
        return width + (2 * DASH if piece.is_shared else 0)

    def _end_cost(self, end: int) -> float:
        """Return what it costs to end a cue here, less in a pause."""
        if end == len(self.layout.words) or self.layout.ends[end - 1] == end:
            return 0.0
        broken = self.layout.breaks[end]
        pause = min(1.0, self.layout.pauses[end])
        return _END * broken - _PAUSE_GAIN * pause + (_PARTED if broken >= INSIDE else 0.0)

    def _inner_cost(self, start: int, end: int) -> float:
        """Return what it costs that a cue goes on over ends of sentences and pauses."""
        sentences, silence = self.layout.sentences, self.layout.silence
        crossed = sentences[end - 1] - sentences[start]
        return _CROSSED * crossed + _PAUSE * (silence[end - 1] - silence[start])

    def _time_cost(self, start: int, end: int, width: int) -> float:
        rules, layout = self.rules, self.layout
        onset = layout.onsets[start]
        following = layout.onsets[end] if end < len(layout.words) else float("inf")
        spoken = max(onset, layout.offsets[end - 1])
        reading = reading_time(width, layout.spaced[end] - layout.spaced[start], rules)
        off = best_end(onset, spoken, reading, max(onset, following), rules)
        duration = off - onset
        return _faults(duration, reading, end - start, rules) + _comfort(duration, reading)


def _faults(duration: Seconds, reading: Seconds, words: int, rules: CueRules) -> float:
    """Return ``FAULT`` for each rule that a cue breaks, and a little for how much."""
    cost = 0.0
    if duration < rules.min_duration - _TICK:
        cost += FAULT + 10 * (1 - duration / rules.min_duration)
    if duration > rules.max_duration + _TICK and words > 1:
        cost += FAULT + duration / rules.max_duration
    is_limited = rules.max_speed is not None or rules.max_words_per_minute is not None
    if is_limited and reading > duration + _TICK:
        cost += FAULT + min(100.0, reading / max(duration, _TICK))
    return cost


def _comfort(duration: Seconds, reading: Seconds) -> float:
    haste = min(2.0, max(0.0, reading / _EASE / max(duration, _TICK) - 1))
    return _FLASH * max(0.0, _CALM - duration) + _LONG * max(0.0, duration - _EASY) + _HASTE * haste
