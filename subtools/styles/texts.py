"""What of a style the lines of a cue break, whenever they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from subtools.core import CueRules, Rule
from subtools.lexicon import columns, is_spaceless, split_words, word_core
from subtools.typography import find_faults

DASHES = ("-", "–", "—", "‐", "‑", "−")  # before what a speaker says, as typed by people
_SHOWN_FAULTS = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a text breaks: see ``Violation``."""

    rule: Rule
    measured: float | None
    limit: float | None
    unit: str
    message: str


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What rules ask of a text.

    Attributes:
        columns: How many are to be read.
        words: How many words of scripts with spaces are to be read.
        is_short: Whether it is no more than one word.
        faults: What it breaks.
    """

    columns: int
    words: int
    is_short: bool
    faults: tuple[Fault, ...]


@lru_cache(maxsize=4096)
def read_text(lines: tuple[str, ...], rules: CueRules) -> TextFacts:
    """Return what ``rules`` ask of the text ``lines``."""
    cores = [word_core(word) for line in lines for word in split_words(line)]
    return TextFacts(
        columns=sum(map(columns, lines)),
        words=sum(bool(core) and not is_spaceless(core) for core in cores),
        is_short=len(cores) <= 1,
        faults=_find_faults(lines, rules),
    )


def is_blank(lines: tuple[str, ...]) -> bool:
    """Tell whether nothing is to be seen of ``lines``."""
    return not any(line.strip() for line in lines)


def is_dialogue(lines: tuple[str, ...]) -> bool:
    """Tell whether a line of several begins with a dash, so that breaks part speakers."""
    return len(lines) > 1 and any(line.lstrip().startswith(DASHES) for line in lines)


def _find_faults(lines: tuple[str, ...], rules: CueRules) -> tuple[Fault, ...]:
    if is_blank(lines):
        return (Fault(Rule.EMPTY, None, None, "", "nothing is shown"),)
    return (
        *_long_lines(lines, rules),
        *_too_many_lines(lines, rules),
        *_missing_dashes(lines, rules),
        *_wrong_marks(lines, rules),
    )


def _long_lines(lines: tuple[str, ...], rules: CueRules) -> list[Fault]:
    most = rules.max_columns
    return [
        Fault(
            *(Rule.LINE_LENGTH, width, most, "columns"),
            f"line {number} is {width} columns wide, more than {most}",
        )
        for number, width in enumerate(map(columns, lines), start=1)
        if width > most
    ]


def _too_many_lines(lines: tuple[str, ...], rules: CueRules) -> list[Fault]:
    count, most = len(lines), rules.max_lines
    if count <= most:
        return []
    return [Fault(Rule.LINE_COUNT, count, most, "lines", f"{count} lines, more than {most}")]


def _missing_dashes(lines: tuple[str, ...], rules: CueRules) -> list[Fault]:
    """Return a fault where the second of two lines begins with a dash and the first does not."""
    is_marked = [line.lstrip().startswith(DASHES) for line in lines]
    if not rules.is_shared or is_marked[0] or not any(is_marked):
        return []
    first = f"line {is_marked.index(True) + 1}"
    message = f"{first} begins with a dash, so another speaker's line before it needs one too"
    return [Fault(Rule.DASHES, None, None, "", message)]


def _wrong_marks(lines: tuple[str, ...], rules: CueRules) -> list[Fault]:
    found = find_faults(lines, rules.punctuation)
    if not found:
        return []
    shown = "; ".join(map(str, found[:_SHOWN_FAULTS]))
    more = f"; {len(found) - _SHOWN_FAULTS} more" if len(found) > _SHOWN_FAULTS else ""
    return [Fault(Rule.PUNCTUATION, len(found), 0, "marks", f"{shown}{more}")]
