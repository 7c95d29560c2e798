"""Which of the candidates for the same words are worth weighing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from subtools.cleaning.candidates import is_han
from subtools.cleaning.comparing import Fit
from subtools.cleaning.values import Candidate, fold
from subtools.core import EvidenceKind
from subtools.matching import likeness

NOT_AGAINST = -2.0  # nats; what fits the sound worse than what is written is not what was said
ALMOST = 0.75  # likeness of letters from which there is only a slip between two spellings
HEARD = 3.0  # nats; a smaller difference decides nothing
MOST_RIVALS = 4  # candidates for the same words that are looked at closely


def fits_the_sound(fit: Fit | None) -> bool:
    """Tell whether it is worth to look closely at what fits so."""
    return fit is None or fit.gain >= NOT_AGAINST


def choose_candidates(
    candidates: Sequence[Candidate], fits: Sequence[Fit | None], odds: Sequence[float]
) -> list[int]:
    """Return which candidates are worth a closer look: of rivals the likeliest.

    Where the same is proposed for more and for fewer words, it is for those that are spelled
    almost so, else the sound decides.

    Args:
        candidates: All that were found.
        fits: How each fits the sound; None where nobody listened.
        odds: How likely each is by what is known so far; log odds.
    """
    gains = [0.0 if fit is None else fit.gain // HEARD for fit in fits]
    tightest = sorted(
        range(len(candidates)),
        key=lambda k: (
            -_slip(candidates[k]),
            -gains[k],
            _stretching(candidates[k]),
            len(candidates[k].words),
            k,
        ),
    )
    chosen = Places()
    for k in sorted(_without_doubles(candidates, tightest), key=lambda k: (-odds[k], k)):
        if len(chosen.at(candidates[k].words)) < MOST_RIVALS:
            chosen.put(k, candidates[k].words)
    return sorted(chosen.all, key=lambda k: (candidates[k].offsets, k))


@dataclass(slots=True)
class Places:
    """Which candidates are about which words.

    Attributes:
        all: Those put here.
    """

    all: set[int] = field(default_factory=set)
    _by_word: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def put(self, candidate: int, words: range) -> None:
        """Put a candidate here."""
        self.all.add(candidate)
        for word in words:
            self._by_word[word].add(candidate)

    def at(self, words: range) -> set[int]:
        """Return the candidates about any of ``words``."""
        return {candidate for word in words for candidate in self._by_word.get(word, ())}


def _slip(candidate: Candidate) -> float:
    """Return how alike two spellings are between which there is only a slip; else 0."""
    if candidate.is_read_so:
        return 1.0
    if is_han(candidate.after):
        return 0.0
    alike = likeness(fold(candidate.before), fold(candidate.after))
    return alike if alike >= ALMOST else 0.0


def _stretching(candidate: Candidate) -> int:
    """Return by how many characters the text would get longer or shorter; 0 in other letters."""
    if not is_han(candidate.after):
        return 0
    return abs(len(candidate.after) - len(candidate.words))


def _without_doubles(candidates: Sequence[Candidate], order: Sequence[int]) -> list[int]:
    """Return the first in ``order`` of those that propose the same for overlapping words."""
    kept: dict[str, list[int]] = {}
    for k in order:
        same = kept.setdefault(fold(candidates[k].after), [])
        if not any(overlap(candidates[j], candidates[k]) for j in same):
            same.append(k)
    return [k for same in kept.values() for k in same]


def overlap(a: Candidate, b: Candidate) -> bool:
    """Tell whether both are about the same words."""
    return a.words.start < b.words.stop and b.words.start < a.words.stop


def is_trusted(candidate: Candidate) -> bool:
    """Tell whether somebody vouches for the spelling of what is proposed."""
    return candidate.origin in {EvidenceKind.GLOSSARY, EvidenceKind.CONSISTENCY}
