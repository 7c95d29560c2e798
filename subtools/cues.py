"""Timed words to cues.

A cue is a clause of the document. A clause that is too long for the lines of one cue is
cut where a reader can rest; a clause whose time is unknown gives no cue. The words are
never changed: joined, the cues' texts are the text of all timed words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from subtools.core import Cue, Seconds, Transcript, Word
from subtools.lexicon import clause_ranges, columns, is_spaceless, may_pause, word_core


@dataclass(frozen=True, slots=True)
class CueRules:
    """How cues are cut and held.

    Attributes:
        max_columns: Longest line; a Han character takes two columns, a Latin letter one.
        max_lines: Most lines of a cue.
        min_duration: Shortest cue, in seconds, where there is room until the next.
        max_duration: Longest cue, in seconds, unless it is a single word.
        max_pause: Longest pause that a cue stays on through, in seconds.
    """

    max_columns: int = 42  # Netflix: 42 characters of Latin script in a line
    max_lines: int = 2
    min_duration: Seconds = 5 / 6  # Netflix: 20 frames at 24 frames a second
    max_duration: Seconds = 7.0  # Netflix
    max_pause: Seconds = 2.0  # a reader takes a longer one for the end of the sentence

    @property
    def capacity(self) -> int:
        """Columns that a whole cue holds."""
        return self.max_columns * self.max_lines


PLAIN_RULES = CueRules()


def segment_cues(transcript: Transcript, rules: CueRules = PLAIN_RULES) -> tuple[Cue, ...]:
    """Return the cues of all words of ``transcript`` that have a time, in order.

    No two overlap, none is empty, and none holds two speakers.
    """
    cues = [
        _compose_cue(words, rules)
        for paragraph in transcript.paragraphs
        for clause in _clauses(paragraph.words)
        for stretch in _timed_stretches(clause, rules.max_pause)
        for words in _cut_to_size(stretch, rules)
    ]
    return _hold(cues, rules.min_duration)


def _clauses(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Yield the clauses of a paragraph."""
    for indices in clause_ranges([word.text for word in words]):
        yield words[indices.start : indices.stop]


def _timed_stretches(words: Sequence[Word], max_pause: Seconds) -> Iterator[list[Word]]:
    """Yield stretches of words that have times, one speaker and no long pause."""
    stretch: list[Word] = []
    for word in words:
        if stretch and not _goes_on(stretch[-1], word, max_pause):
            yield stretch
            stretch = []
        if word.span is not None:
            stretch.append(word)
    if stretch:
        yield stretch


def _goes_on(before: Word, after: Word, max_pause: Seconds) -> bool:
    if before.span is None or after.span is None:
        return False
    return before.speaker == after.speaker and after.span.start - before.span.end <= max_pause


def _cut_to_size(words: list[Word], rules: CueRules) -> Iterator[list[Word]]:
    """Yield ``words`` in pieces that fit a cue, halved where it is best."""
    if len(words) < 2 or _fits(words, rules):
        yield words
        return
    left = list(accumulate(columns(word.text) for word in words))
    cut = min(range(1, len(words)), key=lambda k: _cut_cost(words, k, left[k - 1] / left[-1]))
    yield from _cut_to_size(words[:cut], rules)
    yield from _cut_to_size(words[cut:], rules)


def _fits(words: Sequence[Word], rules: CueRules) -> bool:
    first, last = words[0].span, words[-1].span
    duration = last.end - first.start if first and last else 0.0
    return duration <= rules.max_duration and columns(_text(words)) <= rules.capacity


def _cut_cost(words: Sequence[Word], index: int, left: float) -> float:
    """Return how bad it is to cut before ``words[index]``: uneven halves, no rest, no pause.

    ``left`` is the share of the text before the cut. In shares of the whole: a cut at the
    very edge costs 1, one inside a phrase 0.5 more than one at punctuation, and a pause
    of a second is worth 0.5.
    """
    before, after = words[index - 1].span, words[index].span
    pause = after.start - before.end if before and after else 0.0
    return abs(2 * left - 1) + _break_cost(words, index) / 2 - min(1.0, max(0.0, pause)) / 2


def _break_cost(words: Sequence[Word], index: int) -> float:
    """Return 0 at punctuation, 1 inside a phrase, 3 inside a term, less at a space."""
    before, after = words[index - 1].text, words[index].text
    if _is_one_term(before, after):
        return 3.0
    if may_pause(before):
        return 0.0
    return 0.4 if before[-1].isspace() and not _joins_scripts(before, after) else 1.0


def _is_one_term(before: str, after: str) -> bool:
    """Tell whether two words are written as one: ``GPT-`` and ``4``, ``3。`` and ``5``."""
    if before[-1].isspace() or is_spaceless(word_core(before)) or is_spaceless(word_core(after)):
        return False
    is_number = word_core(before)[-1:].isdigit() and after[:1].isdigit()
    return is_number or not may_pause(before)


def _joins_scripts(before: str, after: str) -> bool:
    """Tell whether one of two words is Latin and the other is not."""
    return is_spaceless(word_core(before)) != is_spaceless(word_core(after))


def _compose_cue(words: Sequence[Word], rules: CueRules) -> Cue:
    spans = [word.span for word in words if word.span is not None]
    confidence, reason = _judge(words)
    return Cue(
        start=spans[0].start,
        end=max(span.end for span in spans),
        lines=_wrap(words, rules),
        speaker=words[0].speaker,
        confidence=confidence,
        reason=reason,
    )


def _judge(words: Sequence[Word]) -> tuple[float, str]:
    """Return confidence of a cue and the reason: interpolated words count as 0."""
    heard = [word.confidence for word in words if word.confidence is not None]
    confidence = round(sum(heard) / len(words), 3)
    if len(heard) == len(words):
        return confidence, f"all {len(words)} words heard"
    return confidence, f"{len(heard)} of {len(words)} words heard, the others timed between them"


def _wrap(words: Sequence[Word], rules: CueRules) -> tuple[str, ...]:
    """Return the lines of a cue: one if it fits, else two that are about as long."""
    text = _text(words).strip()
    if columns(text) <= rules.max_columns or len(words) < 2:
        return (text,)
    cuts = range(1, len(words))
    fitting = [c for c in cuts if max(map(columns, _halves(words, c))) <= rules.max_columns]
    cut = min(fitting or cuts, key=lambda index: _wrap_cost(words, index))
    return tuple(line for line in _halves(words, cut) if line)


def _wrap_cost(words: Sequence[Word], index: int) -> float:
    """Return how bad a line break is; the words are on screen together, so pauses do not count."""
    left, right = map(columns, _halves(words, index))
    return abs(left - right) / max(1, left + right) + _break_cost(words, index) / 2


def _halves(words: Sequence[Word], index: int) -> tuple[str, str]:
    return _text(words[:index]).strip(), _text(words[index:]).strip()


def _text(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words)


def _hold(cues: Sequence[Cue], min_duration: Seconds) -> tuple[Cue, ...]:
    """Return ``cues`` that end before the next begins and last long enough where they can."""
    limits = [after.start for _, after in pairwise(cues)] + [float("inf")]
    return tuple(
        replace(cue, end=max(cue.start, min(max(cue.end, cue.start + min_duration), limit)))
        for cue, limit in zip(cues, limits, strict=False)
    )
