"""One HTML file to listen to a talk, read it, search in it and jump; values in, text out."""

from subtools.page.composing import compose_page
from subtools.page.inlining import GENERATOR
from subtools.page.joining import join_findings
from subtools.page.media import MediaKind, MediaReference, relative_link
from subtools.page.reviewing import Files, compose_review

__all__ = [
    "GENERATOR",
    "Files",
    "MediaKind",
    "MediaReference",
    "compose_page",
    "compose_review",
    "join_findings",
    "relative_link",
]
