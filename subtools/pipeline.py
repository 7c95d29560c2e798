"""The order of the stages: document and sound in, timed words and cues out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path

from subtools.core import (
    Alignment,
    Audio,
    Cue,
    Finding,
    FindingKind,
    Input,
    Progress,
    Provenance,
    Recognition,
    Seconds,
    Span,
    Transcript,
    Word,
    no_progress,
)
from subtools.cues import PLAIN_RULES, CueRules, segment_cues
from subtools.decoding import decode_text
from subtools.errors import AlignmentError, DocumentError, SubtoolsError
from subtools.formats import Format, format_for
from subtools.formats.words import compose_words, parse_words
from subtools.media import load_audio
from subtools.merging import merge_recognition
from subtools.models import find_model, model_identity
from subtools.store import hash_file, work_folder
from subtools.transcript import cues_to_transcript, parse_document
from subtools.transcript.recognised import recognition_to_transcript
from subtools.whisper import Recognizer, known_languages, load_whisper

RECOGNISED = "none (recognised text)"
# Words a second above which a text cannot belong to a sound: Mandarin at its fastest has
# about 9 syllables a second, so more than half of such a text cannot have been spoken.
MOST_WORDS_A_SECOND = 20.0
LEAST_HEARD = 0.1  # share of the words; another talk in the same language has about 0.02
_TIMING_LINE = re.compile(r"^\s*[\d:.,]+\s*-->\s*[\d:.,]+", re.MULTILINE)
_DECIDING_PACKAGES = ("subtools", "faster-whisper", "ctranslate2", "onnxruntime", "pypinyin")


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides a result, apart from its inputs.

    Attributes:
        model: ``base``, a name faster-whisper knows, or a folder.
        language: ISO 639-1 code of the spoken language; None means: find out.
        track: Audio track of the media file, counted from 1; None: its default one.
        offset: Seconds added to all times, for sound that starts later than the video.
        partial: Whether text and sound may share only a small part.
        beam_size: Hypotheses the recogniser keeps; None: 5 where its text is the result,
            1 where a document says what was said (as exact on the panel, a quarter less work).
        threads: Processor threads; None means all cores.
        rules: How cues are cut.
    """

    model: str = "base"
    language: str | None = None
    track: int | None = None
    offset: Seconds = 0.0
    partial: bool = False
    beam_size: int | None = None
    threads: int | None = None
    rules: CueRules = PLAIN_RULES


DEFAULT = Settings()


@dataclass(frozen=True, slots=True)
class Captions:
    """The result for one talk.

    Attributes:
        alignment: The words with their times, and the findings.
        cues: The subtitles.
        provenance: What they were made from and with.
        duration: Length of the sound, in seconds.
    """

    alignment: Alignment
    cues: tuple[Cue, ...]
    provenance: Provenance
    duration: Seconds

    def compose(self, suffix: str) -> str:
        """Return the cues in the format of ``suffix`` (``.srt``, ``.vtt``, ``.txt``).

        ``.json`` gives the words, findings and provenance.

        Raises:
            DocumentError: If there is no such format.
        """
        if suffix.lower().endswith("json"):
            return compose_words(self.alignment, self.provenance)
        return compose_cues(self.cues, format_for(suffix))


def caption(
    audio: Path | str,
    document: Path | str | None = None,
    settings: Settings = DEFAULT,
    *,
    recognizer: Recognizer | None = None,
    progress: Progress = no_progress,
) -> Captions:
    """Return the subtitles of ``audio``, in the words of ``document``.

    Args:
        audio: Any file ffmpeg reads.
        document: A transcript or an old subtitle file; None: the recognised words.
        settings: How it is done.
        recognizer: Another recogniser than faster-whisper with ``settings.model``.
        progress: Told how far the work has come.

    Raises:
        SubtoolsError: If a file cannot be used, or text and sound do not belong together.
    """
    audio = Path(audio)
    document = None if document is None else Path(document)
    check_language(settings.language)
    transcript = None if document is None else load_document(document)
    folder = None if recognizer is not None else find_model(settings.model)
    with work_folder() as work:
        sound = load_audio(audio, work / "audio.s16", track=settings.track, progress=progress)
        if transcript is not None and not settings.partial:
            check_room(transcript, sound)
        if folder is not None:
            beam_size = settings.beam_size or (5 if transcript is None else 1)
            recognizer = load_whisper(folder, threads=settings.threads, beam_size=beam_size)
        assert recognizer is not None  # noqa: S101 - one of the two was given
        recognition = recognizer(sound, language=settings.language, progress=progress)
        duration = sound.duration
        del sound  # lets go of the work file, which Windows cannot remove while it is mapped
    alignment = shift_alignment(_align(transcript, recognition, settings), settings.offset)
    return Captions(
        alignment=alignment,
        cues=segment_cues(alignment.transcript, settings.rules),
        provenance=_describe(audio, document, folder, settings),
        duration=duration,
    )


def load_document(path: Path) -> Transcript:
    """Return the text of ``path``: a transcript, or a subtitle file whose times are dropped.

    Raises:
        DocumentError: If it cannot be read or holds no text.
    """
    text = _read_text(path)
    try:
        if path.suffix.lower() == ".json":
            return _forget_times(parse_words(text)[0].transcript)
        if _TIMING_LINE.search(text):
            is_vtt = text.lstrip().startswith("WEBVTT")
            return cues_to_transcript(parse_cues(text, format_for(".vtt" if is_vtt else ".srt")))
        return parse_document(text)
    except DocumentError as error:
        raise _at(path, error) from error


def load_cues(path: Path, rules: CueRules = PLAIN_RULES) -> tuple[Cue, ...]:
    """Return the cues of a subtitle file, or those of a ``words.json`` cut anew.

    Raises:
        DocumentError: If it cannot be read.
    """
    text = _read_text(path)
    try:
        if path.suffix.lower() == ".json":
            return segment_cues(parse_words(text)[0].transcript, rules)
        return parse_cues(text, format_for(path.name))
    except DocumentError as error:
        raise _at(path, error) from error


def parse_cues(text: str, cue_format: Format) -> tuple[Cue, ...]:
    """Return the cues of ``text``.

    Raises:
        DocumentError: If it is not in that format, or the format cannot be read.
    """
    if cue_format.parse is None:
        raise DocumentError(f"{cue_format.name} holds no times to read")
    return cue_format.parse(text)


def compose_cues(cues: Sequence[Cue], cue_format: Format) -> str:
    """Return ``cues`` as text.

    Raises:
        DocumentError: If the format is only read.
    """
    if cue_format.compose is None:
        raise DocumentError(f"{cue_format.name} is only read, not written")
    return cue_format.compose(cues)


def check_language(language: str | None) -> None:
    """Refuse a language code Whisper does not know.

    Raises:
        AlignmentError: Naming the most usual codes.
    """
    if language is not None and language not in known_languages():
        raise AlignmentError(
            f"unknown language {language!r}", hint="use a code such as zh, yue, en, ja, ko, de"
        )


def check_room(transcript: Transcript, audio: Audio) -> None:
    """Refuse a text that is far too long for the sound.

    Raises:
        AlignmentError: Saying how long either is.
    """
    words = len(transcript.words)
    if words > MOST_WORDS_A_SECOND * audio.duration:
        raise AlignmentError(
            f"the text has {words} words, the sound lasts only {audio.duration:.0f} s: "
            "nobody speaks that fast",
            hint="check that both are of the same talk; --partial if the sound is a part of it",
        )


def check_heard(alignment: Alignment, *, partial: bool) -> None:
    """Refuse an alignment in which next to nothing of the text was heard.

    Raises:
        AlignmentError: Saying how much was heard, and in which language.
    """
    words = alignment.transcript.words
    share = sum(word.confidence is not None for word in words) / len(words)
    if share == 0 or (share < LEAST_HEARD and not partial):
        raise AlignmentError(
            f"only {share:.0%} of the text was heard in the sound, which is in "
            f"{alignment.language!r}",
            hint="check that both are of the same talk and language; "
            "--language if it was taken for another, --partial if they share only a part",
        )


def shift_alignment(alignment: Alignment, offset: Seconds) -> Alignment:
    """Return ``alignment`` later by ``offset`` seconds.

    What would be before time 0 has no time any more, and is reported.
    """
    if not offset:
        return alignment
    words = alignment.transcript.words
    starts = accumulate((len(word.text) for word in words), initial=0)
    outside = [
        Finding(
            FindingKind.OUTSIDE_VIDEO,
            word.text,
            f"spoken {-(word.span.start + offset):.1f} s before the video starts",
            offsets=(start, start + len(word.text)),
        )
        for start, word in zip(starts, words, strict=False)
        if word.span is not None and word.span.start + offset < 0
    ]
    return replace(
        alignment,
        transcript=alignment.transcript.with_words([_shift_word(w, offset) for w in words]),
        findings=(*outside, *(_shift_finding(f, offset) for f in alignment.findings)),
    )


def _shift_word(word: Word, offset: Seconds) -> Word:
    if word.span is None:
        return word
    if word.span.start + offset < 0:
        return replace(word, span=None, confidence=None)
    return replace(word, span=word.span.shifted(offset))


def _shift_finding(finding: Finding, offset: Seconds) -> Finding:
    if finding.span is None or finding.span.start + offset < 0:
        return replace(finding, span=None)
    return replace(finding, span=finding.span.shifted(offset))


def _align(
    transcript: Transcript | None, recognition: Recognition, settings: Settings
) -> Alignment:
    if transcript is None:
        recognised = recognition_to_transcript(recognition)
        return Alignment(recognised, (), recognition.language, RECOGNISED)
    alignment = merge_recognition(transcript, recognition)
    check_heard(alignment, partial=settings.partial)
    return alignment


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise DocumentError("no such file", hint="check the name", path=path) from error
    except OSError as error:
        raise DocumentError(
            f"cannot be read: {error.strerror}", hint="give a readable text file", path=path
        ) from error
    return decode_text(data, path=path)


def _forget_times(transcript: Transcript) -> Transcript:
    words = [replace(word, span=None, confidence=None) for word in transcript.words]
    return transcript.with_words(words)


def _at(path: Path, error: DocumentError) -> DocumentError:
    """Return ``error`` with the file it is about."""
    return DocumentError(error.message, hint=error.hint, path=path, line=error.line)


def _describe(
    audio: Path, document: Path | None, folder: Path | None, settings: Settings
) -> Provenance:
    inputs = {"audio": Input(audio.name, hash_file(audio))}
    if document is not None:
        inputs["document"] = Input(document.name, hash_file(document))
    return Provenance(
        inputs=inputs,
        model="" if folder is None else f"{Path(settings.model).name} {model_identity(folder)}",
        versions={package: version(package) for package in _DECIDING_PACKAGES},
        settings={
            "language": settings.language,
            "track": settings.track,
            "offset": settings.offset,
            "partial": settings.partial,
            "beam_size": settings.beam_size,
            "threads": settings.threads,
        },
    )
