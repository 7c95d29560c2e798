"""A text as one HTML file, without a script and without anything from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from html import escape
from importlib import resources
from itertools import groupby

from subtools.links import moment_link
from subtools.prose.reading import Passage, Reading, Section
from subtools.prose.writing import describe_source
from subtools.timecode import compose_clock

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # which HTML does not allow


def compose_html(reading: Reading) -> str:
    """Return ``reading`` as one HTML file; all text from outside is escaped.

    A Content-Security-Policy forbids everything but its own style sheet, by its hash.
    """
    style = (resources.files("subtools.prose") / "reading.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = _text(reading.title)
    body = "\n".join(_body(reading))
    return (
        f'<!DOCTYPE html>\n<html lang="{_text(reading.language)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="generator" content="subtools text">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _text(text: str) -> str:
    return escape(_UNSEEN.sub("", text))


def _body(reading: Reading) -> Iterator[str]:
    if reading.title:
        yield f"<h1>{_text(reading.title)}</h1>"
    source = _text(describe_source(reading.source))
    page = f'<a href="{_text(reading.page)}">{_text(reading.page)}</a>' if reading.page else ""
    if source or page:
        yield f'<p class="source">{" · ".join(filter(None, [source, page]))}</p>'
    titled = [(k, s) for k, s in enumerate(reading.sections, start=1) if s.title]
    if len(titled) > 1:
        yield "<nav><ol>"
        for number, section in titled:
            yield f'<li><a href="#topic-{number}">{_text(section.title)}</a></li>'
        yield "</ol></nav>"
    for number, section in enumerate(reading.sections, start=1):
        yield from _section(number, section, reading)


def _section(number: int, section: Section, reading: Reading) -> Iterator[str]:
    yield f'<section id="topic-{number}">'
    if section.title:
        yield f"<h2>{_text(section.title)}</h2>"
    for speaker, passages in groupby(section.passages, key=lambda passage: passage.speaker):
        name = f"<b>{_text(speaker)}</b>" if speaker else ""
        yield "<article>"
        for place, passage in enumerate(passages):
            time = _time(passage, reading)
            if not place and name:
                yield f"<header>{name} {time}</header>\n<p>{_text(passage.text)}</p>"
            else:
                yield f"<p>{time} {_text(passage.text)}</p>"
        yield "</article>"
    yield "</section>"


def _time(passage: Passage, reading: Reading) -> str:
    if passage.start is None:
        return ""
    clock = compose_clock(passage.start)
    seconds = int(passage.start)
    shown = f'<time datetime="PT{seconds}S">{clock}</time>'
    if reading.page is None:
        return shown
    address = escape(moment_link(reading.page, passage.start))
    return f'<a href="{address}" rel="noreferrer">{shown}</a>'
