"""Who says who they are: one name to a voice, one voice to a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from subtools.naming.likeness import Spelling, nearness, sound_alike
from subtools.naming.votes import Vote

_NEARLY = 0.65  # likeness from which on a name may be the same, heard otherwise


def find_merged(votes: Sequence[Vote]) -> frozenset[str]:
    """Return the voices that introduce themselves under several names.

    They are several people's: any name would be wrong for much of what they say.
    """
    claims: dict[str, list[Spelling]] = defaultdict(list)
    for vote in votes:
        if vote.is_claim:
            claims[vote.label].append(vote.spelling)
    return frozenset(label for label, names in claims.items() if _are_several(names))


def drop_weaker_claims(votes: Sequence[Vote]) -> tuple[Vote, ...]:
    """Return ``votes``, of a name that several voices claim only the strongest voice's claims."""
    claimed = {vote.spelling for vote in votes if vote.is_claim}
    best = {spelling: _strongest(spelling, votes) for spelling in claimed}
    return tuple(v for v in votes if not (v.is_claim and v.label not in best[v.spelling]))


def _strongest(spelling: Spelling, votes: Sequence[Vote]) -> frozenset[str]:
    """Return the voices that have most votes of those who claim ``spelling``."""
    same = {other for other in {v.spelling for v in votes} if _is_same(other, spelling)}
    own = [vote for vote in votes if vote.spelling in same]
    weights = {vote.label: 0.0 for vote in own if vote.is_claim}
    for vote in own:
        if vote.label in weights:
            weights[vote.label] += max(0.0, vote.weight)
    most = max(weights.values(), default=0.0)
    return frozenset(label for label, weight in weights.items() if weight == most)


def _are_several(names: Sequence[Spelling]) -> bool:
    return any(not _is_same(a, b) for k, a in enumerate(names) for b in names[:k])


def _is_same(a: Spelling, b: Spelling) -> bool:
    return a == b or sound_alike(a, b) or nearness(a, b) >= _NEARLY
