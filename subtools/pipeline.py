"""The order of the stages: document and sound in, timed words and cues out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from importlib.metadata import version
from pathlib import Path

from subtools.aligners import (
    AUTO,
    RECOGNITION,
    Aligner,
    AlignerOptions,
    Engine,
    adopt_aligner,
    adopt_recognizer,
    choose_aligner,
    load_engine,
    load_transcriber,
)
from subtools.checks import check_heard, check_in_video, check_language, check_room
from subtools.core import (
    NO_HINTS,
    PLAIN_RULES,
    Alignment,
    Audio,
    Cue,
    CueRules,
    Hints,
    Input,
    Keep,
    Origin,
    Posteriors,
    Progress,
    Provenance,
    Seconds,
    Source,
    Subtitles,
    Transcript,
    keep_nothing,
    no_progress,
)
from subtools.cues import segment_cues
from subtools.errors import AlignmentError
from subtools.formats import SpeakerStyle, format_for
from subtools.formats.chapters import find_chapter_format
from subtools.formats.rttm import compose_rttm
from subtools.formats.words import compose_words
from subtools.inputs import hash_inputs
from subtools.labelling import BY_VOICES, SpeakerSettings, describe_speakers, label_speakers
from subtools.media import load_audio
from subtools.phonetics import Script
from subtools.plots import PlotRequest, Stretch, compose_plot, cut_stretch
from subtools.reading import compose_subtitles, load_document
from subtools.shifting import shift_alignment
from subtools.store import work_folder
from subtools.topics import ANY_TOPICS, TopicSettings, outline_talk
from subtools.whisper import Recognizer

_NO_TRANSCRIPT = Transcript(())
NO_ORIGIN = Origin()
# Formats of programs: the label of the only voice stays there, though it tells a viewer nothing.
_FOR_PROGRAMS = frozenset(("whisper", "textgrid", "audacity", "csv", "tsv", "rttm"))
DECIDING_PACKAGES = (  # a result is the same only with the same versions of these
    *("subtools", "faster-whisper", "ctranslate2", "onnxruntime", "tokenizers", "numpy"),
    "kaldi-native-fbank",
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
        aligner: What puts the document in time: the name of an aligner, or ``auto``.
        speakers: How speakers are found and named; None: not at all.
        topics: How topics are found; None: not at all.
        hints: What the recogniser is told where its text is the result.
        script: How recognised Chinese is written; None: as most of it was recognised.
    """

    model: str = "base"
    language: str | None = None
    track: int | None = None
    offset: Seconds = 0.0
    partial: bool = False
    beam_size: int | None = None
    threads: int | None = None
    rules: CueRules = PLAIN_RULES
    aligner: str = AUTO
    speakers: SpeakerSettings | None = BY_VOICES
    topics: TopicSettings | None = ANY_TOPICS
    hints: Hints = NO_HINTS
    script: Script | None = None

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
        stretch: What a picture shows, if one was asked for.
    """

    alignment: Alignment
    cues: tuple[Cue, ...]
    provenance: Provenance
    duration: Seconds
    stretch: Stretch | None = None

    def compose(
        self, suffix: str, style: SpeakerStyle | None = None, *, word_times: bool = False
    ) -> str:
        """Return the cues in the format of ``suffix`` (``.srt``, ``.vtt``, ``.ass``, ``.txt``).

        ``.json`` gives the words, findings and provenance, ``.rttm`` the turns, ``.html``
        the picture, and the suffix of a form of chapters (``.chapters.vtt``) the topics.

        Args:
            suffix: With its dot.
            style: How speakers are named; None: as is usual in the format.
            word_times: Whether the times of words are written, where the format knows.

        Raises:
            DocumentError: If there is no such format.
        """
        if suffix.lower() in {"json", ".json"}:
            return compose_words(self.alignment, self.provenance)
        if suffix.lower().endswith("html") and self.stretch is not None:
            return compose_plot(self.stretch)
        if suffix.lower().endswith("rttm"):
            return compose_rttm(self.alignment.turns, self.name)
        if chapters := find_chapter_format(suffix):
            return chapters.compose(self.alignment.topics, self.alignment.transcript.source)
        known = format_for(suffix)
        cues = self.cues
        if style is None and known.name not in _FOR_PROGRAMS and self.alignment.has_lone_label:
            cues = tuple(replace(cue, speaker=None) for cue in cues)
        subtitles = Subtitles(cues, self.alignment.language)
        return compose_subtitles(subtitles, known, style, word_times=word_times)

    @property
    def name(self) -> str:
        """Name of the sound file, without its suffix."""
        audio = self.provenance.inputs.get("audio")
        return Path(audio.name).stem if audio else "talk"


def caption(
    audio: Path | str,
    document: Path | str | None = None,
    settings: Settings = DEFAULT,
    *,
    recognizer: Recognizer | None = None,
    aligner: Aligner | None = None,
    plot: PlotRequest | None = None,
    origin: Origin = NO_ORIGIN,
    keep: Keep = keep_nothing,
    progress: Progress = no_progress,
) -> Captions:
    """Return the subtitles of ``audio``, in the words of ``document``.

    Args:
        audio: Any file ffmpeg reads.
        document: A transcript or an old subtitle file; None: the recognised words.
        settings: How it is done.
        recognizer: Another recogniser than faster-whisper with ``settings.model``; a
            document is then aligned by recognition, unless the settings say otherwise.
        aligner: Another aligner than ``settings.aligner``.
        plot: Keep what a picture of a stretch of time shows.
        origin: Where both were fetched from, if they were.
        keep: Where finished parts of a recognition are kept, so that an interrupted one
            can go on.
        progress: Told how far the work has come.

    Raises:
        SubtoolsError: If a file cannot be used, or text and sound do not belong together.
    """
    audio = Path(audio)
    document = None if document is None else Path(document)
    check_language(settings.language)
    transcript = None if document is None else load_document(document)
    inputs = hash_inputs(audio, document)
    kept: list[Posteriors] = []
    options = AlignerOptions(
        settings.model,
        settings.threads,
        settings.beam_size,
        kept.append if plot else None,
        settings.hints,
        settings.script,
        keep,
    )
    engine = _find_engine(transcript, settings, options, recognizer, aligner)
    with work_folder() as work:
        sound = load_audio(audio, work / "audio.s16", track=settings.track, progress=progress)
        alignment = _time_words(transcript, sound, engine, settings, origin.source, progress)
        stretch = None
        if plot is not None:
            posteriors = kept[-1] if kept else None
            stretch = cut_stretch(alignment, sound, posteriors, plot, offset=settings.offset)
        duration = sound.duration
        del sound  # lets go of the work file, which Windows cannot remove while it is mapped
    return Captions(
        alignment=alignment,
        cues=segment_cues(alignment.transcript, settings.rules, alignment.findings),
        provenance=describe_making(
            inputs, settings, origin.text, model=engine.model, versions=engine.versions
        ),
        duration=duration,
        stretch=stretch,
    )


def align_transcript(
    audio: Path,
    transcript: Transcript,
    settings: Settings = DEFAULT,
    *,
    aligner: Aligner | None = None,
    progress: Progress = no_progress,
) -> Alignment:
    """Return ``transcript`` put in the time of ``audio``.

    Args:
        audio: Any file ffmpeg reads.
        transcript: What is said in it.
        settings: How it is done.
        aligner: Another aligner than ``settings.aligner``.
        progress: Told how far the work has come.

    Raises:
        SubtoolsError: If the file cannot be used, or text and sound do not belong together.
    """
    check_language(settings.language)
    options = AlignerOptions(settings.model, settings.threads, settings.beam_size, None)
    engine = _find_engine(transcript, settings, options, None, aligner)
    with work_folder() as work:
        sound = load_audio(audio, work / "audio.s16", track=settings.track, progress=progress)
        alignment = _time_words(transcript, sound, engine, settings, Source(), progress)
        del sound  # lets go of the work file, which Windows cannot remove while it is mapped
    return alignment


def _find_engine(
    transcript: Transcript | None,
    settings: Settings,
    options: AlignerOptions,
    recognizer: Recognizer | None,
    aligner: Aligner | None,
) -> Engine:
    """Return what is to give the words their times: what was given, or what suits them.

    Raises:
        AlignmentError: If there is no such aligner, or nothing to align.
        ModelError: If its speech model cannot be found.
    """
    if transcript is None:
        if aligner is not None or settings.aligner not in {AUTO, RECOGNITION}:
            raise AlignmentError(
                "there is no document that could be aligned",
                hint="give one, or leave out the aligner",
            )
        if recognizer is not None:
            return adopt_recognizer(recognizer, has_document=False)
        return load_transcriber(options)
    if aligner is not None:
        return adopt_aligner(aligner)
    if recognizer is not None and settings.aligner in {AUTO, RECOGNITION}:
        return adopt_recognizer(recognizer, has_document=True)
    return load_engine(choose_aligner(settings.aligner, transcript, settings.language), options)


def _time_words(
    transcript: Transcript | None,
    sound: Audio,
    engine: Engine,
    settings: Settings,
    source: Source,
    progress: Progress,
) -> Alignment:
    """Return the words in the video's time, with their speakers.

    Raises:
        AlignmentError: If text and sound do not belong together.
    """
    if transcript is not None and not settings.partial:
        check_room(transcript, sound)
    alignment = engine.align(
        transcript or _NO_TRANSCRIPT, sound, language=settings.language, progress=progress
    )
    if transcript is not None:
        check_heard(alignment, partial=settings.partial)
    alignment = tell_source(alignment, source)
    if settings.speakers is not None:
        alignment = label_speakers(
            alignment, sound, settings.speakers, threads=settings.threads, progress=progress
        )
    if settings.topics is not None:
        topics = outline_talk(alignment.transcript, settings.topics)
        alignment = replace(alignment, topics=topics)
    alignment = shift_alignment(alignment, settings.offset)
    check_in_video(alignment, settings.offset)
    return alignment


def tell_source(alignment: Alignment, source: Source) -> Alignment:
    """Return ``alignment`` with what ``source`` knows and the document's header does not say.

    Where both name a video or part, and not the same, it is where the sound comes from.
    """
    said = alignment.transcript.source
    pairs = ((said.bvid, source.bvid), (said.part, source.part))
    if any(mine and other and mine != other for mine, other in pairs):
        said = source
    known = {f.name: getattr(said, f.name) or getattr(source, f.name) for f in fields(Source)}
    transcript = replace(alignment.transcript, source=Source(**known))
    return replace(alignment, transcript=transcript)


def describe_making(
    inputs: Mapping[str, Input],
    settings: Settings,
    text: str,
    *,
    model: str,
    versions: Mapping[str, str],
) -> Provenance:
    """Return what a result was made from and with.

    Args:
        inputs: The files, by what they are.
        settings: How it was done.
        text: Who wrote the text, in words; empty for a document of the user's.
        model: Name and identity of the speech model.
        versions: Versions of the package that timed the words, if that is not ours.
    """
    return Provenance(
        inputs=inputs,
        model=model,
        versions={**{name: version(name) for name in DECIDING_PACKAGES}, **versions},
        settings={
            "text": text or ("document" if "document" in inputs else "recognised"),
            "language": settings.language,
            "track": settings.track,
            "offset": settings.offset,
            "partial": settings.partial,
            "beam_size": settings.beam_size,
            "threads": settings.threads,
            "aligner": settings.aligner,
            **describe_speakers(settings.speakers),
            "topics": settings.topics is not None and (settings.topics.count or "found"),
            **_describe_hearing(settings),
        },
    )


def _describe_hearing(settings: Settings) -> dict[str, str]:
    """Return what recognition was told, as far as it was told something."""
    told = {
        "prompt": settings.hints.prompt,
        "hotwords": "、".join(settings.hints.hotwords),
        "script": settings.script.value if settings.script else "",
    }
    return {name: text for name, text in told.items() if text}
