"""SubRip (``.srt``): numbered cues of plain lines, read and written with pysrt.

SubRip has no place for a speaker and no way to escape anything. A speaker is put
before the text as its ``SpeakerStyle`` says, ``王：...``, and is text when it is read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import repeat

import pysrt

from subtools.core import Cue, Native, Remark, Subtitles
from subtools.errors import DocumentError
from subtools.formats.speakers import SpeakerStyle, speaker_prefixes
from subtools.formats.srt_numbers import read_number
from subtools.formats.srt_repair import is_settings, repair_subrip, split_lines
from subtools.formats.srt_tags import Tagged, read_back, read_tags, write_tags
from subtools.formats.srt_times import (
    INVISIBLE,
    find_bare_timing,
    find_timing,
    may_have_times,
    replace_arrow,
)
from subtools.formats.srt_timings import find_timings
from subtools.timecode import compose_timecode, to_seconds

_HEAD = 2000  # characters in which the first cue begins
_FULL_TIME = re.compile(r"\d:\d\d?:\d")


def recognise(text: str) -> bool:
    """Tell whether ``text`` looks like SubRip: a line of times is in it."""
    return any(map(_is_timing, split_lines(text)))


def begins_as_subrip(text: str) -> bool:
    r"""Tell whether ``text`` begins with times, or a number and times: nothing else does.

    >>> begins_as_subrip("1\n0:00:01,000 --> 0:00:02,000"), begins_as_subrip("WEBVTT")
    (True, False)
    """
    filled = [line for line in split_lines(text[:_HEAD]) if line.strip(INVISIBLE).strip()]
    if filled and read_number(filled[0]) is not None:
        del filled[0]
    return bool(filled) and _is_timing(filled[0])


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
    shown = [cue for cue in subtitles.cues if any(map(str.strip, cue.lines))]
    if any(cue.speaker for cue in shown):
        prefixes: Iterator[str] = speaker_prefixes(shown, style or SpeakerStyle.CHANGE)
    else:
        prefixes = repeat("", len(shown))
    return "\n".join(map(_compose_cue, range(1, len(shown) + 1), shown, prefixes))


def parse(text: str) -> Subtitles:
    """Return the cues of SubRip ``text``, in the order of the file, mended where that is needed.

    Good files go straight through pysrt, others through ``repair_subrip`` first. Cues without
    text are left out, with a remark.

    Raises:
        DocumentError: If it is not SubRip at all.
    """
    repaired = repair_subrip(text.removeprefix("\ufeff"))
    try:
        items = pysrt.SubRipFile.from_string(
            repaired.text, error_handling=pysrt.SubRipFile.ERROR_RAISE
        )
    except pysrt.Error as error:  # repaired text is never that
        raise DocumentError("pysrt cannot read what was mended") from error
    return _without_empty(list(map(_item_to_cue, items)), text, repaired.remarks)


def _is_timing(line: str) -> bool:
    timing = find_timing(line) or find_bare_timing(line)
    return timing is not None and timing.is_full and None not in {timing.start, timing.end}


def _item_to_cue(item: pysrt.SubRipItem) -> Cue:
    """Return ``item``; without lines if it shows nothing but tags."""
    text, position = item.text, item.position.strip()
    start, end = to_seconds(item.start.ordinal), to_seconds(item.end.ordinal)
    if "<" not in text and "{" not in text and not position:
        return Cue(start, end, tuple(text.split("\n")))
    tagged = read_tags(text)
    native = _find_native(text, position, tagged)
    settings = tagged.settings or (position if is_settings(position) else "")
    return Cue(start, end, tagged.lines, markup=tagged.markup, settings=settings, native=native)


def _find_native(text: str, position: str, tagged: Tagged) -> Native | None:
    """Return what is not written again as it was, if anything is not."""
    is_kept = read_back(tagged) == text
    fields = [("position", position)] if position else []
    fields += [("tag", tag) for tag in tagged.left_out]
    return None if is_kept and not fields else Native("srt", "" if is_kept else text, tuple(fields))


def _without_empty(cues: Sequence[Cue], text: str, remarks: Sequence[Remark]) -> Subtitles:
    """Return ``cues`` without those that are only tags, which are remarked."""
    kept = tuple(cue for cue in cues if cue.lines)
    if len(kept) == len(cues):
        return Subtitles(kept, remarks=tuple(remarks))
    places = [line + 1 for line, _ in find_timings(split_lines(text))]
    empty = [
        Remark("a cue of nothing but tags left out", line)
        for cue, line in zip(cues, places, strict=True)
        if not cue.lines
    ]
    return Subtitles(kept, remarks=(*remarks, *empty))


def _compose_cue(index: int, cue: Cue, prefix: str) -> str:
    lines = write_tags(cue, prefix=prefix)
    text = "\n".join(lines)
    if may_have_times(text):
        text = "\n".join(map(_without_timing, lines))
    # What pysrt writes; its own way there takes four times as long.
    written: str = pysrt.SubRipItem.ITEM_PATTERN % (
        index,
        compose_timecode(cue.start, separator=","),
        compose_timecode(cue.end, separator=","),
        _find_position(cue) if cue.native else "",
        text,
    )
    return written


def _find_position(cue: Cue) -> str:
    """Return what stood behind the times of a cue in SubRip, with a space, if it still holds."""
    if cue.native is None or cue.native.format != "srt":
        return ""
    position = dict(cue.native.fields).get("position", "")
    is_old = is_settings(position) and position != cue.settings
    return f" {position}" if position and not is_old else ""


def _without_timing(line: str) -> str:
    """Return ``line`` so that no reader takes it for the times of a cue."""
    if "-->" in line and _has_times(line):
        return line.replace("-->", "→")
    timing = find_timing(line)
    is_cue = timing and timing.is_full and timing.has_arrow
    return replace_arrow(line) if is_cue else line


def _has_times(line: str) -> bool:
    """Tell whether times that could be taken for those of a cue are around the last arrow."""
    before, _, after = line.rpartition("-->")
    return bool(_FULL_TIME.search(before) and _FULL_TIME.search(after))
