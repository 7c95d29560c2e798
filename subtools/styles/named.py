"""The styles that have a name, and where their figures stand."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from math import floor

from subtools.core import PLAIN_RULES, Balance, CueRules, Punctuation
from subtools.errors import DocumentError

_NETFLIX = "https://partnerhelp.netflixstudios.com/hc/en-us/articles"
_GENERAL = (
    f"Netflix, Timed Text Style Guide: General Requirements, Duration and Line Treatment "
    f"({_NETFLIX}/215758617); Subtitle Timing Guidelines, Frame Gap ({_NETFLIX}/360051554394)"
)

PLAIN = replace(
    PLAIN_RULES,
    source="subtools; lengths and durations after Netflix, text and onsets as they are",
)
# "Subtitle Timing Guidelines" is written for 24 frames a second; a video of another rate
# has its own frames (`at_frame_rate`). Gaps of 3 to 11 frames, less than half a second,
# are closed to 2.
_NETFLIX_RULES = replace(
    PLAIN_RULES,
    min_duration=5 / 6,
    max_duration=7.0,
    min_gap=2 / 24,
    closed_gap=0.5,
    hold=0.5,  # out-times may stay up to 12 frames after the sound
    frame_rate=24.0,
    balance=Balance.LOWER,
    is_shared=True,
)
_NETFLIX_CHINESE = replace(
    _NETFLIX_RULES,
    max_columns=32,  # 16 full-width characters
    max_speed=18.0,  # 9 full-width characters a second, for adults
)
NETFLIX_ZH_HANT = replace(
    _NETFLIX_CHINESE,
    name="netflix-zh-hant",
    punctuation=Punctuation.HANT,
    source=f"Netflix, Chinese (Traditional) Timed Text Style Guide, Character Limitation, "
    f"Dual Speakers, Punctuation, Reading Speed Limits ({_NETFLIX}/215994807); {_GENERAL}",
)
NETFLIX_ZH_HANS = replace(
    _NETFLIX_CHINESE,
    name="netflix-zh-hans",
    punctuation=Punctuation.HANS,
    source=f"Netflix, Chinese (Simplified) Timed Text Style Guide, Character Limitation, "
    f"Dual Speakers, Punctuation, Reading Speed Limits ({_NETFLIX}/215986007); {_GENERAL}",
)
NETFLIX_EN = replace(
    _NETFLIX_RULES,
    name="netflix-en",
    max_columns=42,
    max_speed=20.0,  # characters a second, for adults
    source=f"Netflix, English (USA) Timed Text Style Guide, Character Limitation, Dual "
    f"Speakers, Reading Speed Limits ({_NETFLIX}/217350977); {_GENERAL}",
)
BBC = replace(
    PLAIN_RULES,
    name="bbc",
    max_columns=37,  # of teletext; online 68 % of the width, which is about as much
    max_words_per_minute=180.0,
    closed_gap=1.0,  # a gap lasts a second at least, or there is none
    has_colours=True,
    source="BBC Subtitle Guidelines, Line length, Target minimum timing, Gaps, Colours "
    "(https://www.bbc.co.uk/accessibility/forproducts/guides/subtitles/); it names no shortest "
    "and longest duration: those of plain",
)
BILIBILI = replace(
    PLAIN_RULES,
    name="bilibili",
    max_columns=42,
    max_lines=1,
    punctuation=Punctuation.HANS,
    source="practice of uploaders, the site has no rules: one line, at most 21 full-width "
    "characters at 16:9, spaces for commas and full stops; durations those of plain",
)

STYLES: tuple[CueRules, ...] = (
    PLAIN,
    NETFLIX_ZH_HANT,
    NETFLIX_ZH_HANS,
    NETFLIX_EN,
    BBC,
    BILIBILI,
)


def named_style(name: str) -> CueRules:
    """Return the style that is built in under ``name``.

    >>> named_style("netflix-zh-hant").max_columns
    32

    Raises:
        DocumentError: If there is none, naming those that are like it.
    """
    for style in STYLES:
        if style.name == name.strip().lower():
            return style
    names = [style.name for style in STYLES]
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(names)}, or a file .toml"
    raise DocumentError(f"no style is called {name!r}", hint=hint)


def at_frame_rate(rules: CueRules, frame_rate: float) -> CueRules:
    """Return ``rules`` for a video of ``frame_rate`` frames a second.

    The shortest gap is as many frames as before; all else is as long as before.

    >>> at_frame_rate(NETFLIX_EN, 25).min_gap  # 2 frames
    0.08
    """
    if rules.frame_rate is None:
        return replace(rules, frame_rate=frame_rate)
    frames = floor(rules.min_gap * rules.frame_rate + 0.5)
    return replace(rules, frame_rate=frame_rate, min_gap=frames / frame_rate)
