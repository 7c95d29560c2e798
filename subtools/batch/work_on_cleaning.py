"""What a step does that cleans: corrections with evidence, and the words with those applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from subtools.batch.freezing import freeze
from subtools.batch.values import Done, Plain
from subtools.batch.work_on_sound import (
    Bench,
    load_alignment,
    load_frozen,
    load_posteriors,
    load_recognition,
    load_samples,
)
from subtools.cleaned import compose_cleaned
from subtools.cleaning import CleaningSettings
from subtools.core import (
    Alignment,
    Audio,
    Correction,
    HeardWord,
    Posteriors,
    Provenance,
    Seconds,
)
from subtools.correcting import Cleaned, Witnesses, ask_judge, clean_heard, load_glossaries
from subtools.formats.words import compose_words, parse_words
from subtools.models import BUNDLED

_CLEANING = "cleaning.json"
_ONE_HYPOTHESIS = 1  # as in `correcting`: the recogniser's text is evidence, not the result


@dataclass(frozen=True, slots=True)
class SavedCleaning:
    """What ``clean_words`` found.

    Attributes:
        before: The words as they were, in ``words.json``: times in whole milliseconds.
        corrections: Everything that was looked at closely.
        after: The words with the corrections that are applied.
        duration: Length of the sound, in seconds.
    """

    before: Alignment
    corrections: tuple[Correction, ...]
    after: Alignment
    duration: Seconds


def clean_words(bench: Bench) -> dict[str, Plain]:
    """Find what may be written wrong, as ``subtools clean`` does with the job's ``words.json``."""
    before, provenance = _round(load_alignment(bench.inputs["words"]), bench)
    sound = load_samples(bench.inputs["decode"])
    cleaned = clean_heard(
        before,
        provenance,
        sound.duration,
        _call_witnesses(bench, before, sound),
        CleaningSettings(),
        progress=bench.progress,
    )
    saved = SavedCleaning(before, cleaned.corrections, cleaned.after, cleaned.duration)
    (bench.draft / _CLEANING).write_text(freeze(saved), encoding="utf-8", newline="\n")
    counts = Counter(correction.decision.value for correction in cleaned.corrections)
    return {"samples": len(sound.samples), **counts}


def compose_cleaning(cleaning: Done, provenance: Provenance, stem: str) -> dict[str, str]:
    """Return the text of each file of a cleaning, by its suffix."""
    saved = load_frozen(SavedCleaning, cleaning.folder / _CLEANING)
    cleaned = Cleaned(
        saved.before, saved.corrections, saved.after, provenance, duration=saved.duration
    )
    return compose_cleaned(cleaned, stem)


def _round(alignment: Alignment, bench: Bench) -> tuple[Alignment, Provenance]:
    """Return words as they will stand in ``words.json``, so that they give the same corrections."""
    offset = float(bench.setting("offset") or 0.0)
    return parse_words(compose_words(alignment, Provenance(settings={"offset": offset})))


def _call_witnesses(bench: Bench, alignment: Alignment, sound: Audio) -> Witnesses:
    """Return what sound, recogniser and glossary have to say."""
    language = bench.text("language") or alignment.language
    glossary = bench.file("glossary")
    judge = bench.tools.judge(bench.text("model_name"), bench.threads())
    return Witnesses(
        _hear(bench, sound),
        load_glossaries([] if glossary is None else [glossary]),
        _recognise(bench, sound, language),
        ask_judge(judge, sound, language),
    )


def _hear(bench: Bench, sound: Audio) -> Posteriors:
    """Return the posteriors; a step before left them out where no text of a site wants them."""
    encoded = bench.inputs["encode"]
    if not encoded.facts.get("skipped"):
        return load_posteriors(encoded)
    classify = bench.tools.classifier(BUNDLED, bench.threads(), bench.device())
    return classify(sound, progress=bench.progress)


def _recognise(bench: Bench, sound: Audio, language: str) -> Sequence[HeardWord]:
    """Return what a recogniser writes; a step before left it out where a site has the text."""
    recognised = bench.inputs["recognise"]
    if not recognised.facts.get("skipped"):
        return load_recognition(recognised).words
    recognizer = bench.tools.recognizer(
        bench.text("model_name"), bench.threads(), _ONE_HYPOTHESIS, bench.device()
    )
    return recognizer(sound, language=language, progress=bench.progress).words
