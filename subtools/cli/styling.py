"""The options about how subtitles look: a style, how cues are cut, how speakers are named."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Annotated

import typer

from subtools.cli.options import name_room
from subtools.core import PLAIN_RULES, CueRules, Cutting, NameRoom
from subtools.formats import SpeakerStyle
from subtools.styles import at_frame_rate, find_style

_TEXT_ONLY = frozenset((".srt", ".txt", ".lrc", ".bcc.json", ".bcc"))  # name speakers in the text

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


@dataclass(frozen=True, slots=True)
class Look:
    """How subtitles are cut and written.

    Attributes:
        rules: How cues are cut.
        speakers: How speakers are named; None: as is usual in the format.
        word_times: Whether the times of words are written.
    """

    rules: CueRules
    speakers: SpeakerStyle | None = None
    word_times: bool = False

    def speakers_in(self, suffix: str) -> SpeakerStyle | None:
        """Return how speakers are named in a format.

        A style that tells speakers apart by dashes or colours puts no names into a text,
        unless they were asked for.
        """
        if self.speakers is None and _has_own_way(self.rules) and suffix in _TEXT_ONLY:
            return SpeakerStyle.NONE
        return self.speakers


USUAL = Look(PLAIN_RULES)


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
    rules = find_style(style)
    if frame_rate is not None:
        if not (math.isfinite(frame_rate) and 1 <= frame_rate <= 1000):
            raise typer.BadParameter("give frames a second, such as 25", param_hint="--frame-rate")
        rules = at_frame_rate(rules, frame_rate)
    room = name_room(speakers)
    if speakers is None and _has_own_way(rules):
        room = NameRoom.NONE
    cutting = cues or rules.cutting
    is_kept = keep_untimed or rules.keep_untimed
    rules = replace(rules, cutting=cutting, keep_untimed=is_kept, name_room=room)
    return Look(rules, speakers, word_times)


def _has_own_way(rules: CueRules) -> bool:
    return rules.is_shared or rules.has_colours
