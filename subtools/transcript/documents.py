"""A whole document, or the cues of a subtitle file, to a transcript."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce

from subtools.core import Cue, Paragraph, Source, Transcript, Word
from subtools.errors import DocumentError
from subtools.lexicon import is_spaceless, split_words, word_core
from subtools.transcript.blocks import Block, trim
from subtools.transcript.headers import parse_header, split_front_matter
from subtools.transcript.labels import drop_stamps, label_speakers
from subtools.transcript.markdown import is_markdown, name_headings, parse_markdown, take_title
from subtools.transcript.plain import join_wrapped, parse_plain


def parse_document(text: str) -> Transcript:
    r"""Return the transcript that a document holds, its words untimed.

    The body is what was spoken: header, headings, speakers' names and the times beside
    them are not in it; everything else comes back as written, but for whitespace and
    invisible characters at the ends of paragraphs.

    >>> transcript = parse_document("# 圓桌\n\n甲：大家好。\n乙：好。")
    >>> transcript.source.title, transcript.body, transcript.words[-1].speaker
    ('圓桌', '大家好。好。', '乙')

    Args:
        text: One of: a header such as ``# title - P8：part - uploader - BV...`` and
            paragraphs; a script (``Name: text``); Markdown; plain text.

    Raises:
        DocumentError: If it holds no spoken word.
    """
    front_title, lines = split_front_matter(_skip_blank(text.splitlines()))
    source, lines = _split_header(_skip_blank(lines))
    title, blocks = _parse_blocks(lines, is_marked_up=front_title is not None)
    source = replace(source, title=source.title or front_title or title)
    return _compose(blocks, source)


def cues_to_transcript(cues: Sequence[Cue]) -> Transcript:
    """Return the text of ``cues`` as a transcript, a paragraph a cue, its words untimed.

    Labels of speakers are not spoken.

    >>> words = cues_to_transcript([Cue(0, 1, ("大家", "好"))]).words
    >>> "".join(word.text for word in words)
    '大家好'

    Raises:
        DocumentError: If no cue holds a spoken word.
    """
    texts = [trim(_join_lines(cue.lines)) for cue in cues]
    pairs = zip(texts, cues, strict=True)
    blocks = [Block(text, speaker=cue.speaker) for text, cue in pairs if text]
    is_named = any(block.speaker for block in blocks)
    return _compose(blocks if is_named else label_speakers(blocks), Source())


def _skip_blank(lines: list[str]) -> list[str]:
    first = next((index for index, line in enumerate(lines) if trim(line)), len(lines))
    return [line.lstrip("\ufeff") for line in lines[first : first + 1]] + lines[first + 1 :]


def _split_header(lines: list[str]) -> tuple[Source, list[str]]:
    source = parse_header(lines[0]) if lines else None
    return (Source(), lines) if source is None else (source, lines[1:])


def _parse_blocks(lines: list[str], *, is_marked_up: bool) -> tuple[str | None, tuple[Block, ...]]:
    """Return the title of a document and its paragraphs with their speakers."""
    if not (is_marked_up or is_markdown(lines)):
        return None, label_speakers(drop_stamps(parse_plain(lines)))
    title, blocks = take_title(parse_markdown(lines))
    named = name_headings(drop_stamps(join_wrapped(blocks)))
    is_named = any(block.speaker for block in named)
    return title, named if is_named else label_speakers(named)


def _compose(blocks: Iterable[Block], source: Source) -> Transcript:
    paragraphs = tuple(
        Paragraph(tuple(Word(word, speaker=block.speaker) for word in split_words(block.text)))
        for block in blocks
        if block.text
    )
    if not any(word_core(word.text) for paragraph in paragraphs for word in paragraph.words):
        raise DocumentError(
            "the document has no text that could be spoken",
            hint="write what is said below the title, one paragraph a line",
        )
    return Transcript(paragraphs, source)


def _join_lines(lines: Iterable[str]) -> str:
    """Return the lines of a cue as one: Chinese directly, other scripts with a space."""
    return reduce(_join_two, filter(None, map(trim, lines)), "")


def _join_two(above: str, below: str) -> str:
    return f"{above}{'' if not above or _meet_directly(above, below) else ' '}{below}"


def _meet_directly(above: str, below: str) -> bool:
    """Tell whether no space belongs between two texts: 說，我 or 說”我, but not 的 idea."""
    if _is_full_width_mark(above[-1]) or _is_full_width_mark(below[0]):
        return True
    last = next(filter(str.isalnum, reversed(above)), "")
    first = next(filter(str.isalnum, below), "")
    return is_spaceless(last) and is_spaceless(first)


def _is_full_width_mark(character: str) -> bool:
    return not character.isalnum() and unicodedata.east_asian_width(character) in "WF"
