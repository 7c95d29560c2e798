"""The commands about the parts of a video: ``split`` and ``concat``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from subtools.cli.app import app, spare_inputs
from subtools.cli.chapters import read_chapters
from subtools.cli.options import FolderOption, ForceOption, JsonOption, QuietOption
from subtools.cli.piping import (
    PIPE,
    OutputOption,
    SourceArgument,
    StrictOption,
    Target,
    ToOption,
    find_losses,
    open_target,
    print_remarks,
    print_results,
    read_source,
    write_result,
)
from subtools.cli.times import read_time, read_times
from subtools.core import Seconds, Subtitles
from subtools.editing import concat_subtitles, even_borders, lengths_with_gap, split_subtitles
from subtools.errors import DocumentError, MediaError
from subtools.formats import Format, format_for
from subtools.media import probe_media
from subtools.reading import compose_subtitles
from subtools.store import check_outputs, write_outputs


@app.command(
    "split",
    epilog="Examples: `subtools split talk.srt --at 45:10 --at 1:30:00 -o parts` · "
    "`subtools split talk.srt --every 10:00 -o parts` · "
    "`subtools split talk.vtt --chapters chapters.txt -o parts`",
)
def split_command(
    source: SourceArgument,
    at: Annotated[
        list[str] | None, typer.Option("--at", metavar="TIME", help="Where to cut; several times.")
    ] = None,
    every: Annotated[
        Seconds | None,
        typer.Option("--every", metavar="TIME", parser=read_time, help="Length of all parts."),
    ] = None,
    chapters: Annotated[
        Path | None,
        typer.Option(
            "--chapters",
            metavar="FILE",
            help="Cut where its chapters begin: lines such as `12:30 Questions`, or a file of "
            "subtitles.",
        ),
    ] = None,
    keep_times: Annotated[
        bool, typer.Option("--keep-times", help="Leave the times; else each part begins at 0.")
    ] = False,
    output_dir: FolderOption = Path(),
    to: ToOption = None,
    strict: StrictOption = False,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Cut subtitles into the parts of a video: `STEM.1.srt`, `STEM.2.srt`, ...

    A cue across a border is in both parts, as long as it is on in each, its text whole;
    `concat` makes one of it again.
    """
    if sum(given is not None for given in (at or None, every, chapters)) != 1:
        raise typer.BadParameter("give one of --at, --every and --chapters")
    target = open_target(None, to, [source], force=force, quiet=quiet, strict=strict)
    loaded = read_source(source, quiet=quiet)
    borders = _find_borders(loaded.subtitles, read_times(at), every, chapters)
    parts = _split(loaded.subtitles, borders, keep_times=keep_times)
    known = format_for(to) if to else loaded.known
    if known is None:
        raise typer.BadParameter("say which format to write", param_hint="--to")
    losses = [loss for part in parts for loss in find_losses(part, known, loaded.known, target)]
    losses = list(dict.fromkeys(losses))
    if strict and losses:
        raise DocumentError("; ".join(losses), hint="without --strict it is written")
    stem = "part" if source == PIPE else source.stem
    outputs = _compose_parts(parts, known, output_dir, stem)
    check_outputs([*outputs], force=force)
    spare_inputs(outputs, [source])
    if not quiet:
        print_remarks(losses)
    write_outputs(dict(outputs), force=force)
    summary = {"parts": _describe(parts, [*outputs], [0.0, *borders]), "losses": losses}
    print_results([*outputs], summary, Target(output_dir, quiet=quiet, as_json=as_json))


def _find_borders(
    subtitles: Subtitles, at: Sequence[Seconds], every: Seconds | None, chapters: Path | None
) -> list[Seconds]:
    """Return where to cut.

    Raises:
        typer.BadParameter: If a part is to last no time.
        DocumentError: If the chapters cannot be read.
    """
    if every is not None:
        try:
            return [*even_borders(subtitles, every)]
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--every") from error
    if chapters is not None:
        return [start for start in read_chapters(chapters) if start > 0]
    return [*at]


def _split(
    subtitles: Subtitles, borders: Sequence[Seconds], *, keep_times: bool
) -> tuple[Subtitles, ...]:
    try:
        return split_subtitles(subtitles, borders, keep_times=keep_times)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--at") from error


def _compose_parts(
    parts: Sequence[Subtitles], known: Format, folder: Path, stem: str
) -> dict[Path, str]:
    """Return the texts of ``parts`` and where they go; numbers sort as they count."""
    digits = len(str(len(parts)))
    suffix = known.suffixes[0]
    return {
        folder / f"{stem}.{number:0{digits}d}{suffix}": compose_subtitles(part, known)
        for number, part in enumerate(parts, start=1)
    }


def _describe(
    parts: Sequence[Subtitles], paths: Sequence[Path], starts: Sequence[Seconds]
) -> list[dict[str, Any]]:
    return [
        {"file": str(path), "start": start, "cues": len(part.cues)}
        for part, path, start in zip(parts, paths, starts, strict=True)
    ]


@app.command(
    "concat",
    epilog="Examples: `subtools concat 1.srt 2.srt --media 1.mp4 --media 2.mp4 -o all.srt` · "
    "`subtools concat 1.srt 2.srt 3.srt --lengths '45:10.5 44:00' -o all.srt` · "
    "`subtools concat 1.srt 2.srt --gap 2`",
)
def concat_command(
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="IN...", help="Subtitles of the parts, in order; - for stdin."),
    ],
    lengths: Annotated[
        list[str] | None,
        typer.Option(
            "--lengths",
            metavar="TIME...",
            help="How long the parts are, in order; the last may be left out.",
        ),
    ] = None,
    media: Annotated[
        list[Path] | None,
        typer.Option(
            "--media", metavar="FILE", help="The parts themselves, in order, for their lengths."
        ),
    ] = None,
    gap: Annotated[
        Seconds | None,
        typer.Option(
            "--gap",
            metavar="TIME",
            parser=read_time,
            help="Let each part begin so long after the last cue of the one before.",
        ),
    ] = None,
    output: OutputOption = None,
    to: ToOption = None,
    strict: StrictOption = False,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Join the subtitles of the parts of a video to those of the whole."""
    if sum(given is not None for given in (lengths or None, media or None, gap)) != 1:
        raise typer.BadParameter("say how long the parts are: with --lengths, --media or --gap")
    target = open_target(
        output, to, sources, force=force, quiet=quiet, as_json=as_json, strict=strict
    )
    loaded = [read_source(source, quiet=quiet) for source in sources]
    parts = [part.subtitles for part in loaded]
    if gap is not None:
        known = [*lengths_with_gap(parts, gap)]
    else:
        known = read_times(lengths) or [_measure(path) for path in media or ()]
    try:
        whole = concat_subtitles(parts, known)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    write_result(whole, loaded[0], target)


def _measure(path: Path) -> Seconds:
    """Return how long a part is.

    Raises:
        MediaError: If it cannot be read, or does not say.
    """
    duration = probe_media(path).duration
    if duration is None:
        hint = "say how long it is, with --lengths"
        raise MediaError("the file does not say how long it is", hint=hint, path=path)
    return duration
