"""The commands about voices known from other recordings: ``voices add``, ``list``, ``delete``."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from subtools import console
from subtools.cli.app import ErrorGroup, app
from subtools.cli.options import (
    AudioArgument,
    JsonOption,
    QuietOption,
    ThreadsOption,
    TrackOption,
    read_span,
)
from subtools.core import KnownVoice, Span, VoiceSample
from subtools.known_voices import learn_voice
from subtools.library import delete_voice, list_voices, voices_file
from subtools.timecode import compose_clock

voices = typer.Typer(
    name="voices",
    cls=ErrorGroup,
    help="People whose voices are known again in other recordings. Voices are personal data: "
    "nothing is kept unless you add it, on this computer only, and `delete` removes it.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
app.add_typer(voices)


@voices.command(
    "add",
    epilog="Examples: `subtools voices add 宋老師 talk.m4a --span 0:12-0:48` · "
    '`subtools voices add "Ann Lee" ann.wav`',
)
def add_command(
    name: Annotated[str, typer.Argument(help="Whose voice it is.")],
    audio: AudioArgument,
    span: Annotated[
        list[Span] | None,
        typer.Option(
            "--span",
            metavar="START-END",
            parser=read_span,
            help="Where this person speaks; may be given again. Else the whole file.",
        ),
    ] = None,
    track: TrackOption = None,
    threads: ThreadsOption = None,
    quiet: QuietOption = False,
) -> None:
    """Keep a sample of somebody's voice; samples of one name add up."""
    voice = learn_voice(name, audio, span or (), track=track, threads=threads)
    if not quiet:
        with console.printing():
            console.print_note(f"{voice.name}: {_count(voice)} in {voices_file()}")


@voices.command("list", epilog="Example: `subtools voices list --json`")
def list_command(as_json: JsonOption = False) -> None:
    """Show whose voices are known, and from where."""
    known = list_voices()
    with console.printing():
        if as_json:
            listed = [_describe(voice) for voice in known]
            console.print_raw(json.dumps(listed, ensure_ascii=False, indent=1) + "\n")
            return
        for voice in known:
            sources = ", ".join(map(_source, voice.samples))
            console.print_line(f"{voice.name}: {_count(voice)} ({sources})")
        if not known:
            console.print_note("no voice is known; subtools voices add NAME FILE --span ...")


@voices.command("delete", epilog="Example: `subtools voices delete 宋老師`")
def delete_command(
    name: Annotated[str, typer.Argument(help="Whose voice is to be forgotten.")],
    quiet: QuietOption = False,
) -> None:
    """Forget somebody's voice, all samples of it."""
    voice = delete_voice(name)
    if not quiet:
        with console.printing():
            console.print_note(f"{voice.name}: {_count(voice)} deleted")


def _describe(voice: KnownVoice) -> dict[str, Any]:
    samples = [
        {
            "source": sample.source,
            "model": sample.model,
            "start": sample.span and sample.span.start,
            "end": sample.span and sample.span.end,
        }
        for sample in voice.samples
    ]
    return {"name": voice.name, "samples": samples}


def _count(voice: KnownVoice) -> str:
    number = len(voice.samples)
    return "1 sample" if number == 1 else f"{number} samples"


def _source(sample: VoiceSample) -> str:
    """Return where a sample is from, without the hash of its file."""
    name, span = sample.source.rpartition(" ")[0], sample.span
    return name if span is None else f"{name} {compose_clock(span.start)}-{compose_clock(span.end)}"
