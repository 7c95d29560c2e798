"""The subtitles of the parts of a video as those of the whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate

from subtools.core import Block, Cue, Seconds, Subtitles
from subtools.editing.events import event_span, move_events
from subtools.editing.renaming import keep_apart, merge_styles
from subtools.editing.selecting import add_remarks, count_cues, is_comment
from subtools.editing.timing import drop_markup_times, exact, join_words, move_cue
from subtools.markup import Token, TokenKind, compose_markup, parse_markup
from subtools.timecode import compose_clock, to_milliseconds

# Blocks of these kinds add up; of all others a file has one.
_MANY = frozenset({"style", "region"})


def concat_subtitles(parts: Sequence[Subtitles], lengths: Sequence[Seconds]) -> Subtitles:
    """Return the subtitles of a video whose parts have the subtitles ``parts``.

    Each part begins where the one before it ends. A cue that lasts to the very end of its
    part and goes on at the beginning of the next with the same text becomes one again.
    Identifiers and regions that two parts use for different things are renamed in the later
    one; what both parts say of the whole file is taken from the first.

    Args:
        parts: At least one.
        lengths: How long each part is, in seconds; that of the last need not be known.

    Raises:
        ValueError: If the numbers do not match, or a length is below 0.
    """
    if len(lengths) not in {len(parts), len(parts) - 1}:
        raise ValueError(f"{len(parts)} parts need {len(parts) - 1} or {len(parts)} lengths")
    if not parts or any(length < 0 for length in lengths):
        raise ValueError("a part has a length of 0 or more")
    starts = [*accumulate(map(exact, lengths), initial=exact(0))]
    whole = parts[0]
    for number, part in enumerate(parts[1:], start=2):
        moved = _move_part(part, starts[number - 1])
        whole = _append(whole, keep_apart(moved, whole, number), float(starts[number - 1]))
    return add_remarks(whole, *_report_overlong(parts, lengths))


def lengths_with_gap(parts: Sequence[Subtitles], gap: Seconds) -> tuple[Seconds, ...]:
    """Return lengths of ``parts`` so that ``gap`` seconds follow each part's last cue."""
    ends = (max((exact(cue.end) for cue in part.cues), default=exact(0)) for part in parts)
    return tuple(float(end + exact(gap)) for end in ends)


def _move_part(part: Subtitles, offset: Fraction) -> Subtitles:
    def move(time: Fraction) -> Fraction:
        return time + offset

    blocks, _ = move_events(part.blocks, move)
    return replace(part, cues=tuple(move_cue(cue, move) for cue in part.cues), blocks=blocks)


def _append(whole: Subtitles, part: Subtitles, seam: Seconds) -> Subtitles:
    """Return ``whole`` with ``part`` after it, cues joined that meet at ``seam``."""
    cues, joined = list(whole.cues), set[int]()
    for index, cue in _at_seam(part.cues, seam):
        for place in _ending_at(cues, seam):
            if _goes_on(cues[place], cue):
                cues[place] = _join(cues[place], cue)
                joined.add(index)
                break
    rest = [cue for index, cue in enumerate(part.cues) if index not in joined]
    merged, remarks = merge_styles(whole.blocks, part.blocks)
    return replace(
        whole,
        cues=(*cues, *rest),
        language=whole.language if whole.language == part.language else "",
        blocks=(*merged, *_new_blocks(whole, part, joined)),
        remarks=whole.remarks + part.remarks + remarks,
    )


def _at_seam(cues: Sequence[Cue], seam: Seconds) -> Iterator[tuple[int, Cue]]:
    at = to_milliseconds(seam)
    return ((i, cue) for i, cue in enumerate(cues) if to_milliseconds(cue.start) == at)


def _ending_at(cues: Sequence[Cue], seam: Seconds) -> list[int]:
    at = to_milliseconds(seam)
    return [index for index, cue in enumerate(cues) if to_milliseconds(cue.end) == at]


def _goes_on(before: Cue, after: Cue) -> bool:
    """Tell whether ``after`` is the rest of ``before``."""
    if len(before.words) != len(after.words) or before.start >= after.start:
        return False
    return _identity(before) == _identity(after)


def _identity(cue: Cue) -> Cue:
    """Return ``cue`` without what is another on the other side of a border."""
    return replace(cue, start=0.0, end=0.0, words=(), markup=drop_markup_times(cue.markup))


def _join(before: Cue, after: Cue) -> Cue:
    markup = before.markup
    if markup != after.markup:
        markup = compose_markup(_join_markup(parse_markup(markup), parse_markup(after.markup)))
    words = join_words(before.words, after.words)
    return replace(before, end=after.end, words=words, markup=markup)


def _join_markup(before: Sequence[Token], after: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens of both, which differ only in the times between them.

    A time that is not there leaves the texts on its sides as one, so texts are compared by
    the character.
    """
    first, second = deque(_letters(before)), deque(_letters(after))
    while first and second:
        if first[0] == second[0]:
            second.popleft()
            yield first.popleft()
        else:
            yield (first if first[0].kind is TokenKind.TIME else second).popleft()
    yield from (*first, *second)


def _letters(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.kind is TokenKind.TEXT:
            yield from (replace(token, text=character) for character in token.text)
        else:
            yield token


def _new_blocks(whole: Subtitles, part: Subtitles, joined: set[int]) -> Iterator[Block]:
    """Yield what ``part`` adds to the blocks of ``whole``."""
    known = {(block.format, block.kind, block.text) for block in whole.blocks}
    kinds = {(block.format, block.kind) for block in whole.blocks}
    for block in part.blocks:
        is_known = (block.format, block.kind, block.text) in known
        if event_span(block):
            is_doubled = False
        elif is_comment(block):
            is_doubled = is_known and block.position in joined
        else:
            is_single = block.kind.casefold() not in _MANY
            is_doubled = is_known or (is_single and (block.format, block.kind) in kinds)
        if not is_doubled:
            before = block.position - sum(index < block.position for index in joined)
            yield replace(block, position=len(whole.cues) + before)


def _report_overlong(parts: Sequence[Subtitles], lengths: Sequence[Seconds]) -> Iterator[str]:
    for number, (part, length) in enumerate(zip(parts, lengths, strict=False), start=1):
        late = [cue for cue in part.cues if cue.end > length]
        if late and number < len(parts):
            yield (
                f"part {number} is {compose_clock(length)} long, but {count_cues(len(late))} of "
                f"it end later, the last at {compose_clock(max(cue.end for cue in late))}"
            )
