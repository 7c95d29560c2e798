"""WebVTT (``.vtt``), read as browsers read it and written with webvtt-py.

webvtt-py knows the blocks of a file and leaves the text of a cue as it is: the escapes
and tags of the text are ``subtools.markup``. It reads about half of what the specification
says, so reading is done here, by the specification. The speaker is a voice, ``<v 王>``.

Source: https://www.w3.org/TR/webvtt1/
"""

from subtools.formats.vtt.reading import parse, recognise
from subtools.formats.vtt.settings import (
    CueSettings,
    Region,
    compose_settings,
    find_regions,
    parse_region,
    parse_settings,
)
from subtools.formats.vtt.writing import compose

__all__ = [
    "CueSettings",
    "Region",
    "compose",
    "compose_settings",
    "find_regions",
    "parse",
    "parse_region",
    "parse_settings",
    "recognise",
]
