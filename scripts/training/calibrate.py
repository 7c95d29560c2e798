"""Fits the confidence of words, and checks it on voices and noise it was not fitted to.

A word is *right* if it is spoken and its onset lies within 0.1 s of the true one. The
talks' texts are altered, so that there are words that are not: some are replaced, clauses
are left out, and foreign ones stand in between.

    python -m scripts.training.calibrate --fit FOLDER ... --check FOLDER ... --plot FILE.svg
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from subtools.acoustics import load_classifier
from subtools.alignment.aligning import find_words
from subtools.alignment.confidence import Weights, measure_words, rate_measures
from subtools.core import FRAME, Audio, Paragraph, Posteriors, Transcript, Word
from subtools.lexicon import split_words
from subtools.models import bundled_model
from subtools.whisper import load_encoder

NEAR = 0.1  # s; an onset that lies this near is right
BINS = 10
REPLACED, LEFT_OUT, FOREIGN = 0.06, 0.05, 0.05  # shares of words, clauses, clauses
TEXTS = 4  # alterations of each talk
CONDITIONS = {
    "fit": ("clean", "noise10", "noise25", "telephone"),
    "check": ("clean", "noise15", "room", "babble"),
}
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word of a document and its true onset; None if it is not spoken."""

    text: str
    onset: float | None


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk with its truth, clause by clause."""

    folder: Path
    clauses: tuple[tuple[Spoken, ...], ...]


def load_talk(folder: Path) -> Talk:
    """Return the talk in ``folder``, as ``scripts.training.talks`` writes it."""
    reference = json.loads(next(folder.glob("*.ref.json")).read_text("utf-8"))
    body = "".join(next(folder.glob("*.doc.txt")).read_text("utf-8").split("\n"))
    units = iter(reference["units"])
    clauses = reference["clauses"]
    ends = [clause["doc"][0] for clause in clauses[1:]] + [len(body)]
    found = []
    for clause, end in zip(clauses, ends, strict=True):
        words = split_words(body[clause["doc"][0] : end])
        found.append(tuple(Spoken(word, float(next(units)["s"])) for word in words))
    return Talk(folder, tuple(found))


def alter(
    talk: Talk, foreign: Sequence[tuple[Spoken, ...]], rng: np.random.Generator
) -> list[list[Spoken]]:
    """Return the clauses of ``talk`` with words replaced, clauses left out and inserted."""
    everything = [word for clause in talk.clauses for word in clause]
    altered: list[list[Spoken]] = []
    for clause in talk.clauses:
        if rng.random() < FOREIGN:
            other = foreign[int(rng.integers(len(foreign)))]
            altered.append([Spoken(word.text, None) for word in other])
        if rng.random() >= LEFT_OUT:
            altered.append(
                [
                    Spoken(everything[int(rng.integers(len(everything)))].text, None)
                    if rng.random() < REPLACED
                    else word
                    for word in clause
                ]
            )
    return altered


def measure(
    clauses: Sequence[Sequence[Spoken]], posteriors: Posteriors
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return what speaks for each word found, (words, measures), and whether it is right."""
    words = [word for clause in clauses for word in clause]
    document = Transcript((Paragraph(tuple(Word(word.text) for word in words)),))
    found = find_words(document, posteriors)
    spoken = np.flatnonzero(found.path.spoken)
    onsets = found.path.word_first[spoken] * FRAME
    right = [
        words[index].onset is not None and abs((words[index].onset or 0.0) - onset) <= NEAR
        for index, onset in zip(spoken.tolist(), onsets.tolist(), strict=True)
    ]
    return measure_words(found.evidence)[spoken], np.array(right)


def fit(measures: Floats, right: npt.NDArray[np.bool_]) -> Weights:
    """Return the logistic model of largest likelihood, by Newton's method."""
    inputs = np.concatenate([np.ones((len(measures), 1)), measures], axis=1)
    weights = np.zeros(inputs.shape[1])
    for _ in range(50):
        probability = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (right - probability) - 1e-3 * weights
        curvature = (inputs * (probability * (1 - probability))[:, None]).T @ inputs
        weights += np.linalg.solve(curvature + 1e-3 * np.eye(len(weights)), slope)
    names = [field.name for field in fields(Weights)]
    return Weights(**dict(zip(names, (round(float(w), 3) for w in weights), strict=True)))


def calibration_error(
    confidence: Floats, right: npt.NDArray[np.bool_]
) -> tuple[float, list[tuple[float, float, int]]]:
    """Return the expected calibration error and, per bin, confidence, share right, words.

    Source: C. Guo et al., On Calibration of Modern Neural Networks (2017), ten bins.
    """
    bins = []
    for low, high in pairwise(np.linspace(0, 1, BINS + 1)):
        inside = (confidence >= low) & ((confidence < high) | (high == 1))
        if inside.any():
            share = float(right[inside].mean())
            bins.append((float(confidence[inside].mean()), share, int(inside.sum())))
    total = sum(count for _, _, count in bins)
    return sum(abs(a - b) * count for a, b, count in bins) / total, bins


def main() -> None:
    """Fit and check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", type=Path, nargs="*", default=[], help="folders with talks")
    parser.add_argument("--check", type=Path, nargs="+", required=True)
    parser.add_argument("--plot", type=Path, help="SVG file for the reliability diagram")
    options = parser.parse_args()
    weights = Weights()
    if options.fit:
        weights = fit(*_gather(options.fit, CONDITIONS["fit"]))
        print(weights)
    for condition in CONDITIONS["check"]:
        measures, right = _gather(options.check, (condition,))
        error, bins = calibration_error(rate_measures(measures, weights), right)
        print(f"{condition}: {len(right)} words, {right.mean():.3f} right, ECE {error:.4f}")
    measures, right = _gather(options.check, CONDITIONS["check"])
    error, bins = calibration_error(rate_measures(measures, weights), right)
    print(f"all: {len(right)} words, {right.mean():.3f} right, expected error {error:.4f}")
    for confidence, share, count in bins:
        print(f"  confidence {confidence:.2f}: {share:.2f} right of {count}")
    if options.plot:
        options.plot.write_text(draw_reliability(bins, error), "utf-8")


def _gather(
    folders: Sequence[Path], conditions: Sequence[str]
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    talks = [load_talk(folder) for folder in folders]
    measures, rights = [], []
    for index, talk in enumerate(talks):
        others = [clause for other in talks if other is not talk for clause in other.clauses]
        foreign = others or list(talk.clauses)
        for condition, posteriors in _listen(talk, conditions):
            rng = np.random.default_rng([index, *condition.encode()])
            for _ in range(TEXTS):
                found, right = measure(alter(talk, foreign, rng), posteriors)
                measures.append(found)
                rights.append(right)
    return np.concatenate(measures), np.concatenate(rights)


_HEARD: dict[tuple[Path, str], Posteriors] = {}


def _listen(talk: Talk, conditions: Sequence[str]) -> Iterator[tuple[str, Posteriors]]:
    """Yield the posteriors of a talk in each condition; each is made once."""
    import wave

    from scripts.training.talks import disturb

    classify = load_classifier(load_encoder(bundled_model()))
    for condition in conditions:
        key = (talk.folder, condition)
        if key not in _HEARD:
            with wave.open(str(next(talk.folder.glob("*.wav"))), "rb") as file:
                sound = np.frombuffer(file.readframes(file.getnframes()), np.int16)
            rng = np.random.default_rng(list(condition.encode()))
            disturbed = disturb(np.asarray(sound / 32768, np.float32), condition, rng)
            pcm = (np.clip(disturbed, -1, 1) * 32767).astype(np.int16)
            _HEARD[key] = classify(Audio(pcm))
        yield condition, _HEARD[key]


def draw_reliability(bins: Sequence[tuple[float, float, int]], error: float) -> str:
    """Return the reliability diagram as SVG: confidence to the right, share right upwards."""
    size, edge = 320, 45
    total = sum(count for _, _, count in bins)

    def place(x: float, y: float) -> tuple[float, float]:
        return edge + x * (size - 2 * edge), size - edge - y * (size - 2 * edge)

    marks = []
    for confidence, share, count in bins:
        x, y = place(confidence, share)
        radius = 3 + 14 * (count / total) ** 0.5
        marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill-opacity=".45"/>')
    (x0, y0), (x1, y1) = place(0, 0), place(1, 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        'font-family="sans-serif" font-size="11">'
        f'<rect width="{size}" height="{size}" fill="#fff"/>'
        f'<path d="M{x0} {y0}V{y1}H{x1}V{y0}Z" fill="none" stroke="#999"/>'
        f'<path d="M{x0} {y0}L{x1} {y1}" stroke="#999" stroke-dasharray="4"/>'
        f'<g fill="#2563eb">{"".join(marks)}</g>'
        f'<text x="{size / 2}" y="{size - 12}" text-anchor="middle">confidence, 0 to 1</text>'
        f'<text transform="translate(16 {size / 2}) rotate(-90)" text-anchor="middle">'
        "share of words that are right</text>"
        f'<text x="{size / 2}" y="24" text-anchor="middle">{total} words, '
        f"expected calibration error {error:.3f}</text></svg>\n"
    )


if __name__ == "__main__":
    main()
