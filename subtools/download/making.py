"""One video or part: its streams, subtitles and metadata, verified and put in their places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from subtools.core import Seconds
from subtools.download.asking import DIRECT, Item, Track, choose_picture, choose_sound
from subtools.download.bilibili import PartInfo, SiteSubtitle, ask_danmaku, ask_subtitles
from subtools.download.clearing import all_or_none
from subtools.download.explaining import FAILURES, explain
from subtools.download.folders import (
    describe_file,
    name_file,
    publish,
    safe_ending,
    write_whole,
)
from subtools.download.metadata import KeptFile, Metadata, compose_metadata, parse_metadata
from subtools.download.opening import Opener
from subtools.download.options import FetchOptions
from subtools.download.streaming import Transfer
from subtools.download.texts import is_about_texts
from subtools.download.verified import Seeker, Verified
from subtools.download.verifying import (
    Measure,
    check_container,
    check_duration,
    check_roughly,
    check_size,
    measure_whole,
)
from subtools.errors import FetchError

BILIBILI = "BiliBili"
_Text = tuple[Path, bytes, dict[str, str | bool]]  # where it goes, what it is, what is known


@dataclass(frozen=True, slots=True)
class Job:
    """One video or part to be fetched, in a work folder of its own.

    Attributes:
        key: Its name in names of files.
        item: What its site says of it.
        again: Asks the site once more, and checks the answer.
        part: Which part it is, if there are parts.
        parts: How many parts there are.
        opener: Makes the requests.
        folder: Where finished files go.
        place: The work folder.
        measure: Decodes a file and returns its length.
        options: What is wanted.
        report: Told the bytes done and the bytes in all.
    """

    key: str
    item: Item
    again: Callable[[], Item]
    part: PartInfo | None
    parts: int
    opener: Opener
    folder: Path
    place: Path
    measure: Measure
    options: FetchOptions
    report: Callable[[float, float], None]

    @property
    def url(self) -> str:
        """The address of the page."""
        return self.part.url if self.part and self.part.url else self.item.url

    @property
    def part_title(self) -> str:
        """Title of the part; empty if there is only one."""
        return self.part.title if self.part and self.parts > 1 else ""

    @property
    def title(self) -> str:
        """Title of the whole: yt-dlp puts number and title of the part after it."""
        if self.part is None:
            return self.item.title
        position = self.item.title.rfind(f" p{self.part.number:02d} ")
        is_added = self.item.title[position:].strip().endswith(self.part.title.strip())
        return self.item.title[:position] if position > 0 and is_added else self.item.title

    def file(self, ending: str) -> Path:
        """Return the place of a finished file with this ``ending``."""
        return self.folder / name_file(self.part_title or self.title, self.key, ending)


def make_files(job: Job) -> tuple[Path, Metadata]:
    """Return the metadata of ``job``, and where it is; all files are in their places then.

    Raises:
        FetchError: If the sound cannot be had whole.
        OutputError: If a file cannot be written.
    """
    sound = _seek_sound(job)
    picture = _seek_picture(job, sound) if job.options.video else None
    texts, notes = _ask_texts(job, sound.duration)
    streams = [job.file(_ending(one, is_picture=one is picture)) for one in (sound, picture) if one]
    with all_or_none([*(path for path, _, _ in texts), *streams, job.file("json")]):
        return _put_in_place(job, sound, picture, texts, notes)


def _put_in_place(
    job: Job,
    sound: Verified,
    picture: Verified | None,
    texts: Sequence[_Text],
    notes: Sequence[str],
) -> tuple[Path, Metadata]:
    # The sound comes before the metadata: what the metadata names is there.
    kept = {path.name: _write(path, content, job, **facts) for path, content, facts in texts}
    sound_file = _publish(job, sound, _ending(sound))
    metadata = Metadata(
        key=job.key,
        url=job.url,
        site=job.item.site,
        id=job.item.id,
        title=job.title,
        part=job.part.number if job.part else None,
        part_title=job.part_title,
        parts=job.parts,
        aid=job.item.aid,
        cid=job.part.cid if job.part else None,
        uploader=job.item.uploader,
        duration=sound.duration,
        upload_date=job.item.upload_date,
        tags=job.item.tags,
        chapters=job.item.chapters,
        sound=sound_file,
        video=_publish_picture(job, picture, sound, sound_file),
        subtitles=tuple(file for name, file in kept.items() if name.endswith(".srt")),
        danmaku=next((file for name, file in kept.items() if name.endswith(".xml")), None),
        notes=(*sound.notes, *notes),
    )
    return _keep(job, metadata), metadata


def renew_texts(job: Job, metadata: Metadata) -> tuple[Path, Metadata]:
    """Return the metadata of a finished fetch with the texts the site has now, and its place.

    Raises:
        OutputError: If a file cannot be written.
    """
    texts, notes = _ask_texts(job, metadata.duration)
    kept = {path.name: _write(path, content, job, **facts) for path, content, facts in texts}
    older = tuple(note for note in metadata.notes if not is_about_texts(note))
    subtitles = tuple(file for name, file in kept.items() if name.endswith(".srt"))
    danmaku = next((file for name, file in kept.items() if name.endswith(".xml")), None)
    metadata = replace(
        metadata,
        subtitles=subtitles or metadata.subtitles,
        danmaku=danmaku or metadata.danmaku,
        notes=(*older, *notes),
    )
    return _keep(job, metadata), metadata


def _keep(job: Job, metadata: Metadata) -> Path:
    """Return where ``metadata`` is from now on."""
    path = job.file("json")
    _remove_older(job, path, metadata)
    write_whole(path, compose_metadata(metadata).encode(errors="replace"), job.key)
    return path


def _seek_sound(job: Job) -> Verified:
    def choose(item: Item) -> Sequence[Track]:
        return choose_sound(item.tracks, url=job.url)

    def verify(path: Path, track: Track, item: Item) -> Seconds:
        stated = track.size if track.protocol in DIRECT else None
        check_size(path, stated=stated, url=job.url)
        check_container(path, url=job.url)
        measured = measure_whole(path, job.measure, url=job.url)
        if job.part is not None and item.site == BILIBILI:
            check_duration(measured, exact=item.duration, rounded=job.part.duration, url=job.url)
        else:
            is_joined = track.protocol not in DIRECT
            check_roughly(measured, stated=item.duration, is_joined=is_joined, url=job.url)
        return measured

    limit = job.options.limits.sound
    return Seeker("sound", choose, verify, job.again, _transfer(job, limit), job.url).seek(job.item)


def _seek_picture(job: Job, sound: Verified) -> Verified | None:
    """Return the picture; None if it is in the file of the sound."""
    if sound.track.has_picture:
        return None
    if not choose_picture(job.item.tracks):
        hint = "fetch the sound alone"
        raise FetchError("there is no picture to be fetched", url=job.url, hint=hint)

    def verify(path: Path, track: Track, item: Item) -> None:
        del item
        stated = track.size if track.protocol in DIRECT else None
        check_size(path, stated=stated, url=job.url)
        check_container(path, url=job.url)

    transfer = _transfer(job, job.options.limits.video)
    seeker = Seeker(
        "video", lambda item: choose_picture(item.tracks), verify, job.again, transfer, job.url
    )
    return seeker.seek(job.item)


def _transfer(job: Job, largest: int) -> Transfer:
    options = job.options
    return Transfer(
        job.opener, job.place, options.patience, largest, options.rate_limit, job.report
    )


def _ask_texts(job: Job, duration: Seconds | None) -> tuple[list[_Text], tuple[str, ...]]:
    """Return subtitles and danmaku, and why some are missing: the sound does without."""
    if job.item.site != BILIBILI or job.part is None or job.part.cid is None:
        return [], ()
    texts: list[_Text] = []
    notes: tuple[str, ...] = ()
    if job.options.subtitles and job.item.aid is not None:
        length = duration or job.part.duration or 0.0
        found, notes = ask_subtitles(job.opener, job.item.aid, job.part.cid, length)
        texts += [_subtitle(job, subtitle) for subtitle in found]
    if job.options.danmaku:
        try:
            comments = ask_danmaku(job.opener, job.part.cid)
        except (FetchError, *FAILURES) as error:
            notes = (*notes, f"danmaku cannot be fetched: {explain(error, '').message}")
        else:
            texts.append((job.file("danmaku.xml"), comments, {}))
    return texts, notes


def _subtitle(job: Job, subtitle: SiteSubtitle) -> _Text:
    facts: dict[str, str | bool] = {
        "language": subtitle.language,
        "by_machine": subtitle.by_machine,
    }
    return job.file(f"{subtitle.language}.srt"), subtitle.text.encode(errors="replace"), facts


def _write(path: Path, content: bytes, job: Job, **facts: str | bool) -> KeptFile:
    write_whole(path, content, job.key)
    return describe_file(path, **facts)


def _ending(verified: Verified, *, is_picture: bool = False) -> str:
    ending = safe_ending(verified.track.ending)
    return f"video.{ending}" if is_picture else ending


def _publish(job: Job, verified: Verified, ending: str) -> KeptFile:
    target = job.file(ending)
    publish(verified.path, target, job.key)
    return describe_file(target, format=verified.track.format, codec=verified.track.codec)


def _publish_picture(
    job: Job, picture: Verified | None, sound: Verified, sound_file: KeptFile
) -> KeptFile | None:
    if picture is not None:
        return _publish(job, picture, _ending(picture, is_picture=True))
    return replace(sound_file) if job.options.video and sound.track.has_picture else None


def _remove_older(job: Job, path: Path, metadata: Metadata) -> None:
    """Remove the files of an earlier fetch of the same part, under an earlier title."""
    current = {path.name, *_names(metadata)}
    for older in job.folder.glob("*.json"):
        with suppress(FetchError, OSError, UnicodeDecodeError):
            known = parse_metadata(older.read_text(encoding="utf-8"))
            if known.key != job.key:
                continue
            for name in {older.name, *_names(known)} - current:
                if Path(name).name == name:
                    (job.folder / name).unlink(missing_ok=True)


def _names(metadata: Metadata) -> set[str]:
    files = (metadata.sound, metadata.video, *metadata.subtitles, metadata.danmaku)
    return {file.name for file in files if file is not None}
