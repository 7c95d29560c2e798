"""Lines of ASS that are no cues and have times: comments, drawings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from subtools.core import Block, Remark, Span
from subtools.editing.timing import Move, move_seconds
from subtools.timecode import parse_timecode

_FORMATS = frozenset({"ass", "ssa"})
_TIME = r"\d+:\d\d:\d\d[.,]\d{1,3}"
_EVENT = re.compile(rf"((?:[A-Za-z]+:)?[^,\n]*,\s*)({_TIME})(\s*,\s*)({_TIME})(\s*,.*)", re.DOTALL)


def event_span(block: Block) -> Span | None:
    """Return when ``block`` is shown; None if it has no times of its own.

    >>> event_span(Block("ass", "Comment", "Comment: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,x"))
    Span(start=1.0, end=2.5)
    """
    match = _EVENT.fullmatch(block.text) if block.format in _FORMATS else None
    if match is None:
        return None
    start = parse_timecode(match[2])
    return Span(start, max(start, parse_timecode(match[4])))


def move_events(
    blocks: Iterable[Block], move: Move, within: Span | None = None
) -> tuple[tuple[Block, ...], tuple[Remark, ...]]:
    """Return ``blocks`` with their times moved, and remarks on those that would end before 0.

    Args:
        blocks: Of all kinds; those without times come back as they are.
        move: Old times to new ones.
        within: Only those that begin in it are moved.
    """
    moved, remarks = [], []
    for block in blocks:
        span = event_span(block)
        if span is None or (within and not within.start <= span.start < within.end):
            moved.append(block)
        elif move_seconds(span.end, move) <= 0 < span.end:
            remarks.append(Remark(f"left out, would end before 0: a line {block.kind} of ASS"))
        else:
            moved.append(_move_event(block, span, move))
    return tuple(moved), tuple(remarks)


def _move_event(block: Block, span: Span, move: Move) -> Block:
    match = _EVENT.fullmatch(block.text)
    if match is None:
        return block
    start, end = (_compose_time(max(0.0, move_seconds(t, move))) for t in (span.start, span.end))
    return replace(block, text=f"{match[1]}{start}{match[3]}{end}{match[5]}")


def _compose_time(seconds: float) -> str:
    """Return ``seconds`` as ASS has them, in hundredths.

    >>> _compose_time(3723.456)
    '1:02:03.46'
    """
    minutes, hundredths = divmod(int(seconds * 100 + 0.5), 6000)
    hours, minutes = divmod(minutes, 60)
    whole, hundredths = divmod(hundredths, 100)
    return f"{hours}:{minutes:02d}:{whole:02d}.{hundredths:02d}"
