"""The command line: read, call, write.

Exit status: 0 done, 1 the work failed (the error says why and what to do), 2 wrong
arguments, 130 interrupted by Ctrl-C. A run that fails writes nothing.
"""

from subtools.cli.app import app
from subtools.cli.loading import load_asked, load_commands, main

__all__ = ["app", "load_asked", "load_commands", "main"]
