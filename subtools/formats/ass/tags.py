r"""The text of a line of ASS: tags in braces, escapes, line breaks.

Escapes are as libass reads them (``\{``, ``\}``, and a word joiner after a backslash, which
then begins nothing). VSFilter knows none: it hides what stands between braces.

Source: https://github.com/libass/libass/wiki/ASS-File-Format-Guide and
https://github.com/libass/libass/issues/194
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from subtools.core import Cue, Seconds, Span, Word
from subtools.formats.places import settings_to_place
from subtools.formats.shown import fit_words, timed_words
from subtools.formats.styled import (
    PLAIN,
    Lines,
    Looks,
    Run,
    break_runs,
    compose_runs,
    shown_runs,
    styled_lines,
    with_breaks,
)
from subtools.timecode import to_milliseconds

_JOINER = "\u2060"
_CODE = re.compile(rf"\\([Nnh{{}}{_JOINER}])|\{{([^}}]*)\}}")
_ESCAPE = re.compile(rf"\\([Nnh{{}}{_JOINER}])()")
_MEANINGS = {"N": "\n", "n": " ", "h": "\u00a0", "{": "{", "}": "}", _JOINER: "\\"}
_TAG = re.compile(r"\\(an?|[biu]|[kK][fo]?|p)(\d{1,6}|(?=\\|$))")
_LEADING = re.compile(r"(?:\{[^{}]*\})+")
_OVERRIDE = re.compile(r"\\[^\\(){}]+(?:\((?:[^(){}]|\([^(){}]*\))*\))?")
_LEGACY = {1: 1, 2: 2, 3: 3, 5: 7, 6: 8, 7: 9, 9: 4, 10: 5, 11: 6}  # \a and SSA to the keypad


@dataclass(frozen=True, slots=True)
class Shown:
    """What players show of the text of a line.

    Attributes:
        lines: Its lines as runs.
        place: Where the text says it is, as the keypad counts; 0 where it says nothing.
        syllables: Texts with their times in hundredths of a second from the start, of
            karaoke; None before the first one.
        is_drawing: Whether it is a drawing and no text.
    """

    lines: Lines
    place: int = 0
    syllables: tuple[tuple[str, tuple[int, int] | None], ...] = ()
    is_drawing: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """The lines without what they look like."""
        return tuple("".join(text for text, _ in line) for line in self.lines)

    @property
    def markup(self) -> str:
        """The lines as the text of a WebVTT cue; empty if they are plain."""
        return compose_runs(self.lines)


def legacy_place(number: int) -> int:
    r"""Return the place on the keypad that ``\a`` and styles of SSA mean by ``number``.

    >>> legacy_place(6), legacy_place(4)
    (8, 0)
    """
    return _LEGACY.get(number, 0)


def read_text(raw: str) -> Shown:
    r"""Return what players show of ``raw``.

    >>> read_text(r"{\an8\i1}one{\i0}\Ntwo\hthree \{4\}").texts
    ('one', 'two\xa0three {4}')
    """
    looks: Looks = PLAIN
    place, drawing, has_drawing = 0, False, False
    runs: list[Run] = []
    syllables: list[tuple[str, tuple[int, int] | None]] = [("", None)]
    clock = 0
    for text, tags in _split(raw):
        if not drawing:
            runs.append((text, looks))
            syllables[-1] = (syllables[-1][0] + text, syllables[-1][1])
        for name, number in tags:
            if name in ("an", "a"):
                place = place or (number if name == "an" else legacy_place(number))
            elif name == "p":
                drawing = number > 0
                has_drawing = has_drawing or drawing
            elif name in ("b", "i", "u"):
                looks = looks | {name} if number == 1 else looks - {name}
            else:
                syllables.append(("", (clock, clock + number)))
                clock += number
    sung = syllables if len(syllables) > 1 else []
    lines = [_strip_end(line) for line in break_runs(runs)]
    return Shown(shown_runs(lines), place if place <= 9 else 0, tuple(sung), has_drawing)


def read_words(cue: Cue, shown: Shown) -> tuple[Word, ...]:
    """Return the words of ``cue`` with the times that karaoke gives them."""
    words = [
        Word(text, _span(cue.start, times) if times else None)
        for text, times in shown.syllables
        if text.strip()
    ]
    return fit_words(cue, words)


def compose_text(cue: Cue, usual_place: int, *, with_words: bool = False) -> str:
    """Return the text of a line that shows ``cue``.

    Args:
        cue: What is shown.
        usual_place: Where the style of the line puts it.
        with_words: Whether the times of its words are written.
    """
    place = settings_to_place(cue.settings)
    parts = [f"{{\\an{place}}}"] if place != usual_place else []
    marks = deque(_karaoke(cue) if with_words else ())
    position, before = 0, PLAIN
    for text, looks in with_breaks([_strip_end(line) for line in styled_lines(cue)]):
        parts.append(_change(before, looks))
        parts += ["\\N"] if text == "\n" else _mark_text(text, position, marks)
        position += len(text)
        before = looks
    return "".join([*parts, _change(before, PLAIN)])


def keep_overrides(raw: str) -> str:
    r"""Return the tags at the beginning of ``raw`` that neither markup nor place nor words say.

    >>> print(keep_overrides(r"{\fad(200,200)\an8\i1}{\pos(1,2)}one {\fs40}two"))
    {\fad(200,200)\pos(1,2)}
    """
    leading = _LEADING.match(raw)
    tags = _OVERRIDE.findall(leading[0]) if leading else []
    kept = "".join(tag for tag in tags if not _TAG.fullmatch(tag))
    return f"{{{kept}}}" if kept else ""


def escape(text: str) -> str:
    r"""Return ``text`` so that nothing in it is a tag or a line break.

    >>> escape("{x} C:\\New").replace("\u2060", "+")
    '\\{x\\} C:\\+New'
    """
    joined = text.replace("\\", f"\\{_JOINER}")
    return joined.replace("{", "\\{").replace("}", "\\}")


def _split(raw: str) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Yield stretches of text, each with the tags that follow it; -1 for a tag without number."""
    text, position = "", 0
    closed = raw.rfind("}") + 1  # behind it no brace opens anything; looking would take long
    for code in chain(_CODE.finditer(raw, 0, closed), _ESCAPE.finditer(raw, closed)):
        text += raw[position : code.start()]
        position = code.end()
        if code[1]:
            text += _MEANINGS[code[1]]
        else:
            yield text, [(tag[1], int(tag[2] or 0)) for tag in _TAG.finditer(code[2])]
            text = ""
    yield text + raw[position:], []


def _strip_end(line: list[Run]) -> list[Run]:
    """Return a line without the spaces at its end."""
    kept = list(line)
    while kept and not kept[-1][0].strip():
        kept.pop()
    return [*kept[:-1], (kept[-1][0].rstrip(), kept[-1][1])] if kept else []


def _span(start: Seconds, times: tuple[int, int]) -> Span | None:
    first, last = times
    begin = to_milliseconds(start) + first * 10
    return Span(begin / 1000, (begin + (last - first) * 10) / 1000) if last > first else None


def _change(before: Looks, after: Looks) -> str:
    r"""Return the tags between two runs.

    >>> print(_change(frozenset("b"), frozenset("i")))
    {\b0\i1}
    """
    tags = (f"\\{t}{int(t in after)}" for t in "biu" if (t in before) != (t in after))
    joined = "".join(tags)
    return f"{{{joined}}}" if joined else ""


def _mark_text(text: str, position: int, marks: deque[tuple[int, str]]) -> Iterator[str]:
    """Yield ``text``, which begins at ``position`` of the cue, with the marks that are in it."""
    start = 0
    while marks and marks[0][0] < position + len(text):
        place, mark = marks.popleft()
        yield escape(text[start : place - position])
        yield mark
        start = place - position
    yield escape(text[start:])


def _karaoke(cue: Cue) -> Iterator[tuple[int, str]]:
    """Yield where in the text of ``cue`` the tags of karaoke stand, and the tags."""
    reached = _hundredths(cue.start)
    for place, _, span in timed_words(cue):
        start, end = max(reached, _hundredths(span.start)), _hundredths(span.end)
        if end > start:
            pause = f"{{\\k{start - reached}}}" if start > reached else ""
            yield place, f"{pause}{{\\k{end - start}}}"
            reached = end


def _hundredths(seconds: Seconds) -> int:
    return (to_milliseconds(seconds) + 5) // 10
