"""How long reading and writing 100,000 cues takes, beside the packages that others use.

python -m scripts.bench.formats [--cues 100000] [--runs 5] [--format srt]

The runs of both alternate, so that what else the machine does hits both; medians are told. What
is measured is text to cues and cues to text; files are not.
"""

from __future__ import annotations

import argparse
import gc
import io
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import pysrt
import webvtt

from subtools.core import Cue, Subtitles
from subtools.formats import Format, format_for
from subtools.reading import compose_subtitles, parse_subtitles

SENTENCES = (
    "大家好，我們今天來講推薦系統",
    "的一些問題。",
    "So what is a *scaling law*?",
    "好的，謝謝主持人。",
)


@dataclass(frozen=True, slots=True)
class Rival:
    """A package that reads and writes a format by itself."""

    name: str
    parse: Callable[[str], object]
    compose: Callable[[object], str]


def make_cues(count: int) -> Subtitles:
    """Return ``count`` cues of one and two lines, a second each."""
    return Subtitles(
        tuple(
            Cue(
                float(number),
                number + 0.9,
                (SENTENCES[number % 4], SENTENCES[(number + 1) % 4])[: 1 + number % 2],
            )
            for number in range(count)
        )
    )


def measure(runs: int, *actions: Callable[[], object]) -> list[float]:
    """Return the median seconds of each of ``actions``, run in turn."""
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(runs):
        for action, times in zip(actions, taken, strict=True):
            gc.collect()
            before = time.perf_counter()
            action()
            times.append(time.perf_counter() - before)
    return [statistics.median(times) for times in taken]


def compare(known: Format, rival: Rival, subtitles: Subtitles, runs: int) -> Sequence[str]:
    """Return the rows of the table for one format."""
    text = compose_subtitles(subtitles, known)
    theirs = rival.parse(text)
    read, read_alone, written, written_alone = measure(
        runs,
        lambda: parse_subtitles(text, known),
        lambda: rival.parse(text),
        lambda: compose_subtitles(subtitles, known),
        lambda: rival.compose(theirs),
    )
    rows = [("read", read, read_alone), ("written", written, written_alone)]
    rows.append(("both", read + written, read_alone + written_alone))
    return [
        f"| {known.title}, {what} | {ours:.2f} s | {alone:.2f} s ({rival.name}) | "
        f"{ours / alone:.2f} |"
        for what, ours, alone in rows
    ]


def _parse_pysrt(text: str) -> object:
    return pysrt.SubRipFile.from_string(text, error_handling=pysrt.SubRipFile.ERROR_RAISE)


def _compose_pysrt(items: Any) -> str:
    stream = io.StringIO()
    items.write_into(stream, eol="\n")
    return stream.getvalue()


RIVALS = {
    "srt": Rival("pysrt", _parse_pysrt, _compose_pysrt),
    "vtt": Rival("webvtt-py", webvtt.WebVTT.from_string, attrgetter("content")),
}


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cues", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--format", choices=sorted(RIVALS), action="append")
    arguments = parser.parse_args()
    subtitles = make_cues(arguments.cues)
    rows = [f"| {arguments.cues} cues | subtools | alone | times |", "|---|---|---|---|"]
    for name in arguments.format or RIVALS:
        rows += compare(format_for(f".{name}"), RIVALS[name], subtitles, arguments.runs)
    sys.stdout.write("\n".join(rows) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
