"""Where sentences end: `python -m scripts.bench.punctuation FOLDER...`.

A folder holds documents as `python -m scripts.bench.truths` makes them; the true marks are
those of the turns in `NAME.ref.json`. Compared are the marks that the document has, a full
stop at every pause of some length, and the marks that `subtools text` sets.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from scripts.bench.measuring import Row
from scripts.bench.report import Column, compose_table, describe_machine
from subtools.core import Alignment, Seconds, Word
from subtools.formats.words import parse_words
from subtools.metrics import EndScore, score_sentence_ends
from subtools.prose import Marks, ProseSettings, write_reading
from subtools.reading import read_text

_PAUSES = (0.3, 0.5, 0.8)  # s
_MARKS = "，。！？；：、,.?!;:"


@dataclass(frozen=True, slots=True)
class Talk:
    """A document and its text with the true marks."""

    name: str
    alignment: Alignment
    marked: str


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(
        "python -m scripts.bench.punctuation",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folders", nargs="+", type=Path, help="of documents")
    folders = parser.parse_args(arguments).folders
    talks = [talk for folder in folders for talk in find_talks(folder)]
    if not talks:
        sys.exit("no NAME.words.json with NAME.ref.json in these folders")
    print(f"{describe_machine()}.\n\n{compose_table(list(measure(talks)), _COLUMNS)}", end="")


def find_talks(folder: Path) -> Iterator[Talk]:
    """Yield the talks of a folder and of the folders in it."""
    for words in sorted({*folder.glob("*.words.json"), *folder.glob("*/*.words.json")}):
        name = words.name.removesuffix(".words.json")
        reference = words.with_name(f"{name}.ref.json")
        if reference.exists():
            turns = json.loads(read_text(reference))["turns"]
            marked = "".join(_part(turn["spoken"]) + " " for turn in turns)
            yield Talk(name, parse_words(read_text(words))[0], marked)


def _part(text: str) -> str:
    """Return the text of a turn with a space after Latin marks, which references leave out."""
    return re.sub(r"(?<=[.?!,])(?=[A-Za-z])", " ", text)


def measure(talks: Sequence[Talk]) -> Iterator[Row]:
    """Yield a row for each system on each talk, and on all of them."""
    totals: dict[str, EndScore] = {}
    for talk in talks:
        for system, mark in SYSTEMS.items():
            score = score_sentence_ends(talk.marked, mark(talk.alignment))
            totals[system] = totals.get(system, EndScore(0, 0, 0)) + score
            yield {"talk": talk.name, "system": system, "score": score}
    for system, score in totals.items():
        yield {"talk": "all", "system": system, "score": score}


def keep_marks(alignment: Alignment) -> str:
    """Return the document as it is."""
    return alignment.transcript.body


def restore_marks(alignment: Alignment) -> str:
    """Return the document with the marks that `subtools text --marks restore` sets."""
    reading = write_reading(alignment, ProseSettings(marks=Marks.RESTORE))
    passages = [p.text for section in reading.sections for p in section.passages]
    return " ".join(passages)


def stop_at_pauses(alignment: Alignment, pause: Seconds) -> str:
    """Return the document with a full stop at every pause, and no other mark."""
    words = alignment.transcript.words
    parts = [
        _bare(word) + ("。" if _gap(word, following) >= pause else "")
        for word, following in pairwise(words)
    ]
    return "".join(parts) + "".join(_bare(word) for word in words[-1:])


def _bare(word: Word) -> str:
    return "".join(c for c in word.text if c not in _MARKS)


def _gap(word: Word, following: Word) -> Seconds:
    if word.span is None or following.span is None:
        return 0.0
    return following.span.start - word.span.end


SYSTEMS: dict[str, Callable[[Alignment], str]] = {
    "none": lambda alignment: "".join(map(_bare, alignment.transcript.words)),
    "as the document has them": keep_marks,
    **{f"at pauses of {pause:g} s": partial(stop_at_pauses, pause=pause) for pause in _PAUSES},
    "subtools text": restore_marks,
}
_COLUMNS: list[Column] = [
    ("talk", lambda row: str(row["talk"])),
    ("marks", lambda row: str(row["system"])),
    ("found / true", lambda row: f"{row['score'].found} / {row['score'].true}"),
    ("precision", lambda row: f"{row['score'].precision:.2f}" if row["score"].found else "-"),
    ("recall", lambda row: f"{row['score'].recall:.2f}"),
    ("F1", lambda row: f"{row['score'].f1:.2f}"),
]

if __name__ == "__main__":
    main()
