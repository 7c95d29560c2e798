"""The drawing of a timeline: names on the left, turns along the hour."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from subtools.core import NameBasis, Seconds, Span
from subtools.lexicon import columns
from subtools.plots.drawing import Panel, escape_text, format_span
from subtools.plots.timeline_rows import Bar, Row, Timeline
from subtools.timecode import compose_clock

NAMES = 208.0  # points; the column of names
COLOURS = 6  # classes c0 .. c5 of the style
_USUAL_WIDTH = 1000.0  # points; the least
_LEAST_SCALE, _GREATEST_SCALE = 1 / 3, 20.0  # points a second: an hour is 1200 wide
_AXIS, _ROW, _BAR = 24.0, 40.0, 24.0  # points
_THINNEST = 1.5  # points; a turn that is shorter is drawn so
_TICKS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200)  # s
_TICK_ROOM = 56.0  # points between two of them, at least
_DIGIT = 6.5  # points that a figure of a tick takes at most
_NAME_COLUMNS = 25
BASES = {
    NameBasis.GIVEN: "given",
    NameBasis.LIBRARY: "known voice",
    NameBasis.SAID: "said",
    NameBasis.ROLE: "role",
    NameBasis.NONE: "label",
}
# Hatching that shows on every colour, light and dark.
HATCH = (
    '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect class="gap" width="2.5" height="5"/></pattern></defs>'
)


def draw_timeline(timeline: Timeline) -> tuple[Panel, float]:
    """Return the drawing and its width; without names and their column, in points."""
    scale = min(_GREATEST_SCALE, max(_LEAST_SCALE, _USUAL_WIDTH / max(timeline.duration, 1.0)))
    width = timeline.duration * scale
    tops = [_AXIS + number * _ROW for number in range(len(timeline.rows) + 1)]
    height = tops[-1] + (_ROW if timeline.together else 0.0)
    drawn = [HATCH, _draw_axis(timeline.duration, scale, height)]
    names = [_text(4, 16, "time", "small")]
    for number, (row, top) in enumerate(zip(timeline.rows, tops, strict=False)):
        names.append(_draw_name(row, top))
        drawn.append(f'<path class="row" d="M0 {top + _ROW / 2:.1f}h{width:.1f}"/>')
        drawn.extend(_draw_bar(row, bar, top, number, scale) for bar in row.bars)
    if timeline.together:
        names.append(_draw_together_name(timeline, tops[-1]))
        drawn.extend(_draw_together(timeline, tops[-1], scale))
    return Panel(height, "".join(names), "".join(drawn)), width


def choose_step(scale: float) -> Seconds:
    """Return how far ticks lie apart, in seconds, at ``scale`` points a second.

    >>> choose_step(1 / 3), choose_step(20)
    (300, 5)
    """
    return next((step for step in _TICKS if step * scale >= _TICK_ROOM), _TICKS[-1])


def describe_row(row: Row) -> str:
    """Return how much someone speaks, and what their name rests on."""
    sure = row.speaker.confidence
    basis = BASES[row.speaker.basis] + ("" if sure is None else f" {sure:.2f}")
    turns = f"{len(row.bars)} turn{'' if len(row.bars) == 1 else 's'}"
    return f"{format_share(row.share)} · {turns} · {basis}"


def format_share(share: float) -> str:
    """Return a share for people.

    >>> format_share(0.314), format_share(0.004), format_share(0.0)
    ('31 %', '< 1 %', '0 %')
    """
    return "< 1 %" if 0 < share < 0.01 else f"{share * 100:.0f} %"


def describe_bar(row: Row, bar: Bar) -> str:
    """Return what is shown of a turn when a pointer is on it."""
    lines = [row.speaker.name, format_span(bar.span), f"{bar.span.duration:.1f} s"]
    if bar.confidence is not None:
        lines.append(f"confidence {bar.confidence:.2f}")
    lines.extend(f"not sure who speaks: {reason}" for _, reason in bar.doubts)
    return "\n".join([*lines, f"“{bar.said}”"] if bar.said else lines)


def _draw_axis(duration: Seconds, scale: float, height: float) -> str:
    step = choose_step(scale)
    marks = []
    for number in range(ceil(duration / step)):
        x = number * step * scale
        marks.append(f'<path class="tick" d="M{x:.1f} 6V{height:.1f}"/>')
        clock = compose_clock(number * step)
        if not number or x + 3 + _DIGIT * len(clock) <= duration * scale:
            marks.append(_text(x + 3, 16, clock, "small"))
    return "".join(marks)


def _draw_name(row: Row, top: float) -> str:
    name = row.speaker.name
    title = escape_text(f"{name}\n{describe_row(row)}\nvoice: {row.speaker.label}")
    return (
        f"<g><title>{title}</title>{_text(4, top + 17, shorten(name), 'name')}"
        f"{_text(4, top + 32, describe_row(row), 'small')}</g>"
    )


def shorten(name: str) -> str:
    """Return as much of ``name`` as fits its column.

    >>> shorten("宋老師"), shorten("x" * 99)
    ('宋老師', 'xxxxxxxxxxxxxxxxxxxxxxxx…')
    """
    line = " ".join(name.split())
    if columns(line) <= _NAME_COLUMNS:
        return line
    last = max(k for k in range(_NAME_COLUMNS) if columns(line[:k]) < _NAME_COLUMNS)
    return f"{line[:last]}…"


def _draw_bar(row: Row, bar: Bar, top: float, number: int, scale: float) -> str:
    hatched = "".join(_rect(span, top, scale, 'class="doubt"') for span, _ in bar.doubts)
    return (
        f'<g class="turn c{number % COLOURS}"><title>{escape_text(describe_bar(row, bar))}</title>'
        f"{_rect(bar.span, top, scale, '')}{hatched}</g>"
    )


def _rect(span: Span, top: float, scale: float, looks: str) -> str:
    width = max(_THINNEST, span.duration * scale)
    place = f'x="{span.start * scale:.2f}" y="{top + (_ROW - _BAR) / 2:.1f}"'
    return f'<rect {place} width="{width:.2f}" height="{_BAR:.0f}" {looks}/>'


def _draw_together_name(timeline: Timeline, top: float) -> str:
    seconds = sum(span.duration for span in timeline.together)
    share = format_share(seconds / max(timeline.duration, 1e-9))
    count = f"{share} of the time · {len(timeline.together)} ×"
    return _text(4, top + 17, "several at once", "name") + _text(4, top + 32, count, "small")


def _draw_together(timeline: Timeline, top: float, scale: float) -> Iterator[str]:
    for span in timeline.together:
        title = f"several at once\n{format_span(span)}\n{span.duration:.1f} s"
        yield (
            f'<g class="together"><title>{escape_text(title)}</title>'
            f"{_rect(span, top, scale, '')}</g>"
        )


def _text(x: float, y: float, text: str, name: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{name}">{escape_text(text)}</text>'
