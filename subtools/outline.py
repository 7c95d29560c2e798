"""What a talk is about, found in its ``words.json`` or given by the user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from subtools.core import Alignment, Topic
from subtools.diarization import load_words
from subtools.errors import DocumentError
from subtools.formats.chapter_files import parse_chapters
from subtools.formats.chapters import CHAPTER_FORMATS, ChapterFormat
from subtools.formats.words import FORMAT, compose_words
from subtools.lexicon import clean_name
from subtools.reading import load_subtitles, read_text
from subtools.topics import ANY_TOPICS, TopicSettings, Wanted, outline_talk, parse_wanted


def outline_file(words: Path, settings: TopicSettings | None) -> tuple[Alignment, str]:
    """Return what ``words`` holds with its topics, and the same as a ``words.json``.

    Args:
        words: A ``words.json``.
        settings: How topics are found; None: those that it has, found if it has none.

    Raises:
        DocumentError: If it cannot be read, or nothing in it has a time.
    """
    alignment, provenance = load_words(words)
    if settings is not None or not alignment.topics:
        topics = outline_talk(alignment.transcript, settings or ANY_TOPICS)
        alignment = replace(alignment, topics=topics)
    if not alignment.topics:
        raise DocumentError("nothing is said in it at a known time", path=words)
    return alignment, compose_words(alignment, provenance)


def load_wanted(path: Path) -> tuple[Wanted, ...]:
    """Return the topics of a file: a title a line, and after ``|`` its first words.

    Raises:
        DocumentError: If it cannot be read, or has none.
    """
    try:
        return parse_wanted(read_text(path))
    except DocumentError as error:
        raise DocumentError(error.message, hint=error.hint, path=path) from error


def load_chapters(path: Path) -> tuple[Topic, ...]:
    """Return the chapters of a file, in order.

    Args:
        path: A ``words.json``, whose topics they are (found, if it has none); ffmetadata;
            Podcasting 2.0 JSON; lines that begin with a time; or WebVTT and other subtitles.

    Raises:
        DocumentError: If it cannot be read, or there are no chapters in it.
    """
    text = read_text(path)
    if f'"{FORMAT}"' in text[:200]:
        return outline_file(path, None)[0].topics
    try:
        found = parse_chapters(text)
    except DocumentError as error:
        raise DocumentError(error.message, hint=error.hint, path=path) from error
    if found is not None:
        return found
    cues = sorted(load_subtitles(path).cues, key=lambda cue: (cue.start, cue.end))
    if not cues:
        raise DocumentError("there are no chapters in it", path=path)
    ends = [cue.start for cue in cues[1:]] + [cues[-1].end]
    pairs = zip(cues, ends, strict=True)
    return tuple(
        Topic(clean_name(cue.text) or str(number), cue.start, max(cue.start, end))
        for number, (cue, end) in enumerate(pairs, 1)
    )


def chapter_format(name: str) -> ChapterFormat:
    """Return the form of chapters called ``name``, or that files called so are in.

    >>> chapter_format("podcast").name, chapter_format("talk.chapters.vtt").name
    ('podcast', 'vtt')

    Raises:
        DocumentError: If there is none.
    """
    for known in CHAPTER_FORMATS:
        if name.lower() == known.name or name.lower().endswith(known.suffix):
            return known
    for suffix, other in _LOOSE:
        if name.lower().endswith(suffix):
            return chapter_format(other)
    names = ", ".join(known.name for known in CHAPTER_FORMATS)
    raise DocumentError(f"no form of chapters is called {name!r}", hint=f"known: {names}")


_LOOSE: Sequence[tuple[str, str]] = (
    *((".vtt", "vtt"), (".txt", "list"), (".json", "podcast"), (".md", "markdown")),
    (".ini", "ffmetadata"),
)
