"""What a person decided about a timed document, so that it can be done again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from subtools.core.spans import Seconds


class EditKind(StrEnum):
    """What a person says of a place."""

    ACCEPT = "accept"  # a correction is right
    REJECT = "reject"  # a correction is wrong: the text stays, or comes back
    REPLACE = "replace"  # neither the text nor the correction, but this
    EDIT = "edit"  # other text where nobody had proposed any
    CHECKED = "checked"  # a finding was looked at, and the text is right
    SPEAKER = "speaker"  # who speaks here is called otherwise
    TURN = "turn"  # somebody else says this, from here to ``until``
    LANDMARK = "landmark"  # nothing is decided: these words stood here, at this time


@dataclass(frozen=True, slots=True)
class EditBasis:
    """The corrections that were shown to a person when they decided.

    Attributes:
        name: What their file is called; may be empty.
        count: How many there were.
        applied: How many of them were shown as applied, though nobody had decided about them.
    """

    name: str
    count: int
    applied: int


@dataclass(frozen=True, slots=True)
class Edit:
    """One decision, with what is needed to find its place again in a changed document.

    Attributes:
        kind: What was decided.
        before: The text it is about, as written; for a speaker, words that they say; for a
            turn, words of its first clause.
        after: What stands there afterwards; for a rejected correction, what does not; for a
            speaker, their new name; for a turn, who says it.
        left: The characters before ``before``.
        right: The characters after it.
        time: When it is spoken, about; None where that is unknown.
        speaker: For a speaker, what they are called now; for a turn, who was taken to say it.
        until: For a turn, words of its last clause, anchored like any edit.
    """

    kind: EditKind
    before: str
    after: str = ""
    left: str = ""
    right: str = ""
    time: Seconds | None = None
    speaker: str | None = None
    until: Edit | None = None
