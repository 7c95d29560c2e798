"""Which heard phone stands against which written one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtools.matching import pair_symbols
from subtools.merging.spelling import Indices, Talk

# Share of a clause's phones that must agree for it to count as heard: on phone strings,
# spoken clauses agree by 0.88 in the median, clauses of another text by 0.29 at the most.
HEARD_CLAUSE = 0.45


@dataclass(frozen=True, slots=True)
class Pairing:
    """What stands against each written phone.

    Attributes:
        partner: Its heard phone, by number; -1 where there is none.
        agrees: Whether that phone is equal.
    """

    partner: Indices
    agrees: npt.NDArray[np.bool_]

    def partners(self, phones: slice) -> Indices:
        """Return the heard phones that stand against the written ``phones``."""
        found = self.partner[phones]
        return np.asarray(found[found >= 0])

    def taken(self, heard_count: int) -> npt.NDArray[np.bool_]:
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
    for clause in dict.fromkeys(talk.clause_of):
        phones = talk.written.of(clause)
        if not _is_likely(partner[phones], agrees[phones]):
            partner[phones], agrees[phones] = -1, False
    return Pairing(partner, agrees)


def _is_likely(partner: Indices, agrees: npt.NDArray[np.bool_]) -> bool:
    """Tell whether a clause agrees with what was heard better than by chance.

    A clause that finds its sounds scattered over a far longer stretch does not.
    """
    equal = partner[agrees]
    if not len(equal):
        return False
    stretch = max(len(partner), int(equal[-1] - equal[0]) + 1)
    return len(equal) >= HEARD_CLAUSE * stretch
