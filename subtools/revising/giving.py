"""Words that somebody else says: whole clauses given to another speaker, with their time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from subtools.core import (
    Alignment,
    Finding,
    FindingKind,
    NameBasis,
    Span,
    Speaker,
    Transcript,
    Turn,
    Word,
)
from subtools.lexicon import clause_ranges
from subtools.revising.changes import Offsets

_SHORTEST = 0.05  # s; what is left of a turn that is shorter is a rounding


@dataclass(frozen=True, slots=True)
class Gift:
    """A stretch of a document that another speaker says.

    Attributes:
        offsets: The characters [first, last) of the body.
        speaker: Who says it.
    """

    offsets: Offsets
    speaker: str


def widen_to_clauses(transcript: Transcript, offsets: Offsets) -> Offsets:
    """Return the characters of the clauses that some characters are in."""
    first, last = offsets
    touched = [(a, b) for a, b in _clauses(transcript) if a < last and first < b]
    return (touched[0][0], touched[-1][1]) if touched else offsets


def words_within(words: Sequence[Word], offsets: Offsets) -> tuple[int, ...]:
    """Return the numbers of the words that lie inside some characters for the most part."""
    starts = accumulate((len(word.text) for word in words), initial=0)
    middles = (start + len(word.text) / 2 for start, word in zip(starts, words, strict=False))
    return tuple(k for k, middle in enumerate(middles) if offsets[0] <= middle < offsets[1])


def give_words(alignment: Alignment, gifts: Sequence[Gift]) -> Alignment:
    """Return ``alignment`` with stretches given to other speakers, in words and turns.

    Who is new becomes one of the speakers; who has nothing left to say is none any more.
    What was found doubtful about who speaks there is settled.
    """
    for gift in gifts:
        alignment = _give(alignment, gift)
    return alignment


def _give(alignment: Alignment, gift: Gift) -> Alignment:
    words = list(alignment.transcript.words)
    chosen = words_within(words, gift.offsets)
    former = {words[k].speaker for k in chosen} | {gift.speaker}
    for k in chosen:
        words[k] = replace(words[k], speaker=gift.speaker)
    turns = tuple(_give_time(alignment.turns, _span_of([words[k] for k in chosen]), former, gift))
    return replace(
        alignment,
        transcript=alignment.transcript.with_words(words),
        turns=turns,
        speakers=_people(alignment.speakers, turns, words, gift.speaker),
        findings=tuple(f for f in alignment.findings if not _is_settled(f, gift)),
    )


def _clauses(transcript: Transcript) -> Iterator[Offsets]:
    """Yield the characters of each clause."""
    place = 0
    for paragraph in transcript.paragraphs:
        texts = [word.text for word in paragraph.words]
        starts = list(accumulate(map(len, texts), initial=place))
        yield from ((starts[c.start], starts[c.stop]) for c in clause_ranges(texts))
        place = starts[-1]


def _span_of(words: Sequence[Word]) -> Span | None:
    spans = [word.span for word in words if word.span is not None]
    if not spans:
        return None
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _give_time(
    turns: Sequence[Turn], span: Span | None, former: set[str | None], gift: Gift
) -> list[Turn]:
    """Return the turns with a stretch of time taken from some and given to one."""
    if span is None or not turns:
        return list(turns)
    left = [part for turn in turns for part in _outside(turn, span, former)]
    given = Turn(gift.speaker, span.start, span.end, 1.0)
    return sorted([*left, given], key=lambda turn: (turn.start, turn.end))


def _outside(turn: Turn, span: Span, former: set[str | None]) -> Iterator[Turn]:
    """Yield what of a turn is not inside ``span``; of another's, all of it."""
    if turn.speaker not in former or turn.end <= span.start or span.end <= turn.start:
        yield turn
        return
    if span.start - turn.start > _SHORTEST:
        yield replace(turn, end=span.start)
    if turn.end - span.end > _SHORTEST:
        yield replace(turn, start=span.end)


def _people(
    speakers: Sequence[Speaker], turns: Sequence[Turn], words: Sequence[Word], name: str
) -> tuple[Speaker, ...]:
    """Return who speaks, by their first turns; nobody where nobody was known."""
    if not speakers:
        return ()
    known = {speaker.name: speaker for speaker in speakers}
    known.setdefault(name, Speaker(name, name, NameBasis.GIVEN, 1.0))
    heard = dict.fromkeys([*(t.speaker for t in turns), *(w.speaker for w in words if w.speaker)])
    return tuple(known[speaker] for speaker in heard if speaker in known)


def _is_settled(finding: Finding, gift: Gift) -> bool:
    if finding.kind is not FindingKind.DOUBTFUL_SPEAKER or finding.offsets is None:
        return False
    return gift.offsets[0] <= finding.offsets[0] and finding.offsets[1] <= gift.offsets[1]
