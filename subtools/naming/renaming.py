"""Voices by label, and by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from subtools.core import Alignment, Speaker


def rename_speakers(alignment: Alignment, speakers: Iterable[Speaker]) -> Alignment:
    """Return ``alignment`` with words and turns under the names of ``speakers``.

    Voices that ``speakers`` does not have keep what they are called. It may be done again
    with other names.
    """
    speakers = tuple(speakers)
    names = {speaker.label: speaker.name for speaker in speakers}
    return replace(_relabel(restore_labels(alignment), names), speakers=speakers)


def restore_labels(alignment: Alignment) -> Alignment:
    """Return ``alignment`` with words and turns under the labels of the voices, without names."""
    labels = {speaker.name: speaker.label for speaker in alignment.speakers}
    return replace(_relabel(alignment, labels), speakers=())


def _relabel(alignment: Alignment, names: Mapping[str, str]) -> Alignment:
    def renamed(name: str) -> str:
        return names.get(name, name)

    words = [
        word if word.speaker is None else replace(word, speaker=renamed(word.speaker))
        for word in alignment.transcript.words
    ]
    turns = tuple(replace(turn, speaker=renamed(turn.speaker)) for turn in alignment.turns)
    return replace(alignment, transcript=alignment.transcript.with_words(words), turns=turns)
