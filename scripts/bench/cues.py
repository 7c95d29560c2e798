"""Cues side by side: `python -m scripts.bench.cues WORDS.json [--sound FILE] [--style NAME]`.

The same talk cut in the style, by the default, at the clauses of the document, and as
faster-whisper's own segments (with `--sound`: it is recognised, which takes a while). All are
checked against the same style by `subtools check`'s rules.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median

from scripts.bench.report import describe_machine
from subtools.core import PLAIN_RULES, Cue, CueRules, Cutting, NameRoom, Subtitles
from subtools.cues import segment_cues
from subtools.formats.words import parse_words
from subtools.lexicon import columns, split_words
from subtools.models import find_model
from subtools.phrasing import CLAUSE, INSIDE, REST, break_costs
from subtools.styles import check_subtitles, find_style

FRAGMENT = 4  # columns; two Han characters


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser("python -m scripts.bench.cues", description=__doc__)
    parser.add_argument("words", type=Path, help="words.json of a talk")
    parser.add_argument("--sound", type=Path, help="its sound, for faster-whisper's segments")
    parser.add_argument("--style", default="netflix-zh-hant", help="checked against (%(default)s)")
    options = parser.parse_args(arguments)
    rules = replace(find_style(options.style), name_room=NameRoom.NONE)
    rows = {
        f"cut in `{rules.name}`": cut(options.words, rules),
        "cut in `plain`": cut(options.words, replace(PLAIN_RULES, name_room=NameRoom.NONE)),
        "at clauses": cut(options.words, CueRules(cutting=Cutting.CLAUSES)),
    }
    if options.sound:
        rows["faster-whisper's segments"] = recognise_segments(options.sound)
    print(compose_table(rows, rules))
    print(f"\n{describe_machine()}", file=sys.stderr)


def cut(words: Path, rules: CueRules) -> tuple[Cue, ...]:
    """Return the cues of a talk under ``rules``."""
    alignment, _ = parse_words(words.read_text(encoding="utf-8"))
    return segment_cues(alignment.transcript, rules, alignment.findings)


def recognise_segments(sound: Path) -> tuple[Cue, ...]:
    """Return what faster-whisper's own `transcribe` says, a segment a cue."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(find_model()), device="cpu", compute_type="int8")
    segments, _ = model.transcribe(str(sound), language="zh", beam_size=5)
    return tuple(
        Cue(segment.start, max(segment.start, segment.end), (segment.text.strip(),))
        for segment in segments
        if segment.text.strip()
    )


def compose_table(rows: dict[str, tuple[Cue, ...]], rules: CueRules) -> str:
    """Return the table: a column a system, a row a figure."""
    figures = {name: measure(cues, rules) for name, cues in rows.items()}
    labels = dict.fromkeys(label for row in figures.values() for label in row)
    lines = [f"| | {' | '.join(rows)} |", "|---" * (len(rows) + 1) + "|"]
    lines += [
        f"| {label} | {' | '.join(str(row.get(label, 0)) for row in figures.values())} |"
        for label in labels
    ]
    return "\n".join(lines)


def measure(cues: Sequence[Cue], rules: CueRules) -> dict[str, float]:
    """Return the figures of one system."""
    violations = Counter(v.rule for v in check_subtitles(Subtitles(tuple(cues)), rules))
    widths = [sum(map(columns, cue.lines)) for cue in cues]
    return {
        "cues": len(cues),
        "seconds, median": round(median(cue.end - cue.start for cue in cues), 2),
        "Han characters, median": median(widths) / 2,
        "cues of two characters or less": sum(width <= FRAGMENT for width in widths),
        **{f"ends {where}, %": share for where, share in count_ends(cues).items()},
        "violations, all": violations.total(),
        **{f"violations: {rule}": count for rule, count in sorted(violations.items())},
    }


def count_ends(cues: Sequence[Cue]) -> dict[str, float]:
    """Return where cues end, in percent of them."""
    costs = [border_cost(before, after) for before, after in pairwise(cues)]
    names = Counter(
        "inside a word or term" if cost >= INSIDE
        else "after a sentence or clause" if cost <= CLAUSE
        else "after another mark" if cost <= REST
        else "between words"
        for cost in costs
    )  # fmt: skip
    order = (
        *("after a sentence or clause", "after another mark", "between words"),
        "inside a word or term",
    )
    return {name: round(100 * names[name] / max(1, len(costs)), 1) for name in order}


def border_cost(before: Cue, after: Cue) -> float:
    """Return what it costs to break between the texts of two cues; 0 between two speakers."""
    if before.speaker != after.speaker:
        return 0.0
    said = [split_words("".join(cue.lines)) for cue in (before, after)]
    if before.words and after.words:  # as the document has them
        said = [tuple(word.text for word in cue.words) for cue in (before, after)]
    return break_costs((*said[0], *said[1]))[len(said[0])]


if __name__ == "__main__":
    main()
