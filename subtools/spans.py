"""Stretches of time against each other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from subtools.core import Finding, FindingKind, Seconds, Span, Timed, Turn, overlap
from subtools.lexicon import is_spaceless

INNER_PAUSE: Seconds = 0.5  # a longer pause ends a turn
LOST_SPEECH = 1.5  # s of speech without a word: more than a breath, a laugh or an "uh"

LEAST_UNWRITTEN: Seconds = 0.6  # s of phones without a word: about three syllables
SYLLABLE, LETTER = 0.45, 0.12  # s that one lasts at most in a talk; the last of a sentence longer
WORD_ROOM: Seconds = 0.25  # s beyond that, for times that are off

UNRECOGNISED = "speech here that was not recognised"


def wordless_speech(
    window: Timed,
    words: Iterable[Timed],
    speech: Sequence[Span],
    least: Seconds = LOST_SPEECH,
) -> tuple[Span, ...]:
    """Return the stretches of ``window`` between words that hold ``least`` speech or more.

    Args:
        window: Where to look.
        words: In any order.
        speech: Where someone speaks, in order and without overlaps.
        least: In seconds.

    >>> wordless_speech(Span(0, 9), [Span(0, 2), Span(8, 9)], [Span(0, 5), Span(7, 9)])
    (Span(start=2, end=8),)
    """
    long = (gap for gap in _gaps(window, words) if gap.duration >= least)
    return tuple(gap for gap in long if speech_within(gap, speech) >= least)


def report_unrecognised(words: Iterable[Timed], speech: Sequence[Span]) -> Iterator[Finding]:
    """Yield a finding for all longer speech that no word covers."""
    if speech:
        for gap in wordless_speech(Span(speech[0].start, speech[-1].end), words, speech):
            yield Finding(FindingKind.NOT_IN_TEXT, "", UNRECOGNISED, gap)


def limit_word(word: Timed) -> Timed:
    """Return the time that ``word`` covers at most, from its onset on.

    What has no text (a span) covers all of its time.
    """
    text = getattr(word, "text", None)
    if text is None:
        return word
    wide = sum(map(is_spaceless, text))
    letters = sum(c.isalnum() for c in text) - wide
    longest = SYLLABLE * wide + LETTER * letters + WORD_ROOM
    return Span(word.start, min(word.end, word.start + longest))


def join_turns(turns: Iterable[Turn], gap: Seconds = INNER_PAUSE) -> tuple[Turn, ...]:
    """Return ``turns`` by onset, those of one speaker joined across pauses below ``gap``.

    Those that touch or overlap are always joined. The confidence of a joined turn is the
    mean of its parts', weighted with their lengths.

    >>> join_turns([Turn("A", 0, 1), Turn("A", 1.25, 2), Turn("B", 1, 1.5), Turn("A", 3, 4)])[0]
    Turn(speaker='A', start=0, end=2, confidence=None)
    """
    runs: dict[str, list[list[Turn]]] = {}
    for turn in sorted(turns, key=lambda turn: (turn.start, turn.end)):
        own = runs.setdefault(turn.speaker, [])
        end = max((before.end for before in own[-1]), default=0.0) if own else 0.0
        if own and (turn.start <= end or turn.start - end < gap):
            own[-1].append(turn)
        else:
            own.append([turn])
    joined = [_join(run) for own in runs.values() for run in own]
    return tuple(sorted(joined, key=lambda turn: (turn.start, turn.end, turn.speaker)))


def _join(run: Sequence[Turn]) -> Turn:
    if len(run) == 1:
        return run[0]
    rated = [
        (turn.end - turn.start, turn.confidence) for turn in run if turn.confidence is not None
    ]
    total = sum(length for length, _ in rated)
    mean = round(sum(length * sure for length, sure in rated) / total, 3) if total else None
    return Turn(run[0].speaker, run[0].start, max(turn.end for turn in run), mean)


def speech_within(window: Timed, speech: Sequence[Span]) -> Seconds:
    """Return how long someone speaks in ``window``, in seconds."""
    first = bisect_right(speech, window.start, key=lambda span: span.end)
    last = bisect_left(speech, window.end, key=lambda span: span.start)
    return sum(overlap(window, span) for span in speech[first:last])


def _gaps(window: Timed, words: Iterable[Timed]) -> Iterator[Span]:
    """Yield what no word covers of ``window``."""
    now = window.start
    for word in sorted(words, key=lambda word: word.start):
        if word.end > window.start and word.start < window.end:
            yield Span(now, max(now, word.start))
            now = max(now, word.end)
    yield Span(now, max(now, window.end))
