"""Styles of subtitles: their rules by name, what breaks them, and what can be repaired."""

from subtools.styles.checking import check_subtitles
from subtools.styles.describing import describe_rules
from subtools.styles.files import STYLE_KEYS, parse_style
from subtools.styles.finding import find_style
from subtools.styles.fixing import Change, Fixed, fix_subtitles
from subtools.styles.named import (
    BBC,
    BILIBILI,
    NETFLIX_EN,
    NETFLIX_ZH_HANS,
    NETFLIX_ZH_HANT,
    PLAIN,
    STYLES,
    at_frame_rate,
    named_style,
)

__all__ = [
    "BBC",
    "BILIBILI",
    "NETFLIX_EN",
    "NETFLIX_ZH_HANS",
    "NETFLIX_ZH_HANT",
    "PLAIN",
    "STYLES",
    "STYLE_KEYS",
    "Change",
    "Fixed",
    "at_frame_rate",
    "check_subtitles",
    "describe_rules",
    "find_style",
    "fix_subtitles",
    "named_style",
    "parse_style",
]
