"""The reference of a document with errors: where it differs from what was said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from rapidfuzz.distance import Levenshtein

from subtools.matching import pair_symbols
from subtools.metrics.folding import Token, fold_tokens

MARKS = "，。？！；：、,.?!;:"
Pair = tuple[tuple[int, int], tuple[int, int]]  # a stretch of one text, and of the other


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause while its place in the document is looked for: which, and what was said."""

    entries: tuple[Mapping[str, Any], ...]
    doc: tuple[int, int]

    @property
    def spoken(self) -> str:
        return _join(entry["spoken"] for entry in self.entries)


def refer_document(
    body: str, truth: Mapping[str, Any], places: Sequence[tuple[int, int]] | None = None
) -> dict[str, Any]:
    """Return the reference of a document whose text is ``body``.

    Its clauses are those that were said; one of which the document has nothing is joined to
    the clause before it. ``corrections`` has every stretch that is not what was said, whole
    words and numbers; where words are missing, ``seed`` is empty.

    Args:
        body: The document without header and line breaks.
        truth: Reference of the recording.
        places: Where its clauses stand in ``body``; else that is found out.
    """
    said = truth["clauses"]
    placed = (
        _place_clauses(body, said)
        if places is None
        else (_Clause((clause,), place) for clause, place in zip(said, places, strict=True))
    )
    clauses = list(_join_empty(placed))
    units, entries = list(_move_units(clauses, truth["units"])), []
    for index, clause in enumerate(clauses):
        text = body[slice(*clause.doc)]
        first, last = clause.entries[0], clause.entries[-1]
        entries.append(
            {
                "index": index,
                "text": text,
                "spoken": clause.spoken,
                "start": first["start"],
                "end": last["end"],
                "speaker": first["speaker"],
                "turn": first["turn"],
                "doc": list(clause.doc),
                "naive_index": index,
            }
        )
    by_clause = {k: list(g) for k, g in groupby(units, key=lambda unit: int(unit["clause"]))}
    corrections = [
        found for entry in entries for found in _differences(entry, by_clause[entry["index"]])
    ]
    turns = [turn | {"doc": _turn_place(k, entries)} for k, turn in enumerate(truth["turns"])]
    return {
        **truth,
        "turns": [turn for turn in turns if turn["doc"]],
        "clauses": entries,
        "units": units,
        "corrections": corrections,
    }


def _place_clauses(body: str, clauses: Sequence[Mapping[str, Any]]) -> Iterator[_Clause]:
    """Yield where each clause stands, as far as equal characters and marks tell."""
    written = [(c, token.start, token.end) for token in fold_tokens(body) for c in token.folded]
    said = [(c, k) for k, clause in enumerate(clauses) for c in _folded(clause["spoken"])]
    first_of = [
        next((i for i, (_, k) in enumerate(said) if k == n), 0) for n in range(len(clauses))
    ]
    equal = [
        (int(i), int(j))
        for i, j in pair_symbols([c for c, _ in said], [c for c, *_ in written])
        if said[i][0] == written[j][0]
    ]
    borders = [0]
    for first in first_of[1:]:
        before = max((pair for pair in equal if pair[0] < first), default=(-1, -1))
        after = min((pair for pair in equal if pair[0] >= first), default=(len(said), len(written)))
        gap = (
            written[before[1]][2] if before[1] >= 0 else 0,
            written[after[1]][1] if after[1] < len(written) else len(body),
        )
        share = (first - before[0] - 1) / max(1, after[0] - before[0] - 1)
        borders.append(max(borders[-1], _find_border(body, *gap, share)))
    for clause, start, end in zip(clauses, borders, [*borders[1:], len(body)], strict=True):
        yield _Clause((clause,), _trim(body, start, end))


def _find_border(body: str, start: int, end: int, share: float) -> int:
    """Return where a clause ends in [start, end): after the mark nearest to ``share`` of it."""
    expected = start + share * (end - start)
    marks = [k + 1 for k in range(start, end) if body[k] in MARKS]
    return min(marks, key=lambda mark: abs(mark - expected)) if marks else round(expected)


def _folded(text: str) -> str:
    return "".join(token.folded for token in fold_tokens(text))


def _trim(body: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without marks and spaces at its ends."""
    tokens = fold_tokens(body[start:end])
    return (start + tokens[0].start, start + tokens[-1].end) if tokens else (start, start)


def _join_empty(clauses: Iterable[_Clause]) -> Iterator[_Clause]:
    pending: _Clause | None = None
    for clause in clauses:
        if pending is None:
            pending = clause
        elif pending.doc[0] == pending.doc[1]:
            pending = _Clause((*pending.entries, *clause.entries), clause.doc)
        elif clause.doc[0] == clause.doc[1]:
            pending = replace(pending, entries=(*pending.entries, *clause.entries))
        else:
            yield pending
            pending = clause
    if pending is not None:
        yield pending


def _join(texts: Iterator[str]) -> str:
    """Return clauses as one; Latin words stay apart."""
    joined = ""
    for text in texts:
        joined += (" " if joined and joined[-1].isascii() and text[:1].isascii() else "") + text
    return joined


def _move_units(
    clauses: Sequence[_Clause], units: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield the units with the numbers and places of the joined clauses."""
    moved = {}
    for number, clause in enumerate(clauses):
        place = 0
        for entry in clause.entries:
            place = clause.spoken.index(entry["spoken"], place)
            moved[entry["index"]] = (number, place)
            place += len(entry["spoken"])
    for unit in units:
        number, place = moved[unit["clause"]]
        yield {**unit, "clause": number, "k": [place + k for k in unit["k"]]}


def _turn_place(number: int, clauses: Sequence[Mapping[str, Any]]) -> list[int]:
    own = [clause["doc"] for clause in clauses if clause["turn"] == number]
    return [own[0][0], own[-1][1]] if own else []


def _differences(
    clause: Mapping[str, Any], units: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield what a clause says otherwise than it was said."""
    for (a, b), (first, last) in differing_stretches(clause["text"], clause["spoken"]):
        said = [u for u in units if u["k"][0] < max(last, first + 1) and first < u["k"][1]]
        said = said or list(units)
        start = clause["doc"][0] + a
        yield {
            "seed": clause["text"][a:b],
            "spoken": clause["spoken"][first:last],
            "clause": clause["index"],
            "start": said[0]["s"],
            "end": said[-1]["e"],
            "doc": [start, start + b - a],
        }


def differing_stretches(written: str, spoken: str) -> list[Pair]:
    """Return where two versions of a clause differ, in whole words and numbers.

    >>> [("bench马可"[a:b], "benchmark可"[c:d])
    ...     for (a, b), (c, d) in differing_stretches("bench马可", "benchmark可")]
    [('bench马', 'benchmark')]
    """
    left, right = fold_tokens(written), fold_tokens(spoken)
    owners = [[k for k, t in enumerate(ts) for _ in t.folded] for ts in (left, right)]
    folded = ["".join(token.folded for token in tokens) for tokens in (left, right)]
    stretches: list[list[int]] = []
    for code in Levenshtein.opcodes(*folded):
        if code.tag == "equal":
            continue
        a, b = _owners(owners[0], code.src_start, code.src_end)
        c, d = _owners(owners[1], code.dest_start, code.dest_end)
        stretches.append([a, b, c, d])
    merged = _settle(stretches, owners, folded)
    return [(_span(left, a, b), _span(right, c, d)) for a, b, c, d in merged]


def _owners(owners: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """Return the tokens [first, last) that a stretch of folded characters touches."""
    if start < end:
        return owners[start], owners[end - 1] + 1
    inside = 0 < start < len(owners) and owners[start - 1] == owners[start]
    first = owners[start] if start < len(owners) else (owners[-1] + 1 if owners else 0)
    return first, first + inside


def _settle(
    stretches: Sequence[list[int]], owners: Sequence[Sequence[int]], folded: Sequence[str]
) -> list[list[int]]:
    """Return the stretches with whole words on both sides, those that touch made one."""
    starts = [[owners[side].index(k) for k in sorted(set(owners[side]))] for side in (0, 1)]
    ends = [[*starts[side][1:], len(folded[side])] for side in (0, 1)]
    pairs = [dict(_equal_pairs(folded)), {j: i for i, j in _equal_pairs(folded)}]
    grown: list[list[int]] = []
    for a, b, c, d in stretches:
        before = None
        while before != (a, b, c, d):
            before = (a, b, c, d)
            c, d = _cover(
                c,
                d,
                [pairs[0].get(i) for k in range(a, b) for i in range(starts[0][k], ends[0][k])],
                owners[1],
            )
            a, b = _cover(
                a,
                b,
                [pairs[1].get(j) for k in range(c, d) for j in range(starts[1][k], ends[1][k])],
                owners[0],
            )
        if grown and (grown[-1][1] >= a and grown[-1][3] >= c):
            grown[-1] = [
                min(grown[-1][0], a),
                max(b, grown[-1][1]),
                min(grown[-1][2], c),
                max(d, grown[-1][3]),
            ]
        else:
            grown.append([a, b, c, d])
    return grown


def _equal_pairs(folded: Sequence[str]) -> list[tuple[int, int]]:
    return [
        (block.a + k, block.b + k)
        for block in Levenshtein.opcodes(*folded).as_matching_blocks()
        for k in range(block.size)
    ]


def _cover(
    first: int, last: int, partners: Sequence[int | None], owners: Sequence[int]
) -> tuple[int, int]:
    tokens = [owners[p] for p in partners if p is not None]
    if not tokens:
        return first, last
    if first == last:
        return min(tokens), max(tokens) + 1
    return min(first, *tokens, first), max(last, max(tokens) + 1)


def _span(tokens: Sequence[Token], first: int, last: int) -> tuple[int, int]:
    """Return the characters of tokens [first, last); none stand where the next begins."""
    if first < last:
        return tokens[first].start, tokens[last - 1].end
    place = tokens[first].start if first < len(tokens) else (tokens[-1].end if tokens else 0)
    return place, place
