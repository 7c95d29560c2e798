"""A stretch of an alignment as one HTML page: sound, what the classifier heard, words.

The page needs nothing else: styles, drawing and the picture of the posteriors are in it,
there is no script, and every text is escaped.
"""

from subtools.plots.page import compose_plot
from subtools.plots.stretches import LONGEST, PlotRequest, Stretch, cut_stretch

__all__ = ["LONGEST", "PlotRequest", "Stretch", "compose_plot", "cut_stretch"]
