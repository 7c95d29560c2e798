"""WebVTT (``.vtt``), read and written with webvtt-py.

webvtt-py knows the blocks of a file and leaves the text of a cue as it is: the
escapes and tags of the text are done here. The speaker is a voice span, ``<v 王>``.

Source: https://www.w3.org/TR/webvtt1/
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import webvtt
from webvtt.errors import MalformedFileError

from subtools.core import Cue, Subtitles
from subtools.errors import DocumentError
from subtools.formats.speakers import SpeakerStyle
from subtools.lexicon import clean_name
from subtools.timecode import compose_timecode, parse_timecode

_TIME = r"(?:\d{1,10}:)?[0-5]?\d:[0-5]?\d\.\d{1,3}"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?", re.ASCII)
_LINE_BREAK = re.compile(r"\r\n|\r|\n")  # fewer than str.splitlines knows
_OTHER_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")  # <v Name>, <v.loud Name>
# A "<" that begins no tag is text that somebody forgot to escape.
_TAG = re.compile(r"</?[A-Za-z][^>]*>|</>|<[\d:.]+>")


def recognise(text: str) -> bool:
    """Tell whether ``text`` looks like WebVTT: its first line says so."""
    return re.match(r"\ufeff?WEBVTT(?=[ \t\r\n]|$)", text) is not None


def compose(
    subtitles: Subtitles,
    *,
    style: SpeakerStyle | None = None,
    word_times: bool = False,  # noqa: ARG001
) -> str:
    """Return ``subtitles`` as WebVTT, lines ended by line feeds.

    The reason of a cue whose time nobody can vouch for (confidence 0) becomes a comment.

    An empty line would end the cue, so blank lines are left out, and so is a cue
    without any other line. White space in a speaker's name becomes one space.

    Args:
        subtitles: What to write.
        style: ``NONE`` leaves the speakers out; all others put each cue into a voice span.
        word_times: Has no effect yet.
    """
    is_voiced = style is not SpeakerStyle.NONE
    captions = [
        _cue_to_caption(cue, is_voiced=is_voiced) for cue in subtitles.cues if cue.text.strip()
    ]
    return webvtt.WebVTT(captions=captions).content


def parse(text: str) -> Subtitles:
    """Return the cues of WebVTT ``text``, those without text left out.

    A cue with several voices becomes a cue for each. Other tags, styles, comments,
    identifiers and positions are not kept.

    Raises:
        DocumentError: If ``text`` is not WebVTT, or some of it would be lost.
    """
    captions = _parse_captions(text)
    timings = _find_timings(_LINE_BREAK.split(text))
    pairs = zip(captions, timings, strict=True)
    return Subtitles(
        tuple(cue for caption, number in pairs for cue in _caption_to_cues(caption, number))
    )


def _cue_to_caption(cue: Cue, *, is_voiced: bool) -> webvtt.Caption:
    lines = [_escape(line) for line in cue.text.splitlines() if line.strip()]
    name = clean_name(cue.speaker or "") if is_voiced else ""
    text = "\n".join(lines)
    caption = webvtt.Caption(
        compose_timecode(cue.start),
        compose_timecode(cue.end),
        f"<v {_escape(name)}>{text}</v>" if name else text,
    )
    if cue.confidence == 0 and cue.reason:
        caption.comments = [_escape(" ".join(cue.reason.split()))]
    return caption


def _escape(text: str) -> str:
    """Return ``text`` so that nothing in it is a tag, an escape or a timing.

    >>> _escape("a --> b & c")
    'a --&gt; b &amp; c'
    """
    return html.escape(text, quote=False)


def _parse_captions(text: str) -> list[webvtt.Caption]:
    try:
        return webvtt.WebVTT.from_string(text).captions
    except MalformedFileError as error:
        hint = "the first line of a WebVTT file begins with WEBVTT"
        raise DocumentError("not a WebVTT file", hint=hint, line=1) from error


def _find_timings(lines: Sequence[str]) -> list[int]:
    """Return the numbers of the lines that hold the times of a cue.

    webvtt-py, as browsers do, passes over what it cannot read. A person who corrects
    subtitles by hand has to hear of it.

    Raises:
        DocumentError: If a timing is malformed, or text stands outside of all cues.
    """
    for block in _split_blocks(lines):
        _refuse_loose_text(block)
    timings = [number for number, line in enumerate(lines, start=1) if "-->" in line]
    for number in timings:
        if not _TIMING.fullmatch(lines[number - 1]):
            hint = "they are written HH:MM:SS.mmm --> HH:MM:SS.mmm"
            raise DocumentError("malformed times in a WebVTT file", hint=hint, line=number)
    return timings


def _split_blocks(lines: Sequence[str]) -> list[list[tuple[int, str]]]:
    """Return the runs of lines that are not empty, each line with its number."""
    runs = groupby(enumerate(lines, start=1), key=lambda numbered: numbered[1] != "")
    return [list(run) for filled, run in runs if filled]


def _refuse_loose_text(block: list[tuple[int, str]]) -> None:
    """Raise if ``block`` has more before its times than the one line that names a cue."""
    number, first = block[0]
    arrows = [index for index, (_, line) in enumerate(block) if "-->" in line]
    loose = not arrows or arrows[0] > 1
    if loose and number > 1 and not _OTHER_BLOCK.match(first):  # line 1 begins the header
        raise DocumentError("text without times in a WebVTT file", line=number)


def _caption_to_cues(caption: webvtt.Caption, number: int) -> tuple[Cue, ...]:
    """Return a cue for each voice in ``caption``, whose times are in line ``number``."""
    start, end = parse_timecode(caption.start), parse_timecode(caption.end)
    if end < start:
        raise DocumentError("a WebVTT cue ends before it starts", line=number)
    voices = ((name, _parse_lines(text)) for name, text in _split_voices(caption.raw_text))
    return tuple(Cue(start, end, lines, name) for name, lines in voices if lines)


def _split_voices(text: str) -> Iterator[tuple[str | None, str]]:
    """Yield each speaker of a cue, None before the first one, and what they say."""
    unvoiced, *voiced = _VOICE.split(text)
    spans = [("", unvoiced), *zip(voiced[::2], voiced[1::2], strict=True)]
    for name, group in groupby(spans, key=itemgetter(0)):
        yield " ".join(html.unescape(name).split()) or None, "".join(said for _, said in group)


def _parse_lines(text: str) -> tuple[str, ...]:
    """Return the lines of cue text as they are shown.

    >>> _parse_lines("<i>R&amp;D</i> a < b")
    ('R&D a < b',)
    """
    shown = html.unescape(_TAG.sub("", text))
    return tuple(line for line in shown.splitlines() if line.strip())
