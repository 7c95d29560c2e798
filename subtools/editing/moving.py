"""All cues earlier or later, faster or slower."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from subtools.core import Cue, Seconds, Span, Subtitles
from subtools.editing.events import move_events
from subtools.editing.selecting import add_remarks, count_cues, keep_cues, quote_cue
from subtools.editing.timing import Move, clip_cue, exact, move_cue

# Frame rates of NTSC are multiples of 1000/1001 of the number that names them.
# Source: SMPTE ST 12-1: 23.976, 29.97, 47.952, 59.94, 119.88.
_NTSC = (24, 30, 48, 60, 120)
_ROUNDED = Fraction(5, 1000)  # 23.98 and 23.976 both mean 24000/1001


def shift_subtitles(subtitles: Subtitles, offset: Seconds, span: Span | None = None) -> Subtitles:
    """Return ``subtitles`` later by ``offset`` seconds.

    A cue that would begin before 0 begins at 0; one that would end there is left out. Both
    are remarked on.

    Args:
        subtitles: What to move.
        offset: In seconds; below 0: earlier.
        span: Only cues that begin in it are moved; its end is not in it.

    >>> shift_subtitles(Subtitles((Cue(1.001, 2.2, ("Hi",)),)), 2.5).cues[0].start
    3.501
    """
    distance = exact(offset)
    moved = _move(subtitles, lambda time: time + distance, span)
    return moved if span is None else add_remarks(moved, _report_disorder(subtitles, moved))


def scale_subtitles(subtitles: Subtitles, factor: Fraction) -> Subtitles:
    """Return ``subtitles`` with all times times ``factor``.

    >>> scale_subtitles(Subtitles((Cue(24, 48, ("Hi",)),)), Fraction(25, 24)).cues[0].end
    50.0

    Raises:
        ValueError: If ``factor`` is not above 0.
    """
    if factor <= 0:
        raise ValueError(f"times cannot be multiplied by {factor}")
    return _move(subtitles, lambda time: time * factor)


def warp_subtitles(subtitles: Subtitles, points: Sequence[tuple[Seconds, Seconds]]) -> Subtitles:
    """Return ``subtitles`` moved so that each old time of ``points`` becomes its new one.

    Between two points, and before the first and after the last, times follow the line
    through the two nearest.

    Args:
        subtitles: What to move.
        points: At least two pairs of old and new time, in seconds, in any order.

    >>> moved = warp_subtitles(Subtitles((Cue(5, 20, ("Hi",)),)), [(0, 1), (10, 21)])
    >>> moved.cues[0].start, moved.cues[0].end
    (11.0, 41.0)

    Raises:
        ValueError: If there are fewer, or time would stand still or run backwards.
    """
    return _move(subtitles, line_through(points))


def line_through(points: Sequence[tuple[Seconds, Seconds]]) -> Move:
    """Return the piecewise linear function through ``points``.

    Raises:
        ValueError: As ``warp_subtitles``.
    """
    ordered = sorted((exact(old), exact(new)) for old, new in points)
    if len(ordered) < 2:
        raise ValueError("two points at least make a line")
    for (old, new), (later_old, later_new) in pairwise(ordered):
        if not (old < later_old and new < later_new):
            raise ValueError("of two points, the later one in the old time is later in the new")
    inner = [old for old, _ in ordered[1:-1]]

    def move(time: Fraction) -> Fraction:
        index = bisect_right(inner, time)
        (old, new), (later_old, later_new) = ordered[index : index + 2]
        return new + (time - old) * (later_new - new) / (later_old - old)

    return move


def parse_frame_rate(text: str) -> Fraction:
    """Return the frames a second that ``text`` means, exactly.

    >>> parse_frame_rate("23.976"), parse_frame_rate("25"), parse_frame_rate("30000/1001")
    (Fraction(24000, 1001), Fraction(25, 1), Fraction(30000, 1001))

    Raises:
        ValueError: If it is no frame rate.
    """
    try:
        rate = Fraction(text.strip().replace(",", "."))
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(f"not a frame rate: {text!r}") from error
    if not 1 <= rate <= 1000:
        raise ValueError(f"not a frame rate: {text!r}")
    exact_rates = (Fraction(number * 1000, 1001) for number in _NTSC)
    near = (exact_rate for exact_rate in exact_rates if abs(exact_rate - rate) < _ROUNDED)
    return next(near, rate)


def _move(subtitles: Subtitles, move: Move, span: Span | None = None) -> Subtitles:
    """Return ``subtitles`` moved and kept at or after 0, with remarks on what that cost."""
    moved = [move_cue(cue, move) if _is_meant(cue, span) else cue for cue in subtitles.cues]
    # What lasts no time and is moved to 0 is still there.
    lost = [index for index, cue in enumerate(moved) if cue.start < 0 and cue.end <= 0]
    cut = sum(cue.start < 0 < cue.end for cue in moved)
    gone = frozenset(lost)
    kept = {index: clip_cue(cue, 0.0) for index, cue in enumerate(moved) if index not in gone}
    left = keep_cues(subtitles, kept)
    blocks, remarks = move_events(left.blocks, move, span)
    return add_remarks(
        replace(left, blocks=blocks, remarks=left.remarks + remarks),
        *(f"left out, would end before 0: {quote_cue(subtitles.cues[index])}" for index in lost),
        f"{count_cues(cut)} cut off at 0, where they would begin before it" if cut else "",
    )


def _is_meant(cue: Cue, span: Span | None) -> bool:
    return span is None or span.start <= cue.start < span.end


def _report_disorder(before: Subtitles, after: Subtitles) -> str:
    """Return what is to be said of cues that now begin before the one before them."""
    count = _count_backward(after) - _count_backward(before)
    if count <= 0:
        return ""
    return f"{count_cues(count)} now before the one that precedes them in the file"


def _count_backward(subtitles: Subtitles) -> int:
    return sum(later.start < cue.start for cue, later in pairwise(subtitles.cues))
