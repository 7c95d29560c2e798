"""One command from nothing to the weights that ship: speech, scenes, features, fit, talks.

    make train            # or: python -m scripts.training --work FOLDER

An interrupted run goes on where it stopped. On two cores the default takes about an hour
and a half, most of it for the voices.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VOICES = "kokoro-js@1.2.1"  # npm; Apache-2.0; its folder voices/ holds all of Kokoro's voices


def main() -> None:
    """Train the classifier."""
    options = _parse_arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    voices = _fetch_voices(options.work)
    _fill_pools(options.work, voices, options)
    _write_features(options.work, options)
    _fit(options.work, options)
    _make_talks(options.work, voices)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--work", type=Path, default=ROOT / ".training", help="working folder")
    parser.add_argument("--shards", type=int, default=12, help="of about 7 minutes of speech")
    parser.add_argument("--scenes", type=int, default=560, help="of 30 seconds, to train on")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--processes", type=int, default=2, help="voices at work at once")
    parser.add_argument(
        "--disjoint-from",
        type=Path,
        nargs="*",
        default=sorted((ROOT / "seeds").glob("*.txt")),
        help="documents no sentence of which may be trained on",
    )
    parser.add_argument(
        "--output", type=Path, default=ROOT / "subtools" / "acoustics" / "weights.npz"
    )
    return parser.parse_args()


def _fetch_voices(work: Path) -> Path:
    """Return the folder of the voices, fetched by npm if need be."""
    voices = work / "package" / "voices"
    if not voices.exists():
        subprocess.run(["npm", "pack", VOICES], cwd=work, check=True)  # noqa: S607
        archive = next(work.glob("kokoro-js-*.tgz"))
        with tarfile.open(archive) as packed:
            packed.extractall(work, filter="data")
    return voices


def _fill_pools(work: Path, voices: Path, options: argparse.Namespace) -> None:
    from scripts.training.pool import fill_pool
    from scripts.training.voices import adapt_model

    adapt_model(work)
    texts = [path.read_text("utf-8") for path in options.disjoint_from]
    context = get_context("spawn")
    workers = [
        context.Process(
            target=fill_pool,
            args=(work, voices, texts, range(first, options.shards, options.processes)),
        )
        for first in range(options.processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        if worker.exitcode:
            sys.exit("the voices failed; see above")
    fill_pool(work, voices, texts, range(2), held_out=True)


def _write_features(work: Path, options: argparse.Namespace) -> None:
    from scripts.training.features import write_features
    from scripts.training.pool import load_pool

    folder = work / "features"
    folder.mkdir(exist_ok=True)
    write_features(folder, "train", load_pool(work, "train-*.npz"), options.scenes)
    write_features(folder, "held", load_pool(work, "held-*.npz"), 40)


def _fit(work: Path, options: argparse.Namespace) -> None:
    from scripts.training.fit import Features, fit, save_weights

    folder = work / "features"
    model = fit(Features(folder, "train"), Features(folder, "held"), options.epochs)
    save_weights(model, options.output)
    print(f"wrote {options.output} ({options.output.stat().st_size / 1e6:.2f} MB)")


def _make_talks(work: Path, voices: Path) -> None:
    from scripts.training.talks import write_talks
    from scripts.training.voices import Narrator

    talks = work / "talks"
    write_talks(talks, Narrator(work, voices))
    print(
        "The confidence is fitted to the new classifier by\n"
        "    python -m scripts.training.calibrate --fit "
        f"{talks}/zh-a {talks}/en-a --check {talks}/zh-b {talks}/en-b --plot docs/reliability.svg\n"
        "and its weights go into subtools/alignment/confidence.py."
    )


if __name__ == "__main__":
    main()
