"""Recordings with known speakers, the systems that look for them, and one run of one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.bench.sounds import decode_sound
from scripts.bench.systems import ROOT
from subtools.core import Seconds, Turn, Word
from subtools.formats.rttm import parse_rttm
from subtools.formats.words import parse_words
from subtools.metrics import Reference, parse_reference
from subtools.reading import read_text

_OPTIONS = ("--no-known-voices",)  # figures must not depend on whom this machine's user knows
_TEXTS = {".txt", ".json", ".rttm", ".md"}  # all other files of that name are its sound


@dataclass(frozen=True, slots=True)
class Recording:
    """A sound and what is known of who speaks in it.

    Attributes:
        name: For the tables.
        sound: Any file ffmpeg reads.
        turns: Who speaks when.
        reference: What is said, too, where that is known.
        document: Its text, where there is one.
    """

    name: str
    sound: Path
    turns: tuple[Turn, ...]
    reference: Reference | None = None
    document: Path | None = None

    @property
    def until(self) -> Seconds | None:
        """Until when the truth is known, in seconds; None if it is to the end."""
        return self.reference.truth_until if self.reference else None


@dataclass(frozen=True, slots=True)
class Found:
    """What one run found, and what it cost.

    Attributes:
        turns: Who speaks when.
        words: The words of the recording's document; None if it was not given.
        seconds: Of the whole process, from start to end.
        peak_bytes: Most memory the process had.
    """

    turns: tuple[Turn, ...]
    words: tuple[Word, ...] | None
    seconds: Seconds
    peak_bytes: int


class CannotRunError(Exception):
    """A program failed; what it said is on stderr."""


# Looks for the speakers of a recording; may write into the (empty) folder.
Diarize = Callable[[Recording, Path], Found]


def find_recordings(path: Path) -> Iterator[Recording]:
    """Yield the recordings in a folder by name, or the one whose sound ``path`` is.

    A recording is a sound with the truth beside it: ``NAME.ref.json``, ``NAME.WORD.ref.json``,
    ``NAME.rttm`` or ``NAME.WORD.rttm``; its text is ``NAME.doc.txt``. Sounds without the truth
    are passed over.

    Raises:
        DocumentError: If a file with the truth cannot be read.
    """
    files = sorted(file for file in (path if path.is_dir() else path.parent).iterdir())
    for sound in files if path.is_dir() else [path]:
        if sound.suffix.lower() in _TEXTS or sound.name.startswith(".") or sound.is_dir():
            continue
        own = [file for file in files if file.name.startswith(f"{sound.stem}.")]
        references = [file for file in own if file.name.endswith(".ref.json")]
        tables = [file for file in own if file.suffix == ".rttm"]
        reference = parse_reference(read_text(references[0])) if references else None
        if not (reference or tables):
            continue
        turns = reference.turns if reference else parse_rttm(read_text(tables[0]))
        document = sound.with_name(f"{sound.stem}.doc.txt")
        text = document if document in own else None
        yield Recording(sound.stem, sound, turns, reference, text)


def diarize_sound(recording: Recording, folder: Path, *, module: str = "subtools") -> Found:
    """Return what `subtools diarize` finds in the sound alone.

    Args:
        recording: Where to look.
        folder: For its results.
        module: What stands for subtools.

    Raises:
        CannotRunError: If it fails.
    """
    arguments = ["diarize", str(recording.sound), *_OPTIONS, "-o", str(folder)]
    cost = run_module(module, arguments, folder)
    return _read_results(recording, folder, cost, has_text=False)


def diarize_words(recording: Recording, folder: Path, *, module: str = "subtools") -> Found:
    """Return what `subtools diarize` finds with the timed words of the recording's text.

    The words are timed by `subtools align` first, whose cost does not count.

    Args:
        recording: Where to look; it has a text.
        folder: For its results.
        module: What stands for subtools.

    Raises:
        CannotRunError: If it fails.
    """
    timed, sound = folder / "timed", str(recording.sound)
    timed.mkdir()
    run_module(module, ["align", str(recording.document), "-a", sound, "-o", str(timed)], timed)
    words = str(timed / "words.json")
    arguments = ["diarize", sound, *_OPTIONS, "--words", words, "-o", str(folder)]
    cost = run_module(module, arguments, folder)
    return _read_results(recording, folder, cost, has_text=True)


def load_senko(python: Path) -> Diarize | None:
    """Return senko as it is installed for ``python``; None if it is not."""
    check = [str(python), "-c", "import senko"]
    if subprocess.run(check, check=False, capture_output=True).returncode:
        return None

    def diarize(recording: Recording, folder: Path) -> Found:
        sound, answer = decode_sound(recording.sound, folder / "sound.wav"), folder / "turns.json"
        arguments = [str(sound), str(answer)]
        cost = run_module("scripts.bench.senko_child", arguments, folder, python=python)
        sound.unlink()
        found = json.loads(answer.read_text(encoding="utf-8"))["turns"]
        turns = tuple(Turn(speaker, start, end) for speaker, start, end in found)
        return Found(turns, None, cost["seconds"], cost["peak_bytes"])

    return diarize


def run_module(
    module: str, arguments: Sequence[str], folder: Path, *, python: Path | None = None
) -> dict[str, Any]:
    """Return the ``seconds`` and ``peak_bytes`` of ``module``, run in a process of its own.

    Raises:
        CannotRunError: If it fails.
    """
    report = folder / "cost.json"
    command = [str(python or sys.executable), "-m", "scripts.bench.measured", str(report), module]
    done = subprocess.run([*command, *arguments], check=False, cwd=ROOT, stdout=sys.stderr)
    if done.returncode:
        raise CannotRunError(f"{module} {arguments[0]}: exit status {done.returncode}")
    cost: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return cost


def _read_results(
    recording: Recording, folder: Path, cost: dict[str, Any], *, has_text: bool
) -> Found:
    """Return what `subtools diarize` wrote; RTTM has no blanks in names, ``words.json`` has."""
    turns = parse_rttm(read_text(folder / f"{recording.sound.stem}.rttm"))
    words = folder / "words.json"
    alignment = parse_words(read_text(words))[0] if words.exists() else None
    if alignment is None:
        return Found(turns, None, cost["seconds"], cost["peak_bytes"])
    document = alignment.transcript.words if has_text else None
    return Found(alignment.turns or turns, document, cost["seconds"], cost["peak_bytes"])
