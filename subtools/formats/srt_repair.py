"""SubRip as it is found in files to SubRip as it should be, and what was done to it.

No timing is passed over: all lines of times are found first (``srt_timings``), then what stands
between two of them is the text of a cue and the number of the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

from subtools.core import Remark
from subtools.errors import DocumentError
from subtools.formats.mending import Log, quote
from subtools.formats.srt_numbers import is_numbered, read_number
from subtools.formats.srt_regions import Region, split_region
from subtools.formats.srt_tags import shows_text
from subtools.formats.srt_times import INVISIBLE, Timing
from subtools.formats.srt_timings import find_timings
from subtools.formats.strangers import explain_stranger, refuse_page
from subtools.lexicon import columns
from subtools.timecode import compose_timecode, to_seconds

_LINE_END = re.compile(r"\r\n|\r|\n")
_TIME = r"\d\d+:[0-5]\d:[0-5]\d,\d{3}"
_TIMES = rf"{_TIME} --> {_TIME}"
_COORDINATES = r"(?:[XY][12]:\s?\d+\s*)+"
_WELL_FORMED = re.compile(
    rf"(?P<index>\d{{1,9}})\n(?P<start>{_TIME}) --> (?P<end>{_TIME})(?: {_COORDINATES})?\n"
    r"(?:[^\S\n]*+\S[^\n]*+\n)++\n++",
    re.ASCII,
)
# What ends a line for some and not for others, and what no text has.
_ODD = re.compile(r"[\0\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ARROWS = re.compile(r"[-=‐-―−－ー⁃]\s?(?:[>＞›»≻〉]|&gt;)|[→⇒➔➜➝⟶⟹]")
_PLACE = re.compile(_COORDINATES, re.IGNORECASE)
_SETTINGS = re.compile(r"(?:(?:line|position|align|size|vertical|region):\S+(?:\s+|$))+")
_FULL_TIMES = re.compile(rf"\s*{_TIMES}(?:\s|$)", re.ASCII)
_READING_SPEED = 18  # columns a second, as everywhere in subtools
_SHORTEST, _LONGEST = 1000, 7000  # ms that a cue of unknown end is shown
_BLOCK_OF_WEBVTT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Repaired:
    """Well-formed SubRip.

    Attributes:
        text: The file.
        remarks: What was wrong with it, by line.
    """

    text: str
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class _Draft:
    """A cue on the way; ``start`` and ``end`` in milliseconds."""

    start: int
    end: int | None
    place: str
    lines: tuple[str, ...]
    number: int | None
    line: int


def repair_subrip(text: str) -> Repaired:
    """Return ``text`` as numbered cues with full times, each followed by one empty line.

    Well-formed text comes back as it is, and so does text without a character.
    Every line of times is a cue of the result, or is in a remark. What is
    mended how stands in ``docs/repair.md``.

    Raises:
        DocumentError: If there are no times in it.
    """
    if not text.strip() or is_well_formed(text):
        return Repaired(text)
    log = Log()
    refuse_page(text)
    lines = _without_nuls(split_lines(text), log)
    timings = find_timings(lines)
    if not timings:
        raise explain_stranger(text) or _no_times(lines)
    drafts = _mend_order(_mend_ends(list(_draft_cues(lines, timings, log)), log), log)
    return Repaired("".join(map(_compose, range(1, len(drafts) + 1), drafts)), log.remarks())


def is_well_formed(text: str) -> bool:
    r"""Tell whether pysrt reads ``text`` as it is meant, and so do all others.

    >>> is_well_formed("1\n00:00:01,000 --> 00:00:02,000\nHi\n")
    True
    """
    if _ODD.search(text):
        return False
    whole = text.rstrip("\n") + "\n\n"
    position, number, count = 0, None, 0
    for match in _WELL_FORMED.finditer(whole):
        index, start, end = match.group("index", "start", "end")
        is_next = number is None or int(index) == number + 1
        if match.start() != position or not is_next or len(start) != len(end) or end < start:
            return False
        position, number, count = match.end(), int(index), count + 1
    # An arrow in a text may be a cue that nothing parts from the one before.
    return 0 < position == len(whole) and len(_ARROWS.findall(text)) == count


def split_lines(text: str) -> list[str]:
    """Return the lines of ``text`` as editors count them, whatever ends them."""
    return _LINE_END.split(text)


def _without_nuls(lines: list[str], log: Log) -> list[str]:
    for number, line in enumerate(lines, start=1):
        if "\0" in line:
            log.count("NUL characters left out", number)
    return [line.replace("\0", "") for line in lines]


def _no_times(lines: Sequence[str]) -> DocumentError:
    first = next((n for n, line in enumerate(lines, start=1) if line.strip(INVISIBLE).strip()), 1)
    arrow = next((n for n, line in enumerate(lines, start=1) if "-->" in line), first)
    hint = "each cue is a number, 'HH:MM:SS,mmm --> HH:MM:SS,mmm', its text and one empty line"
    return DocumentError("not SubRip: no times that can be read", hint=hint, line=arrow)


def _draft_cues(
    lines: Sequence[str], timings: Sequence[tuple[int, Timing]], log: Log
) -> Iterator[_Draft]:
    """Yield the cues; those without a text are only remarked."""
    numbered = is_numbered(lines, [line for line, _ in timings])
    is_webvtt = lines[0].strip(INVISIBLE).startswith("WEBVTT")
    region = split_region(lines, 0, timings[0][0], before=None, is_numbered=True)
    _remark_loose_text(lines, region, log)
    number: int | None = None
    following = [line for line, _ in timings[1:]] + [len(lines)]
    for (line, timing), until in zip(timings, following, strict=True):
        number = _read_index(lines, region, timing, number, log, is_numbered=numbered)
        region = split_region(
            lines, line + 1, until, before=number, is_numbered=numbered, is_last=until == len(lines)
        )
        texts = _texts(lines, region, log, is_webvtt=is_webvtt)
        draft = _draft_cue(lines[line], line + 1, timing, texts, number, log)
        if shows_text("\n".join(draft.lines)):
            yield draft
        else:
            times = quote(lines[line])
            log.add(f"a cue without text left out, {times}", line + 1)


def _remark_loose_text(lines: Sequence[str], region: Region, log: Log) -> None:
    for piece in region.pieces:
        shown = " ".join(lines[number].strip(INVISIBLE).strip() for number in piece)
        if shown.strip():
            log.add(f"before the first cue, left out: {quote(shown)}", piece[0] + 1)


def _read_index(
    lines: Sequence[str],
    region: Region,
    timing: Timing,
    before: int | None,
    log: Log,
    *,
    is_numbered: bool,
) -> int | None:
    """Return the number of a cue; remark on it if it is not the one after ``before``."""
    line = region.until + 1
    heads = "".join(lines[number] for number in range(region.index_or_until, line))
    if any(mark in heads for mark in INVISIBLE):
        log.count("invisible characters beside number and times left out", line)
    if timing.index:
        log.count("number and times on one line parted", line)
        return int(timing.index)
    if region.index is None:
        log.count("a cue without a number", line)
        return before + 1 if is_numbered and before is not None else None
    number = read_number(lines[region.index])
    if number is None:
        log.count(f"{quote(lines[region.index])} is no number", region.index + 1)
        return before + 1 if before is not None else None
    if before is not None and number != before + 1:
        log.count("a number that does not follow the one before", region.index + 1)
    if region.index + 1 != region.until:
        log.count("blank lines between number and times", region.index + 2)
    return number


def _texts(lines: Sequence[str], region: Region, log: Log, *, is_webvtt: bool) -> tuple[str, ...]:
    """Return the lines of text in ``region``, remarking on what should not stand between them."""
    texts: list[str] = []
    for piece in region.pieces:
        written = [part for n in piece for part in lines[n].splitlines() if part.strip()]
        is_hidden = not "".join(written).strip(INVISIBLE).strip()
        starts_late = piece[0] != region.start
        if starts_late and is_hidden:
            log.count("a line without a visible character left out", piece[0] + 1)
        elif starts_late and is_webvtt and _BLOCK_OF_WEBVTT.match(written[0]):
            log.add(f"left out: {quote(' '.join(written))}", piece[0] + 1)
        else:
            if starts_late:
                log.count("blank lines in the text of a cue left out", piece[0])
            texts.extend(written)
    for number, note in region.notes:
        log.add(note, number + 1)
    if region.is_joined:
        log.count("no empty line before a cue", region.index_or_until + 1)
    return tuple(texts)


def _draft_cue(
    written: str, line: int, timing: Timing, texts: tuple[str, ...], number: int | None, log: Log
) -> _Draft:
    place, said = (
        (" ".join(timing.rest.split()), "") if _is_place(timing.rest) else ("", timing.rest)
    )
    if said.strip(INVISIBLE).strip():
        log.count("text on the line of the times given a line of its own", line)
        texts = (*(part for part in said.splitlines() if part.strip()), *texts)
    start, end = _clamp(timing.start, line, log), _clamp(timing.end, line, log)
    if start is None:
        start = end or 0
        log.add(f"the start cannot be read, taken for the end: {quote(written)}", line)
    elif end is None:
        log.add(f"the end cannot be read, guessed: {quote(written)}", line)
    elif not _FULL_TIMES.match(written):
        times = written[: len(written) - len(timing.rest)]
        read = f"{_timecode(start)} --> {_timecode(end)}"
        kind = re.sub(r"\d", "0", times)
        log.count(f"{quote(times)} read as {read}", line, kind=f"times {kind}")
    return _Draft(start, end, place, texts, number, line)


def is_settings(place: str) -> bool:
    """Tell whether what follows times are settings as WebVTT has them.

    >>> is_settings("line:0 align:start"), is_settings("X1:0 X2:9")
    (True, False)
    """
    return _SETTINGS.fullmatch(place) is not None


def _is_place(rest: str) -> bool:
    return _PLACE.fullmatch(rest) is not None or is_settings(rest)


def _clamp(milliseconds: int | None, line: int, log: Log) -> int | None:
    if milliseconds is not None and milliseconds < 0:
        log.add(f"a time below zero set to zero, by {-milliseconds / 1000:g} s", line)
        return 0
    return milliseconds


def _mend_ends(drafts: list[_Draft], log: Log) -> list[_Draft]:
    """Return ``drafts`` with an end for all, none before its start.

    The start fits its neighbours more often than not, so it stays; the cue is shown for as
    long as it takes to read it, but not into the next one.
    """
    following = [draft.start for draft in drafts[1:]]
    pairs = zip_longest(drafts, following)
    return [_mend_end(draft, after, log) for draft, after in pairs]


def _mend_end(draft: _Draft, after: int | None, log: Log) -> _Draft:
    if draft.end is not None and draft.end >= draft.start:
        return draft
    width = columns("".join(draft.lines)[:_LONGEST])  # more takes more than the longest time
    length = min(max(_SHORTEST, width * 1000 // _READING_SPEED), _LONGEST)
    end = draft.start + length
    if after is not None and draft.start < after < end:
        end = after
    if draft.end is not None:
        stated = f"{_timecode(draft.end)}, before its start {_timecode(draft.start)}"
        log.add(f"a cue ends at {stated}; end set to {_timecode(end)}", draft.line)
    return replace(draft, end=end)


def _mend_order(drafts: list[_Draft], log: Log) -> list[_Draft]:
    """Return ``drafts`` in order of their numbers, where that alone is also the order of time."""
    numbers = [draft.number for draft in drafts if draft.number is not None]
    starts = [draft.start for draft in drafts]
    if sorted(starts) == starts or len(set(numbers)) < len(drafts):
        return drafts
    ordered = sorted(drafts, key=lambda draft: draft.number or 0)
    if any(b.start < a.start for a, b in pairwise(ordered)):
        return drafts
    log.add("cues that were shuffled put in the order of their numbers and times", None)
    return ordered


def _compose(index: int, draft: _Draft) -> str:
    times = f"{_timecode(draft.start)} --> {_timecode(draft.end or 0)}"
    text = "\n".join(draft.lines)
    return f"{index}\n{times}{' ' if draft.place else ''}{draft.place}\n{text}\n\n"


def _timecode(milliseconds: int) -> str:
    return compose_timecode(to_seconds(milliseconds), separator=",")
