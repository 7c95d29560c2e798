"""Make the table of word sequences, ``subtools/ngrams/zh.npz``, of a public language model.

    apt-get source libime      # Debian; its archive of 20 MB has data/lm_sc.arpa-20220810.tar.xz
    python -m scripts.make_ngrams lm_sc.arpa

The sequences are those of the file; only their probabilities are rounded, to steps of 0.08
nats, and words with other characters than Han, and what they stand in, are left out.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from subtools.ngrams import NGRAMS_STEP
from subtools.phonetics.mandarin import read_syllables

_TARGET = Path(__file__).parent.parent / "subtools" / "ngrams" / "zh.npz"
_MOST = 255  # steps


@dataclass
class _Arpa:
    """An ARPA file as it is read; probabilities and back-offs in nats."""

    words: dict[str, tuple[float, float]] = field(default_factory=dict)
    pairs: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    triples: dict[tuple[str, str, str], float] = field(default_factory=dict)


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("arpa", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=_TARGET)
    options = parser.parse_args()
    table = tabulate(read_arpa(options.arpa))
    np.savez_compressed(options.output, allow_pickle=False, **table)
    sizes = [len(table[name]) for name in ("costs", "pair_costs", "triple_costs")]
    print(f"{sizes} sequences of 1, 2, 3 words, {options.output.stat().st_size:,} bytes")


def read_arpa(path: Path) -> _Arpa:
    """Return the sequences of Han words in an ARPA file."""
    found = _Arpa()
    for words, likelihood, backoff in _lines(path):
        if not all(map(_is_han, words)):
            continue
        if len(words) == 1:
            found.words[words[0]] = likelihood, backoff
        elif len(words) == 2:
            found.pairs[words[0], words[1]] = likelihood, backoff
        else:
            found.triples[words[0], words[1], words[2]] = likelihood
    return found


def _lines(path: Path) -> Iterator[tuple[list[str], float, float]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            fields = line.rstrip("\n").split("\t")
            if len(fields) > 1:
                backoff = float(fields[2]) if len(fields) > 2 else 0.0
                yield fields[1].split(" "), float(fields[0]) * math.log(10), backoff * math.log(10)


def _is_han(word: str) -> bool:
    return all("\u4e00" <= letter <= "\u9fff" for letter in word)


def tabulate(arpa: _Arpa) -> dict[str, npt.NDArray[np.generic]]:
    """Return the arrays of the file."""
    words = sorted(arpa.words, key=lambda word: (-arpa.words[word][0], word))
    place = {word: k for k, word in enumerate(words)}
    pairs = sorted((place[a] * len(words) + place[b], a, b) for a, b in arpa.pairs)
    pair_place = {(a, b): k for k, (_, a, b) in enumerate(pairs)}
    triples = sorted(
        (pair_place[a, b] * len(words) + place[c], (a, b, c)) for a, b, c in arpa.triples
    )
    sounds = [" ".join(syllable for _, syllable in read_syllables(word)) for word in words]
    return {
        "words": np.frombuffer("\n".join(words).encode(), np.uint8),
        "sounds": np.frombuffer("\n".join(sounds).encode(), np.uint8),
        "costs": _steps([arpa.words[word][0] for word in words]),
        "backoffs": _steps([arpa.words[word][1] for word in words]),
        "pair_steps": _gaps([key for key, _, _ in pairs]),
        "pair_costs": _steps([arpa.pairs[a, b][0] for _, a, b in pairs]),
        "pair_backoffs": _steps([arpa.pairs[a, b][1] for _, a, b in pairs]),
        "triple_steps": _gaps([key for key, _ in triples]),
        "triple_costs": _steps([arpa.triples[triple] for _, triple in triples]),
    }


def _steps(likelihoods: list[float]) -> npt.NDArray[np.uint8]:
    """Return log-probabilities as costs in steps; a back-off that is none is 0."""
    steps = np.rint(-np.array(likelihoods) / NGRAMS_STEP)
    if steps.max(initial=0) > _MOST:
        raise ValueError(f"{steps.max()} steps do not fit in a byte")
    return np.maximum(steps, 0).astype(np.uint8)


def _gaps(keys: list[int]) -> npt.NDArray[np.uint64]:
    return np.diff(np.array([0, *keys], np.int64)).astype(np.uint64)


if __name__ == "__main__":
    main()
