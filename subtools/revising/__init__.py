"""A timed document with other words in places: what was not changed keeps its times."""

from subtools.revising.alignments import by_time, revise_alignment
from subtools.revising.changes import Change, changed_ranges, move_range, revise_text
from subtools.revising.renaming import rename_people
from subtools.revising.resolving import Resolution, Unfit, resolve_edits

__all__ = [
    "Change",
    "Resolution",
    "Unfit",
    "by_time",
    "changed_ranges",
    "move_range",
    "rename_people",
    "resolve_edits",
    "revise_alignment",
    "revise_text",
]
