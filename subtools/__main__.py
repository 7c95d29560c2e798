"""``python -m subtools``."""

import sys

try:
    from subtools.cli import main
except KeyboardInterrupt:  # the command `subtools` begins before the package and catches more
    sys.stderr.write("error: interrupted; nothing was written\n")
    sys.exit(130)

main()
