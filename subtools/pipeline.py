"""The order of the stages: document and sound in, timed words and cues out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from subtools.core import (
    Alignment,
    Audio,
    Cue,
    Input,
    Progress,
    Provenance,
    Recognition,
    Seconds,
    Transcript,
    no_progress,
)
from subtools.cues import PLAIN_RULES, CueRules, segment_cues
from subtools.errors import AlignmentError, MediaError
from subtools.formats import format_for
from subtools.formats.words import compose_words
from subtools.media import load_audio
from subtools.merging import merge_recognition
from subtools.models import find_model, model_identity
from subtools.reading import compose_cues, load_document
from subtools.shifting import drop_before_start, shift_recognition
from subtools.spans import report_unrecognised
from subtools.store import hash_file, work_folder
from subtools.transcript.recognised import recognition_to_transcript
from subtools.whisper import Recognizer, known_languages, load_whisper

RECOGNISED = "none (recognised text)"
# Words a second above which a text cannot belong to a sound: Mandarin at its fastest has
# about 9 syllables a second, so more than half of such a text cannot have been spoken.
MOST_WORDS_A_SECOND = 20.0
LEAST_HEARD = 0.1  # share of the words; another talk in the same language has about 0.02
_DECIDING_PACKAGES = (
    *("subtools", "faster-whisper", "ctranslate2", "onnxruntime", "tokenizers", "numpy"),
    *("pypinyin", "opencc", "cn2an", "num2words", "rapidfuzz", "imageio-ffmpeg", "av"),
)


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

    def __post_init__(self) -> None:
        if not math.isfinite(self.offset):
            raise ValueError(f"the offset is a number of seconds, not {self.offset}")


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
    inputs = _hash_inputs(audio, document)
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
    recognition = shift_recognition(recognition, settings.offset)
    alignment = drop_before_start(_align(transcript, recognition, settings))
    check_in_video(alignment, settings.offset)
    return Captions(
        alignment=alignment,
        cues=segment_cues(alignment.transcript, settings.rules),
        provenance=_describe(inputs, folder, settings),
        duration=duration,
    )


def check_language(language: str | None) -> None:
    """Refuse a language code Whisper does not know.

    Raises:
        AlignmentError: Naming the most usual codes.
    """
    if language is not None and language not in known_languages():
        raise AlignmentError(
            f"unknown language {language!r}", hint="use a code such as zh, en, ja, ko, de"
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


def check_in_video(alignment: Alignment, offset: Seconds) -> None:
    """Refuse an offset that leaves nothing to show.

    Raises:
        AlignmentError: If no word has a time at or after 0.
    """
    if not any(word.span for word in alignment.transcript.words):
        raise AlignmentError(
            f"with an offset of {offset:g} s, nothing is spoken after the video starts",
            hint="give a smaller --offset",
        )


def _align(
    transcript: Transcript | None, recognition: Recognition, settings: Settings
) -> Alignment:
    if transcript is None:
        recognised = recognition_to_transcript(recognition)
        findings = tuple(report_unrecognised(recognition.words, recognition.speech))
        return Alignment(recognised, findings, recognition.language, RECOGNISED)
    alignment = merge_recognition(transcript, recognition)
    check_heard(alignment, partial=settings.partial)
    return alignment


def _hash_inputs(audio: Path, document: Path | None) -> dict[str, Input]:
    """Return what identifies the input files.

    Raises:
        MediaError: If the sound cannot be read.
    """
    files = {"audio": audio} if document is None else {"audio": audio, "document": document}
    return {role: Input(_printable_name(path), _hash(path)) for role, path in files.items()}


def _hash(path: Path) -> str:
    try:
        return hash_file(path)
    except FileNotFoundError as error:
        raise MediaError("no such file", hint="check the name", path=path) from error
    except OSError as error:
        hint = "give the path of one media file"
        raise MediaError(f"cannot be read: {error.strerror}", hint=hint, path=path) from error


def _describe(inputs: Mapping[str, Input], folder: Path | None, settings: Settings) -> Provenance:
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


def _printable_name(path: Path) -> str:
    """Return the name of ``path``; bytes in it that are no text are escaped."""
    return path.name.encode("utf-8", "backslashreplace").decode("utf-8")
