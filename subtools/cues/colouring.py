"""Speakers told apart by the colour of their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from subtools.core import Cue
from subtools.markup import escape_markup

# Beside white, in this order. Names as WebVTT has them; its lime is what television calls green.
# Source: BBC Subtitle Guidelines, "Use colours".
COLOURS = ("yellow", "cyan", "lime")


def colour_cues(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """Return ``cues`` in the colours of their speakers.

    Who speaks longest stays white, as does whoever is not known; the others get the
    colours in the order in which they first speak, and share them where there are too few.

    >>> [cue.markup for cue in colour_cues([Cue(0, 2, ("好",), "王"), Cue(2, 3, ("R&D",), "李")])]
    ['', '<c.yellow>R&amp;D</c>']
    """
    colours = _choose_colours(cues)
    return tuple(_coloured(cue, colours) for cue in cues)


def _choose_colours(cues: Sequence[Cue]) -> dict[str, str]:
    seconds: dict[str, float] = {}
    for cue in cues:
        if cue.speaker:
            seconds[cue.speaker] = seconds.get(cue.speaker, 0.0) + cue.end - cue.start
    others = list(seconds)
    if others:
        others.remove(max(others, key=seconds.__getitem__))
    return {name: COLOURS[k % len(COLOURS)] for k, name in enumerate(others)}


def _coloured(cue: Cue, colours: Mapping[str, str]) -> Cue:
    colour = colours.get(cue.speaker or "")
    if colour is None or cue.markup:
        return cue
    return replace(cue, markup=f"<c.{colour}>{escape_markup(cue.text)}</c>")
