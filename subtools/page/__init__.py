"""One HTML file to listen to a talk, read it, search in it and jump; values in, text out."""

from subtools.page.composing import compose_page
from subtools.page.inlining import GENERATOR
from subtools.page.media import MediaKind, MediaReference, relative_link

__all__ = [
    "GENERATOR",
    "MediaKind",
    "MediaReference",
    "compose_page",
    "relative_link",
]
