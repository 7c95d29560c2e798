"""Voices that the user has given a name, for other recordings: one file in the data folder.

Voices are personal data. Nothing is written unless a voice is added, only the user may read
the file, it holds no sound, and it is gone with the last voice.
"""

from __future__ import annotations

import difflib
import json
import os
import secrets
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from subtools.core import KnownVoice, Span, VoiceSample
from subtools.errors import LibraryError
from subtools.places import DATA_VARIABLE, data_folder

VERSION = 1  # of the file's form
_FORMAT = "subtools voices"
_DAMAGED = "put back a copy of it, or delete it to start anew"
_FOLDER_HINT = f"name another folder in the environment variable {DATA_VARIABLE}"


def list_voices(*, model: str | None = None) -> tuple[KnownVoice, ...]:
    """Return the voices that are known, by name.

    Args:
        model: Only those with samples of this model, and only these samples: what another
            model made cannot be compared. None for all.

    Raises:
        LibraryError: If the file cannot be read, is damaged, or is of a newer subtools.
    """
    voices = _read_voices(voices_file())
    if model is None:
        return voices
    fitting = [
        replace(voice, samples=tuple(s for s in voice.samples if s.model == model))
        for voice in voices
    ]
    return tuple(voice for voice in fitting if voice.samples)


def add_voice(name: str, sample: VoiceSample) -> KnownVoice:
    """Return the voice called ``name`` with ``sample``, kept from now on.

    Samples add up; one that was taken from the same place of the same source by the same
    model takes the older one's place.

    Raises:
        LibraryError: If the name is empty or holds control characters, or the file cannot
            be read or written.
    """
    name = _clean_name(name)
    path = voices_file()
    voices = {voice.name: voice for voice in _read_voices(path)}
    older = voices.get(name, KnownVoice(name, ())).samples
    voice = KnownVoice(name, (*(s for s in older if _place(s) != _place(sample)), sample))
    _write_voices(path, {**voices, name: voice}.values())
    return voice


def delete_voice(name: str) -> KnownVoice:
    """Return the voice called ``name``, which is known no more.

    Raises:
        LibraryError: If there is none, or the file cannot be read or written.
    """
    path = voices_file()
    voices = {voice.name: voice for voice in _read_voices(path)}
    deleted = voices.pop(unicodedata.normalize("NFC", name).strip(), None)
    if deleted is None:
        raise LibraryError(f"no voice is called {name!r}", hint=_suggest(name, list(voices)))
    _write_voices(path, voices.values())
    return deleted


def voices_file() -> Path:
    """Return where the voices are kept, whether or not there are any."""
    return data_folder() / "voices.json"


def compose_voices(voices: Iterable[KnownVoice]) -> str:
    """Return ``voices`` as JSON, by name."""
    listed = [
        {"name": voice.name, "samples": [_compose_sample(sample) for sample in voice.samples]}
        for voice in sorted(voices, key=lambda voice: voice.name)
    ]
    file = {"format": _FORMAT, "version": VERSION, "voices": listed}
    return json.dumps(file, ensure_ascii=False, indent=1) + "\n"


def parse_voices(text: str) -> tuple[KnownVoice, ...]:
    """Return the voices in ``text``, by name.

    Raises:
        LibraryError: If it is damaged, or of a newer version of subtools.
    """
    try:
        file = json.loads(text)
        _check_header(file["format"], file["version"])
        return tuple(sorted(map(_parse_voice, file["voices"]), key=lambda voice: voice.name))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise LibraryError(f"this is no file of voices ({reason})", hint=_DAMAGED) from error


def _clean_name(name: str) -> str:
    clean = unicodedata.normalize("NFC", name).strip()
    if not clean or any(unicodedata.category(character) in {"Cc", "Cs"} for character in clean):
        raise LibraryError(f"{name!r} cannot be the name of a voice", hint="give another one")
    return clean


def _place(sample: VoiceSample) -> tuple[str, str, Span | None]:
    return sample.model, sample.source, sample.span


def _suggest(name: str, known: Sequence[str]) -> str:
    """Return which names may have been meant, as a hint."""
    if not known:
        return "no voice is known at all"
    near = difflib.get_close_matches(name, known, cutoff=0.3)  # of 3 characters, 1 may be right
    return f"{'near are' if near else 'known are'} {', '.join(near or known[:10])}"


def _check_header(form: Any, version: Any) -> None:
    if form != _FORMAT:
        raise ValueError(f"its format is {form!r}")
    if version > VERSION:
        raise LibraryError("a newer version of subtools wrote it", hint="update subtools")


def _compose_sample(sample: VoiceSample) -> dict[str, Any]:
    span = sample.span
    return {
        "model": sample.model,
        "source": sample.source,
        "span": None if span is None else [span.start, span.end],
        "embedding": [float(str(value)) for value in sample.embedding],  # shortest exact form
    }


def _parse_voice(voice: Mapping[str, Any]) -> KnownVoice:
    return KnownVoice(str(voice["name"]), tuple(map(_parse_sample, voice["samples"])))


def _parse_sample(sample: Mapping[str, Any]) -> VoiceSample:
    span = None if sample["span"] is None else Span(*map(float, sample["span"]))
    embedding = _parse_embedding(sample["embedding"])
    return VoiceSample(embedding, str(sample["model"]), str(sample["source"]), span)


def _parse_embedding(values: Any) -> npt.NDArray[np.float32]:
    embedding = np.asarray(values, np.float32)
    if embedding.ndim != 1 or not len(embedding) or not np.isfinite(embedding).all():
        raise ValueError("an embedding is no row of numbers")
    return embedding


def _read_voices(path: Path) -> tuple[KnownVoice, ...]:
    try:
        return parse_voices(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except OSError as error:
        reason = error.strerror or str(error)
        raise LibraryError(f"cannot be read: {reason}", path=path, hint=_FOLDER_HINT) from error
    except UnicodeDecodeError as error:
        raise LibraryError("this is no file of voices", path=path, hint=_DAMAGED) from error
    except LibraryError as error:
        raise LibraryError(error.message, path=path, hint=error.hint) from error


def _write_voices(path: Path, voices: Iterable[KnownVoice]) -> None:
    """Put ``voices`` at ``path``, whole or not at all; the user alone may read them."""
    kept = list(voices)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        if not kept:
            path.unlink(missing_ok=True)
            return
        path.parent.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _write_private(temporary, compose_voices(kept))
        temporary.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise LibraryError(f"cannot be written: {reason}", path=path, hint=_FOLDER_HINT) from error
    finally:
        _remove(temporary)


def _write_private(path: Path, text: str) -> None:
    """Write a new file that only the user may read, from its first byte on."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 - a descriptor
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError:  # it has its final name, or its folder was never made
        return
