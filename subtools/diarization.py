"""Who speaks in a file: turns without subtitles, and names anew for words that have turns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path

from subtools.core import (
    Alignment,
    NameBasis,
    Progress,
    Provenance,
    Seconds,
    Transcript,
    no_progress,
)
from subtools.cues import segment_cues
from subtools.errors import DocumentError
from subtools.formats.rttm import compose_rttm, parse_rttm
from subtools.formats.words import compose_words, parse_words
from subtools.labelling import (
    BY_VOICES,
    SpeakerSettings,
    describe_speakers,
    label_speakers,
    name_turns,
)
from subtools.lexicon import is_spaceless
from subtools.media import load_audio
from subtools.naming import NamesFile, parse_names, restore_labels
from subtools.pipeline import Captions
from subtools.plots import compose_timeline
from subtools.reading import read_text
from subtools.shifting import shift_alignment
from subtools.store import work_folder
from subtools.timecode import compose_clock

_SLACK = 1.0  # s; another encoding of the same sound may be that much shorter
_NO_WORDS = Alignment(Transcript(()), (), "und", "none")


@dataclass(frozen=True, slots=True)
class Diarized:
    """Who speaks in a recording.

    Attributes:
        alignment: Turns, speakers and findings; its words, if there were any.
        provenance: What the words were made from.
        duration: Length of the sound, in seconds.
        name: Name of the sound file, without its suffix.
    """

    alignment: Alignment
    provenance: Provenance
    duration: Seconds
    name: str

    def compose(self, suffix: str) -> str:
        """Return the turns as ``.rttm``, all as ``.json``, or a picture of them.

        Raises:
            OutputError: If there is no such format.
        """
        if suffix.lower().endswith("json"):
            return compose_words(self.alignment, self.provenance)
        if suffix.lower().endswith("rttm"):
            return compose_rttm(self.alignment.turns, self.name)
        return compose_timeline(
            self.alignment.turns,
            self.alignment.speakers,
            self.duration,
            title=self.alignment.transcript.source.part_title or self.name,
            findings=self.alignment.findings,
            words=self.alignment.transcript.words,
            suffix=suffix,
        )


def diarize_file(
    audio: Path,
    words: Path | None = None,
    settings: SpeakerSettings = BY_VOICES,
    *,
    track: int | None = None,
    threads: int | None = None,
    progress: Progress = no_progress,
) -> Diarized:
    """Return who speaks when in ``audio``, and in which of the words of ``words``.

    Args:
        audio: Any file ffmpeg reads.
        words: A ``words.json`` of this sound; without it nobody gets a name from what is said.
        settings: How it is done.
        track: Audio track, counted from 1; None: its default one.
        threads: Processor threads; None means all cores.
        progress: Told how far the work has come.

    Raises:
        SubtoolsError: If a file cannot be used.
    """
    alignment, provenance = (_NO_WORDS, Provenance()) if words is None else load_words(words)
    offset = stated_offset(provenance)  # of the words, not of the sound
    alignment = shift_alignment(_forget_speakers(alignment), -offset)
    with work_folder() as work:
        sound = load_audio(audio, work / "audio.s16", track=track, progress=progress)
        _check_fit(alignment, sound.duration, words)
        found = label_speakers(alignment, sound, settings, threads=threads, progress=progress)
        duration = sound.duration
        del sound  # lets go of the work file, which Windows cannot remove while it is mapped
    decided = {**provenance.settings, **describe_speakers(settings)}
    found = shift_alignment(found, offset)
    return Diarized(found, replace(provenance, settings=decided), duration, audio.stem)


def name_file(words: Path, names: NamesFile | None = None) -> Captions:
    """Return the words of ``words`` with names found anew for its turns, and cues of them.

    Raises:
        DocumentError: If it is no ``words.json`` with turns, or the names do not fit.
    """
    alignment, provenance = load_words(words)
    if not alignment.turns:
        hint = "find them first: subtools diarize AUDIO --words WORDS.json"
        raise DocumentError("nobody has looked who speaks here", hint=hint, path=words)
    named = name_turns(alignment, names)
    decided = {**provenance.settings, "names_given": len(names.names) if names else 0}
    cues = segment_cues(named.transcript, findings=named.findings)
    duration = max(turn.end for turn in named.turns)
    return Captions(named, cues, replace(provenance, settings=decided), duration)


def load_words(path: Path) -> tuple[Alignment, Provenance]:
    """Return the content of a ``words.json``.

    Raises:
        DocumentError: If it cannot be read.
    """
    try:
        return parse_words(read_text(path))
    except DocumentError as error:
        raise _at(path, error) from error


def load_names(path: Path) -> NamesFile:
    """Return the content of a names file.

    Raises:
        DocumentError: If it cannot be read.
    """
    return parse_names(read_text(path), path=path)


def load_turns(path: Path, settings: SpeakerSettings) -> SpeakerSettings:
    """Return ``settings`` with the turns of an RTTM file.

    Raises:
        DocumentError: If it cannot be read.
    """
    try:
        turns = [replace(t, speaker=_unwritten(t.speaker)) for t in parse_rttm(read_text(path))]
        return replace(settings, turns=tuple(turns))
    except DocumentError as error:
        raise _at(path, error) from error


def _unwritten(name: str) -> str:
    """Return a name of RTTM, which has no spaces, as it is shown: ``觀眾_1`` is ``觀眾 1``."""
    return name.replace("_", " ") if any(map(is_spaceless, name)) else name


def stated_offset(provenance: Provenance) -> Seconds:
    """Return by how much the times of a ``words.json`` are later than those of its sound."""
    value = provenance.settings.get("offset")
    return float(value) if isinstance(value, int | float) and isfinite(value) else 0.0


def _check_fit(alignment: Alignment, duration: Seconds, path: Path | None) -> None:
    """Refuse words that go on after the end of the sound.

    Raises:
        DocumentError: If they do.
    """
    last = max((word.span.end for word in alignment.transcript.words if word.span), default=0.0)
    if last > duration + _SLACK:
        what = f"the words go on until {compose_clock(last)}, the sound until "
        hint = "give the words.json of this sound"
        raise DocumentError(what + compose_clock(duration), hint=hint, path=path)


def _forget_speakers(alignment: Alignment) -> Alignment:
    """Return ``alignment`` without the speakers of an earlier run."""
    if not alignment.turns:
        return alignment
    if all(s.basis is NameBasis.GIVEN and s.label == s.name for s in alignment.speakers):
        return replace(alignment, turns=(), speakers=())  # the document's own
    words = [replace(word, speaker=None) for word in restore_labels(alignment).transcript.words]
    transcript = alignment.transcript.with_words(words)
    return replace(alignment, transcript=transcript, turns=(), speakers=())


def _at(path: Path, error: DocumentError) -> DocumentError:
    return DocumentError(error.message, hint=error.hint, path=path, line=error.line)
