"""Cues to ASS and SSA, fields by pysubs2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pysubs2

from subtools.core import Block, Cue, Subtitles
from subtools.errors import DocumentError
from subtools.formats.ass.reading import NAME
from subtools.formats.ass.styles import (
    DEFAULT,
    STYLES,
    as_field,
    choose_styles,
    compose_header,
    convert_styles,
    read_places,
)
from subtools.formats.ass.tags import compose_text, escape, keep_overrides, read_text
from subtools.formats.places import USUAL, place_to_settings
from subtools.formats.shown import name_of, shown_cues, words_of
from subtools.formats.speakers import SpeakerStyle
from subtools.timecode import to_milliseconds

LAST_TIME = 35_999_990  # ms; 9:59:59.99, the last that its one digit of hours can say
_EVENT_KINDS = ("Comment", "Dialogue", "Events")
_FORMAT = {
    "ass": "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    "ssa": "Format: Marked, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
}


def compose(
    subtitles: Subtitles, *, style: SpeakerStyle | None = None, word_times: bool = False
) -> str:
    """Return ``subtitles`` as ASS, lines ended by line feeds.

    What was read from ASS is written as it was, but for times and texts that have changed.
    Blank lines are left out, and so is a cue without any other line; spaces at the end of
    a line are dropped. The reason of a cue whose time nobody can vouch for (confidence 0)
    becomes a comment.

    Args:
        subtitles: What to write.
        style: ``NONE`` leaves the speakers out; all others give each a colour and a name.
        word_times: Whether the times of words are written, as karaoke.

    Raises:
        DocumentError: If a cue ends after ``LAST_TIME``.
    """
    return _compose(subtitles, "ass", style, word_times=word_times)


def compose_ssa(
    subtitles: Subtitles, *, style: SpeakerStyle | None = None, word_times: bool = False
) -> str:
    """Return ``subtitles`` as SSA v4, otherwise as ``compose`` does.

    Raises:
        DocumentError: If a cue ends after ``LAST_TIME``.
    """
    return _compose(subtitles, "ssa", style, word_times=word_times)


@dataclass(frozen=True, slots=True)
class _Writer:
    """What the lines of a file need to know of all of it.

    Attributes:
        kind: ``ass`` or ``ssa``.
        styles: The style of each speaker.
        places: Where each style puts its cues.
        is_named: Whether speakers are named.
        word_times: Whether words have their times.
    """

    kind: str
    styles: Mapping[str, str]
    places: Mapping[str, int]
    is_named: bool
    word_times: bool

    def events(self, cue: Cue) -> Iterator[pysubs2.SSAEvent]:
        """Yield the event that holds ``cue``, after the comment on it if there is one."""
        start, end = to_milliseconds(cue.start), to_milliseconds(cue.end)
        fields = dict(cue.native.fields) if cue.native and cue.native.format == NAME else {}
        name = name_of(cue) if self.is_named else ""
        style = fields.get("style") or self.styles.get(name, DEFAULT)
        if cue.confidence == 0 and cue.reason:
            reason = escape(" ".join(cue.reason.split()))
            yield pysubs2.SSAEvent(start, end, reason, style=style, type="Comment")
        text = self._text(cue, self.places.get(style.lstrip("*"), USUAL))
        yield pysubs2.SSAEvent(
            start,
            end,
            text,
            layer=_number(fields.get("layer")),
            marked=_number(fields.get("layer")) > 0,
            style=style,
            name=as_field(name),
            effect=fields.get("effect", ""),
            marginl=_number(fields.get("marginl")),
            marginr=_number(fields.get("marginr")),
            marginv=_number(fields.get("marginv")),
        )

    def _text(self, cue: Cue, usual: int) -> str:
        """Return the text of the line of ``cue``: as it was read, if it still says the same.

        Else with what was said before its first character: it holds for the whole line.
        """
        raw = cue.native.text if cue.native and cue.native.format == NAME else ""
        if raw:
            shown = read_text(raw)
            place = place_to_settings(shown.place or usual)
            is_same = (shown.texts, shown.markup, place) == (cue.lines, cue.markup, cue.settings)
            is_sung = bool(shown.syllables) or not (self.word_times and words_of(cue))
            if is_same and is_sung:
                return raw
        text = compose_text(cue, usual, with_words=self.word_times)
        return keep_overrides(raw) + text


def _compose(
    subtitles: Subtitles, kind: str, style: SpeakerStyle | None, *, word_times: bool
) -> str:
    cues = [[*shown_cues([cue])] for cue in subtitles.cues]
    shown = [cue for part in cues for cue in part]
    if any(to_milliseconds(cue.end) > LAST_TIME for cue in shown):
        raise DocumentError("ASS has no times from 10 hours on", hint="write .srt or .vtt")
    is_named = style is not SpeakerStyle.NONE
    names = [*dict.fromkeys(filter(None, map(name_of, shown)))] if is_named else []
    ours = [block for block in subtitles.blocks if block.format == NAME]
    sections = [block for block in ours if block.kind not in _EVENT_KINDS]
    head, tail = _compose_sections(sections, names, subtitles.title, kind)
    known = _known_styles(head, kind)
    styles = {n: s for n, s in choose_styles(names).items() if s in known}
    writer = _Writer(kind, styles, known, is_named, word_times)
    events = _compose_events(subtitles.cues, [b for b in ours if b.kind in _EVENT_KINDS], writer)
    return f"{head}\n[Events]\n{_FORMAT[kind]}\n{events}{tail}"


def _compose_sections(
    blocks: Sequence[Block], names: Sequence[str], title: str, kind: str
) -> tuple[str, str]:
    """Return the sections before and after the events: those of the file, or ours."""
    header = compose_header(names, title, kind).partition("\n[Events]\n")[0]
    if not blocks:
        return header, ""
    wanted = STYLES[0] if kind == "ass" else STYLES[1]
    early = [block for block in blocks if block.position == 0]
    late = [block for block in blocks if block.position > 0]
    head = _join(early)
    kinds = {block.kind.casefold() for block in early}
    if wanted not in kinds and kinds & set(STYLES):
        translated = convert_styles(_join([b for b in early if _has_styles(b)]), kind)
        head = (translated or header).partition("\n[Events]\n")[0]
        head += "".join("\n" + _join([b]) for b in early if not _has_styles(b))
    elif wanted not in kinds:
        head += "\n" + header.partition("\n\n")[2]
    if "script info" not in kinds:
        head = header.partition("\n\n")[0] + "\n\n" + head
    return _set_title(head, title), "".join("\n" + _join([block]) for block in late)


def _has_styles(block: Block) -> bool:
    return block.kind.casefold() in {"script info", *STYLES}


def _join(blocks: Sequence[Block]) -> str:
    return "\n".join(f"[{block.kind}]\n{block.text}\n" for block in blocks)


def _set_title(head: str, title: str) -> str:
    """Return the sections with another title, where there is one."""
    lines = head.split("\n")
    found = [k for k, line in enumerate(lines) if line.casefold().startswith("title:")]
    said = lines[found[0]].partition(":")[2].strip() if found else ""
    if not title or said == title:
        return head
    place = found[0] if found else lines.index("[Script Info]") if "[Script Info]" in lines else -1
    if found:
        lines[place] = f"Title: {title}"
    elif place >= 0:
        lines.insert(place + 1, f"Title: {title}")
    return "\n".join(lines)


def _known_styles(head: str, kind: str) -> dict[str, int]:
    """Return the styles in the sections, and where each puts its cues."""
    return read_places(head.split("\n"), is_legacy=kind == "ssa")


def _compose_events(cues: Sequence[Cue], blocks: Sequence[Block], writer: _Writer) -> str:
    """Return the lines of the events: cues with the comments and drawings between them."""
    document = pysubs2.SSAFile()
    waiting = sorted(blocks, key=lambda block: block.position)
    marks: list[tuple[int, Block]] = []
    for index, cue in enumerate(cues):
        while waiting and waiting[0].position <= index:
            marks.append((len(document.events), waiting.pop(0)))
        for shown in shown_cues([cue]):
            document.events.extend(writer.events(shown))
    marks += [(len(document.events), block) for block in waiting]
    written = document.to_string(writer.kind, header_notice="").partition("[Events]\n")[2]
    lines = written.splitlines()[1:]
    return "".join(f"{line}\n" for line in _weave(lines, marks))


def _weave(lines: Sequence[str], marks: Sequence[tuple[int, Block]]) -> Iterator[str]:
    position = 0
    for place, block in marks:
        yield from lines[position:place]
        yield block.text if block.kind == "Events" else f"{block.kind}: {block.text}"
        position = place
    yield from lines[position:]


def _number(field: str | None) -> int:
    return int(field) if field and field.lstrip("-").isdecimal() else 0
