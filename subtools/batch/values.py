"""What a batch is made of: jobs, their steps, and what became of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from subtools.aligners import AUTO
from subtools.core import PLAIN_RULES, Seconds
from subtools.models import BUNDLED
from subtools.talks import TextChoice

Plain = str | int | float | bool | None
_ADDRESS_DIGITS = 40  # of SHA-256 in hex: 160 bits, as git has; names stay short enough for Windows


@dataclass(frozen=True, slots=True)
class Device:
    """What heavy steps run on; it decides the last digits of a result, so it belongs to a job.

    Attributes:
        kind: ``cpu`` or ``cuda``.
        compute_type: CTranslate2's name for the kind of numbers: ``int8``, ``float16``.
        batch: Windows of sound worked through together; None: what suits a processor.
    """

    kind: str = "cpu"
    compute_type: str = "int8"
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One talk to be worked through.

    Attributes:
        name: Name of its folder in the library; unique in a batch.
        source: Path of a sound or video, or an address.
        part: Part of a video in parts.
        document: Its text; None: the site's, or what is recognised.
        language: ISO 639-1 code of the spoken language; None: that of text or sound.
        names: Who is who.
        glossary: Names and terms: the recogniser is told them where there is no document, and
            a cleaning looks for them.
        style: How subtitles look.
        outputs: Suffixes of what is written beside ``words.json``.
        aligner: What puts the document in time.
        model: Speech model of the recogniser.
        speakers: How many people speak; None: find out; 0: nobody is to look.
        topics: How many topics; None: find out; 0: nobody is to look.
        track: Audio track, from 1; None: the default one.
        offset: Seconds added to all times.
        partial: Whether text and sound may share only a small part.
        text: What the text is where there is no document.
        clean: Whether what may be written wrong is looked for, as ``subtools clean`` does.
        beam: Hypotheses the recogniser keeps; None: what is best.
        threads: Processor threads of a step.
        device: What its heavy steps run on.
        line: Where it stands in the manifest; None for the command line.
        said: Columns of its line that say something; all else holds for the whole batch.
    """

    name: str
    source: str
    part: int | None = None
    document: Path | None = None
    language: str | None = None
    names: Path | None = None
    glossary: Path | None = None
    style: str = PLAIN_RULES.name
    outputs: tuple[str, ...] = (".srt", ".vtt", ".chapters.vtt", ".html")
    aligner: str = AUTO
    model: str = BUNDLED
    speakers: int | None = None
    topics: int | None = None
    track: int | None = None
    offset: Seconds = 0.0
    partial: bool = False
    text: TextChoice | None = None
    clean: bool = False
    beam: int | None = None
    threads: int = 1
    device: Device = Device()
    line: int | None = None
    said: tuple[str, ...] = ()


class Kind(StrEnum):
    """The kinds of steps, in the order of the flow."""

    FETCH = "fetch"
    DECODE = "decode"
    ENCODE = "encode"  # sound to posteriors of phones
    SITE = "site"  # whether a text of the site is what is said
    RECOGNISE = "recognise"
    ALIGN = "align"
    DIARIZE = "diarize"
    NAME = "name"
    TOPICS = "topics"
    CLEAN = "clean"
    OUTPUTS = "outputs"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job; two of the same address give the same result.

    Attributes:
        kind: What is done.
        settings: All that decides the result besides ``inputs``: settings, hashes of files,
            versions (under ``version NAME``).
        inputs: Addresses of the steps whose results it takes, by what they are to it.
        files: Files it reads, by what they are to it; their hashes are in ``settings``.
        address: Where its result is kept: a hash of all that decides it.
    """

    kind: Kind
    settings: Mapping[str, Plain] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    address: str = field(init=False, repr=False, compare=False, default="")

    def __post_init__(self) -> None:
        deciding = [self.kind.value, dict(self.settings), dict(self.inputs)]
        text = json.dumps(deciding, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        address = hashlib.sha256(text.encode()).hexdigest()[:_ADDRESS_DIGITS]
        object.__setattr__(self, "address", address)


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of one job, each after those whose results it takes; the last one is the goal."""

    job: Job
    steps: tuple[Step, ...]

    @property
    def goal(self) -> Step:
        """The step whose result is the job's."""
        return self.steps[-1]


@dataclass(frozen=True, slots=True)
class Done:
    """A step's result.

    Attributes:
        folder: Where its files are.
        files: SHA-256 of each file by its name.
        facts: Small facts that other steps, and the engine, go by: ``samples``.
    """

    folder: Path
    files: Mapping[str, str]
    facts: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a step came to nothing.

    Attributes:
        kind: The step; None: the job could not even be planned.
        error: What went wrong and what to do, in words.
        may_pass: Whether the same may go well at another time.
        is_poison: Whether the process that did it died of it, each time.
        is_full: Whether the disk was full: no fault of the job.
    """

    kind: Kind | None
    error: str
    may_pass: bool = False
    is_poison: bool = False
    is_full: bool = False


class State(StrEnum):
    """What became of a job."""

    DONE = "done"
    FAILED = "failed"
    POISONED = "poisoned"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of a talk's text came out.

    Attributes:
        words: Words of it.
        untimed: Words without a time: they are in no subtitle.
        findings: Places where text and sound do not agree, or that somebody should look at.
    """

    words: int = 0
    untimed: int = 0
    findings: int = 0


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a job.

    Attributes:
        job: The job.
        state: What became of it.
        failure: Why it is not done, if it failed.
        folder: Where its results are, if it is done.
        files: SHA-256 of each result by its name.
        seconds: Length of its sound, if known.
        counts: How much of its text came out; None where it is not done, or was done by a
            version that did not count.
        made: How many of its steps this run made, and how many it found made.
        found: See ``made``.
    """

    job: Job
    state: State
    failure: Failure | None = None
    folder: Path | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    seconds: Seconds | None = None
    counts: Counts | None = None
    made: int = 0
    found: int = 0
