"""The pool of utterances that the training scenes are cut from: made once, in shards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from scripts.training.symbols import spell_english  # noqa: F401 - warms up espeak-ng
from scripts.training.texts import Corpus, load_corpus, punctuate, write_clauses
from scripts.training.voices import Narrator, Speech

# Never heard in training, alone or in a mix: the voices of the validation and calibration.
HELD_OUT = ("zf_xiaoni", "zm_yunyang", "af_sarah", "am_michael")
KINDS = {"zh": 0.5, "mixed": 0.22, "en": 0.28}
SHARD = 50  # utterances


def choose_mix(
    voices: Sequence[str], kind: str, rng: np.random.Generator, *, held_out: bool
) -> Mapping[str, float]:
    """Return a mix of voices: two or three of the language, often with one of another."""
    usable = [v for v in voices if (v in HELD_OUT) == held_out]
    native = [v for v in usable if v[0] in ("a" if kind == "en" else "z")]
    if kind == "en" and not held_out:
        native += [v for v in usable if v[0] == "b"]
    if rng.random() < 0.15 or held_out:
        return {str(rng.choice(native)): 1.0}
    names = list(rng.choice(native, 2, replace=False))
    shares = rng.dirichlet([1.0, 1.0])
    if rng.random() < 0.4:
        names.append(rng.choice([v for v in usable if v not in native]))
        foreign = rng.uniform(0.15, 0.45)
        shares = np.append(shares * (1 - foreign), foreign)
    return {str(name): float(share) for name, share in zip(names, shares, strict=True)}


def make_shard(
    narrator: Narrator, corpus: Corpus, seed: int, *, held_out: bool = False
) -> list[Speech]:
    """Return ``SHARD`` utterances; the same for the same ``seed``."""
    rng = np.random.default_rng([seed, held_out])
    speeches = []
    for _ in range(SHARD):
        kind = str(rng.choice(list(KINDS), p=list(KINDS.values())))
        symbols = punctuate(write_clauses(corpus, kind, rng), rng)
        mix = choose_mix(list(narrator.styles), kind, rng, held_out=held_out)
        speeches.append(narrator.say(symbols, mix, float(rng.uniform(0.8, 1.35))))
    return speeches


def save_shard(path: Path, speeches: Sequence[Speech]) -> None:
    """Write utterances to a file."""
    partial = path.with_suffix(".part.npz")
    np.savez(
        partial,
        samples=np.concatenate([_to_int16(s.samples) for s in speeches]),
        lengths=np.array([len(s.samples) for s in speeches]),
        starts=np.concatenate([s.starts for s in speeches]),
        ends=np.concatenate([s.ends for s in speeches]),
        labels=np.concatenate([s.labels for s in speeches]),
        counts=np.array([len(s.labels) for s in speeches]),
        voices=np.array([s.voice for s in speeches]),
    )
    partial.replace(path)


def _to_int16(samples: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(samples, -1, 1) * 32767, np.int16)


def load_pool(folder: Path, pattern: str) -> list[Speech]:
    """Return the utterances of all shards whose names match ``pattern``."""
    speeches = []
    for path in sorted(folder.glob(pattern)):
        with np.load(path) as shard:
            ends = np.cumsum(shard["lengths"])[:-1]
            borders = np.cumsum(shard["counts"])[:-1]
            pieces = np.split(shard["samples"], ends)
            columns = [np.split(shard[key], borders) for key in ("starts", "ends", "labels")]
            for piece, start, end, label, voice in zip(
                pieces, *columns, shard["voices"], strict=True
            ):
                samples = piece.astype(np.float32) / 32768
                speeches.append(Speech(samples, start, end, label, str(voice)))
    return speeches


def fill_pool(
    folder: Path, voices: Path, evaluation: Sequence[str], seeds: range, *, held_out: bool = False
) -> None:
    """Make the shards of ``seeds`` that are not there yet."""
    narrator = Narrator(folder, voices)
    corpus = load_corpus(evaluation)
    name = "held" if held_out else "train"
    for seed in seeds:
        path = folder / f"{name}-{seed:04}.npz"
        if not path.exists():
            save_shard(path, make_shard(narrator, corpus, seed, held_out=held_out))
