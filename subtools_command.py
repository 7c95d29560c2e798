"""The console command ``subtools``, which Ctrl-C ends quietly from its first moment on.

It stands outside the package: what begins in it has imported its first modules before its first
line, a moment in which an interrupt is a traceback that nobody can catch.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130
_MESSAGE = b"error: interrupted; nothing was written\n"


def main() -> None:
    """Run the command line; until it is loaded, an interrupt has nothing to tidy up."""
    is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # nobody ignores it
    if is_ours:
        signal.signal(signal.SIGINT, _leave)
    from subtools.cli import load_asked
    from subtools.cli import main as run

    load_asked()  # most of the second goes here
    if is_ours:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    """End the process at once: an exception in an import is caught by some, and told by others."""
    os.write(sys.stderr.fileno(), _MESSAGE)
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
