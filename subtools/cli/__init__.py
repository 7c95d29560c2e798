"""The command line: read, call, write.

Exit status: 0 done, 1 the work failed (the error says why and what to do), 2 wrong
arguments, 130 interrupted by Ctrl-C. A run that fails writes nothing.
"""

from subtools.cli import (  # each adds its commands, in this order
    caching,
    captioning,
    converting,
    fetching,
    muxing,
    searching,
    speakers,
    voices,
)
from subtools.cli.app import app, main

__all__ = [
    "app",
    "caching",
    "captioning",
    "converting",
    "fetching",
    "main",
    "muxing",
    "searching",
    "speakers",
    "voices",
]
