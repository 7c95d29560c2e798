"""What a person should look at after a merge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from subtools.core import Finding, FindingKind, Span, Word
from subtools.merging.pairing import Pairing
from subtools.merging.spelling import Talk
from subtools.merging.timing import Filling, gap_around, untimed_runs

REPORTED = 1.2  # s: six syllables, from which a disagreement is worth a look


def report_unheard(talk: Talk, words: Sequence[Word]) -> Iterator[Finding]:
    """Yield what is written but has no time."""
    for run in untimed_runs(words):
        gap = gap_around(talk, words, run)
        usual = talk.usual_duration(run)
        reason = (
            f"nothing like these words was heard; they need about {usual:.1f} s, "
            f"and there are {gap.duration:.1f} s between the words around them"
            if usual
            else "nothing in it can be spoken"
        )
        yield _finding(talk, FindingKind.NOT_IN_AUDIO, run, reason, gap)


def report_disagreements(talk: Talk, fillings: Sequence[Filling]) -> Iterator[Finding]:
    """Yield the longer passages in whose place something else was heard."""
    for filling in fillings:
        if talk.usual_duration(filling.run) >= REPORTED:
            heard = talk.heard_text(filling.heard)
            what = f"heard here: {heard!r}" if heard else "speech here that was not recognised"
            reason = f"{what}; times are interpolated"
            yield _finding(talk, FindingKind.MISHEARD, filling.run, reason, filling.span)


def report_unwritten(
    talk: Talk, pairing: Pairing, fillings: Sequence[Filling]
) -> Iterator[Finding]:
    """Yield what was heard where nothing of the text stands."""
    taken = pairing.taken(len(talk.heard.phones))
    for filling in fillings:
        taken[filling.heard] = True
    free = [not taken[first:last].any() for first, last in pairwise(talk.heard.first)]
    for is_free, group in groupby(range(len(free)), key=lambda index: free[index]):
        indices = list(group)
        heard = talk.heard_words[indices[0] : indices[-1] + 1]
        if is_free and heard[-1].end - heard[0].start >= REPORTED:
            yield Finding(
                FindingKind.NOT_IN_TEXT,
                "".join(word.text for word in heard).strip(),
                "heard, but the document has nothing here",
                Span(heard[0].start, heard[-1].end),
            )


def _finding(talk: Talk, kind: FindingKind, run: range, reason: str, span: Span) -> Finding:
    offsets = talk.offsets[run.start], talk.offsets[run.stop]
    return Finding(kind, talk.text(run), reason, span, offsets)
