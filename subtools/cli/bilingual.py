"""The command that puts two languages into one file: ``bilingual``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from subtools.cli.app import app
from subtools.cli.options import ForceOption, JsonOption, QuietOption
from subtools.cli.piping import (
    OutputOption,
    StrictOption,
    ToOption,
    open_target,
    read_source,
    write_result,
)
from subtools.editing import Order, combine_languages


@app.command(
    "bilingual",
    epilog="Examples: `subtools bilingual talk.zh.srt talk.en.srt -o talk.zh-en.srt` · "
    "`subtools bilingual talk.zh.srt talk.en.srt --order second --to vtt`",
)
def bilingual_command(
    first: Annotated[
        Path,
        typer.Argument(metavar="FIRST", help="The language whose times count; - for stdin."),
    ],
    second: Annotated[Path, typer.Argument(metavar="SECOND", help="The other; - for stdin.")],
    order: Annotated[Order, typer.Option("--order", help="Which one stands above.")] = Order.FIRST,
    output: OutputOption = None,
    to: ToOption = None,
    strict: StrictOption = False,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put two languages into one file, one above the other, matched by their times.

    Cues that are cut differently in the two are joined where that keeps together what belongs
    together. Every line of both is in the result once.
    """
    target = open_target(
        output, to, [first, second], force=force, quiet=quiet, as_json=as_json, strict=strict
    )
    loaded, other = (read_source(path, quiet=quiet) for path in (first, second))
    both = combine_languages(loaded.subtitles, other.subtitles, order)
    write_result(both, loaded, target)
