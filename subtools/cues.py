"""Timed words to cues.

A cue is a clause of the document. A clause that is too long for the lines of one cue is
cut where a reader can rest; a clause whose time is unknown gives no cue, unless the rules
say so. The words are never changed: joined, the cues' texts are the text of all timed
words, or with ``keep_untimed`` of all words.

A cue's confidence is the mean of its words', those without one counting as 0: the share of
its words that can be expected to be right. The reason says how many were heard, and what
speaks against the others.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise

from subtools.core import Cue, Finding, FindingKind, Seconds, Span, Transcript, Word
from subtools.lexicon import clause_ranges, columns, is_spaceless, may_pause, word_core

NO_TIME_KNOWN = "no time known"  # reason of a cue that stands between its neighbours' times
SPOKEN_WORD: Seconds = 0.2  # about what a syllable of Mandarin takes; only where nothing is known
TOUCHING: Seconds = 0.05  # a finding that reaches no further into a cue is its neighbour's
DOUBTFUL = 0.5  # confidence of a word below which it is likelier wrong than right
_DOUBTS = {
    FindingKind.MISHEARD: "something else is heard here",
    FindingKind.LOW_CONFIDENCE: "the sound fits the text badly",
    FindingKind.OVERLAPPING_SPEECH: "more than one person speaks",
}

Pieces = list[list[Word]]


@dataclass(frozen=True, slots=True)
class CueRules:
    """How cues are cut and held.

    Attributes:
        max_columns: Longest line; a Han character takes two columns, a Latin letter one.
        max_lines: Most lines of a cue.
        min_duration: Shortest cue, in seconds, where there is room until the next.
        max_duration: Longest cue, in seconds, unless it is a single word.
        max_pause: Longest pause that a cue stays on through, in seconds.
        keep_untimed: Whether words without a time are shown too: those of a clause that
            has times in it, and other clauses in cues between their neighbours, with the
            confidence 0 and the reason ``NO_TIME_KNOWN``.
    """

    max_columns: int = 42  # Netflix: 42 characters of Latin script in a line
    max_lines: int = 2
    min_duration: Seconds = 5 / 6  # Netflix: 20 frames at 24 frames a second
    max_duration: Seconds = 7.0  # Netflix
    max_pause: Seconds = 2.0  # a reader takes a longer one for the end of the sentence
    keep_untimed: bool = False

    @property
    def capacity(self) -> int:
        """Columns that a whole cue holds."""
        return self.max_columns * self.max_lines


PLAIN_RULES = CueRules()


def segment_cues(
    transcript: Transcript,
    rules: CueRules = PLAIN_RULES,
    findings: Sequence[Finding] = (),
) -> tuple[Cue, ...]:
    """Return the cues of all words of ``transcript`` that have a time, in order.

    No two overlap, none is empty, and none holds two speakers. With ``keep_untimed``
    the cues of all words; one that finds no room between its neighbours lasts no time.

    Args:
        transcript: Words with their times.
        rules: How they are cut.
        findings: What is to be said of the cues that it is about, as their reason.
    """
    pieces = [
        words
        for paragraph in transcript.paragraphs
        for clause in _clauses(paragraph.words)
        for stretch in _stretches(clause, rules)
        for words in _cut_to_size(stretch, rules)
    ]
    return _hold(_add_doubts(list(_compose_cues(pieces, rules)), findings), rules.min_duration)


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
    before = _spans(stretch)
    pause = after.span.start - before[-1].end if after.span and before else 0.0
    return stretch[-1].speaker == after.speaker and pause <= rules.max_pause


def _spans(words: Sequence[Word]) -> list[Span]:
    return [word.span for word in words if word.span is not None]


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
    spans = _spans(words)
    duration = spans[-1].end - spans[0].start if spans else 0.0
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


def _compose_cues(pieces: Pieces, rules: CueRules) -> Iterator[Cue]:
    """Yield a cue for each piece; those without a time share what is between the others."""
    runs = [(timed, list(run)) for timed, run in groupby(pieces, lambda p: bool(_spans(p)))]
    for index, (is_timed, run) in enumerate(runs):
        if is_timed:
            yield from (_compose_cue(words, rules) for words in run)
        else:
            start = max(s.end for s in _spans(runs[index - 1][1][-1])) if index else 0.0
            following = runs[index + 1][1][0] if index + 1 < len(runs) else []
            end = _spans(following)[0].start if following else float("inf")
            yield from _place_between(run, start, max(start, end), rules)


def _place_between(pieces: Pieces, start: Seconds, end: Seconds, rules: CueRules) -> Iterator[Cue]:
    """Yield cues for pieces without a time that share ``start`` to ``end`` by their lengths.

    Where there is more room than they need, each begins its share; where it has no end,
    they follow one another.
    """
    needs = [max(rules.min_duration, SPOKEN_WORD * len(words)) for words in pieces]
    stretched = (end - start) / sum(needs) if end < float("inf") else 1.0
    for words, need in zip(pieces, needs, strict=True):
        share = need * stretched
        onset, start = start, min(end, start + share)
        offset = min(start, onset + min(need, rules.max_duration))
        lines, speaker = _wrap(words, rules), words[0].speaker
        yield Cue(onset, max(onset, offset), lines, speaker, 0.0, NO_TIME_KNOWN)


def _compose_cue(words: Sequence[Word], rules: CueRules) -> Cue:
    spans = _spans(words)
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
    doubtful = sum(rated < DOUBTFUL for rated in heard)
    reason = _count_heard(words, len(heard))
    return confidence, f"{reason}; {doubtful} doubtful" if doubtful else reason


def _count_heard(words: Sequence[Word], heard: int) -> str:
    everything = "its one word" if len(words) == 1 else f"all {len(words)} words"
    is_timed = len(_spans(words)) == len(words)
    if heard == len(words):
        return f"{everything} heard"
    if not heard and is_timed:
        return f"{everything} timed between others, not heard"
    others = "the other" if heard == len(words) - 1 else "the others"
    how = "timed between them" if is_timed else "without a time"
    return f"{heard} of {len(words)} words heard, {others} {how}"


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


def _add_doubts(cues: Sequence[Cue], findings: Sequence[Finding]) -> list[Cue]:
    """Return ``cues`` whose reasons name the findings that they overlap, each kind once."""
    doubted = list(cues)
    starts, ends = [cue.start for cue in cues], [cue.end for cue in cues]
    for finding in findings:
        doubt = _DOUBTS.get(finding.kind)
        if doubt is None or finding.span is None:
            continue
        first = bisect_right(ends, finding.span.start + TOUCHING)
        last = bisect_left(starts, finding.span.end - TOUCHING)
        for index in range(first, last):
            reason = doubted[index].reason
            if doubt not in reason and reason != NO_TIME_KNOWN:
                doubted[index] = replace(doubted[index], reason=f"{reason}; {doubt}")
    return doubted


def _hold(cues: Sequence[Cue], min_duration: Seconds) -> tuple[Cue, ...]:
    """Return ``cues`` that end before the next begins and last long enough where they can."""
    limits = [after.start for _, after in pairwise(cues)] + [float("inf")]
    return tuple(
        replace(cue, end=max(cue.start, min(max(cue.end, cue.start + min_duration), limit)))
        for cue, limit in zip(cues, limits, strict=False)
    )
