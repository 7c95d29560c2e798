"""What the steps do that need words only: name, find topics, write what a person gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from subtools.aligners import (
    PHONES,
)
from subtools.batch.values import Plain
from subtools.batch.work_on_cleaning import compose_cleaning
from subtools.batch.work_on_sound import (
    TURNS,
    Bench,
    SavedTurns,
    load_alignment,
    load_frozen,
    read_hints,
    save_alignment,
    sound_input,
    stand_in,
)
from subtools.checks import check_in_video
from subtools.core import (
    Input,
    SpeakerCount,
)
from subtools.cues import segment_cues
from subtools.diarization import load_names
from subtools.inputs import printable_name
from subtools.labelling import SpeakerSettings, label_speakers
from subtools.media import has_picture
from subtools.page import MediaKind, MediaReference
from subtools.pipeline import Captions, Settings, describe_making
from subtools.presenting import PAGE_SUFFIX, compose_output, make_look
from subtools.shifting import shift_alignment
from subtools.topics import TopicSettings, outline_talk


def name_voices(bench: Bench) -> dict[str, Plain]:
    """Give the words speakers, and the speakers names."""
    aligned = bench.inputs["align"]
    saved = load_frozen(SavedTurns, bench.inputs["diarize"].folder / TURNS)
    settings = replace(_speaker_settings(bench), turns=saved.turns)
    alignment = label_speakers(load_alignment(aligned), stand_in(aligned), settings)
    save_alignment(bench, alignment)
    return dict(aligned.facts)


def find_topics(bench: Bench) -> dict[str, Plain]:
    """Find what the talk is about, and move all times by the offset."""
    before = bench.inputs["words"]
    alignment = load_alignment(before)
    if bench.setting("topics") != 0:
        topics = outline_talk(alignment.transcript, TopicSettings(bench.number("topics")))
        alignment = replace(alignment, topics=topics)
    offset = float(bench.setting("offset") or 0.0)
    alignment = shift_alignment(alignment, offset)
    check_in_video(alignment, offset)
    save_alignment(bench, alignment)
    return dict(before.facts)


def write_results(bench: Bench) -> dict[str, Plain]:
    """Write what a person gets: ``words.json`` and all that was asked for."""
    before = bench.inputs["words"]
    alignment = load_alignment(before)
    look = make_look(bench.text("style"))
    sound = sound_input(bench)
    captions = Captions(
        alignment,
        segment_cues(alignment.transcript, look.rules, alignment.findings),
        describe_making(
            _describe_inputs(bench, sound),
            _settings_of(bench),
            str(before.facts.get("text") or ""),
            model=bench.text("bundled model" if alignment.aligner == PHONES else "model"),
            versions=_foreign_versions(bench),
        ),
        duration=stand_in(before).duration,
    )
    stem = Path(sound.name).stem
    _write(bench.draft / "words.json", captions.compose(".json"))
    for suffix in filter(None, bench.text("outputs").split(",")):
        media = _refer(bench) if suffix == PAGE_SUFFIX else None
        text = compose_output(captions, suffix, look, media=media, name=stem)
        _write(bench.draft / f"{stem}{suffix}", text)
    if "clean" in bench.inputs:
        texts = compose_cleaning(bench.inputs["clean"], captions.provenance, stem)
        for suffix, text in texts.items():
            _write(bench.draft / f"{stem}{suffix}", text)
    words = alignment.transcript.words
    return {
        "seconds": captions.duration,
        "words": len(words),
        "untimed": sum(word.span is None for word in words),
        "findings": len(alignment.findings),
    }


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
        hints=read_hints(bench),
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


def _foreign_versions(bench: Bench) -> dict[str, str]:
    """Return the versions of the package that timed the words, if that is not ours."""
    prefix = "engine version "
    return {
        name.removeprefix(prefix): str(value)
        for name, value in bench.step.settings.items()
        if name.startswith(prefix)
    }


def _refer(bench: Bench) -> MediaReference | None:
    """Return the user's own sound as the page will refer to it from its place in the library."""
    link, own = bench.text("media_link"), bench.file("sound")
    if own is None or not link:
        return None
    kind = MediaKind.VIDEO if has_picture(own) else MediaKind.AUDIO
    return MediaReference(link, kind, printable_name(own))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
