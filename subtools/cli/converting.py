"""The commands about finished files: ``convert`` and ``score``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from subtools import console
from subtools.cli.app import app, spare_inputs
from subtools.cli.options import (
    ForceOption,
    JsonOption,
    QuietOption,
    SpeakerStyleOption,
    name_room,
)
from subtools.cli.summaries import print_scores
from subtools.core import CueRules
from subtools.formats import format_for
from subtools.reading import compose_subtitles, load_cues
from subtools.scoring import score_files
from subtools.store import check_outputs, write_outputs


@app.command(
    "convert",
    epilog="Examples: `subtools convert talk.srt talk.vtt` · "
    "`subtools convert words.json talk.ass`",
)
def convert_command(
    source: Annotated[Path, typer.Argument(metavar="IN", help="SRT, WebVTT, ASS or words.json.")],
    target: Annotated[
        Path,
        typer.Argument(metavar="OUT", help="File with the suffix of its format; - for stdout."),
    ],
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="FORMAT", help="srt, vtt, ass or txt."),
    ] = None,
    speaker_style: SpeakerStyleOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write subtitles in another format; the suffixes say which."""
    to_stdout = str(target) == "-"
    if to_stdout and to is None:
        raise typer.BadParameter("say which format to print", param_hint="--to")
    target_format = format_for(to or target.name)
    rules = CueRules(name_room=name_room(speaker_style))
    if not to_stdout:
        check_outputs([target], force=force)
        spare_inputs([target], [source])
    text = compose_subtitles(load_cues(source, rules), target_format, speaker_style)
    if to_stdout:
        with console.printing():
            console.print_raw(text)
        return
    write_outputs({target: text}, force=force)
    if not quiet:
        with console.printing():
            console.print_files([target])


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
