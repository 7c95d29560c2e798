"""The options that several commands share."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

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
        help="Speech model: `base` (bundled), another name faster-whisper knows, or a folder.",
    ),
]
LanguageOption = Annotated[
    str | None,
    typer.Option("--language", "-l", metavar="CODE", help="Spoken language; detected if left out."),
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
ThreadsOption = Annotated[
    int | None, typer.Option("--threads", min=1, metavar="N", help="Processor threads; else all.")
]
ForceOption = Annotated[bool, typer.Option("--force", "-f", help="Overwrite existing results.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]
