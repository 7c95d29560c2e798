"""Why a word is marked: runs of words of a passage that a reader should not trust blindly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from subtools.core import Alignment, Finding, Word

DOUBTFUL = 0.5  # as the summary of `caption` counts doubtful words
SURE, DOUBT, GUESS, UNTIMED = "", "doubt", "guess", "untimed"
_REASONS = {
    DOUBT: "low confidence: the time may be wrong",
    GUESS: "timed between its neighbours",
    UNTIMED: "no time: it was not found in the sound",
}


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive words that are marked for the same reason, or not at all.

    Attributes:
        text: The words.
        grade: One of the constants above.
        reason: Why it is marked, in words; empty if it is not.
    """

    text: str
    grade: str
    reason: str = ""


Reasons = Mapping[int, str]


def explain_words(alignment: Alignment) -> dict[int, str]:
    """Return what the findings say of words, by their index in the document."""
    words = alignment.transcript.words
    starts = list(accumulate((len(word.text) for word in words), initial=0))
    reasons: dict[int, str] = {}
    index = 0
    written = sorted(filter(_is_written, alignment.findings), key=_first_character)
    for finding in written:
        first, last = finding.offsets or (0, 0)
        while index < len(words) and starts[index + 1] <= first:
            index += 1
        place = index
        while place < len(words) and starts[place] < last:
            reasons.setdefault(place, f"{finding.kind.value}: {finding.reason}")
            place += 1
    return reasons


def cut_runs(words: Sequence[Word], first: int, reasons: Reasons) -> Iterator[Run]:
    """Yield ``words`` as runs.

    Args:
        words: Consecutive words of the document.
        first: Index of the first of them.
        reasons: What is known of words, by index.
    """
    graded = [(*_explain(word, reasons.get(first + n, "")), word) for n, word in enumerate(words)]
    for (grade, reason), run in groupby(graded, key=lambda item: item[:2]):
        yield Run("".join(word.text for *_, word in run), grade, reason)


def _is_written(finding: Finding) -> bool:
    return finding.offsets is not None


def _first_character(finding: Finding) -> int:
    return finding.offsets[0] if finding.offsets else 0


def _explain(word: Word, known: str) -> tuple[str, str]:
    grade = _grade(word)
    if grade == SURE:
        return SURE, ""
    if known:
        return grade, known
    if grade == DOUBT:
        return grade, f"{_REASONS[DOUBT]} ({word.confidence:.0%} sure)"
    return grade, _REASONS[grade]


def _grade(word: Word) -> str:
    if word.span is None:
        return UNTIMED
    if word.confidence is None:
        return GUESS
    return DOUBT if word.confidence < DOUBTFUL else SURE
