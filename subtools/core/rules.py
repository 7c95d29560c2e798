"""How subtitles are to look: the rules of a style, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from subtools.core.spans import Seconds


class NameRoom(StrEnum):
    """Where lines leave room for the name of the speaker, which some formats put before the text.

    A name that takes more than half a line gets no more room than that.
    """

    CHANGES = "changes"  # where another one speaks than in the cue before
    EVERY = "every cue"
    NONE = "nowhere"


class Cutting(StrEnum):
    """What a cue holds."""

    BEST = "best"  # what is best to read: clauses joined and parted
    CLAUSES = "clauses"  # the document's own clauses, one to one


class Balance(StrEnum):
    """Which of two lines is the longer one, if there is a choice."""

    EVEN = "even"
    LOWER = "lower"  # a pyramid: the picture is covered least


class Punctuation(StrEnum):
    """How a style writes punctuation."""

    KEPT = "kept"  # as the document has it
    HANT = "hant"  # full-width, no 、，。 at the end of a line
    HANS = "hans"  # no 、，。 at all, a space instead; ？！： full-width; digits half-width


@dataclass(frozen=True, slots=True)
class CueRules:
    """How cues are cut, held and written: the rules of a style.

    Widths are columns: a Han character takes two, a Latin letter one (Unicode Standard
    Annex 11). 16 Chinese characters are 32 columns.

    Attributes:
        name: What the style is called.
        max_columns: Longest line.
        max_lines: Most lines of a cue.
        min_duration: Shortest cue, in seconds, where there is room until the next.
        max_duration: Longest cue, in seconds, unless it is a single word.
        max_speed: Most columns that are to be read in a second; None: no limit.
        max_words_per_minute: The same for scripts with spaces; None: no limit.
        min_gap: Shortest time between two cues that do not touch, in seconds: a shorter one
            is closed or widened to this.
        closed_gap: Gaps shorter than this, in seconds, become ``min_gap``: they flicker.
        hold: How long a cue stays on after its last word where nothing follows, in seconds.
        frame_rate: Frames a second that times are put on; None: milliseconds.
        max_pause: Longest pause that a cue stays on through, in seconds.
        cutting: What a cue holds.
        balance: Which of two lines is longer.
        punctuation: How punctuation is written.
        is_shared: Whether two speakers may share a cue, a line and a dash each, where one
            of them would be on too briefly.
        has_colours: Whether speakers are told apart by colours.
        keep_untimed: Whether words without a time are shown too: those of a clause that
            has times in it, and other clauses in cues between their neighbours, with the
            confidence 0 and the reason ``NO_TIME_KNOWN``.
        name_room: Where lines leave room for a name and a colon.
        source: Where the rules stand.
    """

    name: str = "plain"
    max_columns: int = 42  # Netflix: 42 characters of Latin script in a line
    max_lines: int = 2
    min_duration: Seconds = 5 / 6  # Netflix: 20 frames at 24 frames a second
    max_duration: Seconds = 7.0  # Netflix
    max_speed: float | None = None
    max_words_per_minute: float | None = None
    min_gap: Seconds = 0.0
    closed_gap: Seconds = 0.0
    hold: Seconds = 0.0
    frame_rate: float | None = None
    max_pause: Seconds = 2.0  # a reader takes a longer one for the end of the sentence
    cutting: Cutting = Cutting.BEST
    balance: Balance = Balance.EVEN
    punctuation: Punctuation = Punctuation.KEPT
    is_shared: bool = False
    has_colours: bool = False
    keep_untimed: bool = False
    name_room: NameRoom = NameRoom.CHANGES
    source: str = ""

    @property
    def capacity(self) -> int:
        """Columns that a whole cue holds."""
        return self.max_columns * self.max_lines


PLAIN_RULES = CueRules(hold=0.3)  # a third of a second: less flickers, more lags behind
