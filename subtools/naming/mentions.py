"""Names as they are said, and what each mention says about who is who."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from subtools.naming.likeness import Spelling
from subtools.naming.talk import Talk


class Kind(Enum):
    """What a mention of a name says about who bears it."""

    INTRODUCTION = "says it of themselves"
    HANDOVER = "is asked to speak"
    THANKS = "is thanked for what they said"
    GREETING = "is greeted"
    QUESTION = "asked what is being answered"
    REPORT = "said something before"
    MENTION = "is mentioned"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name at a place of the text.

    Attributes:
        first: Offset of its first character.
        last: Offset behind its last one.
        spelling: The name.
    """

    first: int
    last: int
    spelling: Spelling


@dataclass(frozen=True, slots=True)
class Mention:
    """A name said in a context.

    Attributes:
        first: Offset of its first character.
        last: Offset behind its last one.
        spelling: The name.
        kind: What the context says.
        strength: How clearly it says so, 0..1.
    """

    first: int
    last: int
    spelling: Spelling
    kind: Kind
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around a name, in the stretch of the same voice.

    Attributes:
        before: Folded text before it; for names that are listed (A and B), before the first.
        after: Folded text after it, or after the last.
        is_last: Whether no other name follows in the stretch.
    """

    before: str
    after: str
    is_last: bool


def keep_longest(occurrences: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    """Return the occurrences that overlap no longer one, in order."""
    kept: list[Occurrence] = []
    taken: set[int] = set()
    for found in sorted(occurrences, key=lambda o: (o.first - o.last, o.first)):
        place = range(found.first, found.last)
        if taken.isdisjoint(place):
            taken.update(place)
            kept.append(found)
    return tuple(sorted(kept, key=lambda o: o.first))


def read_contexts(
    talk: Talk, occurrences: Sequence[Occurrence], joiners: frozenset[str]
) -> tuple[Context, ...]:
    """Return the context of each occurrence; names joined by ``joiners`` share theirs."""
    chains: list[list[Occurrence]] = []
    for found in occurrences:
        is_joined = chains and _is_joined(talk, chains[-1][-1], found, joiners)
        if is_joined:
            chains[-1].append(found)
        else:
            chains.append([found])
    contexts = []
    for place, chain in enumerate(chains):
        following = chains[place + 1][0] if place + 1 < len(chains) else None
        contexts += [_read_context(talk, chain, following)] * len(chain)
    return tuple(contexts)


def _is_joined(talk: Talk, a: Occurrence, b: Occurrence, joiners: frozenset[str]) -> bool:
    same = talk.stretch_at(a.first) == talk.stretch_at(b.first)
    return same and talk.folded[a.last : b.first].strip().casefold() in joiners


def _read_context(talk: Talk, chain: list[Occurrence], following: Occurrence | None) -> Context:
    first, last = chain[0].first, chain[-1].last
    index = talk.stretch_at(first)
    stretch = talk.stretches[index]
    is_last = following is None or talk.stretch_at(following.first) != index
    return Context(talk.folded[stretch.first : first], talk.folded[last : stretch.last], is_last)
