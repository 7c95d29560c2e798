"""The commands that move the times of subtitles: ``shift``, ``scale``, ``trim``."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

import typer

from subtools.cli.app import app
from subtools.cli.options import ForceOption, JsonOption, QuietOption
from subtools.cli.piping import (
    OutputOption,
    SourceArgument,
    StrictOption,
    ToOption,
    open_target,
    read_source,
    write_result,
)
from subtools.cli.times import (
    NEGATIVE_TIMES,
    Point,
    read_factor,
    read_offset,
    read_point,
    read_rate,
    read_stretch,
)
from subtools.core import Seconds, Span, Subtitles
from subtools.editing import scale_subtitles, shift_subtitles, trim_subtitles, warp_subtitles


@app.command(
    "shift",
    context_settings=NEGATIVE_TIMES,
    epilog="Examples: `subtools shift talk.srt 2.5 -o later.srt` · "
    "`subtools shift talk.srt -0:10 --span 30:00- -o -` · "
    "`subtools shift talk.srt 2.5 | subtools convert - talk.vtt`",
)
def shift_command(
    source: SourceArgument,
    offset: Annotated[
        Seconds,
        typer.Argument(
            metavar="OFFSET",
            parser=read_offset,
            help="How much later, as 2.5, 1:02.5 or 01:02:03,5; earlier with a minus: -1.5.",
        ),
    ],
    span: Annotated[
        Span | None,
        typer.Option(
            "--span",
            metavar="START-END",
            parser=read_stretch,
            help="Only cues that begin in it, such as 10:00-20:00 or 30:00-.",
        ),
    ] = None,
    output: OutputOption = None,
    to: ToOption = None,
    strict: StrictOption = False,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Move subtitles later or earlier.

    A cue that would begin before 0 begins at 0; one that would end before it is left out. Both
    are said on stderr, and are an error with `--strict`.
    """
    target = open_target(
        output, to, [source], force=force, quiet=quiet, as_json=as_json, strict=strict
    )
    loaded = read_source(source, quiet=quiet)
    write_result(shift_subtitles(loaded.subtitles, offset, span), loaded, target)


@app.command(
    "scale",
    epilog="Examples: `subtools scale talk.srt --from-fps 23.976 --to-fps 25 -o talk.25.srt` · "
    "`subtools scale talk.srt --at 0:10=0:12.5 --at 58:00=58:09 -o right.srt` · "
    "`subtools scale talk.srt --factor 1.001`",
)
def scale_command(
    source: SourceArgument,
    from_fps: Annotated[
        Fraction | None,
        typer.Option(
            "--from-fps",
            metavar="RATE",
            parser=read_rate,
            help="Frame rate that the times were made for; 23.976 is taken for 24000/1001, "
            "29.97 for 30000/1001.",
        ),
    ] = None,
    to_fps: Annotated[
        Fraction | None,
        typer.Option(
            "--to-fps", metavar="RATE", parser=read_rate, help="Frame rate that is played."
        ),
    ] = None,
    factor: Annotated[
        Fraction | None,
        typer.Option(
            "--factor",
            metavar="NUMBER",
            parser=read_factor,
            help="Multiply all times: 1.001, or 25/24.",
        ),
    ] = None,
    points: Annotated[
        list[str] | None,
        typer.Option(
            "--at",
            metavar="OLD=NEW",
            help="What is at OLD belongs at NEW. Two of them, or more for pieces of their own.",
        ),
    ] = None,
    output: OutputOption = None,
    to: ToOption = None,
    strict: StrictOption = False,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Stretch subtitles that drift: between two frame rates, by a factor, or through points."""
    rates = _read_rates(from_fps, to_fps)
    pairs = [read_point(point) for point in points or ()]
    if sum(bool(given) for given in (rates, factor, pairs)) != 1:
        raise typer.BadParameter("give either both frame rates, or --factor, or --at twice")
    target = open_target(
        output, to, [source], force=force, quiet=quiet, as_json=as_json, strict=strict
    )
    loaded = read_source(source, quiet=quiet)
    scaled = _scale(loaded.subtitles, rates or factor, pairs)
    write_result(scaled, loaded, target)


def _read_rates(from_fps: Fraction | None, to_fps: Fraction | None) -> Fraction | None:
    """Return what times are multiplied by: a frame is shown at another time, not another frame.

    Raises:
        typer.BadParameter: If there is only one of them.
    """
    if from_fps is None and to_fps is None:
        return None
    if from_fps is None or to_fps is None:
        missing = "--from-fps" if from_fps is None else "--to-fps"
        raise typer.BadParameter("two frame rates are needed", param_hint=missing)
    return from_fps / to_fps


def _scale(subtitles: Subtitles, factor: Fraction | None, points: list[Point]) -> Subtitles:
    if factor is not None:
        return scale_subtitles(subtitles, factor)
    try:
        return warp_subtitles(subtitles, points)
    except ValueError as error:
        one = "; subtools shift moves by one" if len(points) == 1 else ""
        raise typer.BadParameter(f"{error}{one}", param_hint="--at") from error


@app.command(
    "trim",
    epilog="Examples: `subtools trim talk.srt --span 10:00-20:00 -o cut.srt` · "
    "`subtools trim talk.srt --span 10:00- --keep-times | subtools convert - cut.vtt`",
)
def trim_command(
    source: SourceArgument,
    span: Annotated[
        Span,
        typer.Option(
            "--span",
            metavar="START-END",
            parser=read_stretch,
            help="What to keep, such as 10:00-20:00, 30:00- or -5:00.",
        ),
    ],
    keep_times: Annotated[
        bool, typer.Option("--keep-times", help="Leave the times; else START becomes 0.")
    ] = False,
    output: OutputOption = None,
    to: ToOption = None,
    strict: StrictOption = False,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Keep the subtitles of a cut-out of the video.

    A cue that is on at START or END is kept as long as it is on inside, its text whole.
    """
    target = open_target(
        output, to, [source], force=force, quiet=quiet, as_json=as_json, strict=strict
    )
    loaded = read_source(source, quiet=quiet)
    write_result(trim_subtitles(loaded.subtitles, span, keep_times=keep_times), loaded, target)
