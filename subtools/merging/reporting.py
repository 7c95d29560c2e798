"""What a person should look at after a merge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from subtools.core import Finding, FindingKind, Seconds, Span, Word
from subtools.matching import pair_symbols
from subtools.merging.pairing import Pairing
from subtools.merging.spelling import Talk
from subtools.merging.timing import Filling, gap_around, untimed_runs
from subtools.phonetics import Phones
from subtools.spans import UNRECOGNISED
from subtools.timecode import compose_clock

MISHEARD = 0.6  # s: three syllables, from which a disagreement is worth a look
UNWRITTEN = 1.2  # s: six syllables; recognisers add shorter words of their own
STRETCH = 5  # phones; what was moved shares some, and little else does
ELSEWHERE = 0.6  # share of the phones that must agree to say that words were moved


def find_unwritten(talk: Talk, pairing: Pairing, fillings: Sequence[Filling]) -> tuple[range, ...]:
    """Return the runs of heard words that nothing of the text stands against."""
    taken = pairing.taken(len(talk.heard.phones))
    for filling in fillings:
        taken[filling.heard] = True
    spoken = np.flatnonzero(np.diff(talk.heard.first))  # not punctuation that stands alone
    free = [not taken[talk.heard.of(range(k, k + 1))].any() for k in spoken]
    runs = []
    for is_free, group in groupby(zip(spoken, free, strict=True), key=lambda pair: pair[1]):
        indices = [int(index) for index, _ in group]
        if is_free and _duration(talk, range(indices[0], indices[-1] + 1)) >= UNWRITTEN:
            runs.append(range(indices[0], indices[-1] + 1))
    return tuple(runs)


def report_unheard(
    talk: Talk, words: Sequence[Word], unwritten: Sequence[range]
) -> Iterator[Finding]:
    """Yield what is written but has no time; if it was said elsewhere, where."""
    stretches = _index_stretches(talk, unwritten)
    for run in untimed_runs(words):
        gap = gap_around(talk, words, run)
        usual = talk.usual_duration(run)
        elsewhere = _find_elsewhere(talk, run, stretches) if usual >= UNWRITTEN else None
        reason = f"not heard in this place; the words need about {usual:.1f} s, "
        reason += f"and there are {gap.duration:.1f} s between those around them"
        if elsewhere is not None:
            reason = f"out of order: heard at {compose_clock(elsewhere)}, not in this place"
        if not usual:
            reason = "nothing in it can be spoken"
        yield _finding(talk, FindingKind.NOT_IN_AUDIO, run, reason, gap)


def _index_stretches(talk: Talk, runs: Sequence[range]) -> dict[Phones, set[range]]:
    """Return, for every ``STRETCH`` heard phones in a row, the ``runs`` that hold them."""
    found: dict[Phones, set[range]] = {}
    for run in runs:
        for stretch in _stretches(talk.heard.phones[talk.heard.of(run)]):
            found.setdefault(stretch, set()).add(run)
    return found


def _stretches(phones: Phones) -> Iterator[Phones]:
    return (phones[k : k + STRETCH] for k in range(len(phones) - STRETCH + 1))


def _find_elsewhere(
    talk: Talk, run: range, stretches: Mapping[Phones, set[range]]
) -> Seconds | None:
    """Return when most of ``run`` was heard among what is not written; None if it was not."""
    written = talk.written.phones[talk.written.of(run)]
    shared = Counter(held for s in _stretches(written) for held in stretches.get(s, ()))
    if not shared:
        return None
    where = talk.heard.of(shared.most_common(1)[0][0])
    heard = talk.heard.phones[where]
    equal = [b for a, b in pair_symbols(written, heard).tolist() if written[a] == heard[b]]
    if len(equal) < ELSEWHERE * len(written) or equal[-1] - equal[0] > 2 * len(written):
        return None
    return float(talk.onset[where.start + equal[0]])


def report_disagreements(talk: Talk, fillings: Sequence[Filling]) -> Iterator[Finding]:
    """Yield the longer passages in whose place something else was heard."""
    for filling in fillings:
        if talk.usual_duration(filling.run) >= MISHEARD:
            heard = talk.heard_text(filling.heard)
            what = f"heard here: {heard!r}" if heard else UNRECOGNISED
            reason = f"{what}; times are interpolated"
            yield _finding(talk, FindingKind.MISHEARD, filling.run, reason, filling.span)


def report_unwritten(talk: Talk, unwritten: Sequence[range]) -> Iterator[Finding]:
    """Yield what was heard where nothing of the text stands."""
    for run in unwritten:
        heard = talk.heard_words[run.start : run.stop]
        text = "".join(word.text for word in heard).strip()
        span = _heard_span(talk, run)
        reason = f"heard for {span.duration:.1f} s, but the document has nothing here"
        yield Finding(FindingKind.NOT_IN_TEXT, text, reason, span)


def _duration(talk: Talk, heard: range) -> Seconds:
    return _heard_span(talk, heard).duration


def _heard_span(talk: Talk, heard: range) -> Span:
    start = talk.heard_words[heard.start].start
    return Span(start, max(start, talk.heard_words[heard.stop - 1].end))


def _finding(talk: Talk, kind: FindingKind, run: range, reason: str, span: Span) -> Finding:
    offsets = talk.offsets[run.start], talk.offsets[run.stop]
    return Finding(kind, talk.text(run), reason, span, offsets)
