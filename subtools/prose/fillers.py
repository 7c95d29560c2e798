"""What a reader does without: hesitations, and words said twice by accident.

Only for the edition that is made to be read. Nothing that says something goes: no negation, no
number, no name, no Latin term, and of 那個 only the one that stands alone. What is doubtful stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from subtools.phonetics.scripts import simplify
from subtools.prose.features import Piece
from subtools.prose.pieces import Group, group_tokens
from subtools.prose.tokens import Token, pause_after

NEGATIONS = frozenset("不没別别未无非莫勿否")
_SOUNDS = frozenset(["呃", "嗯", "唔", "um", "uh", "uhm", "umm", "er", "erm", "hmm"])
# Alone between two marks they hold the floor; elsewhere they are 就是 "that is", 那個 "that".
_ALONE = frozenset(["就是", "就是说", "那个", "这个", "啊"])
_ALONE_ENGLISH = frozenset({("you", "know"), ("i", "mean"), ("like",), ("uh",), ("um",)})
_ASSENT = frozenset("对好是")
_DOUBLED = frozenset(
    ["就是", "其实", "可能", "比如", "比如说", "因为", "所以", "然后", "但是", "如果", "还有"]
)
_DOUBLED_TAGS = frozenset("rcp")
# 誰誰誰 is somebody, 那麼那麼多 very many.
_MEANT_TWICE = frozenset(
    (
        *("谁", "什么", "某", "哪", "哪里", "多少", "怎么", "如何", "几", "每", "各", "那样"),
        *("这样", "那么", "这么", "人家", "自己", "彼此"),
    )
)
# What opens a sentence and says nothing twice, rest or no rest.
_STANCES = frozenset(("我觉得", "我认为", "我感觉", "ithink", "imean"))
_DOUBLED_ENGLISH = frozenset(
    (
        *("i", "we", "you", "he", "she", "it", "they", "the", "a", "an", "and", "but", "to", "of"),
        *("in", "is", "if", "because", "my", "your", "our", "or", "at", "on", "for", "with"),
        *("it's", "i'm", "we're"),
    )
)
_LONGEST = 4  # words that are said again as a whole
_RESTART = 0.1  # s of silence before what is said again


def drop_fillers(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Return ``tokens`` without hesitations and accidental repetitions.

    Marks must have been set. What one person says is never left empty.
    """
    kept: list[Token] = []
    for _, speech in groupby(tokens, key=lambda token: token.speaker):
        kept += _clean_speech(list(speech))
    return tuple(kept)


def _clean_speech(speech: list[Token]) -> list[Token]:
    for find in (_find_sounds, _find_alone, _find_assent, _find_doubled):
        dropped = find(speech)
        if dropped and len(dropped) < len(speech):
            speech = _without(speech, dropped)
    return speech


def _without(speech: Sequence[Token], dropped: set[int]) -> list[Token]:
    """Return a speech without some words; a sentence that ended at one ends before it."""
    kept: list[Token] = []
    capital = False
    for place, token in enumerate(speech):
        if place not in dropped:
            kept.append(_capitalise(token) if capital else token)
            capital = False
            continue
        capital = capital or (token.core[:1].isupper() and token.core != "I")
        if kept and token.is_end and not kept[-1].is_end:
            kept[-1] = replace(kept[-1], mark=token.mark, space=token.space)
        if kept and token.ends_paragraph:
            kept[-1] = replace(kept[-1], ends_paragraph=True)
    if kept and not kept[-1].is_end and speech[-1].mark:
        kept[-1] = replace(kept[-1], mark=speech[-1].mark, space=speech[-1].space)
    return kept


def _capitalise(token: Token) -> Token:
    return replace(token, text=token.text[:1].upper() + token.text[1:])


def _fold(token: Token) -> str:
    return simplify(token.core).casefold()


def _find_sounds(speech: Sequence[Token]) -> set[int]:
    return {
        place
        for place, token in enumerate(speech)
        if _fold(token) in _SOUNDS
        and not (token.head or token.closing)
        and not (len(token.core) > 1 and token.core.isupper())  # ER is a place
        and not (place == 0 and token.core == "嗯")  # it may answer: yes
    }


def _find_alone(speech: Sequence[Token]) -> set[int]:
    """Return the words of clauses that are nothing but a filler."""
    found: set[int] = set()
    for first, last in _clauses(speech):
        words = tuple(_fold(token) for token in speech[first:last])
        is_filler = "".join(words) in _ALONE or words in _ALONE_ENGLISH
        opens = first == 0 or bool(speech[first - 1].mark)
        is_bare = all(not t.head and not t.closing for t in speech[first:last])
        if is_filler and opens and is_bare and not speech[last - 1].is_end and last < len(speech):
            found.update(range(first, last))
    return found


def _clauses(speech: Sequence[Token]) -> Iterator[tuple[int, int]]:
    first = 0
    for place, token in enumerate(speech, start=1):
        if token.mark or place == len(speech):
            yield first, place
            first = place


def _find_assent(speech: Sequence[Token]) -> set[int]:
    """Return all but the last of 對對對, which is a clause of its own."""
    found: set[int] = set()
    for first, last in _clauses(speech):
        words = {_fold(token) for token in speech[first:last]}
        if len(words) == 1 and words <= _ASSENT and last - first > 1:
            found.update(range(first, last - 1))
    return found


def _find_doubled(speech: Sequence[Token]) -> set[int]:
    """Return the words that are said again at once."""
    groups = group_tokens(speech)
    found: set[int] = set()
    place = 0
    while place < len(groups):
        size = next((n for n in range(_LONGEST, 0, -1) if _is_doubled(speech, groups, place, n)), 0)
        if size:
            found.update(range(groups[place].first, groups[place + size].first))
        place += size or 1
    return found


def _is_doubled(speech: Sequence[Token], groups: Sequence[Group], place: int, size: int) -> bool:
    """Tell whether ``size`` words are a false start of the same words after them."""
    first, again = groups[place : place + size], groups[place + size : place + 2 * size]
    if len(again) < size or [_key(speech, g) for g in first] != [_key(speech, g) for g in again]:
        return False
    tokens = speech[first[0].first : first[-1].last]
    if any(t.is_end or t.head or t.closing for t in tokens) or any(t.mark for t in tokens[:-1]):
        return False
    pieces = [group.piece for group in first]
    if any(_is_precious(piece, _key(speech, g)) for piece, g in zip(pieces, first, strict=True)):
        return False
    if "".join(map(_fold, tokens)) in _STANCES:
        return True
    if not tokens[0].is_han:
        return all(_fold(token) in _DOUBLED_ENGLISH for token in tokens)
    rests = bool(tokens[-1].mark) or (
        (pause_after(tokens[-1], speech[again[0].first]) or 0.0) >= _RESTART
    )
    return _is_restart(pieces, rests=rests)


def _key(speech: Sequence[Token], group: Group) -> str:
    return "".join(map(_fold, speech[group.first : group.last]))


def _is_precious(piece: Piece, text: str) -> bool:
    """Tell whether a word is a negation, a number or a name, or means something when doubled."""
    if piece.tag.startswith(("m", "nr", "ns", "nt", "nz")) or text in _MEANT_TWICE:
        return True
    return bool(NEGATIONS & set(text)) or any(character.isdigit() for character in text)


def _is_restart(pieces: Sequence[Piece], *, rests: bool) -> bool:
    """Tell whether Chinese words said twice are a restart: 我我, 這個這個, 我覺得，我覺得.

    慢慢, 看看, 研究研究 and 非常非常 are meant; so is 他說他說過, unless he rests.
    """
    if len(pieces) == 1:
        return pieces[0].tag in _DOUBLED_TAGS or pieces[0].text in _DOUBLED
    opens = pieces[0].tag in _DOUBLED_TAGS or pieces[0].text in _DOUBLED
    is_light = all(piece.tag in _DOUBLED_TAGS or piece.text in _DOUBLED for piece in pieces)
    return opens and (is_light or rests)
