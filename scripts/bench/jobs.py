"""What a measured process is asked to do and what it answers; standard library only.

stable-ts runs in an environment of its own, which has nothing of subtools.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Job:
    """One sound and the texts to align to it.

    Attributes:
        system: Name of the system.
        sound: WAV file, 16 kHz mono 16 bits.
        documents: ``words.json`` files without times; several are altered versions of one
            text, for which the sound needs to be heard only once.
        language: ISO 639-1 code of the language.
        threads: Processor threads.
        model: Folder of the Whisper model.
        folder: Where the results go, as ``words-0.json`` and so on.
    """

    system: str
    sound: str
    documents: tuple[str, ...]
    language: str
    threads: int
    model: str
    folder: str

    def result(self, index: int) -> Path:
        """Return where the result for the document number ``index`` goes."""
        return Path(self.folder, f"words-{index}.json")


@dataclass(frozen=True, slots=True)
class Answer:
    """What one process measured.

    Attributes:
        parts: Seconds of each stage for the first document, decoding and loading left out.
        peak_bytes: Most memory the process had, when the first document was done.
        versions: Of the packages that did the work.
    """

    parts: Mapping[str, float]
    peak_bytes: int
    versions: Mapping[str, str]


def serve(answer: Callable[[Job], Answer]) -> None:
    """Do the job whose file is the first argument; write the answer to the second."""
    content = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    job = Job(**content | {"documents": tuple(content["documents"])})
    Path(sys.argv[2]).write_text(json.dumps(asdict(answer(job))), encoding="utf-8")


def peak_bytes() -> int:
    """Return the most memory this process has had so far, mapped files included.

    Linux hands the peak of the parent down to a child's ``ru_maxrss`` (``exec`` keeps it),
    ``VmHWM`` begins anew with each program.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024
    import resource  # not on Windows

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
