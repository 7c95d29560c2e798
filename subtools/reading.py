"""Files of text to transcripts and cues, whatever their format and encoding."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, chain
from pathlib import Path

from subtools.core import PLAIN_RULES, Cue, CueRules, Remark, Subtitles, Transcript
from subtools.cues import segment_cues
from subtools.decoding import decode_subtitles, decode_text
from subtools.errors import DocumentError
from subtools.formats import (
    FORMATS,
    Feature,
    Format,
    SpeakerStyle,
    detect_format,
    explain_stranger,
    find_format,
    format_for,
    refuse_page,
    split_voices,
    unname_dialogue,
)
from subtools.formats.words import parse_words
from subtools.transcript import cues_to_transcript, parse_document

_TIMING_LINE = re.compile(r"^\s*[\d:.,]+\s*-->\s*[\d:.,]+", re.MULTILINE)
_WORDS = re.compile(r'\s*\{\s*"format":\s*"subtools-words"')


def load_document(path: Path) -> Transcript:
    """Return the text of ``path``: a transcript, or a subtitle file whose times are dropped.

    Raises:
        DocumentError: If it cannot be read or holds no text.
    """
    data = read_bytes(path)
    named = find_format(path.name)
    if named and named.parse:
        return _subtitles_to_transcript(read_subtitles(data, str(path)), path)
    text = decode_text(data, path=path)
    try:
        if _is_words(text, path.name):
            return _forget_times(parse_words(text)[0].transcript)
        if path.suffix.lower() != ".json" and not _TIMING_LINE.search(text):
            return parse_document(text)
    except DocumentError as error:
        raise _at(path, error) from error
    return _subtitles_to_transcript(read_subtitles(data, str(path)), path)


def load_cues(path: Path, rules: CueRules = PLAIN_RULES) -> tuple[Cue, ...]:
    """Return the cues of a subtitle file, or those of a ``words.json`` cut anew.

    Several speakers in one cue have a cue each; ``load_subtitles`` leaves them together.

    Raises:
        DocumentError: If it cannot be read.
    """
    return _part_voices(load_subtitles(path, rules)).cues


def load_subtitles(path: Path, rules: CueRules = PLAIN_RULES) -> Subtitles:
    """Return a subtitle file, or the cues of a ``words.json`` cut anew.

    Raises:
        DocumentError: If it cannot be read.
    """
    return read_subtitles(read_bytes(path), str(path), rules)


def read_subtitles(
    data: bytes, name: str | None = None, rules: CueRules = PLAIN_RULES
) -> Subtitles:
    """Return the subtitles in ``data``, in whatever encoding and format they are.

    Where the content is plainly in another format than the name says, the content is
    believed, and a remark says so.

    Args:
        data: A whole file, or what came through a pipe.
        name: What it is called, for its suffix and for messages; None if it has no name.
        rules: How the words of a ``words.json`` are cut.

    Raises:
        DocumentError: If it is in no format that is read.
    """
    path = None if name is None else Path(name)
    text, mended = decode_subtitles(data, path=path)
    try:
        refuse_page(text)
        return _with_remarks(_read_text_of(text, name, rules), mended)
    except DocumentError as error:
        raise _at(path, error) from error


def recognise_format(data: bytes, name: str | None = None) -> Format | None:
    """Return the format that ``read_subtitles`` reads ``data`` in; None for a ``words.json``.

    Raises:
        DocumentError: If it is in no format that is read.
    """
    text, _ = decode_subtitles(data, path=name)
    return None if _is_words(text, name) else _choose_format(text, name)[0]


def _read_text_of(text: str, name: str | None, rules: CueRules) -> Subtitles:
    if _is_words(text, name):
        alignment, _ = parse_words(text)
        return Subtitles(segment_cues(alignment.transcript, rules, alignment.findings))
    known, remarks = _choose_format(text, name)
    return _with_remarks(parse_subtitles(text, known), remarks)


def _is_words(text: str, name: str | None) -> bool:
    """Tell whether ``text`` is a ``words.json``, or is called so and nothing else."""
    is_json = Path(name or "").suffix.lower() == ".json"
    return _WORDS.match(text) is not None or (is_json and detect_format(text) is None)


def _choose_format(text: str, name: str | None) -> tuple[Format, tuple[Remark, ...]]:
    """Return the format of ``text``: what its name says unless the content speaks against it.

    Raises:
        DocumentError: If there is neither a name to believe nor a content that is known.
    """
    named = find_format(name or "")
    detected = detect_format(text)
    if detected and detected.name == "vtt" and _has_commas(text):
        return format_for(".srt"), (Remark("WebVTT by its first line, SubRip by its times", 1),)
    is_weak = named is not None and named.name == "srt"  # what it recognises may be something else
    if (
        named
        and named.parse
        and (detected in {None, named} or (not is_weak and named.recognise(text)))
    ):
        return named, ()
    if detected is None:
        hint = "give a file of subtitles: " + ", ".join(f.title for f in FORMATS if f.parse)
        unknown = DocumentError("no subtitles in any format that is known", hint=hint, line=1)
        raise explain_stranger(text) or unknown
    if name is None or (named is None and name.lower().endswith(".json")):
        return detected, ()
    called = f"called {Path(name).suffix}, but " if named else ""
    return detected, (Remark(f"{called}read as {detected.title}, which its content is"),)


def _has_commas(text: str) -> bool:
    """Tell whether the times of ``text`` are written as in SubRip."""
    starts = [line.partition("-->")[0] for line in text.splitlines() if "-->" in line]
    return any("," in start for start in starts) and not any("." in start for start in starts)


def _with_remarks(subtitles: Subtitles, remarks: tuple[Remark, ...]) -> Subtitles:
    """Return ``subtitles`` with ``remarks`` before its own."""
    return replace(subtitles, remarks=remarks + subtitles.remarks) if remarks else subtitles


def parse_subtitles(text: str, known: Format) -> Subtitles:
    """Return the subtitles in ``text``.

    Raises:
        DocumentError: If it is not in that format, or the format cannot be read.
    """
    if known.parse is None:
        raise DocumentError(f"{known.name} holds no times to read")
    return known.parse(text)


def compose_subtitles(
    subtitles: Subtitles | Sequence[Cue],
    known: Format,
    style: SpeakerStyle | None = None,
    *,
    word_times: bool = False,
) -> str:
    """Return ``subtitles`` as text, speakers named in ``style`` or as is usual in the format.

    A cue of several speakers becomes one for each in formats that know one a cue; but in those
    for screens it stays one where dashes tell the speakers apart.

    Raises:
        DocumentError: If the format is only read.
    """
    if known.compose is None:
        raise DocumentError(f"{known.name} is only read, not written")
    whole = subtitles if isinstance(subtitles, Subtitles) else Subtitles(tuple(subtitles))
    if Feature.VOICES not in known.holds:
        if Feature.SETTINGS in known.holds:  # what is read on a screen
            whole = replace(whole, cues=tuple(map(unname_dialogue, whole.cues)))
        whole = _part_voices(whole)
    return known.compose(whole, style=style, word_times=word_times)


def read_text(path: Path) -> str:
    """Return the text of ``path``, decoded.

    Raises:
        DocumentError: If it cannot be read or is no text.
    """
    return decode_text(read_bytes(path), path=path)


def read_bytes(path: Path) -> bytes:
    """Return what is in ``path``.

    Raises:
        DocumentError: If it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise DocumentError("no such file", hint="check the name", path=path) from error
    except OSError as error:
        raise DocumentError(
            f"cannot be read: {error.strerror}", hint="give a readable text file", path=path
        ) from error


def _subtitles_to_transcript(subtitles: Subtitles, path: Path) -> Transcript:
    try:
        return cues_to_transcript(_part_voices(subtitles).cues)
    except DocumentError as error:
        raise _at(path, error) from error


def _part_voices(subtitles: Subtitles) -> Subtitles:
    """Return ``subtitles`` with a cue for each of several speakers of one."""
    parted = [split_voices(cue) for cue in subtitles.cues]
    if all(len(cues) == 1 for cues in parted):
        return subtitles
    before = list(accumulate(map(len, parted), initial=0))
    blocks = tuple(
        replace(block, position=before[min(block.position, len(parted))])
        for block in subtitles.blocks
    )
    return replace(subtitles, cues=tuple(chain.from_iterable(parted)), blocks=blocks)


def _forget_times(transcript: Transcript) -> Transcript:
    words = [replace(word, span=None, confidence=None) for word in transcript.words]
    return transcript.with_words(words)


def _at(path: Path | None, error: DocumentError) -> DocumentError:
    """Return ``error`` with the file it is about."""
    return DocumentError(error.message, hint=error.hint, path=path, line=error.line)
