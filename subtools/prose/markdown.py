"""A text as Markdown or plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from subtools.links import moment_link
from subtools.prose.reading import Passage, Reading, Section
from subtools.prose.writing import describe_source
from subtools.timecode import compose_clock

# Whatever begins markup somewhere in a line, or a block at its beginning.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_BLOCK = re.compile(r"^(?:([-+=])|(\d+)(?=[.)]))")


def compose_markdown(reading: Reading) -> str:
    """Return ``reading`` as Markdown: topics as headings, speakers bold, times as links."""
    parts = [f"# {_escape(reading.title)}"] if reading.title else []
    source = _escape(describe_source(reading.source))
    page = f"<{reading.page}>" if reading.page and _is_plain(reading.page) else ""
    parts += filter(None, [" · ".join(filter(None, [source, page]))])
    for section in reading.sections:
        parts += _markdown_section(section, reading)
    return "\n\n".join(parts) + "\n"


def _is_plain(address: str) -> bool:
    return not re.search(r"[<>\s\x00-\x1f]", address)


def _markdown_section(section: Section, reading: Reading) -> Iterator[str]:
    if section.title:
        yield f"## {_escape(section.title)}"
    for speaker, passages in groupby(section.passages, key=lambda passage: passage.speaker):
        for number, passage in enumerate(passages):
            name = f"**{_escape(speaker)}**" if speaker and not number else ""
            head = " ".join(filter(None, [name, _markdown_time(passage, reading)]))
            if head and (name or not speaker):
                yield head
                yield _escape(passage.text)
            else:  # goes on
                yield f"{head} {_escape(passage.text)}".strip()


def _markdown_time(passage: Passage, reading: Reading) -> str:
    if passage.start is None:
        return ""
    clock = compose_clock(passage.start)
    if reading.page is None or not _is_plain(reading.page):
        return clock
    address = moment_link(reading.page, passage.start).replace("(", "%28").replace(")", "%29")
    return f"[{clock}]({address})"


def _escape(text: str) -> str:
    r"""Return ``text`` so that nothing in it is markup.

    >>> _escape("<b>1*1</b>"), _escape("1. one"), _escape("- no")
    ('\\<b\\>1\\*1\\</b\\>', '1\\. one', '\\- no')
    """
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _BLOCK.sub(lambda begin: f"\\{begin[1]}" if begin[1] else f"{begin[2]}\\", escaped)


def compose_plain(reading: Reading) -> str:
    """Return ``reading`` as plain text: a line of name and time, then the paragraphs."""
    parts = list(filter(None, [reading.title, describe_source(reading.source)]))
    for section in reading.sections:
        parts += [f"== {section.title} =="] if section.title else []
        for speaker, passages in groupby(section.passages, key=lambda passage: passage.speaker):
            said = list(passages)
            start = said[0].start
            clock = "" if start is None else compose_clock(start)
            head = "  ".join(filter(None, [speaker or "", clock]))
            texts = [passage.text for passage in said]
            parts += [f"{head}\n{texts[0]}" if head else texts[0], *texts[1:]]
    return "\n\n".join(parts) + "\n"
