"""Timed words or cues against a reference."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from subtools.core import Cue, Seconds, Word
from subtools.errors import DocumentError
from subtools.lexicon import word_core
from subtools.matching import equal_positions, pair_symbols
from subtools.metrics.boundaries import BoundaryScore, score_boundaries
from subtools.metrics.reference import Clause, Reference
from subtools.metrics.text import TextScore, score_text
from subtools.phonetics import fold_text

_LEAD = 3  # characters; a cue may write the first two of its clause another way


@dataclass(frozen=True, slots=True)
class AlignmentScore:
    """How well the words of a document were put in time.

    Attributes:
        clauses: Onsets of the clauses.
        words: Onsets of the words whose true onset is known.
        units_left_out: Spoken units that no word of the document begins with: the
            second syllable of a number, or what the document writes another way.
        text: The document against what was said, as far as the reference reaches.
    """

    clauses: BoundaryScore
    words: BoundaryScore
    units_left_out: int
    text: TextScore

    def as_dict(self) -> dict[str, Any]:
        """Return the scores as plain data for JSON."""
        return {
            "clauses": self.clauses.as_dict(),
            "words": self.words.as_dict() | {"units_left_out": self.units_left_out},
            "text": self.text.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class CueScore:
    """How well cues were put in time.

    Attributes:
        clauses: Onsets of the clauses, as far as cues begin with them.
        text: All cues against what was said, as far as the reference reaches.
    """

    clauses: BoundaryScore
    text: TextScore

    def as_dict(self) -> dict[str, Any]:
        """Return the scores as plain data for JSON."""
        return {"clauses": self.clauses.as_dict(), "text": self.text.as_dict()}


def score_words(words: Sequence[Word], reference: Reference) -> AlignmentScore:
    """Return how well ``words`` agree with ``reference`` in time.

    The onset of a clause is the onset of the word that holds its first letter or digit
    (an opening quotation mark belongs to that word), found by the clause's place in the
    body; the text is not split again. A unit is compared with the word whose first
    letter it reads; where document and speech differ, the characters that agree tell
    the place.

    Args:
        words: All words of a document, in order; joined, they are its body.
        reference: The truth about it; it may end before the document does.

    Raises:
        DocumentError: If the words are not those of the reference's document.
    """
    document = _Document(words)
    starts = clause_onsets(words, reference)
    units = _unit_onsets(document, reference)
    last = max((clause.doc[1] for clause in reference.clauses), default=0)
    return AlignmentScore(
        clauses=score_boundaries([clause.start for clause in reference.clauses], starts),
        words=score_boundaries(
            list(units.values()), [document.onset_at(position) for position in units]
        ),
        units_left_out=len(reference.units) - len(units),
        text=score_text(" ".join(c.spoken for c in reference.clauses), document.body[:last]),
    )


def clause_onsets(words: Sequence[Word], reference: Reference) -> tuple[Seconds | None, ...]:
    """Return the found onset of each clause of ``reference``, as ``score_words`` takes it.

    Args:
        words: All words of a document, in order; joined, they are its body.
        reference: The truth about it; it may end before the document does.

    Raises:
        DocumentError: If the words are not those of the reference's document.
    """
    document = _Document(words)
    check_same_document(document.body, reference.clauses)
    return tuple(document.onset_at(_first_letter(clause)) for clause in reference.clauses)


class _Document:
    """The words of a document, found by their place in the body."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._borders = list(accumulate((len(word.text) for word in words), initial=0))
        self.body = "".join(word.text for word in words)
        self.cores = {
            border + word.text.find(word_core(word.text))
            for border, word in zip(self._borders, words, strict=False)
            if word_core(word.text)
        }

    def onset_at(self, position: int) -> Seconds | None:
        """Return the onset of the word that holds the character at ``position``."""
        span = self._words[bisect_right(self._borders, position) - 1].span
        return span.start if span else None


def check_same_document(body: str, clauses: Sequence[Clause]) -> None:
    """Refuse a document that is not the one which ``clauses`` are of.

    Raises:
        DocumentError: Naming the first place where they differ.
    """
    for clause in clauses:
        first, last = clause.doc
        if body[first:last] != clause.text:
            raise DocumentError(
                f"the words are those of another document: at character {first} the reference"
                f" has {clause.text!r}, the document {body[first:last]!r}",
                hint="score the document that the reference was made for, not a corrected one",
            )


def _first_letter(clause: Clause) -> int:
    """Return where in the body the first letter or digit of ``clause`` stands."""
    lead = next((k for k, character in enumerate(clause.text) if character.isalnum()), 0)
    return clause.doc[0] + lead


def _unit_onsets(document: _Document, reference: Reference) -> dict[int, Seconds]:
    """Return the true onsets of words by the place in the body where the word proper begins."""
    places = [_spoken_places(clause) for clause in reference.clauses]
    onsets: dict[int, Seconds] = {}
    for unit in reference.units:
        position = places[unit.clause].get(unit.spoken[0])
        if position in document.cores:
            onsets.setdefault(position, unit.start)  # of the units that read 85, the first
    return onsets


def _spoken_places(clause: Clause) -> Mapping[int, int]:
    """Return where in the body each character of what was said stands."""
    agreeing = equal_positions(clause.spoken, clause.text)
    return {spoken: clause.doc[0] + written for spoken, written in agreeing.items()}


def score_cues(cues: Sequence[Cue], reference: Reference) -> CueScore:
    """Return how well ``cues`` agree with ``reference`` in time.

    A subtitle file does not say where its text stands in the document, so the letters
    of all cues are aligned with the letters of all clauses. The onset of a clause is
    the start of the cue that begins with it: one of the clause's first three letters
    stands at the same place in the cue. A clause that begins inside a cue has no time
    of its own and counts as missing, as does one that is not there (unless the clause
    next to it begins with the same words: nothing in the text tells the two apart).

    Args:
        cues: In order of the document.
        reference: The truth; cues that start after ``truth_until`` are left out.
    """
    known = [cue for cue in cues if cue.start <= reference.truth_until]
    written = [fold_text(clause.text) for clause in reference.clauses]
    shown = [fold_text(cue.text) for cue in known]
    places = _equal_places("".join(written), "".join(shown))
    # A cue without letters begins where the next one does, which then takes its place.
    cue_starts = dict(zip(_firsts(shown), (cue.start for cue in known), strict=True))
    starts = [
        _cue_start(range(first, first + min(_LEAD, len(text))), places, cue_starts)
        for first, text in zip(_firsts(written), written, strict=True)
    ]
    return CueScore(
        clauses=score_boundaries([clause.start for clause in reference.clauses], starts),
        text=score_text(
            " ".join(clause.spoken for clause in reference.clauses),
            " ".join(cue.text for cue in known),
        ),
    )


def _firsts(texts: Sequence[str]) -> list[int]:
    """Return where each text begins when all are joined."""
    return list(accumulate(map(len, texts), initial=0))[:-1]


def _equal_places(reference: str, hypothesis: str) -> dict[int, int]:
    """Return, for each letter that agrees, its place in ``hypothesis``.

    Not by plain edit distance, which scatters chance matches over a missing passage.
    """
    pairs = pair_symbols(reference, hypothesis).tolist()
    return {a: b for a, b in pairs if reference[a] == hypothesis[b]}


def _cue_start(
    lead: range, places: Mapping[int, int], cue_starts: Mapping[int, Seconds]
) -> Seconds | None:
    """Return the start of the cue that begins where ``lead``, the first letters, begins."""
    for letter in lead:
        if letter in places:
            return cue_starts.get(places[letter] - (letter - lead.start))
    return None
