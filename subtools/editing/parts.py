"""A file of subtitles cut into parts, as its video is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from subtools.core import Block, Seconds, Span, Subtitles
from subtools.editing.events import event_span
from subtools.editing.moving import shift_subtitles
from subtools.editing.selecting import keep_cues
from subtools.editing.timing import FOREVER, clip_cue, exact, is_within


def trim_subtitles(subtitles: Subtitles, span: Span, *, keep_times: bool = False) -> Subtitles:
    """Return what is shown in ``span``, whose start becomes 0.

    A cue that is on at a border is cut off there, its text whole. Styles, regions and
    headers are kept, comments where the cue is that follows them.

    Args:
        subtitles: What to cut.
        span: What to keep, in seconds; its end is not in it.
        keep_times: Whether times stay as they are.

    >>> from subtools.core import Cue
    >>> cues = (Cue(1, 4, ("Hi",)), Cue(5, 6, ("Yo",)))
    >>> [(cue.start, cue.end) for cue in trim_subtitles(Subtitles(cues), Span(2, 5)).cues]
    [(0.0, 2.0)]
    """
    kept = {
        index: clip_cue(cue, span.start, span.end)
        for index, cue in enumerate(subtitles.cues)
        if is_within(cue.start, cue.end, span.start, span.end)
    }
    has_end = span.start == 0  # where there are no cues, comments are of the beginning
    if subtitles.cues:
        last = len(subtitles.cues) - 1
        has_end = last in kept and subtitles.cues[last].end <= span.end
    part = keep_cues(subtitles, kept, has_end=has_end)
    part = replace(part, blocks=tuple(_within(part.blocks, span)))
    return part if keep_times else shift_subtitles(part, -span.start)


def _within(blocks: Iterable[Block], span: Span) -> Iterator[Block]:
    """Yield ``blocks`` without those that begin outside of ``span``."""
    for block in blocks:
        own = event_span(block)
        if own is None or span.start <= own.start < span.end:
            yield block


def split_subtitles(
    subtitles: Subtitles, borders: Sequence[Seconds], *, keep_times: bool = False
) -> tuple[Subtitles, ...]:
    """Return the parts of ``subtitles`` between ``borders``, one more than there are borders.

    Each part is what ``trim_subtitles`` keeps of it; a cue across a border is in both parts,
    in each as long as it is shown there.

    Args:
        subtitles: What to cut.
        borders: Where, in seconds; in order, above 0.
        keep_times: Whether times stay as they are; else each part begins at 0.

    Raises:
        ValueError: If they are not in order or not above 0.
    """
    edges = [0.0, *borders, FOREVER]
    if any(later <= edge for edge, later in pairwise(edges)):
        raise ValueError("the times to split at must be above 0 and in order")
    spans = (Span(start, end) for start, end in pairwise(edges))
    return tuple(trim_subtitles(subtitles, span, keep_times=keep_times) for span in spans)


def even_borders(subtitles: Subtitles, length: Seconds) -> tuple[Seconds, ...]:
    """Return where to split so that each part lasts ``length`` seconds, the last one at most.

    Raises:
        ValueError: If ``length`` is not above 0.
    """
    if not 0 < length < FOREVER:
        raise ValueError("parts must last longer than no time")
    end = max((exact(cue.end) for cue in subtitles.cues), default=exact(0))
    step = exact(length)
    count = max(0, -(-end // step) - 1)
    return tuple(float(step * number) for number in range(1, int(count) + 1))
