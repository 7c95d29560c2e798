"""stable-ts at work, inside its own environment: `python -m scripts.bench.stable_child`."""

from __future__ import annotations

import importlib
import json
import time
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

from scripts.bench.jobs import Answer, Job, peak_bytes, serve


def align(job: Job) -> Answer:
    """Align every document of ``job`` from scratch: stable-ts has nothing to use again."""
    stable_whisper = importlib.import_module("stable_whisper")
    model = stable_whisper.load_faster_whisper(
        job.model, device="cpu", compute_type="int8", cpu_threads=job.threads, local_files_only=True
    )
    parts: dict[str, float] = {}
    peak = 0
    for index, document in enumerate(job.documents):
        text = read_text(Path(document), job.language)
        begin = time.perf_counter()
        # A path is decoded bit by bit, so that memory is flat; a WAV costs next to no time.
        result = model.align(job.sound, text, language=job.language, verbose=None)
        parts = parts or {"align": time.perf_counter() - begin}
        peak = peak or peak_bytes()
        words = [[word.word, float(word.start), float(word.end)] for word in result.all_words()]
        job.result(index).write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    names = ("stable-ts", "faster-whisper", "ctranslate2", "torch")
    return Answer(parts, peak, {name: version(name) for name in names})


def read_text(document: Path, language: str) -> str:
    """Return the text of a ``words.json`` as one line.

    Line breaks become tokens that cost stable-ts accuracy (3.2 s at worst on the clip, 0.6 s
    without), so Chinese paragraphs are joined without anything.
    """
    words = json.loads(document.read_text(encoding="utf-8"))["words"]
    paragraphs = groupby(words, key=lambda word: int(word["paragraph"]))
    separator = "" if language == "zh" else " "
    return separator.join("".join(str(word["text"]) for word in group) for _, group in paragraphs)


if __name__ == "__main__":
    serve(align)
