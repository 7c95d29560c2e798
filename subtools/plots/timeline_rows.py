"""What a timeline of speakers shows: a row for each, with how much and how surely they speak."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from subtools.core import Finding, FindingKind, Seconds, Span, Speaker, Timed, Turn, Word, overlap
from subtools.lexicon import columns

DOUBTFUL = 0.5  # confidence of a turn below which it is likelier another's
FIRST_WORDS = 40  # columns of a turn's text that are shown
REACH: Seconds = 0.2  # about a syllable; a turn found in the sound begins so near its first word


@dataclass(frozen=True, slots=True)
class Bar:
    """A turn as it is shown.

    Attributes:
        span: When.
        confidence: As that of the turn.
        said: Its first words; empty where they are not known.
        doubts: The parts of it where it is not sure who speaks, and why.
    """

    span: Span
    confidence: float | None
    said: str
    doubts: tuple[tuple[Span, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A speaker and their turns.

    Attributes:
        speaker: Who it is.
        bars: Their turns, by onset.
        seconds: How long they speak; where two of their turns overlap, once.
        share: That, of what all speakers speak together, 0..1.
    """

    speaker: Speaker
    bars: tuple[Bar, ...]
    seconds: Seconds
    share: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """What is shown.

    Attributes:
        title: What it is called.
        duration: How long the recording lasts, in seconds; no turn ends later.
        rows: The speakers, in the order in which they were given.
        together: When several speak at once, in order.
        doubts: The findings about who speaks, by onset.
    """

    title: str
    duration: Seconds
    rows: tuple[Row, ...]
    together: tuple[Span, ...]
    doubts: tuple[Finding, ...]


def arrange_timeline(
    turns: Sequence[Turn],
    speakers: Sequence[Speaker],
    duration: Seconds,
    *,
    title: str,
    findings: Sequence[Finding] = (),
    words: Sequence[Word] = (),
) -> Timeline:
    """Return what a timeline of ``turns`` shows.

    Args:
        turns: Who speaks when.
        speakers: Who they are; those who are not among them follow, by their first turn.
        duration: Length of the recording, in seconds.
        title: What it is called.
        findings: Those about who speaks are shown where they are.
        words: What is said, with times; those with a speaker count for that one only.
    """
    ordered = sorted(turns, key=lambda turn: (turn.start, turn.end))
    people = {speaker.name: speaker for speaker in speakers}
    for turn in ordered:
        people.setdefault(turn.speaker, Speaker(turn.speaker, turn.speaker))
    doubts = [found for found in findings if found.kind is FindingKind.DOUBTFUL_SPEAKER]
    own = {name: [turn for turn in ordered if turn.speaker == name] for name in people}
    speech = {name: join_spans(told) for name, told in own.items()}
    lengths = {name: sum(span.duration for span in spans) for name, spans in speech.items()}
    everything = sum(lengths.values()) or 1.0
    said = _sort_words(words)
    return Timeline(
        title=title,
        duration=max([duration, *(turn.end for turn in ordered)]),
        rows=tuple(
            Row(
                speaker=person,
                bars=tuple(_make_bar(turn, doubts, said) for turn in own[name]),
                seconds=lengths[name],
                share=lengths[name] / everything,
            )
            for name, person in people.items()
        ),
        together=tuple(find_shared(speech.values())),
        doubts=tuple(sorted(doubts, key=lambda found: found.span or Span(0.0, 0.0))),
    )


def join_spans(stretches: Iterable[Timed]) -> list[Span]:
    """Return ``stretches``, by onset, with those that meet made one.

    >>> join_spans([Span(0, 2), Span(1, 3), Span(5, 6)])
    [Span(start=0, end=3), Span(start=5, end=6)]
    """
    joined: list[Span] = []
    for stretch in stretches:
        if joined and stretch.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, stretch.end))
        else:
            joined.append(Span(stretch.start, stretch.end))
    return joined


def find_shared(speech: Iterable[Sequence[Span]]) -> Iterator[Span]:
    """Yield the stretches in which more than one of ``speech`` sounds, in order.

    >>> list(find_shared([[Span(0, 4)], [Span(3, 6)], [Span(5, 7)]]))
    [Span(start=3, end=4), Span(start=5, end=6)]
    """
    borders = [border for spans in speech for s in spans for border in ((s.start, 1), (s.end, -1))]
    speaking, start = 0, 0.0
    for time, change in sorted(borders):  # where one ends as another begins, the end comes first
        speaking += change
        if speaking == 2 and change == 1:
            start = time
        elif speaking == 1 and change == -1 and time > start:
            yield Span(start, time)


Said = Mapping[str | None, tuple[Sequence[Seconds], Sequence[str]]]


def _sort_words(words: Iterable[Word]) -> Said:
    """Return onsets and texts of the words of each speaker."""
    found: dict[str | None, list[tuple[Seconds, str]]] = {}
    for word in words:
        if word.span is not None:
            found.setdefault(word.speaker, []).append((word.span.start, word.text))
    return {
        speaker: tuple(zip(*sorted(told, key=lambda pair: pair[0]), strict=True))  # type: ignore[misc]
        for speaker, told in found.items()
    }


def _make_bar(turn: Turn, doubts: Iterable[Finding], said: Said) -> Bar:
    span = Span(turn.start, turn.end)
    parts = [
        (Span(max(span.start, found.span.start), min(span.end, found.span.end)), found.reason)
        for found in doubts
        if found.span is not None and overlap(span, found.span) > 0
    ]
    if turn.confidence is not None and turn.confidence < DOUBTFUL:
        parts.insert(0, (span, f"confidence {turn.confidence:.2f}"))
    return Bar(span, turn.confidence, _first_words(turn, said), tuple(parts))


def _first_words(turn: Turn, said: Said) -> str:
    onsets, texts = said.get(turn.speaker) or said.get(None) or ((), ())
    first, last = bisect_left(onsets, turn.start - REACH), bisect_left(onsets, turn.end)
    text = ""
    for word in texts[first:last]:
        if columns(text + word) > FIRST_WORDS:
            return f"{text.strip()}…"
        text += word
    return text.strip()
