"""Corrections for a person to read, as one HTML file; every one can be listened to.

All texts come from documents and recognisers: they are escaped, and the file holds no script
and may load nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources

from subtools.core import (
    Correction,
    Evidence,
    explain_all,
    format_score,
    judge_score,
)
from subtools.formats.correction_lists import (
    Group,
    clock_of,
    context_of,
    group_corrections,
    moment_of,
)
from subtools.lexicon import clean_name

CONTEXT = 24  # characters shown on either side: a line
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # which HTML does not allow
_STRIPED = re.compile(r"`([^`]*)`")
_NOTHING = '<i lang="en">nothing</i>'
_NUMBERS = (
    "Each number is what one voice adds, in log odds: +3 is twenty times the odds, 0 says "
    "nothing, below 0 speaks against. All together, from −4 on (of fifty places that were "
    "looked at, one is wrong), make the percentage. A nat is a factor of 2.7 between two readings."
)


def compose_correction_html(
    corrections: Sequence[Correction],
    body: str,
    *,
    title: str = "",
    page: str | None = None,
    language: str = "",
) -> str:
    """Return the corrections as one HTML file.

    Args:
        corrections: In the order of the text.
        body: The document's body that their offsets count in.
        title: What it is of.
        page: Address of the page or the media file where it plays; times then lead there.
        language: BCP 47 tag of the document, for its glyphs.
    """
    style = (resources.files("subtools.formats") / "corrections.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    name = _text(clean_name(title) or "Corrections")
    tag = f' lang="{_text(language)}"' if language else ""
    groups = group_corrections(corrections)
    content = "\n".join(
        part for number, group in enumerate(groups) for part in _group(number, group, body, page)
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="generator" content="subtools clean">\n'
        f"<title>Corrections: {name}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f'<p class="over">Corrections</p>\n<h1><bdi{tag}>{name}</bdi></h1>\n'
        f"{_contents(groups)}\n<div{tag}>\n{content}\n</div>\n"
        f'<footer lang="en"><h2>About the numbers</h2><p>{_NUMBERS}</p></footer>\n'
        "</main>\n</body>\n</html>\n"
    )


def _contents(groups: Sequence[Group]) -> str:
    entries = "".join(
        f'<li><a href="#group-{number}">{group.title} <b>{len(group.corrections)}</b></a></li>'
        for number, group in enumerate(groups)
    )
    return f'<nav aria-label="Kinds"><ul>{entries}</ul></nav>'


def _group(number: int, group: Group, body: str, page: str | None) -> Iterator[str]:
    yield f'<section id="group-{number}">'
    note = _STRIPED.sub(r"<code>\1</code>", escape(group.note))
    yield f'<h2 lang="en">{group.title} <span>{len(group.corrections)}</span></h2>'
    yield f'<p class="note" lang="en">{note}</p>'
    for correction in group.corrections:
        yield _article(correction, body, page)
    yield "</section>"


def _article(correction: Correction, body: str, page: str | None) -> str:
    left, right = (_text(text) for text in context_of(correction, body, CONTEXT))
    taken = f"<del>{_text(correction.before)}</del>"
    put = f"<ins>{_text(correction.after) or _NOTHING}</ins>"
    return (
        f'<article><p class="facts" lang="en">{_time(correction, page)} {_sureness(correction)}</p>'
        f'<p class="text">{left}{taken}<span class="arrow" aria-hidden="true"> → </span>{put}'
        f"{_or_else(correction.alternatives)}{right}</p>{_held_back(correction)}"
        f"{_voices(correction.evidence)}</article>"
    )


def _or_else(readings: Sequence[str]) -> str:
    """Return what else may have been said; in brackets, as the sentence goes on behind it."""
    listed = ", ".join(f"<bdi>{_text(reading) or _NOTHING}</bdi>" for reading in readings)
    return f' <span class="others">(<i lang="en">or</i> {listed})</span>' if listed else ""


def _held_back(correction: Correction) -> str:
    if not correction.held_back:
        return ""
    return f'<p class="held" lang="en">Held back: {_text(correction.held_back)}.</p>'


def _time(correction: Correction, page: str | None) -> str:
    clock, place = clock_of(correction) or "time unknown", moment_of(correction, page)
    if place is None:
        return f"<time>{clock}</time>"
    return f'<a href="{_text(place)}" rel="noreferrer" title="Listen">▶ <time>{clock}</time></a>'


def _sureness(correction: Correction) -> str:
    word, score = judge_score(correction.score).value, format_score(correction.score)
    return f'<span class="sure {word}">{word}</span> <span class="score">{score}</span>'


def _voices(evidence: Sequence[Evidence]) -> str:
    """Return the evidence in words, and behind them in numbers."""
    if not evidence:
        return ""
    rows = "".join(
        f'<li class="{stance.rpartition(" ")[2]}"><b>{stance}</b> <span>{words}</span></li>'
        for stance, words in explain_all(evidence)
    )
    numbers = "".join(
        f"<li>{_text(voice.kind.value)} {voice.weight:+.1f}: {_text(voice.reason)}</li>"
        for voice in evidence
    )
    return (
        f'<ul class="why" lang="en">{rows}</ul>'
        f'<details lang="en"><summary>In numbers</summary><ul>{numbers}</ul></details>'
    )


def _text(text: str) -> str:
    return escape(_UNSEEN.sub("", text))
