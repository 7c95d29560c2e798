"""Files of subtitles: cues, and what stands beside them."""

from __future__ import annotations

from dataclasses import dataclass, field

from subtools.core.spans import Seconds
from subtools.core.text import Word


@dataclass(frozen=True, slots=True)
class Native:
    """What a file says of a cue in a way that only its format knows.

    It is written again where the format is the same and the text of the cue has not
    changed; it is lost in all others.

    Attributes:
        format: Name of the format, as in the registry.
        text: The text of the cue as the file has it, tags included.
        fields: Other fields of the cue and their values, such as the style of ASS.
    """

    format: str
    text: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle.

    Attributes:
        start: When it appears, in seconds.
        end: When it disappears, in seconds; never before ``start``.
        lines: Its lines as they are shown, top first, no tags in them; at least one.
        speaker: Who speaks, if it is known and one person.
        confidence: How sure the aligner is of its time, 0..1; None if unknown.
        reason: Why the confidence is what it is, in words.
        words: The words of ``lines`` with their times, where these are known; none
            where nobody needs them.
        identifier: What the file calls it; empty if nothing (numbers of SubRip are not kept).
        settings: Where it is shown, as the settings of a WebVTT cue say it:
            ``line:0 align:start``; empty for the usual place.
        markup: ``lines`` with their tags, as the text of a WebVTT cue (``<i>R&amp;D</i>``);
            empty if there is no tag in it but a voice that ``speaker`` names.
        native: What only its format knows, if there is anything.
    """

    start: Seconds
    end: Seconds
    lines: tuple[str, ...]
    speaker: str | None = None
    confidence: float | None = None
    reason: str = ""
    words: tuple[Word, ...] = ()
    identifier: str = ""
    settings: str = ""
    markup: str = ""
    native: Native | None = None

    def __post_init__(self) -> None:
        if not self.start <= self.end:
            raise ValueError(f"a cue cannot end before it starts: {self.start} .. {self.end}")

    @property
    def text(self) -> str:
        """The lines, joined by line feeds."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a file that is no cue: a comment, styles, a header.

    Attributes:
        format: Name of the format that knows what it is.
        kind: What it is, as the format calls it: ``NOTE``, ``STYLE``, ``Script Info``.
        text: All of it, without the lines that begin and end it.
        position: How many cues stand before it.
    """

    format: str
    kind: str
    text: str
    position: int = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader had to guess, repair or leave out.

    Attributes:
        text: What it did and why, in words.
        line: Where, from 1; None if it is about the whole file.
    """

    text: str
    line: int | None = None

    def __str__(self) -> str:
        """Return both."""
        return self.text if self.line is None else f"line {self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Subtitles:
    """A file of subtitles.

    Attributes:
        cues: In the order of the file.
        language: Tag of BCP 47, if the file says it.
        title: Title, if the file says it.
        blocks: What else is in the file, in order.
        remarks: What a reader repaired; two files are the same whatever was repaired.
    """

    cues: tuple[Cue, ...]
    language: str = ""
    title: str = ""
    blocks: tuple[Block, ...] = ()
    remarks: tuple[Remark, ...] = field(default=(), compare=False)
