"""Stands in for the command line in tests of the benchmark: `python -m tests.diarizer_stand_in`.

Knows the truth from the reference beside the sound, but not the names; with words it knows
those, too. A sound that is called ``broken`` makes it fail, and so does leave to look for the
voices that the user of this machine knows: figures must not depend on them.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from subtools.core import Alignment, Transcript
from subtools.formats.rttm import compose_rttm
from subtools.formats.words import compose_words, parse_words
from subtools.metrics import Reference, parse_reference
from subtools.reading import load_document


def main(arguments: list[str]) -> None:
    """Do as `subtools align` or `subtools diarize` with these arguments."""
    command, source, *options = arguments
    folder = Path(options[options.index("-o") + 1])
    if command == "align":
        alignment = Alignment(load_document(Path(source)), (), "zh", "phones")
        (folder / "words.json").write_text(compose_words(alignment), encoding="utf-8")
        return
    sound = Path(source)
    if sound.stem == "broken":
        sys.exit(3)
    if "--no-known-voices" not in options:
        sys.exit(4)
    truth = parse_reference(sound.with_name(f"{sound.stem}.ref.json").read_text(encoding="utf-8"))
    alignment = Alignment(Transcript(()), (), "zh", "none", _hide_names(truth).turns)
    if "--words" in options:
        timed, _ = parse_words(Path(options[options.index("--words") + 1]).read_text("utf-8"))
        words = [replace(word, speaker=truth.speakers[0]) for word in timed.transcript.words]
        alignment = replace(timed, transcript=timed.transcript.with_words(words), turns=truth.turns)
    (folder / "words.json").write_text(compose_words(alignment), encoding="utf-8")
    rttm = compose_rttm(alignment.turns, sound.stem)
    (folder / f"{sound.stem}.rttm").write_text(rttm, encoding="utf-8")


def _hide_names(truth: Reference) -> Reference:
    labels = {name: f"SPEAKER_{k:02d}" for k, name in enumerate(truth.speakers)}
    turns = (replace(turn, speaker=labels[turn.speaker]) for turn in truth.turns)
    return replace(truth, turns=tuple(turns))


if __name__ == "__main__":
    main(sys.argv[1:])
