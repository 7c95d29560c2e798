"""Files of subtitles, made into what a video takes: the text that viewers are to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from subtools.core import Cue, CueRules, NameRoom
from subtools.errors import DocumentError
from subtools.formats import SpeakerStyle, format_for
from subtools.formats.speakers import speaker_prefixes
from subtools.media import Container, Drawing, SubtitleTrack
from subtools.reading import compose_subtitles, load_cues, read_text

_ROOM = {SpeakerStyle.EVERY: NameRoom.EVERY, SpeakerStyle.NONE: NameRoom.NONE}
# What players take for a tag in SubRip, which has none: these, colours and places.
_SHAPES = re.compile(r"<(/?)([ibu])>", re.IGNORECASE)
_OTHER_TAGS = re.compile(r"</?font[^>]*>", re.IGNORECASE)
_PLACE = re.compile(r"\{(\\an?[1-9]\d?)\}")
_ESCAPED_SHAPES = re.compile(r"&lt;(/?[ibu])&gt;", re.IGNORECASE)
_ESCAPED_PLACE = re.compile(r"\\\{\\\u2060(an?[1-9]\d?)\\\}")


def read_track(
    path: Path,
    container: Container,
    style: SpeakerStyle | None,
    *,
    language: str | None,
    title: str,
) -> SubtitleTrack:
    """Return the subtitles of ``path`` as a track for ``container``.

    Where players do not show who speaks (everywhere but in ASS), names are written into the text.

    Args:
        path: SRT, WebVTT, ASS or ``words.json``.
        container: What they are put into.
        style: How speakers are named.
        language: Tag of BCP 47.
        title: For a player's menu.

    Raises:
        DocumentError: If it cannot be read, or there are no subtitles in it.
    """
    kind = path.suffix.lower().removeprefix(".")
    cues = _read_cues(path, style)
    if kind in container.takes:
        is_untouched = kind == "ass" or not any(cue.speaker for cue in cues)
    else:
        kind, is_untouched = container.takes[0], False
    is_exclusive = not container.copies  # MP4 shows one text at a time
    if is_untouched and not (is_exclusive and _overlap(cues)):
        return SubtitleTrack(read_text(path), kind, language, title)
    shown = label_cues(cues, style)
    text = _compose(part_cues(shown) if is_exclusive else shown, kind, path)
    return SubtitleTrack(text, kind, language, title)


def read_drawing(path: Path, style: SpeakerStyle | None) -> Drawing:
    """Return the subtitles of ``path`` as libass is to draw them; ASS stays as it is.

    Raises:
        DocumentError: If it cannot be read, or there are no subtitles in it.
    """
    cues = _read_cues(path, style)
    if path.suffix.lower() == ".ass":
        return Drawing(read_text(path), _shown(cues), is_styled=True)
    labelled = label_cues(cues, style)
    text = _compose(labelled, "ass", path)
    return Drawing(text, _shown(labelled))


def label_cues(cues: Sequence[Cue], style: SpeakerStyle | None = None) -> tuple[Cue, ...]:
    """Return ``cues`` with their speakers named in the text, at each change if not said else.

    >>> [cue.text for cue in label_cues([Cue(0, 1, ("好",), "王"), Cue(1, 2, ("對",), "王")])]
    ['王：好', '對']
    """
    shown = [cue for cue in cues if cue.text.strip()]
    prefixes = speaker_prefixes(shown, style or SpeakerStyle.CHANGE)
    return tuple(
        replace(cue, lines=(prefix + cue.lines[0], *cue.lines[1:]))
        for cue, prefix in zip(shown, prefixes, strict=True)
    )


def part_cues(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    r"""Return cues of which no two are shown at once: what was, has the lines of both.

    >>> [(cue.start, cue.text) for cue in part_cues([Cue(0, 2, ("a",)), Cue(1, 3, ("b",))])]
    [(0, 'a'), (1, 'a\nb'), (2, 'b')]
    """
    if not _overlap(cues):
        return tuple(cues)
    return tuple(_pieces(sorted(cues, key=lambda cue: cue.start)))


def _pieces(cues: Sequence[Cue]) -> Iterator[Cue]:
    times = sorted({time for cue in cues for time in (cue.start, cue.end)})
    following, active = 0, list[Cue]()
    for start, end in pairwise(times):
        while following < len(cues) and cues[following].start <= start:
            active.append(cues[following])
            following += 1
        active = [cue for cue in active if cue.end > start]
        if active:
            yield Cue(start, end, tuple(line for cue in active for line in cue.lines))


def _overlap(cues: Sequence[Cue]) -> bool:
    ordered = sorted(cues, key=lambda cue: cue.start)
    return any(after.start < before.end for before, after in pairwise(ordered))


def _read_cues(path: Path, style: SpeakerStyle | None) -> tuple[Cue, ...]:
    room = _ROOM.get(style, NameRoom.CHANGES) if style else NameRoom.CHANGES
    cues = load_cues(path, CueRules(name_room=room))
    if not cues:
        raise DocumentError("there are no subtitles in it", hint="give another file", path=path)
    return cues


def _shown(cues: Sequence[Cue]) -> str:
    return "".join(_SHAPES.sub("", _PLACE.sub("", cue.text)) for cue in cues)


def _compose(cues: Sequence[Cue], kind: str, path: Path) -> str:
    """Return labelled ``cues`` as text; tags that players know in SubRip stay what they are."""
    is_subrip = path.suffix.lower() == ".srt"
    if is_subrip and kind != "srt":
        cues = [replace(cue, lines=tuple(map(_without_colours, cue.lines))) for cue in cues]
    style = SpeakerStyle.NONE if kind == "srt" else None
    text = compose_subtitles(cues, format_for(kind), style)
    if is_subrip and kind == "ass":
        text = _SHAPES.sub(lambda tag: f"{{\\{tag[2].lower()}{0 if tag[1] else 1}}}", text)
        text = _ESCAPED_PLACE.sub(r"{\\\1}", text)
    if is_subrip and kind == "vtt":
        text = _ESCAPED_SHAPES.sub(r"<\1>", _PLACE.sub("", text))
    return text


def _without_colours(line: str) -> str:
    return _OTHER_TAGS.sub("", line)
