"""The plain text of cues: one cue a line, no times, and no speakers unless asked for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from subtools.core import Subtitles
from subtools.formats.speakers import SpeakerStyle, speaker_prefixes
from subtools.lexicon import is_spaceless, split_words, word_core


def compose(
    subtitles: Subtitles,
    *,
    style: SpeakerStyle | None = None,
    word_times: bool = False,  # noqa: ARG001 - plain text has no place for them
) -> str:
    r"""Return the text of each cue on one line; a cue without text has none.

    Args:
        subtitles: What to write.
        style: How speakers are named; None: not at all.
        word_times: Has no effect.

    >>> from subtools.core import Cue
    >>> compose(Subtitles((Cue(0, 1, ("大家好，", "歡迎")), Cue(1, 2, ("Hello,", "world")))))
    '大家好，歡迎\nHello, world\n'
    """
    shown = [cue for cue in subtitles.cues if cue.text.strip()]
    prefixes = speaker_prefixes(shown, style or SpeakerStyle.NONE)
    pairs = zip(prefixes, shown, strict=True)
    return "".join(f"{prefix}{join_lines(cue.text.splitlines())}\n" for prefix, cue in pairs)


_EDGE = 100  # characters of a line in which its first or last word is looked for


def join_lines(lines: Iterable[str]) -> str:
    """Return ``lines`` as one, with a space between where the script has spaces.

    >>> join_lines(["大家好，", "歡迎"]), join_lines(["so", "", " it is"])
    ('大家好，歡迎', 'so it is')
    """
    filled = [line.strip() for line in lines if line.strip()]
    spaced = (joint(before, after) + after for before, after in pairwise(filled))
    return "".join([*filled[:1], *spaced])


def joint(before: str, after: str) -> str:
    """Return what stands between two lines when they become one: a space or nothing."""
    if not before.strip() or not after.strip():
        return ""
    last, first = split_words(before[-_EDGE:])[-1], split_words(after[:_EDGE])[0]
    tight = _is_tight(last, before[-1]) or _is_tight(first, after[0])
    return "" if tight else " "


def _is_tight(word: str, edge: str) -> bool:
    """Tell whether nothing is needed to set ``word`` apart on the side of ``edge``.

    Full-width punctuation brings its own space. The quotation marks “ ” ‘ ’ are the
    same in Chinese and English, so there the word beside them decides.
    """
    wide = unicodedata.east_asian_width(edge) in "FW"
    return is_spaceless(word_core(word)) or (wide and unicodedata.category(edge).startswith("P"))
