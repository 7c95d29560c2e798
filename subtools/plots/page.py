"""The page around the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from subtools.core import Finding
from subtools.plots.drawing import draw_borders, draw_panels, escape_text, format_span
from subtools.plots.stretches import Stretch
from subtools.timecode import compose_timecode

USUAL_WIDTH = 1200  # points
LEAST_SCALE, GREATEST_SCALE = 100.0, 400.0  # points a second
_GAP = 10  # points between the panels
_NAMES = 96  # points; the column of names


def compose_plot(stretch: Stretch) -> str:
    """Return ``stretch`` as an HTML page."""
    scale = min(GREATEST_SCALE, max(LEAST_SCALE, USUAL_WIDTH / max(stretch.span.duration, 0.1)))
    panels = list(draw_panels(stretch, scale, _NAMES))
    tops = list(accumulate((panel.height + _GAP for panel in panels), initial=0.0))
    width, height = stretch.span.duration * scale, tops[-1]
    placed = list(zip(panels, tops, strict=False))
    names = "".join(_move(panel.names, top) for panel, top in placed)
    drawn = "".join(_move(panel.drawing, top) for panel, top in placed)
    first, last = (compose_timecode(time) for time in (stretch.span.start, stretch.span.end))
    return _PAGE.format(
        style=_STYLE,
        title=f"{first} – {last}",
        caption=escape_text(stretch.caption),
        names=_svg(_NAMES, height, names, "names"),
        chart=_svg(width, height, draw_borders(stretch, scale, height) + drawn, "chart"),
        findings=_list_findings(stretch.findings),
        note="" if stretch.posteriors is not None else _NO_POSTERIORS,
    )


def _move(drawing: str, down: float) -> str:
    return f'<g transform="translate(0 {down:.1f})">{drawing}</g>'


def _list_findings(findings: Sequence[Finding]) -> str:
    """Return the findings as a table, for those who cannot hover."""
    if not findings:
        return "<p>No findings in this stretch.</p>"
    head = "".join(f"<th>{name}</th>" for name in ("from – to", "finding", "text", "why"))
    rows = "".join(f"<tr>{_compose_row(finding)}</tr>" for finding in findings)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _compose_row(finding: Finding) -> str:
    place = format_span(finding.span) if finding.span else "–"
    cells = (place, finding.kind.value, finding.text, finding.reason)
    return "".join(f"<td><bdi>{escape_text(cell)}</bdi></td>" for cell in cells)


def _svg(width: float, height: float, content: str, name: str) -> str:
    return (
        f'<svg class="{name}" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.1f} {height:.1f}" role="img" aria-label="{name}">{content}</svg>'
    )


_NO_POSTERIORS = "<p>This aligner shows no posteriors: use <code>--aligner phones</code>.</p>"

_STYLE = """
:root { color-scheme: light dark; --ground: #fff; --ink: #1c1c1e; --faint: #d9d9de;
 --wave: #6b7280; --border: #9ca3af; --alarm: #c2410c; }
@media (prefers-color-scheme: dark) {
 :root { --ground: #16171a; --ink: #ececf1; --faint: #33353b; --wave: #9ca3af;
 --border: #5b6069; --alarm: #fb923c; } }
body { margin: 1rem; background: var(--ground); color: var(--ink);
 font: 14px/1.45 system-ui, "Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei", sans-serif; }
h1 { font-size: 1.1rem; margin: 0; font-variant-numeric: tabular-nums; }
p { margin: .3rem 0; }
.scroll { display: flex; overflow-x: auto; margin: .8rem 0; padding-bottom: .5rem; }
svg { flex: none; display: block; }
.names { position: sticky; left: 0; z-index: 1; background: var(--ground); }
text { fill: var(--ink); unicode-bidi: isolate; }
.name, .time { font-size: 12px; } .phone { font-size: 11px; text-anchor: end; }
.said { font-size: 13px; white-space: pre; }
.tick, .row, .border, .wave { fill: none; stroke: var(--faint); }
.tick { stroke: var(--ink); } .wave { stroke: var(--wave); }
.border { stroke: var(--border); stroke-width: .6; }
image { image-rendering: pixelated; }
.run { fill: transparent; } .run:hover { stroke: var(--ink); }
.word rect, .finding rect, .key { fill-opacity: .4; stroke-width: 1.2; }
.word:hover rect, .finding:hover rect { fill-opacity: .75; }
.sure4 { --c: #1d72b8; } .sure3 { --c: #45a5c4; } .sure2 { --c: #c9a227; }
.sure1 { --c: #e07b28; } .sure0 { --c: #d03a4b; } .between { --c: #8a8f98; }
.word rect, .key { fill: var(--c); stroke: var(--c); }
.between rect { stroke-dasharray: 3 2; }
.finding rect { fill: var(--alarm); stroke: var(--alarm); fill-opacity: .25; }
.legend span { margin-right: 1.1em; white-space: nowrap; }
.legend i { display: inline-block; width: .9em; height: .9em; margin-right: .35em;
 vertical-align: -.1em; background: var(--c); }
table { border-collapse: collapse; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top;
 border-bottom: 1px solid var(--faint); }
td:first-child { white-space: nowrap; font-variant-numeric: tabular-nums; }
"""

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
<p>{caption}</p>
<p class="legend">Confidence: <span class="sure4"><i></i>0.8 – 1</span>
<span class="sure3"><i></i>0.6 – 0.8</span> <span class="sure2"><i></i>0.4 – 0.6</span>
<span class="sure1"><i></i>0.2 – 0.4</span> <span class="sure0"><i></i>below 0.2</span>
<span class="between"><i></i>time between its neighbours</span></p>
<div class="scroll" tabindex="0">{names}{chart}</div>
{note}{findings}
</body>
</html>
"""
