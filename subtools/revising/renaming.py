"""New names for speakers, wherever they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from subtools.core import Alignment, NameBasis, Speaker


def rename_people(alignment: Alignment, names: Mapping[str, str]) -> Alignment:
    """Return ``alignment`` with speakers called by new names, all at once.

    Two who get one name become one speaker.

    Args:
        alignment: With speakers in its words, or turns.
        names: New names by what they are called now.
    """
    if not names:
        return alignment
    words = [
        word if word.speaker is None else replace(word, speaker=_new(word.speaker, names))
        for word in alignment.transcript.words
    ]
    people: dict[str, Speaker] = {}
    for speaker in alignment.speakers:
        called = _call(speaker, names)
        people.setdefault(called.name, called)
    return replace(
        alignment,
        transcript=alignment.transcript.with_words(words),
        turns=tuple(replace(t, speaker=_new(t.speaker, names)) for t in alignment.turns),
        speakers=tuple(people.values()),
    )


def _new(name: str, names: Mapping[str, str]) -> str:
    return names.get(name, name)


def _call(speaker: Speaker, names: Mapping[str, str]) -> Speaker:
    name = names.get(speaker.name)
    if name is None:
        return speaker
    return replace(speaker, name=name, basis=NameBasis.GIVEN, confidence=1.0)
