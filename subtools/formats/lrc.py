r"""Lyrics (``.lrc``): a time before each line, and no more.

A line stays until the next one begins; an empty line ends it. Lines of the same time are the
lines of one cue, as lyrics with their translation are written. ``[offset:500]`` makes all of
them come 500 ms sooner. Times are hundredths of a second. On request every word has its times
too, ``<00:01.00>``, as the "enhanced" format of the A2 player has it.

There is no place for a speaker, names are written into the text, and no escape: what would be
read as a time gets full-width brackets.

Source: https://en.wikipedia.org/wiki/LRC_(file_format); there is no specification.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from operator import itemgetter

from subtools.core import Block, Cue, Remark, Seconds, Span, Subtitles, Word
from subtools.errors import DocumentError
from subtools.formats.shown import fit_words, shown_cues, timed_words
from subtools.formats.speakers import SpeakerStyle, speaker_prefixes
from subtools.timecode import to_milliseconds, to_seconds

NAME = "lrc"
LAST_LINE = 5.0  # seconds; how long the last line stays, where nothing says it

_TIME = r"(?:(\d{1,5}):)?(\d{1,5}):(\d{1,2})(?:[.:](\d{1,3}))?"  # hours are rare
_STAMP = re.compile(rf"\s*\[{_TIME}\]", re.ASCII)
_WORD_STAMP = re.compile(rf"<{_TIME}>", re.ASCII)
_TAG = re.compile(r"\s*\[([A-Za-z#][\w#]*):(.*)\]\s*", re.DOTALL)
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_HINT = "its lines begin with their times, [mm:ss.xx]"

Stamped = tuple[int, str, int]  # milliseconds, text, number of the line


def recognise(text: str) -> bool:
    """Tell whether ``text`` looks like lyrics: its first line is a tag or begins with a time."""
    lines = (line for line in _LINE_BREAK.split(text.removeprefix("\ufeff")) if line.strip())
    for line in lines:
        if _STAMP.match(line):
            return True
        if not _TAG.fullmatch(line):
            return False
    return False


def compose(
    subtitles: Subtitles, *, style: SpeakerStyle | None = None, word_times: bool = False
) -> str:
    """Return ``subtitles`` as lyrics, by onset.

    Args:
        subtitles: What to write.
        style: How speakers are named; None: where the speaker changes.
        word_times: Whether the times of words are written.
    """
    cues = sorted(
        shown_cues(subtitles.cues), key=lambda c: (_hundredths(c.start), _hundredths(c.end))
    )
    prefixes = speaker_prefixes(cues, style or SpeakerStyle.CHANGE)
    lines = [_compose_tag(kind, value) for kind, value in _tags(subtitles) if value]
    following = [*cues[1:], None][: len(cues)]
    for cue, prefix, after in zip(cues, prefixes, following, strict=True):
        lines += _compose_cue(cue, prefix, with_words=word_times)
        is_followed = after and _hundredths(after.start) <= _hundredths(cue.end)
        if not is_followed or _hundredths(cue.start) == _hundredths(cue.end):
            lines.append(_stamp(cue.end))
    return "".join(f"{line}\n" for line in lines)


def parse(text: str) -> Subtitles:
    """Return the lines of lyrics as cues, by onset.

    Raises:
        DocumentError: If no line has a time.
    """
    stamped, tags, remarks = _read_lines(_LINE_BREAK.split(text.removeprefix("\ufeff")))
    if not stamped and not tags and text.strip("\ufeff \t\r\n"):
        raise DocumentError("not a file of lyrics: no line has a time", hint=_HINT, line=1)
    known = dict(tags)
    offset, more = _read_offset(known.pop("offset", "0"))
    moved = [(ms - offset, line, number) for ms, line, number in stamped]
    if any(ms < 0 for ms, _, _ in moved):
        more.append(Remark("times that the offset moves before 0 are put there"))
    placed = [(max(0, ms), line, number) for ms, line, number in moved]
    ordered = sorted(placed, key=itemgetter(0))
    cues, guessed = _join_lines(ordered, known.get("length", ""))
    return Subtitles(
        tuple(cues),
        language=known.pop("la", ""),
        title=known.pop("ti", ""),
        blocks=tuple(Block(NAME, kind, value) for kind, value in known.items()),
        remarks=(*remarks, *more, *guessed),
    )


def _tags(subtitles: Subtitles) -> Iterator[tuple[str, str]]:
    yield "ti", subtitles.title
    yield "la", subtitles.language
    for block in subtitles.blocks:
        if block.format == NAME:
            yield block.kind, block.text


def _compose_tag(kind: str, value: str) -> str:
    return f"[{kind}:{' '.join(value.split())}]"


def _compose_cue(cue: Cue, prefix: str, *, with_words: bool) -> Iterator[str]:
    """Yield a line for each line of ``cue``."""
    stamp = _stamp(cue.start)
    lines = _lines_with_words(cue) if with_words else [_escape(line.strip()) for line in cue.lines]
    for line in lines:
        yield f"{stamp}{prefix}{line}"
        prefix = ""


def _lines_with_words(cue: Cue) -> list[str]:
    """Return the lines of ``cue`` with the times of the words in them."""
    places = timed_words(cue)
    text = cue.text
    borders = [0, *(place for place, _, _ in places), len(text)]
    pieces = [text[a:b] for a, b in pairwise(borders)]
    lines = [_escape(line) for line in pieces[0].split("\n")]
    for index, ((_, _, span), piece) in enumerate(zip(places, pieces[1:], strict=True)):
        first, *others = piece.split("\n")
        following = places[index + 1][2].start if index + 1 < len(places) else None
        touches = following is not None and _hundredths(following) == _hundredths(span.end)
        close = "" if touches and not others else _word_stamp(span.end)
        lines[-1] += _word_stamp(span.start) + _escape(first) + close
        lines += map(_escape, others)
    return [line.strip() for line in lines]


def _escape(text: str) -> str:
    """Return ``text`` so that no time is in it.

    >>> _escape("[00:01.00]a <0:02> [x]")
    '［00:01.00］a ＜0:02＞ [x]'
    """
    bare = _WORD_STAMP.sub(lambda stamp: f"＜{stamp[0][1:-1]}＞", text)
    return _BRACKETED.sub(lambda stamp: f"［{stamp[0][1:-1]}］", bare)


_BRACKETED = re.compile(rf"\[{_TIME}\]", re.ASCII)


def _hundredths(seconds: Seconds) -> int:
    return (to_milliseconds(seconds) + 5) // 10


def _clock(seconds: Seconds) -> str:
    whole, hundredths = divmod(_hundredths(seconds), 100)
    return f"{whole // 60:02d}:{whole % 60:02d}.{hundredths:02d}"


def _stamp(seconds: Seconds) -> str:
    return f"[{_clock(seconds)}]"


def _word_stamp(seconds: Seconds) -> str:
    return f"<{_clock(seconds)}>"


def _read_lines(
    lines: Sequence[str],
) -> tuple[list[Stamped], list[tuple[str, str]], list[Remark]]:
    """Return the lines with their times, the tags, and remarks on what is neither."""
    stamped: list[Stamped] = []
    tags: list[tuple[str, str]] = []
    remarks: list[Remark] = []
    for number, line in enumerate(lines, start=1):
        times, said = _split_stamps(line)
        tag = None if times else _TAG.fullmatch(line)
        if tag:
            tags.append((tag[1].lower(), tag[2].strip()))
        elif times:
            stamped += [(time, said, number) for time in times]
        elif line.strip() and stamped:
            time, before, first = stamped[-1]
            stamped[-1] = (time, f"{before}\n{line.strip()}", first)
            remarks.append(Remark("a line without a time: taken with the one before", number))
        elif line.strip():
            remarks.append(Remark(f"text before all times left out: {line.strip()[:40]!r}", number))
    return stamped, tags, remarks


def _split_stamps(line: str) -> tuple[list[int], str]:
    """Return the times before ``line``, in milliseconds, and what is after them."""
    times, position = [], 0
    while stamp := _STAMP.match(line, position):
        times.append(_to_milliseconds(stamp))
        position = stamp.end()
    return times, line[position:].strip()


def _to_milliseconds(stamp: re.Match[str]) -> int:
    """Return the time of a stamp; the last of three numbers with colons is hundredths.

    >>> _to_milliseconds(_STAMP.match("[01:02:50]")), _to_milliseconds(_STAMP.match("[1:02.5]"))
    (62500, 62500)
    """
    hours, minutes, seconds, fraction = stamp.groups()
    if hours is not None and fraction is None:
        hours, minutes, seconds, fraction = None, hours, minutes, seconds
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _read_offset(value: str) -> tuple[int, list[Remark]]:
    """Return the offset in milliseconds, and a remark on it."""
    match = re.fullmatch(r"\s*([+-]?\d{1,9})\s*", value, re.ASCII)
    if match is None:
        return 0, [Remark(f"an offset that is no number: {value[:20]!r}")]
    offset = int(match[1])
    return offset, [Remark(f"all times moved by {-offset} ms, as [offset:] says")] if offset else []


def _join_lines(lines: Sequence[Stamped], length: str) -> tuple[list[Cue], list[Remark]]:
    """Return the cues of ``lines``, which are by onset: those of one time are one cue."""
    groups = list(_group(lines))
    ends = [start for start, _ in groups[1:]]
    remarks: list[Remark] = []
    if groups and groups[-1][1]:
        ends.append(_find_end(groups[-1][0], length))
        remarks.append(Remark("nothing says when the last line ends: the length, or 5 s, is taken"))
    cues = [
        _make_cue(start, end, written)
        for (start, written), end in zip(groups, ends, strict=False)
        if written
    ]
    return [cue for cue in cues if cue.lines], remarks


def _group(lines: Sequence[Stamped]) -> Iterator[tuple[int, list[str]]]:
    """Yield the texts of each time; none of them where an empty line ends what was before."""
    texts: list[str] = []
    reached = -1
    for time, said, _ in lines:
        if texts and (time != reached or not said):
            yield reached, texts
            texts = []
        if said:
            texts.append(said)
        else:
            yield time, []
        reached = time
    if texts:
        yield reached, texts


def _find_end(start: int, length: str) -> int:
    match = re.fullmatch(rf"\s*{_TIME}\s*", length, re.ASCII)
    end = _to_milliseconds(match) if match else 0
    return end if end > start else start + to_milliseconds(LAST_LINE)


def _make_cue(start: int, end: int, written: Sequence[str]) -> Cue:
    """Return a cue of the texts that are ``written`` for one time, words with their times."""
    whole = "\n".join(written)
    lines = tuple(line for line in map(str.strip, _WORD_STAMP.sub("", whole).splitlines()) if line)
    cue = Cue(to_seconds(start), to_seconds(end), lines)
    return replace(cue, words=fit_words(cue, list(_read_words(whole))))


def _read_words(text: str) -> Iterator[Word]:
    """Yield the words of ``text`` that have a time: it ends where the next one begins."""
    stamps = list(_WORD_STAMP.finditer(text))
    if not stamps:
        return
    if text[: stamps[0].start()].strip():
        yield Word(text[: stamps[0].start()])
    for index, stamp in enumerate(stamps):
        after = stamps[index + 1] if index + 1 < len(stamps) else None
        said = text[stamp.end() : after.start() if after else None]
        if said.strip():
            yield Word(said, _span(stamp, after))


def _span(stamp: re.Match[str], after: re.Match[str] | None) -> Span | None:
    start = to_seconds(_to_milliseconds(stamp))
    end = to_seconds(_to_milliseconds(after)) if after else start
    return Span(start, end) if end > start else None
