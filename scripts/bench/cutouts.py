"""What is cut out of a recognised text is found again: `python -m scripts.bench.cutouts AUDIO`.

Recognises the sound, cuts stretches out of the words at random (seeded), and looks whether the
coverage audit finds each. Also counts what it finds where nothing was cut. Without a sound to
recognise again, `--words WORDS.json` takes words that were recognised before.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from subtools.acoustics import load_classifier
from subtools.aligners import AlignerOptions, load_transcriber
from subtools.core import Audio, Finding, HeardWord, Span, Timed, Transcript, overlap
from subtools.coverage import audit_coverage, find_voiced
from subtools.formats.words import parse_words
from subtools.media import load_audio
from subtools.models import find_model
from subtools.reading import read_text
from subtools.spans import speech_within
from subtools.whisper import load_encoder

CUTS = 20
SHORTEST, LONGEST = 0.8, 4.0  # s
APART = 3  # words left between two cuts, at least
FOUND = 0.5  # of a cut's time that a finding covers
TRIES = 20_000


@dataclass(frozen=True, slots=True)
class Trial:
    """How the audit did once.

    Attributes:
        cuts: What was cut out.
        missed: What of it was not found.
        false: What was found and not cut.
    """

    cuts: tuple[Span, ...]
    missed: tuple[Span, ...]
    false: tuple[Span, ...]


def try_cuts(
    words: Sequence[Timed],
    voiced: Sequence[Span],
    seed: int,
    *,
    count: int = CUTS,
    lengths: tuple[float, float] = (SHORTEST, LONGEST),
) -> Trial:
    """Return which of ``count`` random stretches the audit finds when they are cut out."""
    rng = random.Random(seed)  # noqa: S311 - a seeded bench
    cut: set[int] = set()
    cuts: list[Span] = []
    for _ in range(TRIES):
        if len(cuts) == count:
            break
        first = last = rng.randrange(1, len(words) - 1)
        length = rng.uniform(*lengths)
        while last < len(words) - 2 and words[last].end - words[first].start < length:
            last += 1
        span = Span(words[first].start, words[last].end)
        is_free = cut.isdisjoint(range(first - APART, last + APART + 1))
        if is_free and speech_within(span, voiced) >= lengths[0]:
            cut |= set(range(first, last + 1))
            cuts.append(span)
    left = [word for index, word in enumerate(words) if index not in cut]
    found = [finding.span for finding in audit_coverage(left, voiced) if finding.span]
    missed = (
        one
        for one in cuts
        if max((overlap(one, span) for span in found), default=0.0) < FOUND * one.duration
    )
    false = (f for f in found if not any(overlap(c, f) for c in cuts))
    return Trial(tuple(cuts), tuple(missed), tuple(false))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each seed; return 1 if something was not found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("audio", type=Path)
    parser.add_argument("--words", type=Path, help="words.json, recognised before")
    parser.add_argument("--seconds", type=float, help="only the beginning of the sound")
    parser.add_argument("--seeds", type=int, default=5)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        sound = load_audio(given.audio, Path(folder) / "sound.s16")
        if given.seconds:
            sound = Audio(sound.samples[: int(given.seconds * 16_000)].copy())
        words, findings = _words_of(sound, given.words)
        voiced = find_voiced(load_classifier(load_encoder(find_model()))(sound))
        del sound
    print(f"{len(words)} words; findings before cutting: {len(findings)}")
    trials = [try_cuts(words, voiced, seed) for seed in range(given.seeds)]
    for seed, trial in enumerate(trials):
        print(f"seed {seed}: {len(trial.cuts)} cut, {len(trial.missed)} missed, "
              f"{len(trial.false)} found besides")  # fmt: skip
    return 1 if any(trial.missed for trial in trials) else 0


def _words_of(sound: Audio, path: Path | None) -> tuple[list[HeardWord], tuple[Finding, ...]]:
    if path is not None:
        alignment, _ = parse_words(read_text(path))
    else:
        engine = load_transcriber(AlignerOptions())
        alignment = engine.align(Transcript(()), sound, language=None)
    words = [
        HeardWord(word.text, word.span.start, word.span.end, word.confidence or 0.0)
        for word in alignment.transcript.words
        if word.span
    ]
    return words, alignment.findings


if __name__ == "__main__":
    raise SystemExit(main())
