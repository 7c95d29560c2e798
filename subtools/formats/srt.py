"""SubRip (``.srt``): numbered cues of plain lines, read and written with pysrt.

SubRip has no place for a speaker and no way to escape anything. A speaker is put
before the text as its ``SpeakerStyle`` says, ``王：...``, and is text when it is read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import pysrt

from subtools.core import Cue, Subtitles
from subtools.errors import DocumentError
from subtools.formats.speakers import SpeakerStyle, speaker_prefixes
from subtools.timecode import to_milliseconds, to_seconds

# pysrt reads what it does not understand in a time as 0 ("0x:y:02,5" is 2.005 s), so
# only full times reach it. Some writers put a full stop for the comma.
_TIME = r"\d+:[0-5]?\d:[0-5]?\d[,.]\d{3}"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?", re.ASCII)
# What some reader could take for a timing, right or wrong, in the middle of a text.
_NEARLY_TIMING = re.compile(r"\d:\d\d.*-->.*\d:\d\d")


def recognise(text: str) -> bool:
    """Tell whether ``text`` looks like SubRip: a line of times is in it."""
    return any(map(_TIMING.fullmatch, text.splitlines()))


def compose(
    subtitles: Subtitles,
    *,
    style: SpeakerStyle | None = None,
    word_times: bool = False,  # noqa: ARG001 - SubRip has no place for them
) -> str:
    """Return ``subtitles`` as SubRip, lines ended by line feeds.

    Blank lines would end the cue, so they are left out, and so is a cue without any
    other line; spaces at the end of a line are dropped. In a line that could be read
    as a timing the arrow becomes ``→``.

    Args:
        subtitles: What to write.
        style: How speakers are named; None: where the speaker changes.
        word_times: Has no effect.
    """
    shown = [cue for cue in subtitles.cues if cue.text.strip()]
    prefixes = speaker_prefixes(shown, style or SpeakerStyle.CHANGE)
    pairs = zip(shown, prefixes, strict=True)
    items = (_cue_to_item(index, cue, prefix) for index, (cue, prefix) in enumerate(pairs, start=1))
    return "\n".join(map(str, items))


def parse(text: str) -> Subtitles:
    """Return the cues of SubRip ``text``, those without text left out.

    Numbers may be missing or wrong; positions after the times are not kept, tags
    stay in the text.

    Raises:
        DocumentError: If a block of ``text`` is not one whole cue.
    """
    blocks = _split_blocks(text.removeprefix("\ufeff").splitlines())
    cues = (_parse_block(number, block) for number, block in blocks)
    return Subtitles(tuple(cue for cue in cues if cue.lines))


def _cue_to_item(index: int, cue: Cue, prefix: str) -> pysrt.SubRipItem:
    lines = [line.rstrip() for line in cue.text.splitlines() if line.strip()]
    lines[0] = prefix + lines[0]
    text = "\n".join(map(_without_timing, lines))
    return pysrt.SubRipItem(index, to_milliseconds(cue.start), to_milliseconds(cue.end), text)


def _without_timing(line: str) -> str:
    return line.replace("-->", "→") if _NEARLY_TIMING.search(line) else line


def _split_blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the runs of lines that are not blank, each with its first line's number."""
    runs = groupby(enumerate(lines, start=1), key=lambda numbered: numbered[1].strip() != "")
    for filled, run in runs:
        if filled:
            numbers, block = zip(*run, strict=True)
            yield numbers[0], list(block)


def _parse_block(number: int, block: list[str]) -> Cue:
    """Return the cue that ``block`` is; ``number`` is the line it begins at.

    Raises:
        DocumentError: If ``block`` is not a cue, or more than one.
    """
    timing = 1 if block[0].strip().isdecimal() else 0  # pysrt drops any text before the times
    if timing == len(block) or not _TIMING.fullmatch(block[timing]):
        raise _malformed("a SubRip cue needs its times here", number + timing)
    for line, text in enumerate(block[timing + 1 :], start=number + timing + 1):
        if _NEARLY_TIMING.search(text):
            raise _malformed("times inside the text of a SubRip cue", line)
    try:
        return _item_to_cue(pysrt.SubRipItem.from_lines(block))
    except (pysrt.Error, ValueError) as error:
        raise _malformed("the times of this SubRip cue make no sense", number + timing) from error


def _malformed(message: str, line: int) -> DocumentError:
    hint = "each cue is a number, 'HH:MM:SS,mmm --> HH:MM:SS,mmm', its text and one empty line"
    return DocumentError(message, hint=hint, line=line)


def _item_to_cue(item: pysrt.SubRipItem) -> Cue:
    lines = tuple(item.text.splitlines())
    return Cue(to_seconds(item.start.ordinal), to_seconds(item.end.ordinal), lines)
