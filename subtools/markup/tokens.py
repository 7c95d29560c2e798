"""The text of a WebVTT cue to tokens and back.

Source: https://www.w3.org/TR/webvtt1/#cue-text-tokenizer and the rules that follow it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

from subtools.core import Seconds
from subtools.markup.references import unescape_references
from subtools.timecode import compose_timecode

TAGS = frozenset({"c", "i", "b", "u", "ruby", "rt", "v", "lang"})
_ANNOTATED = frozenset({"v", "lang"})

_PIECE = re.compile(r"<(?P<tag>[^>]*)>?|(?P<text>[^<]+)")
_START = re.compile(r"([^\t\n\f .]*)((?:\.[^\t\n\f .]*)*)(.*)", re.DOTALL)
_SPACE = re.compile(r"[\t\n\f\r ]+")  # what HTML calls white space: fewer than str.split knows
# Hours beyond ten digits are 30,000 years and more.
_TIME = re.compile(r"(?:0*([0-9]{1,10}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})", re.ASCII)


class TokenKind(StrEnum):
    """What a piece of marked-up text is."""

    TEXT = "text"
    START = "start"
    END = "end"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of marked-up text.

    Attributes:
        kind: What it is.
        text: Of a text: it, as it is shown. Of a time: it, as ``HH:MM:SS.mmm``.
        name: Of a tag: its name, one of ``TAGS``.
        classes: Of a start tag: its classes.
        annotation: Of a start tag ``v``: who speaks; of ``lang``: the language.
        time: Of a time: it, in seconds.
    """

    kind: TokenKind
    text: str = ""
    name: str = ""
    classes: tuple[str, ...] = ()
    annotation: str = ""
    time: Seconds | None = None


def parse_markup(markup: str) -> tuple[Token, ...]:
    """Return the tokens that a browser makes its tree of.

    Every start tag has its end tag, properly nested; tags that are unknown, or end what
    was not begun, are not there; no two texts follow one another.

    >>> [(token.kind.value, token.name or token.text) for token in parse_markup("1 <i>&lt; 2")]
    [('text', '1 '), ('start', 'i'), ('text', '< 2'), ('end', 'i')]
    """
    return tuple(_join_texts(balance_tokens(_tokenise(markup))))


def compose_markup(tokens: Iterable[Token]) -> str:
    """Return the text that ``tokens`` are made of.

    >>> compose_markup(parse_markup("<v.loud  R&D ><q>Hi"))
    '<v.loud R&amp;D>Hi</v>'
    """
    return "".join(map(_compose_token, tokens))


def markup_text(markup: str) -> str:
    """Return ``markup`` as it is shown: no tags, references resolved.

    >>> markup_text("<i>R&amp;D</i>")
    'R&D'
    """
    if "<" not in markup:
        return unescape_references(markup)
    return "".join(token.text for token in _tokenise(markup) if token.kind is TokenKind.TEXT)


def escape_markup(text: str) -> str:
    """Return markup that shows ``text``; no part of it is a tag, a reference or an arrow.

    >>> escape_markup("a --> b & <i>")
    'a --&gt; b &amp; &lt;i&gt;'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unknown_tags(markup: str) -> tuple[str, ...]:
    """Return what ``markup`` has of tags that are none, as they are written.

    >>> unknown_tags("<font>a</font> <i>b</i> 1 < 2")
    ('<font>', '</font>', '< 2')
    """
    return tuple(_find_unknown(markup))


def parse_timestamp(text: str) -> Seconds | None:
    """Return the seconds that a time of WebVTT stands for; None if it is none.

    >>> parse_timestamp("1:02:03.500"), parse_timestamp("2:03.500")
    (3723.5, None)
    """
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds, milliseconds = match.groups("0")
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return (whole * 1000 + int(milliseconds)) / 1000


def time_token(time: Seconds) -> Token:
    """Return the tag that says what follows is of ``time``, in seconds."""
    return Token(TokenKind.TIME, compose_timecode(time), time=time)


def _tokenise(markup: str) -> Iterator[Token]:
    """Yield the tokens of ``markup``, those left out that no tree has a place for."""
    for piece in _PIECE.finditer(markup):
        tag = piece["tag"]
        if tag is None:
            yield Token(TokenKind.TEXT, unescape_references(piece["text"]))
        elif token := _parse_tag(tag):
            yield token


def _parse_tag(tag: str) -> Token | None:
    """Return what ``tag`` is, which stood between ``<`` and ``>``; None if it is nothing."""
    if tag.startswith("/"):
        return Token(TokenKind.END, name=tag[1:]) if tag[1:] in TAGS else None
    if "0" <= tag[:1] <= "9":
        time = parse_timestamp(tag)
        return None if time is None else time_token(time)
    match = _START.fullmatch(tag)
    if match is None or match[1] not in TAGS:
        return None
    name, classes, annotation = match.groups()
    return Token(
        TokenKind.START,
        name=name,
        classes=tuple(filter(None, classes.split("."))),
        annotation=_clean_annotation(annotation) if name in _ANNOTATED else "",
    )


def _clean_annotation(text: str) -> str:
    return _SPACE.sub(" ", unescape_references(text)).strip(" ")


def balance_tokens(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield ``tokens`` as the tree holds them: ends that end nothing left out, others added."""
    opened: list[str] = []
    for token in tokens:
        if token.kind is TokenKind.START:
            if token.name == "rt" and opened[-1:] != ["ruby"]:
                continue
            opened.append(token.name)
        elif token.kind is TokenKind.END:
            if token.name == "ruby" and opened[-1:] == ["rt"]:
                yield Token(TokenKind.END, name=opened.pop())
            if opened[-1:] != [token.name]:
                continue
            opened.pop()
        yield token
    yield from (Token(TokenKind.END, name=name) for name in reversed(opened))


def _join_texts(tokens: Iterable[Token]) -> Iterator[Token]:
    for kind, run in groupby(tokens, key=attrgetter("kind")):
        if kind is TokenKind.TEXT:
            text = "".join(token.text for token in run)
            if text:
                yield Token(TokenKind.TEXT, text)
        else:
            yield from run


def _compose_token(token: Token) -> str:
    if token.kind is TokenKind.TEXT:
        return escape_markup(token.text)
    if token.kind is TokenKind.END:
        return f"</{token.name}>"
    if token.kind is TokenKind.TIME:
        return f"<{token.text}>"
    return f"<{_compose_start(token)}>"


def _compose_start(token: Token) -> str:
    """Return what stands in the tag. Two hyphens before its end would make an arrow."""
    classes = "".join(f".{name}" for name in token.classes)
    annotation = escape_markup(token.annotation)
    if not annotation:
        return f"{token.name}{classes}" + ("." if classes.endswith("--") else "")
    if annotation.endswith("--"):
        annotation = f"{annotation[:-1]}&#45;"
    return f"{token.name}{classes} {annotation}"


def _find_unknown(markup: str) -> Iterator[str]:
    for piece in _PIECE.finditer(markup):
        tag = piece["tag"]
        if tag is not None and _parse_tag(tag) is None:
            yield piece.group()
