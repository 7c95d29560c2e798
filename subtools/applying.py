"""A person's edits made in a timed document: new words, new times, new subtitles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from subtools.core import (
    PLAIN_RULES,
    Alignment,
    Correction,
    CueRules,
    Edit,
    EditBasis,
    Input,
    Progress,
    Provenance,
    Seconds,
    no_progress,
)
from subtools.cues import segment_cues
from subtools.diarization import load_words
from subtools.errors import DocumentError
from subtools.formats.corrections import parse_corrections
from subtools.formats.edits import parse_basis, parse_edits
from subtools.media import load_audio
from subtools.pipeline import Captions
from subtools.reading import read_text
from subtools.realigning import load_listener, realign
from subtools.revising import (
    Change,
    Gift,
    Resolution,
    changed_ranges,
    give_words,
    move_range,
    rename_people,
    resolve_edits,
    revise_alignment,
)
from subtools.shifting import shift_alignment
from subtools.store import hash_file, work_folder
from subtools.timecode import compose_clock

_SLACK = 1.0  # s; another encoding of the same sound may be that much shorter


@dataclass(frozen=True, slots=True)
class Applied:
    """A document with edits made.

    Attributes:
        captions: The document, its subtitles, and what they were made from.
        resolution: What the edits came to.
        realigned: Whether the sound was listened to where words changed.
        missing: The corrections that the edits were made with, if they were not given.
    """

    captions: Captions
    resolution: Resolution
    realigned: bool
    missing: EditBasis | None = None


def apply_file(
    words: Path,
    edits: Path,
    *,
    corrections: Path | None = None,
    audio: Path | None = None,
    track: int | None = None,
    threads: int | None = None,
    rules: CueRules = PLAIN_RULES,
    progress: Progress = no_progress,
) -> Applied:
    """Return the document of ``words`` with ``edits`` made.

    Args:
        words: A ``words.json``.
        edits: A file of edits.
        corrections: A ``corrections.json`` of these words: what is safe in it is made, too,
            unless a person decided otherwise.
        audio: Its sound, to give changed words their times; without it they share the time
            of those whose place they take.
        track: Audio track, counted from 1; None: its default one.
        threads: Processor threads; None means all cores.
        rules: How cues are cut.
        progress: Told how far the work has come.

    Raises:
        SubtoolsError: If a file cannot be used, or does not belong to the words.
    """
    alignment, provenance = load_words(words)
    made = load_edits(edits)
    found = _resolve(alignment, made, corrections)
    revised = revise_alignment(alignment, found.changes, interpolate=True)
    revised = give_words(rename_people(revised, found.names), _move_gifts(found))
    spoken = [change for change in found.changes if _is_spoken(change, alignment)]
    duration = _last_time(revised)
    if audio is not None and spoken:
        ranges = _ranges(found.changes, spoken)
        revised, duration = _realign(revised, ranges, audio, provenance, track, threads, progress)
    cues = segment_cues(revised.transcript, rules, revised.findings)
    inputs = {"edits": edits} | ({} if corrections is None else {"corrections": corrections})
    captions = Captions(revised, cues, _describe(provenance, inputs), duration)
    missing = load_basis(edits) if corrections is None else None
    return Applied(captions, found, audio is not None, missing)


def load_edits(path: Path) -> tuple[Edit, ...]:
    """Return the edits of a file.

    Raises:
        DocumentError: If it cannot be read.
    """
    try:
        return parse_edits(read_text(path))
    except DocumentError as error:
        raise _at(path, error) from error


def load_basis(path: Path) -> EditBasis | None:
    """Return which corrections the edits of a file were made with; None if there were none.

    Raises:
        DocumentError: If it cannot be read.
    """
    try:
        return parse_basis(read_text(path))
    except DocumentError as error:
        raise _at(path, error) from error


def load_corrections(path: Path) -> tuple[Correction, ...]:
    """Return the corrections of a file.

    Raises:
        DocumentError: If it cannot be read.
    """
    try:
        return parse_corrections(read_text(path))
    except DocumentError as error:
        raise _at(path, error) from error


def check_corrections(body: str, corrections: Sequence[Correction], path: Path) -> None:
    """Refuse corrections that are of another text.

    Raises:
        DocumentError: Naming the first that is.
    """
    for correction in corrections:
        if body[slice(*correction.offsets)] != correction.before:
            place = "" if correction.span is None else f" at {compose_clock(correction.span.start)}"
            raise DocumentError(
                f"{correction.before!r}{place} does not stand where it should: these corrections "
                "are of another text, or were made already",
                hint="give the words.json that they were found in",
                path=path,
            )


def _resolve(alignment: Alignment, edits: Sequence[Edit], path: Path | None) -> Resolution:
    corrections = () if path is None else load_corrections(path)
    if path is not None:
        check_corrections(alignment.transcript.body, corrections, path)
    return resolve_edits(alignment, edits, corrections)


def _is_spoken(change: Change, alignment: Alignment) -> bool:
    """Tell whether a change is of more than marks and spaces."""
    before = alignment.transcript.body[slice(*change.offsets)]
    return [*filter(str.isalnum, before)] != [*filter(str.isalnum, change.after)]


def _move_gifts(found: Resolution) -> list[Gift]:
    """Return what is given to other speakers, where it stands after the changes."""
    return [Gift(move_range(gift.offsets, found.changes), gift.speaker) for gift in found.gifts]


def _ranges(changes: Sequence[Change], spoken: Sequence[Change]) -> tuple[tuple[int, int], ...]:
    """Return where the new texts of ``spoken`` stand after all ``changes``, in order."""
    pairs = zip(changes, changed_ranges(changes), strict=True)
    return tuple(place for change, place in pairs if change in spoken)


def _realign(
    alignment: Alignment,
    changed: Sequence[tuple[int, int]],
    audio: Path,
    provenance: Provenance,
    track: int | None,
    threads: int | None,
    progress: Progress,
) -> tuple[Alignment, Seconds]:
    """Return ``alignment`` with new times where it changed, and the length of the sound."""
    value = provenance.settings.get("offset")
    offset = float(value) if isinstance(value, int | float) else 0.0  # of the words
    alignment = shift_alignment(alignment, -offset)
    with work_folder() as work:
        sound = load_audio(audio, work / "audio.s16", track=track, progress=progress)
        _check_fit(alignment, sound.duration, audio)
        listen = load_listener(alignment, sound, threads=threads)
        found = realign(alignment, changed, listen, sound.duration, progress=progress)
        duration = sound.duration
        del sound, listen  # lets go of the work file, which Windows cannot remove while mapped
    return shift_alignment(found, offset), duration


def _check_fit(alignment: Alignment, duration: Seconds, path: Path) -> None:
    last = _last_time(alignment)
    if last > duration + _SLACK:
        what = f"the words go on until {compose_clock(last)}, the sound until "
        hint = "give the sound that the words were timed by"
        raise DocumentError(what + compose_clock(duration), hint=hint, path=path)


def _last_time(alignment: Alignment) -> Seconds:
    return max((word.span.end for word in alignment.transcript.words if word.span), default=0.0)


def _describe(provenance: Provenance, files: Mapping[str, Path]) -> Provenance:
    """Return where the words come from, and the edits."""
    read = {role: Input(path.name, hash_file(path)) for role, path in files.items()}
    return replace(provenance, inputs={**provenance.inputs, **read})


def _at(path: Path, error: DocumentError) -> DocumentError:
    return DocumentError(error.message, hint=error.hint, path=path, line=error.line)
