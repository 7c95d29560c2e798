"""Make talks of which every word is known, and documents of them with errors.

    python -m scripts.bench.truths --work FOLDER --output FOLDER [NAME ...]

Of each text in ``texts/`` come the sound and three documents, a folder each: ``NAME-heard``,
what the bundled model hears, ``NAME-rules``, what was said with errors put in by rule, and
``NAME-plain``, what was said. The last two have commas only, as seeds/ has.
Needs the packages of `.[training]`; the working folder is that of `python -m
scripts.training`, which fetches the voices. What is there stays; about real time in all.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.bench.truths.documents import refer_document
from scripts.bench.truths.mishearing import mishear_clause
from scripts.bench.truths.recording import TEXTS, record_text
from subtools.phonetics import detect_script
from subtools.reading import load_document

_PARAGRAPH = 100  # characters after which a paragraph may end, as in seeds/
_TITLE = "# {name}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make what is asked for."""
    names = sorted(path.stem for path in TEXTS.glob("*.txt"))
    parser = argparse.ArgumentParser(
        "python -m scripts.bench.truths",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("names", nargs="*", default=names, metavar="NAME", help=", ".join(names))
    add("--work", type=Path, required=True, help="working folder of the training")
    add("--output", type=Path, required=True, help="where everything goes")
    add("--seed", type=int, default=1, help="of the errors (%(default)s)")
    add("--python", default=sys.executable, help="of an environment with subtools (this one)")
    options = parser.parse_args(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    for name in options.names:
        if not (options.output / f"{name}.spoken.json").exists():
            record_text(name, options.work, options.output)
        truth = json.loads((options.output / f"{name}.spoken.json").read_text("utf-8"))
        sound = options.output / f"{name}.opus"
        for kind in ("heard", "rules", "plain"):
            folder = options.output / f"{name}-{kind}"
            if not folder.exists():
                make_document(folder, kind, truth, sound, options)
                print(folder.name, flush=True)


def make_document(
    folder: Path, kind: str, truth: Mapping[str, Any], sound: Path, options: argparse.Namespace
) -> None:
    """Make a document ``heard``, with errors by ``rules``, or ``plain``."""
    if kind == "heard":
        text, places = hear(sound, options.python), None
    else:
        is_plain = kind == "plain"
        text, places = write_down(truth, folder.name, options.seed, is_plain=is_plain)
    write_document(folder, text, places, truth, sound, options.python)


def hear(sound: Path, python: str) -> str:
    """Return what the bundled model hears, as a document."""
    with tempfile.TemporaryDirectory(prefix="subtools-bench-") as folder:
        command = ["transcribe", str(sound), "-o", folder, "--quiet"]
        subprocess.run([python, "-m", "subtools", *command], check=True)
        return (Path(folder) / f"{sound.stem}.txt").read_text("utf-8")


def write_down(
    truth: Mapping[str, Any], name: str, seed: int, *, is_plain: bool
) -> tuple[str, list[tuple[int, int]]]:
    """Return what was said with errors by rule, if not plain; and where its clauses stand."""
    chance = random.Random(f"{name} {seed}")  # noqa: S311 - errors, no secrets
    paragraphs, places = [""], []
    clauses = truth["clauses"]
    script = detect_script("".join(clause["spoken"] for clause in clauses))
    for index, clause in enumerate(clauses):
        text = clause["spoken"]
        if not is_plain:
            text = mishear_clause(text, truth["terms"], chance, script)
        is_latin = clause["spoken"].isascii()
        is_end = index + 1 == len(clauses) or len(paragraphs[-1]) > _PARAGRAPH * (1 + 2 * is_latin)
        stop, comma = (".", ", ") if is_latin else ("。", "，")
        start = sum(map(len, paragraphs))
        places.append((start, start + len(text)))
        paragraphs[-1] += text + (stop if is_end else comma)
        paragraphs += [""] * is_end
    body = "\n\n".join(filter(None, paragraphs))
    return f"{_TITLE.format(name=name)}\n\n{body}\n", places


def write_document(
    folder: Path,
    text: str,
    places: Sequence[tuple[int, int]] | None,
    truth: Mapping[str, Any],
    sound: Path,
    python: str,
) -> None:
    """Write a document, its timed words and its reference into a folder, whole or not at all."""
    partial = folder.with_name(f".{folder.name}.part")
    partial.mkdir(exist_ok=True)
    document = partial / f"{folder.name}.doc.txt"
    document.write_text(text, "utf-8")
    copy = partial / (folder.name + sound.suffix)
    copy.unlink(missing_ok=True)
    copy.hardlink_to(sound)
    body = load_document(document).body
    reference = refer_document(body, truth, places)
    (partial / f"{folder.name}.ref.json").write_text(
        json.dumps(reference, ensure_ascii=False), "utf-8"
    )
    command = [
        "align",
        str(document),
        "--audio",
        str(copy),
        "-o",
        str(partial),
        "--force",
        "--quiet",
    ]
    subprocess.run([python, "-m", "subtools", *command], check=True)
    (partial / "words.json").rename(partial / f"{folder.name}.words.json")
    partial.rename(folder)


if __name__ == "__main__":
    main()
