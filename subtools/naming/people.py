"""Spellings to people: what sounds alike and is said of one voice is one name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from subtools.naming.likeness import Spelling, are_titles_apart, nearness, sound_alike
from subtools.naming.votes import Vote
from subtools.pairing import Worth
from subtools.persons import COMMONEST_SURNAMES

_STRONG = 1.5  # votes of its own that make two people of one sound
_SHARE = 0.7  # of the votes of a spelling that go to one voice then
_SUPPORT = 0.3  # of the votes for a name that sounds nearly the same count for this one
_NEARLY = 0.65  # likeness from which on a name is heard for another
_COMMON_SURNAME = 1.3  # times the votes of a spelling with one of the hundred commonest
_FULL_LEAST = 0.8  # votes for the full name, from which on it is shown


@dataclass(frozen=True, slots=True)
class Person:
    """A name, in all its spellings.

    Attributes:
        spellings: How it is written.
    """

    spellings: tuple[Spelling, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Votes for each spelling and voice.

    Attributes:
        labels: The voices.
        spellings: The names, as written.
        scores: (voices, spellings): the sum of the votes.
        favours: The same, without the votes against.
        counts: For each spelling, how often it is said.
    """

    labels: tuple[str, ...]
    spellings: tuple[Spelling, ...]
    scores: Worth
    favours: Worth
    counts: tuple[int, ...]


def tally_votes(votes: Iterable[Vote], labels: Sequence[str]) -> Tally:
    """Return the sums of ``votes``, for the voices ``labels``."""
    votes = [vote for vote in votes if vote.label in labels]
    spellings = tuple(dict.fromkeys(vote.spelling for vote in votes))
    scores = np.zeros((len(labels), len(spellings)))
    favours = np.zeros_like(scores)
    for vote in votes:
        place = labels.index(vote.label), spellings.index(vote.spelling)
        scores[place] += vote.weight
        favours[place] += max(0.0, vote.weight)
    places = {(vote.spelling, vote.offset) for vote in votes}
    counts = Counter(spelling for spelling, _ in places)
    return Tally(tuple(labels), spellings, scores, favours, tuple(counts[s] for s in spellings))


def group_people(tally: Tally) -> tuple[Person, ...]:
    """Return the people who are spoken of.

    Spellings of one sound are one person, unless two of them are clearly said of two voices;
    a short form joins the full name of the same voice, and so do names that sound nearly alike.
    """
    groups = _group(range(len(tally.spellings)), lambda a, b: _is_one_sound(tally, a, b))
    parts = [part for group in groups for part in _split(tally, group)]
    return tuple(Person(tuple(tally.spellings[k] for k in part)) for part in parts)


def score_people(tally: Tally, people: Sequence[Person]) -> tuple[Worth, Worth]:
    """Return (voices, people): the votes with those for names that sound nearly the same.

    Returns:
        The scores, and the votes of each name alone without those against.
    """
    index = {spelling: k for k, spelling in enumerate(tally.spellings)}
    columns = [[index[spelling] for spelling in person.spellings] for person in people]
    shape = (len(tally.labels), len(people))
    own, favours = np.zeros(shape), np.zeros(shape)
    for place, column in enumerate(columns):
        own[:, place] = tally.scores[:, column].sum(axis=1)
        favours[:, place] = tally.favours[:, column].sum(axis=1)
    scores = own.copy()
    for a, person in enumerate(people):
        for b, other in enumerate(people):
            if a != b and _are_near(person, other):
                scores[:, a] += np.where(own[:, a] > 0, _SUPPORT * np.maximum(own[:, b], 0), 0)
    return scores, favours


def choose_spelling(tally: Tally, label: str, person: Person) -> Spelling:
    """Return how ``person`` is written: as most often, the full name first.

    A common surname is a little likelier than a rare one of the same sound.
    """
    row = tally.favours[tally.labels.index(label)]
    said = {s: k for k, s in enumerate(tally.spellings) if s in person.spellings and row[k] > 0}
    scores = {s: tally.counts[k] * _prior(s) for s, k in said.items()} or {person.spellings[0]: 0}
    best = max(scores, key=lambda s: (scores[s], s.is_full, s.text))
    full = [s for s in scores if s.is_full and not s.title]
    fullest = max(full, key=lambda s: (scores[s], s.text), default=best)
    return fullest if row[tally.spellings.index(fullest)] >= _FULL_LEAST else best


def _prior(spelling: Spelling) -> float:
    return _COMMON_SURNAME if spelling.family in COMMONEST_SURNAMES else 1.0


def _is_one_sound(tally: Tally, a: int, b: int) -> bool:
    """Tell whether two spellings may be one person's: Sarah and Dr. Chen through Sarah Chen."""
    x, y = tally.spellings[a], tally.spellings[b]
    # A surname is that of many, and near is not the same: there the voice must agree.
    if sound_alike(x, y):
        if are_titles_apart(x, y) and not (x.given and y.given):
            return _is_of_one_voice(tally, a, b)
        return x.is_full == y.is_full or _is_of_one_voice(tally, a, b)
    return nearness(x, y) >= _NEARLY and _is_of_one_voice(tally, a, b)


def _is_of_one_voice(tally: Tally, a: int, b: int) -> bool:
    voice = _favourite(tally, a)
    return voice == _favourite(tally, b) and bool(np.all(tally.scores[voice, [a, b]] > 0))


def _favourite(tally: Tally, spelling: int) -> int:
    return int(np.argmax(tally.scores[:, spelling]))


def _split(tally: Tally, group: Sequence[int]) -> list[list[int]]:
    """Return ``group`` cut by voice where two spellings of it each clearly have their own."""
    clear = [k for k in group if _is_clear(tally, k)]
    voices = sorted({_favourite(tally, k) for k in clear})
    if len(voices) < 2:
        return [list(group)]
    parts: dict[int, list[int]] = defaultdict(list)
    for spelling in group:
        favourite = _favourite(tally, spelling)
        parts[favourite if favourite in voices else voices[0]].append(spelling)
    return list(parts.values())


def _is_clear(tally: Tally, spelling: int) -> bool:
    favours = tally.favours[:, spelling]
    best = _favourite(tally, spelling)
    is_strong = tally.scores[best, spelling] >= _STRONG
    return bool(is_strong and favours[best] >= _SHARE * favours.sum())


def _are_near(a: Person, b: Person) -> bool:
    return any(_NEARLY <= nearness(x, y) < 1 for x in a.spellings for y in b.spellings)


def _group(items: Iterable[int], is_one: Callable[[int, int], bool]) -> list[list[int]]:
    """Return ``items`` in groups: whoever is one with a member of a group belongs to it."""
    groups: list[list[int]] = []
    for item in items:
        joined = [group for group in groups if any(is_one(item, member) for member in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(member for group in joined for member in group), item])
    return groups
