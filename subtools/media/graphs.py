"""ffmpeg graphs that make a file: run with progress, whole or not at all.

Graphs are built with ffmpeg-python. Names of files never get into them: each input is a
place that the file's name is put into when the command is complete, so that no name, not even
one that is no UTF-8, is taken for an option, a protocol or a part of a filter. What a filter
reads lies in a work folder of ours, which ffmpeg runs in, under names of ours.
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, cast

from subtools.core import Progress, Seconds, no_progress
from subtools.errors import MediaError, OutputError
from subtools.media.contents import Contents
from subtools.media.probing import LOCAL_ONLY, media_url
from subtools.media.sound import find_ffmpeg

_TARGET = "target:"  # the place of the name of what is made
_INPUT = "input:"  # the place of the name of what is read, its number behind it
_NUMBER = "number of input:"  # the place of the number that ffmpeg gives it
_EVERYWHERE = {"nostats": None, "v": "error", "progress": "pipe:1"}
_REPORTED = re.compile(rb"out_time_us=(\d+)")
# "[aac @ 0x55d1] Invalid data": the part before is an address in memory.
_ADDRESS = re.compile(r"\[[^]]* @ \w+] *")
_REPEATED = re.compile(r"\s*Last message repeated \d+ times?")
# What the C library says when the place of the result is at fault, not what is read.
_REFUSALS = {
    "No space left on device": "free some space, or write to another folder",
    "Disk quota exceeded": "free some space, or write to another folder",
    "File too large": "raise the limit of file sizes, or write to another disk",
    "Read-only file system": "write to another folder",
}
_SHOWN_COMPLAINTS = 2  # lines: the first says what happened, the others what came of it


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files that a graph reads, under the names it knows them by.

    Attributes:
        names: The place of each file to its name as ffmpeg takes it.
    """

    names: dict[str, str] = field(default_factory=dict)

    def media(self, contents: Contents) -> Any:
        """Return a media file as a node of a graph, its time stamps presentation times."""
        # ffmpeg moves each file to 0: a picture that starts late would get its subtitles late.
        # Its option -copyts, which forbids that, spoils the progress it reports.
        shift = {"itsoffset": f"{contents.lead:.6f}"} if contents.lead else {}
        return self._add(media_url(contents.path.absolute()), **shift)

    def text(self, name: str, kind: str) -> Any:
        """Return a file of subtitles in the work folder as a node of a graph."""
        return self._add(name, format=kind)

    def chapters(self, name: str) -> tuple[Any, str]:
        """Return a file of chapters in the work folder as a node, and the word for its number.

        Nothing in it is a stream, so that what the node gives may be missing: attachments.
        """
        node = self._add(name, format="ffmetadata")
        return node["t?"], f"{_NUMBER}{len(self.names) - 1}"

    def _add(self, name: str, **options: object) -> Any:
        import ffmpeg

        place = f"{_INPUT}{len(self.names)}"
        self.names[place] = name
        return ffmpeg.input(place, **options, **LOCAL_ONLY)


@dataclass(frozen=True, slots=True)
class Run:
    """How a graph is run.

    Attributes:
        program: The ffmpeg to run; None for the usual one.
        folder: Where it runs, and finds what it reads beside media files.
        source: The file that its complaints are about.
        stage: What is done, for ``progress``.
        total: How many seconds of media that is; None if unknown.
        progress: Told how far it is, in seconds.
    """

    folder: Path
    source: Path
    program: str | None = None
    stage: str = "write"
    total: Seconds | None = None
    progress: Progress = no_progress


@contextmanager
def work_folder(texts: Mapping[str, str]) -> Iterator[Path]:
    """Give a folder that holds ``texts`` (name to content) and vanishes afterwards.

    Raises:
        OutputError: If it cannot be written.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="subtools-", ignore_cleanup_errors=True) as name:
            for text_name, text in texts.items():
                (Path(name) / text_name).write_text(text, encoding="utf-8", newline="\n")
            yield Path(name)
    except OSError as error:
        hint = "free some space, or name another folder in the environment variable TMPDIR"
        message = f"the work folder cannot be used: {error.strerror}"
        raise OutputError(message, hint=hint) from error


@contextmanager
def written_whole(target: Path, *, force: bool) -> Iterator[Path]:
    """Give a new name beside ``target`` for a file that gets its name if all goes well.

    Else it vanishes, and what is at ``target`` stays.

    Raises:
        OutputError: If something is there and ``force`` is not given, or the system refuses.
    """
    part = target.parent / f".subtools-{secrets.token_hex(8)}.part"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.touch(exist_ok=False)  # before hours of work, not after
        yield part
        _publish(part, target, force=force)
    except OSError as error:
        hint = "write to another folder or name"
        reason = error.strerror or str(error)
        raise OutputError(f"cannot be written: {reason}", hint=hint, path=target) from error
    finally:
        part.unlink(missing_ok=True)


def run_graph(
    nodes: Sequence[Any], options: Mapping[str, object], inputs: Inputs, part: Path, run: Run
) -> None:
    """Write a file of the streams that ``nodes`` of a graph give.

    Args:
        nodes: The streams, in their order.
        options: What ffmpeg is told about the file and its streams.
        inputs: What the graph reads.
        part: The file to write; an older one is replaced.
        run: How to run it.

    Raises:
        MediaError: If ffmpeg fails at what it reads.
        OutputError: If ffmpeg cannot write.
    """
    import ffmpeg

    node = ffmpeg.output(*nodes, _TARGET, **_EVERYWHERE, **options)
    words = compile_graph(node, run.program)
    names = inputs.names | {_TARGET: media_url(part.absolute())} | _input_numbers(words)
    command = [names.get(word, word) for word in words]
    with run_program(command, run.folder) as program:
        for line in program.output:
            if found := _REPORTED.match(line):
                seconds = int(found[1]) / 1_000_000
                run.progress(run.stage, seconds, max(seconds, run.total or 0.0))
        _check_exit(program, run.source, part)


def _input_numbers(words: Sequence[str]) -> dict[str, str]:
    """Return the place of each input's number to that number: ffmpeg-python orders them."""
    places = [place for flag, place in pairwise(words) if flag == "-i"]
    return {place.replace(_INPUT, _NUMBER, 1): str(k) for k, place in enumerate(places)}


def compile_graph(node: Any, program: str | None = None) -> list[str]:
    """Return the command that runs the graph; files written before are written over."""
    import ffmpeg

    words = ffmpeg.compile(node, cmd=program or find_ffmpeg())
    return [str(words[0]), "-y", *map(str, words[1:])]


@dataclass(frozen=True, slots=True)
class Program:
    """A running ffmpeg, what it prints, and what it complains about."""

    process: subprocess.Popen[bytes]
    output: IO[bytes]
    log: IO[bytes]

    def complaints(self) -> list[str]:
        """Return what it has complained about so far, line by line, in short."""
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").splitlines()
        short = (_ADDRESS.sub("", line).strip() for line in lines if not _REPEATED.fullmatch(line))
        return [line for line in dict.fromkeys(short) if line]


@contextmanager
def run_program(command: Sequence[str], folder: Path) -> Iterator[Program]:
    """Run ``command`` in ``folder`` until the block ends, however it ends.

    Raises:
        MediaError: If it cannot be started.
    """
    with ExitStack() as stack:
        log = stack.enter_context(tempfile.TemporaryFile())  # a full pipe would block it
        try:
            process = subprocess.Popen(  # noqa: S603 - our ffmpeg, no shell
                [os.path.abspath(command[0]), *command[1:]],  # noqa: PTH100 - keeps links
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                restore_signals=False,  # a limit of file sizes is an error, not a death
            )
        except OSError as error:
            message = f"ffmpeg cannot be started: {error.strerror}"
            raise MediaError(message, hint="install ffmpeg again", path=command[0]) from error
        stack.enter_context(process)
        stack.callback(process.kill)  # does nothing if it has ended
        yield Program(process, cast("IO[bytes]", process.stdout), log)


def _check_exit(program: Program, source: Path, part: Path) -> None:
    status = program.process.wait()
    if status == 0:
        return
    lines = program.complaints()
    for refusal, hint in _REFUSALS.items():
        if any(refusal in line for line in lines):
            raise OutputError(f"cannot be written: {refusal.lower()}", hint=hint, path=part.parent)
    reason = "; ".join(lines[:_SHOWN_COMPLAINTS]) or _name_status(status)
    hint = "play the file to see whether it is whole, or write to an .mkv, which takes most"
    raise MediaError(f"ffmpeg gave up: {reason}", hint=hint, path=source)


def _name_status(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def _publish(part: Path, target: Path, *, force: bool) -> None:
    """Give ``part`` its name, unless somebody has taken it meanwhile and may keep it."""
    if force:
        part.replace(target)
        return
    try:
        target.hardlink_to(part)
    except FileExistsError as error:
        hint = "give --force to overwrite it"
        raise OutputError("the file exists already", hint=hint, path=target) from error
    except OSError:  # FAT and some shares know no second names: look, then rename
        if target.exists():
            raise
        part.replace(target)
