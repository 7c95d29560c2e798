"""The sound of a text, and the reference of what is said in it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from scripts.bench.truths.voicing import read_script, unvoice

TEXTS = Path(__file__).parent / "texts"


def record_text(name: str, work: Path, output: Path) -> None:
    """Record the text ``name``: ``NAME.opus``, and ``NAME.spoken.json`` with the truth.

    Args:
        name: Of a file in ``texts/``.
        work: Working folder of ``python -m scripts.training``, with model and voices.
        output: Folder for both.
    """
    from scripts.training.panels.recording import record
    from scripts.training.panels.screenplay import parse_screenplay
    from scripts.training.talks import save_talk
    from scripts.training.voices import Narrator

    script = read_script((TEXTS / f"{name}.txt").read_text("utf-8"))
    narrator = Narrator(work, work / "package" / "voices")
    screenplay = parse_screenplay(script.screenplay)
    samples, document, reference = record(narrator, screenplay)
    truth: dict[str, Any] = unvoice(reference) | {"terms": list(script.terms)}
    partial = output / f".{name}.part"
    shutil.rmtree(partial, ignore_errors=True)
    save_talk(partial, name, samples, document, truth)
    _encode(partial / f"{name}.wav", partial / f"{name}.opus")
    (partial / f"{name}.opus").replace(output / f"{name}.opus")
    (output / f"{name}.true.txt").write_text(document, "utf-8")
    (output / f"{name}.spoken.json").write_text(json.dumps(truth, ensure_ascii=False), "utf-8")
    shutil.rmtree(partial)


def _encode(sound: Path, target: Path) -> None:
    from subtools.media import find_ffmpeg

    command = [find_ffmpeg(), "-v", "error", "-y", "-i", str(sound), "-b:a", "32k", str(target)]
    subprocess.run(command, check=True)
