"""Texts that do not fit their sound: clauses deleted, foreign ones put in, paragraphs swapped.

Deterministic: the same text, share and seed give the same result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise
from pathlib import Path

import numpy as np

from scripts.bench.talks import make_transcript
from subtools.core import Transcript
from subtools.metrics import Reference

_SWAPPED_CLAUSES = range(3, 25)  # of a paragraph that is swapped
_APART = 1  # paragraphs at least between the two that are swapped, where there are so many


@dataclass(frozen=True, slots=True)
class Piece:
    """A clause of a document with the punctuation after it.

    Attributes:
        text: As written.
        paragraph: Number of its paragraph.
        clause: Index in the reference; None for a foreign clause.
        is_swapped: Whether its paragraph stands where it was not spoken.
    """

    text: str
    paragraph: int
    clause: int | None
    is_swapped: bool = False


@dataclass(frozen=True, slots=True)
class Alteration:
    """A document that was altered.

    Attributes:
        name: For the tables.
        pieces: What the document now consists of.
        deleted: Indexes of the clauses that were taken out.
    """

    name: str
    pieces: tuple[Piece, ...]
    deleted: tuple[int, ...] = ()

    @property
    def transcript(self) -> Transcript:
        """The document."""
        groups = groupby(self.pieces, key=lambda piece: piece.paragraph)
        return make_transcript(["".join(piece.text for piece in group) for _, group in groups])

    @property
    def offsets(self) -> tuple[tuple[int, int], ...]:
        """The characters [first, last) of the body that each piece is."""
        borders = list(accumulate((len(piece.text) for piece in self.pieces), initial=0))
        return tuple(pairwise(borders))


def alter(
    transcript: Transcript, reference: Reference, *, share: float, seed: int, language: str
) -> tuple[Alteration, ...]:
    """Return the three altered versions of a text whose every clause is in the reference.

    Args:
        transcript: The document.
        reference: The truth about all of it.
        share: Of the clauses that are deleted, and inserted.
        seed: Of the random numbers.
        language: Of the clauses put in.
    """
    pieces = split_pieces(transcript, reference)
    return (
        delete_clauses(pieces, share=share, seed=seed),
        insert_clauses(pieces, foreign_clauses(language), share=share, seed=seed),
        swap_paragraphs(pieces, seed=seed),
    )


def split_pieces(transcript: Transcript, reference: Reference) -> tuple[Piece, ...]:
    """Return the pieces of a document; joined, they are its body.

    A clause takes the punctuation after it and, at the beginning, what stands before it.
    """
    body = transcript.body
    ends = list(accumulate(len(paragraph.text) for paragraph in transcript.paragraphs))
    starts = [0, *(clause.doc[0] for clause in reference.clauses[1:]), len(body)]
    return tuple(
        Piece(body[a:b], sum(end <= clause.doc[0] for end in ends), k)
        for k, (clause, a, b) in enumerate(zip(reference.clauses, starts, starts[1:], strict=False))
    )


def delete_clauses(pieces: Sequence[Piece], *, share: float, seed: int) -> Alteration:
    """Return the text without ``share`` of its clauses."""
    generator = np.random.default_rng(seed)
    count = round(share * len(pieces))
    gone = {int(k) for k in generator.choice(len(pieces), count, replace=False)}
    kept = tuple(piece for k, piece in enumerate(pieces) if k not in gone)
    return Alteration("deleted", kept, tuple(sorted(gone)))


def insert_clauses(
    pieces: Sequence[Piece], foreign: Sequence[str], *, share: float, seed: int
) -> Alteration:
    """Return the text with ``share`` as many ``foreign`` clauses put in as it has clauses."""
    generator = np.random.default_rng(seed)
    count = round(share * len(pieces))
    places = sorted(int(k) for k in generator.choice(len(pieces), count, replace=False))
    texts = [foreign[int(k)] for k in generator.permutation(len(foreign))]
    before = {place: texts[k % len(texts)] for k, place in enumerate(places)}
    altered: list[Piece] = []
    for k, piece in enumerate(pieces):
        if k in before:
            altered.append(Piece(before[k], piece.paragraph, None))
        altered.append(piece)
    return Alteration("inserted", tuple(altered))


def swap_paragraphs(pieces: Sequence[Piece], *, seed: int) -> Alteration:
    """Return the text with two of its paragraphs in each other's place.

    They have at least three clauses and do not touch, if there are such.
    """
    generator = np.random.default_rng(seed)
    paragraphs = [tuple(group) for _, group in groupby(pieces, key=lambda piece: piece.paragraph)]
    sized = [k for k, group in enumerate(paragraphs) if len(group) in _SWAPPED_CLAUSES]
    pairs = [(a, b) for a in sized for b in sized if b - a > _APART]
    pairs = pairs or [(a, a + 1) for a in range(len(paragraphs) - 1)]
    if not pairs:
        return Alteration("swapped", tuple(pieces))
    a, b = pairs[int(generator.integers(len(pairs)))]
    paragraphs[a], paragraphs[b] = _swapped(paragraphs[b], a), _swapped(paragraphs[a], b)
    return Alteration("swapped", tuple(piece for group in paragraphs for piece in group))


def _swapped(pieces: Sequence[Piece], paragraph: int) -> tuple[Piece, ...]:
    return tuple(replace(piece, paragraph=paragraph, is_swapped=True) for piece in pieces)


def foreign_clauses(language: str) -> tuple[str, ...]:
    """Return clauses on other matters, in ``zh`` or ``en``, punctuation and spaces included."""
    path = Path(__file__).with_name(f"foreign.{language}.txt")
    return tuple(path.read_text(encoding="utf-8").splitlines())
