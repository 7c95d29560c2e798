"""Markdown (``.md``), for people who read: who speaks, since when, and what.

A paragraph is a speech; a long one is broken where a pause is. It cannot be read back as
cues, as only the beginnings of paragraphs have times, but as a document it can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from subtools.core import Cue, Seconds, Subtitles
from subtools.formats.shown import name_of, shown_cues
from subtools.formats.speakers import SpeakerStyle
from subtools.formats.text import join_lines
from subtools.lexicon import clean_name
from subtools.timecode import compose_clock

LONG_PAUSE: Seconds = 2.0  # a reader takes it for the end of a thought
LONG_SPEECH: Seconds = 60.0  # from here on a paragraph ends at a shorter pause too
_SHORT_PAUSE: Seconds = 0.5
# Whatever begins markup somewhere in a line, or a block at its beginning.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_BLOCK = re.compile(r"^([-+=]|\d+(?=[.)]))")


def compose(
    subtitles: Subtitles,
    *,
    style: SpeakerStyle | None = None,
    word_times: bool = False,  # noqa: ARG001 - nobody would read them
) -> str:
    """Return ``subtitles`` as Markdown: a line ``**name** 0:53`` and a paragraph a speech.

    Args:
        subtitles: What to write; its title is a heading.
        style: ``NONE`` leaves the names out.
        word_times: Has no effect.
    """
    title = escape_markdown(clean_name(subtitles.title))
    parts = [f"# {title}"] if title else []
    for name, cues in _speeches(shown_cues(subtitles.cues)):
        clock = compose_clock(cues[0].start)
        said = name if style is not SpeakerStyle.NONE else ""
        parts.append(f"**{escape_markdown(said)}** {clock}" if said else clock)
        parts += _paragraphs(cues)
    return "".join(
        f"{part}\n" if k + 1 == len(parts) else f"{part}\n\n" for k, part in enumerate(parts)
    )


def _speeches(cues: tuple[Cue, ...]) -> Iterator[tuple[str, list[Cue]]]:
    """Yield who speaks and the cues in which nobody else does."""
    speech: list[Cue] = []
    for cue in cues:
        if speech and name_of(speech[-1]) != name_of(cue):
            yield name_of(speech[-1]), speech
            speech = []
        speech.append(cue)
    if speech:
        yield name_of(speech[-1]), speech


def _paragraphs(cues: list[Cue]) -> Iterator[str]:
    first = cues[0].start
    lines: list[str] = []
    end = first
    for cue in cues:
        limit = LONG_PAUSE if cue.start - first < LONG_SPEECH else _SHORT_PAUSE
        if lines and cue.start - end > limit:
            yield escape_markdown(join_lines(lines))
            lines, first = [], cue.start
        lines += cue.lines
        end = cue.end
    yield escape_markdown(join_lines(lines))


def escape_markdown(text: str) -> str:
    r"""Return ``text`` so that nothing in it is markup.

    >>> escape_markdown("<b>1*1</b>"), escape_markdown("1. one"), escape_markdown("- no")
    ('\\<b\\>1\\*1\\</b\\>', '1\\. one', '\\- no')
    """
    escaped = _SPECIAL.sub(r"\\\1", text)
    return _BLOCK.sub(lambda begin: _escape_block(begin[1]), escaped)


def _escape_block(begin: str) -> str:
    return f"{begin}\\" if begin.isdigit() else f"\\{begin}"
