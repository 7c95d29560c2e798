"""Subtitles against the rules of a style."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import inf

from subtools.core import Cue, CueRules, Rule, Subtitles, Violation
from subtools.styles.clock import Instant, milliseconds, read_instant
from subtools.styles.describing import say_seconds
from subtools.styles.texts import Fault, read_text

_NOISE = 1e-6  # milliseconds


def check_subtitles(subtitles: Subtitles, rules: CueRules) -> tuple[Violation, ...]:
    """Return every violation of ``rules``, in the order of the cues.

    Times are compared as the file can hold them: half a millisecond either way, or half a
    hundredth of a second for times that end in 0 (ASS), is rounding and breaks no rule.
    Gaps and overlaps are looked for in the order of time, among cues that are shown in the
    same place (the ``line`` of their settings). A gap belongs to the cue after it.

    Args:
        subtitles: Cues of a file, in any order.
        rules: The style.

    >>> cues = (Cue(0.0, 2.0, ("你好，",)), Cue(1.5, 3.5, ("世界",)))
    >>> [v.rule.value for v in check_subtitles(Subtitles(cues), CueRules())]
    ['overlap']
    """
    cues = subtitles.cues
    found: dict[int, list[Fault]] = {index: [] for index in range(len(cues))}
    for index, cue in enumerate(cues):
        found[index] += _check_order(cues[:index][-1:], cue)
        found[index] += check_cue(cue, rules)
    for track in split_tracks(cues):
        reach: Instant | None = None
        for index in track:
            found[index] += check_gap(reach, read_instant(cues[index].start, rules), rules)
            reach = later_end(reach, read_instant(cues[index].end, rules))
    return tuple(
        _report(index, cues[index], fault) for index, faults in found.items() for fault in faults
    )


def _report(index: int, cue: Cue, fault: Fault) -> Violation:
    return Violation(
        cue=index + 1,
        start=cue.start,
        rule=fault.rule,
        measured=fault.measured,
        limit=fault.limit,
        unit=fault.unit,
        message=fault.message,
        text=" ".join(" ".join(cue.lines).split()),
    )


def split_tracks(cues: Sequence[Cue]) -> list[list[int]]:
    """Return the indexes of the cues shown in each place, in the order of time."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, cue in enumerate(cues):
        places[place_of(cue)].append(index)
    return [
        sorted(indexes, key=lambda index: (milliseconds(cues[index].start), index))
        for _, indexes in sorted(places.items())
    ]


def place_of(cue: Cue) -> str:
    """Return where on the screen the cue is: two in different places are not in the way."""
    return next((part for part in cue.settings.split() if part.startswith("line:")), "")


def _check_order(before: Sequence[Cue], cue: Cue) -> Iterator[Fault]:
    for earlier in before:
        late = milliseconds(earlier.start) - milliseconds(cue.start)
        if late > 0:
            message = f"begins {_say(late)} before the cue that stands before it"
            yield Fault(Rule.ORDER, late / 1000, 0, "s", message)


def check_cue(cue: Cue, rules: CueRules) -> tuple[Fault, ...]:
    """Return what ``cue`` breaks by itself."""
    start, end = read_instant(cue.start, rules), read_instant(cue.end, rules)
    lines = tuple(cue.lines)
    text = read_text(lines, rules)
    duration, doubt = end.at - start.at, start.doubt + end.doubt + _NOISE
    return (
        *text.faults,
        *_check_frames(start, end, rules),
        *_check_shortest(duration, doubt, rules),
        *_check_longest(duration, doubt, rules, is_short=text.is_short),
        *_check_speed(text.columns, duration, doubt, rules),
        *_check_words(text.words, duration, doubt, rules),
    )


def _check_frames(start: Instant, end: Instant, rules: CueRules) -> Iterator[Fault]:
    distance = max(start.distance, end.distance)
    if distance:
        which = "start" if start.distance >= end.distance else "end"
        rate = f"{rules.frame_rate:g}"
        message = f"its {which} lies {distance:.0f} ms off the frames ({rate} a second)"
        yield Fault(Rule.FRAMES, round(distance / 1000, 4), 0, "s", message)


def _check_shortest(duration: float, doubt: float, rules: CueRules) -> Iterator[Fault]:
    least = rules.min_duration
    if duration < least * 1000 - doubt:
        message = f"on for {_say(duration)}, less than {say_seconds(least)}"
        yield Fault(Rule.MIN_DURATION, _seconds(duration), least, "s", message)


def _check_longest(
    duration: float, doubt: float, rules: CueRules, *, is_short: bool
) -> Iterator[Fault]:
    most = rules.max_duration
    if duration > most * 1000 + doubt and not is_short:
        message = f"on for {_say(duration)}, more than {say_seconds(most)}"
        yield Fault(Rule.MAX_DURATION, _seconds(duration), most, "s", message)


def _check_speed(width: int, duration: float, doubt: float, rules: CueRules) -> Iterator[Fault]:
    most = rules.max_speed
    if most is None or not width or width <= most * (duration + doubt) / 1000:
        return
    unit = "columns a second"
    speed = width * 1000 / duration if duration > 0 else inf
    if speed == inf:
        yield Fault(Rule.READING_SPEED, None, most, unit, f"{width} columns in no time")
        return
    message = f"{speed:.1f} columns a second, more than {most:g}"
    yield Fault(Rule.READING_SPEED, round(speed, 2), most, unit, message)


def _check_words(words: int, duration: float, doubt: float, rules: CueRules) -> Iterator[Fault]:
    most = rules.max_words_per_minute
    if most is None or not words or words <= most * (duration + doubt) / 60_000:
        return
    unit = "words a minute"
    speed = words * 60_000 / duration if duration > 0 else inf
    if speed == inf:
        yield Fault(Rule.WORDS_PER_MINUTE, None, most, unit, f"{words} words in no time")
        return
    message = f"{speed:.0f} words a minute, more than {most:g}"
    yield Fault(Rule.WORDS_PER_MINUTE, round(speed, 1), most, unit, message)


def check_gap(reach: Instant | None, start: Instant, rules: CueRules) -> tuple[Fault, ...]:
    """Return what is wrong where a cue begins at ``start`` and all before it end at ``reach``."""
    if reach is None:
        return ()
    gap, doubt = start.at - reach.at, start.doubt + reach.doubt + _NOISE
    if gap < -doubt:
        message = f"begins {_say(-gap)} before another cue ends"
        return (Fault(Rule.OVERLAP, _seconds(-gap), 0, "s", message),)
    least, closed = rules.min_gap, rules.closed_gap
    if gap < least * 1000 - doubt:
        message = f"{_say(gap)} after the cue before it, less than {_say_gap(least, rules)}"
        return (Fault(Rule.GAP, _seconds(gap), least, "s", message),)
    if least * 1000 + doubt < gap < closed * 1000 - doubt:
        allowed = _say_gap(least, rules) if least else "none"
        message = f"a gap of {_say(gap)} flickers: {allowed}, or {say_seconds(closed)} and more"
        return (Fault(Rule.GAP, _seconds(gap), closed, "s", message),)
    return ()


def later_end(reach: Instant | None, end: Instant) -> Instant:
    """Return the later one of ``reach`` and ``end``."""
    return end if reach is None or end.at >= reach.at else reach


def _say_gap(gap: float, rules: CueRules) -> str:
    if rules.frame_rate is None:
        return say_seconds(gap)
    frames = gap * rules.frame_rate
    return f"{frames:.3g} frames"


def _say(duration: float) -> str:
    return f"{duration / 1000:.3f} s"


def _seconds(duration: float) -> float:
    return round(max(0.0, duration) / 1000, 4)
