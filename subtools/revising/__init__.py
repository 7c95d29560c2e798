"""A timed document with other words in places: what was not changed keeps its times."""

from subtools.revising.alignments import by_time, revise_alignment
from subtools.revising.changes import Change, changed_ranges, move_range, revise_text
from subtools.revising.giving import Gift, give_words
from subtools.revising.renaming import rename_people
from subtools.revising.resolving import Resolution, Unfit, resolve_edits
from subtools.revising.settling import settle_stretch
from subtools.revising.stretches import CONTEXT, Stretch, cut_words, find_stretches

__all__ = [
    "CONTEXT",
    "Change",
    "Gift",
    "Resolution",
    "Stretch",
    "Unfit",
    "by_time",
    "changed_ranges",
    "cut_words",
    "find_stretches",
    "give_words",
    "move_range",
    "rename_people",
    "resolve_edits",
    "revise_alignment",
    "revise_text",
    "settle_stretch",
]
