"""What the steps do that need no sound: align, name, find topics, write what a person gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from subtools.aligners import (
    AUTO,
    PHONES,
    RECOGNITION,
    Aligner,
    AlignerOptions,
    Engine,
    PhoneAligner,
    adopt_recognizer,
    choose_aligner,
    load_engine,
)
from subtools.batch.freezing import freeze
from subtools.batch.values import Done, Plain
from subtools.batch.work_on_sound import (
    ALIGNMENT,
    TURNS,
    Bench,
    SavedTurns,
    find_sound,
    load_frozen,
    load_posteriors,
    load_recognition,
    load_samples,
    recognise,
    sound_input,
)
from subtools.checks import check_heard, check_in_video, check_room
from subtools.core import (
    Alignment,
    Audio,
    Input,
    Posteriors,
    Progress,
    Recognition,
    SpeakerCount,
    Transcript,
    no_progress,
)
from subtools.cues import segment_cues
from subtools.diarization import load_names
from subtools.errors import DocumentError, MismatchError
from subtools.labelling import SpeakerSettings, label_speakers
from subtools.media import has_picture
from subtools.page import MediaKind, MediaReference
from subtools.pipeline import Captions, Settings, describe_making, tell_source
from subtools.presenting import PAGE_SUFFIX, compose_output, make_look
from subtools.reading import load_document
from subtools.shifting import shift_alignment
from subtools.store import hash_file
from subtools.talks import Talk, TextChoice, check_said, talk_of
from subtools.topics import TopicSettings, outline_talk
from subtools.whisper import Recognizer

_NO_TRANSCRIPT = Transcript(())


def try_site_texts(bench: Bench) -> dict[str, Plain]:
    """Align the first text of the site that is what is said, if one is.

    Raises:
        MismatchError: If the site's text was asked for, and there is none that is said.
    """
    talk = _find_talk(bench)
    refused = list(talk.notes)
    for text in talk.texts:
        try:
            alignment = _align_text(bench, load_document(text.path))
            check_said(alignment)
        except (MismatchError, DocumentError) as error:
            refused.append(f"the {text} is not what is said: {error.message}")
        else:
            _save(bench, alignment)
            return {
                "found": True,
                "text": str(text),
                "text_name": text.path.name,
                "text_sha256": hash_file(text.path),
                "notes": "; ".join(refused),
            }
    if bench.setting("text") == TextChoice.SITE.value:
        why = f" ({'; '.join(refused)})" if refused else ""
        raise MismatchError(
            f"no subtitles of the site are what is said{why}",
            hint="leave out the text, or say `recognised`",
        )
    return {"found": False, "text": "", "notes": "; ".join(refused)}


def align_words(bench: Bench) -> dict[str, Plain]:
    """Put the document in time, or take what is recognised for one."""
    site = bench.inputs.get("site")
    facts: dict[str, Plain] = {"samples": bench.inputs["sound"].facts["samples"]}
    if site is not None and site.facts["found"]:
        alignment = _load_alignment(site)
        facts |= {name: value for name, value in site.facts.items() if name.startswith("text")}
    else:
        alignment = _align_document(bench)
    if "fetch" in bench.inputs:
        alignment = tell_source(alignment, _find_talk(bench).source)
    _save(bench, alignment)
    return facts


def name_voices(bench: Bench) -> dict[str, Plain]:
    """Give the words speakers, and the speakers names."""
    aligned = bench.inputs["align"]
    saved = load_frozen(SavedTurns, bench.inputs["diarize"].folder / TURNS)
    settings = replace(_speaker_settings(bench), turns=saved.turns)
    alignment = label_speakers(_load_alignment(aligned), _silence(aligned), settings)
    _save(bench, alignment)
    return dict(aligned.facts)


def find_topics(bench: Bench) -> dict[str, Plain]:
    """Find what the talk is about, and move all times by the offset."""
    before = bench.inputs["words"]
    alignment = _load_alignment(before)
    if bench.setting("topics") != 0:
        topics = outline_talk(alignment.transcript, TopicSettings(bench.number("topics")))
        alignment = replace(alignment, topics=topics)
    offset = float(bench.setting("offset") or 0.0)
    alignment = shift_alignment(alignment, offset)
    check_in_video(alignment, offset)
    _save(bench, alignment)
    return dict(before.facts)


def write_results(bench: Bench) -> dict[str, Plain]:
    """Write what a person gets: ``words.json`` and all that was asked for."""
    before = bench.inputs["words"]
    alignment = _load_alignment(before)
    look = make_look(bench.text("style"))
    sound = sound_input(bench)
    captions = Captions(
        alignment,
        segment_cues(alignment.transcript, look.rules, alignment.findings),
        describe_making(
            _describe_inputs(bench, sound),
            _describe_engine(bench, alignment.aligner),
            _settings_of(bench),
            str(before.facts.get("text") or ""),
        ),
        duration=_silence(before).duration,
    )
    stem = Path(sound.name).stem
    _write(bench.draft / "words.json", captions.compose(".json"))
    for suffix in filter(None, bench.text("outputs").split(",")):
        media = _refer(bench) if suffix == PAGE_SUFFIX else None
        text = compose_output(captions, suffix, look, media=media, name=stem)
        _write(bench.draft / f"{stem}{suffix}", text)
    return {"seconds": captions.duration}


def _find_talk(bench: Bench) -> Talk:
    fetched = find_sound(bench.text("address"), bench.inputs["fetch"])
    return talk_of(fetched, None, bench.text("language") or None)


def _align_text(bench: Bench, transcript: Transcript) -> Alignment:
    """Return a text of the site in time.

    Raises:
        MismatchError: If it is not what is said.
    """
    language = bench.text("language") or None
    sound = load_samples(bench.inputs["decode"])
    if not bench.setting("partial"):
        check_room(transcript, sound)
    if choose_aligner(bench.text("aligner") or AUTO, transcript, language) == PHONES:
        aligner = _phone_aligner(bench.inputs["encode"])
    else:
        aligner = _recognition_aligner(recognise(bench, sound))
    alignment = aligner(transcript, sound, language=language, progress=bench.progress)
    check_heard(alignment, partial=bool(bench.setting("partial")))
    return alignment


def _align_document(bench: Bench) -> Alignment:
    """Return the document in time, or what was recognised.

    Raises:
        MismatchError: If it is not what is said.
    """
    document, language = bench.file("document"), bench.text("language") or None
    sound = _silence(bench.inputs["sound"])
    if document is None:
        recognizer = _saying(load_recognition(bench.inputs["sound"]))
        transcriber = adopt_recognizer(recognizer, has_document=False)
        return transcriber.align(_NO_TRANSCRIPT, sound, language=language, progress=bench.progress)
    transcript, is_partial = load_document(document), bool(bench.setting("partial"))
    if not is_partial:
        check_room(transcript, sound)
    aligner, sound = _choose_aligner(bench, sound)
    alignment = aligner(transcript, sound, language=language, progress=bench.progress)
    check_heard(alignment, partial=is_partial)
    return alignment


def _choose_aligner(bench: Bench, sound: Audio) -> tuple[Aligner, Audio]:
    """Return the aligner, and the sound that it wants: ours have heard it already."""
    name, heard = bench.text("aligner"), bench.inputs["sound"]
    if name == PHONES:
        return _phone_aligner(heard), sound
    if name == RECOGNITION:
        return _recognition_aligner(load_recognition(heard)), sound
    options = AlignerOptions(bench.text("model_name"), bench.threads(), bench.number("beam"))
    return load_engine(name, options).align, load_samples(heard)


def _phone_aligner(encoded: Done) -> Aligner:
    posteriors = load_posteriors(encoded)

    def classify(_audio: Audio, /, *, progress: Progress = no_progress) -> Posteriors:
        progress("listening", 1, 1)
        return posteriors

    return PhoneAligner(lambda: classify)


def _recognition_aligner(recognition: Recognition) -> Aligner:
    return adopt_recognizer(_saying(recognition), has_document=True).align


def _saying(recognition: Recognition) -> Recognizer:
    """Return a recogniser that has heard the sound before."""

    def recognise_again(
        _audio: Audio, /, *, language: str | None = None, progress: Progress = no_progress
    ) -> Recognition:
        del language
        progress("recognising", 1, 1)
        return recognition

    return recognise_again


def _silence(heard: Done) -> Audio:
    """Return a sound as long as the one that was heard: nobody will listen to it again."""
    samples = int(heard.facts.get("samples") or 0)
    return Audio(np.broadcast_to(np.zeros(1, np.int16), samples))


def _speaker_settings(bench: Bench) -> SpeakerSettings:
    number, names = bench.number("speakers"), bench.file("names")
    count = SpeakerCount(number, number) if number else SpeakerCount()
    given = None if names is None else load_names(names)
    return SpeakerSettings(bench.text("diarizer"), count, names=given)


def _settings_of(bench: Bench) -> Settings:
    """Return the settings of the whole job, as ``caption`` would have had them."""
    return Settings(
        language=bench.text("language") or None,
        track=bench.number("track"),
        offset=float(bench.setting("offset") or 0.0),
        partial=bool(bench.setting("partial")),
        beam_size=bench.number("beam"),
        threads=bench.threads(),
        aligner=bench.text("asked aligner"),
        speakers=None if bench.setting("speakers") == 0 else _speaker_settings(bench),
        topics=None if bench.setting("topics") == 0 else TopicSettings(bench.number("topics")),
    )


def _describe_inputs(bench: Bench, sound: Input) -> dict[str, Input]:
    facts = bench.inputs["words"].facts
    if facts.get("text_name"):
        document = Input(str(facts["text_name"]), str(facts["text_sha256"]))
        return {"audio": sound, "document": document}
    if bench.setting("document") is None:
        return {"audio": sound}
    return {
        "audio": sound,
        "document": Input(bench.text("document_name"), bench.text("document")),
    }


def _describe_engine(bench: Bench, aligner: str) -> Engine:
    """Return who timed the words, for the record."""
    model = bench.text("bundled model" if aligner == PHONES else "model")
    prefix = "engine version "
    versions = {
        name.removeprefix(prefix): str(value)
        for name, value in bench.step.settings.items()
        if name.startswith(prefix)
    }
    return Engine(aligner, _phone_aligner_of_nothing, model, versions)


def _phone_aligner_of_nothing(
    transcript: Transcript,
    audio: Audio,
    /,
    *,
    language: str | None,
    progress: Progress = no_progress,
) -> Alignment:
    raise ValueError("this engine is for the record only")


def _refer(bench: Bench) -> MediaReference | None:
    """Return the user's own sound as the page will refer to it from its place in the library."""
    link, own = bench.text("media_link"), bench.file("sound")
    if own is None or not link:
        return None
    kind = MediaKind.VIDEO if has_picture(own) else MediaKind.AUDIO
    return MediaReference(link, kind, own.name)


def _load_alignment(before: Done) -> Alignment:
    return load_frozen(Alignment, before.folder / ALIGNMENT)


def _save(bench: Bench, alignment: Alignment) -> None:
    _write(bench.draft / ALIGNMENT, freeze(alignment))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
