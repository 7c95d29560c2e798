"""The command line: read, call, write.

Exit status: 0 done, 1 the work failed (the error says why and what to do), 2 wrong
arguments, 130 interrupted by Ctrl-C. A run that fails writes nothing.
"""

from __future__ import annotations

import json
import math
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
from subtools.core import Alignment
from subtools.errors import OutputError, SubtoolsError
from subtools.formats import format_for
from subtools.formats.words import finding_to_json
from subtools.pipeline import Captions, Settings, caption
from subtools.reading import compose_cues, load_cues
from subtools.scoring import Scores, score_files
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

AudioOption = Annotated[
    Path, typer.Option("--audio", "-a", metavar="FILE", help="Sound or video file of the talk.")
]
FolderOption = Annotated[
    Path, typer.Option("--output-dir", "-o", metavar="DIR", help="Where the results go.")
]
ModelOption = Annotated[
    str,
    typer.Option(
        "--model",
        "-m",
        help="Speech model: `base` (bundled), another name faster-whisper knows, or a folder.",
    ),
]
LanguageOption = Annotated[
    str | None,
    typer.Option("--language", "-l", metavar="CODE", help="Spoken language; detected if left out."),
]
TrackOption = Annotated[
    int | None,
    typer.Option("--track", min=1, metavar="N", help="Audio track, from 1; else the default one."),
]


def _check_finite(seconds: float) -> float:
    if not math.isfinite(seconds):
        raise typer.BadParameter("give a number of seconds")
    return seconds


OffsetOption = Annotated[
    float,
    typer.Option(
        "--offset",
        metavar="SECONDS",
        callback=_check_finite,
        help="Add to all times, if the sound starts after the video.",
    ),
]
PartialOption = Annotated[
    bool, typer.Option("--partial", help="Text and sound share only a small part.")
]
BeamOption = Annotated[
    int | None, typer.Option("--beam", min=1, metavar="N", help="Hypotheses the recogniser keeps.")
]
ThreadsOption = Annotated[
    int | None, typer.Option("--threads", min=1, metavar="N", help="Processor threads; else all.")
]
ForceOption = Annotated[bool, typer.Option("--force", "-f", help="Overwrite existing results.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")]


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
    model: ModelOption = "base",
    language: LanguageOption = None,
    track: TrackOption = None,
    offset: OffsetOption = 0.0,
    partial: PartialOption = False,
    beam: BeamOption = None,
    threads: ThreadsOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make subtitles: `STEM.srt`, `STEM.vtt` and `words.json`, STEM being the audio file's.

    The subtitles' text is exactly the document's. Words that were not heard get no time:
    they are left out of the subtitles and listed as findings, here and in `words.json`.
    """
    settings = Settings(model, language, track, offset, partial, beam, threads)
    suffixes = {output_dir / f"{audio.stem}{s}": s for s in (".srt", ".vtt")}
    suffixes[output_dir / "words.json"] = ".json"
    _make(audio, document, settings, suffixes, force=force, quiet=quiet, as_json=as_json)


@app.command(
    "align",
    epilog="Example: `subtools align talk.txt --audio talk.m4a -o out --json`",
)
def align_command(
    document: Annotated[Path, typer.Argument(help="Transcript or old subtitle file.")],
    audio: AudioOption,
    output_dir: FolderOption = Path(),
    model: ModelOption = "base",
    language: LanguageOption = None,
    track: TrackOption = None,
    offset: OffsetOption = 0.0,
    partial: PartialOption = False,
    beam: BeamOption = None,
    threads: ThreadsOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Find out when each word of a document is spoken: writes `words.json` only."""
    settings = Settings(model, language, track, offset, partial, beam, threads)
    outputs = {output_dir / "words.json": ".json"}
    _make(audio, document, settings, outputs, force=force, quiet=quiet, as_json=as_json)


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
            _print_scores(scores)


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
    *,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Make the captions and write ``outputs`` (path to suffix)."""
    check_outputs(list(outputs), force=force)
    _spare_inputs(outputs, [audio] if document is None else [audio, document])
    with console.show_progress(quiet=quiet or as_json) as progress:
        captions = caption(audio, document, settings, progress=progress)
    write_outputs({path: captions.compose(suffix) for path, suffix in outputs.items()}, force=force)
    with console.printing():
        if as_json:
            summary = _summarise(captions, list(outputs))
            console.print_raw(json.dumps(summary, ensure_ascii=False) + "\n")
        elif not quiet:
            _print_summary(captions, list(outputs))


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


def _summarise(captions: Captions, paths: list[Path]) -> dict[str, Any]:
    alignment = captions.alignment
    return {
        "files": [str(path) for path in paths],
        "language": alignment.language,
        "aligner": alignment.aligner,
        "duration": round(captions.duration, 3),
        **_count_words(alignment),
        "cues": len(captions.cues),
        "findings": [finding_to_json(finding) for finding in alignment.findings],
    }


def _count_words(alignment: Alignment) -> dict[str, int]:
    words = alignment.transcript.words
    return {
        "words": len(words),
        "heard": sum(word.confidence is not None for word in words),
        "interpolated": sum(word.span is not None and word.confidence is None for word in words),
        "untimed": sum(word.span is None for word in words),
    }


def _print_summary(captions: Captions, paths: list[Path]) -> None:
    count = _count_words(captions.alignment)
    console.print_note(
        f"{count['words']} words in {len(captions.cues)} cues: {count['heard']} heard, "
        f"{count['interpolated']} timed between heard ones, {count['untimed']} without a time; "
        f"language {captions.alignment.language}"
    )
    console.print_findings(captions.alignment.findings)
    console.print_files(paths)


def _print_scores(scores: Scores) -> None:
    """Print each score as a table of names and values."""
    for title, values in scores.as_dict().items():
        console.print_table(title, _flatten(values))


def _flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return nested values as one level, numbers shortened for reading."""
    flat: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat |= _flatten(value, f"{prefix}{name} ")
        else:
            flat[f"{prefix}{name}"] = f"{value:.3f}" if isinstance(value, float) else str(value)
    return flat
