"""How cues are cut and held."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from subtools.core import Seconds


class NameRoom(StrEnum):
    """Where lines leave room for the name of the speaker, which some formats put before the text.

    A name that takes more than half a line gets no more room than that.
    """

    CHANGES = "changes"  # where another one speaks than in the cue before
    EVERY = "every cue"
    NONE = "nowhere"


@dataclass(frozen=True, slots=True)
class CueRules:
    """How cues are cut and held.

    Attributes:
        max_columns: Longest line; a Han character takes two columns, a Latin letter one.
        max_lines: Most lines of a cue.
        min_duration: Shortest cue, in seconds, where there is room until the next.
        max_duration: Longest cue, in seconds, unless it is a single word.
        max_pause: Longest pause that a cue stays on through, in seconds.
        keep_untimed: Whether words without a time are shown too: those of a clause that
            has times in it, and other clauses in cues between their neighbours, with the
            confidence 0 and the reason ``NO_TIME_KNOWN``.
        name_room: Where lines leave room for a name and a colon.
    """

    max_columns: int = 42  # Netflix: 42 characters of Latin script in a line
    max_lines: int = 2
    min_duration: Seconds = 5 / 6  # Netflix: 20 frames at 24 frames a second
    max_duration: Seconds = 7.0  # Netflix
    max_pause: Seconds = 2.0  # a reader takes a longer one for the end of the sentence
    keep_untimed: bool = False
    name_room: NameRoom = NameRoom.CHANGES

    @property
    def capacity(self) -> int:
        """Columns that a whole cue holds."""
        return self.max_columns * self.max_lines


PLAIN_RULES = CueRules()
