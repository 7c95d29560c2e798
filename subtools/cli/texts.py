"""The command for readable text: ``text``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from subtools import console
from subtools.cli.app import app, spare_inputs
from subtools.cli.options import ForceOption, JsonOption, QuietOption
from subtools.core import Provenance
from subtools.diarization import load_words
from subtools.phonetics import Script
from subtools.prose import (
    Marks,
    Numbers,
    ProseSettings,
    Reading,
    Spacing,
    TextFormat,
    compose_reading,
    write_reading,
)
from subtools.store import check_outputs, write_outputs


@app.command(
    "text",
    epilog="Examples: `subtools text out/words.json` · "
    "`subtools text out/words.json -o out --format md,html,docx` · "
    "`subtools text out/words.json --reading -o talk.docx --script cn` · "
    "`subtools text out/words.json --heard heard/words.json --spacing space`",
)
def text_command(
    words: Annotated[
        Path, typer.Argument(metavar="WORDS.json", help="What caption or align wrote.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE|DIR",
            help="A file with the suffix of its format, or a folder; else stdout.",
        ),
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="LIST",
            help="Of `md`, `html`, `docx`, `txt`, with commas between; else that of FILE, or `md`.",
        ),
    ] = None,
    reading: Annotated[
        bool,
        typer.Option(
            "--reading",
            help="The edition to read: without hesitations and words said twice by accident. "
            "Without it every word stays.",
        ),
    ] = False,
    punctuation: Annotated[
        Marks,
        typer.Option(
            "--punctuation",
            help="Set marks anew (`restore`), leave them (`keep`), or decide by whether they were "
            "set with care (`auto`).",
        ),
    ] = Marks.AUTO,
    heard: Annotated[
        Path | None,
        typer.Option(
            "--heard",
            metavar="WORDS.json",
            help="What `transcribe` heard in the same sound: its marks count where words agree.",
        ),
    ] = None,
    script: Annotated[
        Script | None,
        typer.Option(
            "--script",
            help="Write Chinese with the characters and words of Taiwan (`tw`), Hong Kong (`hk`) "
            "or mainland China (`cn`), or with other characters only (`t`, `s`).",
        ),
    ] = None,
    spacing: Annotated[
        Spacing,
        typer.Option("--spacing", help="Between Chinese characters and Latin words or numbers."),
    ] = Spacing.KEEP,
    numbers: Annotated[
        Numbers,
        typer.Option(
            "--numbers", help="Dates, percentages and quantities in Chinese; others stay."
        ),
    ] = Numbers.KEEP,
    title: Annotated[
        str | None, typer.Option("--title", help="Heading; else what the document says.")
    ] = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write a talk as a text to be read: with marks, paragraphs, speakers, topics and times."""
    kinds = _read_formats(formats, output)
    alignment, provenance = load_words(words)
    targets = _find_targets(output, kinds, _stem(provenance, words, is_reading=reading))
    check_outputs(list(targets), force=force)
    spare_inputs(list(targets), [words, *([heard] if heard else [])])
    settings = ProseSettings(punctuation, spacing, numbers, script, is_abridged=reading)
    recognised = None if heard is None else load_words(heard)[0]
    text = write_reading(alignment, settings, recognised=recognised, title=title)
    if not targets:
        _print_text(text, kinds[0])
        if reading and not quiet:
            _tell_left_out(text)
        return
    write_outputs(
        {path: compose_reading(text, kind) for path, kind in targets.items()}, force=force
    )
    with console.printing():
        if as_json:
            console.print_raw(
                json.dumps(_summarise(text, list(targets)), ensure_ascii=False) + "\n"
            )
        elif not quiet:
            if reading:
                _tell_left_out(text)
            console.print_files(list(targets))


def _tell_left_out(text: Reading) -> None:
    words = "1 word" if text.left_out == 1 else f"{text.left_out} words"
    with console.printing():
        console.print_note(
            f"{words} left out: hesitations, and what was said twice"
            if text.left_out
            else "no hesitations found: nothing was left out"
        )


def _read_formats(formats: str | None, output: Path | None) -> list[TextFormat]:
    """Return the formats that are meant.

    Raises:
        typer.BadParameter: If one is not known, or does not fit the file.
    """
    known = ", ".join(TextFormat)
    suffix = "" if output is None or output.is_dir() else output.suffix.lower().lstrip(".")
    if suffix and suffix not in set(TextFormat):
        raise typer.BadParameter(
            f"no text is written as .{suffix}; known: {known}. For a folder of this name, "
            "make it first",
            param_hint="--output",
        )
    if formats is None:
        return [TextFormat(suffix)] if suffix in set(TextFormat) else [TextFormat.MD]
    names = list(dict.fromkeys(name.strip().lower().lstrip(".") for name in formats.split(",")))
    for name in names:
        if name not in set(TextFormat):
            raise typer.BadParameter(
                f"{name or 'nothing'!r} is no format; known: {known}", param_hint="--format"
            )
    kinds = [TextFormat(name) for name in names]
    if output is None and (len(kinds) > 1 or kinds[0] is TextFormat.DOCX):
        raise typer.BadParameter("say where the files go: -o DIR", param_hint="--output")
    if suffix in set(TextFormat) and [suffix] != names:
        raise typer.BadParameter(
            f"the file is to be {suffix}; give a folder for several formats", param_hint="--format"
        )
    return kinds


def _find_targets(
    output: Path | None, kinds: list[TextFormat], stem: str
) -> dict[Path, TextFormat]:
    if output is None:
        return {}
    if not output.is_dir() and output.suffix.lower().lstrip(".") in set(TextFormat):
        return {output: kinds[0]}
    return {output / f"{stem}.{kind}": kind for kind in kinds}


def _stem(provenance: Provenance, words: Path, *, is_reading: bool) -> str:
    """Return what files are called: after the sound, or after WORDS.json."""
    audio = provenance.inputs.get("audio")
    name = Path(Path(audio.name).name).stem if audio else ""
    return (name or words.stem) + (".reading" if is_reading else "")


def _print_text(text: Reading, kind: TextFormat) -> None:
    composed = compose_reading(text, kind)
    if isinstance(composed, str):
        with console.printing():
            console.print_raw(composed)


def _summarise(text: Reading, files: list[Path]) -> dict[str, object]:
    passages = [passage for section in text.sections for passage in section.passages]
    return {
        "files": list(map(str, files)),
        "sections": len(text.sections),
        "paragraphs": len(passages),
        "left_out": text.left_out,
        "characters": sum(len(passage.text) for passage in passages),
    }
