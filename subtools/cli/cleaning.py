"""The command ``clean``: corrections with evidence, and the text with those that are safe."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from subtools import console
from subtools.cleaned import (
    CLEAN_SUFFIXES,
    READING_SUFFIX,
    compose_cleaned,
    compose_edition,
    link_sound,
)
from subtools.cleaning import CleaningSettings
from subtools.cli.advising import (
    LLM_BUDGET,
    LlmBudgetOption,
    LlmModelOption,
    LlmOption,
    open_adviser,
)
from subtools.cli.app import app, spare_inputs
from subtools.cli.options import (
    AudioOption,
    FolderOption,
    ForceOption,
    JsonOption,
    LanguageOption,
    ModelOption,
    QuietOption,
    ThreadsOption,
    TrackOption,
)
from subtools.core import Correction, Decision, EvidenceKind
from subtools.correcting import Cleaned, CleanSettings, clean_file, load_glossaries
from subtools.keeping import MOST_HEARD, KeptWork
from subtools.places import kept_hearings
from subtools.store import check_outputs, write_outputs
from subtools.timecode import compose_clock

GlossaryOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--glossary",
        metavar="FILE",
        help="Terms and names as they should be written, YAML or one a line; may be repeated.",
    ),
]
StarterOption = Annotated[
    bool,
    typer.Option(
        " /--no-starter", help="Without the terms that come with subtools.", show_default=False
    ),
]
_SHOWN = 20  # applied corrections printed
# A language model is asked only with --llm, and persons have not been.
_OPTIONAL = tuple(
    kind.value
    for kind in EvidenceKind
    if kind not in {EvidenceKind.LANGUAGE_MODEL, EvidenceKind.PERSON}
)


@app.command(
    "clean",
    epilog="Examples: `subtools clean out/words.json --audio talk.m4a -o out` · "
    "`subtools clean out/words.json --audio talk.m4a --glossary terms.yaml --reading` · "
    "`subtools clean out/words.json --audio talk.m4a --heard asr/words.json --json`",
)
def clean_command(
    words: Annotated[Path, typer.Argument(metavar="WORDS.json", help="Words with times.")],
    audio: AudioOption,
    glossary: GlossaryOption = None,
    starter: StarterOption = True,
    no_glossary: Annotated[
        bool, typer.Option("--no-glossary", help="Without any terms but the document's own.")
    ] = False,
    heard: Annotated[
        Path | None,
        typer.Option(
            "--heard", metavar="WORDS.json", help="What `subtools transcribe` wrote; else anew."
        ),
    ] = None,
    no_recogniser: Annotated[
        bool, typer.Option("--no-recogniser", help="Ask no recogniser: faster, and finds less.")
    ] = False,
    without: Annotated[
        str,
        typer.Option(
            "--without",
            metavar="LIST",
            help=f"Evidence that is not asked: {', '.join(_OPTIONAL)}.",
        ),
    ] = "",
    reading: Annotated[
        bool,
        typer.Option(
            "--reading", help="Write `STEM.reading.md`, too: without hesitations, in paragraphs."
        ),
    ] = False,
    llm: LlmOption = None,
    llm_model: LlmModelOption = None,
    llm_budget: LlmBudgetOption = LLM_BUDGET,
    model: ModelOption = "base",
    language: LanguageOption = None,
    track: TrackOption = None,
    threads: ThreadsOption = None,
    output_dir: FolderOption = Path(),
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Find what is written wrong, with evidence, and write the text with what is safe put right.

    STEM is the audio file's. `STEM.corrections.json` has every correction with its evidence,
    `STEM.corrections.md` and `.html` are for reading, `STEM.clean.words.json` and
    `STEM.clean.txt` are the text with those that are applied. `subtools text` makes other
    editions and formats of `STEM.clean.words.json`. What is only proposed is for
    you to decide; the words you gave stay as they are.

    What is heard is kept (`subtools cache list`): another run over the same sound, with other
    terms or less evidence, asks only what is new, and an interrupted one goes on where it was.
    """
    if no_glossary and glossary:
        raise typer.BadParameter("give this or --glossary, not both", param_hint="--no-glossary")
    kinds = read_kinds(without) | ({EvidenceKind.RECOGNISER} if no_recogniser else set())
    kinds |= {EvidenceKind.GLOSSARY} if no_glossary else set()
    settings = CleanSettings(
        CleaningSettings(without=frozenset(kinds)), model, language, track, threads
    )
    suffixes = (*CLEAN_SUFFIXES, READING_SUFFIX) if reading else CLEAN_SUFFIXES
    outputs = [output_dir / f"{audio.stem}{suffix}" for suffix in suffixes]
    check_outputs(outputs, force=force)
    given = [words, audio, *(glossary or []), *([heard] if heard else [])]
    spare_inputs(outputs, given)
    terms = load_glossaries(glossary or [], starter=starter and not no_glossary)
    memory = KeptWork(kept_hearings(), audio.name)
    with console.show_progress(quiet=quiet or as_json) as progress:
        adviser = open_adviser(llm, llm_model, llm_budget, progress=progress)
        cleaned = clean_file(
            words,
            audio,
            settings,
            terms,
            heard=heard,
            adviser=adviser,
            keep=memory,
            progress=progress,
        )
    for problem in adviser.problems if adviser and not (quiet or as_json) else ():
        console.print_note(f"--llm: {problem}")
    texts = compose_cleaned(cleaned, audio.stem, link_sound(audio, output_dir))
    if reading:
        texts[READING_SUFFIX] = compose_edition(cleaned)
    write_outputs(dict(zip(outputs, texts.values(), strict=True)), force=force)
    memory.make_room(MOST_HEARD)
    with console.printing():
        if as_json:
            summary = {"files": [str(path) for path in outputs], **summarise_cleaning(cleaned)}
            console.print_raw(json.dumps(summary, ensure_ascii=False) + "\n")
        elif not quiet:
            print_cleaning(cleaned)
            if memory.reused:
                total = memory.reused + memory.written
                console.print_note(f"heard before: {memory.reused} of {total} parts")
            console.print_files(outputs)


def read_kinds(text: str) -> set[EvidenceKind]:
    """Return the kinds of evidence in a list with commas.

    Raises:
        typer.BadParameter: If one is not known.
    """
    names = {name.strip().lower() for name in text.split(",") if name.strip()}
    for name in sorted(names.difference(_OPTIONAL)):
        what = f"there is no kind of evidence {name!r}; there are {', '.join(_OPTIONAL)}"
        raise typer.BadParameter(what, param_hint="--without")
    return set(map(EvidenceKind, names))


def summarise_cleaning(cleaned: Cleaned) -> dict[str, Any]:
    """Return what was found as plain data."""
    counted = count_decisions(cleaned.corrections)
    listed = [
        {
            "offsets": list(correction.offsets),
            "start": None if correction.span is None else round(correction.span.start, 3),
            "before": correction.before,
            "after": correction.after,
            "alternatives": list(correction.alternatives),
            "decision": correction.decision.value,
            "score": correction.score,
            "held_back": correction.held_back,
        }
        for correction in cleaned.corrections
        if correction.decision is not Decision.KEEP
    ]
    return {"duration": round(cleaned.duration, 3), **counted, "corrections": listed}


def count_decisions(corrections: Sequence[Correction]) -> Mapping[str, int]:
    """Return how many corrections are applied, proposed, and looked at and kept."""
    names = {"applied": Decision.APPLY, "proposed": Decision.PROPOSE, "kept": Decision.KEEP}
    return {
        name: sum(c.decision is decision for c in corrections) for name, decision in names.items()
    }


def print_cleaning(cleaned: Cleaned) -> None:
    """Print what is applied, and how much is proposed."""
    counted = count_decisions(cleaned.corrections)
    console.print_line(
        f"{console.count_things(counted['applied'], 'correction')} applied, "
        f"{counted['proposed']} proposed, {counted['kept']} looked at and kept"
    )
    applied = [c for c in cleaned.corrections if c.decision is Decision.APPLY]
    for correction in applied[:_SHOWN]:
        clock = "" if correction.span is None else compose_clock(correction.span.start)
        others = ", ".join(other or "–" for other in correction.alternatives)
        reading = f"{correction.after} (or {others})" if others else correction.after
        console.print_line(f"{clock:>8}  {correction.before} -> {reading}")
    if len(applied) > _SHOWN:
        console.print_line(f"and {len(applied) - _SHOWN} more")
