"""Which heard phone stands against which written one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.matching import pair_symbols
from subtools.merging.spelling import Indices, Talk

# Share of a clause's phones that must agree for it to count as heard: on phone strings,
# spoken clauses agree by 0.88 in the median, clauses of another text by 0.29 at the most.
HEARD_CLAUSE = 0.45
LONGEST_CLAUSE = 24  # words judged together, in texts without punctuation
LONGEST_JUMP = 10  # phones (a second) heard in between; beyond, two parts are judged apart
SMALLEST_PART = 10  # phones (five syllables): so many do not agree in a row by chance,
HEARD_PART = 0.7  # ... nor does this share of them

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pairing:
    """What stands against each written phone.

    Attributes:
        partner: Its heard phone, by number; -1 where there is none.
        agrees: Whether that phone is equal.
    """

    partner: Indices
    agrees: Flags

    def partners(self, phones: slice) -> Indices:
        """Return the heard phones that stand against the written ``phones``."""
        found = self.partner[phones]
        return np.asarray(found[found >= 0])

    def taken(self, heard_count: int) -> Flags:
        """Return, for each of ``heard_count`` heard phones, whether text stands against it."""
        taken = np.zeros(heard_count, bool)
        taken[self.partner[self.partner >= 0]] = True
        return taken


def pair_phones(talk: Talk) -> Pairing:
    """Return the global alignment of both texts, without what agrees only by chance."""
    written, heard = np.array(talk.written.phones), np.array(talk.heard.phones)
    pairs = pair_symbols(talk.written.phones, talk.heard.phones)
    partner = np.full(len(written), -1, np.int64)
    agrees = np.zeros(len(written), bool)
    partner[pairs[:, 0]] = pairs[:, 1]
    agrees[pairs[:, 0]] = written[pairs[:, 0]] == heard[pairs[:, 1]]
    for clause in _judged_together(talk):
        phones = talk.written.of(clause)
        likely = _likely_pairs(partner[phones], agrees[phones])
        partner[phones] = np.where(likely, partner[phones], -1)
        agrees[phones] &= likely
    return Pairing(partner, agrees)


def _judged_together(talk: Talk) -> Iterator[range]:
    """Yield the clauses, very long ones in parts."""
    for clause in dict.fromkeys(talk.clause_of):
        for start in range(clause.start, clause.stop, LONGEST_CLAUSE):
            yield range(start, min(start + LONGEST_CLAUSE, clause.stop))


def _likely_pairs(partner: Indices, agrees: Flags) -> Flags:
    """Return which pairs of a clause agree better than by chance.

    Sounds of a clause that was not spoken are found here and there over a far longer
    stretch. So a clause that was heard with a jump in it is judged in parts.
    """
    equal = np.flatnonzero(agrees)
    if not len(equal):
        return np.zeros(len(agrees), bool)
    jumps = np.diff(partner[equal]) - np.diff(equal)
    parts = np.split(equal, np.flatnonzero(jumps > LONGEST_JUMP) + 1)
    if len(parts) == 1:
        return np.full(len(agrees), _density(equal, partner, len(agrees)) >= HEARD_CLAUSE)
    likely = np.zeros(len(agrees), bool)
    for part in parts:
        whole = slice(int(part[0]), int(part[-1]) + 1)
        dense = _density(part, partner, whole.stop - whole.start) >= HEARD_PART
        likely[whole] = dense and len(part) >= SMALLEST_PART
    return likely


def _density(equal: Indices, partner: Indices, written: int) -> float:
    """Return the share of phones that agree, of the ``written`` or heard, whichever are more."""
    heard = int(partner[equal[-1]] - partner[equal[0]]) + 1
    return len(equal) / max(written, heard)
