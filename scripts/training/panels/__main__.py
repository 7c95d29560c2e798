"""Record the screenplays in ``texts/``: sound, document, reference and RTTM, a folder each.

    python -m scripts.training.panels --work FOLDER --output FOLDER [NAME ...]

The working folder is that of ``python -m scripts.training``, which fetches the voices.
What is there already stays; about 0.3 x real time on one thread.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from scripts.training.panels.screenplay import parse_screenplay

TEXTS = Path(__file__).parent / "texts"


def main() -> None:
    """Record what is asked for."""
    names = sorted(path.stem for path in TEXTS.glob("*.txt"))
    parser = argparse.ArgumentParser(
        prog="python -m scripts.training.panels",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", default=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--work", type=Path, required=True, help="working folder of the training")
    parser.add_argument("--output", type=Path, required=True, help="where the talks go")
    options = parser.parse_args()
    voices = options.work / "package" / "voices"
    if not voices.is_dir():
        sys.exit(f"{voices} is missing; python -m scripts.training fetches it")
    for name in options.names:
        if not (options.output / name).exists():
            write_panel(name, options.work, voices, options.output)


def write_panel(name: str, work: Path, voices: Path, output: Path) -> None:
    """Record the screenplay ``name`` into a folder of its own, whole or not at all."""
    from scripts.training.panels.recording import record
    from scripts.training.panels.reference import compose_rttm
    from scripts.training.talks import save_talk
    from scripts.training.voices import Narrator

    screenplay = parse_screenplay((TEXTS / f"{name}.txt").read_text("utf-8"))
    samples, document, reference = record(Narrator(work, voices), screenplay)
    partial = output / f".{name}.part"
    shutil.rmtree(partial, ignore_errors=True)
    save_talk(partial, name, samples, document, reference)
    (partial / f"{name}.rttm").write_text(compose_rttm(name, reference), "utf-8")
    partial.rename(output / name)
    turns, seconds = len(reference["turns"]), reference["duration"]
    print(f"{name}: {seconds:.0f} s, {turns} turns, {len(reference['speakers'])} speakers")


if __name__ == "__main__":
    main()
