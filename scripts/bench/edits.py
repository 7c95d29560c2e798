"""Whether edits find their places in a document that was changed since.

    python -m scripts.bench.edits out/words.json

Makes edits of words of the document, changes other words at random, and counts the edits
that are made where they belong, reported, and made elsewhere.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from subtools.core import Alignment, Edit, EditKind
from subtools.diarization import load_words
from subtools.lexicon import word_core
from subtools.revising import Change, move_range, resolve_edits, revise_alignment
from subtools.shifting import shift_alignment

CONTEXT = 12  # characters, as the page saves them
SHIFTS = (0.0, 12.3, -80.0)  # s
SHARES = (0.005, 0.02, 0.05, 0.1)  # of the words
INSERTED, REPLACED = ("嗯", "那個", "對"), "天地玄黃宇宙洪荒"

Offsets = tuple[int, int]


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", type=Path, help="a words.json")
    parser.add_argument("--count", type=int, default=400, help="words that are edited")
    options = parser.parse_args()
    alignment, _ = load_words(options.words)
    places = choose_places(alignment, options.count)
    edits = [make_edit(alignment, place, f"〔{n}〕") for n, place in enumerate(places)]
    print(
        "| the document since | right | reported | words gone | elsewhere |\n|---|---|---|---|---|"
    )
    for shift in SHIFTS:
        print(judge(f"{shift:+.1f} s", shift_alignment(alignment, shift), edits, places, ()))
    for share in SHARES:
        others = change_words(alignment, share)
        changed = revise_alignment(alignment, others, interpolate=True)
        print(judge(f"{share:.1%} of the words", changed, edits, places, others))


def choose_places(alignment: Alignment, count: int) -> list[Offsets]:
    """Return where some words stand, none beside another."""
    words = alignment.transcript.words
    starts = list(accumulate((len(word.text) for word in words), initial=0))
    places: list[Offsets] = []
    chance = random.Random(5)  # noqa: S311 - a benchmark, no secret
    for k in sorted(chance.sample(range(len(words)), count)):
        core = word_core(words[k].text)
        first = starts[k] + words[k].text.find(core)
        if core and (not places or first > places[-1][1] + 1):
            places.append((first, first + len(core)))
    return places


def make_edit(alignment: Alignment, place: Offsets, after: str) -> Edit:
    """Return the edit that the page would save."""
    words, body = alignment.transcript.words, alignment.transcript.body
    ends = accumulate(len(word.text) for word in words)
    time = next(
        (w.span.start for w, end in zip(words, ends, strict=True) if end > place[0] and w.span),
        None,
    )
    left, right = body[max(0, place[0] - CONTEXT) : place[0]], body[place[1] : place[1] + CONTEXT]
    return Edit(EditKind.EDIT, body[slice(*place)], after, left, right, time)


def change_words(alignment: Alignment, share: float) -> tuple[Change, ...]:
    """Return changes of a share of the words: left out, put in, replaced."""
    words = alignment.transcript.words
    chance = random.Random(1)  # noqa: S311 - a benchmark, no secret
    starts = list(accumulate((len(word.text) for word in words), initial=0))
    changes: list[Change] = []
    for k in sorted(chance.sample(range(len(words)), int(share * len(words)))):
        if changes and starts[k] <= changes[-1].offsets[1]:
            continue
        kind = chance.choice("dir")
        end = starts[k] if kind == "i" else starts[k + 1]
        after = {"d": "", "i": chance.choice(INSERTED), "r": chance.choice(REPLACED)}[kind]
        changes.append(Change((starts[k], end), after))
    return tuple(changes)


def judge(
    name: str,
    alignment: Alignment,
    edits: Sequence[Edit],
    places: Sequence[Offsets],
    others: Sequence[Change],
) -> str:
    """Return a row: how many of ``edits`` were made where they belong."""
    found = resolve_edits(alignment, edits)
    wanted = {
        edit.after: move_range(place, others)
        for edit, place in zip(edits, places, strict=True)
        if not any(c.offsets[0] < place[1] and place[0] < c.offsets[1] for c in others)
    }
    right = sum(wanted.get(change.after) == change.offsets for change in found.changes)
    wrong = len(found.changes) - right
    gone = len(edits) - len(wanted)
    return f"| {name} | {right} | {len(found.unfit)} | {gone} | {wrong} |"


if __name__ == "__main__":
    main()
