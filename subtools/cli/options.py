"""The options that several commands share."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from subtools.core import Seconds, Span, SpeakerCount
from subtools.errors import DocumentError
from subtools.formats import SpeakerStyle
from subtools.plots import TIMELINE_SUFFIXES
from subtools.presenting import find_suffixes
from subtools.talks import is_address
from subtools.timecode import parse_timecode


def read_media_path(value: str | Path) -> Path:
    """Return ``value`` as the path of a file; an address has to be fetched first."""
    if isinstance(value, str) and is_address(value):
        raise typer.BadParameter(
            f"{value} is no file; subtools fetch {value!r} fetches its sound, and "
            f"subtools caption {value!r} subtitles it"
        )
    return Path(value)


AudioOption = Annotated[
    Path,
    typer.Option(
        "--audio",
        "-a",
        metavar="FILE",
        parser=read_media_path,
        help="Sound or video file of the talk.",
    ),
]
AudioArgument = Annotated[
    Path, typer.Argument(metavar="AUDIO", parser=read_media_path, help="Sound or video file.")
]
FolderOption = Annotated[
    Path, typer.Option("--output-dir", "-o", metavar="DIR", help="Where the results go.")
]
ModelOption = Annotated[
    str,
    typer.Option(
        "--model",
        "-m",
        help="Recogniser, which `phones` does not use: `base` (bundled), another model "
        "faster-whisper knows, or a folder.",
    ),
]
LanguageOption = Annotated[
    str | None,
    typer.Option(
        "--language", "-l", metavar="CODE", help="Spoken language; else that of text or sound."
    ),
]
TrackOption = Annotated[
    int | None,
    typer.Option("--track", min=1, metavar="N", help="Audio track, from 1; else the default one."),
]


def _check_finite(seconds: float) -> float:
    if not math.isfinite(seconds):
        raise typer.BadParameter("give a number of seconds")
    return seconds


OffsetOption = Annotated[
    float,
    typer.Option(
        "--offset",
        metavar="SECONDS",
        callback=_check_finite,
        help="Add to all times, if the sound starts after the video.",
    ),
]
PartialOption = Annotated[
    bool, typer.Option("--partial", help="Text and sound share only a small part.")
]
BeamOption = Annotated[
    int | None, typer.Option("--beam", min=1, metavar="N", help="Hypotheses the recogniser keeps.")
]
AlignerOption = Annotated[
    str,
    typer.Option(
        "--aligner",
        metavar="NAME",
        help="`phones` (by the sounds of the text: Chinese and English), `recognition` "
        "(by recognised words: every language), one that a package adds, or `auto`: `phones` "
        "where the document is Chinese or English.",
    ),
]
KeepUntimedOption = Annotated[
    bool,
    typer.Option(
        "--keep-untimed",
        help="Show words without a known time too, between their neighbours: too briefly to be "
        "read where these leave no room.",
    ),
]
PAGE_SUFFIXES = (".html", ".htm")


def _check_page(path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() not in PAGE_SUFFIXES:
        raise typer.BadParameter(
            f"the picture is a web page, so its name ends in .html, not in {path.suffix or path!s}"
        )
    return path


PlotOption = Annotated[
    Path | None,
    typer.Option(
        "--plot",
        metavar="FILE.html",
        callback=_check_page,
        help="Draw sound, posteriors and words of a stretch, to see why times are as they are.",
    ),
]


def _check_picture(path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() not in TIMELINE_SUFFIXES:
        known = " or ".join(TIMELINE_SUFFIXES)
        raise typer.BadParameter(
            f"the picture's name ends in {known}, not in {path.suffix or path}"
        )
    return path


TimelineOption = Annotated[
    Path | None,
    typer.Option(
        "--plot",
        metavar="FILE.html",
        callback=_check_picture,
        help="Draw who speaks when, and what the names rest on; `.svg` for the drawing alone.",
    ),
]
SpeakersOption = Annotated[
    int | None, typer.Option("--speakers", min=1, metavar="N", help="Just so many people speak.")
]
LeastSpeakersOption = Annotated[
    int | None, typer.Option("--min-speakers", min=1, metavar="N", help="At least so many.")
]
MostSpeakersOption = Annotated[
    int | None, typer.Option("--max-speakers", min=1, metavar="N", help="At most so many.")
]
DiarizerOption = Annotated[
    str,
    typer.Option(
        "--diarizer",
        metavar="NAME",
        help="What tells who speaks: `voices` (built in), `senko` or `pyannote` (extras), or "
        "one that a package adds.",
    ),
]
TurnsOption = Annotated[
    Path | None,
    typer.Option(
        "--speakers-from", metavar="FILE.rttm", help="Take the turns from here, find only names."
    ),
]
NamesOption = Annotated[
    Path | None,
    typer.Option(
        "--names",
        metavar="FILE.yaml",
        help="Who is who: `SPEAKER_02: 林教授`, `東老師: 董老師`, or a sample of somebody's voice, "
        "`宋老師: 0:10-0:40`.",
    ),
]
LibraryOption = Annotated[
    bool,
    typer.Option(
        "--known-voices/--no-known-voices",
        help="Know people from `subtools voices` again, if there are any.",
    ),
]


def read_count(exactly: int | None, least: int | None, most: int | None) -> SpeakerCount:
    """Return how many people may speak.

    Raises:
        typer.BadParameter: If the numbers contradict each other.
    """
    if exactly is not None and (least is not None or most is not None):
        raise typer.BadParameter(
            "give one number, or a range with --min-speakers and --max-speakers",
            param_hint="--speakers",
        )
    try:
        return SpeakerCount(exactly or least or 1, exactly or most)
    except ValueError as error:
        raise typer.BadParameter(f"{error}", param_hint="--max-speakers") from error


def parse_span(text: str) -> Span:
    """Return the stretch of time that ``START-END`` stands for.

    >>> parse_span("12:30-12:40.5"), parse_span("90-95")
    (Span(start=750.0, end=760.5), Span(start=90.0, end=95.0))

    Raises:
        ValueError: If ``text`` is not one.
    """
    start, separator, end = text.replace("–", "-").partition("-")
    if not separator:
        raise ValueError(f"not a stretch of time: {text!r}")
    return Span(_parse_time(start), _parse_time(end))


def _parse_time(text: str) -> Seconds:
    if ":" in text:
        return parse_timecode(text)
    if not text.strip().replace(".", "", 1).isdecimal():
        raise ValueError(f"not a time: {text!r}")
    return float(text)


def read_span(value: str | Span) -> Span:
    """Return ``value`` as a stretch; wrong arguments have their own status."""
    if isinstance(value, Span):
        return value
    try:
        span = parse_span(value)
    except ValueError as error:
        raise typer.BadParameter(f"{error}; give one such as 12:30-12:40") from error
    if not span.duration:
        raise typer.BadParameter("the stretch lasts no time")
    return span


PlotSpanOption = Annotated[
    Span | None,
    typer.Option(
        "--plot-span",
        metavar="START-END",
        parser=read_span,
        help="What to draw, such as 12:30-12:40; else 30 s from the first finding or word on.",
    ),
]
ThreadsOption = Annotated[
    int | None, typer.Option("--threads", min=1, metavar="N", help="Processor threads; else all.")
]
SpeakerStyleOption = Annotated[
    SpeakerStyle | None,
    typer.Option(
        "--speaker-style",
        help="How SRT and text name speakers: at a `change` (usual in SRT), in `every` cue, by a "
        "`dash`, or not at all (`none`, which holds for WebVTT and ASS too).",
    ),
]
WithSpeakersOption = Annotated[
    bool,
    typer.Option("--with-speakers/--no-speakers", help="Whether to find out who speaks."),
]
FormatsOption = Annotated[
    str,
    typer.Option(
        "--formats",
        metavar="LIST",
        help="What to write: of srt, vtt, ass, ttml, lrc, bcc, whisper, textgrid, audacity, csv, "
        "tsv, markdown, text, rttm (turns), chapters, contents, page.",
    ),
]


def read_formats(text: str) -> tuple[str, ...]:
    """Return the suffixes that a list of names or suffixes such as ``srt,whisper`` stands for.

    Raises:
        typer.BadParameter: If there is no such format.
    """
    try:
        return find_suffixes([name.strip() for name in text.split(",") if name.strip()])
    except DocumentError as error:
        raise typer.BadParameter(error.message, param_hint="--formats") from error


ForceOption = Annotated[bool, typer.Option("--force", "-f", help="Overwrite existing results.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]
