"""The registry of subtitle formats: which suffix is read and written by what.

A new format is one module with ``compose`` and, where it can be read, ``parse``,
and one entry in ``FORMATS``. Formats turn text into subtitles and back; they touch no files.
"""

from __future__ import annotations

from subtools.errors import DocumentError
from subtools.formats import ass, srt, text, vtt
from subtools.formats.interface import Compose, Feature, Format
from subtools.formats.losses import list_losses
from subtools.formats.speakers import SpeakerStyle
from subtools.formats.voices import split_voices

__all__ = [
    "FORMATS",
    "Compose",
    "Feature",
    "Format",
    "SpeakerStyle",
    "detect_format",
    "format_for",
    "list_losses",
    "split_voices",
]

_F = Feature
FORMATS: tuple[Format, ...] = (
    Format(
        "srt",
        (".srt",),
        "SubRip",
        parse=srt.parse,
        compose=srt.compose,
        recognise=srt.recognise,
        holds=frozenset({_F.TIMES, _F.LINES, _F.OVERLAPS}),
    ),
    Format(
        "vtt",
        (".vtt",),
        "WebVTT",
        parse=vtt.parse,
        compose=vtt.compose,
        recognise=vtt.recognise,
        holds=frozenset(
            {
                *(_F.TIMES, _F.LINES, _F.SPEAKER, _F.VOICES, _F.MARKUP, _F.SETTINGS),
                *(_F.IDENTIFIER, _F.WORDS, _F.BLOCKS, _F.OVERLAPS),
            }
        ),
    ),
    Format(
        "ass",
        (".ass",),
        "Advanced SubStation Alpha",
        parse=ass.parse,
        compose=ass.compose,
        recognise=ass.recognise,
        holds=frozenset({_F.TIMES, _F.LINES, _F.SPEAKER, _F.OVERLAPS}),
    ),
    Format("text", (".txt",), "plain text", compose=text.compose),
)


def format_for(path_or_suffix: str) -> Format:
    """Return the format of a file name or a suffix, upper or lower case.

    >>> format_for("talk.zh.SRT").name, format_for(".vtt").name, format_for("txt").name
    ('srt', 'vtt', 'text')

    Raises:
        DocumentError: If no format has that suffix.
    """
    suffix = "." + path_or_suffix.lower().rpartition(".")[2]
    for known in FORMATS:
        if suffix in known.suffixes:
            return known
    suffixes = ", ".join(suffix for known in FORMATS for suffix in known.suffixes)
    raise DocumentError(
        "no subtitle format has this suffix", hint=f"known: {suffixes}", path=path_or_suffix
    )


def detect_format(text: str) -> Format | None:
    r"""Return the format that ``text`` is in, by its looks; None if it is in none that is read.

    >>> detect_format("WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n").name
    'vtt'
    """
    # SubRip has no mark of its own, so it is what nothing else is.
    ordered = sorted(FORMATS, key=lambda known: known.name == "srt")
    return next((known for known in ordered if known.recognise(text)), None)
