"""Topics as chapters, in the forms that players, sites and podcast apps read.

Source of each form: WebVTT 1 (kind chapters); YouTube Help, "Video Chapters"; Podcasting
2.0, "JSON Chapters", version 1.2; ffmpeg, "Metadata".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from subtools.core import Cue, Seconds, Source, Subtitles, Topic
from subtools.errors import DocumentError
from subtools.formats import vtt
from subtools.lexicon import clean_name
from subtools.links import moment_link, page_link
from subtools.timecode import compose_clock, to_milliseconds, to_seconds

LEAST_CHAPTERS = 3  # YouTube shows fewer not at all
SHORTEST: Seconds = 10.0  # YouTube shows none of a list with a shorter one
_SPECIAL = re.compile(r"([=;#\\\n])")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|!&~])")
_UNSAFE_IN_LINK = re.compile(r"[\s()<>\\\"'`]")


@dataclass(frozen=True, slots=True)
class ChapterFormat:
    """A form that chapters are written in.

    Attributes:
        name: What it is called.
        suffix: Of its files.
        title: In words.
        compose: Topics and where they come from, to text.
    """

    name: str
    suffix: str
    title: str
    compose: Callable[[Sequence[Topic], Source], str]


def compose_vtt(topics: Sequence[Topic], source: Source = Source()) -> str:  # noqa: ARG001, B008 - frozen
    """Return chapters as WebVTT: a cue each."""
    cues = tuple(Cue(topic.start, topic.end, (_clean(topic.title),)) for topic in topics)
    return vtt.compose(Subtitles(cues))


def compose_list(topics: Sequence[Topic], source: Source = Source()) -> str:  # noqa: ARG001, B008 - frozen
    r"""Return the lines that a description on YouTube or Bilibili takes: ``0:00 title``.

    The first chapter begins at 0:00, and one that is too short joins the one before.

    >>> compose_list([Topic("開場", 12.6, 90), Topic("數據", 90, 95), Topic("推理", 95, 300)])
    Traceback (most recent call last):
    subtools.errors.DocumentError: 2 chapters of 10 s and more, but sites show 3 at least ...

    Raises:
        DocumentError: If there are fewer than ``LEAST_CHAPTERS``.
    """
    kept = [topic for topic in topics if topic.end - topic.start >= SHORTEST]
    if len(kept) < LEAST_CHAPTERS:
        message = f"{len(kept)} chapters of 10 s and more, but sites show {LEAST_CHAPTERS} at least"
        raise DocumentError(message, hint="ask for more topics: --topics 5")
    kept[0] = replace(kept[0], start=0.0)
    is_long = kept[-1].start >= 3600
    return "".join(f"{_clock(t.start, is_long=is_long)} {_clean(t.title)}\n" for t in kept)


def compose_podcast(topics: Sequence[Topic], source: Source = Source()) -> str:  # noqa: B008 - frozen
    """Return chapters as podcast apps read them (``application/json+chapters``)."""
    page = page_link(source)
    chapters = [
        {
            "startTime": to_seconds(to_milliseconds(topic.start)),
            "endTime": to_seconds(to_milliseconds(topic.end)),
            "title": _clean(topic.title),
            **({"url": moment_link(page, topic.start)} if page else {}),
        }
        for topic in topics
    ]
    head: dict[str, object] = {"version": "1.2.0"}
    if source.title:
        head["title"] = source.title
    return json.dumps({**head, "chapters": chapters}, ensure_ascii=False, indent=1) + "\n"


def compose_ffmetadata(topics: Sequence[Topic], source: Source = Source()) -> str:  # noqa: ARG001, B008 - frozen
    r"""Return chapters as ffmpeg reads them.

    >>> print(compose_ffmetadata([Topic("a=b; #c", 0.5, 2)]), end="")
    ;FFMETADATA1
    [CHAPTER]
    TIMEBASE=1/1000
    START=500
    END=2000
    title=a\=b\; \#c
    """
    parts = [
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={to_milliseconds(topic.start)}\n"
        f"END={to_milliseconds(topic.end)}\ntitle={_SPECIAL.sub(_escape, _clean(topic.title))}\n"
        for topic in topics
    ]
    return ";FFMETADATA1\n" + "".join(parts)


def compose_contents(topics: Sequence[Topic], source: Source = Source()) -> str:  # noqa: B008 - frozen
    """Return a table of contents in Markdown, with links where the page is known."""
    page = page_link(source)
    is_long = bool(topics) and topics[-1].start >= 3600
    lines = []
    for topic in topics:
        clock = _clock(topic.start, is_long=is_long)
        time = f"[{clock}]({_target(page, topic.start)})" if page else clock
        lines.append(f"- {time} {_MARKDOWN.sub(_escape, _clean(topic.title))}\n")
    return "".join(lines)


CHAPTER_FORMATS: tuple[ChapterFormat, ...] = (
    ChapterFormat("vtt", ".chapters.vtt", "WebVTT, for players", compose_vtt),
    ChapterFormat("list", ".chapters.txt", "for a description on YouTube, Bilibili", compose_list),
    ChapterFormat("podcast", ".chapters.json", "Podcasting 2.0", compose_podcast),
    ChapterFormat("ffmetadata", ".ffmetadata", "for ffmpeg and mux", compose_ffmetadata),
    ChapterFormat("markdown", ".contents.md", "contents with links", compose_contents),
)


def find_chapter_format(suffix: str) -> ChapterFormat | None:
    """Return the form of chapters whose files end in ``suffix``; None if there is none.

    >>> find_chapter_format(".chapters.vtt").name, find_chapter_format(".vtt")
    ('vtt', None)
    """
    return next((known for known in CHAPTER_FORMATS if known.suffix == suffix.lower()), None)


def _target(page: str, seconds: Seconds) -> str:
    """Return the address of a moment as Markdown takes it: nothing in it ends the link."""
    return _UNSAFE_IN_LINK.sub(lambda found: quote(found[0], safe=""), moment_link(page, seconds))


def _clean(title: str) -> str:
    return clean_name(title) or "-"


def _escape(match: re.Match[str]) -> str:
    return f"\\{match[1]}"


def _clock(seconds: Seconds, *, is_long: bool) -> str:
    """Return a time as sites read it; where there are hours, all have them."""
    clock = compose_clock(seconds)
    return f"0:{clock:0>5}" if is_long and clock.count(":") == 1 else clock
