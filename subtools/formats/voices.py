"""Cues of several speakers, parted for formats and tools that know one a cue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from subtools.core import Cue
from subtools.markup import compose_markup, markup_text, markup_voices, parse_markup


def split_voices(cue: Cue) -> tuple[Cue, ...]:
    """Return a cue for each who speaks in ``cue``, all at its times; itself if it is one.

    >>> both = Cue(0, 1, ("Hi", "Yo"), markup="<v Ann>Hi</v> <v Bob>Yo</v>")
    >>> [(part.speaker, part.text) for part in split_voices(both)]
    [('Ann', 'Hi'), ('Bob', 'Yo')]
    """
    if "<v" not in cue.markup:
        return (cue,)
    voices = markup_voices(cue.markup)
    if len({name for name, _ in voices}) < 2:
        return (cue,)
    return tuple(_part(cue, voices))


def unname_dialogue(cue: Cue) -> Cue:
    r"""Return ``cue`` without names where a dash before each voice tells them apart.

    >>> both = Cue(0, 1, ("-Hi", "-Yo"), markup="<v Ann>-Hi</v>\n<v Bob>-Yo</v>")
    >>> unname_dialogue(both).markup, unname_dialogue(both).lines
    ('', ('-Hi', '-Yo'))
    """
    voices = markup_voices(cue.markup) if "<v" in cue.markup else ()
    if not all(markup_text(part).lstrip().startswith("-") for _, part in voices):
        return cue
    markup = compose_markup(token for token in parse_markup(cue.markup) if token.name != "v")
    return replace(cue, markup=markup if "<" in markup else "") if voices else cue


def _part(cue: Cue, voices: tuple[tuple[str | None, str], ...]) -> Iterator[Cue]:
    """Yield the parts. Words and what is native stand for the whole, so they are left out."""
    for name, markup in voices:
        lines = tuple(line for line in markup_text(markup).split("\n") if line.strip())
        kept = markup if "<" in markup else ""
        yield replace(cue, lines=lines, speaker=name, markup=kept, words=(), native=None)
