"""Bilibili's subtitles (``.bcc``, ``.json``): what its editor takes and its player is sent.

``location`` is one of nine places, as the keypad numbers them; 2 is the usual one, in the
middle below. There is no place for a speaker: names are written into the text.

Source: files of the site, and of its editor's "export"; there is no specification.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from subtools.core import Block, Cue, Native, Remark, Subtitles
from subtools.errors import DocumentError
from subtools.formats.jsontext import dump, load_json, peek_json
from subtools.formats.places import USUAL, place_to_settings, settings_to_place
from subtools.formats.shown import is_time, mend_times, shown_cues, split_lines
from subtools.formats.speakers import SpeakerStyle, speaker_prefixes
from subtools.timecode import to_milliseconds, to_seconds

NAME = "bcc"
_HEADER = {
    "font_size": 0.4,
    "font_color": "#FFFFFF",
    "background_alpha": 0.5,
    "background_color": "#9C27B0",
    "Stroke": "none",
}
_OURS = ("from", "to", "location", "content")
_HINT = 'it has entries like {"from":1.2,"to":3.4,"location":2,"content":"…"} in "body"'

Json = Mapping[str, Any]


def recognise(text: str) -> bool:
    """Tell whether ``text`` is such a file: an object with a list ``body`` of its entries."""
    data = peek_json(text)
    body = data.get("body") if isinstance(data, dict) else None
    return isinstance(body, list) and all(isinstance(e, dict) and "content" in e for e in body)


def compose(
    subtitles: Subtitles,
    *,
    style: SpeakerStyle | None = None,
    word_times: bool = False,  # noqa: ARG001 - there is no place for them
) -> str:
    """Return ``subtitles`` as Bilibili's JSON, one entry a line.

    Args:
        subtitles: What to write.
        style: How speakers are named; None: where the speaker changes.
        word_times: Has no effect.
    """
    cues = shown_cues(subtitles.cues)
    prefixes = speaker_prefixes(cues, style or SpeakerStyle.CHANGE)
    pairs = zip(cues, prefixes, strict=True)
    entries = [dump(_cue_to_entry(cue, prefix), compact=True) for cue, prefix in pairs]
    header = _header(subtitles).items()
    head = ",".join(f"{dump(key)}:{dump(value, compact=True)}" for key, value in header)
    body = ",\n".join(entries)
    return f'{{{head},"body":[\n{body}\n]}}\n' if entries else f'{{{head},"body":[]}}\n'


def parse(text: str) -> Subtitles:
    """Return the cues of Bilibili's JSON.

    The header is a block if it is not the usual one. An entry without an end stays until the
    next one begins; one without a beginning is left out, with a remark.

    Raises:
        DocumentError: If it is no such file.
    """
    data = load_json(text, "Bilibili's JSON")
    body = data.get("body") if isinstance(data, dict) else None
    if not isinstance(body, list):
        raise DocumentError("not Bilibili's JSON", hint=_HINT, line=1)
    cues: list[Cue] = []
    remarks: list[Remark] = []
    for number, (entry, after) in enumerate(zip_longest(body, body[1:]), start=1):
        cue, remark = _entry_to_cue(entry, after, f"entry {number}")
        cues += [cue] if cue else []
        remarks += remark
    header = {key: value for key, value in data.items() if key != "body"}
    blocks = () if header in ({}, _HEADER) else (Block(NAME, "header", dump(header)),)
    language = data.get("lang")
    said = language if isinstance(language, str) else ""
    return Subtitles(tuple(cues), language=said, blocks=blocks, remarks=tuple(remarks))


def _header(subtitles: Subtitles) -> dict[str, Any]:
    """Return the header: that of the file it came from, or the usual one."""
    texts = [block.text for block in subtitles.blocks if block.format == NAME]
    header = peek_json(texts[0]) if texts else None
    if not isinstance(header, dict) or "body" in header:
        header = _HEADER
    if subtitles.language and subtitles.language != header.get("lang"):
        return {**header, "lang": subtitles.language}
    return header


def _cue_to_entry(cue: Cue, prefix: str) -> dict[str, Any]:
    return {
        "from": to_seconds(to_milliseconds(cue.start)),
        "to": to_seconds(to_milliseconds(cue.end)),
        "location": settings_to_place(cue.settings),
        "content": prefix + cue.text,
        **_native_fields(cue),
    }


def _native_fields(cue: Cue) -> dict[str, Any]:
    if cue.native is None or cue.native.format != NAME:
        return {}
    fields = ((key, _read_value(value)) for key, value in cue.native.fields)
    return {key: value for key, value in fields if key not in _OURS}


def _read_value(text: str) -> Any:
    """Return the value that ``text`` is in JSON; the text itself if it is none."""
    try:
        return load_json(text, "JSON")
    except DocumentError:
        return text


def _entry_to_cue(entry: Any, after: Any, where: str) -> tuple[Cue | None, list[Remark]]:
    """Return the cue that ``entry`` is, None if it has no text or time, and remarks on it."""
    if not isinstance(entry, dict) or not isinstance(entry.get("content"), str):
        return None, [Remark(f"{where} has no text: left out")]
    lines = split_lines(entry["content"])
    if not lines:
        return None, []
    start = _seconds(entry.get("from"))
    if start is None:
        return None, [Remark(f"{where} has no time and is left out: {' '.join(lines)[:40]!r}")]
    end, remarks = _find_end(entry, after, start, where)
    start, end, mended = mend_times(start, end, where)
    place, misplaced = _find_place(entry, where)
    fields = tuple((key, dump(value)) for key, value in entry.items() if key not in _OURS)
    native = Native(NAME, fields=fields) if fields else None
    settings = place_to_settings(place)
    cue = Cue(start, end, lines, settings=settings, native=native)
    return cue, [*remarks, *mended, *misplaced]


def _find_end(entry: Json, after: Any, start: float, where: str) -> tuple[float, list[Remark]]:
    end = _seconds(entry.get("to"))
    if end is not None:
        return end, []
    following = _seconds(after.get("from")) if isinstance(after, dict) else None
    taken = start if following is None else max(start, following)
    return taken, [Remark(f"{where} has no end: it stays until the next one begins")]


def _find_place(entry: Json, where: str) -> tuple[int, Sequence[Remark]]:
    place = entry.get("location", USUAL)
    if isinstance(place, int) and not isinstance(place, bool) and 1 <= place <= 9:
        return place, ()
    return USUAL, (Remark(f"{where} has no place {str(place)[:20]}: put where cues are usually"),)


def _seconds(value: Any) -> float | None:
    """Return a time, from a number or from one in quotation marks."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    return float(value) if is_time(value) else None
