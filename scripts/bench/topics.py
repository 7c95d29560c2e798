"""Where a talk turns to something else: `python -m scripts.bench.topics FOLDER...`.

A folder holds talks with their truth, `NAME.ref.json` (or `NAME.WORD.ref.json`) with `topics`,
and their timed words beside it, `NAME.words.json` or `words.json`; where there are none, the
document `NAME.doc.txt` is captioned from the sound of that name. `--words FILE` names them
for one talk.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.bench.measuring import Row
from scripts.bench.report import Column, compose_table, describe_machine
from scripts.bench.segmentation import (
    TOLERANCE,
    Score,
    follow_questions,
    score_boundaries,
    space_evenly,
    tile_text,
)
from subtools.core import Seconds, Transcript
from subtools.formats.words import parse_words
from subtools.reading import read_text
from subtools.topics import find_topics

_TEXTS = {".txt", ".json", ".rttm", ".md"}
OURS = "subtools"
_HEAD = f"""A boundary is found when one lies within {TOLERANCE:g} s, each used once; the talk's
beginning is one. Pk and WindowDiff in windows of k, half a true topic's mean length, moved by 1 s.
Evenly: as many topics as there are. All talks: boundaries added up; Pk and WindowDiff are means.
"""


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk and what it is about.

    Attributes:
        name: For the tables.
        transcript: Its timed words.
        starts: Where its topics begin.
        titles: What somebody called them.
        end: Until when that is known, in seconds.
    """

    name: str
    transcript: Transcript
    starts: tuple[Seconds, ...]
    titles: tuple[str, ...]
    end: Seconds


Divide = Callable[[Talk], Sequence[Seconds]]
SYSTEMS: dict[str, Divide] = {
    OURS: lambda talk: [topic.start for topic in find_topics(talk.transcript)],
    "evenly": lambda talk: space_evenly(talk.transcript, len(talk.starts)),
    "TextTiling": lambda talk: tile_text(talk.transcript),
    "a topic per question": lambda talk: follow_questions(talk.transcript),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure all systems on all talks; the table goes to stdout."""
    options = parse_options(arguments)
    talks = [talk for path in options.paths for talk in find_talks(path, options.words)]
    if not talks:
        sys.exit("no talk there has both topics in its reference and timed words")
    print(compose_report(list(measure(talks))), end="")
    if options.titles:
        print("\n" + "\n".join(line for talk in talks for line in compare_titles(talk)))


def parse_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser("python -m scripts.bench.topics", description=__doc__)
    add = parser.add_argument
    add("paths", nargs="+", type=Path, help="folders of talks, or references")
    add("--words", type=Path, metavar="FILE", help="timed words, if there is but one talk")
    add("--titles", action="store_true", help="list found and true topics, too")
    return parser.parse_args(arguments)


def find_talks(path: Path, words: Path | None = None) -> Iterator[Talk]:
    """Yield the talks of a folder whose topics are known, or that of one reference."""
    for file in sorted(path.glob("*.ref.json")) if path.is_dir() else [path]:
        reference = json.loads(read_text(file))
        if topics := reference.get("topics"):
            name = file.name.partition(".")[0]
            transcript = parse_words(read_text(words or find_words(file.parent, name)))[
                0
            ].transcript
            end = float(reference.get("truth_until", reference["duration"]))
            yield Talk(name, transcript, *_columns(topics), end)


def _columns(topics: Sequence[dict[str, Any]]) -> tuple[tuple[Seconds, ...], tuple[str, ...]]:
    return tuple(t["start"] for t in topics), tuple(t["title"] for t in topics)


def find_words(folder: Path, name: str) -> Path:
    """Return the file with the timed words of a talk, made if there is none."""
    for known in (f"{name}.words.json", "words.json"):
        if (folder / known).exists():
            return folder / known
    made = folder / f"{name}.words.json"
    with tempfile.TemporaryDirectory(prefix="subtools-bench-") as target:
        command = [sys.executable, "-m", "subtools", "caption", str(folder / f"{name}.doc.txt")]
        sound = ["--audio", str(_find_sound(folder, name)), "--no-known-voices", "--quiet"]
        subprocess.run([*command, *sound, "-o", target], check=True)
        made.write_bytes((Path(target) / "words.json").read_bytes())
    return made


def _find_sound(folder: Path, name: str) -> Path:
    for file in sorted(folder.glob(f"{name}.*")):
        if file.suffix.lower() not in _TEXTS:
            return file
    sys.exit(f"{folder}: {name} has neither timed words nor a sound")


def measure(talks: Sequence[Talk]) -> Iterator[Row]:
    """Yield a row of figures for each system on each talk, and on all of them."""
    everything: dict[str, list[Score]] = {}
    for talk in talks:
        for system, divide in SYSTEMS.items():
            score = score_boundaries(divide(talk), talk.starts, end=talk.end)
            everything.setdefault(system, []).append(score)
            yield {"talk": talk.name, "system": system, "score": score}
    if len(talks) > 1:
        for system, scores in everything.items():
            yield {"talk": "all talks", "system": system, "score": pool_scores(scores)}


def pool_scores(scores: Sequence[Score]) -> Score:
    """Return the score of several talks together."""
    counts = [sum(getattr(score, name) for score in scores) for name in ("hits", "found", "true")]
    means = [
        sum(getattr(score, name) for score in scores) / len(scores)
        for name in ("pk", "window_diff", "window")
    ]
    return Score(*counts, *means)


def compare_titles(talk: Talk) -> Iterator[str]:
    """Yield lines with what was found and what somebody called it, by time."""
    found = [(topic.start, OURS, topic.title) for topic in find_topics(talk.transcript)]
    true = [(start, "true", title) for start, title in zip(talk.starts, talk.titles, strict=True)]
    yield f"{talk.name} (true until {talk.end:.0f} s)"
    for start, who, title in sorted([*found, *true]):
        yield f"  {start:7.1f}  {who:9}  {title}"


def compose_report(rows: Sequence[Row]) -> str:
    """Return the table as Markdown, with what it rests on."""
    return f"{describe_machine()}.\n\n{_HEAD}\n{compose_table(rows, _COLUMNS)}"


def _score(name: str, digits: int = 2) -> Callable[[Row], str]:
    return lambda row: f"{getattr(row['score'], name):.{digits}f}"


_COLUMNS: list[Column] = [
    ("talk", lambda row: str(row["talk"])),
    ("system", lambda row: str(row["system"])),
    ("found / true", lambda row: f"{row['score'].found} / {row['score'].true}"),
    ("precision", _score("precision")),
    ("recall", _score("recall")),
    ("F1", _score("f1")),
    ("Pk", _score("pk")),
    ("WindowDiff", _score("window_diff")),
    ("k, s", _score("window", 0)),
]

if __name__ == "__main__":
    main()
