"""An alignment as one HTML file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby

from subtools.core import Alignment, Seconds, Source, Timed, Turn, Word
from subtools.links import moment_link, page_link
from subtools.page.folding import collect_folds, collect_readings
from subtools.page.inlining import compose_json, fill_page
from subtools.page.media import MediaReference
from subtools.page.passages import cut_passages
from subtools.page.rendering import Talk, render_talk
from subtools.timecode import to_milliseconds

_SOME_TIME = 987_654_321  # seconds; where an address has this, it gets the time


def compose_page(
    alignment: Alignment,
    *,
    media: MediaReference | None = None,
    title: str | None = None,
) -> str:
    """Return a page on which ``alignment`` can be heard, read, searched and entered anywhere.

    It is whole in itself and asks the network for nothing but ``media``. All text from
    outside is escaped, and a Content-Security-Policy forbids every other script.

    Args:
        alignment: Words, speakers, topics and findings; any of them may be missing.
        media: The file that is played; None: the talk's page on its site is opened instead.
        title: Heading; None: what the talk's source says.
    """
    source = alignment.transcript.source
    turns = alignment.turns or tuple(_turns_of(alignment.transcript.words))
    talk = Talk(
        alignment=alignment,
        passages=cut_passages(alignment.transcript, alignment.topics),
        speakers=_list_speakers(alignment, turns),
        turns=turns,
        title=title or _heading_of(source),
        page=page_link(source),
        duration=_last_time(alignment, turns),
    )
    values = render_talk(talk, media)
    return fill_page({**values, "data": compose_json(_collect_data(talk))}, media)


def _collect_data(talk: Talk) -> dict[str, object]:
    """Return what the script needs: numbers, and nothing that stands in the HTML already."""
    words = talk.alignment.transcript.words
    gaps, lasts = _compress_times(words)
    body = talk.alignment.transcript.body
    return {
        "duration": to_milliseconds(talk.duration),
        "firsts": [passage.first for passage in talk.passages],
        "lengths": [len(word.text.encode("utf-16-le")) // 2 for word in words],
        "gaps": gaps,
        "lasts": lasts,
        "speakers": list(talk.speakers),
        "turns": list(chain.from_iterable(_number_turns(talk))),
        "topics": [to_milliseconds(topic.start) for topic in talk.alignment.topics],
        "link": None if talk.page is None else _split_link(talk.page),
        "folds": collect_folds(body),
        "readings": collect_readings(body),
    }


def _compress_times(words: Sequence[Word]) -> tuple[list[int | None], list[int | None]]:
    """Return, in ms, how long after the end of the word before each begins, and how long it lasts.

    Words without a time have None; the next one counts from the last that has one.
    """
    gaps: list[int | None] = []
    lasts: list[int | None] = []
    end = 0
    for word in words:
        if word.span is None:
            gaps.append(None)
            lasts.append(None)
            continue
        start = to_milliseconds(word.span.start)
        gaps.append(start - end)
        end = max(start, to_milliseconds(word.span.end))
        lasts.append(end - start)
    return gaps, lasts


def _number_turns(talk: Talk) -> Iterator[tuple[int, int, int]]:
    for turn in talk.turns:
        times = (to_milliseconds(turn.start), to_milliseconds(turn.end))
        yield (talk.speakers.index(turn.speaker), *times)


def _split_link(page: str) -> list[str]:
    """Return what stands before and behind the seconds in the address of a moment."""
    before, _, after = moment_link(page, _SOME_TIME).rpartition(str(_SOME_TIME))
    return [before, after]


def _list_speakers(alignment: Alignment, turns: Sequence[Turn]) -> tuple[str, ...]:
    known = (speaker.name for speaker in alignment.speakers)
    said = (word.speaker for word in alignment.transcript.words if word.speaker)
    return tuple(dict.fromkeys([*known, *(turn.speaker for turn in turns), *said]))


def _turns_of(words: Sequence[Word]) -> Iterator[Turn]:
    """Yield who speaks when, by the words, where nobody looked for turns."""
    timed = (word for word in words if word.span and word.speaker)
    for speaker, run in groupby(timed, key=lambda word: word.speaker):
        spans = [word.span for word in run if word.span]
        yield Turn(speaker or "", spans[0].start, max(spans[0].start, spans[-1].end))


def _heading_of(source: Source) -> str:
    return source.part_title or source.title or "Talk"


def _last_time(alignment: Alignment, turns: Sequence[Turn]) -> Seconds:
    spans = [word.span for word in alignment.transcript.words]
    spans += [finding.span for finding in alignment.findings]
    known: list[Timed] = [*filter(None, spans), *turns, *alignment.topics]
    return max((timed.end for timed in known), default=0.0)
