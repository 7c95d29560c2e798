"""What a cue could be instead: other lines, other times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from subtools.core import Cue, CueRules, Rule, Seconds
from subtools.markup import rewrap_markup
from subtools.styles.clock import milliseconds, snap, snap_down, snap_up
from subtools.styles.texts import is_blank, is_dialogue, read_text
from subtools.styles.wrapping import join_lines, wrap_text
from subtools.typography import typeset_lines

_TEXT_RULES = frozenset({Rule.LINE_LENGTH, Rule.LINE_COUNT, Rule.PUNCTUATION})


def with_lines(cue: Cue, lines: tuple[str, ...]) -> Cue:
    """Return ``cue`` with other line breaks and punctuation, its tags where they were."""
    if lines == cue.lines:
        return cue
    markup = rewrap_markup(cue.markup, lines) if cue.markup else ""
    native = replace(cue.native, text="") if cue.native and cue.native.fields else None
    return replace(cue, lines=lines, markup=markup, native=native)


def other_lines(cue: Cue, rules: CueRules) -> list[tuple[str, ...]]:
    """Return the lines that ``cue`` could have, likeliest first; its own ones are among them."""
    lines = tuple(cue.lines)
    broken = {fault.rule for fault in read_text(lines, rules).faults}
    if not broken & _TEXT_RULES or is_blank(lines):
        return [lines]
    choices = [typeset_lines(lines, rules.punctuation), lines]
    if not is_dialogue(lines):
        joined = join_lines(lines, rules.punctuation)
        for text in dict.fromkeys((*typeset_lines([joined], rules.punctuation), joined)):
            wrapped = wrap_text(text, rules)
            if wrapped:
                choices.insert(1, wrapped)
                choices.insert(1, typeset_lines(wrapped, rules.punctuation))
    return [choice for choice in dict.fromkeys(choices) if choice]


def other_starts(cue: Cue, rules: CueRules) -> list[Seconds]:
    """Return when ``cue`` could begin: when it does, or on a frame."""
    if rules.frame_rate is None:
        return [cue.start]
    near = snap(cue.start, rules)
    return _distinct((near, snap_down(cue.start, rules), snap_up(cue.start, rules), cue.start))


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
    needed = cue.start + needed_duration(cue, rules)
    longest = cue.start + rules.max_duration
    ends = [cue.end, max(cue.end, needed), needed]
    if cue.end > longest and spoken <= longest:
        ends.append(longest)
    if following is not None:
        ends += [following - rules.min_gap, following]
    return _distinct(end for end in _on_grid(ends, rules) if end >= cue.start)


def other_gaps(before: Cue, start: Seconds, rules: CueRules) -> list[Seconds]:
    """Return when the cue ``before`` one that begins at ``start`` could end."""
    ends = [before.end, start - rules.min_gap, start]
    return _distinct(end for end in _on_grid(ends, rules) if end >= before.start)


def _on_grid(times: Iterable[Seconds], rules: CueRules) -> Iterator[Seconds]:
    """Yield ``times`` and what is next to them on the frames or milliseconds."""
    for time in times:
        yield from (time, snap(time, rules), snap_up(time, rules), snap_down(time, rules))


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
