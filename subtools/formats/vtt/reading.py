"""WebVTT to cues, by the algorithms of the specification.

What a browser passes over without a word is a remark here: times that are none, text
outside of cues, settings and tags that mean nothing.

Source: https://www.w3.org/TR/webvtt1/, sections 6.1 and 6.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from subtools.core import Block, Cue, Remark, Seconds, Subtitles
from subtools.errors import DocumentError
from subtools.formats.vtt.settings import (
    compose_settings,
    ignored_settings,
    parse_region,
    parse_settings,
)
from subtools.formats.vtt.text import read_text
from subtools.markup import unknown_tags

_SIGNATURE = re.compile(r"\ufeff?WEBVTT(?=[ \t\n]|\Z)")
_TIME = r"(?:0*([0-9]{1,10}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})(?![0-9])"
_TIMING = re.compile(rf"[\t\f ]*{_TIME}[\t\f ]*-->[\t\f ]*{_TIME}(.*)", re.DOTALL)
_ARROW = "-->"
_STYLE_OR_REGION = re.compile(r"(STYLE|REGION)[\t\f ]*")
_NOTE = re.compile(r"NOTE(?:[ \t]|$)")
_TITLE = re.compile(r"-[ \t]+(\S.*)")
_LANGUAGE = re.compile(r"Language:[ \t]*([A-Za-z0-9-]+)[ \t]*")
_LONGEST_REMEMBERED = 200  # characters of settings
_LONGEST_QUOTE = 40  # characters of a text in a remark

_Block = tuple[int, int, int]  # its first line, that of its times or -1, the line after it


@dataclass(slots=True)
class _File:
    """What is read so far.

    Attributes:
        lines: All lines.
        regions: Identifiers of regions.
        known_regions: The same, once there is a cue: none can be added then.
    """

    lines: Sequence[str]
    regions: set[str] = field(default_factory=set)
    known_regions: frozenset[str] | None = None
    cues: list[Cue] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def remark(self, text: str, index: int) -> None:
        self.remarks.append(Remark(text, index + 1))


def recognise(text: str) -> bool:
    """Tell whether ``text`` looks like WebVTT: its first line says so."""
    return re.match(r"\ufeff?WEBVTT(?=[ \t\r\n]|\Z)", text) is not None


def parse(text: str) -> Subtitles:
    """Return what a browser reads in WebVTT ``text``, and remarks on what it passes over.

    A cue that ends before it starts ends when it starts. A cue of several speakers has
    none of its own; they are in its markup.

    Raises:
        DocumentError: If ``text`` does not begin as WebVTT does.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").split("\n")
    match = _SIGNATURE.match(f"{lines[0]}\n")
    if match is None:
        hint = "the first line of a WebVTT file is WEBVTT, or begins with it and a space"
        raise DocumentError("not a WebVTT file", hint=hint, line=1)
    file = _File(lines)
    if "\0" in text:
        file.remarks.append(Remark("null characters are replaced by �"))
    past = _end_of_header(lines)
    title, language = _read_header(file, [lines[0][match.end() :], *lines[1:past]])
    for block in _split_blocks(lines, past):
        _read_block(file, *block)
    return Subtitles(tuple(file.cues), language, title, tuple(file.blocks), tuple(file.remarks))


def _end_of_header(lines: Sequence[str]) -> int:
    """Return the index of the first line that is not of the header."""
    index = 1
    while index < len(lines) and lines[index] and _ARROW not in lines[index]:
        index += 1
    return index


def _read_header(file: _File, header: list[str]) -> tuple[str, str]:
    """Return title and language; what else is in the header becomes a block."""
    first, *others = header
    first = first[1:]
    title = _TITLE.fullmatch(first)
    languages = list(filter(None, map(_LANGUAGE.fullmatch, others)))
    kept = ["" if title else first, *(line for line in others if not _LANGUAGE.fullmatch(line))]
    if any(kept):
        file.blocks.append(Block("vtt", "WEBVTT", "\n".join(kept)))
    return title[1].strip() if title else "", languages[0][1] if languages else ""


def _split_blocks(lines: Sequence[str], first: int) -> Iterator[_Block]:
    """Yield the blocks: up to an empty line, or to an arrow where no times can be."""
    index, count = first, len(lines)
    while index < count:
        if not lines[index]:
            index += 1
            continue
        first, timing = index, -1
        if _ARROW in lines[index]:
            timing = index
        elif index + 1 < count and _ARROW in lines[index + 1]:
            timing = index = index + 1
        index += 1
        while index < count and lines[index] and _ARROW not in lines[index]:
            index += 1
        yield first, timing, index


def _read_block(file: _File, first: int, timing: int, past: int) -> None:
    if timing < 0:
        _read_other(file, first, past)
        return
    match = _TIMING.match(file.lines[timing])
    if match is None:
        _pass_over(file, first, timing, past)
        return
    hours, minutes, seconds, thousandths, *later, settings = match.groups()
    start = _seconds(hours, minutes, seconds, thousandths)
    end = _seconds(*later)
    if end < start:
        file.remark(
            f"this cue ends before it starts, at {end:.3f} s: it is shown for no time", timing
        )
        end = start
    text = "\n".join(file.lines[timing + 1 : past])
    shown, speaker, markup = read_text(text)
    cue = Cue(
        start,
        end,
        shown,
        speaker,
        markup=markup,
        identifier=file.lines[first] if first < timing else "",
    )
    file.cues.append(_place(file, cue, settings, timing) if settings.strip() else cue)
    if "<" in text and (unknown := unknown_tags(text)):
        file.remark(f"no tags of WebVTT, left out: {_quote(' '.join(unknown))}", timing)


def _seconds(hours: str | None, minutes: str, seconds: str, thousandths: str) -> Seconds:
    whole = int(minutes) * 60 + int(seconds)
    if hours:
        whole += int(hours) * 3600
    return (whole * 1000 + int(thousandths)) / 1000


def _place(file: _File, cue: Cue, written: str, timing: int) -> Cue:
    """Return ``cue`` with the settings that are ``written`` after its times."""
    if file.known_regions is None:
        file.known_regions = frozenset(file.regions)
    is_short = len(written) < _LONGEST_REMEMBERED
    read = _remember_settings if is_short else _read_settings
    settings, ignored = read(written, file.known_regions)
    if ignored:
        file.remark(f"settings that mean nothing, left out: {_quote(' '.join(ignored))}", timing)
    return replace(cue, settings=settings) if settings else cue


def _read_settings(written: str, regions: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    settings = compose_settings(parse_settings(written, regions))
    return settings, ignored_settings(written, regions)


_remember_settings = lru_cache(maxsize=1024)(_read_settings)  # a file has few places


def _read_other(file: _File, first: int, past: int) -> None:
    """Read a block without an arrow."""
    line = file.lines[first]
    kind = _STYLE_OR_REGION.fullmatch(line)
    text = "\n".join(file.lines[first + 1 : past])
    if _NOTE.match(line):
        file.blocks.append(_note(file, first, past))
    elif kind is None or not text:
        file.remark(f"text without times is left out: {_quote(line)}", first)
    else:
        file.blocks.append(Block("vtt", kind[1], text, len(file.cues)))
        if file.cues:
            file.remark(f"a {kind[1]} block after the first cue has no effect", first)
        elif kind[1] == "REGION":
            file.regions.add(parse_region(text).identifier)


def _note(file: _File, first: int, past: int) -> Block:
    text = "\n".join([file.lines[first][5:], *file.lines[first + 1 : past]])
    return Block("vtt", "NOTE", text.strip("\n").replace("--&gt;", "-->"), len(file.cues))


def _pass_over(file: _File, first: int, timing: int, past: int) -> None:
    """Say what is lost with a block whose times are none."""
    if _NOTE.match(file.lines[first]):
        file.blocks.append(_note(file, first, past))
        return
    said = " ".join(file.lines[timing + 1 : past])
    text = f"these are no times of WebVTT ({_quote(file.lines[timing].strip())}), so "
    file.remark(
        f"{text}the cue is left out: {_quote(said)}" if said else f"{text}they are left out", timing
    )


def _quote(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
