"""A cleaned document as files: its corrections for programs and people, and the clean text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from subtools.core import Alignment, Correction
from subtools.correcting import Cleaned
from subtools.formats.correction_lists import compose_correction_markdown
from subtools.formats.correction_pages import compose_correction_html
from subtools.formats.corrections import compose_corrections
from subtools.formats.words import compose_words
from subtools.links import page_link
from subtools.page import relative_link
from subtools.page.texts import tag_language
from subtools.presenting import name_page
from subtools.prose import ProseSettings, TextFormat, compose_reading, write_reading

LIST_SUFFIXES = (".corrections.json", ".corrections.md", ".corrections.html")
CLEAN_SUFFIXES = (*LIST_SUFFIXES, ".clean.words.json", ".clean.txt")
READING_SUFFIX = ".reading.md"


def compose_cleaned(cleaned: Cleaned, stem: str, media: str | None = None) -> dict[str, str]:
    """Return the text of each file, by its suffix.

    Args:
        cleaned: What they are of.
        stem: Name of the sound, without its suffix.
        media: Address of the sound, where a talk that comes from no page can be listened to.
    """
    lists = compose_lists(cleaned.corrections, cleaned.before, stem, media)
    words = compose_words(cleaned.after, cleaned.provenance)
    return lists | {".clean.words.json": words, ".clean.txt": compose_plain(cleaned)}


def compose_edition(cleaned: Cleaned) -> str:
    """Return the clean text to be read, as Markdown: abridged, with marks and paragraphs."""
    text = write_reading(cleaned.after, ProseSettings(is_abridged=True))
    return str(compose_reading(text, TextFormat.MD))


def compose_lists(
    corrections: Sequence[Correction], before: Alignment, stem: str, media: str | None = None
) -> dict[str, str]:
    """Return the lists of corrections, for programs and for people, by their suffixes.

    Args:
        corrections: All that were looked at closely.
        before: The document that they were found in.
        stem: Name of the sound, without its suffix.
        media: Its address, where the talk comes from no page.
    """
    source, body = before.transcript.source, before.transcript.body
    page, title = page_link(source) or media, name_page(source, stem)
    language = tag_language(body, before.language)
    texts = (
        compose_corrections(corrections),
        compose_correction_markdown(corrections, body, title=title, page=page),
        compose_correction_html(corrections, body, title=title, page=page, language=language),
    )
    return dict(zip(LIST_SUFFIXES, texts, strict=True))


def link_sound(audio: Path, folder: Path) -> str | None:
    """Return the address of the sound as seen from ``folder``; None if there is no way."""
    try:
        return relative_link(audio, folder)
    except ValueError:  # on another drive
        return None


def compose_plain(cleaned: Cleaned) -> str:
    """Return the clean text: a paragraph a speech, its speaker before it where known."""
    paragraphs: list[str] = []
    said_last: str | None = None
    for paragraph in cleaned.after.without_lone_label().transcript.paragraphs:
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
