"""Some of the cues of a file, and what of the rest of it belongs to them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace

from subtools.core import Block, Cue, Remark, Subtitles
from subtools.editing.events import event_span
from subtools.timecode import compose_timecode

_COMMENTS = frozenset({"note", "comment"})
_SHOWN_TEXT = 30  # characters of a cue that a remark quotes


def is_comment(block: Block) -> bool:
    """Tell whether ``block`` is a comment: it belongs to the cue that follows it.

    All others (styles, regions, headers) belong to the whole file.
    """
    return block.kind.casefold() in _COMMENTS


def keep_cues(subtitles: Subtitles, kept: Mapping[int, Cue], *, has_end: bool = True) -> Subtitles:
    """Return ``subtitles`` with some cues only, in the order of the file.

    Comments go where the cue goes that follows them; those with times of their own stay.

    Args:
        subtitles: What they are of.
        kept: The cues by their old places.
        has_end: Whether comments after the last cue are kept.
    """
    places = sorted(kept)
    last = len(subtitles.cues)
    blocks = tuple(
        replace(block, position=bisect_left(places, block.position))
        for block in subtitles.blocks
        if not is_comment(block)
        or event_span(block)
        or block.position in kept
        or (block.position >= last and has_end)
    )
    return replace(subtitles, cues=tuple(kept[place] for place in places), blocks=blocks)


def add_remarks(subtitles: Subtitles, *texts: str) -> Subtitles:
    """Return ``subtitles`` with more remarks; empty ones are none."""
    added = tuple(Remark(text) for text in texts if text)
    return replace(subtitles, remarks=subtitles.remarks + added)


def quote_cue(cue: Cue) -> str:
    """Return time and first words of ``cue``, for a remark.

    >>> quote_cue(Cue(1, 2, ("Hello",)))
    '00:00:01.000 "Hello"'
    """
    text = " ".join(cue.text.split())
    shown = text if len(text) <= _SHOWN_TEXT else text[: _SHOWN_TEXT - 1] + "…"
    return f'{compose_timecode(cue.start)} "{shown}"'


def count_cues(count: int) -> str:
    """Return a number of cues in words.

    >>> count_cues(1), count_cues(2)
    ('1 cue', '2 cues')
    """
    return "1 cue" if count == 1 else f"{count} cues"
