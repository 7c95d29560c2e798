"""Subtitles beside the picture: tracks that a player shows or hides. Nothing is encoded anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from subtools.core import Progress, no_progress
from subtools.errors import MediaError, OutputError
from subtools.media.contents import (
    Contents,
    Stream,
    check_whole,
    require_sound,
    require_video,
)
from subtools.media.graphs import Inputs, Run, run_graph, work_folder, written_whole
from subtools.media.languages import MACINTOSH, container_code
from subtools.media.track_flags import clear_default_flags

_MUXERS = {"srt": "srt", "vtt": "webvtt", "ass": "ass"}  # kind of text to ffmpeg's name
_VTT = ("vtt",)
_CHAPTERS = "chapters.ffmetadata"
_ALL = ("srt", "vtt", "ass")
_TEXTS = frozenset({"subrip", "webvtt", "ass", "ssa", "mov_text", "text"})


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of file that holds subtitles beside video.

    Attributes:
        muxer: ffmpeg's name of it.
        takes: The kinds of subtitles it is given, the usual one first: ``srt``, ``vtt``, ``ass``.
        copies: Those of them that stay as they are, byte for byte.
        text_codec: What others, and those that the video has already, become.
        keeps: Codecs of subtitles that it takes as they are.
        options: Further options of its muxer.
        covers: Codecs of covers that it takes.
    """

    muxer: str
    takes: tuple[str, ...]
    copies: tuple[str, ...]
    text_codec: str
    keeps: frozenset[str]
    options: tuple[tuple[str, str], ...] = ()
    covers: frozenset[str] = frozenset({"mjpeg", "png"})

    @property
    def takes_attachments(self) -> bool:
        """Whether it holds files, such as the fonts of subtitles."""
        return self.muxer == "matroska"

    @property
    def flags_one(self) -> bool:
        """Whether ffmpeg makes some subtitle a default one, whatever it is told."""
        return self.text_codec == "mov_text"


_MP4_KEEPS = frozenset({"mov_text", "dvd_subtitle"})
_MKV_KEEPS = _TEXTS - {"mov_text"} | {"hdmv_pgs_subtitle", "dvd_subtitle", "dvb_subtitle"}
_AT_FRONT = (("movflags", "+faststart"),)  # the index, so that browsers play while they load
_MP4 = Container("mp4", ("srt",), (), "mov_text", _MP4_KEEPS, _AT_FRONT)
CONTAINERS = {
    ".mp4": _MP4,
    ".m4v": _MP4,
    ".mov": Container("mov", ("srt",), (), "mov_text", _MP4_KEEPS, _AT_FRONT),
    ".mkv": Container("matroska", _ALL, _ALL, "subrip", _MKV_KEEPS),
    ".webm": Container(
        "webm", ("vtt",), ("vtt",), "webvtt", frozenset({"webvtt"}), covers=frozenset()
    ),
}


@dataclass(frozen=True, slots=True)
class SubtitleTrack:
    """Subtitles to put beside a video.

    Attributes:
        text: The whole file, in a kind that the container takes.
        kind: ``srt``, ``vtt`` or ``ass``.
        language: Tag of BCP 47, or None.
        title: What a player's menu calls it; may be empty.
    """

    text: str
    kind: str
    language: str | None = None
    title: str = ""

    def __post_init__(self) -> None:
        """Refuse what no container can say."""
        container_code(self.language)
        if self.kind not in _MUXERS:
            raise ValueError(f"no kind of subtitles: {self.kind!r}")


def container_for(path: Path) -> Container:
    """Return the container that the suffix of ``path`` stands for.

    Raises:
        OutputError: If it stands for none that holds subtitles.
    """
    known = CONTAINERS.get(path.suffix.lower())
    if known is None:
        hint = f"known: {', '.join(CONTAINERS)}"
        raise OutputError("no video file with subtitles has this suffix", hint=hint, path=path)
    return known


def mux_subtitles(
    video: Path,
    tracks: Sequence[SubtitleTrack],
    target: Path,
    *,
    audio: Path | None = None,
    chapters: str | None = None,
    default: bool = True,
    force: bool = False,
    progress: Progress = no_progress,
) -> None:
    """Write ``target``: ``video`` with ``tracks`` beside what it holds, nothing encoded anew.

    Args:
        video: Gives the picture, the sound, chapters, and subtitles it has already.
        tracks: The subtitles; none but the first is shown unasked.
        target: Appears only when it is complete; its suffix says what container it is.
        audio: Gives the sound instead.
        chapters: Chapters in ffmpeg's ffmetadata, instead of those of ``video``.
        default: Whether players show the first of ``tracks`` unasked.
        force: Whether ``target`` may replace a file.
        progress: Told the seconds written.

    Raises:
        MediaError: If something cannot be read, or does not go into that container.
        OutputError: If ``target`` cannot be written.
    """
    container = container_for(target)
    picture = require_video(video)
    sound = picture if audio is None else require_sound(audio)
    kept = _choose_streams(picture, sound, container, target)
    texts = {f"{k}.{track.kind}": track.text for k, track in enumerate(tracks)}
    texts |= {_CHAPTERS: chapters} if chapters is not None else {}
    with work_folder(texts) as folder, written_whole(target, force=force) as part:
        inputs = Inputs()
        nodes = _media_nodes(inputs, picture, sound, kept)
        kinds = [(f"{k}.{track.kind}", _MUXERS[track.kind]) for k, track in enumerate(tracks)]
        nodes += [inputs.text(name, kind) for name, kind in kinds]
        options = _options(kept, tracks, container, default=default)
        if chapters is not None:
            node, options["map_chapters"] = inputs.chapters(_CHAPTERS)
            nodes.append(node)
        run = Run(folder, video, total=picture.duration, progress=progress)
        run_graph(nodes, options, inputs, part, run)
        check_whole(part, picture, "video")
        check_whole(part, sound, "audio")
        if container.flags_one and not default:
            clear_default_flags(part, range(len(kept), len(kept) + len(tracks)))


def _choose_streams(
    picture: Contents, sound: Contents, container: Container, target: Path
) -> tuple[Stream, ...]:
    """Return the streams that are kept, in the order of ``target``: subtitles come last.

    Raises:
        MediaError: If there are subtitles that the container cannot hold.
    """
    for stream in picture.of("subtitle"):
        if stream.codec not in container.keeps | _TEXTS:
            message = f"its subtitles ({stream.codec}) cannot be put into {target.suffix}"
            raise MediaError(message, hint="write to an .mkv", path=picture.path)
    covers = [s for s in picture.of("picture") if s.codec in container.covers]
    attached = picture.of("attachment") if container.takes_attachments else ()
    others = (*covers, *attached, *picture.of("subtitle"))
    return (*picture.of("video"), *sound.of("audio"), *others)


def _media_nodes(
    inputs: Inputs, picture: Contents, sound: Contents, kept: Sequence[Stream]
) -> list[Any]:
    """Return the streams of ``kept`` as nodes of a graph."""
    seen = inputs.media(picture)
    heard = seen if sound is picture else inputs.media(sound)
    return [(heard if s.kind == "audio" else seen)[str(s.index)] for s in kept]


def _options(
    kept: Sequence[Stream], tracks: Sequence[SubtitleTrack], container: Container, *, default: bool
) -> dict[str, object]:
    """Return what ffmpeg is told about each stream of the result."""
    options: dict[str, object] = {"format": container.muxer, "c": "copy", **dict(container.options)}
    old = [stream for stream in kept if stream.kind == "subtitle"]
    for k, stream in enumerate(old):
        if stream.codec not in container.keeps:
            options[f"c:s:{k}"] = container.text_codec
        if default:
            options[f"disposition:s:{k}"] = "-default"
    for k, track in enumerate(tracks, start=len(old)):
        if track.kind not in container.copies:
            options[f"c:s:{k}"] = container.text_codec
        options[f"disposition:s:{k}"] = "default" if default and k == len(old) else "0"
        # One option for each key: the same stream goes by its number among subtitles and all.
        options[f"metadata:s:s:{k}"] = f"language={_language(track, container)}"
        if title := clean_title(track.title):
            options[f"metadata:s:{len(kept) + k - len(old)}"] = f"title={title}"
    return options


def _language(track: SubtitleTrack, container: Container) -> str:
    code = container_code(track.language)
    return MACINTOSH.get(code, code) if container.muxer == "mov" else code


def clean_title(text: str) -> str:
    """Return ``text`` on one line, as UTF-8 can say it."""
    return " ".join(text.encode(errors="replace").decode().split())
