"""The command line: read, call, write.

Exit status: 0 done, 1 the work failed (the error says why and what to do), 2 wrong
arguments, 130 interrupted by Ctrl-C. A run that fails writes nothing.
"""

from subtools.cli import (  # each adds its commands
    batch_plans,
    batching,
    bilingual,
    caching,
    captioning,
    checking,
    cleaning,
    converting,
    editing,
    fetching,
    muxing,
    outlining,
    paging,
    parts,
    resyncing,
    reviewing,
    searching,
    serving,
    speakers,
    texts,
    transcribing,
    voices,
)
from subtools.cli.app import app, main
from subtools.cli.panels import arrange_commands

arrange_commands(app)

__all__ = [
    "app",
    "batch_plans",
    "batching",
    "bilingual",
    "caching",
    "captioning",
    "checking",
    "cleaning",
    "converting",
    "editing",
    "fetching",
    "main",
    "muxing",
    "outlining",
    "paging",
    "parts",
    "resyncing",
    "reviewing",
    "searching",
    "serving",
    "speakers",
    "texts",
    "transcribing",
    "voices",
]
