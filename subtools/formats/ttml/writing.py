"""Cues to TTML, in the profile IMSC 1.1 for text."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, pairwise
from xml.sax.saxutils import escape, quoteattr

from subtools.core import Cue, Span, Subtitles
from subtools.formats.places import settings_to_place
from subtools.formats.shown import name_of, shown_cues, timed_words
from subtools.formats.speaker_colours import COLOURS
from subtools.formats.speakers import SpeakerStyle
from subtools.formats.styled import COLOURS as CLASSES
from subtools.formats.styled import Looks, styled_lines, with_breaks
from subtools.lexicon import clean_name
from subtools.timecode import compose_timecode, to_milliseconds

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml"
    xmlns:ttm="http://www.w3.org/ns/ttml#metadata"
    xmlns:ttp="http://www.w3.org/ns/ttml#parameter"
    xmlns:tts="http://www.w3.org/ns/ttml#styling"
    ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/imsc1.1/text"
    ttp:timeBase="media" xml:space="preserve" xml:lang={language}>
"""
# The middle 80 % of the picture, which every screen shows.
_BOX = 'tts:origin="10% 10%" tts:extent="80% 80%"'
_ROWS = ("after", "center", "before")
_COLUMNS = ("start", "center", "end")
# What XML 1.0 has no place for, escaped or not.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(r"[A-Za-z_\u3400-\u9fff][\w.\u3400-\u9fff-]*", re.ASCII)
_OURS = re.compile(r"(?:region|speaker|style)\d*|text", re.ASCII)
_ATTRIBUTES = {
    "b": 'tts:fontWeight="bold"',
    "i": 'tts:fontStyle="italic"',
    "u": 'tts:textDecoration="underline"',
    **{f"c.{name}": f'tts:color="#{value}"' for name, value in CLASSES.items()},
}


def compose(
    subtitles: Subtitles, *, style: SpeakerStyle | None = None, word_times: bool = False
) -> str:
    """Return ``subtitles`` as IMSC 1.1 for text, lines ended by line feeds.

    Args:
        subtitles: What to write.
        style: ``NONE`` leaves the speakers out; all others make each an agent with a colour.
        word_times: Whether each word appears at its time.
    """
    cues = shown_cues(subtitles.cues)
    is_named = style is not SpeakerStyle.NONE
    names = [*dict.fromkeys(filter(None, map(name_of, cues)))] if is_named else []
    writer = _Writer({name: f"speaker{k}" for k, name in enumerate(names, start=1)}, word_times)
    lines = [
        _HEAD.format(language=quoteattr(_clean(subtitles.language))),
        *(f"{line}\n" for line in _compose_head(cues, names, clean_name(subtitles.title))),
        '  <body>\n    <div style="text">\n',
        *(f"      {paragraph}\n" for paragraph in writer.paragraphs(cues)),
        "    </div>\n  </body>\n</tt>\n",
    ]
    return "".join(lines)


def _compose_head(cues: Sequence[Cue], names: Sequence[str], title: str) -> Iterator[str]:
    yield "  <head>"
    yield "    <metadata>"
    if title:
        yield f"      <ttm:title>{_escape(title)}</ttm:title>"
    for number, name in enumerate(names, start=1):
        yield f'      <ttm:agent xml:id="speaker{number}" type="person">'
        yield f'        <ttm:name type="full">{_escape(name)}</ttm:name>'
        yield "      </ttm:agent>"
    yield "    </metadata>"
    yield "    <styling>"
    yield '      <style xml:id="text" tts:fontFamily="proportionalSansSerif" tts:color="#ffffff"'
    yield '             tts:textOutline="#000000 5%"/>'
    for number, colour in zip(range(1, len(names) + 1), cycle(COLOURS), strict=False):
        yield f'      <style xml:id="style{number}" tts:color="#{colour}"/>'
    yield "    </styling>"
    yield "    <layout>"
    for place in sorted({2, *(settings_to_place(cue.settings) for cue in cues)}):
        row, column = divmod(place - 1, 3)
        looks = f'tts:displayAlign="{_ROWS[row]}" tts:textAlign="{_COLUMNS[column]}"'
        yield f'      <region xml:id="region{place}" {_BOX} {looks}/>'
    yield "    </layout>"
    yield "  </head>"


@dataclass(frozen=True, slots=True)
class _Writer:
    """What a paragraph needs to know of the file.

    Attributes:
        agents: The identifier of each speaker.
        word_times: Whether words have their times.
    """

    agents: Mapping[str, str]
    word_times: bool

    def paragraphs(self, cues: Sequence[Cue]) -> Iterator[str]:
        """Yield a paragraph for each of ``cues``."""
        taken: set[str] = set()
        for cue in cues:
            identifier = cue.identifier
            is_free = identifier not in taken and not _OURS.fullmatch(identifier)
            named = is_free and _NAME.fullmatch(identifier) is not None
            taken.add(identifier)
            yield f"<p{self._attributes(cue, is_named=named)}>{self._text(cue)}</p>"

    def _attributes(self, cue: Cue, *, is_named: bool) -> str:
        agent = self.agents.get(name_of(cue), "")
        attributes = {
            "xml:id": cue.identifier if is_named else "",
            "begin": compose_timecode(cue.start),
            "end": compose_timecode(cue.end),
            "region": f"region{settings_to_place(cue.settings)}",
            "style": agent.replace("speaker", "style"),
            "ttm:agent": agent,
        }
        return "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items() if value)

    def _text(self, cue: Cue) -> str:
        found = timed_words(cue) if self.word_times else ()
        words = deque((place, span) for place, _, span in found if span.start < cue.end)
        parts, position = [], 0
        for text, looks in with_breaks(styled_lines(cue)):
            if text == "\n":
                parts.append("<br/>")
            else:
                parts += _compose_run(text, looks, _cut(text, position, words, cue))
            position += len(text)
        return "".join(parts)


def _compose_run(text: str, looks: Looks, pieces: Sequence[tuple[int, int, str]]) -> Iterator[str]:
    """Yield ``text`` in spans that say what it looks like and when its pieces are."""
    style = "".join(f" {_ATTRIBUTES[tag]}" for tag in sorted(looks))
    for start, end, times in pieces:
        said = _escape(text[start:end])
        yield f"<span{style}{times}>{said}</span>" if style or times else said


def _cut(
    text: str, position: int, words: deque[tuple[int, Span]], cue: Cue
) -> list[tuple[int, int, str]]:
    """Return the stretches of ``text``, which begins at ``position``, and their times."""
    inside: list[tuple[int, Span]] = []
    while words and words[0][0] < position + len(text):
        inside.append(words.popleft())
    borders = [*(place - position for place, _ in inside), len(text)]
    pieces = [(0, borders[0], "")]
    for (_, span), (start, end) in zip(inside, pairwise(borders), strict=True):
        pieces.append((start, end, _relative(span, cue)))
    return [piece for piece in pieces if piece[0] < piece[1]]


def _relative(span: Span, cue: Cue) -> str:
    """Return the times of ``span``, counted from the beginning of the paragraph."""
    begin, end = (
        compose_timecode((to_milliseconds(time) - to_milliseconds(cue.start)) / 1000)
        for time in (span.start, min(span.end, cue.end))
    )
    return f' begin="{begin}" end="{end}"'


def _escape(text: str) -> str:
    return escape(_clean(text))


def _clean(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
