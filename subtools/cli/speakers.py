"""The commands about who speaks: ``diarize`` and ``name``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from subtools import console
from subtools.cli.app import app, spare_inputs
from subtools.cli.options import (
    AudioArgument,
    DiarizerOption,
    FolderOption,
    ForceOption,
    JsonOption,
    LeastSpeakersOption,
    LibraryOption,
    MostSpeakersOption,
    NamesOption,
    QuietOption,
    SpeakersOption,
    SpeakerStyleOption,
    ThreadsOption,
    TimelineOption,
    TrackOption,
    TurnsOption,
    read_count,
    read_formats,
)
from subtools.cli.summaries import print_speakers, print_unmet, summarise_speakers
from subtools.core import Alignment, Seconds
from subtools.diarization import diarize_file, load_names, load_turns, name_file
from subtools.diarizers import VOICES, load_diarizer
from subtools.formats.words import finding_to_json
from subtools.known_voices import load_library
from subtools.labelling import SpeakerSettings
from subtools.store import check_outputs, write_outputs


def read_speaker_settings(
    diarizer: str,
    speakers: int | None,
    least: int | None,
    most: int | None,
    turns: Path | None,
    names: Path | None,
    *,
    known_voices: bool,
) -> SpeakerSettings:
    """Return what the options say, their files read.

    Raises:
        SubtoolsError: If a file cannot be used, or there is no such diarizer.
    """
    if turns is None:
        load_diarizer(diarizer)  # one that is not there is told of before an hour of work
    settings = SpeakerSettings(
        diarizer,
        read_count(speakers, least, most),
        names=None if names is None else load_names(names),
        library=load_library() if known_voices else {},
    )
    return settings if turns is None else load_turns(turns, settings)


@app.command(
    "diarize",
    epilog="Examples: `subtools diarize talk.m4a -o out` · "
    "`subtools diarize talk.m4a --words out/words.json -o out --force --plot out/who.html` · "
    "`subtools diarize call.wav --speakers 2`",
)
def diarize_command(
    audio: AudioArgument,
    words: Annotated[
        Path | None,
        typer.Option("--words", "-w", metavar="WORDS.json", help="What is said, to name people."),
    ] = None,
    output_dir: FolderOption = Path(),
    speakers: SpeakersOption = None,
    least: LeastSpeakersOption = None,
    most: MostSpeakersOption = None,
    diarizer: DiarizerOption = VOICES,
    turns: TurnsOption = None,
    names: NamesOption = None,
    known_voices: LibraryOption = True,
    track: TrackOption = None,
    threads: ThreadsOption = None,
    plot: TimelineOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Find out who speaks when: `STEM.rttm`, and `words.json` with speakers if there are words.

    Names come from what people call each other, so they need `--words`; without it speakers
    are SPEAKER_00, SPEAKER_01 and so on, unless `--names` or known voices say more.
    """
    settings = read_speaker_settings(
        diarizer, speakers, least, most, turns, names, known_voices=known_voices
    )
    outputs = {output_dir / f"{audio.stem}.rttm": ".rttm"}
    outputs |= {} if words is None else {output_dir / "words.json": ".json"}
    outputs |= {} if plot is None else {plot: plot.suffix}
    check_outputs(list(outputs), force=force)
    spare_inputs(outputs, _given(audio, turns, names))  # words.json may take its own place
    if plot is not None:
        spare_inputs([plot], _given(words))
    with console.show_progress(quiet=quiet or as_json) as progress:
        found = diarize_file(
            audio, words, settings, track=track, threads=threads, progress=progress
        )
    write_outputs({path: found.compose(suffix) for path, suffix in outputs.items()}, force=force)
    if not (quiet or as_json):
        print_unmet(settings, found.alignment)
    duration = None if not as_json else round(found.duration, 3)
    _report(list(outputs), found.alignment, duration, quiet=quiet, as_json=as_json)


@app.command(
    "name",
    epilog="Examples: `subtools name out/words.json` · "
    "`subtools name out/words.json --names who.yaml -o out --formats srt,vtt --force`",
)
def name_command(
    words: Annotated[Path, typer.Argument(metavar="WORDS.json", help="Words with turns.")],
    names: NamesOption = None,
    output_dir: Annotated[
        Path | None,
        typer.Option("--output-dir", "-o", metavar="DIR", help="Where `words.json` goes."),
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option("--formats", metavar="LIST", help="Subtitles to write too: srt,vtt,ass."),
    ] = None,
    speaker_style: SpeakerStyleOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show who the speakers are and why; with `-o`, write `words.json` with these names.

    Names that were given once stay, until another names file says otherwise.
    """
    if formats is not None and output_dir is None:
        raise typer.BadParameter("say where to write them: -o DIR", param_hint="--formats")
    settings = SpeakerSettings(names=None if names is None else load_names(names))
    named = name_file(words, settings.names)
    outputs: dict[Path, str] = {}
    if output_dir is not None:
        outputs = {output_dir / f"{named.name}{s}": s for s in read_formats(formats or "")}
        outputs[output_dir / "words.json"] = ".json"
    spare_inputs(outputs, _given(names))
    style = speaker_style
    write_outputs({path: named.compose(s, style) for path, s in outputs.items()}, force=force)
    if not (quiet or as_json):
        print_unmet(settings, named.alignment)
    _report(list(outputs), named.alignment, None, quiet=quiet, as_json=as_json)


def _report(
    files: Sequence[Path],
    alignment: Alignment,
    duration: Seconds | None,
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    """Print who speaks and where it is written."""
    with console.printing():
        if as_json:
            summary: dict[str, Any] = {"files": [str(path) for path in files]}
            summary |= {} if duration is None else {"duration": duration}
            summary |= summarise_speakers(alignment)
            summary["findings"] = [finding_to_json(finding) for finding in alignment.findings]
            console.print_raw(json.dumps(summary, ensure_ascii=False) + "\n")
        elif not quiet:
            print_speakers(alignment, is_result=not files)
            console.print_files(files)


def _given(*paths: Path | None) -> list[Path]:
    return [path for path in paths if path is not None]
