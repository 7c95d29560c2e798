"""Cleaning run, with each kind of evidence left out and alone; what was found is kept."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from scripts.bench.corrections.talks import Talk
from subtools.acoustics import load_classifier
from subtools.cleaning import CleaningSettings
from subtools.core import Audio, Correction, EvidenceKind, Glossary, Span
from subtools.correcting import Witnesses, find_corrections, heard_words, load_glossaries
from subtools.formats.corrections import compose_corrections, parse_corrections
from subtools.formats.words import parse_words
from subtools.media import load_audio
from subtools.models import BUNDLED, find_model
from subtools.reading import read_text
from subtools.store import work_folder
from subtools.whisper import load_encoder, load_judge

KINDS = (
    EvidenceKind.SOUND,
    EvidenceKind.RECOGNISER,
    EvidenceKind.GLOSSARY,
    EvidenceKind.CONSISTENCY,
    EvidenceKind.FREQUENCY,
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to clean.

    Attributes:
        name: For the tables and the results.
        without: Evidence that is not asked.
        has_glossary: Whether the glossary that ships is there.
    """

    name: str
    without: frozenset[EvidenceKind] = frozenset()
    has_glossary: bool = True


ALL = Variant("all")
NO_GLOSSARY = Variant("no glossary", has_glossary=False)


def ablations() -> tuple[Variant, ...]:
    """Return cleaning without each kind of evidence, and with each alone."""
    return (
        *(Variant(f"without {kind.value}", frozenset({kind})) for kind in KINDS),
        *(Variant(f"only {kind.value}", frozenset(KINDS) - {kind}) for kind in KINDS),
    )


@dataclass(slots=True)
class Cleaner:
    """Cleans one talk in several ways; the sound is listened to once.

    Attributes:
        talk: The document.
        results: Folder of what was found, ``VARIANT.corrections.json``; what lies there is
            not made again, whoever made it. Beside it lie recognitions.
    """

    talk: Talk
    results: Path
    _witnesses: Witnesses | None = None

    def clean(self, variant: Variant) -> tuple[Correction, ...]:
        """Return the corrections found in one way."""
        kept = self.results / f"{variant.name.replace(' ', '-')}.corrections.json"
        if not kept.exists():
            self.results.mkdir(parents=True, exist_ok=True)
            kept.write_text(compose_corrections(self._find(variant)), encoding="utf-8")
        return parse_corrections(read_text(kept))

    def hear(self) -> str:
        """Return what the recogniser writes by itself."""
        return parse_words(read_text(self.heard))[0].transcript.body

    @property
    def heard(self) -> Path:
        """The recogniser's timed words, made if they are not there; documents share sounds."""
        kept = self.results.parent / f"heard-{self.talk.sound.stat().st_size}.words.json"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix="subtools-bench-") as folder:
                language = self.talk.alignment.language
                _run("transcribe", str(self.talk.sound), "--language", language, "-o", folder)
                kept.write_bytes((Path(folder) / "words.json").read_bytes())
        return kept

    def _find(self, variant: Variant) -> Sequence[Correction]:
        if self._witnesses is None:
            self._witnesses = listen(self.talk, self.heard)
        witnesses = self._witnesses
        if not variant.has_glossary:
            witnesses = replace(witnesses, glossary=Glossary())
        if EvidenceKind.RECOGNISER in variant.without:
            witnesses = replace(witnesses, heard=None, judge=None)
        settings = CleaningSettings(without=variant.without)
        return find_corrections(self.talk.alignment, witnesses, settings)


def listen(talk: Talk, heard: Path) -> Witnesses:
    """Return who is asked about a talk; the recogniser is asked each question once."""
    folder = find_model(BUNDLED)
    with work_folder() as work:
        sound = load_audio(talk.sound, work / "audio.s16")
        sound = Audio(np.array(sound.samples))  # the file goes
    judge = load_judge(folder)
    known: dict[tuple[float, float, str], float] = {}

    def ask(start: float, end: float, texts: Sequence[str]) -> Sequence[float]:
        new = [text for text in texts if (start, end, text) not in known]
        if new:
            language = talk.alignment.language
            found = judge(sound.slice(Span(start, end)), new, language=language)
            known.update(zip([(start, end, text) for text in new], found, strict=True))
        return [known[start, end, text] for text in texts]

    posteriors = load_classifier(load_encoder(folder))(sound)
    words = heard_words(parse_words(read_text(heard))[0])
    return Witnesses(posteriors, load_glossaries([]), words, ask)


def measure_cost(talk: Talk, document: Path) -> tuple[float, float]:
    """Return the seconds that aligning takes, and cleaning, as commands."""
    with tempfile.TemporaryDirectory(prefix="subtools-bench-") as folder:
        sound = ("--audio", str(talk.sound))
        aligned = _time(lambda: _run("align", str(document), *sound, "-o", folder, "--force"))
        out = str(Path(folder) / "clean")
        cleaned = _time(lambda: _run("clean", str(talk.words), *sound, "-o", out))
    return aligned, cleaned


def _time(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "subtools", *arguments, "--quiet"], check=True)
