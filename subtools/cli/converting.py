"""The commands about finished files: ``convert`` and ``score``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from subtools import console
from subtools.cli.app import app
from subtools.cli.options import (
    ForceOption,
    JsonOption,
    QuietOption,
    SpeakerStyleOption,
    name_room,
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
from subtools.cli.summaries import print_scores
from subtools.core import CueRules
from subtools.editing import rewrite_script
from subtools.phonetics import Script
from subtools.scoring import score_files


@app.command(
    "convert",
    epilog="Examples: `subtools convert talk.srt talk.vtt` · "
    "`subtools convert words.json talk.ass --word-times` · "
    "`subtools convert talk.srt talk.tw.srt --script tw` · "
    "`subtools convert - - --to vtt < talk.srt`",
)
def convert_command(
    source: SourceArgument,
    target: Annotated[
        Path | None,
        typer.Argument(
            metavar="OUT", help="File with the suffix of its format; else, and for -, stdout."
        ),
    ] = None,
    output: OutputOption = None,
    to: ToOption = None,
    script: Annotated[
        Script | None,
        typer.Option(
            "--script",
            help="Write Chinese with the characters and words of Taiwan (`tw`), Hong Kong (`hk`) "
            "or mainland China (`cn`), or with other characters only (`t`, `s`).",
        ),
    ] = None,
    word_times: Annotated[
        bool,
        typer.Option("--word-times", help="Write when each word is spoken, where OUT can hold it."),
    ] = False,
    speaker_style: SpeakerStyleOption = None,
    strict: StrictOption = False,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write subtitles in another format, or in another script of Chinese.

    What the format has no place for, and what of IN had to be mended, is listed on stderr.
    """
    if target is not None and output is not None:
        raise typer.BadParameter("OUT is given twice", param_hint="--output")
    out = open_target(
        target or output,
        to,
        [source],
        force=force,
        quiet=quiet,
        as_json=as_json,
        strict=strict,
        style=speaker_style,
        word_times=word_times,
    )
    loaded = read_source(source, CueRules(name_room=name_room(speaker_style)), quiet=quiet)
    subtitles = loaded.subtitles
    if script is not None:
        subtitles = rewrite_script(subtitles, script)
    write_result(subtitles, loaded, out)


@app.command(
    "score",
    epilog="Examples: `subtools score out/words.json clip.ref.json` · "
    "`subtools score talk.srt right.txt --json`",
)
def score_command(
    hypothesis: Annotated[Path, typer.Argument(help="words.json, SRT, WebVTT or text.")],
    reference: Annotated[Path, typer.Argument(help="*.ref.json with true times, or a right text.")],
    as_json: JsonOption = False,
) -> None:
    """Measure a result: error rates of the text, boundary errors of the times, cue statistics."""
    scores = score_files(hypothesis, reference)
    with console.printing():
        if as_json:
            console.print_raw(json.dumps(scores.as_dict(), ensure_ascii=False, indent=1) + "\n")
        else:
            print_scores(scores)
