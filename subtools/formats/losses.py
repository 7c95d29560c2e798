"""What is lost when subtitles are written in a format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from subtools.core import Cue, Subtitles
from subtools.formats.interface import Feature, Format
from subtools.formats.voices import split_voices
from subtools.timecode import to_milliseconds

_USES: tuple[tuple[Feature, Callable[[Cue], bool]], ...] = (
    (Feature.LINES, lambda cue: len(cue.lines) > 1),
    (Feature.SPEAKER, lambda cue: bool(cue.speaker)),
    (Feature.VOICES, lambda cue: "<v" in cue.markup and len(split_voices(cue)) > 1),
    (Feature.MARKUP, lambda cue: bool(cue.markup or (cue.native and cue.native.text))),
    (Feature.SETTINGS, lambda cue: bool(cue.settings or (cue.native and cue.native.fields))),
    (Feature.IDENTIFIER, lambda cue: bool(cue.identifier)),
    (Feature.CONFIDENCE, lambda cue: cue.confidence is not None or bool(cue.reason)),
)


def list_losses(subtitles: Subtitles, to: Format, *, word_times: bool = False) -> tuple[str, ...]:
    """Return what of ``subtitles`` the format ``to`` has no place for, in words.

    Args:
        subtitles: What is to be written.
        to: The format it is written in.
        word_times: Whether the times of words are to be written.

    >>> from subtools.formats import format_for
    >>> list_losses(Subtitles((Cue(0, 1, ("Hi",), "Ann"),)), format_for("srt"))
    ('speakers (1 cue)',)
    """
    return tuple(_losses(subtitles, to, word_times=word_times))


def _losses(subtitles: Subtitles, to: Format, *, word_times: bool) -> Iterator[str]:
    cues = subtitles.cues
    if cues and Feature.TIMES not in to.holds:
        yield Feature.TIMES.value
    for feature, is_used in _USES:
        count = 0 if feature in to.holds else sum(map(is_used, cues))
        if count:
            yield f"{feature.value} ({_count_cues(count)})"
    if word_times and Feature.WORDS not in to.holds and any(cue.words for cue in cues):
        yield Feature.WORDS.value
    if Feature.BLOCKS not in to.holds or any(b.format != to.name for b in subtitles.blocks):
        kinds = dict.fromkeys(b.kind for b in subtitles.blocks if _is_lost(b.format, to))
        if kinds:
            yield f"{Feature.BLOCKS.value} ({', '.join(kinds)})"
    if Feature.OVERLAPS not in to.holds and (overlaps := _count_overlaps(cues)):
        yield f"{Feature.OVERLAPS.value} ({_count_cues(overlaps)})"


def _is_lost(block_format: str, to: Format) -> bool:
    return Feature.BLOCKS not in to.holds or block_format != to.name


def _count_cues(count: int) -> str:
    return "1 cue" if count == 1 else f"{count} cues"


def _count_overlaps(cues: tuple[Cue, ...]) -> int:
    ordered = sorted(cues, key=lambda cue: cue.start)
    return sum(
        to_milliseconds(after.start) < to_milliseconds(before.end)
        for before, after in pairwise(ordered)
    )
