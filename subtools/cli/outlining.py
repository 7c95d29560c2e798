"""The commands about what a talk is about: ``topics`` and ``chapters``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from subtools import console
from subtools.cli.app import app, spare_inputs
from subtools.cli.options import ForceOption, JsonOption, QuietOption
from subtools.core import Alignment
from subtools.links import moment_link, page_link
from subtools.outline import chapter_format, load_wanted, outline_file
from subtools.store import check_outputs, write_outputs
from subtools.topics import TopicSettings

WordsArgument = Annotated[Path, typer.Argument(metavar="WORDS.json", help="Words with times.")]
CountOption = Annotated[
    int | None,
    typer.Option("--topics", "-n", min=1, metavar="N", help="So many topics; else as it fits."),
]
WantedOption = Annotated[
    Path | None,
    typer.Option(
        "--topics-from",
        metavar="FILE",
        help="Titles to locate instead, one a line; after `|` what is said first.",
    ),
]


def read_topic_settings(count: int | None, wanted: Path | None) -> TopicSettings | None:
    """Return how topics are found; None if nothing was said.

    Raises:
        typer.BadParameter: If both were given.
        DocumentError: If the file cannot be read.
    """
    if count is not None and wanted is not None:
        raise typer.BadParameter("the file says how many there are", param_hint="--topics")
    if wanted is not None:
        return TopicSettings(wanted=load_wanted(wanted))
    return None if count is None else TopicSettings(count)


@app.command(
    "topics",
    epilog="Examples: `subtools topics out/words.json` · "
    "`subtools topics out/words.json --topics 8 -o out --force` · "
    "`subtools topics out/words.json --topics-from titles.txt -o out --force`",
)
def topics_command(
    words: WordsArgument,
    count: CountOption = None,
    wanted: WantedOption = None,
    output_dir: Annotated[
        Path | None,
        typer.Option("--output-dir", "-o", metavar="DIR", help="Where `words.json` goes."),
    ] = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show what a talk is about, and when; with `-o`, write `words.json` with these topics."""
    output = None if output_dir is None else output_dir / "words.json"
    if output is not None:
        check_outputs([output], force=force)
        spare_inputs([] if force else [output], [words])
    settings = read_topic_settings(count, wanted) or TopicSettings()
    alignment, text = outline_file(words, settings)
    if output is not None:
        write_outputs({output: text}, force=force)
    with console.printing():
        if as_json:
            files = [] if output is None else [str(output)]
            listed = {"files": files, "topics": list_topics(alignment)}
            console.print_raw(json.dumps(listed, ensure_ascii=False) + "\n")
        elif not quiet:
            console.print_topics(alignment.topics)
            console.print_files([] if output is None else [output])


@app.command(
    "chapters",
    epilog="Examples: `subtools chapters out/words.json -o talk.chapters.vtt` · "
    "`subtools chapters out/words.json --to list` · "
    "`subtools chapters out/words.json --to ffmetadata -o talk.ffmetadata`",
)
def chapters_command(
    words: WordsArgument,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="OUT", help="The file to write; else stdout."),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="FORM",
            help="`vtt` (players), `list` (descriptions on YouTube and Bilibili), `podcast` "
            "(Podcasting 2.0), `ffmetadata` (ffmpeg), `markdown` (contents with links); else "
            "what OUT's name says, or `list`.",
        ),
    ] = None,
    count: CountOption = None,
    wanted: WantedOption = None,
    force: ForceOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write the topics of a talk as chapters."""
    known = chapter_format(to or (output.name if output else "list"))
    if output is not None:
        check_outputs([output], force=force)
        spare_inputs([output], [words])
    alignment, _ = outline_file(words, read_topic_settings(count, wanted))
    text = known.compose(alignment.topics, alignment.transcript.source)
    if output is None:
        with console.printing():
            console.print_raw(text)
        return
    write_outputs({output: text}, force=force)
    if not quiet:
        with console.printing():
            console.print_files([output])


def list_topics(alignment: Alignment) -> list[dict[str, Any]]:
    """Return the topics as plain data, with links where the page is known."""
    page = page_link(alignment.transcript.source)
    return [
        {
            "title": topic.title,
            "start": round(topic.start, 3),
            "end": round(topic.end, 3),
            "confidence": topic.confidence,
            "reason": topic.reason,
            **({"link": moment_link(page, topic.start)} if page else {}),
        }
        for topic in alignment.topics
    ]
