"""What became of cues, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subtools.core import Cue
from subtools.styles.clock import milliseconds
from subtools.timecode import compose_timecode


@dataclass(frozen=True, slots=True)
class Told:
    """Cues as they were, as they are, and what was done."""

    before: str
    after: str
    message: str


def tell_change(old: Sequence[Cue], new: Sequence[Cue]) -> Told:
    """Return in words how ``old`` became ``new``; what stayed as it was is not shown.

    >>> tell_change([Cue(0, 1, ("Hi",))], [Cue(0, 2, ("Hi",))]).message
    'held 1.000 s longer'
    """
    if len(old) == len(new):
        pairs = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
        old, new = [a for a, _ in pairs] or old, [b for _, b in pairs] or new
        message = "; ".join(dict.fromkeys(part for a, b in pairs for part in _compare(a, b)))
    elif not new:
        message = "left out: it shows nothing"
    elif len(new) < len(old):
        message = "made one with its neighbour"
    else:
        message = "made two"
    return Told(" | ".join(map(_show, old)), " | ".join(map(_show, new)), message)


def _compare(old: Cue, new: Cue) -> Iterator[str]:
    moved = milliseconds(new.start) - milliseconds(old.start)
    if moved:
        yield f"begins {abs(moved) / 1000:.3f} s {'later' if moved > 0 else 'earlier'}"
    held = milliseconds(new.end) - milliseconds(old.end)
    if held:
        yield (
            f"held {held / 1000:.3f} s longer" if held > 0 else f"ends {-held / 1000:.3f} s earlier"
        )
    if "".join(old.text.split()) != "".join(new.text.split()):
        yield "punctuation"
    if len(old.lines) != len(new.lines) or _breaks(old) != _breaks(new):
        yield "lines broken anew"


def _breaks(cue: Cue) -> list[int]:
    return [sum(map(str.isalnum, line)) for line in cue.lines]


def _show(cue: Cue) -> str:
    times = f"{compose_timecode(cue.start)} --> {compose_timecode(cue.end)}"
    return f"{times} {' / '.join(cue.lines)}"
