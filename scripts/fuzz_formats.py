"""Read mutated subtitle files: no exception but our own, none slow, none that eats the memory.

python -m scripts.fuzz_formats --count 100000 [--reader srt] [--seed 1] [--save FOLDER]

Files are made of what our writers write and of nasty pieces, and changed at random, by the seed
and their number alone: ``--only NUMBER`` reads one again. For SubRip and WebVTT, no line of
times may go without a cue or a remark. The whole path from bytes is taken by every tenth file.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from scripts.fuzzed_seeds import NASTY, TOKENS, sample_subtitles
from subtools.core import Subtitles
from subtools.errors import SubtoolsError
from subtools.formats import FORMATS, Format
from subtools.reading import read_subtitles

LIMIT = 1.0  # s of processor time that reading a file may take, or writing it again
_PATIENCE = 30  # s after which a file counts as hanging and is given up
_LONGEST = 300_000  # characters of a mutated file
_COUNTED = {
    "srt": re.compile(r"(?m)^\d\d:[0-5]\d:[0-5]\d,\d{3} --> \d\d:[0-5]\d:[0-5]\d,\d{3}[ \t]*$"),
    "vtt": re.compile(r"(?m)^\d\d:[0-5]\d:[0-5]\d\.\d{3} --> \d\d:[0-5]\d:[0-5]\d\.\d{3}[ \t]*$"),
}


class HangError(Exception):
    """A file is read for too long."""


@dataclass(slots=True)
class Tally:
    """What became of the files of one reader."""

    read: int = 0
    refused: int = 0
    cues: int = 0
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)


def fuzz_reader(
    known: Format, numbers: Iterable[int], seed: int, save: Path | None = None
) -> Tally:
    """Return what became of mutated files for one reader."""
    tally = Tally()
    seeds = compose_seeds(known)
    for number in numbers:
        chance = random.Random(f"{seed}:{known.name}:{number}")  # noqa: S311 - no secret
        document = mutate(chance.choice(seeds), seeds, chance)
        took: list[float] = []
        failure = _try(known, document, tally, took, is_whole=number % 10 == 0)
        tally.slowest = max(tally.slowest, *took)
        if max(took) > LIMIT:
            failure = failure or f"took {max(took):.1f} s"
        if failure:
            tally.failures.append(f"{known.name} {number}: {failure}")
            if save:
                save.mkdir(parents=True, exist_ok=True)
                (save / f"{known.name}-{seed}-{number}").write_bytes(
                    document.encode("utf-8", "surrogateescape")
                )
    return tally


def compose_seeds(known: Format) -> tuple[str, ...]:
    """Return the files that mutation begins with: what all of our writers write, and worse."""
    own = [*_compose(known), *NASTY.get(known.name, ())]
    others = [text for other in FORMATS if other.name in {"srt", "vtt"} for text in _compose(other)]
    return (*own, *own, *own, *others)


def _compose(known: Format) -> tuple[str, ...]:
    if known.compose is None:
        return ()
    return tuple(map(known.compose, sample_subtitles()))


def mutate(document: str, others: Sequence[str], chance: random.Random) -> str:
    """Return ``document`` after one to six changes."""
    for _ in range(chance.randint(1, 6)):
        document = chance.choice(_MUTATIONS)(document, others, chance)[:_LONGEST]
    return document


def _try(known: Format, document: str, tally: Tally, took: list[float], *, is_whole: bool) -> str:
    """Return how reading ``document`` failed; nothing if it did as it should.

    ``took`` gets the seconds of processor time of reading it, and of writing what was read.
    """
    signal.setitimer(signal.ITIMER_REAL, _PATIENCE)
    try:
        with _timed(took):
            subtitles = _read(known, document, is_whole=is_whole)
        tally.read += 1
        tally.cues += len(subtitles.cues)
        if known.compose:
            with _timed(took):
                known.compose(subtitles)
    except SubtoolsError:
        tally.refused += 1
        return ""
    except Exception as error:  # noqa: BLE001 - any is what is looked for
        return f"{type(error).__name__}: {error}"[:300]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return "" if is_whole else _find_lost(known, document, subtitles)


@contextmanager
def _timed(took: list[float]) -> Iterator[None]:
    before = time.process_time()
    try:
        yield
    finally:
        took.append(time.process_time() - before)


def _read(known: Format, document: str, *, is_whole: bool) -> Subtitles:
    if is_whole:
        data = document.encode("utf-8", "surrogateescape")
        return read_subtitles(data, f"file{known.suffixes[0]}")
    if known.parse is None:
        raise SubtoolsError("only written")
    return known.parse(document.encode("utf-8", "replace").decode("utf-8", "replace"))


def _find_lost(known: Format, document: str, subtitles: Subtitles) -> str:
    counted = _COUNTED.get(known.name)
    if counted is None:
        return ""
    timings = len(counted.findall(document.replace("\r\n", "\n").replace("\r", "\n")))
    timings -= sum(len(counted.findall(block.text)) for block in subtitles.blocks)
    told = len(subtitles.cues) + len(subtitles.remarks)
    return f"{timings} lines of times, {told} cues and remarks" if timings > told else ""


# --- mutations --------------------------------------------------------------------


def _flip(document: str, _others: Sequence[str], chance: random.Random) -> str:
    data = bytearray(document.encode("utf-8", "surrogateescape"))
    for _ in range(chance.randint(1, 8)):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data.decode("utf-8", "surrogateescape")


def _change_lines(document: str, _others: Sequence[str], chance: random.Random) -> str:
    lines = document.split("\n")
    for _ in range(chance.randint(1, 4)):
        here, there = chance.randrange(len(lines)), chance.randrange(len(lines))
        kind = chance.randrange(3)
        if kind == 0 and len(lines) > 1:
            del lines[here]
            continue
        if kind == 1:
            lines.insert(here, lines[there])
        else:
            lines[here], lines[there] = lines[there], lines[here]
    return "\n".join(lines)


def _truncate(document: str, _others: Sequence[str], chance: random.Random) -> str:
    cut = chance.randint(0, len(document))
    return document[:cut] if chance.random() < 0.8 else document[cut:]


def _splice(document: str, others: Sequence[str], chance: random.Random) -> str:
    other = chance.choice(others)
    return document[: chance.randint(0, len(document))] + other[chance.randint(0, len(other)) :]


def _insert(document: str, _others: Sequence[str], chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        place = chance.randint(0, len(document))
        document = document[:place] + chance.choice(TOKENS) + document[place:]
    return document


def _replace_number(document: str, _others: Sequence[str], chance: random.Random) -> str:
    numbers = list(re.finditer(r"\d+", document[:50_000]))
    if not numbers:
        return document
    match = chance.choice(numbers)
    worse = chance.choice(
        ["", "-1", "0", "99", "1e9", "NaN", "9" * 30, "9" * 5000, "٣", "１", "1.5"]
    )
    return document[: match.start()] + worse + document[match.end() :]


def _repeat(document: str, _others: Sequence[str], chance: random.Random) -> str:
    """Repeat a piece often: deep nesting, long lines, many cues."""
    start = chance.randint(0, len(document))
    piece = chance.choice([document[start : start + chance.randint(1, 60)], *TOKENS])
    times = chance.choice([2, 10, 300, 3000])
    return document[:start] + piece * times + document[start:]


def _end_lines(document: str, _others: Sequence[str], chance: random.Random) -> str:
    return document.replace("\n", chance.choice(["\r\n", "\r", "\n\n", "\r\r\n", "\u2028", " "]))


_MUTATIONS = (
    *(_flip, _flip, _change_lines, _change_lines, _change_lines, _truncate, _splice),
    *(_insert, _insert, _insert, _replace_number, _repeat, _end_lines),
)


def main() -> int:
    """Return 0 if all files were read or refused as they should."""
    parser = argparse.ArgumentParser(description=__doc__)
    readers = [known.name for known in FORMATS if known.parse]
    parser.add_argument("--count", type=int, default=1000, help="files for each reader")
    parser.add_argument("--reader", choices=readers, action="append")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of one file")
    parser.add_argument("--memory", type=int, default=4096, help="MiB of address space")
    parser.add_argument("--save", type=Path, help="where files that fail are written")
    arguments = parser.parse_args()
    limit = arguments.memory << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    signal.signal(signal.SIGALRM, _give_up)
    numbers = [arguments.only] if arguments.only is not None else range(arguments.count)
    is_good = True
    for known in FORMATS:
        if known.parse and (not arguments.reader or known.name in arguments.reader):
            tally = fuzz_reader(known, numbers, arguments.seed, arguments.save)
            sys.stdout.writelines(f"{line}\n" for line in _report(known, tally))
            sys.stdout.flush()
            is_good = is_good and not tally.failures
    return 0 if is_good else 1


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise HangError(f"still reading after {_PATIENCE} s")


def _report(known: Format, tally: Tally) -> Iterator[str]:
    yield from tally.failures[:20]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield (
        f"{known.name}: {tally.read} read with {tally.cues} cues, {tally.refused} refused, "
        f"{len(tally.failures)} failures; slowest {tally.slowest:.2f} s, peak {peak:.0f} MiB"
    )


if __name__ == "__main__":
    sys.exit(main())
