"""Subtitles drawn into the picture by libass, for players and sites that show no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from subtools.core import Progress, no_progress
from subtools.errors import OutputError
from subtools.media.contents import (
    Contents,
    check_whole,
    picture_size,
    require_sound,
    require_video,
)
from subtools.media.drawing import PLAIN_LOOK, Drawing, Look, plan_drawing
from subtools.media.font_files import Font
from subtools.media.graphs import Inputs, Run, run_graph, work_folder, written_whole
from subtools.media.muxing import CONTAINERS, Container

PRESETS = (
    *("ultrafast", "superfast", "veryfast", "faster", "fast"),
    *("medium", "slow", "slower", "veryslow"),
)
# Sound that players of these files know; other sound is encoded as AAC. Matroska takes all.
_SOUND = {
    "mp4": frozenset({"aac", "mp3", "ac3", "eac3", "alac", "opus", "flac"}),
    "mov": frozenset({"aac", "mp3", "ac3", "eac3", "alac", "pcm_s16le", "pcm_s24le"}),
}


@dataclass(frozen=True, slots=True)
class Quality:
    """How the picture is encoded.

    Attributes:
        crf: Quality of H.264, 0 (lossless) to 51; 18 looks like the original.
        preset: How much time x264 may take: one of ``PRESETS``.
    """

    crf: int = 20
    preset: str = "medium"


GOOD_QUALITY = Quality()


def burn_subtitles(
    video: Path,
    drawing: Drawing,
    target: Path,
    *,
    look: Look = PLAIN_LOOK,
    quality: Quality = GOOD_QUALITY,
    audio: Path | None = None,
    force: bool = False,
    progress: Progress = no_progress,
) -> Font | None:
    """Write ``target``: the picture of ``video`` with the subtitles drawn in, as H.264.

    The sound is copied where ``target`` takes it, else encoded as AAC.

    Args:
        video: Gives the picture, chapters, and the sound.
        drawing: The subtitles.
        target: Appears only when it is complete.
        look: How they are drawn.
        quality: How the picture is encoded.
        audio: Gives the sound instead.
        force: Whether ``target`` may replace a file.
        progress: Told the seconds written.

    Returns:
        The font; None where those named in a styled file are used.

    Raises:
        MediaError: If something cannot be read, or no font has the characters.
        OutputError: If ``target`` cannot be written.
    """
    container = _container(target)
    picture = require_video(video)
    sound = picture if audio is None else require_sound(audio)
    with work_folder({}) as folder:
        plan = plan_drawing(drawing, look, picture_size(video), folder)
        inputs = Inputs()
        nodes = _nodes(inputs, picture, sound, plan.settings)
        options = _options(container, sound, quality)
        run = Run(folder, video, plan.program, "burn", picture.duration, progress)
        with written_whole(target, force=force) as part:
            run_graph(nodes, options, inputs, part, run)
            check_whole(part, picture, "video")
            check_whole(part, sound, "audio")
    return plan.font


def _container(target: Path) -> Container:
    container = CONTAINERS.get(target.suffix.lower())
    if container is None or container.muxer == "webm":
        known = ", ".join(suffix for suffix, c in CONTAINERS.items() if c.muxer != "webm")
        hint = f"known: {known}"
        raise OutputError("no file for H.264 video has this suffix", hint=hint, path=target)
    return container


def _nodes(
    inputs: Inputs, picture: Contents, sound: Contents, settings: Mapping[str, str]
) -> list[Any]:
    seen = inputs.media(picture)
    heard = seen if sound is picture else inputs.media(sound)
    drawn = seen[str(picture.of("video")[0].index)]
    drawn = drawn.filter("crop", w="trunc(iw/2)*2", h="trunc(ih/2)*2")  # H.264 wants even sizes
    drawn = drawn.filter("subtitles", **settings)
    return [drawn, *(heard[str(stream.index)] for stream in sound.of("audio"))]


def _options(container: Container, sound: Contents, quality: Quality) -> dict[str, object]:
    """Return what ffmpeg is told about each stream of the result."""
    options: dict[str, object] = {
        "format": container.muxer,
        "c:v": "libx264",
        "pix_fmt": "yuv420p",
        "crf": quality.crf,
        "preset": quality.preset,
        **dict(container.options),
    }
    for k, stream in enumerate(sound.of("audio")):
        is_kept = stream.codec in _SOUND.get(container.muxer, {stream.codec})
        options[f"c:a:{k}"] = "copy" if is_kept else "aac"
        if not is_kept:
            options[f"b:a:{k}"] = "192k"
    return options
