"""Which of the candidates for the same words are worth weighing."""

from __future__ import annotations

from collections.abc import Sequence

from subtools.cleaning.candidates import fold
from subtools.cleaning.comparing import Fit
from subtools.cleaning.values import Candidate
from subtools.core import EvidenceKind

NOT_AGAINST = -2.0  # nats; what fits the sound worse than what is written is not what was said
MOST_RIVALS = 3  # candidates for the same words that are looked at closely


def choose_candidates(
    candidates: Sequence[Candidate], fits: Sequence[Fit], *, by_sound: bool = True
) -> list[int]:
    """Return which candidates are worth weighing: of rivals those that fit the sound best.

    Args:
        candidates: All that were found.
        fits: How each fits the sound.
        by_sound: Whether the sound has a say.
    """
    order = sorted(range(len(candidates)), key=lambda k: (-fits[k].gain, len(candidates[k].words)))
    chosen: list[int] = []
    for k in order:
        if by_sound and not fits[k].gain >= NOT_AGAINST:
            continue
        rivals = [j for j in chosen if overlap(candidates[j], candidates[k])]
        same = [j for j in rivals if fold(candidates[j].after) == fold(candidates[k].after)]
        if same or len(rivals) >= MOST_RIVALS:
            continue
        chosen.append(k)
    return sorted(chosen, key=lambda k: candidates[k].offsets)


def overlap(a: Candidate, b: Candidate) -> bool:
    """Tell whether both are about the same words."""
    return a.words.start < b.words.stop and b.words.start < a.words.stop


def is_trusted(candidate: Candidate) -> bool:
    """Tell whether somebody vouches for the spelling of what is proposed."""
    return candidate.origin in {EvidenceKind.GLOSSARY, EvidenceKind.CONSISTENCY}
