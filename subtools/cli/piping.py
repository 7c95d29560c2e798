"""Subtitles from files and pipes, and to them: what every command about subtitles does alike."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from subtools import console
from subtools.cli.app import spare_inputs
from subtools.core import PLAIN_RULES, CueRules, Remark, Subtitles
from subtools.errors import DocumentError
from subtools.formats import FORMATS, Format, SpeakerStyle, find_format, format_for, list_losses
from subtools.reading import compose_subtitles, read_bytes, read_subtitles, recognise_format
from subtools.store import check_outputs, write_outputs

PIPE = Path("-")
NO_FACTS: Mapping[str, Any] = {}
_STDIN = "standard input"
_SHOWN_REMARKS = 20
_JSON = {known.name for known in FORMATS if any(s.endswith(".json") for s in known.suffixes)}

SourceArgument = Annotated[
    Path, typer.Argument(metavar="IN", help="Subtitles in any format that is read; - for stdin.")
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="OUT", help="The file to write; else, and for -, stdout."
    ),
]
ToOption = Annotated[
    str | None,
    typer.Option(
        "--to",
        metavar="FORMAT",
        help="The format to write: a suffix or a name; else what OUT's name says, or IN's format.",
    ),
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Fail and write nothing where something would be lost.")
]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read.

    Attributes:
        subtitles: What is in it.
        path: Where it was; ``PIPE`` for standard input.
        known: Its format; None for ``words.json``.
        remarks: What had to be mended.
    """

    subtitles: Subtitles
    path: Path
    known: Format | None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """How a result is written.

    Attributes:
        path: Where; None for standard output.
        to: The format that was asked for, if any.
        force: Whether a file may be replaced.
        quiet: Whether nothing is said of it.
        as_json: Whether a summary is printed for programs.
        strict: Whether it is an error if something gets lost.
        style: How speakers are named.
        word_times: Whether the times of words are written.
    """

    path: Path | None
    to: str | None = None
    force: bool = False
    quiet: bool = False
    as_json: bool = False
    strict: bool = False
    style: SpeakerStyle | None = None
    word_times: bool = False


def open_target(
    output: Path | None,
    to: str | None,
    sources: Sequence[Path],
    *,
    force: bool = False,
    quiet: bool = False,
    as_json: bool = False,
    strict: bool = False,
    style: SpeakerStyle | None = None,
    word_times: bool = False,
) -> Target:
    """Return where a result goes, having made sure that it can.

    Raises:
        typer.BadParameter: If stdout is wanted for two things, or stdin as two files.
        DocumentError: If the format is not known.
        OutputError: If the file cannot be written, or is one of ``sources``.
    """
    path = None if output is None or output == PIPE else output
    if path is None and as_json:
        raise typer.BadParameter("say where the subtitles go, with -o OUT", param_hint="--json")
    if sum(source == PIPE for source in sources) > 1:
        raise typer.BadParameter("stdin can be read once only")
    if not _is_json_of_some_kind(path, to):  # that is known when IN has been read
        find_target(path, to)
    if path is not None:
        check_outputs([path], force=force)
        spare_inputs([path], [source for source in sources if source != PIPE])
    return Target(path, to, force, quiet, as_json, strict, style, word_times)


def read_source(path: Path, rules: CueRules = PLAIN_RULES, *, quiet: bool = False) -> Loaded:
    """Return the subtitles in ``path``; what had to be mended is said on stderr.

    Raises:
        DocumentError: If they cannot be read.
    """
    data = sys.stdin.buffer.read() if path == PIPE else read_bytes(path)
    name = None if path == PIPE else str(path)
    try:
        subtitles = read_subtitles(data, name, rules)
        known = recognise_format(data, name)
    except DocumentError as error:
        if name is not None:
            raise
        raise DocumentError(error.message, hint=error.hint, path=_STDIN, line=error.line) from error
    if not quiet:
        print_remarks([f"{name or _STDIN}: {remark}" for remark in subtitles.remarks])
    return Loaded(replace(subtitles, remarks=()), path, known, subtitles.remarks)


def write_result(
    subtitles: Subtitles, source: Loaded, target: Target, facts: Mapping[str, Any] = NO_FACTS
) -> None:
    """Write ``subtitles``, and say on stderr what became of them.

    Args:
        subtitles: The result; its remarks are what it cost.
        source: What it was made from, whose format it gets if no other is asked for.
        target: Where it goes.
        facts: What else a program is told.

    Raises:
        typer.BadParameter: If nothing says which format it is to have.
        DocumentError: If the format cannot hold it, or something would be lost and must not.
        OutputError: If it cannot be written.
    """
    known = find_target(target.path, target.to, source.known)
    if known is None:
        raise typer.BadParameter("say which format to print", param_hint="--to")
    _refuse_nothing(subtitles, source)
    remarks = [str(remark) for remark in subtitles.remarks]
    losses = find_losses(subtitles, known, source.known, target)
    if target.strict and (remarks or losses):
        raise DocumentError("; ".join([*remarks, *losses]), hint="without --strict it is written")
    text = compose_subtitles(subtitles, known, target.style, word_times=target.word_times)
    if not target.quiet:
        print_remarks([*remarks, *losses])
    if target.path is None:
        with console.printing():
            console.print_raw(text)
        return
    write_outputs({target.path: text}, force=target.force)
    summary = {
        "output": str(target.path),
        "format": known.name,
        "cues": len(subtitles.cues),
        "remarks": remarks,
        "losses": losses,
        **facts,
    }
    print_results([target.path], summary, target)


def find_losses(
    subtitles: Subtitles, known: Format, source: Format | None, target: Target
) -> list[str]:
    """Return what is lost where the format becomes another, in words."""
    if known is source and not target.strict:
        return []
    losses = list_losses(subtitles, known, word_times=target.word_times)
    return [f"lost in {known.title}: {loss}" for loss in losses]


def print_results(paths: Sequence[Path], summary: Mapping[str, Any], target: Target) -> None:
    """Print what was written, for a person or a program."""
    with console.printing():
        if target.as_json:
            console.print_raw(json.dumps(summary, ensure_ascii=False) + "\n")
        elif not target.quiet:
            console.print_files(paths)


def print_remarks(remarks: Sequence[str]) -> None:
    """Print the first of ``remarks`` on stderr, one a line."""
    for remark in remarks[:_SHOWN_REMARKS]:
        console.print_note(f"note: {remark}")
    if len(remarks) > _SHOWN_REMARKS:
        console.print_note(f"note: ... and {len(remarks) - _SHOWN_REMARKS} more")


def find_target(path: Path | None, to: str | None, source: Format | None = None) -> Format | None:
    """Return the format that is asked for; that of the ``source`` if nothing else is.

    Raises:
        DocumentError: If there is none of that name, or it is only read.
    """
    if to is None and path is None:
        return source
    if source is not None and source.name in _JSON and _is_json_of_some_kind(path, to):
        return source
    name = path.name if to is None and path else str(to)
    named = next((known for known in FORMATS if known.name == name.lower()), None)
    known = named or format_for(name)
    if known.compose is None:
        raise DocumentError(f"{known.title} is only read, not written", path=path)
    return known


def _is_json_of_some_kind(path: Path | None, to: str | None) -> bool:
    """Tell whether a file is to be JSON, without a word about which."""
    is_json = to is None and path is not None and path.suffix.lower() == ".json"
    return is_json and path is not None and find_format(path.name) is None


def _refuse_nothing(subtitles: Subtitles, source: Loaded) -> None:
    """Refuse to write no cues where there were some."""
    if source.subtitles.cues and not subtitles.cues:
        raise DocumentError(
            f"none of the {len(source.subtitles.cues)} cues is left",
            hint="check the times",
            path=None if source.path == PIPE else source.path,
        )
