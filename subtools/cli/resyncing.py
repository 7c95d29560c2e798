"""The command that gives old subtitles new times: ``resync``."""

from __future__ import annotations

from typing import Annotated

import typer

from subtools import console
from subtools.aligners import AUTO
from subtools.checks import check_language
from subtools.cli.app import app, spare_inputs
from subtools.cli.options import (
    AlignerOption,
    AudioOption,
    BeamOption,
    ForceOption,
    JsonOption,
    LanguageOption,
    ModelOption,
    OffsetOption,
    PartialOption,
    QuietOption,
    ThreadsOption,
    TrackOption,
)
from subtools.cli.piping import (
    OutputOption,
    SourceArgument,
    StrictOption,
    ToOption,
    open_target,
    read_source,
    write_result,
)
from subtools.formats.words import finding_to_json
from subtools.pipeline import Settings
from subtools.resyncing import resync


@app.command(
    "resync",
    epilog="Examples: `subtools resync old.srt --audio talk.mp4 -o new.srt` · "
    "`subtools resync old.srt --audio talk.mp4 --drop-untimed | subtools convert - new.vtt`",
)
def resync_command(
    source: SourceArgument,
    audio: AudioOption,
    drop_untimed: Annotated[
        bool,
        typer.Option(
            "--drop-untimed",
            help="Leave out what was not heard; else it is shown where it is to be expected.",
        ),
    ] = False,
    aligner: AlignerOption = AUTO,
    model: ModelOption = "base",
    language: LanguageOption = None,
    track: TrackOption = None,
    offset: OffsetOption = 0.0,
    partial: PartialOption = False,
    beam: BeamOption = None,
    threads: ThreadsOption = None,
    output: OutputOption = None,
    to: ToOption = None,
    word_times: Annotated[
        bool,
        typer.Option("--word-times", help="Write when each word is spoken, where OUT can hold it."),
    ] = False,
    strict: StrictOption = False,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put old subtitles whose text is right and whose times are off in time with the sound.

    Each cue keeps its text, lines, tags and speaker. It begins with its first word, and stays on
    as long as it did where the next one lets it. What was not heard is said on stderr, and is
    marked by a comment in WebVTT and ASS.
    """
    settings = Settings(
        model, language, track, offset, partial, beam, threads, aligner=aligner, speakers=None
    )
    check_language(language)
    target = open_target(
        output,
        to,
        [source],
        force=force,
        quiet=quiet,
        as_json=as_json,
        strict=strict,
        word_times=word_times,
    )
    if target.path is not None:
        spare_inputs([target.path], [audio])
    loaded = read_source(source, quiet=quiet)
    with console.show_progress(quiet=quiet or as_json) as progress:
        done = resync(
            loaded.subtitles, audio, settings, drop_untimed=drop_untimed, progress=progress
        )
    if not (quiet or as_json):
        heard = len(loaded.subtitles.cues) - done.untimed
        console.print_note(
            f"{heard} of {len(loaded.subtitles.cues)} cues heard; "
            f"language {done.alignment.language}, aligner {done.alignment.aligner}"
        )
        console.print_findings(done.alignment.findings)
    facts = {
        "language": done.alignment.language,
        "aligner": done.alignment.aligner,
        "untimed": done.untimed,
        "findings": [finding_to_json(finding) for finding in done.alignment.findings],
    }
    write_result(done.subtitles, loaded, target, facts)
