"""Marks set anew, by what is known of each place between two words.

Two searches over the whole of what one person says at a time: where clauses end, and which
of these ends are ends of sentences. Each adds log odds: of the words beside the place
(``weights.json``, fitted; ``english``, by hand), of how long clauses and sentences are, of the
silence (``pauses``), of the marks that the document had, and of a recogniser's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from subtools.phonetics.scripts import simplify
from subtools.prose.continuing import find_open_whens, joins
from subtools.prose.detecting import MarksKind
from subtools.prose.english import is_english_question
from subtools.prose.judging import IMPOSSIBLE, Judge, Slot
from subtools.prose.pauses import measure_pauses
from subtools.prose.pieces import Group, group_tokens
from subtools.prose.questions import is_chinese_question
from subtools.prose.tokens import Token, pause_after

_TURNS_TO_LISTENER = 0.4  # seconds of silence after which somebody may answer
_LONGEST_CLAUSE = 60  # words of the dictionary that the search looks back
_LEAST_CAPITALS = 3
_LONGEST_SENTENCE = 40  # clauses


@dataclass(frozen=True, slots=True)
class Known:
    """What is known besides the words.

    Attributes:
        kind: How the document's own marks came about.
        heard: The mark that a recogniser set after each token; empty if nobody was asked.
        breaks: Tokens that begin something new, such as a topic: a sentence ends before them.
    """

    kind: MarksKind
    heard: tuple[str | None, ...] = ()
    breaks: frozenset[int] = frozenset()


def restore_marks(tokens: Sequence[Token], known: Known) -> tuple[Token, ...]:
    """Return ``tokens`` with the marks of clauses and sentences set anew.

    Words, and what belongs to words, stay as they are; so do question and exclamation
    marks that are there.
    """
    marked = list(tokens)
    pauses = measure_pauses(
        pause
        for a, b in pairwise(tokens)
        if a.speaker == b.speaker and (pause := pause_after(a, b)) is not None
    )
    lowercase = frozenset(token.core for token in tokens if token.core.islower())
    judge = Judge(known.kind, pauses, lowercase, _is_cased(tokens, lowercase))
    for first, last in _speeches(tokens, known.breaks):
        slots = _slots(tokens, first, last, known)
        ends = _find_clauses(slots, judge)
        sentences = _find_sentences(slots, ends, judge)
        _set_marks(marked, slots, ends, sentences)
    return tuple(marked)


def _is_cased(tokens: Sequence[Token], lowercase: frozenset[str]) -> bool:
    """Tell whether a text has words with a capital that it also has without."""
    capitals = sum(token.core[:1].isupper() and token.core.lower() in lowercase for token in tokens)
    return capitals >= _LEAST_CAPITALS


def _speeches(tokens: Sequence[Token], breaks: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of the tokens that one person says at a time."""
    first = 0
    for place in range(1, len(tokens) + 1):
        if (
            place == len(tokens)
            or place in breaks
            or tokens[place].speaker != tokens[place - 1].speaker
        ):
            yield first, place
            first = place


def _slots(tokens: Sequence[Token], first: int, last: int, known: Known) -> list[Slot]:
    """Return the dictionary's words of a speech, each with what comes after it."""
    groups = [
        Group(group.first + first, group.last + first, group.piece)
        for group in group_tokens(tokens[first:last])
    ]
    return [
        Slot(
            group=group,
            token=tokens[group.last - 1],
            following=tokens[group.last] if group.last < last else None,
            heard=known.heard[group.last - 1] if known.heard else None,
            is_asked=bool(known.heard),
        )
        for group in groups
    ]


def _find_clauses(slots: Sequence[Slot], judge: Judge) -> list[int]:
    """Return the slots after which a clause ends, the last one too."""
    odds = [judge.clause_odds(a, b) for a, b in pairwise(slots)]
    for place, added in enumerate(judge.answer_odds(slots)):
        odds[place] += added
    places = list(accumulate((slot.size for slot in slots), initial=0))

    def gain(first: int, last: int) -> float:
        return odds[last - 1] + judge.size_odds(places[last] - places[first])

    return _search(len(slots), _LONGEST_CLAUSE, gain)


def _find_sentences(slots: Sequence[Slot], ends: Sequence[int], judge: Judge) -> set[int]:
    """Return the slots after which a sentence ends."""
    clauses = [slots[first:last] for first, last in pairwise((0, *ends))]
    sizes = [sum(slot.size for slot in clause) for clause in clauses]

    held = _find_held(clauses, judge)

    def gain(first: int, last: int) -> float:
        if last in held:
            return IMPOSSIBLE
        return judge.sentence_odds(clauses[last - 1], clauses[last], sum(sizes[first:last]))

    def inside(first: int, last: int) -> bool:
        return any(slots[ends[k] - 1].is_surely_end for k in range(first, last - 1))

    found = _search(len(ends), _LONGEST_SENTENCE, gain, inside)
    return {ends[k - 1] for k in found}


def _find_held(clauses: Sequence[Sequence[Slot]], judge: Judge) -> frozenset[int]:
    """Return the clauses, from 1, after which the sentence goes on."""
    whens = find_open_whens([[slot.piece for slot in clause] for clause in clauses])
    held = set()
    for number, (clause, following) in enumerate(pairwise(clauses), start=1):
        goes_on = number in whens or joins([slot.piece for slot in following])
        if goes_on and not judge.ends_anyway(clause[-1]):
            held.add(number)
    return frozenset(held)


def _search(
    count: int,
    longest: int,
    gain: Callable[[int, int], float],
    forbids: Callable[[int, int], bool] = lambda _first, _last: False,
) -> list[int]:
    """Return the borders [.., count] between 1..count items whose log odds are highest."""
    best: list[float] = [0.0] + [-math.inf] * count
    back = [0] * (count + 1)
    for last in range(1, count + 1):
        for first in range(last - 1, max(-1, last - 1 - longest), -1):
            if first < last - 1 and forbids(first, last):
                break
            value = best[first] + (0.0 if last == count else gain(first, last))
            if value > best[last]:
                best[last], back[last] = value, first
    borders, place = [], count
    while place:
        borders.append(place)
        place = back[place]
    return borders[::-1]


def _set_marks(
    marked: list[Token], slots: Sequence[Slot], ends: Sequence[int], sentences: set[int]
) -> None:
    """Write the marks into ``marked``."""
    borders, first = set(ends), 0
    for place, slot in enumerate(slots, start=1):
        index = slot.group.last - 1
        wide = _is_wide(slots, place)
        if place not in borders:
            mark = ""
        elif place not in sentences:
            mark = "，" if wide else ","
        else:
            mark = _end_mark(slots, first, place, [e for e in ends if first < e <= place], wide)
            first = place
        marked[index] = _with_mark(slot, mark, wide)
        for inner in range(slot.group.first, index):
            marked[inner] = replace(marked[inner], mark="")


def _with_mark(slot: Slot, mark: str, wide: bool) -> Token:
    token = slot.token
    if mark and token.head[-1:] in {*"、：:—–"}:  # there is a mark of another kind
        mark = mark if mark[-1] not in "，," else ""
    space = token.space if not mark or not wide else ""
    if mark and not wide:
        space = space or " "
    needs_room = bool(token.mark) and not mark and not token.space and slot.is_latin_both_sides
    return replace(token, mark=mark, space=" " if needs_room else space)


def _is_wide(slots: Sequence[Slot], place: int) -> bool:
    """Tell whether the marks around a place are those of Chinese."""
    near = slots[max(0, place - 6) : place + 6]
    return any(slot.token.is_han for slot in near)


def _end_mark(slots: Sequence[Slot], first: int, last: int, ends: Sequence[int], wide: bool) -> str:
    kept = slots[last - 1].token.mark
    if any(mark in "？！?!" for mark in kept):
        return kept
    clauses, start = [], first
    for end in ends:
        clauses.append(simplify("".join(slot.written for slot in slots[start:end])))
        start = end
    if wide:
        is_last = last == len(slots) or (slots[last - 1].pause or 0.0) >= _TURNS_TO_LISTENER
        return "？" if is_chinese_question(tuple(clauses), is_last=is_last) else "。"
    borders = pairwise((first, *ends))
    words = tuple(tuple(slot.token.core for slot in slots[a:b]) for a, b in borders)
    return "?" if is_english_question(words) else "."
