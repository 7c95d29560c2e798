"""Corrections for a person to read: Markdown, and one HTML file; every one can be listened to.

All texts come from documents and recognisers: they are escaped, and the HTML file holds no
script and may load nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from subtools.core import Correction, Decision
from subtools.formats.markdown import escape_markdown
from subtools.lexicon import clean_name
from subtools.links import moment_link
from subtools.timecode import compose_clock

CONTEXT = 12  # characters shown on either side
_TITLES = {
    Decision.APPLY: "Applied",
    Decision.PROPOSE: "Proposed",
}
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;"
    "color-scheme:light dark}td,th{padding:.3em .6em;vertical-align:top;text-align:left}"
    "tr{border-top:1px solid #8884}del{background:#f002}ins{background:#0a02}"
    "li{font-size:.85em}ul{margin:0;padding-left:1.2em}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def compose_correction_markdown(
    corrections: Sequence[Correction], body: str, *, title: str = "", page: str | None = None
) -> str:
    """Return the corrections as Markdown, by what is done about them.

    Args:
        corrections: In the order of the text.
        body: The document's body that their offsets count in.
        title: What it is of.
        page: Address at which it plays; times then lead there.
    """
    lines = [f"# {escape_markdown(clean_name(title) or 'Corrections')}", ""]
    for decision, chosen in _groups(corrections):
        lines += [f"## {_TITLES[decision]} ({len(chosen)})", ""]
        for correction in chosen:
            left, right = _context(correction, body)
            changed = f"~~{_inline(correction.before)}~~ **{_inline(correction.after) or '–'}**"
            clock = _clock(correction)
            place = _moment(correction, page)
            time = f"[{clock}](<{place}>)" if place and clock else clock
            lines.append(
                f"- {time} {_inline(left)}{changed}{_inline(right)} ({correction.score:.0%})"
            )
            lines += [
                f"  - {voice.kind.value} {voice.weight:+.1f}: {_inline(voice.reason)}"
                for voice in correction.evidence
            ]
        lines.append("")
    return "\n".join(lines)


def compose_correction_html(
    corrections: Sequence[Correction], body: str, *, title: str = "", page: str | None = None
) -> str:
    """Return the corrections as one HTML file; arguments as above."""
    name = escape(clean_name(title) or "Corrections")
    parts = [
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{name}</title><style>{_STYLE}</style></head><body>\n<h1>{name}</h1>\n",
    ]
    for decision, chosen in _groups(corrections):
        parts.append(f"<h2>{_TITLES[decision]} ({len(chosen)})</h2>\n<table>\n")
        parts += [_row(correction, body, page) for correction in chosen]
        parts.append("</table>\n")
    return "".join([*parts, "</body></html>\n"])


def _groups(corrections: Sequence[Correction]) -> Iterator[tuple[Decision, list[Correction]]]:
    for decision in (Decision.APPLY, Decision.PROPOSE):
        yield decision, [c for c in corrections if c.decision is decision]


def _row(correction: Correction, body: str, page: str | None) -> str:
    left, right = (escape(text) for text in _context(correction, body))
    clock, place = _clock(correction), _moment(correction, page)
    time = f'<a href="{escape(place)}">{clock}</a>' if place and clock else clock
    changed = f"<del>{escape(correction.before)}</del><ins>{escape(correction.after)}</ins>"
    voices = "".join(
        f"<li>{escape(voice.kind.value)} {voice.weight:+.1f}: {escape(voice.reason)}</li>"
        for voice in correction.evidence
    )
    return (
        f"<tr><td>{time}</td><td>{left}{changed}{right}</td>"
        f"<td>{correction.score:.0%}</td><td><ul>{voices}</ul></td></tr>\n"
    )


def _context(correction: Correction, body: str) -> tuple[str, str]:
    first, last = correction.offsets
    return body[max(0, first - CONTEXT) : first], body[last : last + CONTEXT]


def _clock(correction: Correction) -> str:
    return "" if correction.span is None else compose_clock(correction.span.start)


def _moment(correction: Correction, page: str | None) -> str | None:
    """Return where a correction can be listened to, a second before it."""
    if page is None or correction.span is None:
        return None
    return moment_link(page, max(0.0, correction.span.start - 1.0)).replace(">", "%3E")


def _inline(text: str) -> str:
    return escape_markdown(" ".join(text.split()) if "\n" in text else text)
