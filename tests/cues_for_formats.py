"""Cues as formats have to hold them: hostile text, times that touch, overlap or stand still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st

from subtools.core import Cue, Span, Word
from subtools.lexicon import clean_name, split_words
from subtools.timecode import to_seconds

HOSTILE = (
    "42",
    "=cmd|' /C calc'!A0",
    "'-5",
    "-5",
    "+1",
    "@x",
    '"quoted", "twice""',
    '"',
    "'",
    "a\tb",
    "\\\t1\t2",
    "1.0\t2.0\tx",
    "[00:01.00]x",
    "[ti:x]",
    "<00:01.00>word",
    "[Events]",
    "Dialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,x",
    "WEBVTT",
    "{\\an8}top\\N{\\k20}",
    "&amp; &lt;b&gt; <i>x</i> ]]> <!-- -->",
    '"}],"body":[{"from":0',
    'text = "x"',
    "! comment",
    "a,b;c|d",
    "**bold** _x_ `y` # z",
    "  two  spaces  ",
    "👩‍👩‍👧‍👦 \u202eשלום ä",
    "大家好，「歡迎」。",
)
# What XML has no place for is left out: TTML writes U+FFFD for it, and says so as a loss.
characters = st.characters(
    exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"
)
plain = st.text(characters, min_size=1, max_size=12)
lines = (st.sampled_from(HOSTILE) | plain).filter(str.strip)
names = st.sampled_from(["王", "Ann Lee", "a, b", '"x"', "=1", "text 2", "<v>", "王 - words"])
NOBODY: st.SearchStrategy[str | None] = st.none()
milliseconds = st.integers(0, 400 * 3_600_000)
lengths = st.sampled_from([0, 1, 40, 999, 2_000, 3_600_000])


@st.composite
def cues_in_order(
    draw: st.DrawFn,
    *,
    written: st.SearchStrategy[str] = lines,
    most_lines: int = 2,
    step: int = 1,
    last: int = 400 * 3_600_000,
    speakers: st.SearchStrategy[str | None] = NOBODY,
    overlapping: bool = False,
) -> tuple[Cue, ...]:
    """Return cues by onset, with times that are multiples of ``step`` milliseconds."""
    cues, at = [], 0
    for _ in range(draw(st.integers(0, 5))):
        start = at + draw(st.sampled_from([0, step, 250 * step, 100_000 * step]))
        end = start + draw(st.sampled_from([0, step, 40 * step, 200 * step]))
        texts = tuple(draw(st.lists(written, min_size=1, max_size=most_lines)))
        if end <= last:
            cues.append(Cue(to_seconds(start), to_seconds(end), texts, draw(speakers)))
        at = draw(st.integers(start, end)) if overlapping else end
    return tuple(cues)


def stripped(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    return tuple(replace(cue, lines=tuple(map(str.strip, cue.lines))) for cue in cues)


def bare(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """Return ``cues`` with words that have no spaces after them: a line break may be one."""
    words = ((replace(w, text=w.text.strip()) for w in cue.words) for cue in cues)
    return tuple(replace(c, words=tuple(w)) for c, w in zip(cues, words, strict=True))


def with_words(cue: Cue, step: int = 10) -> Cue:
    """Return ``cue`` with the times of its words, which share it."""
    texts = [word for line in cue.lines for word in split_words(line)]
    first, last = round(cue.start * 1000), round(cue.end * 1000)
    borders = [first + (last - first) * k // len(texts) // step * step for k in range(len(texts))]
    spans = [Span(to_seconds(a), to_seconds(b)) for a, b in pairwise([*borders, last])]
    words = zip(texts, spans, strict=True)
    if any(span.duration == 0 or not text.strip() for text, span in words):
        return cue
    return replace(cue, words=tuple(map(Word, texts, spans)))


def named(speaker: str | None) -> str | None:
    return clean_name(speaker or "") or None
