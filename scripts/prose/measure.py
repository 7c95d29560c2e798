"""Measure restored marks: ``python -m scripts.prose.measure WORDS.json...``.

Each file's own marks are the truth, so they must have been set with care. They are taken away
(``bare``) or made mechanical (``mechanical``: a comma for every mark, a full stop about every 90
words), and set anew. Prints F1, precision and recall of sentence ends, the last one of a text left
out, beside what turns and pauses alone say; ``best pause`` is the threshold chosen by the truth.
With ``--no-speakers`` nobody knows who speaks.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from subtools.formats.words import parse_words
from subtools.prose.detecting import MarksKind, detect_marks
from subtools.prose.restoring import Known, restore_marks
from subtools.prose.tokens import Token, pause_after, read_tokens

_THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)  # seconds
_BLOCK = 90  # words between mechanical full stops


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="+", type=Path)
    parser.add_argument("--no-speakers", action="store_true")
    arguments = parser.parse_args()
    print("| text | ends | made by | F1 | precision | recall | any mark F1 | questions F1 |")
    print("|---|---|---|---|---|---|---|---|")
    for path in arguments.words:
        tokens = read_tokens(parse_words(path.read_text(encoding="utf-8"))[0])
        if arguments.no_speakers:
            tokens = tuple(replace(token, speaker=None) for token in tokens)
        for row in measure(path.parent.parent.name, tokens):
            print(row)


def measure(name: str, tokens: Sequence[Token]) -> Iterable[str]:
    """Yield the rows of one text."""
    ends, marks, asked = places(tokens)
    turns = {k for k in range(len(tokens) - 1) if tokens[k].speaker != tokens[k + 1].speaker}
    rests = {k: pause_after(tokens[k], tokens[k + 1]) or 0.0 for k in range(len(tokens) - 1)}

    def by_pause(threshold: float) -> set[int]:
        return turns | {k for k, rest in rests.items() if rest >= threshold}

    best = max(_THRESHOLDS, key=lambda threshold: f1(ends, by_pause(threshold))[0])
    found = {
        "none": set[int](),
        "turns": turns,
        "turns, pauses of 0.3 s": by_pause(0.3),
        f"turns, best pause ({best} s)": by_pause(best),
    }
    for label, guess in found.items():
        yield compose_row(name, label, len(ends), f1(ends, guess))
    for label, stripped in {"bare": strip(tokens), "mechanical": mechanise(tokens)}.items():
        kind = MarksKind.MISSING if label == "bare" else MarksKind.MECHANICAL
        restored = places(restore_marks(stripped, Known(kind)))
        others = (f1(marks, restored[1])[0], f1(asked, restored[2])[0])
        sees = f"{label}, seen as {detect_marks(stripped)}"
        yield compose_row(name, f"restored ({sees})", len(ends), f1(ends, restored[0]), others)


def places(tokens: Sequence[Token]) -> tuple[set[int], set[int], set[int]]:
    """Return the words that end sentences, that have a mark, and that end questions."""
    inner = list(enumerate(tokens[:-1]))
    return (
        {k for k, token in inner if token.is_end},
        {k for k, token in inner if token.mark},
        {k for k, token in inner if {"?", "？"} & set(token.mark)},
    )


def strip(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return ``tokens`` without marks."""
    return tuple(replace(token, mark="") for token in tokens)


def mechanise(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return ``tokens`` as some recognisers leave them."""
    made, since = [], 0
    for token in tokens:
        since += 1
        is_stop = bool(token.mark) and since >= _BLOCK
        made.append(replace(token, mark=("。" if is_stop else "，") if token.mark else ""))
        since = 0 if is_stop else since
    return tuple(made)


def f1(wanted: set[int], found: set[int]) -> tuple[float, float, float]:
    """Return F1, precision and recall."""
    right = len(wanted & found)
    return (
        2 * right / max(1, len(wanted) + len(found)),
        right / max(1, len(found)),
        right / max(1, len(wanted)),
    )


def compose_row(
    name: str,
    label: str,
    count: int,
    scores: Sequence[float],
    others: Sequence[float] = (),
) -> str:
    """Return a row of the table."""
    numbers = [f"{value:.2f}" for value in (*scores, *others)]
    return "| " + " | ".join([name, str(count), label, *numbers, *[""] * (5 - len(numbers))]) + " |"


if __name__ == "__main__":
    main()
