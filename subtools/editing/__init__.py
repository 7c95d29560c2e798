"""Subtitles in, subtitles out: moved in time, cut and joined, two languages in one, rewritten.

Nothing is lost without a remark, and what belongs to a cue goes with it: words and their
times, tags, identifiers, places, the comments before it.
"""

from subtools.editing.bilingual import Order, combine_languages
from subtools.editing.events import move_events
from subtools.editing.joining import concat_subtitles, lengths_with_gap
from subtools.editing.moving import (
    line_through,
    parse_frame_rate,
    scale_subtitles,
    shift_subtitles,
    warp_subtitles,
)
from subtools.editing.parts import even_borders, split_subtitles, trim_subtitles
from subtools.editing.rewriting import carry_words, rewrite_script
from subtools.editing.selecting import add_remarks, keep_cues, quote_cue
from subtools.editing.timing import drop_markup_times

__all__ = [
    "Order",
    "add_remarks",
    "carry_words",
    "combine_languages",
    "concat_subtitles",
    "drop_markup_times",
    "even_borders",
    "keep_cues",
    "lengths_with_gap",
    "line_through",
    "move_events",
    "parse_frame_rate",
    "quote_cue",
    "rewrite_script",
    "scale_subtitles",
    "shift_subtitles",
    "split_subtitles",
    "trim_subtitles",
    "warp_subtitles",
]
