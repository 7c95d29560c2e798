"""The commands, and the one place that turns errors into a message and a status."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from subtools import console
from subtools.aligners import AUTO
from subtools.cli.options import (
    AlignerOption,
    AudioOption,
    BeamOption,
    FolderOption,
    ForceOption,
    JsonOption,
    KeepUntimedOption,
    LanguageOption,
    ModelOption,
    OffsetOption,
    PartialOption,
    PlotOption,
    PlotSpanOption,
    QuietOption,
    ThreadsOption,
    TrackOption,
)
from subtools.cli.summaries import print_scores, print_summary, summarise
from subtools.cues import CueRules
from subtools.errors import OutputError, SubtoolsError
from subtools.formats import format_for
from subtools.pipeline import Settings, caption
from subtools.plots import PlotRequest
from subtools.reading import compose_cues, load_cues
from subtools.scoring import score_files
from subtools.store import check_outputs, write_outputs

FAILED, INTERRUPTED = 1, 130


class _Group(TyperGroup):
    """The one place that turns errors into a message and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except SubtoolsError as error:
            console.print_error(str(error))
            raise typer.Exit(FAILED) from error
        except OSError as error:
            console.print_error(str(error))
            raise typer.Exit(FAILED) from error
        except KeyboardInterrupt as error:
            console.print_error("interrupted; nothing was written")
            raise typer.Exit(INTERRUPTED) from error


app = typer.Typer(
    name="subtools",
    cls=_Group,
    help="Subtitles for long talks: align a transcript to its sound, offline, Chinese first.",
    epilog="Exit status: 0 done, 1 failed, 2 wrong arguments, 130 interrupted.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:
    if value:
        console.print_line(f"subtools {version('subtools')}")
        raise typer.Exit


@app.callback()
def _main(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Subtitles for long talks: align a transcript to its sound, offline, Chinese first."""


@app.command(
    "caption",
    epilog="Examples: `subtools caption talk.txt --audio talk.m4a -o out` · "
    "`subtools caption --audio talk.mp4 --language en` · "
    "`subtools caption old.srt --audio talk.mp4 -o new`",
)
def caption_command(
    audio: AudioOption,
    document: Annotated[
        Path | None,
        typer.Argument(help="Transcript or old subtitle file; without it, what is recognised."),
    ] = None,
    output_dir: FolderOption = Path(),
    aligner: AlignerOption = AUTO,
    model: ModelOption = "base",
    language: LanguageOption = None,
    track: TrackOption = None,
    offset: OffsetOption = 0.0,
    partial: PartialOption = False,
    beam: BeamOption = None,
    threads: ThreadsOption = None,
    keep_untimed: KeepUntimedOption = False,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make subtitles: `STEM.srt`, `STEM.vtt` and `words.json`, STEM being the audio file's.

    The subtitles' text is exactly the document's. Words that were not heard get no time:
    they are left out of the subtitles (unless you say `--keep-untimed`) and listed as
    findings, here and in `words.json`.
    """
    rules = CueRules(keep_untimed=keep_untimed)
    settings = Settings(model, language, track, offset, partial, beam, threads, rules, aligner)
    suffixes = {output_dir / f"{audio.stem}{s}": s for s in (".srt", ".vtt")}
    suffixes[output_dir / "words.json"] = ".json"
    _make(audio, document, settings, suffixes, force=force, quiet=quiet, as_json=as_json)


@app.command(
    "align",
    epilog="Examples: `subtools align talk.txt --audio talk.m4a -o out --json` · "
    "`subtools align talk.txt --audio talk.m4a --plot why.html --plot-span 12:30-12:40`",
)
def align_command(
    document: Annotated[Path, typer.Argument(help="Transcript or old subtitle file.")],
    audio: AudioOption,
    output_dir: FolderOption = Path(),
    aligner: AlignerOption = AUTO,
    model: ModelOption = "base",
    language: LanguageOption = None,
    track: TrackOption = None,
    offset: OffsetOption = 0.0,
    partial: PartialOption = False,
    beam: BeamOption = None,
    threads: ThreadsOption = None,
    plot: PlotOption = None,
    plot_span: PlotSpanOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Find out when each word of a document is spoken: writes `words.json` only."""
    if plot_span is not None and plot is None:
        raise typer.BadParameter("say where to draw it: --plot FILE.html", param_hint="--plot-span")
    settings = Settings(model, language, track, offset, partial, beam, threads, aligner=aligner)
    outputs = {output_dir / "words.json": ".json"} | ({} if plot is None else {plot: ".html"})
    request = None if plot is None else PlotRequest(plot_span)
    _make(audio, document, settings, outputs, request, force=force, quiet=quiet, as_json=as_json)


@app.command(
    "transcribe",
    epilog="Example: `subtools transcribe talk.m4a --language zh -o out`",
)
def transcribe_command(
    audio: Annotated[Path, typer.Argument(help="Sound or video file.")],
    output_dir: FolderOption = Path(),
    model: ModelOption = "base",
    language: LanguageOption = None,
    track: TrackOption = None,
    offset: OffsetOption = 0.0,
    beam: BeamOption = None,
    threads: ThreadsOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write down what is said, without a document: `STEM.txt` and `words.json`."""
    settings = Settings(model, language, track, offset, beam_size=beam, threads=threads)
    outputs = {output_dir / f"{audio.stem}.txt": ".txt", output_dir / "words.json": ".json"}
    _make(audio, None, settings, outputs, force=force, quiet=quiet, as_json=as_json)


@app.command(
    "convert",
    epilog="Examples: `subtools convert talk.srt talk.vtt` · "
    "`subtools convert words.json talk.srt`",
)
def convert_command(
    source: Annotated[Path, typer.Argument(metavar="IN", help="SRT, WebVTT or words.json.")],
    target: Annotated[
        Path,
        typer.Argument(metavar="OUT", help="File with the suffix of its format; - for stdout."),
    ],
    to: Annotated[
        str | None, typer.Option("--to", metavar="FORMAT", help="Format of OUT: srt, vtt or txt.")
    ] = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write subtitles in another format; the suffixes say which."""
    to_stdout = str(target) == "-"
    if to_stdout and to is None:
        raise typer.BadParameter("say which format to print", param_hint="--to")
    target_format = format_for(to or target.name)
    if not to_stdout:
        check_outputs([target], force=force)
        _spare_inputs([target], [source])
    text = compose_cues(load_cues(source), target_format)
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


def main() -> None:
    """Run the command line."""
    console.use_utf8()
    for name in ("SIGTERM", "SIGHUP"):  # so that work files are removed then, too
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    app()


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)


def _make(
    audio: Path,
    document: Path | None,
    settings: Settings,
    outputs: Mapping[Path, str],
    plot: PlotRequest | None = None,
    *,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Make the captions and write ``outputs`` (path to suffix)."""
    check_outputs(list(outputs), force=force)
    _spare_inputs(outputs, [audio] if document is None else [audio, document])
    with console.show_progress(quiet=quiet or as_json) as progress:
        captions = caption(audio, document, settings, plot=plot, progress=progress)
    write_outputs({path: captions.compose(suffix) for path, suffix in outputs.items()}, force=force)
    with console.printing():
        if as_json:
            summary = summarise(captions, list(outputs))
            console.print_raw(json.dumps(summary, ensure_ascii=False) + "\n")
        elif not quiet:
            print_summary(captions, list(outputs))


def _spare_inputs(outputs: Iterable[Path], inputs: Sequence[Path]) -> None:
    """Refuse to write over what is read, ``--force`` or not.

    Raises:
        OutputError: Naming the file.
    """
    read = {path.resolve() for path in inputs}
    for path in outputs:
        if path.resolve() in read:
            raise OutputError(
                "this file is read, and would be written over",
                hint="write to another folder or name",
                path=path,
            )
