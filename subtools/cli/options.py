"""The options that several commands share."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from subtools.core import Seconds, Span
from subtools.timecode import parse_timecode

AudioOption = Annotated[
    Path, typer.Option("--audio", "-a", metavar="FILE", help="Sound or video file of the talk.")
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


def _read_span(value: str | Span) -> Span:
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
        parser=_read_span,
        help="What to draw, such as 12:30-12:40; else 30 s from the first finding or word on.",
    ),
]
ThreadsOption = Annotated[
    int | None, typer.Option("--threads", min=1, metavar="N", help="Processor threads; else all.")
]
ForceOption = Annotated[bool, typer.Option("--force", "-f", help="Overwrite existing results.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]
