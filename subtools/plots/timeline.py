"""A timeline of speakers: one HTML page, or one SVG picture.

Like the picture of a stretch it needs nothing else, holds no script, and every text in it
is escaped. What the drawing shows stands in tables too, for those who cannot see or hover.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from subtools.core import Finding, Seconds, Speaker, Turn, Word
from subtools.errors import OutputError
from subtools.plots.drawing import Panel, escape_text, format_span
from subtools.plots.timeline_drawing import BASES, NAMES, draw_timeline, format_share
from subtools.plots.timeline_rows import Row, Timeline, arrange_timeline
from subtools.timecode import compose_clock, compose_timecode

TIMELINE_SUFFIXES = (".html", ".svg")
_HEADING = 30.0  # points; what the title takes in a picture of its own


def compose_timeline(
    turns: Sequence[Turn],
    speakers: Sequence[Speaker],
    duration: Seconds,
    *,
    title: str,
    findings: Sequence[Finding] = (),
    words: Sequence[Word] = (),
    suffix: str = ".html",
) -> str:
    """Return who speaks when as a picture: a row for each speaker, a bar for each turn.

    Args:
        turns: Who speaks when.
        speakers: Who they are, and why they are called so.
        duration: Length of the recording, in seconds.
        title: What stands above it.
        findings: Those about who speaks are hatched.
        words: What is said; the first words of a turn are shown with it.
        suffix: ``.html`` for a page with tables, ``.svg`` for the drawing alone.

    Raises:
        OutputError: If there is no such picture.
    """
    if suffix.lower() not in TIMELINE_SUFFIXES:
        hint = "open the .svg or .html in a browser to make another picture of it"
        known = " or ".join(TIMELINE_SUFFIXES)
        raise OutputError(f"a timeline is {known}, not {suffix or 'without a suffix'}", hint=hint)
    timeline = arrange_timeline(
        turns, speakers, duration, title=title, findings=findings, words=words
    )
    return _compose_svg(timeline) if suffix.lower() == ".svg" else _compose_page(timeline)


def _compose_page(timeline: Timeline) -> str:
    panel, width = draw_timeline(timeline)
    label = escape_text(_describe(timeline))
    return _PAGE.format(
        style=_COLOURS + _STYLE,
        title=escape_text(timeline.title),
        caption=label,
        names=_svg(NAMES, panel.height, panel.names, "names", "names of the speakers"),
        chart=_svg(width, panel.height, panel.drawing, "chart", label),
        shares=_tabulate(_SHARES, map(_share_cells, timeline.rows)),
        evidence=_list_evidence(timeline.rows),
        doubts=_list_doubts(timeline.doubts),
        turns=_tabulate(_TURNS, _turn_cells(timeline.rows)),
    )


def _compose_svg(timeline: Timeline) -> str:
    panel, width = draw_timeline(timeline)
    whole, height = NAMES + width + 12, _HEADING + panel.height + 8
    return _PICTURE.format(
        width=f"{whole:.0f}",
        height=f"{height:.0f}",
        style=_COLOURS,
        label=escape_text(f"{timeline.title}: {_describe(timeline)}"),
        title=escape_text(timeline.title),
        content=_place(panel),
    )


def _place(panel: Panel) -> str:
    """Return names and drawing side by side under the title."""
    names = f'<g transform="translate(0 {_HEADING:.0f})">{panel.names}</g>'
    return f'{names}<g transform="translate({NAMES:.0f} {_HEADING:.0f})">{panel.drawing}</g>'


def _describe(timeline: Timeline) -> str:
    count = len(timeline.rows)
    people = f"{count} speaker{'' if count == 1 else 's'}"
    turns = sum(len(row.bars) for row in timeline.rows)
    return f"{people}, {turns} turns in {compose_clock(timeline.duration)}"


def _svg(width: float, height: float, content: str, name: str, label: str) -> str:
    return (
        f'<svg class="{name}" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 '
        f'{width:.1f} {height:.1f}" preserveAspectRatio="xMinYMin slice" role="img" '
        f'aria-label="{label}">{content}</svg>'
    )


_SHARES = ("name", "known by", "sure", "voice", "speaks", "share", "turns")
_TURNS = ("from – to", "length", "who", "sure", "first words")
_DOUBTS = ("from – to", "text", "why")
_QUOTES = ("name", "when", "what was said", "how it counts")


def _share_cells(row: Row) -> tuple[str, ...]:
    speaker = row.speaker
    length, turns = compose_clock(row.seconds), str(len(row.bars))
    basis, share = BASES[speaker.basis], format_share(row.share)
    return (speaker.name, basis, _sure(speaker.confidence), speaker.label, length, share, turns)


def _turn_cells(rows: Sequence[Row]) -> Iterable[tuple[str, ...]]:
    pairs = [(bar, row.speaker.name) for row in rows for bar in row.bars]
    for bar, name in sorted(pairs, key=lambda pair: pair[0].span):
        sure = _sure(bar.confidence) + (" ?" if bar.doubts else "")
        yield format_span(bar.span), f"{bar.span.duration:.1f} s", name, sure, bar.said


def _sure(confidence: float | None) -> str:
    return "–" if confidence is None else f"{confidence:.2f}"


def _list_evidence(rows: Sequence[Row]) -> str:
    cells = [
        (
            row.speaker.name,
            compose_timecode(quote.span.start) if quote.span else "–",
            f"“{quote.text}”" if quote.text else "–",  # a likeness to a known voice
            quote.reason,
        )
        for row in rows
        for quote in row.speaker.quotes
    ]
    return _tabulate(_QUOTES, cells) if cells else "<p>No name rests on what is said.</p>"


def _list_doubts(doubts: Sequence[Finding]) -> str:
    if not doubts:
        return ""
    cells = [
        (format_span(found.span) if found.span else "–", found.text, found.reason)
        for found in doubts
    ]
    return f"<h2>Not sure who speaks</h2>{_tabulate(_DOUBTS, cells)}"


def _tabulate(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, which scrolls by itself where it is too wide."""
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = "".join(
        f"<tr>{''.join(f'<td><bdi>{escape_text(cell)}</bdi></td>' for cell in row)}</tr>"
        for row in rows
    )
    return (
        f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


# Paul Tol's "bright" scheme without its grey: distinct to colour-blind eyes too. Its yellow
# and cyan are pale on white, hence the outline.
# Source: https://personal.sron.nl/~pault/ (qualitative schemes)
_COLOURS = """
:root { color-scheme: light dark; --ground: #fff; --ink: #1c1c1e; --faint: #d9d9de;
 --soft: #5b6069; --alarm: #c2410c; }
@media (prefers-color-scheme: dark) {
 :root { --ground: #16171a; --ink: #ececf1; --faint: #33353b; --soft: #a5aab3;
 --alarm: #fb923c; } }
svg { font: 13px/1.45 system-ui, "Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei",
 sans-serif; }
text { fill: var(--ink); unicode-bidi: isolate; }
.name { font-weight: 600; } .small { font-size: 11px; fill: var(--soft); }
.tick, .row { fill: none; stroke: var(--faint); }
.turn rect, .together rect { stroke: var(--ink); stroke-opacity: .45; stroke-width: .6; }
.turn:hover rect, .together:hover rect { stroke-opacity: 1; stroke-width: 1.5; }
.c0 { fill: #4477aa; } .c1 { fill: #ee6677; } .c2 { fill: #228833; }
.c3 { fill: #ccbb44; } .c4 { fill: #66ccee; } .c5 { fill: #aa3377; }
.together { fill: var(--alarm); }
.doubt { fill: url(#hatch); } .gap, .paper { fill: var(--ground); }
.heading { font-size: 15px; font-weight: 600; }
"""

_STYLE = """
body { margin: 1rem; background: var(--ground); color: var(--ink);
 font: 14px/1.45 system-ui, "Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei", sans-serif; }
h1 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
p { margin: .3rem 0; }
.scroll { display: flex; overflow-x: auto; margin: .8rem 0; padding-bottom: .5rem; }
.wide { overflow-x: auto; }
svg { flex: none; display: block; }
.names { position: sticky; left: 0; z-index: 1; background: var(--ground); }
@media (max-width: 600px) { .names { width: 124px; } }
.key { display: inline-block; width: 1.6em; height: .9em; vertical-align: -.1em;
 background: repeating-linear-gradient(45deg, #4477aa 0 2px, var(--ground) 2px 4px); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top;
 border-bottom: 1px solid var(--faint); }
td:first-child { white-space: nowrap; }
summary { cursor: pointer; margin: 1.4rem 0 .3rem; font-weight: 600; }
"""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
<p>{caption}. <span class="key"></span> hatched: not sure who speaks.</p>
<div class="scroll" tabindex="0">{names}{chart}</div>
<h2>Who speaks how much</h2>
{shares}
<h2>What their names rest on</h2>
{evidence}
{doubts}
<details><summary>All turns</summary>
{turns}
</details>
</body>
</html>
"""

_PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" \
viewBox="0 0 {width} {height}" role="img" aria-label="{label}">
<title>{label}</title>
<style>{style}</style>
<rect class="paper" width="100%" height="100%"/>
<text x="4" y="20" class="heading">{title}</text>
{content}
</svg>
"""
