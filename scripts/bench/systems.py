"""The systems that are compared, and one run of one of them in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path

from scripts.bench.jobs import Answer, Job
from scripts.bench.stable_env import stable_python
from scripts.bench.talks import Case
from subtools.core import Alignment, Span, Transcript, Word
from subtools.formats.words import parse_words
from subtools.lexicon import word_core
from subtools.models import find_model
from subtools.reading import load_document, read_text

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class System:
    """One way to put a text in time.

    Attributes:
        name: As `--only` takes it.
        title: For the tables.
        module: What is run.
        python: Finds (or makes) the Python that runs it.
        needs: Pairs of a module and a name in it without which it is left out.
        aligns: Whether it gives times; the floor does not.
    """

    name: str
    title: str
    module: str
    python: Callable[[], Path]
    needs: tuple[tuple[str, str], ...] = ()
    aligns: bool = True

    @property
    def is_there(self) -> bool:
        """Whether this checkout has it."""
        return all(
            find_spec(module) is not None and hasattr(import_module(module), name)
            for module, name in self.needs
        )


def _own_python() -> Path:
    return Path(sys.executable)


_WORKER = "scripts.bench.worker"
PHONES = System(
    "phones",
    "subtools, `phones`",
    _WORKER,
    _own_python,
    (("subtools.acoustics", "load_classifier"), ("subtools.alignment", "align_posteriors")),
)
RECOGNITION = System("recognition", "subtools, `recognition`", _WORKER, _own_python)
STABLE_TS = System("stable-ts", "stable-ts `align`", "scripts.bench.stable_child", stable_python)
ENCODER = System("encoder", "bare encoder pass", _WORKER, _own_python, aligns=False)
SYSTEMS = {system.name: system for system in (PHONES, RECOGNITION, STABLE_TS, ENCODER)}


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one run.

    Attributes:
        answer: Times of the stages, memory, versions.
        wall: Seconds the process took, start-up, loading and all documents included.
        alignments: One for each document of the case; none for the floor.
    """

    answer: Answer
    wall: float
    alignments: tuple[Alignment, ...]


def run_system(system: System, case: Case, folder: Path, *, threads: int) -> Run:
    """Run ``system`` on ``case``; nothing of earlier runs is used.

    Args:
        system: What to run.
        case: The sound and its documents.
        folder: An empty folder for the results.
        threads: Processor threads it may use.

    Raises:
        subprocess.CalledProcessError: If it fails; what it said is on stderr.
    """
    folder.mkdir(parents=True)
    job = Job(
        system=system.name,
        sound=str(case.sound),
        documents=tuple(map(str, case.documents)) if system.aligns else (),
        language=case.language,
        threads=threads,
        model=str(find_model()),
        folder=str(folder),
    )
    question, reply = folder / "job.json", folder / "answer.json"
    question.write_text(json.dumps(asdict(job)), encoding="utf-8")
    python = system.python()
    begin = time.perf_counter()
    subprocess.run(
        [str(python), "-m", system.module, str(question), str(reply)],
        check=True,
        cwd=ROOT,
        env=_environment(python, threads),
        stdout=sys.stderr,
    )
    wall = time.perf_counter() - begin
    answer = Answer(**json.loads(reply.read_text(encoding="utf-8")))
    return Run(answer, wall, tuple(_read_results(system, job)))


def _environment(python: Path, threads: int) -> dict[str, str]:
    """Return an environment with the same threads for all, and ffmpeg beside ``python``."""
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    limit = {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    return os.environ | limit | {"PATH": path}


def _read_results(system: System, job: Job) -> list[Alignment]:
    if system is not STABLE_TS:
        results = (job.result(k) for k in range(len(job.documents)))
        return [parse_words(read_text(result))[0] for result in results]
    alignments = []
    for k, document in enumerate(job.documents):
        found = [tuple(word) for word in json.loads(job.result(k).read_text(encoding="utf-8"))]
        transcript = carry_times(load_document(Path(document)), found)
        alignments.append(Alignment(transcript, (), job.language, system.name))
    return alignments


def carry_times(transcript: Transcript, found: Sequence[tuple[str, float, float]]) -> Transcript:
    """Return ``transcript`` with the times of words that were split another way.

    White space is passed over. A word begins where its first letter or digit does; inside a
    found word of several characters, they share its time evenly.

    Args:
        transcript: The document.
        found: Text, onset and offset of each word; joined, they are the document's text.
    """
    letters = ["".join(text.split()) for text, _, _ in found]
    borders = list(accumulate(map(len, letters), initial=0))

    def onset(place: int) -> float | None:
        index = bisect_right(borders, place) - 1
        if index >= len(found) or not letters[index]:
            return None
        _, start, end = found[index]
        share = (place - borders[index]) / len(letters[index])
        return start + share * max(0.0, end - start)

    words, place = [], 0
    for word in transcript.words:
        lead = len("".join(word.text[: word.text.find(word_core(word.text))].split()))
        start = onset(place + lead)
        words.append(Word(word.text, None if start is None else Span(start, start)))
        place += len("".join(word.text.split()))
    return transcript.with_words(words)
