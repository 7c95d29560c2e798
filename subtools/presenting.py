"""What of a talk is shown, and how: formats by their names, looks, pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from subtools.core import PLAIN_RULES, CueRules, Cutting, NameRoom, Source
from subtools.errors import DocumentError, MediaError
from subtools.formats import FORMATS, SpeakerStyle
from subtools.inputs import printable_name
from subtools.media import has_picture
from subtools.page import MediaKind, MediaReference, compose_page, relative_link
from subtools.pipeline import Captions
from subtools.styles import at_frame_rate, find_style

PAGE_SUFFIX = ".html"
USUAL_FORMATS = "srt,vtt,chapters,page"
_BESIDE = {  # what is no subtitles
    "chapters": ".chapters.vtt",
    "contents": ".contents.md",
    "page": PAGE_SUFFIX,
}
_TEXT_ONLY = frozenset((".srt", ".txt", ".lrc", ".bcc.json", ".bcc"))  # name speakers in the text


@dataclass(frozen=True, slots=True)
class Look:
    """How subtitles are cut and written.

    Attributes:
        rules: How cues are cut.
        speakers: How speakers are named; None: as is usual in the format.
        word_times: Whether the times of words are written.
    """

    rules: CueRules
    speakers: SpeakerStyle | None = None
    word_times: bool = False

    def speakers_in(self, suffix: str) -> SpeakerStyle | None:
        """Return how speakers are named in a format.

        A style that tells speakers apart by dashes or colours puts no names into a text,
        unless they were asked for.
        """
        if self.speakers is None and _has_own_way(self.rules) and suffix in _TEXT_ONLY:
            return SpeakerStyle.NONE
        return self.speakers


USUAL = Look(PLAIN_RULES)


def make_look(
    style: str,
    cues: Cutting | None = None,
    frame_rate: float | None = None,
    speakers: SpeakerStyle | None = None,
    *,
    keep_untimed: bool = False,
    word_times: bool = False,
) -> Look:
    """Return how subtitles are to look.

    Raises:
        ValueError: If the frame rate is none.
        DocumentError: If there is no such style.
    """
    rules = find_style(style)
    if frame_rate is not None:
        if not (math.isfinite(frame_rate) and 1 <= frame_rate <= 1000):
            raise ValueError("give frames a second, such as 25")
        rules = at_frame_rate(rules, frame_rate)
    room = name_room(speakers)
    if speakers is None and _has_own_way(rules):
        room = NameRoom.NONE
    cutting = cues or rules.cutting
    is_kept = keep_untimed or rules.keep_untimed
    rules = replace(rules, cutting=cutting, keep_untimed=is_kept, name_room=room)
    return Look(rules, speakers, word_times)


def name_room(style: SpeakerStyle | None) -> NameRoom:
    """Return where a name takes room in a cue that is shown in ``style``."""
    rooms = {SpeakerStyle.EVERY: NameRoom.EVERY, SpeakerStyle.NONE: NameRoom.NONE}
    return rooms.get(style, NameRoom.CHANGES) if style else NameRoom.CHANGES


def find_suffixes(names: Sequence[str]) -> tuple[str, ...]:
    """Return the suffixes that names or suffixes such as ``srt`` and ``whisper`` stand for.

    >>> find_suffixes(["srt", "page", ".VTT"])
    ('.srt', '.html', '.vtt')

    Raises:
        DocumentError: If there is no such format.
    """
    written = [known for known in FORMATS if known.compose]
    known = {suffix: suffix for known in written for suffix in known.suffixes}
    known |= {f".{known.name}": known.suffixes[0] for known in written}
    known |= {f".{name}": suffix for name, suffix in _BESIDE.items()}
    known |= {suffix: suffix for suffix in _BESIDE.values()}
    asked = [f".{name.lower().removeprefix('.')}" for name in names]
    for suffix in asked:
        if suffix not in known:
            listed = ", ".join(name.removeprefix(".") for name in known)
            raise DocumentError(f"{suffix[1:]!r} is none of {listed}")
    return tuple(dict.fromkeys(known[suffix] for suffix in asked))


def compose_output(
    captions: Captions, suffix: str, look: Look, *, media: MediaReference | None, name: str
) -> str:
    """Return one result in the format of ``suffix``.

    Args:
        captions: The talk.
        suffix: With its dot; ``.html`` is the page, or the picture if one was asked for.
        look: How subtitles look.
        media: The sound that a page plays; None: it leads to the site.
        name: Heading of a page whose talk has no title.
    """
    if suffix == PAGE_SUFFIX and captions.stretch is None:
        title = name_page(captions.alignment.transcript.source, name)
        return compose_page(captions.alignment, media=media, title=title)
    return captions.compose(suffix, look.speakers_in(suffix), word_times=look.word_times)


def name_page(source: Source, name: str) -> str:
    """Return the heading of a page: what the talk is called, else ``name``."""
    return source.part_title or source.title or name


def refer_to(media: Path, folder: Path) -> MediaReference:
    """Return ``media`` as a page in ``folder`` refers to it.

    Raises:
        MediaError: If it is no media file, or cannot be reached from there.
    """
    kind = MediaKind.VIDEO if has_picture(media) else MediaKind.AUDIO
    try:
        link = relative_link(media, folder)
    except ValueError as error:
        hint = "write the page to the drive where the media file is"
        raise MediaError(
            "no link leads from the page to this file", hint=hint, path=media
        ) from error
    return MediaReference(link, kind, printable_name(media))


def _has_own_way(rules: CueRules) -> bool:
    return rules.is_shared or rules.has_colours
