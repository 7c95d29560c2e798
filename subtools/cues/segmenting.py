"""Pieces of text to cues with times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from subtools.core import PLAIN_RULES, Cue, CueRules, Finding, Seconds, Transcript
from subtools.cues.breaking import known_spans
from subtools.cues.cutting import Piece, cut_pieces
from subtools.cues.judging import NO_TIME_KNOWN, add_doubts, judge_words
from subtools.cues.wrapping import wrap_piece
from subtools.lexicon import columns

SPOKEN_WORD: Seconds = 0.2  # about what a syllable of Mandarin takes; only where nothing is known
READABLE = 18.0  # columns a second; Netflix: 9 Han characters, about as many of Latin script


def segment_cues(
    transcript: Transcript,
    rules: CueRules = PLAIN_RULES,
    findings: Sequence[Finding] = (),
) -> tuple[Cue, ...]:
    """Return the cues of all words of ``transcript`` that have a time, in order.

    No two overlap, none is empty, and none holds two speakers. With ``keep_untimed``
    the cues of all words; one that finds no room between its neighbours lasts no time.
    A cue begins with its first word, unless the one before, of words that sound at the
    same time or later, had no time to be seen.

    Args:
        transcript: Words with their times.
        rules: How they are cut.
        findings: What is to be said of the cues that it is about, as their reason.
    """
    cues = list(_compose_cues(list(cut_pieces(transcript, rules)), rules))
    return _hold(_follow_on(add_doubts(cues, findings), rules.min_duration), rules.min_duration)


def _compose_cues(pieces: Sequence[Piece], rules: CueRules) -> Iterator[Cue]:
    """Yield a cue for each piece; those without a time share what is between the others."""
    runs = [
        (timed, list(run)) for timed, run in groupby(pieces, lambda p: bool(known_spans(p.words)))
    ]
    for index, (is_timed, run) in enumerate(runs):
        if is_timed:
            yield from (_compose_cue(piece, rules) for piece in run)
        else:
            start = max(s.end for s in known_spans(runs[index - 1][1][-1].words)) if index else 0.0
            following = runs[index + 1][1][0].words if index + 1 < len(runs) else []
            end = known_spans(following)[0].start if following else float("inf")
            yield from _place_between(run, start, max(start, end), rules)


def _place_between(
    pieces: Sequence[Piece], start: Seconds, end: Seconds, rules: CueRules
) -> Iterator[Cue]:
    """Yield cues for pieces without a time that share ``start`` to ``end`` by their lengths.

    Where there is more room than they need, each begins its share; where it has no end,
    they follow one another.
    """
    needs = [max(rules.min_duration, SPOKEN_WORD * len(piece.words)) for piece in pieces]
    stretched = (end - start) / sum(needs) if end < float("inf") else 1.0
    for piece, need in zip(pieces, needs, strict=True):
        share = need * stretched
        onset, start = start, min(end, start + share)
        offset = min(start, onset + min(need, rules.max_duration))
        lines, speaker = wrap_piece(piece, rules), piece.words[0].speaker
        yield Cue(onset, max(onset, offset), lines, speaker, 0.0, NO_TIME_KNOWN)


def _compose_cue(piece: Piece, rules: CueRules) -> Cue:
    spans = known_spans(piece.words)
    confidence, reason = judge_words(piece.words)
    return Cue(
        start=spans[0].start,
        end=max(span.end for span in spans),
        lines=wrap_piece(piece, rules),
        speaker=piece.words[0].speaker,
        confidence=confidence,
        reason=reason,
    )


def _follow_on(cues: Sequence[Cue], min_duration: Seconds) -> Iterator[Cue]:
    """Yield ``cues`` so that none begins before the one before it could be seen.

    In time with their words they mostly do. Where two people speak at once, a cue waits
    until the one before has been on for ``min_duration`` and could be read, or until its
    words are over; it lasts as long as it did, and keeps its place in the text.
    """
    free = 0.0
    for cue in cues:
        late = max(0.0, free - cue.start)
        moved = replace(cue, start=free, end=free + cue.end - cue.start) if late else cue
        needed = max(min_duration, columns(cue.text) / READABLE)
        free = max(free, min(moved.end, moved.start + needed))
        yield moved


def _hold(cues: Iterable[Cue], min_duration: Seconds) -> tuple[Cue, ...]:
    """Return ``cues`` that end before the next begins and last long enough where they can."""
    held = list(cues)
    limits = [after.start for _, after in pairwise(held)] + [float("inf")]
    return tuple(
        replace(cue, end=max(cue.start, min(max(cue.end, cue.start + min_duration), limit)))
        for cue, limit in zip(held, limits, strict=False)
    )
