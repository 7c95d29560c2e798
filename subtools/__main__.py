"""``python -m subtools``."""

from subtools.cli import main

main()
