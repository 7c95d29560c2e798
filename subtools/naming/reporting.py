"""What a person reads about the names that were found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from subtools.core import Quote, Speaker
from subtools.timecode import compose_clock

_MOST_QUOTES = 3


def report_names(speakers: Iterable[Speaker]) -> tuple[str, ...]:
    r"""Return lines about each speaker: name, how sure, and the best quotes with their times.

    >>> from subtools.core import NameBasis
    >>> quote = Quote("那曾老師先說吧", "is asked to speak, and this voice speaks next")
    >>> speaker = Speaker("曾老師", "SPEAKER_01", NameBasis.SAID, 0.934, (quote,))
    >>> print(*report_names([speaker]), sep="\n")
    曾老師 (SPEAKER_01): said, 93 % sure
      “那曾老師先說吧”: is asked to speak, and this voice speaks next
    """
    return tuple(line for speaker in speakers for line in _lines(speaker))


def _lines(speaker: Speaker) -> Iterator[str]:
    label = "" if speaker.name == speaker.label else f" ({speaker.label})"
    sure = "" if speaker.confidence is None else f", {speaker.confidence:.0%} sure"
    yield f"{speaker.name}{label}: {speaker.basis}{sure}".replace("%", " %")
    for quote in best_quotes(speaker):
        time = "" if quote.span is None else f"{compose_clock(quote.span.start)} "
        yield f"  {time}“{quote.text}”: {quote.reason}" if quote.text else f"  {quote.reason}"


def best_quotes(speaker: Speaker) -> tuple[Quote, ...]:
    """Return the quotes that say most: different reasons first, in order of time."""
    seen: list[Quote] = []
    reasons: set[str] = set()
    for quote in speaker.quotes:
        if quote.reason not in reasons:
            reasons.add(quote.reason)
            seen.append(quote)
    seen += [quote for quote in speaker.quotes if quote not in seen]
    kept = seen[:_MOST_QUOTES]
    return tuple(quote for quote in speaker.quotes if quote in kept)
