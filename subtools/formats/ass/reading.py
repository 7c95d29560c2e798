"""ASS and SSA to cues, fields by pysubs2."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pysubs2

from subtools.core import Block, Cue, Native, Remark, Subtitles
from subtools.formats.ass.sections import Event, Script, read_script
from subtools.formats.ass.styles import DEFAULT, STYLES, choose_styles, compose_header, read_places
from subtools.formats.ass.tags import Shown, compose_text, read_text, read_words
from subtools.formats.places import USUAL, place_to_settings
from subtools.formats.shown import mend_times
from subtools.lexicon import clean_name
from subtools.timecode import to_seconds

NAME = "ass"  # of blocks and what is native, in SSA too: their lines are the same
_KEPT = ("layer", "style", "marginl", "marginr", "marginv", "effect")


def parse(text: str) -> Subtitles:
    """Return the cues of ASS or SSA ``text``.

    The name of a line is its speaker; bold, italics and underlines are markup; where a line
    stands, by its tags or its style, is in the settings. Sections, comments, drawings and lines
    without text are blocks; other fields and tags are native to a cue.

    Raises:
        DocumentError: If ``text`` is not ASS, or some of it would be lost.
    """
    script = read_script(text)
    lines, events = _join_sections(script), _read_events(script)
    kind = "ssa" if any(name.casefold() == STYLES[1] for name, _, _ in lines) else "ass"
    places = read_places(script.section(*STYLES), is_legacy=kind == "ssa")
    title = _find_title(script)
    cues: list[Cue] = []
    blocks: list[Block] = []
    remarks = list(script.remarks)
    for event, fields in events:
        shown = fields and read_text(fields.text)
        if fields is None or not shown or shown.is_drawing or not shown.texts:
            blocks.append(Block(NAME, event.kind or "Events", event.raw, len(cues)))
            continue
        cue, mended = _event_to_cue(fields, shown, event.number, places)
        cues.append(cue)
        remarks += mended
    names = [*dict.fromkeys(cue.speaker for cue in cues if cue.speaker)]
    if _is_ours(lines, compose_header(names, title, kind)):
        styles = choose_styles(names)
        cues = [_without_style(cue, styles.get(cue.speaker or "", DEFAULT)) for cue in cues]
    else:
        cues = [_without_style(cue, DEFAULT) for cue in cues]
        sections = (Block(NAME, n, t, len(cues) if late else 0) for n, t, late in lines)
        blocks = sorted([*sections, *blocks], key=lambda block: block.position)
    return Subtitles(tuple(cues), title=title, blocks=tuple(blocks), remarks=tuple(remarks))


def _join_sections(script: Script) -> list[tuple[str, str, bool]]:
    return [
        (name, "\n".join(line.rstrip() for line in lines).strip("\n"), late)
        for name, lines, late in script.sections
    ]


def _find_title(script: Script) -> str:
    for line in script.section("script info"):
        key, colon, value = line.partition(":")
        if colon and key.strip().casefold() == "title":
            return value.strip()
    return ""


def _read_events(script: Script) -> Iterator[tuple[Event, pysubs2.SSAEvent | None]]:
    """Yield the events, those that hold a cue with their fields."""
    lines = [f"Dialogue: {','.join(e.fields)}" for e in script.events if e.fields]
    document = pysubs2.SSAFile.from_string("\n".join(["[Events]", *lines]), "ass")
    fields = iter(document.events)
    return ((event, next(fields) if event.fields else None) for event in script.events)


def _event_to_cue(
    event: pysubs2.SSAEvent, shown: Shown, number: int, places: dict[str, int]
) -> tuple[Cue, list[Remark]]:
    """Return the cue that ``event``, in line ``number``, is, and remarks on it."""
    times = to_seconds(event.start), to_seconds(event.end)
    start, end, mended = mend_times(*times, "the cue")
    usual = places.get(event.style.lstrip("*"), USUAL)
    place = shown.place or usual
    cue = Cue(
        start,
        end,
        shown.texts,
        clean_name(event.name) or None,
        settings=place_to_settings(place),
        markup=shown.markup,
    )
    cue = replace(cue, words=read_words(cue, shown))
    raw = "" if compose_text(cue, usual) == event.text else event.text
    fields = tuple(_native_fields(event))
    native = Native(NAME, raw, fields)
    return replace(cue, native=native), [Remark(remark.text, number) for remark in mended]


def _native_fields(event: pysubs2.SSAEvent) -> Iterator[tuple[str, str]]:
    """Yield the fields that are not as they usually are; the style always."""
    for name in _KEPT:
        value = str(getattr(event, name))
        if name == "style" or value not in ("0", ""):
            yield name, value


def _is_ours(lines: Sequence[tuple[str, str, bool]], header: str) -> bool:
    """Tell whether the sections are those that are written for these cues."""
    return [*lines] == _join_sections(read_script(header))


def _without_style(cue: Cue, usual: str) -> Cue:
    """Return ``cue``; its style is not native if it is the one it would be written in."""
    if cue.native is None:
        return cue
    fields = tuple(pair for pair in cue.native.fields if pair != ("style", usual))
    is_plain = not fields and not cue.native.text
    return replace(cue, native=None if is_plain else Native(NAME, cue.native.text, fields))
