"""A timed text to cues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from subtools.core import PLAIN_RULES, Cue, CueRules, Finding, Seconds, Span, Transcript, Word
from subtools.cues.colouring import colour_cues
from subtools.cues.cutting import Piece, cut_words
from subtools.cues.judging import NO_TIME_KNOWN, add_doubts, judge_words, known_spans
from subtools.cues.layout import Layout
from subtools.cues.stretches import find_stretches
from subtools.cues.timing import place_cues
from subtools.markup import escape_markup
from subtools.typography import typeset_lines

SPOKEN_WORD: Seconds = 0.2  # about what a syllable of Mandarin takes; only where nothing is known


def segment_cues(
    transcript: Transcript,
    rules: CueRules = PLAIN_RULES,
    findings: Sequence[Finding] = (),
) -> tuple[Cue, ...]:
    """Return the cues of all words of ``transcript`` that have a time, in order.

    No two overlap, none is empty, and none holds two speakers, unless the rules let them
    share one. With ``keep_untimed`` the cues of all words; one that finds no room between its
    neighbours lasts no time. A cue begins with its first word, unless the one before, of words
    that sound at the same time or later, had no time to be seen.

    Args:
        transcript: Words with their times.
        rules: How they are cut.
        findings: What is to be said of the cues that it is about, as their reason.
    """
    stretches = find_stretches(transcript, rules)
    names = {stretch.speaker for stretch in stretches if stretch.speaker}
    layout, pieces = cut_words(stretches, rules, names)
    cues = add_doubts(list(compose_cues(layout, pieces, rules)), findings)
    placed = place_cues(cues, rules)
    return colour_cues(placed) if rules.has_colours else placed


def compose_cues(layout: Layout, pieces: Sequence[Piece], rules: CueRules) -> Iterator[Cue]:
    """Yield a cue for each piece; those without a time share what is between the others."""
    runs = [
        (is_timed, list(run))
        for is_timed, run in groupby(pieces, lambda piece: layout.is_timed[piece.first])
    ]
    for index, (is_timed, run) in enumerate(runs):
        if is_timed:
            yield from (_compose_cue(layout, piece, rules) for piece in run)
        else:
            start = layout.offsets[run[0].first - 1] if index else 0.0
            following = runs[index + 1][1][0].first if index + 1 < len(runs) else None
            end = float("inf") if following is None else layout.onsets[following]
            yield from _place_between(layout, run, Span(start, max(start, end)), rules)


def _place_between(
    layout: Layout, pieces: Sequence[Piece], room: Span, rules: CueRules
) -> Iterator[Cue]:
    """Yield cues for pieces without a time that share ``room`` by their lengths.

    Where there is more room than they need, each begins its share; where it has no end,
    they follow one another.
    """
    needs = [max(rules.min_duration, SPOKEN_WORD * (piece.last - piece.first)) for piece in pieces]
    stretched = room.duration / sum(needs) if room.end < float("inf") else 1.0
    start = room.start
    for piece, need in zip(pieces, needs, strict=True):
        onset, start = start, min(room.end, start + need * stretched)
        offset = min(start, onset + min(need, rules.max_duration))
        lines, speaker = _lines(layout, piece, rules), layout.words[piece.first].speaker
        yield Cue(onset, max(onset, offset), lines, speaker, 0.0, NO_TIME_KNOWN)


def _compose_cue(layout: Layout, piece: Piece, rules: CueRules) -> Cue:
    words = layout.words[piece.first : piece.last]
    confidence, reason = judge_words(words)
    lines = _lines(layout, piece, rules)
    start = layout.onsets[piece.first]
    return Cue(
        start=start,
        end=max(start, *(span.end for span in known_spans(words))),
        lines=lines,
        speaker=None if piece.is_shared else words[0].speaker,
        confidence=confidence,
        reason=reason,
        words=words,
        markup=_voices(words, lines) if piece.is_shared else "",
    )


def _lines(layout: Layout, piece: Piece, rules: CueRules) -> tuple[str, ...]:
    places = (piece.first, *piece.breaks, piece.last)
    written = ["".join(w.text for w in layout.words[a:b]).strip() for a, b in pairwise(places)]
    lines = [line for line in typeset_lines(written, rules.punctuation) if line]
    return tuple(f"-{line}" for line in lines) if piece.is_shared else tuple(lines)


def _voices(words: Sequence[Word], lines: Sequence[str]) -> str:
    """Return the lines of two speakers as WebVTT has them: a voice span each."""
    names = dict.fromkeys(word.speaker or "" for word in words)
    return "\n".join(
        f"<v {escape_markup(name)}>{escape_markup(line)}</v>"
        for name, line in zip(names, lines, strict=True)
    )
