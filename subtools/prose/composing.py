"""The formats of readable texts, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from subtools.prose.docx import compose_docx
from subtools.prose.html import compose_html
from subtools.prose.markdown import compose_markdown, compose_plain
from subtools.prose.reading import Reading


class TextFormat(StrEnum):
    """A format, by the suffix of its files."""

    MD = "md"
    HTML = "html"
    DOCX = "docx"
    TXT = "txt"


TEXT_FORMATS: Mapping[TextFormat, Callable[[Reading], str | bytes]] = {
    TextFormat.MD: compose_markdown,
    TextFormat.HTML: compose_html,
    TextFormat.DOCX: compose_docx,
    TextFormat.TXT: compose_plain,
}


def compose_reading(reading: Reading, kind: TextFormat) -> str | bytes:
    """Return ``reading`` in a format; DOCX is bytes, the others are text."""
    return TEXT_FORMATS[kind](reading)
