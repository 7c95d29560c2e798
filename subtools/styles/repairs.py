"""What a cue could be instead: other lines, other times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import inf

from subtools.core import Cue, CueRules, Rule, Seconds
from subtools.markup import rewrap_markup
from subtools.styles.clock import milliseconds, snap, snap_down, snap_up
from subtools.styles.texts import is_blank, is_dialogue, read_text
from subtools.styles.wrapping import join_lines, wrap_text
from subtools.typography import typeset_lines

_TEXT_RULES = frozenset({Rule.LINE_LENGTH, Rule.LINE_COUNT, Rule.PUNCTUATION})


def with_lines(cue: Cue, lines: tuple[str, ...]) -> Cue:
    """Return ``cue`` with other line breaks and punctuation, its tags where they were.

    What is native stays: its format keeps what of it still holds.
    """
    if lines == cue.lines:
        return cue
    markup = rewrap_markup(cue.markup, lines) if cue.markup else ""
    return replace(cue, lines=lines, markup=markup)


def other_lines(cue: Cue, rules: CueRules) -> list[tuple[str, ...]]:
    """Return the lines that ``cue`` could have: the best ones, and its own."""
    lines = tuple(cue.lines)
    broken = {fault.rule for fault in read_text(lines, rules).faults}
    if not broken & _TEXT_RULES or is_blank(lines):
        return [lines]
    choices = [typeset_lines(lines, rules.punctuation)]
    if not is_dialogue(lines):
        joined = join_lines(lines, rules.punctuation)
        wrapped = wrap_text(joined, rules) or ()
        typeset = typeset_lines([joined], rules.punctuation)
        # What is typeset may be wider or narrower, so both ways round.
        choices += [typeset_lines(wrapped, rules.punctuation)]
        choices += [wrap_text(text, rules) or () for text in typeset]
        choices += [wrapped]
    usable = [choice for choice in dict.fromkeys((*choices, lines)) if choice]
    counts = {choice: len(read_text(choice, rules).faults) for choice in usable}
    best = min(usable, key=lambda choice: counts[choice])
    return list(dict.fromkeys((best, lines)))


def other_starts(cue: Cue, rules: CueRules) -> list[Seconds]:
    """Return when ``cue`` could begin: when it does, or on a frame."""
    if rules.frame_rate is None:
        return [cue.start]
    near = snap(cue.start, rules)
    return _distinct((near, *_early_first(cue.start, rules), cue.start))


def other_ends(cue: Cue, following: Seconds | None, rules: CueRules) -> list[Seconds]:
    """Return when ``cue`` could end, likeliest first; as it does among them.

    It never ends before it begins. It stays on until it can be read, and not into the next
    one nor until shortly before it; one that is on for too long ends when it may, but not
    before its last word is said, where that is known.

    Args:
        cue: The cue.
        following: When the next one begins; None if there is none.
        rules: The style.
    """
    spoken = max((word.span.end for word in cue.words if word.span), default=cue.start)
    room = cue.start + needed_duration(cue, rules)
    if following is not None:
        room = min(room, following - rules.min_gap)
    held = max(cue.end, room)
    longest = cue.start + rules.max_duration
    ends = [cue.end, snap(cue.end, rules), *_late_first(cue.end, rules), *_late_first(held, rules)]
    if cue.end > longest and spoken <= longest:
        ends += _early_first(longest, rules)
    if following is not None:
        ends += _early_first(following - rules.min_gap, rules)
        ends += _early_first(following, rules)
    farthest = max(cue.end, following) if following is not None else inf
    return _distinct(end for end in ends if cue.start <= end <= farthest)


def other_gaps(before: Cue, start: Seconds, rules: CueRules) -> list[Seconds]:
    """Return when the cue ``before`` one that begins at ``start`` could end."""
    ends = [before.end, snap(before.end, rules), *_late_first(before.end, rules)]
    ends += _early_first(start - rules.min_gap, rules)
    ends += _early_first(start, rules)
    return _distinct(end for end in ends if before.start <= end <= max(before.end, start))


def _late_first(time: Seconds, rules: CueRules) -> tuple[Seconds, Seconds]:
    """Return the frames or milliseconds after and before ``time``."""
    return snap_up(time, rules), snap_down(time, rules)


def _early_first(time: Seconds, rules: CueRules) -> tuple[Seconds, Seconds]:
    return snap_down(time, rules), snap_up(time, rules)


def needed_duration(cue: Cue, rules: CueRules) -> Seconds:
    """Return how long ``cue`` must be on to be seen and read."""
    text = read_text(tuple(cue.lines), rules)
    needed = [rules.min_duration]
    if rules.max_speed:
        needed.append(text.columns / rules.max_speed)
    if rules.max_words_per_minute:
        needed.append(text.words * 60 / rules.max_words_per_minute)
    return max(needed)


def _distinct(times: Iterable[Seconds]) -> list[Seconds]:
    """Return ``times`` without those that are another one to a hundredth of a millisecond."""
    distinct: dict[int, Seconds] = {}
    for time in times:
        distinct.setdefault(milliseconds(time * 100), time)
    return list(distinct.values())
