"""Cues to WebVTT, with webvtt-py."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import webvtt

from subtools.core import Block, Cue, Subtitles
from subtools.formats.speakers import SpeakerStyle
from subtools.formats.vtt.karaoke import add_word_times
from subtools.formats.vtt.settings import compose_settings, find_regions, parse_settings
from subtools.markup import (
    Token,
    TokenKind,
    compose_markup,
    escape_markup,
    markup_text,
    parse_markup,
    rewrap_markup,
)
from subtools.timecode import compose_timecode

# What HTML calls white space, and what ends a line for any reader.
_BLANK = re.compile(r"[\t-\r\x1c-\x1e \x85\u2028\u2029]+")


def compose(
    subtitles: Subtitles,
    *,
    style: SpeakerStyle | None = None,
    word_times: bool = False,
) -> str:
    """Return ``subtitles`` as WebVTT, lines ended by line feeds.

    The reason of a cue whose time nobody can vouch for (confidence 0) becomes a comment.

    An empty line would end the cue, so blank lines are left out, and so is a cue
    without any other line. White space in a speaker's name becomes one space.

    Args:
        subtitles: What to write.
        style: ``NONE`` leaves the speakers out; all others put each cue into a voice span.
        word_times: Whether a time stands before each word that has one.
    """
    writer = _Writer(subtitles, is_voiced=style is not SpeakerStyle.NONE, word_times=word_times)
    return writer.compose().replace("\0", "\ufffd")


class _Writer:
    """Writes one file; knows what all of its cues have in common."""

    def __init__(self, subtitles: Subtitles, *, is_voiced: bool, word_times: bool) -> None:
        self.subtitles = subtitles
        self.is_voiced = is_voiced
        self.word_times = word_times
        self.blocks = [block for block in subtitles.blocks if block.format == "vtt"]
        self.regions = frozenset(find_regions(self.blocks))

    def compose(self) -> str:
        """Return the file: webvtt-py writes the cues between two blocks at a time.

        It would put styles and regions before all comments, and in an order of its own.
        """
        others = [block for block in self.blocks if block.kind != "WEBVTT"]
        others.sort(key=lambda block: block.position)
        bounds = [0, *(block.position for block in others), len(self.subtitles.cues)]
        blocks = ["", *map(_compose_block, others)]
        cues = (self._compose_cues(first, past) for first, past in pairwise(bounds))
        body = "".join(part for pair in zip(blocks, cues, strict=True) for part in pair)
        return _compose_header(self.subtitles, self.blocks) + body

    def _compose_cues(self, first: int, past: int) -> str:
        captions = [
            self._caption(cue) for cue in self.subtitles.cues[first:past] if cue.text.strip()
        ]
        return webvtt.WebVTT(captions=captions).content.removeprefix("WEBVTT\n") if captions else ""

    def _caption(self, cue: Cue) -> webvtt.Caption:
        caption = webvtt.Caption(
            compose_timecode(cue.start),
            compose_timecode(cue.end),
            self._compose_text(cue),
            _one_line(cue.identifier) if cue.identifier else None,
        )
        if cue.settings:
            caption.settings = compose_settings(parse_settings(cue.settings, self.regions))
        if cue.confidence == 0 and cue.reason:
            caption.comments = [_without_arrows(" ".join(cue.reason.split()))]
        return caption

    def _compose_text(self, cue: Cue) -> str:
        lines = [line for line in cue.text.splitlines() if line.strip()]
        text = _compose_tags(cue.markup, lines) if cue.markup else escape_markup("\n".join(lines))
        if self.word_times and cue.words:
            text = add_word_times(text, cue)
        return _voice(text, cue, is_voiced=self.is_voiced)


def _compose_header(subtitles: Subtitles, blocks: Sequence[Block]) -> str:
    written = "\n".join(block.text for block in blocks if block.kind == "WEBVTT")
    first, *others = _lines(_without_arrows(written)) if written else [""]
    title = _one_line(subtitles.title)
    if title and not first:
        first = f"- {title}"
    if subtitles.language:
        others.append(f"Language: {subtitles.language}")
    header = webvtt.WebVTT(header_text=first, metadata=list(filter(None, others)))
    return header.content


def _compose_block(block: Block) -> str:
    """Return a comment, a style or a region with an empty line before it."""
    lines = [line for line in _lines(_without_arrows(block.text)) if line]
    if block.kind == "NOTE" and len(lines) == 1 and not block.text.startswith("\n"):
        return f"\nNOTE {lines[0]}\n"
    return "\n" + "".join(f"{line}\n" for line in [block.kind, *lines])


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _without_arrows(text: str) -> str:
    return text.replace("-->", "--&gt;")


def _one_line(text: str) -> str:
    return " ".join(_lines(text)).replace("-->", "→")


def _compose_tags(markup: str, lines: Sequence[str]) -> str:
    """Return ``markup`` in the form that every reader takes, with the text of ``lines``."""
    if markup_text(markup) == "\n".join(lines):
        return compose_markup(parse_markup(markup))
    return rewrap_markup(markup, lines)


def _voice(text: str, cue: Cue, *, is_voiced: bool) -> str:
    """Return ``text`` said by the speaker of the cue, or by those that its markup names."""
    name = _BLANK.sub(" ", cue.speaker).strip(" ") if cue.speaker and is_voiced else ""
    if "<v" in text:
        tokens = parse_markup(text)
        names = {token.annotation for token in _voices(tokens)}
        if is_voiced and names and (not name or names == {name}):
            return text
        text = compose_markup(token for token in tokens if token.name != "v")
    return f"{_voice_tag(name)}{text}</v>" if name else text


def _voices(tokens: Sequence[Token]) -> Iterator[Token]:
    return (token for token in tokens if (token.name, token.kind) == ("v", TokenKind.START))


@lru_cache(maxsize=256)  # few people say much
def _voice_tag(name: str) -> str:
    return compose_markup([Token(TokenKind.START, name="v", annotation=name)])
