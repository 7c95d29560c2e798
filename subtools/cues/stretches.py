"""The words of a talk that are to be shown, and where a cue has to end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from subtools.core import CueRules, Cutting, Transcript, Word
from subtools.lexicon import clause_ranges


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive words that one cue may hold, if it has room.

    Attributes:
        words: At least one, all of one speaker.
        is_answered: Whether somebody else goes on at once, so that both may share a cue.
    """

    words: tuple[Word, ...]
    is_answered: bool = False

    @property
    def speaker(self) -> str | None:
        """Who says it, if known."""
        return self.words[0].speaker


@dataclass(frozen=True, slots=True)
class _Shown:
    """A word that is shown, and where it stands.

    ``is_after_gap``: whether words without a time are left out before it.
    """

    word: Word
    paragraph: int
    clause: int
    is_in_time: bool  # whether its clause has any time in it
    is_after_gap: bool


def find_stretches(transcript: Transcript, rules: CueRules) -> list[Stretch]:
    """Return the stretches of ``transcript``, in order.

    A stretch ends where another one speaks, in a pause that is longer than
    ``rules.max_pause``, and where words without a time are left out. It goes on over the
    end of a paragraph if it is known that the same person goes on. Where the document's
    clauses are kept, each is a stretch.
    """
    shown = list(_shown(transcript, rules))
    ends = [k for k, (a, b) in enumerate(pairwise(shown), start=1) if _parts(a, b, rules)]
    bounds = list(pairwise([0, *ends, len(shown)])) if shown else []
    return [
        Stretch(
            tuple(each.word for each in shown[first:last]),
            is_answered=last < len(shown) and _answers(shown[last - 1], shown[last], rules),
        )
        for first, last in bounds
    ]


def _shown(transcript: Transcript, rules: CueRules) -> Iterator[_Shown]:
    clause, is_after_gap = 0, False
    for number, paragraph in enumerate(transcript.paragraphs):
        for indices in clause_ranges([word.text for word in paragraph.words]):
            words = paragraph.words[indices.start : indices.stop]
            clause += 1
            is_in_time = any(word.span is not None for word in words)
            for word in words:
                if rules.keep_untimed or word.span is not None:
                    yield _Shown(word, number, clause, is_in_time, is_after_gap)
                    is_after_gap = False
                else:
                    is_after_gap = True


def _parts(before: _Shown, after: _Shown, rules: CueRules) -> bool:
    """Tell whether no cue may hold both words."""
    is_same = before.word.speaker == after.word.speaker
    is_known = is_same and after.word.speaker is not None
    return (
        not is_same
        or after.is_after_gap
        or before.is_in_time != after.is_in_time
        or (before.paragraph != after.paragraph and not is_known)
        or (before.clause != after.clause and rules.cutting is Cutting.CLAUSES)
        or _pause(before.word, after.word) > rules.max_pause
    )


def _answers(before: _Shown, after: _Shown, rules: CueRules) -> bool:
    return (
        before.word.speaker != after.word.speaker
        and None not in {before.word.speaker, after.word.speaker}
        and not after.is_after_gap
        and before.is_in_time
        and after.is_in_time
        and _pause(before.word, after.word) <= rules.max_pause
    )


def _pause(before: Word, after: Word) -> float:
    return after.span.start - before.span.end if before.span and after.span else 0.0
