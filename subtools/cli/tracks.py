"""Files of subtitles, made into what a video takes: the text that viewers are to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from subtools.console import print_note
from subtools.core import Cue, CueRules, NameRoom, Seconds, Subtitles
from subtools.errors import DocumentError
from subtools.formats import SpeakerStyle, format_for
from subtools.formats.speakers import speaker_prefixes
from subtools.markup import escape_markup
from subtools.media import Container, Drawing, SubtitleTrack
from subtools.reading import compose_subtitles, load_subtitles, read_text

_SHOWN_REMARKS = 10  # more of them are more than anybody reads
_ROOM = {SpeakerStyle.EVERY: NameRoom.EVERY, SpeakerStyle.NONE: NameRoom.NONE}


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
    subtitles = _read_subtitles(path, style)
    cues = subtitles.cues
    if kind in container.takes and not subtitles.remarks:
        is_untouched = kind == "ass" or not any(cue.speaker for cue in cues)
    else:
        kind, is_untouched = kind if kind in container.takes else container.takes[0], False
    is_exclusive = not container.copies  # MP4 shows one text at a time
    if is_untouched and not (is_exclusive and _overlap(cues)):
        return SubtitleTrack(read_text(path), kind, language, title)
    shown = label_cues(cues, style)
    text = _compose(replace(subtitles, cues=part_cues(shown) if is_exclusive else shown), kind)
    return SubtitleTrack(text, kind, language, title)


def read_drawing(path: Path, style: SpeakerStyle | None) -> Drawing:
    """Return the subtitles of ``path`` as libass is to draw them; ASS stays as it is.

    Raises:
        DocumentError: If it cannot be read, or there are no subtitles in it.
    """
    subtitles = _read_subtitles(path, style)
    if path.suffix.lower() == ".ass" and not subtitles.remarks:
        return Drawing(read_text(path), _shown(subtitles.cues), is_styled=True)
    labelled = label_cues(subtitles.cues, style)
    text = _compose(replace(subtitles, cues=labelled), "ass")
    return Drawing(text, _shown(labelled))


def label_cues(cues: Sequence[Cue], style: SpeakerStyle | None = None) -> tuple[Cue, ...]:
    """Return ``cues`` with their speakers named in the text, at each change if not said else.

    >>> [cue.text for cue in label_cues([Cue(0, 1, ("好",), "王"), Cue(1, 2, ("對",), "王")])]
    ['王：好', '對']
    """
    shown = [cue for cue in cues if cue.text.strip()]
    prefixes = speaker_prefixes(shown, style or SpeakerStyle.CHANGE)
    return tuple(_label(cue, prefix) for cue, prefix in zip(shown, prefixes, strict=True))


def _label(cue: Cue, prefix: str) -> Cue:
    if not prefix:
        return cue
    markup = escape_markup(prefix) + cue.markup if cue.markup else ""
    return replace(cue, lines=(prefix + cue.lines[0], *cue.lines[1:]), markup=markup)


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
            yield _join(start, end, active)


def _join(start: Seconds, end: Seconds, cues: Sequence[Cue]) -> Cue:
    """Return what ``cues`` show at the same time, at the place of the first."""
    lines = tuple(line for cue in cues for line in cue.lines)
    marked = [cue.markup or escape_markup(cue.text) for cue in cues]
    markup = "\n".join(marked) if any(cue.markup for cue in cues) else ""
    return Cue(start, end, lines, markup=markup, settings=cues[0].settings)


def _overlap(cues: Sequence[Cue]) -> bool:
    ordered = sorted(cues, key=lambda cue: cue.start)
    return any(after.start < before.end for before, after in pairwise(ordered))


def _read_subtitles(path: Path, style: SpeakerStyle | None) -> Subtitles:
    room = _ROOM.get(style, NameRoom.CHANGES) if style else NameRoom.CHANGES
    subtitles = load_subtitles(path, CueRules(name_room=room))
    for remark in subtitles.remarks[:_SHOWN_REMARKS]:
        print_note(f"{path.name}: {remark}")
    if not subtitles.cues:
        raise DocumentError("there are no subtitles in it", hint="give another file", path=path)
    return subtitles


def _shown(cues: Sequence[Cue]) -> str:
    return "".join(cue.text for cue in cues)


def _compose(subtitles: Subtitles, kind: str) -> str:
    """Return labelled ``subtitles`` as text."""
    style = SpeakerStyle.NONE if kind == "srt" else None
    return compose_subtitles(subtitles, format_for(kind), style)
