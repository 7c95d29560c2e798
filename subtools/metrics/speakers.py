"""Who said each word, and under which name, against who really did."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from subtools.core import Seconds, Turn, Word
from subtools.lexicon import word_core
from subtools.metrics.alignment import check_same_document
from subtools.metrics.reference import Clause, Reference
from subtools.metrics.summary import finite
from subtools.pairing import pair_best
from subtools.spans import join_turns

# What says that nobody knows the name: SPEAKER_02, Speaker 2, 觀眾 1, 講者 3, 未知.
_NO_NAME = re.compile(
    r"(?:speaker|spk|audience|unknown|觀眾|观众|聽眾|听众|講者|讲者|說話人|说话人|未知)[\s_#-]*\d*",
    re.IGNORECASE,
)

Accepted = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class SpeakerScore:
    """How many of the spoken words have the right speaker, and the right name.

    A word is a Han character, a number, or a word in another script. The names are
    compared as they are written; who speaks, by ``mapping`` whatever the names.

    Attributes:
        words: Spoken words whose speaker is known to the reference.
        wrong_speaker: Those given to somebody else, or to nobody.
        nobody: Those given to nobody.
        right_name: Words under the right name, or one that is accepted for it.
        wrong_name: Words under the name of somebody else.
        unknown_name: Words under no name: a label, a number in the audience, or nobody.
        speakers: True speakers of these words.
        speakers_found: Speakers they were given to.
        mapping: The found speaker that stands for each true one (as far as one does), so
            that most words agree.
    """

    words: int
    wrong_speaker: int
    nobody: int
    right_name: int
    wrong_name: int
    unknown_name: int
    speakers: int
    speakers_found: int
    mapping: Mapping[str, str]

    @property
    def speaker_error(self) -> float:
        """Share of the words with a wrong speaker or none; NaN without words."""
        return self._share(self.wrong_speaker)

    @property
    def name_right(self) -> float:
        """Share of the words under the right name; NaN without words."""
        return self._share(self.right_name)

    @property
    def name_wrong(self) -> float:
        """Share of the words under the name of somebody else; NaN without words."""
        return self._share(self.wrong_name)

    @property
    def name_unknown(self) -> float:
        """Share of the words under no name; NaN without words."""
        return self._share(self.unknown_name)

    def _share(self, count: int) -> float:
        return count / self.words if self.words else float("nan")

    def as_dict(self) -> dict[str, Any]:
        """Return shares and counts as plain data for JSON, None for NaN."""
        shares = {
            "speaker_error": self.speaker_error,
            "name_right": self.name_right,
            "name_wrong": self.name_wrong,
            "name_unknown": self.name_unknown,
        }
        plain: dict[str, Any] = finite(shares | asdict(self) | {"mapping": dict(self.mapping)})
        return plain


def score_speakers(
    words: Sequence[Word], reference: Reference, *, accept: Accepted | None = None
) -> SpeakerScore:
    """Return how many of ``words`` have the right speaker and the right name.

    A word belongs to the clause in which its first letter or digit stands, by its place in
    the body, so this does not depend on times. What the reference has no clause for (all
    after ``truth_until``, too) does not count. A word without a speaker is an error, and
    its name is unknown.

    Args:
        words: All words of a document, in order; joined, they are its body.
        reference: The truth about it; it may end before the document does.
        accept: For true names, what counts as right besides: ``{"宋老師": ["主持人"]}``.

    Raises:
        DocumentError: If the words are not those of the reference's document.
    """
    check_same_document("".join(word.text for word in words), reference.clauses)
    clauses = [c for c in reference.clauses if c.start < reference.truth_until]
    return _score(list(_claims_of_words(words, clauses)), accept or {})


def score_turn_speakers(
    turns: Sequence[Turn], reference: Reference, *, accept: Accepted | None = None
) -> SpeakerScore:
    """Return how many of the words of ``reference`` lie in a turn of the right speaker.

    For turns without a text: each character, figure or word as spoken is looked up by the
    middle of its time. Where several turns sound there, one of the right speaker is enough
    (``score_turns`` counts what is too much).

    Args:
        turns: Who speaks when, in any order.
        reference: The truth; what begins after ``truth_until`` does not count.
        accept: For true names, what counts as right besides.
    """
    units = [unit for unit in reference.units if unit.start < reference.truth_until]
    found = _speaking(turns, [(unit.start + unit.end) / 2 for unit in units])
    claims = [
        _Claim(reference.clauses[unit.clause].speaker, names)
        for unit, names in zip(units, found, strict=True)
    ]
    return _score(claims, accept or {})


class _Claim(NamedTuple):
    """Who said a word, and who is said to have said it: one, several or nobody."""

    true: str
    found: frozenset[str]


def _claims_of_words(words: Sequence[Word], clauses: Sequence[Clause]) -> Iterator[_Claim]:
    """Yield a claim for each word with a letter or digit in one of ``clauses``."""
    ordered = sorted(clauses, key=lambda clause: clause.doc)
    begins = [clause.doc[0] for clause in ordered]
    places = accumulate((len(word.text) for word in words), initial=0)
    for place, word in zip(places, words, strict=False):
        core = word_core(word.text)
        letter = place + word.text.find(core)
        index = bisect_right(begins, letter) - 1
        if core and index >= 0 and letter < ordered[index].doc[1]:
            found = frozenset() if word.speaker is None else frozenset({word.speaker})
            yield _Claim(ordered[index].speaker, found)


def _speaking(turns: Sequence[Turn], moments: Sequence[Seconds]) -> list[frozenset[str]]:
    """Return who speaks at each of ``moments``."""
    speaking: list[set[str]] = [set() for _ in moments]
    times = np.array(moments)
    for name in sorted({turn.speaker for turn in turns}):
        own = join_turns((turn for turn in turns if turn.speaker == name), 0.0)
        ends = np.array([turn.end for turn in own])
        latest = np.searchsorted([turn.start for turn in own], times, side="right") - 1
        for k in np.flatnonzero((latest >= 0) & (times < ends[latest])).tolist():
            speaking[k].add(name)
    return list(map(frozenset, speaking))


def _score(claims: Sequence[_Claim], accept: Accepted) -> SpeakerScore:
    counted = Counter(claims)
    mapping = _map_speakers(counted)
    names: Counter[bool | None] = Counter()
    for claim, count in counted.items():
        names[_judge_name(claim, accept)] += count
    right = sum(n for claim, n in counted.items() if mapping.get(claim.true) in claim.found)
    return SpeakerScore(
        words=len(claims),
        wrong_speaker=len(claims) - right,
        nobody=sum(count for claim, count in counted.items() if not claim.found),
        right_name=names[True],
        wrong_name=names[False],
        unknown_name=names[None],
        speakers=len({claim.true for claim in counted}),
        speakers_found=len(frozenset[str]().union(*(claim.found for claim in counted))),
        mapping=mapping,
    )


def _map_speakers(counted: Mapping[_Claim, int]) -> dict[str, str]:
    """Return the found speaker for each true one, so that most words agree."""
    true = sorted({claim.true for claim in counted})
    found = sorted(frozenset[str]().union(*(claim.found for claim in counted)))
    together = np.zeros((len(true), len(found)))
    for claim, count in counted.items():
        for name in claim.found:
            together[true.index(claim.true), found.index(name)] += count
    return {true[a]: found[b] for a, b in pair_best(together)}


def _judge_name(claim: _Claim, accept: Accepted) -> bool | None:
    """Return whether the name is right; None if there is none."""
    if claim.true in claim.found or claim.found & set(accept.get(claim.true, ())):
        return True
    return None if all(map(_NO_NAME.fullmatch, claim.found)) else False
