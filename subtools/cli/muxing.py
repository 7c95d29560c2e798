"""The commands that put subtitles into a video: ``mux`` beside the picture, ``burn`` into it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from subtools import console
from subtools.cli.app import app, spare_inputs
from subtools.cli.options import ForceOption, JsonOption, QuietOption, SpeakerStyleOption
from subtools.cli.tracks import read_drawing, read_track
from subtools.formats import SpeakerStyle
from subtools.formats.chapters import compose_ffmetadata
from subtools.media import (
    PRESETS,
    Container,
    Look,
    Quality,
    SubtitleTrack,
    burn_subtitles,
    container_code,
    container_for,
    guess_language,
    mux_subtitles,
    title_of,
)
from subtools.outline import load_chapters
from subtools.store import check_outputs

VideoArgument = Annotated[Path, typer.Argument(metavar="VIDEO", help="Video file.")]
TargetOption = Annotated[
    Path, typer.Option("--output", "-o", metavar="OUT", help="The file to write.")
]
SoundOption = Annotated[
    Path | None,
    typer.Option(
        "--audio", "-a", metavar="FILE", help="Take the sound from here, where VIDEO has none."
    ),
]


@app.command(
    "mux",
    epilog="Examples: `subtools mux talk.mp4 talk.zh-Hant.srt talk.en.srt -o out.mkv` · "
    "`subtools mux picture.m4s talk.srt --audio sound.m4s --language zh-Hant -o talk.mp4` · "
    "`subtools mux talk.mp4 talk.srt --chapters words.json -o out.mp4`",
)
def mux_command(
    video: VideoArgument,
    subtitles: Annotated[
        list[Path], typer.Argument(metavar="SUBTITLES...", help="SRT, WebVTT, ASS or words.json.")
    ],
    output: TargetOption,
    audio: SoundOption = None,
    languages: Annotated[
        list[str] | None,
        typer.Option(
            "--language",
            "-l",
            metavar="TAG",
            help="Language of the first, second, ... subtitles; else what their names say, as "
            "`talk.zh-Hant.srt` does.",
        ),
    ] = None,
    titles: Annotated[
        list[str] | None,
        typer.Option(
            "--title", metavar="TEXT", help="What menus call the first, second, ...; else so too."
        ),
    ] = None,
    chapters: Annotated[
        Path | None,
        typer.Option(
            "--chapters",
            metavar="FILE",
            help="Chapters instead of those of VIDEO: words.json, ffmetadata, lines such as "
            "`12:30 Questions`, WebVTT, Podcasting 2.0 JSON.",
        ),
    ] = None,
    default: Annotated[
        bool,
        typer.Option("--default/--no-default", help="Whether players show the first one unasked."),
    ] = True,
    speaker_style: SpeakerStyleOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put subtitles beside picture and sound, to be switched on and off; nothing is encoded anew.

    OUT ends in .mp4, .m4v, .mov, .mkv or .webm.
    """
    container = container_for(output)
    tags = _match(languages, subtitles, "--language")
    names = _match(titles, subtitles, "--title")
    others = [path for path in (audio, chapters) if path is not None]
    _check_files(output, [video, *subtitles, *others], force=force)
    marks = None if chapters is None else compose_ffmetadata(load_chapters(chapters))
    rows = zip(subtitles, tags, names, strict=True)
    tracks = [_track(path, container, tag, name, speaker_style) for path, tag, name in rows]
    with console.show_progress(quiet=quiet or as_json) as progress:
        mux_subtitles(
            video,
            tracks,
            output,
            audio=audio,
            chapters=marks,
            default=default,
            force=force,
            progress=progress,
        )
    with console.printing():
        if as_json:
            listed = [
                {"file": str(path), "language": container_code(t.language), "title": t.title}
                for path, t in zip(subtitles, tracks, strict=True)
            ]
            _print_json({"output": str(output), "subtitles": listed})
        elif not quiet:
            console.print_files([output])


@app.command(
    "burn",
    epilog="Examples: `subtools burn talk.mp4 talk.srt -o out.mp4` · "
    "`subtools burn talk.mp4 words.json -o out.mp4 --font NotoSansTC.otf --font-size 60`",
)
def burn_command(
    video: VideoArgument,
    subtitles: Annotated[
        Path, typer.Argument(metavar="SUBTITLES", help="SRT, WebVTT, ASS or words.json.")
    ],
    output: TargetOption,
    audio: SoundOption = None,
    font: Annotated[
        str | None,
        typer.Option(
            "--font", metavar="NAME|FILE", help="Else the best font here that has the characters."
        ),
    ] = None,
    font_size: Annotated[
        float | None,
        typer.Option(
            "--font-size",
            min=8,
            max=400,
            metavar="N",
            help="Height of the letters where the picture has 1080 lines; else 72.",
        ),
    ] = None,
    crf: Annotated[
        int, typer.Option("--crf", min=0, max=51, help="Quality: 18 is like the original.")
    ] = 20,
    preset: Annotated[
        str, typer.Option("--preset", help=f"Time for encoding: {', '.join(PRESETS)}.")
    ] = "medium",
    allow_missing: Annotated[
        bool, typer.Option("--allow-missing", help="Draw a box where no font has a character.")
    ] = False,
    speaker_style: SpeakerStyleOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Draw subtitles into the picture, for players and sites that show no others.

    OUT ends in .mp4, .m4v, .mov or .mkv. The picture is encoded as H.264, the sound is copied
    where OUT takes it. An ASS file keeps its look.
    """
    if preset not in PRESETS:
        raise typer.BadParameter(f"none of {', '.join(PRESETS)}", param_hint="--preset")
    _check_files(output, [video, subtitles, *([audio] if audio else [])], force=force)
    drawing = read_drawing(subtitles, speaker_style)
    with console.show_progress(quiet=quiet or as_json) as progress:
        used = burn_subtitles(
            video,
            drawing,
            output,
            look=Look(font, font_size, allow_missing),
            quality=Quality(crf, preset),
            audio=audio,
            force=force,
            progress=progress,
        )
    with console.printing():
        if as_json:
            _print_json({"output": str(output), "font": used and used.name})
        elif not quiet:
            if used:
                console.print_note(f"font: {used.name} ({used.path})")
            console.print_files([output])


def _match(
    values: Sequence[str] | None, subtitles: Sequence[Path], option: str
) -> list[str | None]:
    """Return a value for each of ``subtitles``, None where none is given.

    Raises:
        typer.BadParameter: If there are too many.
    """
    given: list[str | None] = [*(values or ())]
    if len(given) > len(subtitles):
        message = f"given {len(given)} times for {len(subtitles)} files of subtitles"
        raise typer.BadParameter(message, param_hint=option)
    return given + [None] * (len(subtitles) - len(given))


def _track(
    path: Path, container: Container, tag: str | None, title: str | None, style: SpeakerStyle | None
) -> SubtitleTrack:
    language = guess_language(path.name) if tag is None else tag
    try:
        container_code(language)
    except ValueError as error:
        raise typer.BadParameter(
            f"{error}; give one such as zh-Hant", param_hint="--language"
        ) from error
    return read_track(
        path,
        container,
        style,
        language=language,
        title=title_of(language) if title is None else title,
    )


def _check_files(output: Path, inputs: Sequence[Path], *, force: bool) -> None:
    check_outputs([output], force=force)
    spare_inputs([output], inputs)


def _print_json(summary: object) -> None:
    console.print_raw(json.dumps(summary, ensure_ascii=False) + "\n")
