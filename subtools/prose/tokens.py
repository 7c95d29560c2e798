"""Words with what stands between them taken apart, so that marks can change and words cannot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from subtools.core import Alignment, Seconds, Span
from subtools.lexicon import ends_sentence, is_spaceless, word_core

SENTENCE_MARKS = frozenset("。！？!?…｡．.")
_MARKS = "，。！？；,!?;…｡．"
_CLOSING = "」』”’）》〉】〕〗｝)\\]}\"'"
_TAIL = re.compile(
    rf"(?P<head>.*?)(?P<mark>[{_MARKS}.]*)(?P<closing>[{_CLOSING}]*)(?P<space>\s*)", re.DOTALL
)
_POINTS = str.maketrans("。｡．", "...")


@dataclass(frozen=True, slots=True)
class Token:
    """A word and what is written after it.

    Attributes:
        text: The word with what opens before it: ``「好``, ``$5``.
        head: What follows at once and never changes: ``-`` of ``GPT-4``, ``%``, ``、``.
        mark: The mark of a clause or sentence, or nothing.
        closing: Brackets and quotation marks that close.
        space: White space after all that.
        span: When it was said; None where that is unknown.
        speaker: Who says it; None where that is unknown.
        ends_paragraph: Whether a paragraph of the document ends here.
        is_heard: Whether its time was found, not put between those of its neighbours.
    """

    text: str
    head: str = ""
    mark: str = ""
    closing: str = ""
    space: str = ""
    span: Span | None = None
    speaker: str | None = None
    ends_paragraph: bool = False
    is_heard: bool = True

    @property
    def core(self) -> str:
        """The letters or the character alone."""
        return word_core(self.text)

    @property
    def is_han(self) -> bool:
        """Whether it is a character of a script without spaces."""
        return is_spaceless(self.core)

    @property
    def is_end(self) -> bool:
        """Whether its mark ends a sentence."""
        return any(mark in SENTENCE_MARKS for mark in self.mark)


def read_tokens(alignment: Alignment) -> tuple[Token, ...]:
    """Return the words of a document; joined they are its text, with spaces for line breaks.

    A word whose speaker is not known is the one's who spoke before it.
    """
    words = [
        (word, number, word is paragraph.words[-1])
        for number, paragraph in enumerate(alignment.transcript.paragraphs)
        for word in paragraph.words
    ]
    has_confidences = any(word.confidence is not None for word, *_ in words)
    following = [*(word.text for word, *_ in words[1:]), ""][: len(words)]
    tokens = [
        replace(
            _take_apart(word.text, "" if is_last else after),
            span=word.span,
            speaker=word.speaker,
            ends_paragraph=is_last,
            is_heard=word.confidence is not None or not has_confidences,
        )
        for (word, _, is_last), after in zip(words, following, strict=True)
    ]
    return tuple(_fill_speakers(map(_part_paragraphs, tokens)))


def _take_apart(text: str, following: str) -> Token:
    core = word_core(text)
    end = text.index(core) + len(core)
    match = _TAIL.fullmatch(text[end:])
    if not core or match is None:
        return Token(text)
    head, mark, closing, space = match["head"], match["mark"], match["closing"], match["space"]
    if mark and _is_part_of_word(core, mark + closing + space, following):
        # A recogniser's full stop inside a number is a decimal point: GPT-3。5
        return Token(text[:end], head + mark, "", closing, space)
    return Token(text[:end], head, mark, closing, space)


def _is_part_of_word(core: str, tail: str, following: str) -> bool:
    """Tell whether a mark belongs to a number or a shortened word: ``3.5``, ``Dr. ``, ``U.S.``."""
    if core[-1].isdigit() and following[:1].isdigit() and len(tail) == 1:
        return True
    return tail.strip() == "." and not ends_sentence(core + tail, following or "")


def _part_paragraphs(token: Token) -> Token:
    """Return a token at the end of a paragraph with the space that the line break stood for."""
    needs_room = token.ends_paragraph and not token.is_han and not token.space
    return replace(token, space=" ") if needs_room else token


def _fill_speakers(tokens: Iterable[Token]) -> Iterator[Token]:
    tokens = list(tokens)
    speaker = next((token.speaker for token in tokens if token.speaker), None)
    for token in tokens:
        speaker = token.speaker or speaker
        yield replace(token, speaker=speaker)


def join_tokens(tokens: Iterable[Token]) -> str:
    """Return the text of ``tokens``, the white space at its end left out."""
    return "".join(f"{t.text}{t.head}{t.mark}{t.closing}{t.space}" for t in tokens).rstrip()


def mend_points(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return ``tokens`` with full-width stops inside numbers as decimal points: ``3。5``, 3.5."""
    return tuple(
        replace(token, head=token.head.translate(_POINTS))
        if token.core[-1:].isdigit() and after.core[:1].isdigit()
        else token
        for token, after in pairwise((*tokens, Token("")))
    )


def pause_after(token: Token, following: Token) -> Seconds | None:
    """Return the silence between two words, in seconds; None where a time is not known well."""
    if token.span is None or following.span is None or not (token.is_heard and following.is_heard):
        return None
    return max(0.0, following.span.start - token.span.end)
