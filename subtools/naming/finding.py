"""All mentions of a talk, in whatever language it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from subtools.core import Source
from subtools.naming import english, mandarin_frames
from subtools.naming.english_names import find_english_names
from subtools.naming.likeness import Spelling
from subtools.naming.mandarin_names import find_mandarin_names
from subtools.naming.mentions import (
    Context,
    Kind,
    Mention,
    Occurrence,
    keep_longest,
    read_contexts,
)
from subtools.naming.passage import Passage
from subtools.naming.talk import Talk
from subtools.phonetics.scripts import HAN, simplify

_HAN = re.compile(f"[{HAN}]")
_LEAST_HAN = 0.2  # of the letters; Chinese talk may be half English, not the other way round

_Frame = Callable[[Context], tuple[Kind, float]]


def is_chinese(talk: Talk) -> bool:
    """Tell whether a talk is in Chinese, terms in other languages aside."""
    han = len(_HAN.findall(talk.text))
    return han > _LEAST_HAN * (han + len(re.findall(r"[^\W\d_]", talk.text)) or 1)


def find_mentions(talk: Talk, source: Source, names: Iterable[str] = ()) -> tuple[Mention, ...]:
    """Return all mentions of people, in the order of the text.

    Args:
        talk: What is said.
        source: What the document's header says: it may list the guests.
        names: Further names to look for, as the user writes them.
    """
    header = " | ".join(filter(None, (source.title, source.part_title)))
    passage = Passage(talk.text, talk.folded, tuple(s.first for s in talk.stretches[1:]))
    frame: _Frame
    if is_chinese(talk):
        found = find_mandarin_names(passage, simplify(header))
        frame, joiners = mandarin_frames.read_frame, mandarin_frames.JOINERS
    else:
        found = find_english_names(passage, header)
        frame, joiners = english.read_frame, english.JOINERS
    occurrences = keep_longest([*_given_names(passage, names), *found])
    contexts = read_contexts(talk, occurrences, joiners)
    return tuple(
        Mention(o.first, o.last, o.spelling, *frame(context))
        for o, context in zip(occurrences, contexts, strict=True)
    )


def _given_names(passage: Passage, names: Iterable[str]) -> Iterator[Occurrence]:
    for name in names:
        folded = simplify(name)
        border = r"\b" if name.isascii() else ""
        for match in re.finditer(f"{border}{re.escape(folded)}{border}", passage.folded):
            text = passage.text[match.start() : match.end()]
            yield Occurrence(match.start(), match.end(), Spelling(text, "", folded.casefold()))
