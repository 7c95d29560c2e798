"""The unit that the steps of reading a document pass on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

# Byte order mark, zero width spaces and joiners, direction marks, soft hyphen.
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u00ad"
_BLANK = _INVISIBLE + "".join(filter(str.isspace, map(chr, range(0x3001))))


class Level(IntEnum):
    """What a block is; 1 to 6 are the levels of Markdown headings."""

    TEXT = 0
    TITLE = 1
    BOLD = 7  # a line that is bold as a whole: a heading to the eye


@dataclass(frozen=True, slots=True)
class Block:
    """One line or paragraph of a document.

    Attributes:
        text: What it says, trimmed; never empty.
        level: A ``Level``, or the number of a heading's ``#``.
        follows: Whether it stands right under the block before, no blank line between.
        speaker: Who says it, if known.
    """

    text: str
    level: int = Level.TEXT
    follows: bool = False
    speaker: str | None = None


def trim(text: str) -> str:
    r"""Return ``text`` without whitespace and invisible characters at its ends.

    >>> trim("\ufeff　大家好 \u200b")
    '大家好'
    """
    return text.strip(_BLANK)


def split_blocks(lines: list[str]) -> tuple[Block, ...]:
    """Return each line that says something as a block of text."""
    trimmed = [trim(line) for line in lines]
    return tuple(
        Block(line, follows=bool(above)) for above, line in pairwise(["", *trimmed]) if line
    )
