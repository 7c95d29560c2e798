"""Lines of plain text to paragraphs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from subtools.lexicon import is_spaceless
from subtools.transcript.blocks import Block, Level, split_blocks
from subtools.transcript.labels import match_label

_WRAP_COLUMNS = range(40, 101)  # where editors and e-mail programs break lines
_FEWEST_WRAPS = 3  # fewer broken lines may be chance


def parse_plain(lines: list[str]) -> tuple[Block, ...]:
    """Return the paragraphs of a text without markup: one a line, unless it is wrapped."""
    return join_wrapped(split_blocks(lines))


def join_wrapped(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return ``blocks`` with the lines of each paragraph joined, if they are hard-wrapped.

    That is only done where blank lines part the paragraphs and most line breaks fall
    in mid-sentence at the width of an editor. It never happens to scripts written
    without spaces: there, a line is a paragraph.
    """
    if not _is_hard_wrapped(blocks):
        return blocks
    joined: list[Block] = []
    for block in blocks:
        if joined and _continues(block, joined[-1]):
            joined[-1] = replace(joined[-1], text=f"{joined[-1].text} {block.text}")
        else:
            joined.append(block)
    return tuple(joined)


def _is_hard_wrapped(blocks: tuple[Block, ...]) -> bool:
    broken = [above.text for above, below in pairwise(blocks) if _continues(below, above)]
    if len(broken) < _FEWEST_WRAPS or all(block.follows for block in blocks[1:]):
        return False
    wrapped = [line for line in broken if len(line) in _WRAP_COLUMNS and _is_unfinished(line)]
    return len(wrapped) * 2 > len(broken)


def _continues(block: Block, above: Block) -> bool:
    is_text = block.level == above.level == Level.TEXT
    return is_text and block.follows and match_label(block.text) is None


def _is_unfinished(line: str) -> bool:
    last = line[-1]
    return (last.isalnum() and not is_spaceless(last)) or last in ",;-"
