"""What the steps do that put words in time: texts of the site, documents, what is recognised."""

from __future__ import annotations

from subtools.aligners import (
    AUTO,
    PHONES,
    RECOGNITION,
    Aligner,
    AlignerOptions,
    PhoneAligner,
    adopt_recognizer,
    choose_aligner,
    load_engine,
)
from subtools.batch.values import Done, Plain
from subtools.batch.work_on_sound import (
    Bench,
    find_sound,
    load_alignment,
    load_posteriors,
    load_recognition,
    load_samples,
    recognise,
    save_alignment,
    stand_in,
)
from subtools.checks import check_heard, check_room
from subtools.core import (
    Alignment,
    Audio,
    Posteriors,
    Progress,
    Recognition,
    Transcript,
    no_progress,
)
from subtools.errors import DocumentError, MismatchError
from subtools.pipeline import tell_source
from subtools.reading import load_document
from subtools.store import hash_file
from subtools.talks import Talk, TextChoice, check_said, talk_of
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
            save_alignment(bench, alignment)
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
        alignment = load_alignment(site)
        facts |= {name: value for name, value in site.facts.items() if name.startswith("text")}
    else:
        alignment = _align_document(bench)
    if "fetch" in bench.inputs:
        alignment = tell_source(alignment, _find_talk(bench).source)
    save_alignment(bench, alignment)
    return facts


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
    sound = stand_in(bench.inputs["sound"])
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
