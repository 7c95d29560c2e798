"""Talks for the tests of the library: words with times, from plain text."""

from __future__ import annotations

import hashlib
from pathlib import Path

from subtools.catalogue import Catalogue, Recording, add_recording, prepare_recording
from subtools.core import (
    Alignment,
    Input,
    Paragraph,
    Provenance,
    Source,
    Span,
    Transcript,
    Word,
)
from subtools.formats.words import compose_words
from subtools.lexicon import split_words

SYLLABLE = 0.25  # seconds


def timed(text: str, *, speaker: str | None = None, start: float = 1.0) -> tuple[Word, ...]:
    """Return the words of ``text``, one every quarter of a second."""
    return tuple(
        Word(word, Span(start + k * SYLLABLE, start + (k + 1) * SYLLABLE), 0.9, speaker)
        for k, word in enumerate(split_words(text))
    )


def transcript(*turns: tuple[str, str], source: Source = Source()) -> Transcript:  # noqa: B008 - frozen
    """Return a transcript of (speaker, text), one paragraph each, one after the other."""
    paragraphs, start = [], 1.0
    for speaker, text in turns:
        words = timed(text, speaker=speaker, start=start)
        start += len(words) * SYLLABLE
        paragraphs.append(Paragraph(words))
    return Transcript(tuple(paragraphs), source)


def recording(*texts: str, key: str = "talk", language: str = "zh", **more: str) -> Recording:
    """Return a talk of one speaker, a paragraph for each text."""
    said = transcript(*(("甲", text) for text in texts if text))
    digest = hashlib.sha256(repr((key, texts)).encode()).hexdigest()
    fields = {"path": f"/talks/{key}/words.json", "title": f"Talk {key}", **more}
    return Recording(key=key, digest=digest, transcript=said, language=language, **fields)


def add(catalogue: Catalogue, *recordings: Recording) -> None:
    """Index ``recordings``."""
    for each in recordings:
        add_recording(catalogue, prepare_recording(catalogue, each))


def write_words(
    path: Path,
    *turns: tuple[str, str],
    source: Source = Source(),  # noqa: B008 - frozen
    audio: str | None = None,
) -> Path:
    """Write a ``words.json`` of (speaker, text)."""
    alignment = Alignment(transcript(*turns, source=source), (), "zh", "phones")
    inputs = (
        {} if audio is None else {"audio": Input(audio, hashlib.sha256(audio.encode()).hexdigest())}
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(compose_words(alignment, Provenance(inputs)), encoding="utf-8")
    return path
