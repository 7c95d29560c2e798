"""Which lines of a SubRip file are the times of cues."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from subtools.formats.srt_numbers import is_blank, read_number
from subtools.formats.srt_times import Timing, find_bare_timing, find_timing, parse_time

_GLUED = re.compile(r"\s*(\d{1,6}?)(\d\d:\d\d:\d\d[,.]\d{1,3})\s*-->", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Candidate:
    line: int
    timing: Timing
    is_first: bool  # of a block of lines, or second after a number

    @property
    def is_half(self) -> bool:
        return self.timing.start is None or self.timing.end is None


def find_timings(lines: Sequence[str]) -> list[tuple[int, Timing]]:
    """Return the lines, from 0, that are the times of a cue, and what they say.

    Where a cue should begin, whatever can be read as times is. In the middle of a text, times
    are a cue that no empty line parts from the one before if they are as full as others in the
    file; less full ones are text (``0:05 --> 0:09`` of a timetable), and so are full ones
    with the arrow ``→``, as subtools writes them, unless the file has no other arrows.
    """
    candidates = list(_find_candidates(lines))
    is_any_full = any(c.timing.is_full for c in candidates if c.is_first)
    has_any_arrow = any(c.timing.has_arrow for c in candidates if c.is_first)
    return [
        (c.line, _part_number(c.timing, lines[c.line]))
        for c in candidates
        if c.is_first
        or ((c.timing.is_full or not is_any_full) and (c.timing.has_arrow or not has_any_arrow))
    ]


def _find_candidates(lines: Sequence[str]) -> Iterator[_Candidate]:
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else ""
        is_parted = is_blank(above)
        if not is_parted and (number == 1 or is_blank(lines[number - 2])):
            is_parted = read_number(above) is not None
        timing = find_timing(line) or (find_bare_timing(line) if is_parted else None)
        if timing is None:
            continue
        candidate = _Candidate(number, timing, is_parted)
        if not candidate.is_half or (is_parted and (timing.start is not None or above.strip())):
            yield candidate


def _part_number(timing: Timing, line: str) -> Timing:
    """Return ``timing`` with the number that stands before it without a space, if one does.

    ``1200:00:01,000 --> 00:00:02,000`` is cue 12: 1200 hours would end before they start.
    """
    if timing.start is None or timing.end is None or timing.start <= timing.end:
        return timing
    glued = _GLUED.match(line)
    start = parse_time(glued[2]) if glued else None
    if glued is None or start is None or start > timing.end:
        return timing
    return replace(timing, start=start, index=glued[1])
