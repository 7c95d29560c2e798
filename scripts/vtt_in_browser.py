"""Our reader of WebVTT against Chromium's, on files that are nearly WebVTT.

    python -m scripts.vtt_in_browser --count 20000 --seed 1

Prints what differs, and ends with 1 if anything does: a few in ten thousand, where Chromium
leaves the specification (docs/formats.md). The test-suite reads a few hundred.
"""

from __future__ import annotations

import argparse
import sys
from itertools import islice

from tests.browser import opened_browser
from tests.vtt_in_browser import differences, make_documents

BATCH = 100  # tracks that are loaded at the same time


def main() -> int:
    """Compare, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=5000, help="how many files")
    parser.add_argument("--seed", type=int, default=0, help="other files for another number")
    arguments = parser.parse_args()
    documents = make_documents(arguments.seed)
    found = 0
    with opened_browser() as browser:
        for start in range(0, arguments.count, BATCH):
            page = browser.new_page()
            batch = list(islice(documents, min(BATCH, arguments.count - start)))
            for difference in differences(page, batch):
                found += 1
                print(difference)
            page.close()
    print(f"{arguments.count} files, {found} read otherwise", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
