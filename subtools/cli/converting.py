"""The commands about finished files: ``convert`` and ``score``."""

from __future__ import annotations

import json
from dataclasses import replace
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
)
from subtools.cli.piping import (
    OutputOption,
    SourceArgument,
    StrictOption,
    ToOption,
    find_target,
    open_target,
    read_source,
    write_result,
)
from subtools.cli.styling import CuesOption, FrameRateOption, WordTimesOption, read_look
from subtools.cli.summaries import print_scores
from subtools.core import PLAIN_RULES
from subtools.editing import rewrite_script
from subtools.phonetics import Script
from subtools.scoring import score_files


@app.command(
    "convert",
    epilog="Examples: `subtools convert talk.srt talk.vtt` · "
    "`subtools convert words.json talk.ass --style netflix-zh-hant --word-times` · "
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
    style: Annotated[
        str | None,
        typer.Option("--style", metavar="NAME", help="How the words of words.json are cut."),
    ] = None,
    cues: CuesOption = None,
    frame_rate: FrameRateOption = None,
    word_times: WordTimesOption = False,
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
    look = read_look(style or PLAIN_RULES.name, cues, frame_rate, speaker_style)
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
    loaded = read_source(source, look.rules, quiet=quiet)
    if loaded.known is not None and (style or cues or frame_rate):
        raise typer.BadParameter(
            "only words.json is cut anew; subtools check --fix brings other files into a style",
            param_hint="--style",
        )
    known = find_target(out.path, to, loaded.known)
    if loaded.known is None and known is not None:
        out = replace(out, style=look.speakers_in(known.suffixes[0]))
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
