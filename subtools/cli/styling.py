"""The options about how subtitles look: a style, how cues are cut, how speakers are named."""

from __future__ import annotations

from typing import Annotated

import typer

from subtools.core import Cutting
from subtools.formats import SpeakerStyle
from subtools.presenting import Look, make_look

StyleOption = Annotated[
    str,
    typer.Option(
        "--style",
        metavar="NAME",
        help="How subtitles look: `plain` (text and onsets untouched), `netflix-zh-hant`, "
        "`netflix-zh-hans`, `netflix-en`, `bbc`, `bilibili`, or a file .toml; "
        "`subtools check --list-styles` says more.",
    ),
]
CuesOption = Annotated[
    Cutting | None,
    typer.Option(
        "--cues",
        help="What a cue holds: what is `best` to read (usual), or one of the text's `clauses`.",
    ),
]
FrameRateOption = Annotated[
    float | None,
    typer.Option(
        "--frame-rate", metavar="FPS", help="Put times on the frames of a video, such as 25."
    ),
]
WordTimesOption = Annotated[
    bool,
    typer.Option(
        "--word-times", help="Write the time of each word, where the format knows: karaoke."
    ),
]


def read_look(
    style: str,
    cues: Cutting | None,
    frame_rate: float | None,
    speakers: SpeakerStyle | None,
    *,
    keep_untimed: bool = False,
    word_times: bool = False,
) -> Look:
    """Return how subtitles are to look.

    Raises:
        typer.BadParameter: If the frame rate is none.
        DocumentError: If there is no such style.
    """
    try:
        return make_look(
            style, cues, frame_rate, speakers, keep_untimed=keep_untimed, word_times=word_times
        )
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--frame-rate") from error
