"""TTML and its profile IMSC 1.1 for text (``.ttml``, ``.dfxp``, ``.itt``, ``.xml``).

Written is IMSC 1.1: a speaker is an agent and a style with a colour, places are nine regions.
Read is what broadcasters, Netflix, Apple and YouTube write: times in all their units, on any
element; styles, named and inline, as far as WebVTT has tags for them.

Source: https://www.w3.org/TR/ttml2/ and https://www.w3.org/TR/ttml-imsc1.1/
"""

from subtools.formats.ttml.reading import parse, recognise
from subtools.formats.ttml.writing import compose

__all__ = ["compose", "parse", "recognise"]
