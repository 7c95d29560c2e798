"""The documents to be cleaned, and texts to hold the result against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from subtools.core import Alignment, Correction, Decision
from subtools.formats.words import parse_words
from subtools.matching import count_edits
from subtools.metrics import Reference, fold_spoken, fold_tokens, parse_reference
from subtools.reading import read_text

_TEXTS = {".txt", ".json", ".rttm", ".md"}  # all other files of that name are its sound


@dataclass(frozen=True, slots=True)
class Talk:
    """A document, its sound and its truth.

    Attributes:
        name: For the tables and the results.
        words: Its timed words, a file.
        sound: What is to be heard.
        alignment: What stands in ``words``.
        truth: What was said.
    """

    name: str
    words: Path
    sound: Path
    alignment: Alignment
    truth: Reference

    @property
    def body(self) -> str:
        """The document as it is."""
        return self.alignment.transcript.body

    @property
    def spoken(self) -> str:
        """All that was said."""
        return "，".join(clause.spoken for clause in self.truth.clauses)


def find_talks(folder: Path) -> Iterator[Talk]:
    """Yield the talks of a folder and of the folders in it.

    A talk is ``NAME.words.json``, ``NAME.ref.json`` and its sound.
    """
    for words in sorted({*folder.glob("*.words.json"), *folder.glob("*/*.words.json")}):
        name = words.name.removesuffix(".words.json")
        reference = words.with_name(f"{name}.ref.json")
        sounds = [f for f in sorted(words.parent.glob(f"{name}.*")) if f.suffix not in _TEXTS]
        if reference.exists() and sounds:
            alignment = parse_words(read_text(words))[0]
            yield Talk(name, words, sounds[0], alignment, parse_reference(read_text(reference)))


def apply_all(body: str, corrections: Sequence[Correction]) -> str:
    """Return a document with the corrections that are applied.

    >>> apply_all("用快熱", [Correction((1, 3), "快熱", "query", Decision.APPLY, 1.0)])
    '用query'
    """
    text, place = "", 0
    for one in sorted(corrections, key=lambda correction: correction.offsets):
        if one.decision is Decision.APPLY and one.offsets[0] >= place:
            text += body[place : one.offsets[0]] + one.after
            place = one.offsets[1]
    return text + body[place:]


def merge_naively(body: str, heard: str) -> str:
    """Return a document with a recogniser's words wherever it hears something else.

    What it alone leaves out stays.

    >>> merge_naively("我們的畢業模型", "我們 閉源模型吧")
    '我 們 的 闭 源 模 型 吧'
    """
    left, right = ([token.folded for token in fold_tokens(text)] for text in (body, heard))
    numbers: dict[str, str] = {}
    texts = [
        "".join(numbers.setdefault(token, chr(0x100 + len(numbers))) for token in tokens)
        for tokens in (left, right)
    ]
    written = fold_tokens(body)
    merged: list[str] = []
    for code in Levenshtein.opcodes(*texts):
        if code.tag in {"equal", "delete"}:
            merged += [body[t.start : t.end] for t in written[code.src_start : code.src_end]]
        else:
            merged += right[code.dest_start : code.dest_end]
    return " ".join(merged)


def error_rate(spoken: str, text: str) -> float:
    """Return the character error rate of ``text``, script, case and number form folded."""
    return count_edits(fold_spoken(spoken), fold_spoken(text)).rate
