"""The options of ``batch``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from subtools.batch import DeviceChoice

_RUNNING = "Running"


class Engine(StrEnum):
    """What does the steps."""

    LOCAL = "local"
    RAY = "ray"


LibraryFolderOption = Annotated[
    Path, typer.Option("--output-dir", "-o", metavar="LIBRARY", help="Where the results go.")
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        rich_help_panel=_RUNNING,
        help="Keep the results of steps in an object store, such as s3://bucket/steps.",
    ),
]
StepThreadsOption = Annotated[
    int,
    typer.Option(
        "--threads", min=1, metavar="N", help="Processor threads of a step; part of its result."
    ),
]
DeviceOption = Annotated[
    DeviceChoice,
    typer.Option("--device", help="What models run on; it is part of a result."),
]
BatchSizeOption = Annotated[
    int | None,
    typer.Option(
        "--batch-size",
        min=1,
        metavar="N",
        help="Windows of sound at a time; else what suits the processor or the card's memory.",
    ),
]
EngineOption = Annotated[
    Engine,
    typer.Option(
        "--engine",
        rich_help_panel=_RUNNING,
        help="This machine, or a Ray cluster (docs/cluster.md).",
    ),
]
AddressOption = Annotated[
    str,
    typer.Option(
        "--address",
        metavar="auto|ray://HOST|local",
        rich_help_panel=_RUNNING,
        help="Of the Ray cluster; local: one is started for this run.",
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        metavar="N",
        rich_help_panel=_RUNNING,
        help="Processes that compute; else as many as cores and memory allow.",
    ),
]
MemoryOption = Annotated[
    str | None,
    typer.Option(
        "--memory",
        metavar="SIZE",
        rich_help_panel=_RUNNING,
        help="Memory for all workers together, such as 8G; else four fifths of what is there.",
    ),
]
FetchersOption = Annotated[
    int,
    typer.Option(
        "--fetchers",
        min=1,
        max=8,
        metavar="N",
        rich_help_panel=_RUNNING,
        help="Fetches at a time; sites refuse many.",
    ),
]
TriesOption = Annotated[
    int,
    typer.Option(
        "--tries",
        min=1,
        metavar="N",
        rich_help_panel=_RUNNING,
        help="How often a step is tried whose failure may pass: the network, a busy site.",
    ),
]
PauseOption = Annotated[
    float,
    typer.Option(
        "--pause",
        min=0.0,
        metavar="SECONDS",
        rich_help_panel=_RUNNING,
        help="Before it is tried again; twice as long each time, five minutes at most.",
    ),
]
MaxFailuresOption = Annotated[
    int | None,
    typer.Option(
        "--max-failures",
        min=1,
        metavar="N",
        rich_help_panel=_RUNNING,
        help="Begin no more jobs after so many have failed.",
    ),
]
ShardOption = Annotated[
    str | None,
    typer.Option(
        "--shard",
        metavar="I/N",
        rich_help_panel=_RUNNING,
        help="Only every N-th job, from the I-th on: for machines that share the library.",
    ),
]
KeepOption = Annotated[
    bool,
    typer.Option(
        "--keep",
        rich_help_panel=_RUNNING,
        help="Keep decoded sounds and posteriors (180 MB an hour) for the next change.",
    ),
]
TimeoutOption = Annotated[
    str | None,
    typer.Option(
        "--step-timeout",
        metavar="TIME",
        rich_help_panel=_RUNNING,
        help="End a step that takes longer, such as 30m, or `no`; else two hours and ten times "
        "the length of its sound.",
    ),
]
CleanOption = Annotated[
    bool,
    typer.Option(
        "--clean",
        help="Find what is written wrong, too, as `subtools clean` does.",
    ),
]
