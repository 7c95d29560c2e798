"""How a reader is told who speaks, in formats that have no other place for it than the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from subtools.core import Cue
from subtools.lexicon import clean_name, is_spaceless


class SpeakerStyle(StrEnum):
    """Where the speaker of a cue is named.

    Formats with a place of their own for a speaker (WebVTT, ASS) name the speaker of
    every cue there, or with ``NONE`` of no cue; their text stays as it is.
    """

    CHANGE = "change"  # the name, where another one speaks than in the cue before
    EVERY = "every"  # the name, before every cue
    DASH = "dash"  # a hyphen, where another one speaks than in the cue before
    NONE = "none"  # nowhere


def speaker_prefixes(cues: Sequence[Cue], style: SpeakerStyle) -> Iterator[str]:
    """Yield what stands before the first line of each of ``cues``; often nothing.

    >>> cues = [Cue(0, 1, ("好",), "王"), Cue(1, 2, ("對",), "王"), Cue(2, 3, ("Yes",), "Ann")]
    >>> list(speaker_prefixes(cues, SpeakerStyle.CHANGE))
    ['王：', '', 'Ann: ']
    >>> list(speaker_prefixes(cues, SpeakerStyle.DASH))
    ['', '', '-']
    """
    before = None
    for index, cue in enumerate(cues):
        line = next((line for line in cue.text.splitlines() if line.strip()), "")
        is_named = style is SpeakerStyle.EVERY or cue.speaker != before
        before = cue.speaker
        if cue.speaker is None or style is SpeakerStyle.NONE or not is_named:
            yield ""
        elif style is SpeakerStyle.DASH:
            yield _dash(line) if index else ""  # nobody spoke before the first cue
        else:
            yield _label(cue.speaker, line)


def _label(speaker: str, line: str) -> str:
    """Return what names ``speaker`` before ``line``.

    >>> _label("王", "好"), _label("Ann", "Yes"), _label("Ann", "好"), _label(" ", "好")
    ('王：', 'Ann: ', 'Ann：', '')
    """
    name = clean_name(speaker)
    if not name:
        return ""
    return f"{name}：" if any(map(is_spaceless, name + line)) else f"{name}: "


def _dash(line: str) -> str:
    """Return what marks a change of speaker before ``line``.

    Source: Netflix timed text style guide, dual speakers: "a hyphen without a space". A
    space keeps it apart from what it would make another sign of: a number, a hyphen.

    >>> _dash("好的"), _dash("42"), _dash("--")
    ('-', '- ', '- ')
    """
    return "- " if line[:1].isnumeric() or line.startswith("-") else "-"
