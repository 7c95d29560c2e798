"""Markdown to blocks of plain text, with what its headings say.

The first heading, if of the first level and on top, is the title. The headings of
another level are speakers if at least half of them come back (``## 宋老師`` ...
``## 曾老師`` ... ``## 宋老師``) or are roles or forms of address (``### Speaker 1``); else
they are headings of sections. Neither is spoken, so both stay out of the body. A
line that is bold as a whole is judged the same way, but is text if no speaker.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from subtools.transcript.blocks import Block, Level, trim
from subtools.transcript.labels import clean_name, is_role

# The limits (999) keep the time linear where brackets and stars are never closed.
_EVIDENCE = re.compile(
    r"^ {0,3}#{1,6}\s|^\s*```|\*\*[^\s*][^*\n]*\*\*|\[[^\]\n]{1,999}\]\([^()\s]+\)|<!--",
    re.MULTILINE,
)
_COMMENT = re.compile(r"<!--.{,9999}?-->", re.DOTALL)
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_CLOSING = re.compile(r"\s#+$")  # of a heading written ## so ##
_RULE = re.compile(r"(?:[-*_]\s*){3,}|```.*|~~~.*")  # thematic break, fence of a code block
_BOLD_LINE = re.compile(r"(\*\*|__)[^\s*_][^*_]*\1")
_ITEM = re.compile(r"(?:>\s?)+|[-*+]\s+(?:\[[ xX]\]\s+)?")  # numbers stay: they may be spoken
_IMAGE = re.compile(r"!\[[^\]]{,999}\]\([^()]{,999}\)")
_LINK = re.compile(r"\[([^\]]{1,999})\]\([^()\s]{,999}(?:\s\"[^\"]{,999}\")?\)")
_STARS = re.compile(r"(?<!\\)(\*{1,3}|~~|`{1,3})(?=\S)(.{1,999}?)(?<![\s\\])\1")
_UNDERSCORES = re.compile(r"(?<![\w\\])(_{1,3})(?=\S)(.{1,999}?)(?<![\s\\])\1(?!\w)")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")


def is_markdown(lines: Sequence[str]) -> bool:
    """Tell whether ``lines`` hold a heading, bold text, a link or a fence.

    A dash before a line is no evidence: it may mark dialogue.
    """
    return _EVIDENCE.search("\n".join(lines)) is not None


def parse_markdown(lines: Sequence[str]) -> tuple[Block, ...]:
    """Return headings and text as blocks without markup."""
    blocks: list[Block] = []
    follows = False
    for line in _COMMENT.sub("", "\n".join(lines)).split("\n"):
        block = _parse_line(trim(line), follows)
        blocks += [block] if block else []
        follows = block is not None and block.level == Level.TEXT
    return tuple(blocks)


def take_title(blocks: Sequence[Block]) -> tuple[str | None, tuple[Block, ...]]:
    """Return the title on top of a document (None if it has none) and what is below."""
    first, *rest = blocks or (None,)
    if (
        first is None
        or first.level != Level.TITLE
        or any(b.level == 1 and b.text == first.text for b in rest)
    ):
        return None, tuple(blocks)
    return first.text, tuple(rest)


def strip_markup(text: str) -> str:
    """Return one line of Markdown as it reads when rendered.

    >>> strip_markup("**很好**，見[這裡](https://example.org)的 `snake_case` 和 *a*。")
    '很好，見這裡的 snake_case 和 a。'
    """
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    for emphasis in (_STARS, _STARS, _UNDERSCORES, _UNDERSCORES):  # twice: they nest
        text = emphasis.sub(r"\2", text)
    return _ESCAPE.sub(r"\1", text)


def name_headings(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the text blocks, each with the speaker that a heading above it names."""
    names = _speaker_headings(blocks)
    spoken, speaker = [], None
    for block in blocks:
        if (block.level, block.text) in names:
            speaker = names[block.level, block.text]
        elif block.level in (Level.TEXT, Level.BOLD):
            spoken.append(replace(block, level=Level.TEXT, speaker=speaker))
        else:
            speaker = None  # a new section: nobody has spoken in it yet
    return tuple(spoken)


def _speaker_headings(blocks: Sequence[Block]) -> dict[tuple[int, str], str]:
    """Return the speaker's name for each (level, text) of a heading that is one."""
    levels: defaultdict[int, list[str]] = defaultdict(list)
    for block in blocks:
        if block.level != Level.TEXT:
            levels[block.level].append(block.text)
    return {
        (level, text): name
        for level, texts in levels.items()
        if _are_speakers(texts)
        for text in texts
        if (name := clean_name(text))
    }


def _are_speakers(headings: Sequence[str]) -> bool:
    counts = Counter(filter(None, map(clean_name, headings)))
    back = sum(count for name, count in counts.items() if count > 1 or is_role(name))
    return back > 0 and back * 2 >= len(headings)


def _parse_line(line: str, follows: bool) -> Block | None:
    """Return the block that one trimmed line is; None if it shows no text."""
    if not line or _RULE.fullmatch(line):
        return None
    heading = _HEADING.fullmatch(line)
    if heading:
        return _block(_CLOSING.sub("", heading[2]), level=len(heading[1]))
    if _BOLD_LINE.fullmatch(line):
        return _block(line, level=Level.BOLD)
    item = _ITEM.match(line)
    return _block(line[item.end() :]) if item else _block(line, follows=follows)


def _block(text: str, *, level: int = Level.TEXT, follows: bool = False) -> Block | None:
    bare = trim(strip_markup(text))
    return Block(bare, level, follows) if bare else None
