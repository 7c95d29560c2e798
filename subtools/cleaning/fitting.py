"""How well words fit a stretch of sound: the best path through all ways to say them.

Words are spoken one after the other, with silence between them where there is any. Many
stretches are searched side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.phonetics import NOISE, PHONE_INDEX, SILENCE

FLOOR = 7.0  # nats; as ``alignment`` has it
BATCH = 64  # stretches searched side by side
_NEVER = np.float32(-1e9)
_SILENCE = -1  # in place of a phone

Readings = Sequence[Sequence[str]]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that may be spoken from one frame to another.

    Attributes:
        first: First frame.
        last: The frame after the last one.
        words: For each word the ways to say it; words without one are left out.
        looked_at: Which of the words ``unexplained`` counts.
    """

    first: int
    last: int
    words: tuple[Readings, ...]
    looked_at: range = range(0)


@dataclass(frozen=True, slots=True)
class Score:
    """How well a stretch fits.

    Attributes:
        total: How likely it is, in nats; -inf where there is no room for the words.
        unexplained: By how much the likeliest phones are likelier than those of the words
            looked at, in the time that these take; in nats.
    """

    total: float
    unexplained: float


_NO_ROOM = Score(-np.inf, np.inf)


def fit_words(stretches: Sequence[Stretch], log_probs: npt.NDArray[np.floating]) -> list[Score]:
    """Return how well each stretch is spoken as its words.

    Only stretches of the same frames can be compared.
    """
    scores = [_NO_ROOM] * len(stretches)
    order = sorted(range(len(stretches)), key=lambda k: stretches[k].last - stretches[k].first)
    for start in range(0, len(order), BATCH):
        batch = order[start : start + BATCH]
        graphs = [_build(stretches[k]) for k in batch]
        found = _search(graphs, [stretches[k] for k in batch], log_probs)
        for k, score in zip(batch, found, strict=True):
            scores[k] = score
    return scores


@dataclass(frozen=True, slots=True, eq=False)
class _Graph:
    """States in order: each phone is two, of which the second may last.

    Attributes:
        phones: The phone of each state, or ``_SILENCE``.
        stays: Whether a state may last more than a frame.
        counts: Whether a state belongs to the words looked at.
        before: For each state those that it may follow; -1 is the beginning.
        ends: The states that the whole may end with.
    """

    phones: list[int]
    stays: list[bool]
    counts: list[bool]
    before: list[list[int]]
    ends: list[int]


def _build(stretch: Stretch) -> _Graph:
    graph = _Graph([], [], [], [], [])
    exits = [-1]
    for place, readings in enumerate(stretch.words):
        if not readings:
            continue
        gap = _add(graph, _SILENCE, exits, stays=True)
        entries, exits = [*exits, gap], []
        for reading in readings:
            before = entries
            for phone in reading:
                once = _add(graph, PHONE_INDEX[phone], before, stays=False)
                before = [_add(graph, PHONE_INDEX[phone], [once], stays=True)]
            exits += before
        counted = len(graph.phones) - len(graph.counts)
        graph.counts.extend([place in stretch.looked_at] * counted)
    graph.ends.extend([*exits, _add(graph, _SILENCE, exits, stays=True)])
    graph.counts.append(False)
    return graph


def _add(graph: _Graph, phone: int, before: Sequence[int], *, stays: bool) -> int:
    graph.phones.append(phone)
    graph.stays.append(stays)
    graph.before.append(list(before))
    return len(graph.phones) - 1


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Several graphs as arrays, one row each; two columns stand before the states.

    Column 0 is the beginning, column 1 can never be reached.

    Attributes:
        phones: (rows, states): the phone of each.
        leaves: (rows, states): whether it lasts one frame only.
        counts: (rows, states): 1 where it belongs to the words looked at.
        before: (rows, states, ways): flat place of what may come before.
    """

    phones: npt.NDArray[np.intp]
    leaves: npt.NDArray[np.bool_]
    counts: Floats
    before: npt.NDArray[np.intp]


def _tabulate(graphs: Sequence[_Graph]) -> _Table:
    width = max(len(graph.phones) for graph in graphs)
    ways = max(len(before) for graph in graphs for before in graph.before)
    phones = np.zeros((len(graphs), width), np.intp)
    leaves = np.ones((len(graphs), width), np.bool_)
    counts = np.zeros((len(graphs), width), np.float32)
    before = np.ones((len(graphs), width, ways), np.intp)
    for row, graph in enumerate(graphs):
        states = len(graph.phones)
        phones[row, :states] = graph.phones
        leaves[row, :states] = ~np.array(graph.stays)
        counts[row, :states] = graph.counts
        for state, places in enumerate(graph.before):
            before[row, state, : len(places)] = [0 if p < 0 else p + 2 for p in places]
    before += (np.arange(len(graphs)) * (width + 2))[:, None, None]
    return _Table(phones, leaves, counts, before)


def _search(
    graphs: Sequence[_Graph], stretches: Sequence[Stretch], log_probs: npt.NDArray[np.floating]
) -> list[Score]:
    """Return the score of the best path through each of ``graphs``."""
    table = _tabulate(graphs)
    rows, width = table.phones.shape
    score = np.full((rows, width + 2), _NEVER, np.float32)
    spent = np.zeros((rows, width + 2), np.float32)
    score[:, 0] = 0.0
    emissions = [_emissions(stretch, log_probs) for stretch in stretches]
    results = [_NO_ROOM] * rows
    for frame in range(max(map(len, emissions))):
        heard = np.full((rows, width), _NEVER, np.float32)
        for row in range(rows):
            if frame < len(emissions[row]):
                heard[row] = emissions[row][frame][table.phones[row]]
        _step(table, score, spent, heard, [_peak(some, frame) for some in emissions])
        for row in range(rows):
            if frame == len(emissions[row]) - 1:
                results[row] = _read_end(graphs[row], score[row], spent[row])
    return results


def _step(
    table: _Table, score: Floats, spent: Floats, heard: Floats, peaks: Sequence[float]
) -> None:
    """Compute the scores of one frame, and what the words looked at cost, in place."""
    choices = score.ravel()[table.before]
    best = choices.argmax(axis=2)[:, :, None]
    entered = np.take_along_axis(choices, best, 2)[:, :, 0]
    came_from = np.take_along_axis(table.before, best, 2)[:, :, 0]
    stayed = np.where(table.leaves, _NEVER, score[:, 2:])
    stays = stayed >= entered
    cost = (np.array(peaks, np.float32)[:, None] - heard) * table.counts
    spent[:, 2:] = np.where(stays, spent[:, 2:], spent.ravel()[came_from]) + cost
    score[:, 2:] = np.maximum(np.where(stays, stayed, entered) + heard, _NEVER)
    score[:, 0] = _NEVER


def _peak(emissions: Floats, frame: int) -> float:
    return float(emissions[frame].max()) if frame < len(emissions) else 0.0


def _read_end(graph: _Graph, score: Floats, spent: Floats) -> Score:
    ends = [end + 2 for end in graph.ends if end >= 0]
    best = max(ends, key=lambda end: float(score[end]), default=1)
    if score[best] <= _NEVER / 2:
        return _NO_ROOM
    return Score(float(score[best]), float(spent[best]))


def _emissions(stretch: Stretch, log_probs: npt.NDArray[np.floating]) -> Floats:
    """Return (frames, phones and silence): its log-probabilities, silence as column -1."""
    some = log_probs[stretch.first : stretch.last].astype(np.float32)
    silence = np.logaddexp(some[:, PHONE_INDEX[SILENCE]], some[:, PHONE_INDEX[NOISE]])
    heard: Floats = np.concatenate([some, silence[:, None]], axis=1)
    return np.maximum(heard, np.float32(-FLOOR))
