"""A talk by its address: its sound is fetched, and the site's subtitles may be its text.

address, or a document that names one ──► sound ──► texts that may be of it ──► captions
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from subtools.core import (
    Alignment,
    FindingKind,
    Keep,
    Origin,
    Progress,
    Seconds,
    Source,
    keep_nothing,
    no_progress,
)
from subtools.download import Fetched, FetchOptions, Kind, fetch, find_fetched, parse_address
from subtools.errors import DocumentError, FetchError, MismatchError
from subtools.media import measure_sound
from subtools.pipeline import DEFAULT, Captions, Settings, caption
from subtools.places import kept_sounds, unfinished_fetches
from subtools.plots import PlotRequest
from subtools.reading import load_document

# Nobody vouches for a text that came with the sound: what is of this talk is heard nearly
# whole and says nearly all, and what is of another shares next to nothing with it.
LEAST_SHARED = 0.5


class TextChoice(StrEnum):
    """What the text is where the user gives none, or that it is to be cleaned."""

    SITE = "site"  # the site's subtitles
    RECOGNISED = "recognised"
    CLEAN = "clean"  # the document, else what there is, with the corrections that are safe


@dataclass(frozen=True, slots=True)
class SiteText:
    """A subtitle of the site that may be the text of the talk.

    Attributes:
        path: The file.
        language: Its language, as the site writes it.
        by_machine: Whether the site says that a machine wrote it.
    """

    path: Path
    language: str
    by_machine: bool

    def __str__(self) -> str:
        """Return what it is, in words."""
        maker = ", made by a machine" if self.by_machine else ""
        return f"subtitle of the site ({self.language}{maker})"


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk that is on this machine.

    Attributes:
        sound: Its sound, or a video.
        document: The user's text of it, if there is one.
        texts: Texts of the site, the likeliest first.
        source: The page it was fetched from.
        notes: What did not go as it should when it was fetched, in words.
    """

    sound: Path
    document: Path | None = None
    texts: tuple[SiteText, ...] = ()
    source: Source = field(default_factory=Source)
    notes: tuple[str, ...] = ()


def is_address(text: str) -> bool:
    """Return whether ``text`` leads to the web; a file of that name comes first.

    >>> is_address("BV1zE421N7UJ?p=8"), is_address("talk.txt")
    (True, False)
    """
    try:
        return not Path(text).exists() and parse_address(text).kind is not Kind.FILE
    except (FetchError, OSError, ValueError):
        return False


def find_address(document: Path) -> str:
    """Return the address of the video that the header of ``document`` names.

    Raises:
        DocumentError: If it names none, or cannot be read.
    """
    source = load_document(document).source
    if source.bvid is None:
        raise DocumentError(
            "it does not say which video it is of",
            hint="give the sound with --audio: a file, or the address of the video",
            path=document,
        )
    return f"{source.bvid}?p={source.part}" if source.part else source.bvid


def fetch_files(
    address: str,
    folder: Path,
    options: FetchOptions = FetchOptions(),  # noqa: B008 - frozen
    *,
    progress: Progress = no_progress,
) -> tuple[Fetched, ...]:
    """Return what is at ``address``, fetched into ``folder`` if it is not there yet.

    Raises:
        FetchError: If it cannot be fetched, or would be the wrong sound.
        OutputError: If a file cannot be written.
    """
    return fetch(
        address,
        folder,
        work=unfinished_fetches(),
        measure=measure_sound,
        options=options,
        progress=progress,
    )


def fetch_talk(
    address: str,
    options: FetchOptions = FetchOptions(),  # noqa: B008 - frozen
    *,
    document: Path | None = None,
    language: str | None = None,
    folders: Sequence[Path] = (),
    progress: Progress = no_progress,
) -> Talk:
    """Return the talk at ``address``: kept in the cache, fetched if it is not there yet.

    Args:
        address: An address or id of one video or part.
        options: How to fetch it.
        document: The user's text of it.
        language: ISO 639-1 code of the spoken language, if it is known.
        folders: Where else it may be already.
        progress: Told the bytes fetched.

    Raises:
        FetchError: If it cannot be fetched, would be the wrong sound, or is several.
        OutputError: If a file cannot be written.
    """
    there = (find_fetched(address, folder, options) for folder in folders)
    found = next(filter(None, there), ()) or fetch_files(
        address, kept_sounds(), options, progress=progress
    )
    if len(found) > 1:
        hint = "name one of them: add ?p=8 to the address"
        raise FetchError(f"these are {len(found)} videos", url=address, hint=hint)
    return talk_of(found[0], document, language)


def caption_talk(
    talk: Talk,
    settings: Settings = DEFAULT,
    *,
    choice: TextChoice | None = None,
    plot: PlotRequest | None = None,
    note: Callable[[str], None] = lambda _: None,
    keep: Keep = keep_nothing,
    progress: Progress = no_progress,
) -> Captions:
    """Return the subtitles of ``talk``, in the words of its document or of the site.

    A text of the site is used if the sound says the same; which does not is refused.

    Args:
        talk: Sound and texts.
        settings: How it is done.
        choice: What the text is if there is no document; None: the site's, if one is said
            in the sound, else what is recognised.
        plot: Keep what a picture of a stretch of time shows.
        note: Told why a text of the site is not used.
        keep: Where finished parts of a recognition are kept.
        progress: Told how far the work has come.

    Raises:
        MismatchError: If the text of the site was asked for and is not what is said.
        SubtoolsError: If a file cannot be used.
    """

    def caption_with(document: Path | None, maker: str = "") -> Captions:
        origin = Origin(talk.source, maker)
        return caption(
            talk.sound,
            document,
            settings,
            plot=plot,
            origin=origin,
            keep=keep,
            progress=progress,
        )

    if talk.document is not None or choice is TextChoice.RECOGNISED:
        return caption_with(talk.document)
    refused = []
    for text in talk.texts:
        try:
            captions = caption_with(text.path, str(text))
            check_said(captions.alignment)
        except (MismatchError, DocumentError) as error:
            refused.append(f"the {text} is not what is said: {error.message}")
            note(refused[-1])
        else:
            return captions
    if choice is TextChoice.SITE:
        raise _no_text(talk, refused)
    return caption_with(None)


def check_said(alignment: Alignment) -> None:
    """Refuse a text of the site that shares less than half with what is said.

    Raises:
        MismatchError: With how much of which.
    """
    words = alignment.transcript.words
    heard = sum(word.confidence is not None for word in words) / len(words)
    if heard < LEAST_SHARED:
        raise MismatchError(f"{heard:.0%} of it was heard")
    written = sum(word.span.duration for word in words if word.span)
    lacking = _unwritten(alignment)
    if lacking > written:
        share = written / (written + lacking)
        raise MismatchError(f"it has {share:.0%} of what is said")


def talk_of(fetched: Fetched, document: Path | None, language: str | None) -> Talk:
    """Return ``fetched`` as a talk, its texts in order: those in ``language`` first."""
    metadata = fetched.metadata
    kept = metadata.subtitles if metadata else ()
    texts = [
        SiteText(path, file.language, file.by_machine)
        for path, file in zip(fetched.subtitles, kept, strict=True)
    ]
    texts.sort(key=lambda text: (_foreign(text.language, language), text.by_machine))
    return Talk(fetched.sound, document, tuple(texts), source_of(fetched), fetched.notes)


def source_of(fetched: Fetched) -> Source:
    """Return where ``fetched`` comes from; nothing for a file that was here already."""
    metadata = fetched.metadata
    if metadata is None:
        return Source()
    return Source(
        title=metadata.title or None,
        part=metadata.part,
        part_title=metadata.part_title or None,
        uploader=metadata.uploader or None,
        bvid=metadata.id if metadata.site == "BiliBili" else None,
        url=metadata.url or None,
    )


def _foreign(site_language: str, language: str | None) -> bool:
    """Return whether a subtitle is in another language than is spoken, Chinese if unknown.

    >>> _foreign("ai-zh", None), _foreign("zh-Hant", "zh"), _foreign("en-US", "en")
    (False, False, False)
    """
    code = site_language.removeprefix("ai-").partition("-")[0].lower()
    return code != (language or "zh")


def _unwritten(alignment: Alignment) -> Seconds:
    """Return for how long something is said that is not written."""
    return sum(
        finding.span.duration
        for finding in alignment.findings
        if finding.kind is FindingKind.NOT_IN_TEXT and finding.span
    )


def _no_text(talk: Talk, refused: Sequence[str]) -> MismatchError:
    hint = "--text recognised writes down what is said"
    if refused:
        return MismatchError("; ".join(refused), hint=hint)
    why = f" ({'; '.join(talk.notes)})" if talk.notes else ""
    return MismatchError(f"the site has no subtitles of this talk{why}", hint=hint)
