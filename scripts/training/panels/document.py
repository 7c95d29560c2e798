"""The document of a screenplay: what stands written, and where each clause stands in it."""

from __future__ import annotations

from dataclasses import dataclass

from scripts.training.panels.screenplay import FULL_STOPS, Clause, Layout, Line, Screenplay

PARAGRAPH = {  # characters after which a paragraph may end; the first is as in seeds/
    Layout.COMMAS: 100,
    Layout.SENTENCES: 280,
}


@dataclass(frozen=True, slots=True)
class Document:
    """A written talk.

    Attributes:
        text: With a title line, paragraphs after blank lines.
        places: For each turn, for each clause: where it stands in the body (title and line
            breaks left out), its mark not counted.
    """

    text: str
    places: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def body(self) -> str:
        """The text without title and line breaks."""
        return "".join(self.text.splitlines()[1:])


def compose_document(screenplay: Screenplay) -> Document:
    """Return the document of a screenplay."""
    paragraphs, places = [""], []
    lines = [event for event in screenplay.events if isinstance(event, Line)]
    for line in lines:
        spans = []
        for index, clause in enumerate(line.clauses):
            offset = sum(map(len, paragraphs))
            spans.append((offset, offset + len(clause.written)))
            is_last = index == len(line.clauses) - 1
            is_end = _ends_paragraph(screenplay.layout, paragraphs[-1], clause, is_last)
            is_end = is_end or (is_last and line is lines[-1])
            paragraphs[-1] += clause.written + _mark(screenplay.layout, clause, is_end)
            paragraphs += [""] if is_end else []
        places.append(tuple(spans))
    body = "\n\n".join(filter(None, paragraphs))
    return Document(f"# {screenplay.title}\n\n{body}\n", tuple(places))


def _ends_paragraph(layout: Layout, paragraph: str, clause: Clause, is_last: bool) -> bool:
    """Tell whether a paragraph ends after ``clause``: save for TURNS, never where a turn does."""
    if layout is Layout.TURNS:
        return is_last
    if is_last or len(paragraph) + len(clause.written) < PARAGRAPH[layout]:
        return False
    return layout is Layout.COMMAS or clause.mark in FULL_STOPS


def _mark(layout: Layout, clause: Clause, is_end: bool) -> str:
    """Return what is written after ``clause``, the space after a Latin mark included."""
    is_latin = clause.mark.isascii()
    if layout is Layout.COMMAS:
        stop, comma = (".", ", ") if is_latin else ("。", "，")
        return stop if is_end else comma
    return clause.mark + (" " if is_latin and not is_end else "")
