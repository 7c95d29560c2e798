"""The commands about who speaks: ``diarize`` and ``name``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from subtools import console
from subtools.cli.app import app, spare_inputs
from subtools.cli.options import (
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
    ThreadsOption,
    TimelineOption,
    TrackOption,
    TurnsOption,
    read_count,
)
from subtools.cli.summaries import print_speakers, summarise_speakers
from subtools.diarizers import VOICES
from subtools.formats.words import compose_words
from subtools.labelling import SpeakerSettings
from subtools.speaking import diarize_file, load_library, load_names, load_turns, name_file
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
        SubtoolsError: If a file cannot be used.
    """
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
    audio: Annotated[Path, typer.Argument(help="Sound or video file.")],
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
    with console.printing():
        if as_json:
            summary = {
                "files": [str(path) for path in outputs],
                "duration": round(found.duration, 3),
            }
            summary |= summarise_speakers(found.alignment)
            console.print_raw(json.dumps(summary, ensure_ascii=False) + "\n")
        elif not quiet:
            print_speakers(found.alignment)
            console.print_files(list(outputs))


@app.command(
    "name",
    epilog="Examples: `subtools name out/words.json` · "
    "`subtools name out/words.json --names who.yaml -o named`",
)
def name_command(
    words: Annotated[Path, typer.Argument(metavar="WORDS.json", help="Words with turns.")],
    names: NamesOption = None,
    output_dir: Annotated[
        Path | None,
        typer.Option("--output-dir", "-o", metavar="DIR", help="Where `words.json` goes."),
    ] = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show who the speakers are and why; with `-o`, write `words.json` with these names."""
    alignment, provenance = name_file(words, None if names is None else load_names(names))
    outputs = [] if output_dir is None else [output_dir / "words.json"]
    if outputs:
        write_outputs({outputs[0]: compose_words(alignment, provenance)}, force=force)
    with console.printing():
        if as_json:
            summary = {"files": [str(path) for path in outputs], **summarise_speakers(alignment)}
            console.print_raw(json.dumps(summary, ensure_ascii=False) + "\n")
        elif not quiet:
            print_speakers(alignment)
            console.print_files(outputs)


def _given(*paths: Path | None) -> list[Path]:
    return [path for path in paths if path is not None]
