"""Edit operations over long sequences.

Three steps make hours cheap and the result sensible. What stands once on both sides, ten
symbols in a row, anchors the alignment, in the longest chain that keeps its order: so a
passage that is missing on one side, and another on the other, cost nothing between them.
Between two such anchors, equal runs of plain edit distance (bit-parallel) anchor too. What
is left is decided by an affine-gap alignment, because it keeps a missing passage in one
piece where plain edit distance scatters chance matches over it.

Source: B. Cohen, patience diff (unique lines as anchors); O. Gotoh, An improved algorithm
for matching biological sequences (1982).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel, Levenshtein

Ids = npt.NDArray[np.int32]
Pairs = npt.NDArray[np.int32]

_ANCHOR_LENGTH = 10  # equal symbols; five syllables in a row do not agree by chance
_MATCH, _MISMATCH = 2.0, -1.0
_GAP_OPEN, _GAP_EXTEND = 4.0, 0.5  # a chance match of one syllable does not pay inside a gap
_LARGEST_TABLE = 36_000_000  # cells, one byte each; about ten minutes of talk on both sides


@dataclass(frozen=True, slots=True)
class EditCounts:
    """How a hypothesis differs from a reference.

    Attributes:
        hits: Symbols that agree.
        substitutions: Reference symbols replaced by another.
        deletions: Reference symbols that are missing.
        insertions: Hypothesis symbols too many.
    """

    hits: int
    substitutions: int
    deletions: int
    insertions: int

    @property
    def reference_length(self) -> int:
        """Number of symbols in the reference."""
        return self.hits + self.substitutions + self.deletions

    @property
    def errors(self) -> int:
        """Number of edits."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """Edits per reference symbol; infinite where the reference is empty but not the other."""
        if self.reference_length:
            return self.errors / self.reference_length
        return float("inf") if self.errors else 0.0


def count_edits(reference: Sequence[Hashable], hypothesis: Sequence[Hashable]) -> EditCounts:
    """Return the counts of a cheapest way to turn ``reference`` into ``hypothesis``.

    >>> count_edits("kitten", "sitting")
    EditCounts(hits=4, substitutions=2, deletions=0, insertions=1)
    """
    a, b = _to_ids(reference, hypothesis)  # rapidfuzz takes symbols of equal hash for equal: -1, -2
    tags = [operation.tag for operation in Levenshtein.editops(_as_text(a), _as_text(b))]
    substitutions, deletions = tags.count("replace"), tags.count("delete")
    hits = len(reference) - substitutions - deletions
    return EditCounts(hits, substitutions, deletions, tags.count("insert"))


def likeness(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """Return how much of two sequences is the same and in the same order, 0..1.

    >>> round(likeness("主题报告一", "主题报告二"), 2), likeness("", "")
    (0.8, 1.0)
    """
    return float(Indel.normalized_similarity(a, b))


def equal_positions(
    reference: Sequence[Hashable], hypothesis: Sequence[Hashable]
) -> dict[int, int]:
    """Return, for each reference position that agrees, its hypothesis position.

    >>> equal_positions("abcd", "axcd")
    {0: 0, 2: 2, 3: 3}
    """
    a, b = _to_ids(reference, hypothesis)
    return {
        block.a + k: block.b + k
        for block in Levenshtein.opcodes(_as_text(a), _as_text(b)).as_matching_blocks()
        for k in range(block.size)
    }


def pair_symbols(reference: Sequence[Hashable], hypothesis: Sequence[Hashable]) -> Pairs:
    """Return which symbol of one sequence stands where a symbol of the other does.

    Returns:
        An array (n, 2) of reference and hypothesis positions, both increasing; a
        pair's symbols are equal, or one replaces the other.
    """
    a, b = _to_ids(reference, hypothesis)
    pieces = [_pair_piece(a, b, piece) for piece in _pieces_between_anchors(a, b)]
    return np.concatenate(pieces) if pieces else np.zeros((0, 2), np.int32)


def equal_runs(
    reference: Sequence[Hashable], hypothesis: Sequence[Hashable], shortest: int = 1
) -> Pairs:
    """Return the runs of equal symbols in a cheap alignment of two long sequences.

    What stands once on both sides holds the alignment, as in ``pair_symbols``; between,
    plain edit distance decides.

    Args:
        reference: One sequence.
        hypothesis: The other.
        shortest: Symbols; shorter runs are left out.

    Returns:
        An array (n, 3): where a run begins on both sides, and its length; in order.

    >>> equal_runs("abcxdef", "abcdef").tolist()
    [[0, 0, 3], [4, 3, 3]]
    """
    a, b = _to_ids(reference, hypothesis)
    runs: list[list[int]] = []
    for run in _plain_runs(a, b):
        if runs and [runs[-1][0] + runs[-1][2], runs[-1][1] + runs[-1][2]] == [run.a0, run.b0]:
            runs[-1][2] += run.a1 - run.a0
        else:
            runs.append([run.a0, run.b0, run.a1 - run.a0])
    return np.array([run for run in runs if run[2] >= shortest], np.int32).reshape(-1, 3)


@dataclass(frozen=True, slots=True)
class _Piece:
    """The same stretch of both sequences: [a0, a1) and [b0, b1)."""

    a0: int
    a1: int
    b0: int
    b1: int
    is_anchor: bool = False


def _to_ids(*sequences: Sequence[Hashable]) -> list[Ids]:
    """Return the sequences as arrays in which equal symbols have equal numbers."""
    numbers: dict[Hashable, int] = {}
    return [
        np.fromiter(
            (numbers.setdefault(s, len(numbers)) for s in sequence), np.int32, len(sequence)
        )
        for sequence in sequences
    ]


def _pieces_between_anchors(a: Ids, b: Ids) -> Iterator[_Piece]:
    """Yield the anchors and what lies between them, in order."""
    a_done = b_done = 0
    for run in _unique_runs(a, b):
        yield from _pieces_by_edit_distance(a, b, _Piece(a_done, run.a0, b_done, run.b0))
        yield run
        a_done, b_done = run.a1, run.b1
    yield from _pieces_by_edit_distance(a, b, _Piece(a_done, len(a), b_done, len(b)))


def _plain_runs(a: Ids, b: Ids) -> Iterator[_Piece]:
    """Yield the equal runs of any length, in order; neighbours may belong together."""
    a_done = b_done = 0
    for run in (*_unique_runs(a, b), _Piece(len(a), len(a), len(b), len(b))):
        left, right = _as_text(a[a_done : run.a0]), _as_text(b[b_done : run.b0])
        for block in Levenshtein.opcodes(left, right).as_matching_blocks():
            if block.size:
                i, j = a_done + block.a, b_done + block.b
                yield _Piece(i, i + block.size, j, j + block.size, is_anchor=True)
        if run.a0 < run.a1:
            yield run
        a_done, b_done = run.a1, run.b1


def _unique_runs(a: Ids, b: Ids) -> Iterator[_Piece]:
    """Yield the longest chain of equal runs made of stretches that stand once on both sides."""
    places = _unique_stretches(b)
    shared = [(i, places[s]) for s, i in _unique_stretches(a).items() if s in places]
    run: _Piece | None = None
    for i, j in _longest_chain(shared):
        grown = _Piece(i, i + _ANCHOR_LENGTH, j, j + _ANCHOR_LENGTH, is_anchor=True)
        if run is not None and i - j == run.a0 - run.b0 and i <= run.a1:
            run = replace(run, a1=grown.a1, b1=grown.b1)
        elif run is None or (i >= run.a1 and j >= run.b1):
            if run is not None:
                yield run
            run = grown
    if run is not None:
        yield run


def _unique_stretches(ids: Ids) -> dict[bytes, int]:
    """Return the place of every stretch of ``_ANCHOR_LENGTH`` symbols that stands only once."""
    if len(ids) < _ANCHOR_LENGTH:
        return {}
    windows = np.lib.stride_tricks.sliding_window_view(ids, _ANCHOR_LENGTH)
    places: dict[bytes, int] = {}
    for index, window in enumerate(np.ascontiguousarray(windows)):
        stretch = window.tobytes()
        places[stretch] = -1 if stretch in places else index
    return {stretch: index for stretch, index in places.items() if index >= 0}


def _longest_chain(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the most points, in order of their first numbers, whose second ones increase too."""
    ends: list[int] = []  # the smallest second number that ends a chain of each length
    last: list[int] = []  # ... and which point that is
    before = []
    for index, (_, second) in enumerate(points):
        length = bisect_left(ends, second)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [second]
        last[length : length + 1] = [index]
    chain = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(points[index])
        index = before[index]
    return chain[::-1]


def _pieces_by_edit_distance(a: Ids, b: Ids, within: _Piece) -> Iterator[_Piece]:
    """Yield the long equal runs of a cheapest plain alignment, and what lies between them."""
    a_done, b_done = within.a0, within.b0
    left, right = a[within.a0 : within.a1], b[within.b0 : within.b1]
    for block in Levenshtein.opcodes(_as_text(left), _as_text(right)).as_matching_blocks():
        if block.size < _ANCHOR_LENGTH:
            continue
        start, opposite = within.a0 + block.a, within.b0 + block.b
        yield _Piece(a_done, start, b_done, opposite)
        a_done, b_done = start + block.size, opposite + block.size
        yield _Piece(start, a_done, opposite, b_done, is_anchor=True)
    yield _Piece(a_done, within.a1, b_done, within.b1)


def _as_text(ids: Ids) -> str:
    """Return one character for each number; rapidfuzz is fastest on ``str``."""
    return "".join(map(chr, (ids + 0x100).tolist()))


def _pair_piece(a: Ids, b: Ids, piece: _Piece) -> Pairs:
    left, right = a[piece.a0 : piece.a1], b[piece.b0 : piece.b1]
    origin = np.array([piece.a0, piece.b0], np.int32)
    if piece.is_anchor:
        return origin + np.arange(len(left), dtype=np.int32)[:, None]
    if not len(left) or not len(right):
        return np.zeros((0, 2), np.int32)
    if len(left) * len(right) > _LARGEST_TABLE:
        return origin + _pair_by_edit_distance(left, right)
    return origin + _pair_by_affine_gaps(left, right)


def _pair_by_edit_distance(a: Ids, b: Ids) -> Pairs:
    """Return the equal pairs of a cheapest plain alignment; for what is too large for a table."""
    pairs = sorted(equal_positions(a.tolist(), b.tolist()).items())
    return np.array(pairs, np.int32).reshape(-1, 2)


# Marks in the table of steps: how the best score of a cell came about, and whether the
# gap that ends there was already open one cell earlier.
_DIAGONAL, _SKIP_A, _SKIP_B, _A_WAS_OPEN, _B_WAS_OPEN = 0, 1, 2, 4, 8


def _pair_by_affine_gaps(a: Ids, b: Ids) -> Pairs:
    """Return the pairs of the best global alignment of ``a`` and ``b``."""
    steps = _fill_steps(a, b)
    pairs = []
    i, j, inside = len(a), len(b), -1  # inside: the gap that we follow, -1 none
    while i and j:
        cell = int(steps[i, j])
        step = inside if inside >= 0 else cell & 3
        if step == _DIAGONAL:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif step == _SKIP_A:
            inside = _SKIP_A if cell & _A_WAS_OPEN else -1
            i -= 1
        else:
            inside = _SKIP_B if cell & _B_WAS_OPEN else -1
            j -= 1
    return np.array(pairs[::-1], np.int32).reshape(-1, 2)


def _fill_steps(a: Ids, b: Ids) -> npt.NDArray[np.uint8]:
    """Return the table of steps, one row of it at a time computed as a vector."""
    ramp = _GAP_EXTEND * np.arange(len(b) + 1)
    steps = np.zeros((len(a) + 1, len(b) + 1), np.uint8)
    best = np.where(ramp > 0, -_GAP_OPEN - ramp + _GAP_EXTEND, 0.0)
    skip_a = np.full(len(b) + 1, -np.inf)
    steps[0, 1:] = _SKIP_B | _B_WAS_OPEN
    for i in range(1, len(a) + 1):
        opened, extended = best - _GAP_OPEN, skip_a - _GAP_EXTEND
        skip_a = np.maximum(opened, extended)
        diagonal = np.full(len(b) + 1, -np.inf)
        diagonal[1:] = best[:-1] + np.where(b == a[i - 1], _MATCH, _MISMATCH)
        both = np.maximum(diagonal, skip_a)
        skip_b = np.full(len(b) + 1, -np.inf)
        skip_b[1:] = np.maximum.accumulate(both + ramp)[:-1] - _GAP_OPEN - ramp[:-1]
        best = np.maximum(both, skip_b)
        row = np.where(best == diagonal, _DIAGONAL, np.where(best == skip_a, _SKIP_A, _SKIP_B))
        row |= np.where(extended > opened, _A_WAS_OPEN, 0)
        row[1:] |= np.where(skip_b[1:] > both[:-1] - _GAP_OPEN + 1e-9, _B_WAS_OPEN, 0)
        steps[i] = row
    return steps
