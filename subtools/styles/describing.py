"""Rules in words, for lists of styles."""

from __future__ import annotations

from collections.abc import Iterator
from math import isclose

from subtools.core import Balance, CueRules, Punctuation, Seconds

_PUNCTUATION = {
    Punctuation.KEPT: "as it is",
    Punctuation.HANT: "full-width, no 、，。 at the end of a line",
    Punctuation.HANS: "no ，。 but a space, no 、 at the end of a line; ？！： full-width; "
    "digits half-width",
}


def describe_rules(rules: CueRules) -> dict[str, str]:
    """Return the figures of ``rules`` in words.

    >>> from subtools.core import PLAIN_RULES
    >>> describe_rules(PLAIN_RULES)["line"]
    '42 columns (21 full-width characters), 2 lines'
    """
    return dict(_describe(rules))


def _describe(rules: CueRules) -> Iterator[tuple[str, str]]:
    lines = "1 line" if rules.max_lines == 1 else f"{rules.max_lines} lines"
    wide = rules.max_columns // 2
    yield "line", f"{rules.max_columns} columns ({wide} full-width characters), {lines}"
    yield "duration", f"{say_seconds(rules.min_duration)} to {say_seconds(rules.max_duration)}"
    yield "reading speed", _say_speed(rules)
    yield "gaps", _say_gaps(rules)
    rate = rules.frame_rate
    yield "times", f"on frames, {rate:g} a second" if rate else "milliseconds"
    yield "punctuation", _PUNCTUATION[rules.punctuation]
    yield "two speakers in a cue", "a line and a dash each" if rules.is_shared else "no"
    yield "longer line", "the lower" if rules.balance is Balance.LOWER else "neither"
    yield "colours by speaker", "yes" if rules.has_colours else "no"
    yield "source", rules.source or "none named"


def _say_speed(rules: CueRules) -> str:
    limits = []
    if rules.max_speed is not None:
        wide = rules.max_speed / 2
        limits.append(f"{rules.max_speed:g} columns ({wide:g} full-width characters) a second")
    if rules.max_words_per_minute is not None:
        limits.append(f"{rules.max_words_per_minute:g} words a minute")
    return ", ".join(limits) or "no limit"


def _say_gaps(rules: CueRules) -> str:
    shortest = say_seconds(rules.min_gap)
    if rules.frame_rate and rules.min_gap:
        shortest = f"{rules.min_gap * rules.frame_rate:.3g} frames"
    least = f"at least {shortest}" if rules.min_gap else "cues may touch"
    if rules.closed_gap <= rules.min_gap:
        return least
    return f"{least}, none longer under {say_seconds(rules.closed_gap)}"


def say_seconds(seconds: Seconds) -> str:
    """Return a length of time as a person would write it.

    >>> say_seconds(5 / 6), say_seconds(7.0), say_seconds(1.2345)
    ('5/6 s', '7 s', '1.234 s')
    """
    return "5/6 s" if isclose(seconds, 5 / 6) else f"{seconds:.4g} s"
