"""What cleaning works with: a document laid out, terms to listen for, and what might be wrong."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from subtools.core import FRAME, EvidenceKind, Span, Transcript, Word
from subtools.lexicon import clause_ranges, word_core
from subtools.phonetics import simplify
from subtools.phrasing import tag_words

LONGEST_CLAUSE = 100  # words; a text without marks is one clause, read anew for each candidate
_SIGNS = re.compile(r"[\W_]+")
Sounds = tuple[tuple[str, ...], ...]  # the ways to say something, in phones


@dataclass(frozen=True, slots=True)
class Sought:
    """A term to listen for.

    Attributes:
        name: As it should be written.
        sounds: The ways to say it, in phones of ``phonetics``.
        forms: Other ways to write it that are not wrong.
        kind: Who knows it: the glossary or the document (``CONSISTENCY``).
        source: The same in words.
        count: How often the document writes it.
        is_person: Whether somebody is called so.
        is_own: Whether the user lists it.
    """

    name: str
    sounds: Sounds
    forms: tuple[str, ...] = ()
    kind: EvidenceKind = EvidenceKind.GLOSSARY
    source: str = ""
    count: int = 0
    is_person: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Other words for a stretch of a document, not weighed yet.

    Attributes:
        words: The words that are replaced.
        offsets: The characters of the body that are replaced.
        before: What is written there.
        after: What may have been said.
        origin: Who proposes it.
        reason: Why, in words.
        count: How often the document writes ``after``.
        is_person: Whether it is what somebody is called.
        is_own: Whether the user lists it.
        sounds: The ways to say ``after``, where spelling does not say.
        is_reheard: Whether a recogniser wrote another word that sounds so.
        is_read_so: Whether what is written is read just like it, so that the sound cannot tell.
    """

    words: range
    offsets: tuple[int, int]
    before: str
    after: str
    origin: EvidenceKind
    reason: str
    count: int = 0
    is_person: bool = False
    sounds: Sounds = ()
    is_own: bool = False
    is_reheard: bool = False
    is_read_so: bool = False


@dataclass(frozen=True)
class Page:
    """The words of a document laid out for looking things up.

    Attributes:
        words: All words, in order.
        clauses: First word of each clause, and the number of words.
    """

    words: tuple[Word, ...]
    clauses: tuple[int, ...]

    @cached_property
    def cores(self) -> tuple[str, ...]:
        """Each word without the marks around it."""
        return tuple(word_core(word.text) for word in self.words)

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each word begins in the body, and the body's length."""
        return tuple(accumulate((len(word.text) for word in self.words), initial=0))

    @cached_property
    def body(self) -> str:
        """Return the whole text."""
        return "".join(word.text for word in self.words)

    @cached_property
    def folded(self) -> str:
        """Return the whole text, Simplified."""
        return simplify(self.body)

    @cached_property
    def names(self) -> frozenset[int]:
        """Return the offsets of characters of what looks like names of people."""
        named = (word for word in tag_words(self.body) if word.tag == "nr" and len(word.text) > 2)
        return frozenset(
            offset for word in named for offset in range(word.start, word.start + len(word.text))
        )

    @cached_property
    def is_latin(self) -> bool:
        """Whether most of it is written in Latin letters."""
        cores = [core for core in self.cores if core]
        return 2 * sum(core.isascii() for core in cores) > len(cores)

    def place(self, words: range) -> tuple[int, int]:
        """Return the characters from the first core of ``words`` to the end of the last one."""
        first, last = words.start, words.stop - 1
        lead = self.words[first].text.find(self.cores[first])
        tail = self.words[last].text.find(self.cores[last]) + len(self.cores[last])
        return self.offsets[first] + lead, self.offsets[last] + tail

    def word_at(self, offset: int) -> int:
        """Return which word has the character at ``offset`` of the body."""
        return bisect_right(self.offsets, offset) - 1

    def text(self, words: range) -> str:
        """Return what is written from the first core of ``words`` to the end of the last one."""
        whole = "".join(word.text for word in self.words[words.start : words.stop])
        start, end = self.place(words)
        first = self.offsets[words.start]
        return whole[start - first : end - first]

    def span(self, words: range) -> Span | None:
        """Return when ``words`` sound; None if none of them has a time."""
        spans = [w.span for w in self.words[words.start : words.stop] if w.span is not None]
        if not spans:
            return None
        return Span(min(s.start for s in spans), max(s.end for s in spans))

    def frames(self, words: range) -> tuple[int, int] | None:
        """Return the first frame of ``words`` and the one after the last."""
        span = self.span(words)
        return None if span is None else (round(span.start / FRAME), round(span.end / FRAME))

    def clip(self, first: int, last: int) -> range:
        """Return the words from ``first`` to before ``last`` that there are."""
        return range(max(0, first), min(len(self.words), last))

    def propose(self, words: range, after: str, origin: EvidenceKind, reason: str) -> Candidate:
        """Return ``after`` as a candidate for ``words``."""
        place = self.place(words)
        spaced = self._keep_apart(words, after)
        return Candidate(words, place, self.text(words), spaced, origin, reason)

    def is_one_clause(self, words: range) -> bool:
        """Tell whether no clause or paragraph ends inside ``words``."""
        return bisect_right(self.clauses, words.start) == bisect_left(self.clauses, words.stop)

    def _keep_apart(self, words: range, after: str) -> str:
        """Return ``after`` with a space where it would run into Latin letters beside it."""
        first, last = words.start, words.stop - 1
        left = self.words[first - 1].text[-1:] if first else ""
        right = self.words[last].text.partition(self.cores[last])[2][:1]
        if not right and words.stop < len(self.words):
            right = self.words[words.stop].text[:1]
        lead = " " if _is_latin(left) and _is_latin(after[:1]) else ""
        return lead + after + (" " if _is_latin(after[-1:]) and _is_latin(right) else "")


def fold(text: str) -> str:
    """Return letters and digits of ``text`` in one script, width and case.

    >>> fold("ＧＰＴ－4") == fold("gpt 4")
    True
    """
    return simplify(_SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold()))


def lay_out(transcript: Transcript) -> Page:
    """Return the words of ``transcript`` laid out, very long clauses in parts."""
    clauses: list[int] = []
    first = 0
    for paragraph in transcript.paragraphs:
        for clause in clause_ranges([word.text for word in paragraph.words]):
            clauses += range(first + clause.start, first + clause.stop, LONGEST_CLAUSE)
        first += len(paragraph.words)
    return Page(transcript.words, (*clauses, first))


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def join_texts(texts: Sequence[str]) -> str:
    """Return texts one after the other, a space between two Latin words or numbers.

    >>> join_texts(["用", "Scaling", "Law"])
    '用Scaling Law'
    """
    joined = ""
    for text in texts:
        needs_space = joined[-1:].isascii() and joined[-1:].isalnum() and text[:1].isascii()
        joined += f" {text}" if needs_space and text[:1].isalnum() else text
    return joined
