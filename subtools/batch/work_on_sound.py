"""What the steps do that need the sound: fetch, decode, encode, recognise, diarize."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TypeVar

import numpy as np
import numpy.typing as npt

from subtools.batch.freezing import freeze, thaw
from subtools.batch.tools import Tools
from subtools.batch.values import Device, Done, Plain, Step
from subtools.core import (
    NO_HINTS,
    Alignment,
    Audio,
    Hints,
    Input,
    Posteriors,
    Progress,
    Recognition,
    SpeakerCount,
    Turn,
    glossary_to_hints,
)
from subtools.diarizers import DiarizerOptions, load_diarizer
from subtools.download import Fetched, fetch, find_fetched, public_only
from subtools.errors import FetchError
from subtools.glossary import parse_glossary
from subtools.labelling import clause_onsets, is_labelled
from subtools.media import load_audio, measure_sound, refuse_list
from subtools.reading import read_text
from subtools.store import hash_file

Frozen = TypeVar("Frozen")
SOUND = "audio.s16"
RECOGNITION = "recognition.json"
ALIGNMENT = "alignment.json"
TURNS = "turns.json"
_POSTERIORS = ("log_probs", "two_voices", "level")


@dataclass(frozen=True, slots=True)
class Bench:
    """What a step has before it.

    Attributes:
        step: The step.
        inputs: The results it takes, by what they are to it.
        draft: The folder for its files.
        tools: Models, and ways to the world.
        progress: Told how far the work has come.
    """

    step: Step
    inputs: Mapping[str, Done]
    draft: Path
    tools: Tools
    progress: Progress

    def setting(self, name: str) -> Plain:
        """Return one of the step's settings; None if it has none of that name."""
        return self.step.settings.get(name)

    def text(self, name: str) -> str:
        """Return a setting that is a text; empty if there is none."""
        value = self.setting(name)
        return "" if value is None else str(value)

    def number(self, name: str) -> int | None:
        """Return a setting that is a number; None if there is none."""
        value = self.setting(name)
        return None if value is None else int(value)

    def threads(self) -> int:
        """Return how many threads the step may use."""
        return self.number("threads") or 1

    def device(self) -> Device:
        """Return what the step runs on."""
        batch = self.number("batch")
        return Device(self.text("device") or "cpu", self.text("compute_type") or "int8", batch)

    def file(self, role: str) -> Path | None:
        """Return a file that the step reads; None if it reads none of that kind."""
        name = self.step.files.get(role)
        return None if name is None else Path(name)


@dataclass(frozen=True, slots=True)
class SavedTurns:
    """What ``diarize`` found.

    Attributes:
        turns: Who speaks when; None where the document says it.
    """

    turns: tuple[Turn, ...] | None


def fetch_sound(bench: Bench) -> dict[str, Plain]:
    """Fetch the sound, and texts of the site.

    Raises:
        FetchError: If it cannot be fetched.
    """
    ways = bench.tools.ways
    options = replace(ways.options, subtitles=bool(bench.setting("subtitles")), danmaku=False)
    with public_only(proxy=options.proxy) if ways.public_only else nullcontext():
        found = fetch(
            bench.text("address"),
            bench.draft,
            work=ways.unfinished,
            measure=measure_sound,
            options=options,
            progress=bench.progress,
        )
    if len(found) > 1:
        hint = "give each of them a line: subtools plan ADDRESS writes them"
        raise FetchError(f"these are {len(found)} videos", url=bench.text("address"), hint=hint)
    sound = found[0].sound
    return {
        "sound": sound.name,
        "sha256": hash_file(sound),
        "texts": len(found[0].subtitles),
    }


def find_sound(address: str, fetched: Done) -> Fetched:
    """Return what ``fetch_sound`` left.

    Raises:
        FetchError: If it is not there any more.
    """
    found = find_fetched(address, fetched.folder)
    if not found:
        raise FetchError("what was fetched is damaged", hint="remove it from the work folder")
    return found[0]


def decode_sound(bench: Bench) -> dict[str, Plain]:
    """Decode the sound to samples on the disk.

    A list of other files is none: its hash says nothing of theirs, and who sends it to the
    service would be shown what is in them.
    """
    path = sound_path(bench)
    refuse_list(path)
    audio = load_audio(
        path, bench.draft / SOUND, track=bench.number("track"), progress=bench.progress
    )
    return {"samples": len(audio.samples)}


def sound_path(bench: Bench) -> Path:
    """Return the sound file: the user's own, or what was fetched."""
    own = bench.file("sound")
    if own is not None:
        return own
    fetched = bench.inputs["fetch"]
    return fetched.folder / str(fetched.facts["sound"])


def sound_input(bench: Bench) -> Input:
    """Return what identifies the sound file in a provenance."""
    fetched = bench.inputs.get("fetch")
    if fetched is not None:
        return Input(str(fetched.facts["sound"]), str(fetched.facts["sha256"]))
    return Input(bench.text("sound_name"), bench.text("sound"))


def encode_sound(bench: Bench) -> dict[str, Plain]:
    """Find the posteriors of the phones; nothing, if only texts of the site need them: none."""
    decoded = bench.inputs["decode"]
    samples = decoded.facts["samples"]
    fetched = bench.inputs.get("fetch")
    if fetched is not None and not fetched.facts["texts"]:
        return {"samples": samples, "skipped": True}
    classify = bench.tools.classifier(bench.text("model"), bench.threads(), bench.device())
    posteriors = classify(load_samples(decoded), progress=bench.progress)
    for name in _POSTERIORS:
        _save_array(bench.draft / f"{name}.npy", getattr(posteriors, name))
    return {"samples": samples}


def _save_array(path: Path, array: npt.NDArray[np.generic]) -> None:
    """Write ``array`` as ``np.save`` does, which does not say that the disk is full.

    Source: ``numpy.lib.format.write_array``; what is no file of the system gets its bytes by
    ``write``, whose error has a number.
    """
    with path.open("wb") as file:
        np.lib.format.write_array(_Sink(file), array, allow_pickle=False)


@dataclass(frozen=True, slots=True)
class _Sink:
    """A file that only takes bytes."""

    file: IO[bytes]

    def write(self, data: bytes) -> int:
        """Write ``data``."""
        return self.file.write(data)


def load_posteriors(encoded: Done) -> Posteriors:
    """Return what ``encode_sound`` left, on the disk until it is used."""
    arrays = [np.load(encoded.folder / f"{name}.npy", mmap_mode="r") for name in _POSTERIORS]
    return Posteriors(*arrays)


def recognise_sound(bench: Bench) -> dict[str, Plain]:
    """Write down what is said; nothing, if a text of the site says it."""
    decoded = bench.inputs["decode"]
    facts = {"samples": decoded.facts["samples"]}
    site = bench.inputs.get("site")
    if site is not None and site.facts["found"]:
        return {**facts, "skipped": True}
    recognition = recognise(bench, load_samples(decoded))
    (bench.draft / RECOGNITION).write_text(freeze(recognition), encoding="utf-8")
    return facts


def recognise(bench: Bench, audio: Audio) -> Recognition:
    """Return what is said in ``audio``."""
    recognizer = bench.tools.recognizer(
        bench.text("model_name"),
        bench.threads(),
        bench.number("beam") or 1,
        bench.device(),
        read_hints(bench),
    )
    language = bench.text("language") or None
    return recognizer(audio, language=language, progress=bench.progress)


def read_hints(bench: Bench) -> Hints:
    """Return the terms that a recogniser is told beforehand.

    Raises:
        DocumentError: If the glossary of the job cannot be read.
    """
    path = bench.file("glossary")
    if path is None:
        return NO_HINTS
    return glossary_to_hints(parse_glossary(read_text(path), path=path))


def load_recognition(recognised: Done) -> Recognition:
    """Return what ``recognise_sound`` left."""
    return load_frozen(Recognition, recognised.folder / RECOGNITION)


def diarize_sound(bench: Bench) -> dict[str, Plain]:
    """Find who speaks when, unless the document says it."""
    alignment = load_alignment(bench.inputs["align"])
    decoded = bench.inputs["decode"]
    turns = None
    if not is_labelled(alignment.transcript):
        diarizer = load_diarizer(bench.text("diarizer"), DiarizerOptions(bench.threads()))
        number = bench.number("speakers")
        count = SpeakerCount(number, number) if number else SpeakerCount()
        borders = clause_onsets(alignment.transcript)
        turns = diarizer(
            load_samples(decoded), borders=borders, count=count, progress=bench.progress
        )
    (bench.draft / TURNS).write_text(freeze(SavedTurns(turns)), encoding="utf-8")
    return {"samples": decoded.facts["samples"]}


def load_samples(decoded: Done) -> Audio:
    """Return the decoded sound, on the disk until it is used."""
    path = decoded.folder / SOUND
    return Audio(np.memmap(path, dtype=np.dtype("<i2"), mode="r"))


def load_frozen(kind: type[Frozen], path: Path) -> Frozen:
    """Return the value of type ``kind`` that a step left at ``path``."""
    return thaw(kind, path.read_text(encoding="utf-8"))


def load_alignment(before: Done) -> Alignment:
    """Return the alignment that a step left."""
    return load_frozen(Alignment, before.folder / ALIGNMENT)


def save_alignment(bench: Bench, alignment: Alignment) -> None:
    """Leave an alignment for the next step."""
    (bench.draft / ALIGNMENT).write_text(freeze(alignment), encoding="utf-8", newline="\n")


def stand_in(heard: Done) -> Audio:
    """Return a sound as long as the one that was heard: nobody will listen to it again."""
    samples = int(heard.facts.get("samples") or 0)
    return Audio(np.broadcast_to(np.zeros(1, np.int16), samples))
