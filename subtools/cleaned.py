"""A cleaned document as files: its corrections for programs and people, and the clean text."""

from __future__ import annotations

from subtools.correcting import Cleaned
from subtools.formats.correction_lists import (
    compose_correction_html,
    compose_correction_markdown,
)
from subtools.formats.corrections import compose_corrections
from subtools.formats.words import compose_words
from subtools.links import page_link
from subtools.presenting import name_page

CLEAN_SUFFIXES = (
    *(".corrections.json", ".corrections.md", ".corrections.html"),
    *(".clean.words.json", ".clean.txt"),
)


def compose_cleaned(cleaned: Cleaned, stem: str) -> dict[str, str]:
    """Return the text of each file, by its suffix."""
    source = cleaned.before.transcript.source
    body, page = cleaned.before.transcript.body, page_link(source)
    title = name_page(source, stem)
    corrections = cleaned.corrections
    texts = (
        compose_corrections(corrections),
        compose_correction_markdown(corrections, body, title=title, page=page),
        compose_correction_html(corrections, body, title=title, page=page),
        compose_words(cleaned.after, cleaned.provenance),
        _compose_plain(cleaned),
    )
    return dict(zip(CLEAN_SUFFIXES, texts, strict=True))


def _compose_plain(cleaned: Cleaned) -> str:
    """Return the clean text: a paragraph a speech, its speaker before it where known."""
    paragraphs: list[str] = []
    said_last: str | None = None
    for paragraph in cleaned.after.transcript.paragraphs:
        text, speaker = "", said_last
        for word in paragraph.words:
            if text and word.speaker != speaker:
                paragraphs.append(_say(speaker, text, said_last))
                said_last, text = speaker, ""
            speaker = word.speaker
            text += word.text
        paragraphs.append(_say(speaker, text, said_last))
        said_last = speaker
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"


def _say(speaker: str | None, text: str, before: str | None) -> str:
    text = text.strip()
    return f"{speaker}: {text}" if speaker and speaker != before and text else text
