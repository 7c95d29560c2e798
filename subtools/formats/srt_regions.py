"""What stands between the times of two cues of SubRip: the text of one, the number of the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from subtools.formats.mending import quote
from subtools.formats.srt_numbers import is_blank, is_garbage, read_number

_BEGUN_TIMES = re.compile(r"[\d:,.\s-]*>?")


@dataclass(frozen=True, slots=True)
class Region:
    """Lines between two lines of times; all numbers are of lines, from 0.

    Attributes:
        start: The first one.
        until: The one after the last, where the next times or the end of the file are.
        index: The one with the number of the next cue, if there is one.
        pieces: Those of the text, parted where an empty line is.
        notes: What is left out of them or looks wrong, with the line.
    """

    start: int
    until: int
    index: int | None = None
    pieces: tuple[tuple[int, ...], ...] = ()
    notes: tuple[tuple[int, str], ...] = ()
    is_joined: bool = False

    @property
    def index_or_until(self) -> int:
        """Where the next cue begins."""
        return self.until if self.index is None else self.index


def split_region(
    lines: Sequence[str],
    start: int,
    until: int,
    *,
    before: int | None,
    is_numbered: bool,
    is_last: bool = False,
) -> Region:
    """Return what the lines from ``start`` to ``until`` are.

    Args:
        lines: The file.
        start: First line after times, or 0.
        until: The next line with times, or the number of lines.
        before: The number of the cue that the text belongs to; None if it has none.
        is_numbered: Whether the cues of the file have numbers.
        is_last: Whether the file ends there.
    """
    index = None
    if not is_last:
        index = _find_index(lines, start, until, before=before, is_numbered=is_numbered)
    end = until if index is None else index
    pieces = tuple(_split_pieces(lines, start, end))
    is_joined = start > 0 and not is_last and end > 0 and not is_blank(lines[end - 1])
    notes: list[tuple[int, str]] = []
    if is_numbered and before is not None:
        following = None if index is None else read_number(lines[index])
        pieces = _drop_numbers(lines, start, pieces, before, following, notes, is_last=is_last)
    return Region(start, until, index, pieces, tuple(notes), is_joined)


def _find_index(
    lines: Sequence[str], start: int, until: int, *, before: int | None, is_numbered: bool
) -> int | None:
    """Return the line with the number of the next cue, if the lines end in one."""
    last = until - 1
    while last >= start and is_blank(lines[last]):
        last -= 1
    if last < start:
        return None
    is_parted = last == 0 or (last > start and is_blank(lines[last - 1]))
    is_beside = last == until - 1
    number = read_number(lines[last])
    if number is None:
        return last if is_beside and is_parted and is_garbage(lines[last]) else None
    if start == 0 or (is_beside and is_parted):
        return last
    follows = before is not None and number == before + 1
    if is_beside:  # no empty line before it: its text, or the number, is all of the cue before
        return last if is_numbered and (last > start or follows) else None
    is_spaced = is_blank(lines[start])  # every other line is empty
    return last if is_numbered and is_parted and (is_spaced or follows) else None


def _split_pieces(lines: Sequence[str], start: int, end: int) -> list[tuple[int, ...]]:
    pieces: list[list[int]] = [[]]
    for number in range(start, end):
        if not is_blank(lines[number]):
            pieces[-1].append(number)
        elif pieces[-1]:
            pieces.append([])
    return [tuple(piece) for piece in pieces if piece]


def _drop_numbers(
    lines: Sequence[str],
    start: int,
    pieces: tuple[tuple[int, ...], ...],
    before: int,
    following: int | None,
    notes: list[tuple[int, str]],
    *,
    is_last: bool,
) -> tuple[tuple[int, ...], ...]:
    """Return ``pieces`` without the numbers of cues that have no times, noting each."""
    kept = []
    for piece in pieces:
        number = read_number(lines[piece[0]]) if piece[0] > start else None
        is_cue = number == before + 1 and (is_last if following is None else following > before + 1)
        if not is_cue:
            kept.append(piece)
            continue
        before += 1
        text, note = _explain(lines, piece, is_end=is_last and piece is pieces[-1])
        notes.append((piece[0], note))
        kept += [text] if text else []
    return tuple(kept)


def _explain(
    lines: Sequence[str], piece: tuple[int, ...], *, is_end: bool
) -> tuple[tuple[int, ...], str]:
    """Return the text of a cue without times, and what is the matter with it."""
    number = quote(lines[piece[0]])
    if len(piece) == 1:
        return (), f"a number without a cue left out: {number}"
    first = lines[piece[1]]
    if is_end and len(piece) == 2 and _BEGUN_TIMES.fullmatch(first.strip()):
        return (), f"the file ends inside the times of a cue, left out: {quote(first)}"
    if "-->" in first:
        what = f"times that cannot be read, {quote(first)}; its text, if any"
        return piece[2:], f"cue {number} has {what}, is kept in the cue before"
    return piece[1:], f"cue {number} has no times; its text is kept in the cue before"
