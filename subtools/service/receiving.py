"""Bodies of requests, read piece by piece: onto the disk, within limits of size and of time."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.types import Receive

from subtools.service.asking import DOCUMENT, FILES, MEDIA, clean_file_name
from subtools.service.problems import bad_form, bad_value, too_large, too_slow
from subtools.service.values import Limits

TRANSCRIPT = "transcript"  # a field that is kept as a file
_PARTS = 32
_BATCH = 256 << 10  # bytes that are written at once, by another thread
_MARGIN = 64 << 10  # bytes that borders and heads of parts take
_NAMES = {MEDIA: "talk", DOCUMENT: "transcript", "names": "names"}
_LINGER, _LINGER_PIECE = 5.0, 0.5  # s in all, and for the next piece
_LINGER_BYTES = 256 << 20


class GoneError(Exception):
    """The client has hung up."""


@dataclass(slots=True)
class Form:
    """What was sent.

    Attributes:
        fields: Text by the names of the fields.
        files: Files as seen from the upload's folder, by what they are.
        titles: What they were called at home, for people.
    """

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)


async def read_pieces(receive: Receive, limits: Limits, most: int) -> AsyncIterator[bytes]:
    """Yield the body of a request.

    Args:
        receive: Gives its pieces.
        limits: How slow it may be.
        most: Bytes in all.

    Raises:
        Problem: If it is too large or too slow.
        GoneError: If the client hangs up.
    """
    begun, total = time.monotonic(), 0
    while True:
        left = begun + limits.upload - time.monotonic()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, min(limits.silence, left)))
        except TimeoutError as error:
            raise too_slow() from error
        if message["type"] == "http.disconnect":
            raise GoneError
        piece = message.get("body", b"")
        total += len(piece)
        if total > most:
            raise too_large("the upload", most)
        elapsed = time.monotonic() - begun
        if elapsed > limits.silence and total < limits.slowest * elapsed:
            raise too_slow()
        yield piece
        if not message.get("more_body", False):
            return


async def discard_rest(receive: Receive) -> None:
    """Read what a client still sends, for a while: it reads no answer before it is done."""
    total, until = 0, time.monotonic() + _LINGER
    while total < _LINGER_BYTES and time.monotonic() < until:
        try:
            message = await asyncio.wait_for(receive(), _LINGER_PIECE)
        except TimeoutError:
            return
        total += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return


async def receive_json(receive: Receive, folder: Path, limits: Limits) -> Form:
    """Return what a request with a JSON object says.

    Raises:
        Problem: If it is none, too large or too slow.
        GoneError: If the client hangs up.
    """
    pieces = [piece async for piece in read_pieces(receive, limits, limits.document + limits.form)]
    try:
        found = json.loads(b"".join(pieces))
    except (ValueError, RecursionError) as error:
        raise bad_form("the body is no JSON") from error
    if not isinstance(found, dict) or not all(map(_is_plain, found.values())):
        raise bad_form("the body is no object of texts and numbers")
    form = Form({name: _to_text(value) for name, value in found.items() if value is not None})
    _keep_transcript(form, folder, limits)
    return form


async def receive_form(receive: Receive, kind: str, folder: Path, limits: Limits) -> Form:
    """Return what a form says, whose files are in ``folder`` now.

    Args:
        receive: Gives the pieces of the body.
        kind: The request's content type.
        folder: Where its files go, each into a folder of its own.
        limits: What is too large, and too slow.

    Raises:
        Problem: If it cannot be read, is too large or too slow.
        GoneError: If the client hangs up.
    """
    boundary = parse_options_header(kind)[1].get(b"boundary")
    if not boundary:
        raise bad_form("the form has no boundary")
    reader = _Reader(folder, limits)
    most = limits.media + 2 * limits.document + limits.form + _MARGIN
    try:
        parser = MultipartParser(boundary, reader.callbacks())  # type: ignore[arg-type]
        async for piece in read_pieces(receive, limits, most):
            parser.write(piece)
            if reader.pending() > _BATCH:
                await asyncio.to_thread(reader.flush)
        await asyncio.to_thread(reader.finish)
    except FormParserError as error:
        raise bad_form("the form cannot be read") from error
    finally:
        reader.close()
    _keep_transcript(reader.form, folder, limits)
    return reader.form


@dataclass(slots=True)
class _Part:
    """A part of a form that is being read."""

    name: str = ""
    file_name: str | None = None
    size: int = 0
    most: int = 0
    pieces: list[bytes] = field(default_factory=list)
    file: IO[bytes] | None = None

    def flush(self) -> None:
        if self.file is not None:
            self.file.write(b"".join(self.pieces))
            self.pieces.clear()


class _Reader:
    """Puts the parts of a form where they belong."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.form = Form()
        self._folder = folder
        self._limits = limits
        self._part: _Part | None = None
        self._count = 0
        self._form_left = limits.form
        self._is_whole = False
        self._header: list[bytes] = [b"", b""]

    def callbacks(self) -> dict[str, Callable[..., None]]:
        """Return what the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._add(0, data[start:end]),
            "on_header_value": lambda data, start, end: self._add(1, data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": lambda data, start, end: self._take(data[start:end]),
            "on_part_end": self._end,
            "on_end": self._note_end,
        }

    def pending(self) -> int:
        """Return how many bytes wait for being written."""
        return sum(map(len, self._part.pieces)) if self._part and self._part.file else 0

    def flush(self) -> None:
        """Write them."""
        if self._part is not None:
            self._part.flush()

    def finish(self) -> None:
        """Check that it is whole, and safely on the disk.

        Raises:
            Problem: If its end is missing.
        """
        if not self._is_whole:
            raise bad_form("the form is cut off", "send it again")
        for name in self.form.files.values():
            with (self._folder / name).open("rb") as file:
                os.fsync(file.fileno())

    def close(self) -> None:
        """Let go of a file that is open."""
        if self._part is not None and self._part.file is not None:
            self._part.file.close()

    def _begin(self) -> None:
        self._count += 1
        if self._count > _PARTS:
            raise bad_form("the form has too many parts")
        self._part = _Part()

    def _add(self, side: int, data: bytes) -> None:
        self._header[side] += data

    def _end_header(self) -> None:
        name, value = self._header
        self._header = [b"", b""]
        if name.lower() == b"content-disposition" and self._part is not None:
            options = parse_options_header(value)[1]
            self._part.name = options.get(b"name", b"").decode(errors="replace")
            if b"filename" in options:
                self._part.file_name = options[b"filename"].decode(errors="replace")

    def _open(self) -> None:
        part = self._there()
        if part.name in self.form.fields or part.name in self.form.files:
            raise bad_form("a field is there twice")
        if part.name not in FILES or part.file_name is None:
            part.file_name = None
            part.most = self._limits.document if part.name == TRANSCRIPT else self._form_left
            return
        part.most = self._limits.media if part.name == MEDIA else self._limits.document
        name = clean_file_name(part.file_name, _NAMES[part.name])
        folder = self._folder / part.name
        folder.mkdir(exist_ok=True)
        part.file = (folder / name).open("xb")
        self.form.files[part.name] = f"{part.name}/{name}"
        self.form.titles[part.name] = name

    def _take(self, data: bytes) -> None:
        part = self._there()
        part.size += len(data)
        if part.size > part.most:
            what = f"the {part.name} file" if part.file else "a field"
            raise too_large(what, part.most)
        part.pieces.append(data)

    def _end(self) -> None:
        part = self._there()
        self._part = None
        if part.file is None:
            if part.name != TRANSCRIPT:
                self._form_left -= part.size
            self.form.fields[part.name] = _decode(b"".join(part.pieces))
            return
        with part.file:
            part.flush()
        if part.size == 0:
            self._drop_empty(part)

    def _drop_empty(self, part: _Part) -> None:
        """Forget the file of a field that was left empty.

        Raises:
            Problem: If a file was chosen.
        """
        (self._folder / self.form.files.pop(part.name)).unlink()
        del self.form.titles[part.name]
        if part.file_name:
            raise bad_value(f"the {part.name} file is empty")

    def _note_end(self) -> None:
        self._is_whole = True

    def _there(self) -> _Part:
        if self._part is None:
            raise bad_form("the form cannot be read")
        return self._part


def _keep_transcript(form: Form, folder: Path, limits: Limits) -> None:
    """Keep a transcript that came as a field as a file.

    Raises:
        Problem: If there is a file, too, or it is too large.
    """
    text = form.fields.pop(TRANSCRIPT, "")
    if not text.strip():
        return
    if DOCUMENT in form.files:
        raise bad_value("there are two transcripts", "give a file, or a text")
    data = text.encode()
    if len(data) > limits.document:
        raise too_large("the transcript", limits.document)
    (folder / DOCUMENT).mkdir()
    (folder / DOCUMENT / "transcript.txt").write_bytes(data)
    form.files[DOCUMENT] = f"{DOCUMENT}/transcript.txt"


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise bad_form("a field is not in UTF-8") from error


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _to_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
