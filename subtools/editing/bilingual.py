"""Two languages in one file, one above the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from subtools.core import Block, Cue, Subtitles, Word
from subtools.editing.matching import Group, match_cues
from subtools.editing.selecting import add_remarks, count_cues, is_comment
from subtools.lexicon import split_words
from subtools.markup import escape_markup

_OF_BOTH = frozenset({"style", "region"})  # kinds of blocks that add up


class Order(StrEnum):
    """Which file's lines stand above."""

    FIRST = "first"
    SECOND = "second"


def combine_languages(first: Subtitles, second: Subtitles, order: Order = Order.FIRST) -> Subtitles:
    """Return ``first`` and ``second`` as one file, what is said at the same time in one cue.

    Every line of both is in it once. A cue is on from the first to the last of what is in
    it; where something else is on, when ``first`` is. What has no counterpart stays as it is.

    Args:
        first: The language that has the say about times, speakers and places.
        second: The other.
        order: Which one stands above.
    """
    groups = sorted(match_cues(_by_time(first.cues), _by_time(second.cues)), key=_onset)
    cues = tuple(_widen([_stack(group, order) for group in groups], groups))
    whole = replace(
        first,
        cues=cues,
        language=first.language if first.language == second.language else "",
        blocks=tuple(_merge_blocks(first, second, groups)),
        remarks=first.remarks + second.remarks,
    )
    return add_remarks(whole, *_report_lost(groups))


def _by_time(cues: Sequence[Cue]) -> list[Cue]:
    return sorted(cues, key=lambda cue: cue.start)


def _leading(group: Group) -> tuple[Cue, ...]:
    """Return the cues of a group that have the say."""
    return group.first or group.second


def _onset(group: Group) -> float:
    return _leading(group)[0].start


def _stack(group: Group, order: Order) -> Cue:
    """Return the cue that ``group`` becomes, at the time of its leading cues."""
    leading = _leading(group)
    cues = [*group.first, *group.second]
    if len(cues) == 1:
        return cues[0]
    if order is Order.SECOND:
        cues = [*group.second, *group.first]
    rated = [cue for cue in leading if cue.confidence is not None]
    doubtful = min(rated, key=lambda cue: cue.confidence or 0.0, default=leading[0])
    return Cue(
        start=leading[0].start,
        end=max(cue.end for cue in leading),
        lines=tuple(line for cue in cues for line in cue.lines),
        speaker=_first_of([*leading, *cues], "speaker") or None,
        confidence=doubtful.confidence,
        reason=doubtful.reason,
        words=_stack_words(cues),
        identifier=_first_of(leading, "identifier"),
        settings=_first_of(leading, "settings"),
        markup=_stack_markup(cues),
    )


def _first_of(cues: Sequence[Cue], field: str) -> str:
    return next(filter(None, (getattr(cue, field) for cue in cues)), "")


def _stack_words(cues: Sequence[Cue]) -> tuple[Word, ...]:
    """Return the words of all cues, those of cues without word times untimed."""
    if not any(cue.words for cue in cues):
        return ()
    return tuple(word for cue in cues for word in cue.words or _untimed_words(cue))


def _untimed_words(cue: Cue) -> Iterator[Word]:
    return (Word(text, speaker=cue.speaker) for line in cue.lines for text in split_words(line))


def _stack_markup(cues: Sequence[Cue]) -> str:
    if not any(cue.markup for cue in cues):
        return ""
    return "\n".join(cue.markup or escape_markup(cue.text) for cue in cues)


def _widen(cues: Sequence[Cue], groups: Sequence[Group]) -> Iterator[Cue]:
    """Yield ``cues`` on as long as anything in them, as far as no other cue is on then."""
    free = 0.0
    limits = [*(later.start for later in cues[1:]), float("inf")]
    for cue, group, limit in zip(cues, groups, limits, strict=False):
        inside = (*group.first, *group.second)
        start = min(cue.start, max(free, min(part.start for part in inside)))
        end = max(cue.end, min(limit, max(part.end for part in inside)))
        free = max(free, end)
        yield replace(cue, start=start, end=end) if (start, end) != (cue.start, cue.end) else cue


def _merge_blocks(first: Subtitles, second: Subtitles, groups: Sequence[Group]) -> Iterator[Block]:
    """Yield the blocks of both: comments where their cues are, of headers those of ``first``."""
    taken = {(block.format, block.kind, block.text) for block in first.blocks}
    placed = [(_place(block, first, [g.first for g in groups]), block) for block in first.blocks]
    for block in second.blocks:
        is_doubled = (block.format, block.kind, block.text) in taken
        if is_comment(block) or (block.kind.casefold() in _OF_BOTH and not is_doubled):
            placed.append((_place(block, second, [g.second for g in groups]), block))
    for position, block in sorted(placed, key=lambda pair: pair[0]):
        yield replace(block, position=position)


def _place(block: Block, source: Subtitles, groups: Sequence[tuple[Cue, ...]]) -> int:
    """Return how many groups stand before ``block`` of ``source``."""
    if block.position >= len(source.cues):
        return len(groups) if source.cues else 0
    following = source.cues[block.position]
    return next(i for i, cues in enumerate(groups) if any(cue is following for cue in cues))


def _report_lost(groups: Sequence[Group]) -> Iterator[str]:
    """Yield what of the cues has no place in the ones that they became."""
    pairs = [[*g.first, *g.second] for g in groups if g.first and g.second]
    for field, what in (("speaker", "another speaker"), ("settings", "another place")):
        lost = sum(
            len({getattr(cue, field) for cue in cues if getattr(cue, field)}) > 1 for cues in pairs
        )
        if lost:
            yield f"{what} of the second file is not kept in {count_cues(lost)}"
    names = sum(sum(bool(cue.identifier) for cue in cues) > 1 for cues in pairs)
    if names:
        yield f"of the names of cues, one is kept in {count_cues(names)}"
