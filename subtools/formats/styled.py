"""Cues as lines of runs: stretches of text that look the same.

It is what formats with other tags than WebVTT's need of ``Cue.markup``: bold, italics,
underlines and the eight colours that WebVTT has classes for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from subtools.core import Cue
from subtools.markup import TokenKind, escape_markup, parse_markup

COLOURS = {
    "white": "ffffff",
    "lime": "00ff00",
    "cyan": "00ffff",
    "red": "ff0000",
    "yellow": "ffff00",
    "magenta": "ff00ff",
    "blue": "0000ff",
    "black": "000000",
}
_ORDER = ("b", "i", "u", *(f"c.{colour}" for colour in COLOURS))

Looks = frozenset[str]  # of _ORDER
Run = tuple[str, Looks]
Lines = list[list[Run]]

PLAIN: Looks = frozenset()


def styled_lines(cue: Cue) -> Lines:
    """Return the lines of ``cue`` as runs; plain ones where its markup is another text's."""
    if cue.markup:
        lines = shown_runs(break_runs(_markup_runs(cue.markup)))
        if tuple("".join(text for text, _ in line) for line in lines) == cue.lines:
            return lines
    return [[(line, PLAIN)] for line in cue.lines]


def break_runs(runs: Sequence[Run]) -> Lines:
    """Return ``runs`` as lines: a line feed ends one, as all do that Unicode knows."""
    lines: Lines = [[]]
    for text, looks in runs:
        first, *others = "\n".join(f"{text}x".splitlines())[:-1].split("\n")
        lines[-1].append((first, looks))
        lines += [[(line, looks)] for line in others]
    return lines


def shown_runs(lines: Lines) -> Lines:
    """Return ``lines`` without blank ones, and without runs that hold nothing."""
    filled = (line for line in lines if "".join(text for text, _ in line).strip())
    return [_join_runs(line) for line in filled]


def with_breaks(lines: Lines) -> Iterator[Run]:
    """Yield the runs with the line feeds between them, in the looks that go on."""
    before: Looks = PLAIN
    for number, line in enumerate(lines):
        if number:
            yield "\n", before & line[0][1]
        yield from line
        before = line[-1][1]


def compose_runs(lines: Lines) -> str:
    r"""Return ``lines`` as the text of a WebVTT cue; empty if they are plain.

    >>> compose_runs([[("a", PLAIN), ("b", frozenset("i"))], [("c", frozenset("bi"))]])
    'a<i>b\n<b>c</b></i>'
    """
    if all(not looks for line in lines for _, looks in line):
        return ""
    parts: list[str] = []
    stack: list[str] = []
    for text, looks in with_breaks(lines):
        while any(tag not in looks for tag in stack):
            parts.append(f"</{stack.pop().partition('.')[0]}>")
        for tag in (tag for tag in _ORDER if tag in looks and tag not in stack):
            parts.append(f"<{tag}>")
            stack.append(tag)
        parts.append(escape_markup(text))
    return "".join(parts) + "".join(f"</{tag.partition('.')[0]}>" for tag in reversed(stack))


def _markup_runs(markup: str) -> list[Run]:
    runs: list[Run] = []
    stack: list[Looks] = []
    for token in parse_markup(markup):
        if token.kind is TokenKind.START:
            named = (token.name, *(f"c.{name}" for name in token.classes))
            stack.append(frozenset(named) & frozenset(_ORDER))
        elif token.kind is TokenKind.END:
            stack.pop()
        elif token.kind is TokenKind.TEXT:
            runs.append((token.text, PLAIN.union(*stack)))
    return runs


def _join_runs(line: list[Run]) -> list[Run]:
    joined: list[Run] = []
    for text, looks in line:
        if joined and joined[-1][1] == looks:
            joined[-1] = (joined[-1][0] + text, looks)
        elif text:
            joined.append((text, looks))
    return joined
