"""The command that writes down what is said: ``transcribe``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from subtools.cli.app import app
from subtools.cli.captioning import make_results
from subtools.cli.options import (
    AudioArgument,
    BeamOption,
    FolderOption,
    ForceOption,
    JsonOption,
    LanguageOption,
    ModelOption,
    OffsetOption,
    QuietOption,
    ThreadsOption,
    TrackOption,
)
from subtools.core import Glossary, Hints, glossary_to_hints
from subtools.glossary import parse_glossary
from subtools.phonetics import Script
from subtools.pipeline import Settings
from subtools.reading import read_text
from subtools.talks import Talk

PromptOption = Annotated[
    str,
    typer.Option(
        "--prompt",
        metavar="TEXT",
        help="Text in the manner of the talk: the recogniser takes on its punctuation, script "
        "and terms.",
    ),
]
HotwordsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--hotwords",
        metavar="TERMS",
        help="Terms and names that may be said, with commas between; several times.",
    ),
]
GlossaryOption = Annotated[
    Path | None,
    typer.Option(
        "--glossary",
        metavar="FILE",
        help="YAML or text with terms and names that may be said: its first terms are hotwords, "
        "as many as the recogniser takes.",
    ),
]
ScriptOption = Annotated[
    Script | None,
    typer.Option(
        "--script",
        help="Write Chinese with the characters and words of Taiwan (`tw`), Hong Kong (`hk`) or "
        "mainland China (`cn`), or with other characters only (`t`, `s`); else as most of it was "
        "recognised.",
    ),
]


@app.command(
    "transcribe",
    epilog="Examples: `subtools transcribe talk.m4a --language zh -o out` · "
    "`subtools transcribe talk.m4a --hotwords 'Scaling Law,GPT-4' --script tw` · "
    "`subtools transcribe talk.m4a --glossary terms.yaml` · "
    "`subtools transcribe talk.mp4 -m large-v3-turbo --prompt '以下是一場座談。'` · "
    "`subtools transcribe talk.mp4 --model breeze-asr-25`",
)
def transcribe_command(
    audio: AudioArgument,
    output_dir: FolderOption = Path(),
    model: ModelOption = "base",
    language: LanguageOption = None,
    prompt: PromptOption = "",
    hotwords: HotwordsOption = None,
    glossary: GlossaryOption = None,
    script: ScriptOption = None,
    track: TrackOption = None,
    offset: OffsetOption = 0.0,
    beam: BeamOption = None,
    threads: ThreadsOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write down what is said, without a document: `STEM.txt` and `words.json`.

    Speech that got no word is recognised again, and what still has none is a finding. Text
    that the sound does not bear out (nobody speaks there, nobody speaks so fast, it goes
    round in circles) is dropped. Without `--language`, a talk may change its language.

    An interrupted run goes on where it was when the same command is given again, with the
    same result (`subtools cache list` shows what is kept).
    """
    settings = Settings(
        model,
        language,
        track,
        offset,
        beam_size=beam,
        threads=threads,
        speakers=None,
        hints=read_hints(prompt, hotwords, glossary),
        script=script,
    )
    outputs = {output_dir / f"{audio.stem}.txt": ".txt", output_dir / "words.json": ".json"}
    others = [] if glossary is None else [glossary]
    make_results(
        Talk(audio), settings, outputs, others=others, force=force, quiet=quiet, as_json=as_json
    )


def read_hints(prompt: str, hotwords: list[str] | None, glossary: Path | None = None) -> Hints:
    """Return what the recogniser is told.

    Raises:
        DocumentError: If the glossary cannot be read.

    >>> read_hints("", ["GPT-4, LoRA", "傑森"]).hotwords
    ('GPT-4', 'LoRA', '傑森')
    """
    given = ",".join(hotwords or ()).replace("，", ",").replace("、", ",").split(",")
    terms = tuple(filter(None, (term.strip() for term in given)))
    known = Glossary() if glossary is None else parse_glossary(read_text(glossary), path=glossary)
    return glossary_to_hints(known, prompt.strip(), terms)
