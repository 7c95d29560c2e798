"""The registry of subtitle formats: which suffix is read and written by what.

A new format is one module with ``compose`` and, where it can be read, ``parse``,
and one entry in ``FORMATS``. Formats turn text into subtitles and back; they touch no files.
"""

from __future__ import annotations

from subtools.errors import DocumentError
from subtools.formats import (
    ass,
    audacity,
    bcc,
    lrc,
    markdown,
    microdvd,
    rttm,
    srt,
    srt_tags,
    tables,
    text,
    textgrid,
    ttml,
    vtt,
    whisper,
)
from subtools.formats.interface import Compose, Feature, Format
from subtools.formats.losses import list_losses
from subtools.formats.speakers import SpeakerStyle
from subtools.formats.strangers import explain_stranger, refuse_page
from subtools.formats.voices import split_voices, unname_dialogue

__all__ = [
    "FORMATS",
    "Compose",
    "Feature",
    "Format",
    "SpeakerStyle",
    "detect_format",
    "explain_stranger",
    "find_format",
    "format_for",
    "list_losses",
    "refuse_page",
    "split_voices",
    "unname_dialogue",
]

_F = Feature
_TABLE = frozenset(_F) - {_F.WORDS, _F.BLOCKS}
_ASS = frozenset(_F) - {_F.VOICES, _F.IDENTIFIER, _F.CONFIDENCE}
FORMATS: tuple[Format, ...] = (
    Format(
        "srt",
        (".srt",),
        "SubRip",
        parse=srt.parse,
        compose=srt.compose,
        recognise=srt.recognise,
        holds=frozenset({_F.TIMES, _F.LINES, _F.MARKUP, _F.SETTINGS, _F.OVERLAPS}),
        list_unwritten=srt_tags.list_unwritten,
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
        holds=_ASS,
    ),
    Format(
        "ssa",
        (".ssa",),
        "SubStation Alpha 4",
        parse=ass.parse,
        compose=ass.compose_ssa,
        recognise=ass.recognise_ssa,
        holds=_ASS,
    ),
    Format(
        "ttml",
        (".ttml", ".dfxp", ".itt", ".xml"),
        "TTML and IMSC",
        parse=ttml.parse,
        compose=ttml.compose,
        recognise=ttml.recognise,
        holds=frozenset(_F) - {_F.VOICES, _F.CONFIDENCE, _F.BLOCKS},
    ),
    Format(
        "lrc",
        (".lrc",),
        "LRC lyrics",
        parse=lrc.parse,
        compose=lrc.compose,
        recognise=lrc.recognise,
        holds=frozenset({_F.TIMES, _F.LINES, _F.WORDS, _F.BLOCKS}),
    ),
    Format(
        "bcc",
        (".bcc", ".bcc.json"),
        "Bilibili's JSON",
        parse=bcc.parse,
        compose=bcc.compose,
        recognise=bcc.recognise,
        holds=frozenset({_F.TIMES, _F.LINES, _F.SETTINGS, _F.BLOCKS, _F.OVERLAPS}),
    ),
    Format(
        "whisper",
        (".whisper.json",),
        "JSON of Whisper and WhisperX",
        parse=whisper.parse,
        compose=whisper.compose,
        recognise=whisper.recognise,
        holds=frozenset({_F.TIMES, _F.LINES, _F.SPEAKER, _F.WORDS, _F.OVERLAPS}),
    ),
    Format(
        "textgrid",
        (".textgrid",),
        "TextGrid of Praat",
        parse=textgrid.parse,
        compose=textgrid.compose,
        recognise=textgrid.recognise,
        holds=frozenset({_F.TIMES, _F.LINES, _F.SPEAKER, _F.WORDS, _F.OVERLAPS}),
    ),
    Format(
        "audacity",
        (".labels.txt",),
        "labels of Audacity",
        parse=audacity.parse,
        compose=audacity.compose,
        recognise=audacity.recognise,
        holds=frozenset({_F.TIMES, _F.OVERLAPS}),
    ),
    Format(
        "csv",
        (".csv",),
        "table with commas",
        parse=tables.parse,
        compose=tables.compose_csv,
        recognise=tables.recognise_csv,
        holds=_TABLE,
    ),
    Format(
        "tsv",
        (".tsv",),
        "table with tabs",
        parse=tables.parse,
        compose=tables.compose_tsv,
        recognise=tables.recognise_tsv,
        holds=_TABLE,
    ),
    Format(
        "rttm",
        (".rttm",),
        "RTTM, who speaks when",
        parse=rttm.parse,
        compose=rttm.compose,
        recognise=rttm.recognise,
        holds=frozenset({_F.TIMES, _F.SPEAKER, _F.OVERLAPS}),
    ),
    Format(
        "markdown",
        (".md",),
        "Markdown",
        compose=markdown.compose,
        holds=frozenset({_F.SPEAKER}),
    ),
    Format("text", (".txt",), "plain text", compose=text.compose),
    Format(
        "microdvd",
        (".sub",),
        "MicroDVD",
        parse=microdvd.parse,
        recognise=microdvd.recognise,
    ),
)


def format_for(path_or_suffix: str) -> Format:
    """Return the format of a file name, a suffix or its own name, upper or lower case.

    Of two suffixes the longer one counts.

    >>> format_for("talk.zh.SRT").name, format_for(".vtt").name, format_for("audacity").name
    ('srt', 'vtt', 'audacity')
    >>> format_for("talk.labels.txt").name, format_for("talk.txt").name, format_for("txt").name
    ('audacity', 'text', 'text')

    Raises:
        DocumentError: If no format has that suffix.
    """
    asked = path_or_suffix.lower()
    named = next((known for known in FORMATS if known.name == asked), None)
    known = named or find_format(f".{asked}")
    if known is None:
        raise DocumentError(
            "no subtitle format has this suffix", hint=_hint(asked), path=path_or_suffix
        )
    return known


def find_format(path: str) -> Format | None:
    """Return the format that a file of that name is in; None if its suffix is of none.

    >>> find_format("talk.bcc.json").name, find_format("talk.json")
    ('bcc', None)
    """
    ends = {suffix: known for known in FORMATS for suffix in known.suffixes}
    found = [suffix for suffix in ends if path.lower().endswith(suffix)]
    return ends[max(found, key=len)] if found else None


def detect_format(text: str) -> Format | None:
    r"""Return the format that ``text`` is in, by its looks; None if it is in none that is read.

    >>> detect_format("WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n").name
    'vtt'
    """
    # SubRip has no mark of its own, so it is what nothing else is; but nothing else begins so,
    # whatever its texts look like.
    if srt.begins_as_subrip(text):
        return format_for(".srt")
    ordered = sorted(FORMATS, key=lambda known: known.name == "srt")
    return next((known for known in ordered if known.recognise(text)), None)


def _hint(asked: str) -> str:
    """Return what to do about a suffix that no format has."""
    suffixes = {suffix: known for known in FORMATS for suffix in known.suffixes}
    if asked.endswith("json"):
        kinds = [known.name for suffix, known in suffixes.items() if suffix.endswith(".json")]
        return f"several formats are JSON: say which, {' or '.join(kinds)}"
    return f"known: {', '.join(suffixes)}"
