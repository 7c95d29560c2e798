"""Pictures: a stretch of an alignment with its sound, and who speaks when.

A page needs nothing else: styles, drawing and the picture of the posteriors are in it,
there is no script, and every text is escaped.
"""

from subtools.plots.page import compose_plot
from subtools.plots.stretches import LONGEST, PlotRequest, Stretch, cut_stretch
from subtools.plots.timeline import TIMELINE_SUFFIXES, compose_timeline

__all__ = [
    "LONGEST",
    "TIMELINE_SUFFIXES",
    "PlotRequest",
    "Stretch",
    "compose_plot",
    "compose_timeline",
    "cut_stretch",
]
