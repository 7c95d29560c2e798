"""A timed document with other words in places: what was not changed keeps its times."""

from subtools.revising.alignments import by_time, revise_alignment
from subtools.revising.changes import Change, changed_ranges, move_range, revise_text

__all__ = [
    "Change",
    "by_time",
    "changed_ranges",
    "move_range",
    "revise_alignment",
    "revise_text",
]
